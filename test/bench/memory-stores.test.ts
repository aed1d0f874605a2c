import { expect, test } from "vitest";
import * as archive from "../../src/storage/sqlite-archive.ts";
import * as ledger from "../../src/storage/sqlite-ledger.ts";
import * as inMemory from "./memory-stores.ts";

test("the benchmark's stores in memory have all that the ones on disk give to others", () => {
  expect(Object.keys(inMemory)).toEqual(
    expect.arrayContaining([...Object.keys(archive), ...Object.keys(ledger)]),
  );
});
