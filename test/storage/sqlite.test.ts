import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import { DataDirError } from "../../src/storage/data-dir.ts";
import { openDatabase } from "../../src/storage/sqlite.ts";
import { sqliteJobs } from "../../src/storage/sqlite-jobs.ts";
import { sqliteQuota } from "../../src/storage/sqlite-quota.ts";
import { aDirectory, aJob } from "../builders.ts";
import { jobStoreContract } from "../contract/job-store.ts";
import { quotaStoreContract } from "../contract/quota-store.ts";

function aDatabase(directory = aDirectory()) {
  const database = openDatabase(directory);
  onTestFinished(() => {
    try {
      database.close();
    } catch {
      // The test has closed it itself.
    }
  });
  return database;
}

jobStoreContract("SQLite", () => sqliteJobs(aDatabase()));
quotaStoreContract("SQLite", () => sqliteQuota(aDatabase()));

describe("the embedded database", () => {
  test("still has its jobs after it was closed and opened again", async () => {
    const directory = aDirectory();
    const job = aJob();
    const database = aDatabase(directory);
    await sqliteJobs(database).insert(job, 1);
    database.close();
    expect(await sqliteJobs(aDatabase(directory)).find(job.code)).toEqual(job);
  });

  test("makes the directory that it lives in", () => {
    expect(() => aDatabase(join(aDirectory(), "deeply", "nested"))).not.toThrow();
  });

  test("refuses a file from a newer version and leaves it as it is", () => {
    const directory = aDirectory();
    aDatabase(directory).close();
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
    const database = aDatabase(directory);
    const jobs = sqliteJobs(database);
    for (let n = 0; n < 200; n++) await jobs.insert(aJob(), 1);
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
    aDatabase(directory);
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
    const database = aDatabase();
    const jobs = sqliteJobs(database);
    const [good, bad] = [aJob(), aJob()];
    const results = await Promise.allSettled([
      jobs.insert(good, 1),
      database.write(() => {
        throw new Error("a bug");
      }),
      jobs.insert(bad, 1),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await jobs.find(bad.code)).toBeDefined();
  });

  test("undoes all of a write that fails half-way", async () => {
    const database = aDatabase();
    const jobs = sqliteJobs(database);
    const job = aJob();
    await jobs.insert(job, 1);
    const results = await Promise.allSettled([
      jobs.update(job.code, { attempts: 1 }),
      database.write(() => {
        database.statement("UPDATE jobs SET attempts = 9, private = 1").run();
        throw new Error("a bug after the first statement");
      }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(await jobs.find(job.code)).toMatchObject({ attempts: 1, private: false });
  });

  test("turns a full disk into an expected failure that undoes the write", async () => {
    const database = aDatabase();
    const jobs = sqliteJobs(database);
    await jobs.insert(aJob(), 1);
    const pages = Number(database.statement("PRAGMA page_count").get()?.["page_count"]);
    database.statement(`PRAGMA max_page_count = ${pages}`).get();
    const big = aJob({ request: { prompt: "x".repeat(100_000) } });
    await expect(jobs.insert(big, 1)).rejects.toMatchObject({
      code: "storage-failed",
      details: { problem: "full" },
    });
    expect(await jobs.find(big.code)).toBeUndefined();
    database.statement("PRAGMA max_page_count = 1000000").get();
    await expect(jobs.insert(big, 1)).resolves.toMatchObject({ created: true });
  });
});
