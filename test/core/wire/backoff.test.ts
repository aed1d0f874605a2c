import { describe, expect, test } from "vitest";
import { backoffMs } from "../../../core/wire/backoff.ts";

const pauses = { firstMs: 500, longestMs: 30_000 };

describe("A back-off", () => {
  test("doubles from the first pause to the longest", () => {
    const waits = [1, 2, 3, 6, 7, 8].map((failures) => backoffMs(failures, pauses));
    expect(waits).toEqual([500, 1_000, 2_000, 16_000, 30_000, 30_000]);
  });

  test("stays at the longest pause after any number of failures", () => {
    expect(backoffMs(100_000, pauses)).toBe(30_000);
  });

  test.each([
    [0, 1_000],
    [0.5, 2_000],
    [1, 3_000],
  ])("spreads the third pause with a random number of %d to %d ms", (random, expected) => {
    expect(backoffMs(3, { ...pauses, random: () => random })).toBe(expected);
  });

  test("is never longer than the longest pause, however it is spread", () => {
    expect(backoffMs(7, { ...pauses, random: () => 1 })).toBe(30_000);
  });
});
