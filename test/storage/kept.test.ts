import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { keptIn } from "../../src/storage/kept.ts";

const aDirectory = () => mkdtempSync(join(tmpdir(), "drawbridge-kept-"));

test("what is written is read at once, and is in a file of its name", () => {
  const directory = aDirectory();
  const kept = keptIn(directory)("small.json");
  expect(kept.read()).toBeUndefined();
  kept.write({ a: 1 });
  expect(kept.read()).toEqual({ a: 1 });
  kept.write({ a: 2 });
  expect(kept.read()).toEqual({ a: 2 });
  expect(JSON.parse(readFileSync(join(directory, "small.json"), "utf8"))).toEqual({ a: 2 });
});

test("what another process writes is seen within a while, and a file that is no JSON counts as none", async () => {
  const directory = aDirectory();
  const kept = keptIn(directory)("small.json");
  kept.write({ a: 1 });
  expect(kept.read()).toEqual({ a: 1 });
  writeFileSync(join(directory, "small.json"), '{"a":3}');
  await expect.poll(() => kept.read()).toEqual({ a: 3 });
  writeFileSync(join(directory, "small.json"), "{");
  await expect.poll(() => kept.read()).toBeUndefined();
});
