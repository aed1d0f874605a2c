import { describe, expect, test } from "vitest";
import type { HistoryPage } from "../../core/archive.ts";
import type { Job } from "../../core/job.ts";
import { aJob, aPicture, store } from "../builders.ts";
import type { Stores } from "./ledger.ts";

/** A finished job. */
function made(changes: Partial<Job> = {}): Job {
  return aJob({ state: "done", finishedAt: 1, ...changes });
}

/** What every Archive and its PictureIndex do. `create` answers empty stores. */
export function archiveContract(name: string, create: () => Stores | Promise<Stores>): void {
  async function filled(...jobs: Job[]): Promise<Stores> {
    const stores = await create();
    for (const job of jobs) await store(job, stores.ledger);
    return stores;
  }

  describe(`${name}, as an Archive,`, () => {
    test("knows nothing of a code that was never put in", async () => {
      expect(await (await create()).archive.find("zi-0000000000")).toBeUndefined();
    });

    test.each([
      ["a promise", aJob({ key: "k" })],
      ["a record", made({ key: "k" })],
    ])("does not find %s by a key that is too old", async (_, job) => {
      const { archive } = await filled(job);
      expect(await archive.findByKey("http:test", "k", 1_000_000)).toBeUndefined();
      expect(await archive.findByKey("http:test", "k", 999_999)).toEqual(job);
      expect(await archive.findByKey("http:other", "k", 0)).toBeUndefined();
    });

    test("finds the jobs with the same fingerprint that are unfinished or ended lately, oldest first", async () => {
      const [one, two, three] = [1, 2, 3].map((createdAt) =>
        made({ createdAt, finishedAt: createdAt, fingerprint: "same" }),
      );
      const open = aJob({ createdAt: 4, fingerprint: "same" });
      const other = aJob({ createdAt: 5, fingerprint: "other" });
      const { archive } = await filled(three!, open, one!, two!, other);
      const found = await archive.sameRequests("same", 1);
      expect(found.map(({ createdAt }) => createdAt)).toEqual([2, 3, 4]);
    });

    test("turns the pages of a requester's history, newest first", async () => {
      const states = ["done", "failed", "done", "queued"] as const;
      const jobs = states.map((state, index) => {
        const finishedAt = state === "queued" ? null : 9;
        return aJob({ state, createdAt: index + 1, finishedAt });
      });
      const { archive } = await filled(...jobs, aJob({ requester: { id: "http:other" } }));
      const times = async (page: HistoryPage) =>
        (await archive.history("http:test", page)).map(({ createdAt }) => createdAt);
      expect(await times({ limit: 3 })).toEqual([4, 3, 2]);
      expect(await times({ limit: 3, before: 2 })).toEqual([1]);
      expect(await times({ limit: 9, states: ["done"] })).toEqual([3, 1]);
      expect(await times({ limit: 9, states: ["queued", "failed"] })).toEqual([4, 2]);
    });

    test.each([
      ["a promise", aJob({ private: true })],
      ["a record", made({ private: true })],
    ])("publishes %s, and nothing else about it changes", async (_, job) => {
      const { archive } = await filled(job);
      await archive.publish(job.code);
      expect(await archive.find(job.code)).toEqual({ ...job, private: false });
      await expect(archive.publish("zi-0000000000")).resolves.toBeUndefined();
    });

    test("tells which bytes no job needs any more when jobs are forgotten", async () => {
      const one = made({
        pictures: [aPicture({ hash: "shared" }), aPicture({ number: 2, hash: "own" })],
      });
      const two = aJob({ pictures: [aPicture({ hash: "shared" })] });
      const { archive } = await filled(one, two);
      expect(await archive.forget([one.code])).toEqual(["own"]);
      expect(await archive.find(one.code)).toBeUndefined();
      expect(await archive.forget([two.code, "zi-0000000000"])).toEqual(["shared"]);
    });

    test("keeps what was sent to a job as long as one of its jobs is there, also one that failed", async () => {
      const [first, second, mask] = ["a", "b", "c"].map((letter) => letter.repeat(64));
      const edit = (hashes: (string | undefined)[], more: Partial<Job> = {}) =>
        made({ ...more, sent: hashes.map((hash) => ({ hash: String(hash), bytes: 10 })) });
      const failed = edit([first, second], { state: "failed", pictures: [] });
      const done = edit([second], { pictures: [aPicture({ hash: "own", bytes: 5 })] });
      const masked = edit([second, mask]);
      const { archive, pictures } = await filled(failed, done, { ...masked, pictures: [] });
      expect(await pictures.keptBytes()).toBe(35);
      const all = [first, second, mask].map(String);
      expect(await pictures.known([...all, "0".repeat(32)])).toEqual(new Set(all));
      const rows = await pictures.oldest(9);
      const bytesOf = new Map(
        rows.map((row) => [row.code, row.pictures.map(({ bytes }) => bytes).toSorted()]),
      );
      expect(bytesOf).toEqual(
        new Map([
          [failed.code, [10, 10]],
          [done.code, [10, 5]],
          [masked.code, [10, 10]],
        ]),
      );
      expect(await pictures.remove(failed.code)).toEqual([first]);
      expect(await archive.forget([done.code])).toEqual(["own"]);
      expect((await archive.forget([masked.code])).toSorted()).toEqual([second, mask]);
      expect(await pictures.known(all)).toEqual(new Set());
    });

    test("forgets all of a job: its promise, its record, its pictures and its key", async () => {
      const delivery = { door: "telegram", place: 1, state: "open", sends: {} } as const;
      const jobs = [
        aJob({ key: "1", pictures: [aPicture({ id: "p1" })] }),
        made({ key: "2", pictures: [aPicture({ id: "p2" })] }),
        made({ key: "3", pictures: [aPicture({ id: "p3" })], delivery }),
      ];
      const { archive, pictures, ledger } = await filled(...jobs);
      await archive.forget(jobs.map(({ code }) => code));
      expect(await archive.history("http:test", { limit: 9 })).toEqual([]);
      expect(await ledger.open()).toEqual([]);
      expect(await pictures.keptBytes()).toBe(0);
      for (const [index, job] of jobs.entries()) {
        expect(await archive.find(job.code)).toBeUndefined();
        expect(await pictures.find(`p${index + 1}`)).toBeUndefined();
        const next = aJob({ key: `${index + 1}` });
        expect((await ledger.accept(next, [], 1e9)).outcome).toBe("accepted");
      }
    });
  });

  describe(`${name}, as a PictureIndex,`, () => {
    const second = aPicture({ number: 2, seed: 2 });
    const linked = aPicture({
      number: 1,
      link: { url: "http://x/", trustedOrigin: "http://x" },
      hash: null,
    });

    test("gives back the pictures of an unfinished job in the order of their numbers", async () => {
      const job = aJob();
      const { ledger, archive } = await filled(job);
      await ledger.note(job.code, { pictures: [second] });
      await ledger.note(job.code, { pictures: [second, linked] });
      expect((await archive.find(job.code))?.pictures).toEqual([linked, second]);
    });

    test.each([
      ["an unfinished", aJob],
      ["a finished", made],
    ])("finds a picture of %s job by the id of its link, with the job", async (_, create) => {
      const picture = aPicture();
      const job = create({ pictures: [picture, { ...linked, number: 2 }] });
      const { pictures } = await filled(job);
      expect(await pictures.find(picture.id)).toEqual({ picture, job });
      expect((await pictures.find(linked.id))?.picture.link).toEqual(linked.link);
      expect(await pictures.find("nothing")).toBeUndefined();
    });

    test("finds the newest job that has certain bytes", async () => {
      const [old, young] = [1, 2].map((createdAt) =>
        made({ createdAt, pictures: [aPicture({ hash: "h" })] }),
      );
      const { pictures } = await filled(young!, old!);
      expect(await pictures.findByHash("h")).toEqual(young);
      expect(await pictures.findByHash("other")).toBeUndefined();
    });

    test("finds behind the private jobs of others what a viewer may see of certain bytes", async () => {
      const anna = { id: "http:anna" };
      const job = (changes: Partial<Job>) =>
        made({ pictures: [aPicture({ hash: "h" })], ...changes });
      const own = job({ requester: anna, private: true, createdAt: 1 });
      const open = job({ createdAt: 2 });
      const hidden = job({ private: true, createdAt: 3 });
      const { pictures, ledger } = await filled(own, hidden);
      const found = async (viewer?: string) => (await pictures.findByHash("h", viewer))?.code;
      expect(await found("http:ben")).toBeUndefined();
      expect(await found(anna.id)).toBe(own.code);
      await store(open, ledger);
      expect([await found("http:ben"), await found()]).toEqual([open.code, hidden.code]);
    });

    test.each([
      ["an unfinished", aJob],
      ["a finished", made],
    ])("removes the pictures of %s job and keeps all else", async (_, create) => {
      const words = "一只猫 \u0000 '; DROP TABLE jobs; -- 🐈‍⬛ \n\t \"\\ 1e400";
      const brief = { ...aJob().brief, words, prompt: words, guidance: 7.125 };
      const job = create({ brief, pictures: [aPicture({ hash: "own", id: `own ${_}` })] });
      const { pictures, archive } = await filled(job);
      expect(await pictures.remove(job.code)).toEqual(["own"]);
      expect(await archive.find(job.code)).toEqual({ ...job, pictures: [] });
      expect(await pictures.find(`own ${_}`)).toBeUndefined();
      expect(await pictures.known(["own"])).toEqual(new Set());
      expect(await pictures.remove(job.code)).toEqual([]);
      expect(await pictures.remove("zi-0000000000")).toEqual([]);
    });

    test("says that bytes are needed still while a picture of another job has them", async () => {
      const [one, two] = [made, aJob].map((create) =>
        create({ pictures: [aPicture({ hash: "shared" })] }),
      );
      const { pictures } = await filled(one!, two!);
      expect(await pictures.remove(one!.code)).toEqual([]);
      expect(await pictures.remove(two!.code)).toEqual(["shared"]);
    });

    test("offers pictures for sweeping, never those of a job that is not settled", async () => {
      const kept = [
        aPicture({ hash: "x", bytes: 10 }),
        aPicture({ number: 2, hash: "y", bytes: 5 }),
      ];
      const [done, linkedOnly] = [made({ pictures: kept }), made({ pictures: [linked] })];
      const waiting = aJob({ pictures: [aPicture({ hash: "w" })] });
      const running = aJob({ state: "running", pictures: [aPicture({ hash: "z" })] });
      const { pictures } = await filled(waiting, running, linkedOnly, done);
      const rows = await pictures.oldest(9);
      expect(rows.map(({ code }) => code)).toEqual([done.code]);
      expect(rows[0]?.pictures.toSorted((a, b) => b.bytes - a.bytes)).toEqual([
        { hash: "x", bytes: 10 },
        { hash: "y", bytes: 5 },
      ]);
    });

    test("offers the pictures of a job that is settled and not shown yet", async () => {
      const delivery = { door: "telegram", place: 1, state: "open", sends: {} } as const;
      const job = made({ pictures: [aPicture()], delivery });
      const { pictures } = await filled(job);
      expect((await pictures.oldest(9)).map(({ code }) => code)).toEqual([job.code]);
    });

    test("counts the same bytes once", async () => {
      const shared = () => aPicture({ hash: "x", bytes: 10 });
      const one = made({ pictures: [shared(), aPicture({ number: 2, hash: "y", bytes: 5 })] });
      const { pictures } = await filled(
        one,
        aJob({ pictures: [shared()] }),
        made({ pictures: [linked] }),
      );
      expect(await pictures.keptBytes()).toBe(15);
      expect(await pictures.known(["x", "unknown"])).toEqual(new Set(["x"]));
    });
  });
}
