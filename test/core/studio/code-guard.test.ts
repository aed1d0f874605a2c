import { describe, expect, test } from "vitest";
import { CodeGuard } from "../../../core/studio/code-guard.ts";

function aClock() {
  let time = 1_000_000;
  return { now: () => time, pass: (ms: number) => void (time += ms) };
}

function fail(lookups: CodeGuard, viewer: string, times: number): void {
  for (let n = 0; n < times; n++) lookups.record(viewer);
}

describe("failed look-ups", () => {
  test("are allowed ten times a minute, then the viewer waits out the rest of the minute", () => {
    const clock = aClock();
    const lookups = new CodeGuard(clock.now);
    fail(lookups, "eve", 9);
    clock.pass(20_000);
    expect(() => lookups.check("eve")).not.toThrow();
    fail(lookups, "eve", 1);
    expect(() => lookups.check("eve")).toThrow(
      expect.objectContaining({ code: "too-many-lookups", details: { retryAfterMs: 40_000 } }),
    );
    clock.pass(39_999);
    expect(() => lookups.check("eve")).toThrow();
    clock.pass(1);
    expect(() => lookups.check("eve")).not.toThrow();
  });

  test("of one viewer make no other wait", () => {
    const lookups = new CodeGuard(aClock().now);
    fail(lookups, "eve", 100);
    expect(() => lookups.check("anna")).not.toThrow();
  });

  test("begin to count anew after the wait", () => {
    const clock = aClock();
    const lookups = new CodeGuard(clock.now);
    fail(lookups, "eve", 10);
    clock.pass(60_000);
    fail(lookups, "eve", 9);
    expect(() => lookups.check("eve")).not.toThrow();
    fail(lookups, "eve", 1);
    expect(() => lookups.check("eve")).toThrow();
  });

  test("are still counted when crowds of other viewers fail", () => {
    const clock = aClock();
    const lookups = new CodeGuard(clock.now);
    fail(lookups, "eve", 10);
    clock.pass(30_000);
    for (let n = 0; n < 12_000; n++) lookups.record(`viewer ${n}`);
    expect(() => lookups.check("eve")).toThrow();
    clock.pass(30_000);
    for (let n = 0; n < 12_000; n++) lookups.record(`later viewer ${n}`);
    expect(() => lookups.check("eve")).not.toThrow();
  });
});
