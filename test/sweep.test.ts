import { describe, expect, onTestFinished, test } from "vitest";
import type { ImageStore } from "../core/images.ts";
import type { Job } from "../core/job.ts";
import { packJob } from "../src/storage/record.ts";
import type { Database } from "../src/storage/database.ts";
import { type SweepOptions, sweepPictures } from "../src/sweep.ts";
import { aDirectory, aJob, aPicture, silentLog, store } from "./builders.ts";
import { openStores } from "./fakes/studio.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** Hashes and when they were put. */
function listedImages() {
  const putAt = new Map<string, number>();
  const images: ImageStore = {
    check: async () => undefined,
    put: () => Promise.reject(new Error("a sweep puts nothing")),
    read: async () => undefined,
    open: async () => undefined,
    putForm: () => Promise.reject(new Error("a sweep makes nothing")),
    async remove(hashes) {
      for (const hash of hashes) putAt.delete(hash);
    },
    putBefore: async (time) => [...putAt].filter(([, at]) => at < time).map(([hash]) => hash),
  };
  return { images, putAt };
}

/** An installation with pictures of 10 bytes; its clock runs with the pictures' ages, which are real. */
function anInstallation() {
  const { database, ledger, archive, pictures } = openStores(aDirectory());
  onTestFinished(() => database.close());
  const { images, putAt } = listedImages();

  /** Keeps a picture for each of these hashes, all of one job. */
  async function keep(hashes: readonly string[], age = 0, job: Partial<Job> = {}): Promise<Job> {
    const own = hashes.map((hash, index) => aPicture({ number: index + 1, hash, bytes: 10 }));
    const kept = aJob({ state: "done", finishedAt: 1, pictures: own, ...job });
    await store(kept, ledger);
    for (const hash of hashes) putAt.set(hash, Date.now() - age);
    const change = "UPDATE pictures SET created_at = created_at - ? WHERE job = ?";
    await database.write(() => void database.statement(change).run(age, kept.code));
    return kept;
  }

  const sweep = (limits: Partial<SweepOptions> = {}) =>
    sweepPictures({
      pictures,
      images,
      retentionDays: 0,
      maxBytes: 0,
      now: Date.now,
      log: silentLog,
      ...limits,
    });
  const left = () => [...putAt.keys()].toSorted();
  return { database, archive, images, putAt, keep, sweep, left };
}

describe("a sweep", () => {
  test("erases pictures that are older than they may become, and keeps their recipes", async () => {
    const { keep, sweep, left, archive } = anInstallation();
    const old = await keep(["old"], 8 * dayMs);
    await keep(["young"], 6 * dayMs);
    await sweep({ retentionDays: 7 });
    expect(left()).toEqual(["young"]);
    expect(await archive.find(old.code)).toMatchObject({ state: "done", pictures: [] });
  });

  test("erases nothing without limits", async () => {
    const { keep, sweep, left } = anInstallation();
    await keep(["ancient"], 10_000 * dayMs);
    await sweep();
    expect(left()).toEqual(["ancient"]);
  });

  test("erases the oldest until the rest fits, and no more", async () => {
    const { keep, sweep, left } = anInstallation();
    for (let n = 0; n < 9; n++) await keep([`hash ${n}`], (9 - n) * hourMs);
    await sweep({ maxBytes: 40 });
    expect(left()).toEqual(["hash 5", "hash 6", "hash 7", "hash 8"]);
    await sweep({ maxBytes: 39 });
    expect(left()).toEqual(["hash 6", "hash 7", "hash 8"]);
    await sweep({ maxBytes: 30 });
    expect(left()).toHaveLength(3);
  });

  test("counts what was sent to be edited, and erases it with the pictures that were made of it", async () => {
    const { keep, sweep, left, putAt } = anInstallation();
    const sent = [{ hash: "sent", bytes: 30 }];
    await keep(["edited"], 2 * hourMs, { sent });
    putAt.set("sent", Date.now() - 2 * hourMs);
    await keep(["young"], hourMs);
    await sweep({ maxBytes: 50 });
    expect(left()).toEqual(["edited", "sent", "young"]);
    await sweep({ maxBytes: 49 });
    expect(left()).toEqual(["young"]);
  });

  test("erases all pictures of a job together", async () => {
    const { keep, sweep, left } = anInstallation();
    await keep(["a1", "a2", "a3"], 2 * hourMs);
    await keep(["b"], hourMs);
    await sweep({ maxBytes: 30 });
    expect(left()).toEqual(["b"]);
  });

  test.each(["queued", "running"] as const)(
    "never erases pictures of a job that is %s",
    async (state) => {
      const { keep, sweep, left } = anInstallation();
      await keep(["unfinished"], 100 * dayMs, { state, finishedAt: null });
      await keep(["finished"], 50 * dayMs);
      await sweep({ retentionDays: 1, maxBytes: 1 });
      expect(left()).toEqual(["unfinished"]);
    },
  );

  test("keeps bytes that a younger picture shares, and counts them once", async () => {
    const { keep, sweep, left } = anInstallation();
    await keep(["shared", "old"], 3 * hourMs);
    await keep(["shared"], 2 * hourMs);
    await keep(["shared", "new"], hourMs);
    await sweep({ maxBytes: 20 });
    expect(left()).toEqual(["new", "shared"]);
    await sweep({ maxBytes: 10 });
    expect(left()).toEqual([]);
  });

  test("erases files that no job points to once they are old", async () => {
    const { keep, sweep, left, putAt } = anInstallation();
    await keep(["kept"], 5 * hourMs);
    putAt.set("orphan", Date.now() - 2 * hourMs);
    putAt.set("just put", Date.now() - hourMs / 2);
    await sweep();
    expect(left()).toEqual(["just put", "kept"]);
  });

  test("keeps answering others while it works through 20,000 pictures", async () => {
    const { database, sweep, putAt } = anInstallation();
    const count = 20_000;
    await database.write(() => addMany(database, count));
    for (let n = 0; n < count; n++) putAt.set(`hash ${n}`, 0);
    const delays = watchDelays();
    await sweep({ maxBytes: 10 * 100 });
    expect(putAt.size).toBe(100);
    expect(Math.max(...delays.stop())).toBeLessThan(1000);
  });
});

/** Finished jobs with a picture each, without the cost of storing them one by one. */
function addMany(database: Database, count: number): void {
  const numbers = `WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < ${count - 1})`;
  const run = (sql: string, ...values: string[]) => void database.run(`${numbers} ${sql}`, values);
  run(
    `INSERT INTO archive (code, requester, fingerprint, state, private, created_at, finished_at, record)
     SELECT 'job ' || n, 'http:test', 'f' || n, 'done', 0, n, n,
       json_set(?, '$.pictures[0].id', 'id ' || n, '$.pictures[0].hash', 'hash ' || n) FROM n`,
    packJob(aJob({ state: "done", finishedAt: 1, pictures: [aPicture({ bytes: 10 })] })),
  );
  run(
    `INSERT INTO pictures (id, job, hash, bytes, created_at)
     SELECT 'id ' || n, 'job ' || n, 'hash ' || n, 10, n FROM n`,
  );
}

/** How long each turn of the event loop takes, in milliseconds. */
function watchDelays() {
  const delays: number[] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    delays.push(performance.now() - last);
    last = performance.now();
  }, 1);
  return {
    stop() {
      clearInterval(timer);
      return delays;
    },
  };
}
