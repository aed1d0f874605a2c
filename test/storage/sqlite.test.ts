import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import type { QuotaCharge } from "../../core/quota.ts";
import { DataDirError } from "../../src/storage/data-dir.ts";
import { type FileDatabase as Database, openDatabase } from "../../src/storage/sqlite.ts";
import { aDirectory, aJob, store } from "../builders.ts";
import { archiveContract } from "../contract/archive.ts";
import { ledgerContract } from "../contract/ledger.ts";
import { linkStoreContract } from "../contract/link-store.ts";
import { presetPicturesContract, presetStoreContract } from "../contract/preset-store.ts";
import { quotaStoreContract } from "../contract/quota-store.ts";
import { openStores } from "../fakes/studio.ts";

/** Stores in a database that is closed with the test. */
function someStores(directory = aDirectory()) {
  const stores = openStores(directory);
  onTestFinished(() => {
    try {
      stores.database.close();
    } catch {
      // The test has closed it itself.
    }
  });
  return stores;
}

ledgerContract("SQLite", someStores);
archiveContract("SQLite", someStores);
quotaStoreContract("SQLite", someStores);
presetStoreContract("SQLite", () => someStores().presets);
presetPicturesContract("SQLite", someStores);
linkStoreContract("SQLite", () => someStores().links);

describe("the embedded database", () => {
  test("still has its jobs after it was closed and opened again", async () => {
    const directory = aDirectory();
    const job = aJob();
    const { database, ledger } = someStores(directory);
    await store(job, ledger);
    database.close();
    expect(await someStores(directory).archive.find(job.code)).toEqual(job);
  });

  test("makes the directory that it lives in", () => {
    expect(() => someStores(join(aDirectory(), "deeply", "nested"))).not.toThrow();
  });

  test("refuses a file from a newer version and leaves it as it is", () => {
    const directory = aDirectory();
    someStores(directory).database.close();
    const file = join(directory, "drawbridge.db");
    const newer = new DatabaseSync(file);
    newer.exec("PRAGMA user_version = 99");
    newer.close();
    const before = readFileSync(file);
    expect(() => openDatabase(directory)).toThrow(/newer version of Drawbridge \(format 99/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test.each([
    ["that is no database at all", Buffer.from("hello, this is not a database".repeat(100))],
    ["whose middle was overwritten", "overwrite"],
  ])("says what to do about a file %s, and leaves it as it is", async (_, damage) => {
    const directory = aDirectory();
    const { database, ledger } = someStores(directory);
    for (let n = 0; n < 200; n++) await store(aJob(), ledger);
    database.close();
    const file = join(directory, "drawbridge.db");
    const bytes = readFileSync(file);
    const damaged = damage instanceof Buffer ? damage : bytes.fill(0xa5, 5000, bytes.length - 5000);
    writeFileSync(file, damaged);
    expect(() => openDatabase(directory)).toThrow(DataDirError);
    expect(() => openDatabase(directory)).toThrow(/Restore it from a backup, or move it away/);
    expect(readFileSync(file).equals(damaged)).toBe(true);
  });

  test("refuses a directory that another process uses", () => {
    const directory = aDirectory();
    someStores(directory);
    expect(() => openDatabase(directory)).toThrow(/Another Drawbridge is using/);
  });

  test("says so when its directory is a file", () => {
    const file = join(aDirectory(), "file");
    writeFileSync(file, "");
    expect(() => openDatabase(file)).toThrow(/Set DATA_DIR/);
  });

  test.skipIf(process.getuid?.() === 0)("says so when it may not write (root always may)", () => {
    const directory = aDirectory();
    chmodSync(directory, 0o500);
    expect(() => openDatabase(directory)).toThrow(/cannot be written to/);
  });

  test("lets one write fail alone among those of the same moment", async () => {
    const { database, ledger, archive } = someStores();
    const [first, last] = [aJob(), aJob()];
    const results = await Promise.allSettled([
      ledger.accept(first, [], 1),
      database.write(() => {
        throw new Error("a bug");
      }),
      ledger.accept(last, [], 1),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await archive.find(first.code)).toBeDefined();
    expect(await archive.find(last.code)).toBeDefined();
  });

  test("undoes all of a write that fails half-way", async () => {
    const { database, ledger, archive } = someStores();
    const job = await store(aJob(), ledger);
    const remotes = { 1: "task" };
    const results = await Promise.allSettled([
      ledger.note(job.code, { remotes }),
      database.write(() => {
        database.statement("UPDATE ledger SET remotes = '{}', private = 1").run();
        throw new Error("a bug after the first statement");
      }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(await archive.find(job.code)).toEqual({ ...job, remotes });
  });

  test("turns a full disk into an expected failure that undoes the write", async () => {
    const { database, ledger, archive, quota } = someStores();
    await store(aJob(), ledger);
    const fill = fillUp(database);
    const brief = { ...aJob().brief, words: "x".repeat(100_000) };
    const big = aJob({ brief });
    await expect(ledger.accept(big, [aCharge(1)], 1)).rejects.toMatchObject(fullDisk);
    expect(await archive.find(big.code)).toBeUndefined();
    expect(await quota.used("a", "day", 0)).toBe(0);
    fill.empty();
    await expect(ledger.accept(big, [aCharge(1)], 1)).resolves.toEqual({ outcome: "accepted" });
    expect(await quota.used("a", "day", 0)).toBe(1);
  });

  test("gives nothing back for a record that does not fit, and leaves its promise", async () => {
    const { database, ledger, archive, quota } = someStores();
    const job = aJob();
    await ledger.accept(job, [aCharge(3)], 1);
    const fill = fillUp(database);
    const notices = [{ code: "unknown-flag", flag: "x".repeat(100_000) }] as const;
    const big = { ...job, state: "done", finishedAt: 1, notices } as const;
    await expect(ledger.settle(big, [aCharge(2)])).rejects.toMatchObject(fullDisk);
    expect(await archive.find(job.code)).toEqual(job);
    expect(await ledger.open()).toEqual([job]);
    expect(await quota.used("a", "day", 0)).toBe(3);
    fill.empty();
    await ledger.settle(big, [aCharge(2)]);
    expect(await archive.find(job.code)).toEqual(big);
    expect(await quota.used("a", "day", 0)).toBe(1);
  });
});

test.each([
  "code = 'zi-0000000000'",
  "requester = 'http:test' AND key = 'k' AND created_at > 0",
  "code IN (SELECT code FROM archive WHERE finished_at > 0 AND fingerprint = 'f') ORDER BY created_at",
  "requester = 'http:test' AND created_at < 9 ORDER BY created_at DESC LIMIT 20",
  "code IN (SELECT code FROM ledger) ORDER BY created_at",
])("looking for jobs by an index takes no longer the more there are: %s", (clause) => {
  const { database } = someStores();
  const plan = database.statement(`EXPLAIN QUERY PLAN SELECT * FROM jobs WHERE ${clause}`).all();
  const steps = plan.map(({ detail }) => String(detail));
  expect(steps).toContainEqual(expect.stringMatching(/^SEARCH archive USING INDEX/));
  // Neither reads all of it, nor gathers all that it finds before it sorts or counts.
  expect(steps.filter((step) => /^SCAN (archive|jobs)|CO-ROUTINE/.test(step))).toEqual([]);
});

const fullDisk = { code: "storage-failed", details: { problem: "full" } };

function aCharge(count: number): QuotaCharge {
  return { requester: "a", window: "day", since: 0, count, limit: 10 };
}

/** Leaves no room for another page until it is emptied. */
function fillUp(database: Database) {
  const pages = Number(database.statement("PRAGMA page_count").get()?.["page_count"]);
  database.statement(`PRAGMA max_page_count = ${pages}`).get();
  return { empty: () => void database.statement("PRAGMA max_page_count = 1000000").get() };
}
