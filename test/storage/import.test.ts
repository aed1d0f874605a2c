import { describe, expect, onTestFinished, test } from "vitest";
import { importRows } from "../../src/import-sqlite.ts";
import { sqliteSettings } from "../../src/storage/sqlite-people.ts";
import { sqlitePlatformFiles } from "../../src/storage/sqlite-archive.ts";
import { postgresSettings } from "../../src/storage/postgres-people.ts";
import { postgresPlatformFiles } from "../../src/storage/postgres-archive.ts";
import { aDirectory, aJob, aPicture, store } from "../builders.ts";
import { aCluster, emptyStores } from "../fakes/postgres.ts";
import { openStores } from "../fakes/studio.ts";

const cluster = aCluster();

/** A small installation in which something of everything is kept. */
async function anInstallation() {
  const stores = openStores(aDirectory());
  onTestFinished(() => stores.database.close());
  const { ledger, database } = stores;
  const delivery = { door: "telegram", place: { chat: 1 }, state: "open", sends: {} } as const;
  const words = "一只猫 \u0000 🐈‍⬛";
  const brief = { ...aJob().brief, words };
  const picture = aPicture();
  const jobs = [
    await store(aJob({ brief, key: "k\u0000" }), ledger),
    await store(aJob({ state: "done", finishedAt: 5, pictures: [picture] }), ledger),
    await store(aJob({ state: "done", finishedAt: 6, delivery }), ledger),
  ];
  const charge = { requester: "http:test", window: "day", since: 0, count: 3, limit: 9 } as const;
  jobs.push(aJob({ createdAt: 2_000_000 }));
  await ledger.accept(jobs[3]!, [charge], 1e9);
  await sqliteSettings(database).set("telegram:1", { ratio: "16:9" });
  await sqlitePlatformFiles(database).keep(picture.id, "telegram:1:photo", "file");
  return { ...stores, jobs, picture };
}

describe("Moving to Postgres", () => {
  test("brings everything over, also when it is done twice", async () => {
    const old = await anInstallation();
    const { database, archive, ledger, quota } = await emptyStores(cluster.url);
    for (let time = 0; time < 2; time++) await importRows(old.database, database, () => undefined);
    for (const job of old.jobs) expect(await archive.find(job.code)).toEqual(job);
    expect(await ledger.open()).toEqual(await old.ledger.open());
    expect(await quota.used("http:test", "day", 0)).toBe(3);
    expect(await postgresSettings(database).get("telegram:1")).toEqual({ ratio: "16:9" });
    const files = postgresPlatformFiles(database);
    expect(await files.find(old.picture.id, "telegram:1:photo")).toBe("file");
  });

  test("says so where something else is in the place of what it brings", async () => {
    const old = await anInstallation();
    const { database, ledger } = await emptyStores(cluster.url);
    await store({ ...old.jobs[0]!, fingerprint: "another" }, ledger);
    await expect(importRows(old.database, database, () => undefined)).rejects.toThrow(
      /1 of 3 rows of ledger are not there/,
    );
  });
});
