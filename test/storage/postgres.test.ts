import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ImageError } from "../../core/errors.ts";
import { PromiseLost } from "../../core/ledger.ts";
import { DataDirError } from "../../src/storage/data-dir.ts";
import { openPostgres, type Postgres } from "../../src/storage/postgres.ts";
import {
  postgresLinks,
  postgresPresets,
  postgresSettings,
} from "../../src/storage/postgres-people.ts";
import { postgresPlatformFiles } from "../../src/storage/postgres-archive.ts";
import { postgresLedger } from "../../src/storage/postgres-ledger.ts";
import { aJob, aPicture } from "../builders.ts";
import { archiveContract } from "../contract/archive.ts";
import { ledgerContract } from "../contract/ledger.ts";
import { linkStoreContract } from "../contract/link-store.ts";
import { presetPicturesContract, presetStoreContract } from "../contract/preset-store.ts";
import { platformFilesContract } from "../contract/platform-files.ts";
import { quotaStoreContract } from "../contract/quota-store.ts";
import { settingsContract } from "../contract/settings.ts";
import { aCluster, emptyStores, postgresStores } from "../fakes/postgres.ts";

const cluster = aCluster();
const someStores = () => emptyStores(cluster.url);

ledgerContract("Postgres", someStores);
archiveContract("Postgres", someStores);
quotaStoreContract("Postgres", someStores);
settingsContract("Postgres", async () => postgresSettings((await someStores()).database));
linkStoreContract("Postgres", async () => postgresLinks((await someStores()).database));
presetStoreContract("Postgres", async () => postgresPresets((await someStores()).database));
presetPicturesContract("Postgres", async () => {
  const stores = await someStores();
  return { ...stores, presets: postgresPresets(stores.database) };
});
platformFilesContract("Postgres", async () => {
  const stores = await someStores();
  return { ...stores, files: postgresPlatformFiles(stores.database) };
});

describe("Postgres", () => {
  test("is made ready by whoever comes first, while the others wait for it", async () => {
    const { database } = await someStores();
    await database.run("DROP SCHEMA public CASCADE");
    await database.run("CREATE SCHEMA public");
    const all = await Promise.all([1, 2, 3, 4].map(() => openPostgres({ url: cluster.url })));
    expect(await all[0]?.all("SELECT version FROM drawbridge")).toEqual([{ version: 2 }]);
    await Promise.all(all.map((one) => one.close()));
  });

  test("of a build before the first release gets what it lacks, and keeps what it has", async () => {
    const { database, ledger } = await someStores();
    const job = aJob({ sent: [{ hash: "ab".repeat(32), bytes: 7 }] });
    await ledger.accept(job, [], 1e9);
    for (const sql of [
      "DROP INDEX ledger_in_line",
      "ALTER TABLE ledger DROP COLUMN turned",
      "CREATE INDEX ledger_in_line ON ledger (provider, start) WHERE NOT settled AND holder IS NULL",
      "ALTER TABLE sources DROP COLUMN bytes",
      "ALTER TABLE members SET LOGGED",
      "ALTER TABLE processes DROP COLUMN works",
      "UPDATE drawbridge SET version = 1",
    ])
      await database.run(sql);
    await (await openPostgres({ url: cluster.url, connections: 1 })).close();
    expect(await ledger.open()).toEqual([job]);
    expect(await database.all("SELECT job, bytes FROM sources")).toEqual([
      { job: job.code, bytes: 0 },
    ]);
    const another = aJob();
    await ledger.accept(another, [], 1e9);
    expect(await database.all("SELECT code FROM ledger WHERE NOT turned")).toHaveLength(2);
  });

  test("is brought to a newer version without a wait for those who read, also while somebody reads for long", async () => {
    const { database } = await someStores();
    await database.run("UPDATE drawbridge SET version = 1");
    const reader = await database.session();
    onTestFinished(() => reader.end());
    await reader.query("SET idle_in_transaction_session_timeout = 0; BEGIN; SELECT 1 FROM ledger");
    const opening = openPostgres({ url: cluster.url, connections: 1 });
    const waits = async () =>
      expect(
        await database.all("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'relation'"),
      ).not.toEqual([]);
    await vi.waitFor(waits, { timeout: 60_000, interval: 5 });
    // Without the reader's end this would wait forever.
    expect(await database.all("SELECT 1 FROM ledger")).toEqual([]);
    await reader.query("COMMIT");
    await (await opening).close();
    expect(await database.all("SELECT version FROM drawbridge")).toEqual([{ version: 2 }]);
  });

  test("is left as it is where a newer version has been there", async () => {
    const { database } = await someStores();
    await database.run("UPDATE drawbridge SET version = 99");
    await expect(openPostgres({ url: cluster.url })).rejects.toThrow(
      /newer version of Drawbridge \(format 99/,
    );
    await database.run("UPDATE drawbridge SET version = 2");
  });

  test("says what to do where it is not there, without the password", async () => {
    const url = "postgres://me:hush@127.0.0.1:1/none";
    const refused = await openPostgres({ url }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DataDirError);
    expect((refused as Error).message).toMatch(/127\.0\.0\.1:1\/none .* set DATABASE_URL/s);
    expect((refused as Error).message).not.toContain("hush");
  });

  test("takes requesters and keys of every kind", async () => {
    const { ledger, archive } = await someStores();
    const job = aJob({ requester: { id: 'http:a\u0000"\ud800\\' }, key: "k\u0000\ud800" });
    await ledger.accept(job, [], 1e9);
    expect(await archive.find(job.code)).toEqual(job);
    expect(await archive.findByKey(job.requester.id, job.key!, 0)).toEqual(job);
    expect(await archive.history('http:a\u0000"\ud800\\', { limit: 9 })).toEqual([job]);
  });
});

describe("A worker that has lost its job to another", () => {
  test.each(["promised", "settled"])("changes nothing of it that is %s", async (how) => {
    const { database, ledger, archive, pictures, quota } = await someStores();
    const [first, second] = ["first", "second"].map(
      (holder) => postgresStores(database, { holderOf: () => holder }).ledger,
    );
    const job = aJob();
    const charge = { requester: "http:test", window: "day", since: 0, count: 2, limit: 9 } as const;
    await ledger.accept(job, [charge], 1e9);
    await database.run("UPDATE ledger SET holder = 'second'");
    const done = { ...job, state: "done", finishedAt: 1 } as const;
    if (how === "settled") await second?.settle({ ...done, pictures: [aPicture({ id: "good" })] });
    const before = await archive.find(job.code);
    const late = [aPicture({ id: `late ${how}` })];
    const writes = [
      first!.note(job.code, { pictures: late, remotes: { 1: "x" } }),
      first!.settle({ ...done, pictures: late }, [charge]),
      first!.begin(job.code, {
        attempts: 1,
        startedAt: 1,
        recipe: {} as never,
        notices: [],
      }),
    ];
    for (const write of await Promise.allSettled(writes)) {
      expect(write).toMatchObject({ status: "rejected", reason: expect.any(PromiseLost) });
    }
    expect(await archive.find(job.code)).toEqual(before);
    expect(await pictures.find(`late ${how}`)).toBeUndefined();
    expect(await quota.used("http:test", "day", 0)).toBe(2);
  });
});

describe("A process that takes over what a dead one promised", () => {
  test("takes it over again where the database went before it was read", async () => {
    const { database } = await someStores();
    const job = aJob();
    const { door } = job.delivery;
    const [dead, heir] = ["dead", "heir"].map(
      (id) => postgresStores(database, { courier: { id, doors: [door] } }).ledger,
    );
    await dead!.accept(job, [], 1e9);
    await database.run("INSERT INTO processes (id, seen_at, works) VALUES ('heir', now(), false)");
    await database.run("ALTER VIEW jobs RENAME TO unreadable");
    await expect(heir!.open()).rejects.toThrow();
    await database.run("ALTER VIEW unreadable RENAME TO jobs");
    expect(await heir!.open()).toEqual([job]);
    await database.run("DELETE FROM processes WHERE id = 'heir'");
  });

  test("knows what it took where the answer to that was lost, and takes nothing else of its own", async () => {
    const { database } = await someStores();
    const [job, own] = [aJob(), aJob()];
    const { door } = job.delivery;
    let isLost = true;
    const losing: Pick<Postgres, "transaction"> = {
      async transaction(work) {
        const done = await database.transaction(work);
        if (isLost) throw new ImageError("storage-failed", { problem: "unreachable", paid: false });
        return done;
      },
    };
    const heir = postgresLedger(losing as Postgres, { courier: { id: "heir", doors: [door] } });
    await database.run("INSERT INTO processes (id, seen_at, works) VALUES ('heir', now(), false)");
    const dead = postgresLedger(database, { courier: { id: "dead", doors: [door] } });
    await dead.accept(job, [], 1e9);
    await expect(heir.open()).rejects.toMatchObject({ code: "storage-failed" });
    isLost = false;
    await heir.accept(own, [], 1e9);
    expect(await heir.open()).toEqual([job]);
    expect(await heir.open()).toEqual([]);
    await database.run("DELETE FROM processes WHERE id = 'heir'");
  });
});
