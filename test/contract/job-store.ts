import { describe, expect, test } from "vitest";
import { ImageError, storedError } from "../../core/errors.ts";
import type { Job, JobStore } from "../../core/job.ts";
import { aJob, aPicture } from "../builders.ts";

const dayMs = 86_400_000;

/** What every JobStore does. `create` answers an empty store. */
export function jobStoreContract(name: string, create: () => JobStore): void {
  describe(`${name}, as a JobStore,`, () => {
    async function filled(...jobs: Job[]): Promise<JobStore> {
      const store = create();
      for (const job of jobs) await store.insert(job, dayMs);
      return store;
    }

    test("gives back a job as it was put in", async () => {
      const job = aJob({
        requester: { id: "telegram:7", locale: "zh-CN" },
        key: "k",
        private: true,
        parent: "zi-0000000000",
        notices: [{ code: "asked-twice" }],
      });
      const store = await filled(job);
      expect(await store.find(job.code)).toEqual(job);
    });

    test("keeps words of every kind unharmed", async () => {
      const words = "一只猫 \u0000 '; DROP TABLE jobs; -- 🐈‍⬛ \n\t \"";
      const job = aJob({ request: { prompt: words } });
      expect((await (await filled(job)).find(job.code))?.request.prompt).toBe(words);
    });

    test("knows nothing of a code that was never put in", async () => {
      expect(await create().find("zi-0000000000")).toBeUndefined();
    });

    test("answers the earlier job when its key comes again", async () => {
      const [first, second] = [aJob({ key: "k" }), aJob({ key: "k" })];
      const store = await filled(first);
      expect(await store.insert(second, dayMs)).toEqual({ job: first, created: false });
      expect(await store.find(second.code)).toBeUndefined();
    });

    test("answers one job to simultaneous inserts with the same key", async () => {
      const store = create();
      const jobs = Array.from({ length: 10 }, () => aJob({ key: "k" }));
      const stored = await Promise.all(jobs.map((job) => store.insert(job, dayMs)));
      expect(stored.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(stored.map(({ job }) => job.code)).size).toBe(1);
    });

    test("lets another requester use the same key", async () => {
      const store = await filled(aJob({ key: "k" }));
      const other = aJob({ key: "k", requester: { id: "http:other" } });
      expect((await store.insert(other, dayMs)).created).toBe(true);
    });

    test("forgets a key after its time, but not its job", async () => {
      const [old, young] = [aJob({ key: "k" }), aJob({ key: "k", createdAt: 1_000_000 + dayMs })];
      const store = await filled(old);
      expect((await store.insert(young, dayMs)).created).toBe(true);
      expect((await store.find(old.code))?.key).toBeNull();
      const since = young.createdAt - dayMs;
      expect((await store.findByKey("http:test", "k", since))?.code).toBe(young.code);
    });

    test("does not find a job by a key that is too old", async () => {
      const store = await filled(aJob({ key: "k" }));
      expect(await store.findByKey("http:test", "k", 1_000_000)).toBeUndefined();
      expect(await store.findByKey("http:test", "k", 999_999)).toBeDefined();
    });

    test("changes only what it is told to change", async () => {
      const job = aJob();
      const store = await filled(job);
      const error = storedError(new ImageError("timed-out", { afterMs: 5 }));
      const changes = { state: "failed", error, finishedAt: 7, attempts: 1 } as const;
      await store.update(job.code, changes);
      expect(await store.find(job.code)).toEqual({ ...job, ...changes });
    });

    test("ignores a change to a job that is not there", async () => {
      await expect(create().update("zi-0000000000", { state: "done" })).resolves.toBeUndefined();
    });

    test("gives back a job's pictures in the order of their numbers", async () => {
      const job = aJob();
      const store = await filled(job);
      const pictures = [
        aPicture({ number: 2, seed: 2 }),
        aPicture({ number: 1, link: { url: "http://x/", trustedOrigin: "http://x" }, hash: null }),
      ];
      for (const picture of pictures) await store.addPicture(job.code, picture);
      expect((await store.find(job.code))?.pictures).toEqual(pictures.toReversed());
    });

    test("finds a picture by the id of its link, with its job", async () => {
      const [job, picture] = [aJob(), aPicture()];
      const store = await filled(job);
      await store.addPicture(job.code, picture);
      const found = await store.findPicture(picture.id);
      expect([found?.picture, found?.job.code]).toEqual([picture, job.code]);
      expect(await store.findPicture("nothing")).toBeUndefined();
    });

    test("adds no picture to a job that was removed", async () => {
      const store = create();
      await store.addPicture("zi-0000000000", aPicture({ id: "lost" }));
      expect(await store.findPicture("lost")).toBeUndefined();
    });

    test("finds the newest job that has certain bytes", async () => {
      const [old, young] = [aJob(), aJob({ createdAt: 2_000_000 })];
      const store = await filled(old, young);
      for (const { code } of [old, young]) await store.addPicture(code, aPicture({ hash: "h" }));
      expect((await store.findByHash("h"))?.code).toBe(young.code);
    });

    test("finds behind the private jobs of others what somebody may see of certain bytes", async () => {
      const anna = { id: "http:anna" };
      const own = aJob({ requester: anna, private: true, createdAt: 1 });
      const open = aJob({ createdAt: 2 });
      const hidden = aJob({ private: true, createdAt: 3 });
      const store = await filled(own, open, hidden);
      const found = async (viewer?: string) => (await store.findByHash("h", viewer))?.code;
      for (const { code } of [own, hidden]) await store.addPicture(code, aPicture({ hash: "h" }));
      expect(await found("http:ben")).toBeUndefined();
      expect(await found(anna.id)).toBe(own.code);
      await store.addPicture(open.code, aPicture({ hash: "h" }));
      expect([await found("http:ben"), await found()]).toEqual([open.code, hidden.code]);
    });

    test("lists what is unfinished, oldest first", async () => {
      const jobs = [
        aJob({ state: "running", createdAt: 3 }),
        aJob({ createdAt: 1 }),
        aJob({ state: "done", createdAt: 2, finishedAt: 2 }),
      ];
      const unfinished = await (await filled(...jobs)).unfinished();
      expect(unfinished.map(({ createdAt }) => createdAt)).toEqual([1, 3]);
    });

    test("lists what a door has finished and not delivered", async () => {
      const open = { door: "telegram", place: { chat: 1 }, state: "open", sends: {} } as const;
      const jobs = [
        aJob({ state: "done", finishedAt: 2, delivery: open }),
        aJob({ state: "done", finishedAt: 2, delivery: { ...open, door: "discord" } }),
        aJob({ delivery: open }),
        aJob({ state: "done", finishedAt: 2, delivery: open }),
      ];
      const store = await filled(...jobs);
      const sends = { photo: { begunAt: 5, answer: { id: 9 } } };
      await store.update(jobs[3]!.code, { delivery: { ...open, state: "delivered", sends } });
      expect((await store.undelivered("telegram")).map(({ code }) => code)).toEqual([
        jobs[0]?.code,
      ]);
      expect((await store.find(jobs[3]!.code))?.delivery.sends).toEqual(sends);
    });

    test("finds the jobs with the same fingerprint that are young enough", async () => {
      const jobs = [1, 2, 3].map((createdAt) => aJob({ createdAt, fingerprint: "same" }));
      const store = await filled(...jobs, aJob({ createdAt: 4, fingerprint: "other" }));
      expect((await store.findTwins("same", 1)).map(({ createdAt }) => createdAt)).toEqual([2, 3]);
    });

    test("turns the pages of a requester's history, newest first", async () => {
      const states = ["done", "failed", "done", "queued"] as const;
      const jobs = states.map((state, index) => aJob({ state, createdAt: index + 1 }));
      const store = await filled(...jobs, aJob({ requester: { id: "http:other" } }));
      const times = async (page: Parameters<JobStore["history"]>[1]) =>
        (await store.history("http:test", page)).map(({ createdAt }) => createdAt);
      expect(await times({ limit: 3 })).toEqual([4, 3, 2]);
      expect(await times({ limit: 3, before: 2 })).toEqual([1]);
      expect(await times({ limit: 9, states: ["done"] })).toEqual([3, 1]);
    });

    test("tells which bytes nobody needs any more when jobs are removed", async () => {
      const [one, two] = [aJob(), aJob()];
      const store = await filled(one, two);
      await store.addPicture(one.code, aPicture({ hash: "shared" }));
      await store.addPicture(one.code, aPicture({ number: 2, hash: "own" }));
      await store.addPicture(two.code, aPicture({ hash: "shared" }));
      expect(await store.remove([one.code])).toEqual(["own"]);
      expect(await store.find(one.code)).toBeUndefined();
      expect(await store.remove([two.code, "zi-0000000000"])).toEqual(["shared"]);
    });

    test("removes a job's pictures and keeps its recipe", async () => {
      const job = aJob();
      const store = await filled(job);
      await store.addPicture(job.code, aPicture({ hash: "own" }));
      expect(await store.removePictures(job.code)).toEqual(["own"]);
      expect((await store.find(job.code))?.pictures).toEqual([]);
    });

    test("offers pictures for sweeping, never those of an unfinished job", async () => {
      const [done, running] = [aJob({ state: "done", finishedAt: 1 }), aJob({ state: "running" })];
      const store = await filled(done, running);
      await store.addPicture(done.code, aPicture({ hash: "x", bytes: 10 }));
      await store.addPicture(done.code, aPicture({ number: 2, hash: "y", bytes: 5 }));
      await store.addPicture(running.code, aPicture({ hash: "z" }));
      const rows = await store.oldestPictures(9);
      expect(rows.map(({ code }) => code)).toEqual([done.code]);
      expect(rows[0]?.pictures.toSorted((a, b) => b.bytes - a.bytes)).toEqual([
        { hash: "x", bytes: 10 },
        { hash: "y", bytes: 5 },
      ]);
    });

    test("counts the same bytes once", async () => {
      const jobs = [aJob(), aJob()];
      const store = await filled(...jobs);
      for (const { code } of jobs) await store.addPicture(code, aPicture({ hash: "x", bytes: 10 }));
      await store.addPicture(jobs[0]!.code, aPicture({ number: 2, hash: "y", bytes: 5 }));
      expect(await store.keptBytes()).toBe(15);
      expect(await store.knownHashes(["x", "nobody's"])).toEqual(new Set(["x"]));
    });
  });
}
