import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Job, Picture } from "../../core/job.ts";
import type { ImageRequest } from "../../core/request.ts";
import type { Deliverer } from "../../core/studio/outbox.ts";
import { DataDirError } from "../../src/storage/data-dir.ts";
import { migrations } from "../../src/storage/migrations.ts";
import { openDatabase } from "../../src/storage/sqlite.ts";
import { sqliteSettings } from "../../src/storage/sqlite-people.ts";
import { sqlitePlatformFiles } from "../../src/storage/sqlite-archive.ts";
import { aDirectory } from "../builders.ts";
import { aStudio, easel, openStores, seedsOf, submission } from "../fakes/studio.ts";

/** Half a minute after the last job of the fixture was accepted. */
const soonAfter = Date.UTC(2026, 9, 5, 12, 0, 59);

/** Jobs of the fixture, by what is said of them there. */
const codes = {
  done: "zi-NPGSGVGNYY",
  twoPictures: "zi-TKTZZW7YEV",
  foxes: ["zi-0CHWKRG6BX", "zi-AJ0SK5V1FQ"],
  cancelled: "zi-Z293MA72M3",
  private: "zi-9FCHCD7WP2",
  again: "zi-DGF8B1D05Y",
  telegram: "zi-19SDECQFR1",
  undelivered: "zi-FD7YZFV462",
  running: "zi-TTH0RABPDH",
  runningInTelegram: "zi-EJW6C4EGN4",
  queued: "zi-QDE0MSCWC2",
  allThere: "zi-AVYPQ5DWX6",
} as const;

/** What the first job asked for. */
const firstRequest: ImageRequest = {
  prompt: "一只猫 \u0000 'reading' --seed 7 --no dogs, “雨” --cfg 6.5 --wat",
  size: "auto",
  quality: "low",
};

type Row = Record<string, unknown>;

function parsed(text: unknown): unknown {
  return typeof text === "string" ? JSON.parse(text) : null;
}

/** Everything that an outsider sees of a job, as the version read it that wrote it. */
function asItWas(row: Row, pictures: readonly Row[]): Job {
  const { requester, asked } = parsed(row.accepted) as { requester: unknown; asked: Row };
  const delivery = parsed(row.delivery) as Job["delivery"];
  const own = pictures.filter(({ job }) => job === row.code);
  return {
    code: row.code,
    requester,
    brief: withSources(asked),
    state: row.state,
    recipe: parsed(row.recipe),
    pictures: own.map(pictureAsItWas),
    notices: parsed(row.notices),
    error: parsed(row.error),
    // That was open for ever.
    delivery: delivery.door === "http" ? { ...delivery, state: "direct" } : delivery,
    parent: row.parent,
    private: row.private === 1,
    key: row.key,
    fingerprint: row.fingerprint,
    attempts: row.attempts,
    remotes: {},
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  } as Job;
}

/** An edit had one picture under another name. */
function withSources({ source, ...brief }: Row): unknown {
  return source === undefined ? brief : { ...brief, sources: [source] };
}

function pictureAsItWas({ job: _job, created_at: _at, link, ...rest }: Row): Picture {
  return { ...rest, link: parsed(link) } as Picture;
}

/** A data directory of the version before. */
function anOldDirectory(): { readonly directory: string; readonly file: string } {
  const directory = aDirectory();
  const file = join(directory, "drawbridge.db");
  change(file, readFileSync(join(import.meta.dirname, "version-2.sql"), "utf8"));
  return { directory, file };
}

function change(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

/** What the version before found in its database: each job, and what it had asked for. */
function readAsBefore(file: string) {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare("SELECT * FROM jobs ORDER BY rowid").all();
  const pictures = database.prepare("SELECT * FROM pictures ORDER BY number").all();
  database.close();
  const accepted = rows.map((row) => parsed(row.accepted) as { request: ImageRequest });
  return {
    jobs: rows.map((row) => asItWas(row, pictures)),
    requests: accepted.map(({ request }) => request),
  };
}

/** A database of the version before that this one has opened, and its jobs as they were. */
function upToDate() {
  const { directory, file } = anOldDirectory();
  const { jobs } = readAsBefore(file);
  const stores = openStores(directory);
  onTestFinished(() => stores.database.close());
  return { ...stores, jobs };
}

describe("a database of the version before the ledger", () => {
  test("is whole afterwards, in the newest format", () => {
    const { database } = upToDate();
    const all = (sql: string) => database.statement(sql).all();
    expect(all("PRAGMA user_version")).toEqual([{ user_version: migrations.length }]);
    expect(all("PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
    expect(all("PRAGMA foreign_key_check")).toEqual([]);
  });

  test("still has every job, as outsiders see it", async () => {
    const { archive, jobs } = upToDate();
    expect(jobs).toHaveLength(17);
    for (const job of jobs) expect(await archive.find(job.code)).toEqual(job);
  });

  test("still has the words of a job, those of its recipe and what was said of it", async () => {
    const { archive } = upToDate();
    const job = await archive.find(codes.done);
    const prompt = "一只猫  'reading' --wat";
    expect(job?.brief).toMatchObject({ prompt, negative: "dogs, “雨”", guidance: 6.5 });
    expect(job?.recipe?.prompt).toBe(`A cat 🐈‍⬛ reading, "${prompt}" \u0000 '; --`);
    expect(job?.recipe?.wording).toMatchObject({
      prompt: job?.recipe?.prompt,
      suggestedRatio: "16:9",
      enhancement: { status: "enhanced", model: "gpt-4o-mini" },
    });
    expect(job?.notices).toEqual([{ code: "unknown-flag", flag: "--wat" }]);
  });

  test("turns the pages of history in the same order", async () => {
    const { archive, jobs } = upToDate();
    for (const requester of new Set(jobs.map((job) => job.requester.id))) {
      const own = jobs.filter((job) => job.requester.id === requester);
      const newestFirst = own.toReversed().map(({ code }) => code);
      const page = await archive.history(requester, { limit: 99 });
      expect(page.map(({ code }) => code)).toEqual(newestFirst);
    }
    const unfinished = await archive.history("http:anna", { limit: 9, states: ["running"] });
    expect(unfinished.map(({ code }) => code)).toEqual([codes.allThere, codes.running]);
  });

  test("finds jobs by their keys and by the same request", async () => {
    const { archive, jobs } = upToDate();
    const keyed = jobs.filter(({ key }) => key !== null);
    expect(keyed).toHaveLength(9);
    for (const { requester, key, code } of keyed) {
      expect((await archive.findByKey(requester.id, key ?? "", 0))?.code).toBe(code);
    }
    const [fox] = jobs.filter(({ code }) => code === codes.foxes[0]);
    const same = await archive.sameRequests(fox?.fingerprint ?? "", 0);
    expect(same.map(({ code }) => code)).toEqual(codes.foxes);
  });

  test("finds every picture by its link and by its bytes, and counts them as before", async () => {
    const { pictures: index, jobs } = upToDate();
    const sizes = new Map<string, number>();
    for (const job of jobs) {
      for (const picture of job.pictures) {
        expect(await index.find(picture.id)).toEqual({ picture, job });
        if (picture.hash) sizes.set(picture.hash, picture.bytes);
      }
    }
    expect(sizes.size).toBe(13);
    expect(await index.known([...sizes.keys(), "unknown"])).toEqual(new Set(sizes.keys()));
    expect(await index.keptBytes()).toBe([...sizes.values()].reduce((sum, size) => sum + size));
    const shared = jobs.find(({ code }) => code === codes.twoPictures)?.pictures[1]?.hash ?? "";
    expect((await index.findByHash(shared))?.code).toBe(codes.foxes[0]);
    const hidden = jobs.find(({ code }) => code === codes.private)?.pictures[0]?.hash ?? "";
    expect(await index.findByHash(hidden, "http:ben")).toBeUndefined();
    expect((await index.findByHash(hidden, "http:anna"))?.code).toBe(codes.private);
  });

  test("offers the oldest pictures for sweeping, none of a job that is unfinished", async () => {
    const { pictures: index, jobs } = upToDate();
    const kept = jobs.filter(
      ({ finishedAt, pictures }) => finishedAt !== null && pictures.some(({ hash }) => hash),
    );
    const rows = await index.oldest(99);
    expect(rows.map(({ code }) => code).toSorted()).toEqual(
      kept.map(({ code }) => code).toSorted(),
    );
    expect(rows.map(({ createdAt }) => createdAt)).toEqual(
      rows.map(({ createdAt }) => createdAt).toSorted((a, b) => a - b),
    );
  });

  test("still has what was charged, what was set and what platforms call its pictures", async () => {
    const { database, quota, pictures: index, jobs } = upToDate();
    const day = Date.UTC(2026, 9, 5);
    const noon = Date.UTC(2026, 9, 5, 12);
    expect(await quota.used("http:anna", "day", day)).toBe(13);
    expect(await quota.used("telegram:7", "minute", noon)).toBe(3);
    const settings = sqliteSettings(database);
    expect(await settings.get("telegram:7")).toEqual({
      ratio: "3:4",
      enhance: false,
      language: "zh-CN",
    });
    expect(await settings.get("telegram:chat:-100123")).toEqual({
      model: "Z-Image",
      quality: "hd",
    });
    const files = sqlitePlatformFiles(database);
    const shown = jobs.find(({ code }) => code === codes.telegram)?.pictures[0]?.id ?? "";
    const use = "telegram:110201543:photo";
    expect(await files.find(shown, use)).toBe("AgACAgIAAxkDAAIB");
    await index.remove(codes.telegram);
    expect(await files.find(shown, use)).toBeUndefined();
    await files.keep(shown, use, "gone");
    expect(await files.find(shown, use)).toBeUndefined();
  });

  test("promises what is unfinished or undelivered, oldest first, and nothing that was waited for", async () => {
    const { ledger } = upToDate();
    expect((await ledger.open()).map(({ code }) => code)).toEqual([
      codes.undelivered,
      codes.running,
      codes.runningInTelegram,
      codes.queued,
      codes.allThere,
    ]);
  });

  test("is left as it is, with a word about it, where it cannot be read", () => {
    const { directory, file } = anOldDirectory();
    change(file, "UPDATE jobs SET accepted = 'no JSON' WHERE rowid = 9");
    expect(() => openDatabase(directory)).toThrow(DataDirError);
    expect(() => openDatabase(directory)).toThrow(/cannot be used: .* It was left as it is/);
    const database = new DatabaseSync(file);
    const one = (sql: string) => Object.values(database.prepare(sql).get() ?? {})[0];
    expect(one("PRAGMA user_version")).toBe(2);
    expect(one("SELECT count(*) FROM jobs")).toBe(17);
    expect(one("SELECT count(*) FROM platform_files")).toBe(2);
    database.close();
  });
});

describe("charges of the version before", () => {
  test("go down to what its jobs account for, and never up", () => {
    const { directory, file } = anOldDirectory();
    const chargesIn = (path: string) => {
      const database = new DatabaseSync(path, { readOnly: true });
      const rows = database.prepare("SELECT * FROM charges ORDER BY requester, span").all();
      database.close();
      return rows;
    };
    const before = chargesIn(file);
    change(
      file,
      `UPDATE charges SET count = count + 28 WHERE requester <> 'http:ben';
       UPDATE charges SET count = 0 WHERE requester = 'http:ben';
       INSERT INTO charges VALUES ('http:nobody', 'day', 1791158400000, 4)`,
    );
    openDatabase(directory).close();
    const after = before.map((row) =>
      row["requester"] === "http:ben" ? { ...row, count: 0 } : row,
    );
    const nobody = { requester: "http:nobody", span: "day", since: 1_791_158_400_000, count: 0 };
    expect(chargesIn(file)).toEqual(expect.arrayContaining([...after, nobody]));
  });
});

describe("a studio on a database of the version before", () => {
  /** A door that shows jobs, and what it sent. */
  function aDoor() {
    const sent: string[] = [];
    const shown: string[] = [];
    const send = (job: Job, name: string) => async () => {
      sent.push(`${job.code} ${name}`);
      return { message: sent.length };
    };
    const deliverer: Deliverer = {
      async accompany(job, sends) {
        await sends.once("status", send(job, "status"));
      },
      async deliver(job, sends) {
        shown.push(`${job.code} ${job.state}`);
        await sends.once("channel", send(job, "channel"));
        return "delivered";
      },
      apologise: () => Promise.reject(new Error("nothing came too late")),
    };
    return { deliverer, sent, shown };
  }

  function started(painter = easel({ auto: true })) {
    const { directory, file } = anOldDirectory();
    const old = readAsBefore(file);
    const [telegram, discord] = [aDoor(), aDoor()];
    const deliverers = new Map([
      ["telegram", telegram.deliverer],
      ["discord", discord.deliverer],
    ]);
    const options = { directory, now: () => soonAfter, perDay: 20, deliverers };
    return { ...aStudio({ ...options, easel: painter }), options, telegram, discord, old };
  }

  test("makes what was unfinished, and says where a picture may have been paid for twice", async () => {
    const { studio, easel: painter, ledger } = started();
    const resumed = await studio.resume();
    const goingOn = [codes.running, codes.runningInTelegram, codes.queued, codes.allThere];
    expect(resumed.map(({ code }) => code)).toEqual(goingOn);
    const ends = await Promise.all(goingOn.map((code) => studio.finished(code)));
    const askedTwice = [{ code: "asked-twice" }];
    expect(ends.map(({ state, notices, attempts }) => ({ state, notices, attempts }))).toEqual([
      { state: "done", notices: askedTwice, attempts: 2 },
      { state: "done", notices: askedTwice, attempts: 2 },
      { state: "done", notices: [], attempts: 1 },
      { state: "done", notices: [], attempts: 1 },
    ]);
    expect(ends.map(seedsOf)).toEqual([[5, 6], [1013], [1014], [11]]);
    expect(painter.orders.map(({ seed }) => seed).toSorted()).toEqual([1013, 1014, 6]);
    expect(await studio.quotaOf({ id: "http:anna" })).toMatchObject([{ left: 7 }]);
    await expect.poll(async () => (await ledger.open()).length).toBe(0);
  });

  test("shows once what was not shown, and sends nothing that was begun before", async () => {
    const { studio, archive, telegram, discord, crash, options } = started();
    await studio.resume();
    const stateOf = async (code: string) => (await archive.find(code))?.delivery.state;
    await expect.poll(() => stateOf(codes.undelivered)).toBe("delivered");
    await expect.poll(() => stateOf(codes.runningInTelegram)).toBe("delivered");
    expect(discord.shown).toEqual([`${codes.undelivered} done`]);
    expect(discord.sent).toEqual([]);
    expect(telegram.shown).toEqual([`${codes.runningInTelegram} done`]);
    expect(telegram.sent).toEqual([`${codes.runningInTelegram} channel`]);
    const sends = (await archive.find(codes.runningInTelegram))?.delivery.sends;
    expect(sends).toMatchObject({
      status: { answer: { chat: -100123, message: 61 } },
      channel: { answer: { message: 1 } },
    });
    await studio.stop(1000);
    crash();
    const after = aStudio(options);
    expect(await after.studio.resume()).toEqual([]);
    expect([...discord.shown, ...telegram.shown]).toHaveLength(2);
  });

  test("answers a request that comes again with the job that it was", async () => {
    const { studio, easel: painter } = started();
    const submitted = (request: ImageRequest, key: string) =>
      studio.submit(request, submission("http:anna", key));
    expect((await submitted(firstRequest, "done-key")).code).toBe(codes.done);
    const running = { prompt: "one of two ratio 3:4", seed: 5, count: 2 };
    expect((await submitted(running, "running-key")).code).toBe(codes.running);
    await expect(submitted({ prompt: "another" }, "done-key")).rejects.toMatchObject({
      code: "key-reused",
    });
    expect(painter.orders).toEqual([]);
  });

  test("knows every earlier request as the same when it comes again", () => {
    const { studio, old } = started();
    const changes = { ratio: "3:4", seed: "new" };
    for (const [index, { requester, parent, fingerprint }] of old.jobs.entries()) {
      const request = parent ? { code: parent, changes } : old.requests[index];
      expect(studio.fingerprint(requester, request ?? {})).toBe(fingerprint);
    }
  });

  test("gives back what an earlier job cost that is cancelled now", async () => {
    const { studio } = started(easel());
    const anna = { id: "http:anna" };
    await studio.resume();
    expect(await studio.cancel(codes.queued, anna)).toMatchObject({ state: "cancelled" });
    expect(await studio.quotaOf(anna)).toMatchObject([{ left: 8 }]);
  });

  test("makes an earlier job again", async () => {
    const { studio } = started();
    const { code } = await studio.again(codes.again, {}, submission());
    const job = await studio.finished(code);
    expect(job.recipe?.prompt).toMatch(/^A cat 🐈‍⬛ reading, "一只猫/u);
    expect(job).toMatchObject({ parent: codes.again, recipe: { ratio: "3:4", seed: 1008 } });
  });

  test("forgets all of a person's earlier jobs", async () => {
    const { studio, pictures, ledger, archive } = started();
    await studio.resume();
    for (const id of ["http:anna", "http:ben", "telegram:7", "discord:13"]) {
      await studio.forget({ id });
      expect(await archive.history(id, { limit: 9 })).toEqual([]);
    }
    expect(await pictures.keptBytes()).toBe(0);
    expect(await ledger.open()).toEqual([]);
  });
});
