import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Action, encodeAction, parseAction } from "../../bots/button-data.ts";
import { newCode } from "../../core/job.ts";

describe("A button's data", () => {
  test.each<Action>([
    { action: "again", code: newCode() },
    { action: "original", code: newCode(), picture: 10 },
    { action: "ratio", code: newCode(), argument: "16:9" },
    { action: "retry" },
    { action: "settings", argument: "own 7123456789 model Z-Image;x" },
  ])("comes back as it was: %j", (action) => {
    const data = encodeAction(action);
    expect(new TextEncoder().encode(data).length).toBeLessThanOrEqual(64);
    expect(parseAction(data)).toEqual(action);
  });

  test("is refused where it is longer than 64 bytes", () => {
    expect(() => encodeAction({ action: "settings", argument: "语".repeat(30) })).toThrow(
      RangeError,
    );
  });

  test.each([
    "",
    "again",
    "x;;",
    "toString;;",
    "a;zi-short;",
    "a;zi-UUUUUUUUUU;",
    "a;zi-7K3QF9X2WM.0;",
    "a".repeat(65),
  ])("is not read from %j", (data) => {
    expect(parseAction(data)).toBeUndefined();
  });

  test("is read from anything without throwing", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (data) => void parseAction(data)));
  });
});
