import { expect, test } from "vitest";
import { connectionsFor, openFilesCaution, openFilesLimit } from "../src/process.ts";

test.each([
  [64, 16],
  [256, 64],
  [1_024, 448],
  [1_048_576, 10_000],
  [undefined, 1_000],
])("of %s open files so many may be connections: %i", (openFiles, connections) => {
  expect(connectionsFor(openFiles)).toBe(connections);
});

test("a low limit of open files is spoken of, with what to do", () => {
  expect(openFilesCaution(1_024)).toMatch(/ulimit -n/);
  expect(openFilesCaution(4_096)).toBeUndefined();
  expect(openFilesCaution(undefined)).toBeUndefined();
});

test.runIf(process.platform === "linux")("the limit of open files is the system's own", () => {
  expect(openFilesLimit()).toBeGreaterThan(64);
});
