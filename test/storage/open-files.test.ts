import { copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { ImageError } from "../../core/errors.ts";
import { aDirectory, aJob, store } from "../builders.ts";
import { openStores } from "../fakes/studio.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

/** An open database with a job in it. */
async function inUse(directory = aDirectory()) {
  const stores = openStores(directory);
  onTestFinished(() => stores.database.close());
  await store(aJob(), stores.ledger);
  return { ...stores, directory, file: join(directory, "drawbridge.db") };
}

/** What becomes of a job a few seconds later. */
function accepting({ ledger }: Awaited<ReturnType<typeof inUse>>) {
  vi.advanceTimersByTime(3000);
  return ledger.accept(aJob(), [], 1000).catch((error: unknown) => error);
}

const accidents: Readonly<Record<string, (path: string) => void>> = {
  "was deleted": (path) => rmSync(path),
  "loses its newest writes": (path) => rmSync(`${path}-wal`),
  "loses what its readers share": (path) => rmSync(`${path}-shm`),
  "was replaced by another file": (path) => {
    copyFileSync(path, `${path}.copy`);
    renameSync(`${path}.copy`, path);
  },
  "was overwritten with another database": (path) => {
    const other = new DatabaseSync(`${path}.other`);
    other.exec("CREATE TABLE mine (a)");
    other.close();
    copyFileSync(`${path}.other`, path);
  },
  "was emptied": (path) => writeFileSync(path, ""),
  "has its newest writes emptied": (path) => truncateSync(`${path}-wal`),
  "has its newest writes cut short": (path) => truncateSync(`${path}-wal`, 1_000),
  "has its newest writes overwritten": (path) => writeFileSync(`${path}-wal`, "no writes"),
};

describe("an open database that", () => {
  test.each(Object.entries(accidents))("%s takes no new job", async (_, happens) => {
    const scene = await inUse();
    happens(scene.file);
    const refused = await accepting(scene);
    expect(refused).toBeInstanceOf(ImageError);
    expect(refused).toMatchObject({
      code: "storage-failed",
      details: { paid: false },
      message: expect.stringMatching(
        /^drawbridge\.db\S* was .* while it was in use\. Stop/,
      ) as string,
    });
  });

  test("has its newest writes brought to their place by others takes new jobs", async () => {
    const scene = await inUse();
    const other = new DatabaseSync(scene.file);
    other.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    other.close();
    expect(await accepting(scene)).toEqual({ outcome: "accepted" });
    expect(await accepting(scene)).toEqual({ outcome: "accepted" });
  });

  test("was overwritten with an earlier copy of itself takes no new job", async () => {
    const directory = aDirectory();
    const file = join(directory, "drawbridge.db");
    openStores(directory).database.close();
    copyFileSync(file, `${file}.copy`);
    const scene = await inUse(directory);
    copyFileSync(`${file}.copy`, file);
    expect(await accepting(scene)).toMatchObject({ code: "storage-failed" });
  });

  test("is left alone, or read and copied by others, takes new jobs", async () => {
    const scene = await inUse();
    expect(await accepting(scene)).toEqual({ outcome: "accepted" });
    const reader = new DatabaseSync(scene.file, { readOnly: true });
    reader.exec(`VACUUM INTO '${scene.file}.backup'`);
    reader.close();
    expect(await accepting(scene)).toEqual({ outcome: "accepted" });
  });

  test("comes back to its place takes new jobs again", async () => {
    const scene = await inUse();
    renameSync(scene.file, `${scene.file}.away`);
    expect(await accepting(scene)).toMatchObject({ code: "storage-failed" });
    renameSync(`${scene.file}.away`, scene.file);
    expect(await accepting(scene)).toEqual({ outcome: "accepted" });
  });

  test("is written to by another program lets the process go on, and takes its jobs after that", async () => {
    const { file, ledger } = await inUse();
    const other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE");
    const accepted = Array.from({ length: 5 }, () => ledger.accept(aJob(), [], 1000));
    const turns = Array.from({ length: 20 }, () => new Promise((resolve) => setImmediate(resolve)));
    expect(await Promise.race([Promise.all(turns), ...accepted])).toHaveLength(20);
    other.exec("ROLLBACK");
    other.close();
    expect(await Promise.all(accepted)).toEqual(Array(5).fill({ outcome: "accepted" }));
  });

  test("is held by another program for seconds takes no new job meanwhile", async () => {
    const scene = await inUse();
    const other = new DatabaseSync(scene.file);
    onTestFinished(() => other.close());
    other.exec("BEGIN IMMEDIATE");
    const refused = scene.ledger.accept(aJob(), [], 1000);
    await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(6000);
    await expect(refused).rejects.toMatchObject({
      code: "storage-failed",
      details: { paid: false },
    });
    other.exec("ROLLBACK");
    expect(await accepting(scene)).toEqual({ outcome: "accepted" });
  });
});
