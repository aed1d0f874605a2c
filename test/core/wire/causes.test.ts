import { describe, expect, test } from "vitest";
import { causesOf } from "../../../core/wire/causes.ts";

describe("causesOf", () => {
  test("finds an error, its causes and the parts of what holds several", () => {
    const [first, second] = [new Error("first"), new TypeError("second")];
    const both = new AggregateError([first, second]);
    const error = new Error("failed", { cause: both });
    expect(causesOf(error)).toEqual([error, both, first, second]);
  });

  test("ends where errors cause each other, and leaves out what is no error", () => {
    const error = new Error("a");
    error.cause = new Error("b", { cause: error });
    expect(causesOf(error)).toHaveLength(2);
    expect(causesOf(new Error("a", { cause: "a string" }))).toHaveLength(1);
    expect(causesOf("a string")).toEqual([]);
  });
});
