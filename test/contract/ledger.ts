import { describe, expect, test } from "vitest";
import type { Archive, PictureIndex } from "../../core/archive.ts";
import { ImageError, storedError } from "../../core/errors.ts";
import type { Delivery, Job, Recipe } from "../../core/job.ts";
import type { Ledger } from "../../core/ledger.ts";
import type { QuotaCharge, QuotaStore } from "../../core/quota.ts";
import { aJob, aPicture, store } from "../builders.ts";

const dayMs = 86_400_000;

/** What is kept in one place, and seen from each side. */
export interface Stores {
  readonly ledger: Ledger;
  readonly archive: Archive;
  readonly pictures: PictureIndex;
  readonly quota: QuotaStore;
}

const open: Delivery = { door: "telegram", place: { chat: 1 }, state: "open", sends: {} };
const sends = { photo: { begunAt: 5, answer: { id: 9 } }, album: { begunAt: 6 } };

const recipe: Recipe = {
  words: "a cat",
  prompt: "A cat, enhanced.",
  negative: "",
  model: "Z-Image",
  provider: "easel",
  width: 64,
  height: 64,
  ratio: "1:1",
  seed: 42,
  steps: 8,
  guidance: 7,
  extras: { sampler: "euler" },
  wording: {
    prompt: "A cat, enhanced.",
    suggestedRatio: "1:1",
    enhancement: {
      status: "enhanced",
      model: "llm",
      usage: { promptTokens: 3, completionTokens: 5 },
    },
  },
};

/** The same job, done. */
function done(job: Job, changes: Partial<Job> = {}): Job {
  return { ...job, state: "done", finishedAt: 7, recipe, pictures: [aPicture()], ...changes };
}

const charge = (count: number, limit = 10): QuotaCharge => ({
  requester: "http:test",
  window: "day",
  since: 0,
  count,
  limit,
});

/** What every Ledger does. `create` answers empty stores. */
export function ledgerContract(name: string, create: () => Stores | Promise<Stores>): void {
  describe(`${name}, as a Ledger,`, () => {
    async function promised(...jobs: Job[]): Promise<Stores> {
      const stores = await create();
      for (const job of jobs) await store(job, stores.ledger);
      return stores;
    }

    async function openCodes({ ledger }: Stores): Promise<string[]> {
      return (await ledger.open()).map(({ code }) => code);
    }

    describe("on accepting", () => {
      test("keeps a job as it was given", async () => {
        const job = aJob({
          requester: { id: "telegram:7", locale: "zh-CN" },
          key: "k",
          private: true,
          parent: "zi-0000000000",
          notices: [{ code: "asked-twice" }],
          delivery: open,
        });
        const { ledger, archive } = await create();
        expect(await ledger.accept(job, [], dayMs)).toEqual({ outcome: "accepted" });
        expect(await archive.find(job.code)).toEqual(job);
        expect(await ledger.open()).toEqual([job]);
      });

      test("keeps one that is begun with it", async () => {
        const job = aJob({ state: "running", recipe, attempts: 1, startedAt: 1_000_000 });
        const { archive } = await promised(job);
        expect(await archive.find(job.code)).toEqual(job);
      });

      test("keeps a final prompt that is settled beforehand", async () => {
        const brief = { ...aJob().brief, wording: recipe.wording };
        const job = aJob({ brief });
        const { archive } = await promised(job);
        expect(await archive.find(job.code)).toEqual(job);
      });

      test("keeps words of every kind unharmed", async () => {
        const words = "一只猫 \u0000 '; DROP TABLE jobs; -- 🐈‍⬛ \n\t \"";
        const brief = { ...aJob().brief, words: `${words} --seed 1`, prompt: words };
        const job = aJob({ brief });
        const { archive } = await promised(job);
        expect(await archive.find(job.code)).toEqual(job);
      });

      test.each(["promised", "settled"])(
        "answers a %s job when its key comes again",
        async (how) => {
          const first = aJob({ key: "k" });
          const second = aJob({ key: "k" });
          const kept = how === "promised" ? first : done(first);
          const { ledger, archive, quota } = await promised(kept);
          const acceptance = await ledger.accept(second, [charge(1)], dayMs);
          expect(acceptance).toEqual({ outcome: "known", job: kept });
          expect(await archive.find(second.code)).toBeUndefined();
          expect(await quota.used("http:test", "day", 0)).toBe(0);
        },
      );

      test("answers one job to simultaneous requests with the same key", async () => {
        const { ledger, quota } = await create();
        const jobs = Array.from({ length: 10 }, () => aJob({ key: "k" }));
        const answers = await Promise.all(
          jobs.map(async (job) => {
            const acceptance = await ledger.accept(job, [charge(1)], dayMs);
            return { ...acceptance, code: "job" in acceptance ? acceptance.job.code : job.code };
          }),
        );
        expect(answers.filter(({ outcome }) => outcome === "accepted")).toHaveLength(1);
        expect(new Set(answers.map(({ code }) => code)).size).toBe(1);
        expect(await quota.used("http:test", "day", 0)).toBe(1);
      });

      test("lets another requester use the same key", async () => {
        const { ledger } = await promised(aJob({ key: "k" }));
        const other = aJob({ key: "k", requester: { id: "http:other" } });
        expect((await ledger.accept(other, [], dayMs)).outcome).toBe("accepted");
      });

      test.each(["promised", "settled"])(
        "forgets the key of a %s job after its time, but not the job",
        async (how) => {
          const old = aJob({ key: "k" });
          const young = aJob({ key: "k", createdAt: 1_000_000 + dayMs });
          const { ledger, archive } = await promised(how === "promised" ? old : done(old));
          expect((await ledger.accept(young, [], dayMs)).outcome).toBe("accepted");
          expect((await archive.find(old.code))?.key).toBeNull();
          const since = young.createdAt - dayMs;
          expect((await archive.findByKey("http:test", "k", since))?.code).toBe(young.code);
        },
      );

      test("settles a job without the key that it has lost meanwhile", async () => {
        const old = aJob({ key: "k" });
        const young = aJob({ key: "k", createdAt: 1_000_000 + dayMs });
        const { ledger, archive } = await promised(old, young);
        await ledger.settle(done(young));
        await ledger.settle(done(old));
        expect(await archive.find(old.code)).toMatchObject({ state: "done", key: null });
        expect(await archive.find(young.code)).toMatchObject({ state: "done", key: "k" });
      });

      test("stores and charges nothing over the quota, and leaves the key to a later job", async () => {
        const stores = await create();
        const { ledger, archive, quota } = stores;
        const [first, second] = [aJob({ key: "k" }), aJob({ key: "k" })];
        const refused = await ledger.accept(first, [charge(11)], dayMs);
        expect(refused).toEqual({ outcome: "over-quota" });
        expect(await archive.find(first.code)).toBeUndefined();
        expect(await archive.history("http:test", { limit: 9 })).toEqual([]);
        expect(await openCodes(stores)).toEqual([]);
        expect(await quota.used("http:test", "day", 0)).toBe(0);
        expect((await ledger.accept(second, [charge(10)], dayMs)).outcome).toBe("accepted");
      });
    });

    describe("while a promise is kept", () => {
      test("writes down what a process begins with, and changes nothing else", async () => {
        const job = aJob({ key: "k", private: true, delivery: open });
        const { ledger, archive } = await promised(job);
        const notices = [{ code: "asked-twice" }] as const;
        const begun = { attempts: 1, startedAt: 5, recipe, notices };
        await ledger.begin(job.code, begun);
        expect(await archive.find(job.code)).toEqual({ ...job, ...begun, state: "running" });
        const again = { ...begun, attempts: 2, notices: [] };
        await ledger.begin(job.code, again);
        expect(await archive.find(job.code)).toEqual({ ...job, ...again, state: "running" });
      });

      test("notes what it is told, one by one, and changes nothing else", async () => {
        const job = aJob({ delivery: open });
        const { ledger, archive } = await promised(job);
        const pictures = [aPicture()];
        const remotes = { 2: { task: "t" } };
        await ledger.note(job.code, { pictures });
        expect(await archive.find(job.code)).toEqual({ ...job, pictures });
        await ledger.note(job.code, { remotes });
        expect(await archive.find(job.code)).toEqual({ ...job, pictures, remotes });
        await ledger.note(job.code, { sends });
        const delivery = { ...open, sends };
        expect(await archive.find(job.code)).toEqual({ ...job, pictures, remotes, delivery });
        await ledger.note(job.code, { sends: {} });
        expect(await archive.find(job.code)).toEqual({ ...job, pictures, remotes });
      });

      test("has changes take place in the order in which it is told of them", async () => {
        const job = aJob();
        const { ledger, archive } = await promised(job);
        const pictures = Array.from({ length: 12 }, (_, n) => aPicture({ number: n + 1 }));
        const grown = pictures.map((_, n) => pictures.slice(0, n + 1));
        await Promise.all(grown.map((sofar) => ledger.note(job.code, { pictures: sofar })));
        expect((await archive.find(job.code))?.pictures).toEqual(pictures);
      });

      test("makes pictures known that are noted, though the job is not settled", async () => {
        const job = aJob();
        const { ledger, pictures: index } = await promised(job);
        await ledger.note(job.code, { pictures: [aPicture({ hash: "h", bytes: 10 })] });
        expect(await index.known(["h"])).toEqual(new Set(["h"]));
        expect(await index.keptBytes()).toBe(10);
      });

      test("ignores changes to a job that is not there", async () => {
        const stores = await create();
        const { ledger, archive, pictures: index } = stores;
        const stranger = done(aJob({ delivery: open }), { pictures: [aPicture({ id: "lost" })] });
        const { code, pictures } = stranger;
        await ledger.begin(code, { attempts: 1, startedAt: 5, recipe, notices: [] });
        await ledger.note(code, { sends, pictures, remotes: { 1: "t" } });
        await ledger.settle(stranger);
        await ledger.close(code, { state: "delivered", sends });
        expect(await archive.find(code)).toBeUndefined();
        expect(await index.find("lost")).toBeUndefined();
        expect(await index.known(["ab12"])).toEqual(new Set());
        expect(await openCodes(stores)).toEqual([]);
      });
    });

    describe("on settling", () => {
      test("puts the job's record in the place of its promise", async () => {
        const error = storedError(new ImageError("timed-out", { afterMs: 5 }));
        const job = aJob({ key: "k", private: true });
        const stores = await promised(job);
        const changes = { state: "failed", error, finishedAt: 7, attempts: 1 } as const;
        await stores.ledger.settle({ ...job, ...changes });
        expect(await stores.archive.find(job.code)).toEqual({ ...job, ...changes });
        expect(await openCodes(stores)).toEqual([]);
      });

      test("replaces what was noted and begun before", async () => {
        const job = aJob();
        const { ledger, archive } = await promised(job);
        await ledger.begin(job.code, { attempts: 1, startedAt: 5, recipe, notices: [] });
        const [first, second] = [aPicture(), aPicture({ number: 2 })];
        await ledger.note(job.code, { pictures: [first], remotes: { 2: "task" } });
        const settled = done(job, { pictures: [first, second], attempts: 1, startedAt: 5 });
        await ledger.settle(settled);
        expect(await archive.find(job.code)).toEqual(settled);
      });

      test("gives back what it is told to", async () => {
        const { ledger, quota } = await create();
        const job = aJob();
        await ledger.accept(job, [charge(4)], dayMs);
        await ledger.settle(done(job), [charge(3)]);
        expect(await quota.used("http:test", "day", 0)).toBe(1);
      });

      test("leaves the promise to show a job whose delivery is open, until that is closed", async () => {
        const job = aJob({ delivery: open });
        const stores = await promised(job);
        const { ledger, archive } = stores;
        await ledger.note(job.code, { sends: { status: { begunAt: 1 } } });
        await ledger.settle(done(job));
        expect(await openCodes(stores)).toEqual([job.code]);
        await ledger.note(job.code, { sends });
        const shown = { ...open, sends };
        expect((await archive.find(job.code))?.delivery).toEqual(shown);
        expect((await ledger.open())[0]?.delivery).toEqual(shown);
        await ledger.close(job.code, { state: "delivered", sends });
        expect(await openCodes(stores)).toEqual([]);
        expect((await archive.find(job.code))?.delivery).toEqual({ ...shown, state: "delivered" });
      });

      test("closes nothing that is not settled", async () => {
        const job = aJob({ delivery: open });
        const stores = await promised(job);
        await stores.ledger.close(job.code, { state: "gone", sends });
        expect(await openCodes(stores)).toEqual([job.code]);
        expect(await stores.archive.find(job.code)).toEqual(job);
      });

      test.each(["direct", "open"] as const)(
        "keeps a job public that was published before it was settled (%s)",
        async (state) => {
          const job = aJob({ private: true, delivery: { ...open, state } });
          const { ledger, archive } = await promised(job);
          await archive.publish(job.code);
          expect((await archive.find(job.code))?.private).toBe(false);
          await ledger.settle(done(job));
          expect((await archive.find(job.code))?.private).toBe(false);
        },
      );

      test.each(["direct", "open"] as const)(
        "replaces the record of a job that is settled again, which stays published (%s)",
        async (state) => {
          const job = aJob({ private: true, key: "k", delivery: { ...open, state } });
          const stores = await promised(job);
          const { ledger, archive, pictures: index } = stores;
          await ledger.settle({ ...job, state: "cancelled", finishedAt: 7 });
          await archive.publish(job.code);
          const late = done(job, {
            state: "cancelled",
            pictures: [aPicture({ id: `late ${state}` })],
          });
          await ledger.settle(late);
          expect(await archive.find(job.code)).toEqual({ ...late, private: false });
          expect((await index.find(`late ${state}`))?.job.code).toBe(job.code);
          expect(await openCodes(stores)).toEqual(state === "open" ? [job.code] : []);
          expect(await archive.history("http:test", { limit: 9 })).toHaveLength(1);
        },
      );

      test("keeps how a job was shown when it is settled again after that", async () => {
        const job = aJob({ delivery: open });
        const stores = await promised(job);
        const { ledger, archive } = stores;
        await ledger.settle({ ...job, state: "cancelled", finishedAt: 7 });
        await ledger.close(job.code, { state: "delivered", sends });
        await ledger.settle(done(job, { state: "cancelled" }));
        expect((await archive.find(job.code))?.delivery).toEqual({
          ...open,
          state: "delivered",
          sends,
        });
        expect(await openCodes(stores)).toEqual([]);
      });

      test.each(["promised", "settled"])(
        "brings back no %s job that was forgotten",
        async (how) => {
          const job = aJob({ delivery: open });
          const stores = await create();
          const { ledger, archive, quota } = stores;
          await ledger.accept(job, [charge(2)], dayMs);
          if (how === "settled") await ledger.settle({ ...job, state: "cancelled", finishedAt: 7 });
          await archive.forget([job.code]);
          await ledger.settle(done(job, { pictures: [aPicture({ id: `back ${how}` })] }), [
            charge(1),
          ]);
          expect(await archive.find(job.code)).toBeUndefined();
          expect(await stores.pictures.find(`back ${how}`)).toBeUndefined();
          expect(await stores.pictures.known(["ab12"])).toEqual(new Set());
          expect(await openCodes(stores)).toEqual([]);
          expect(await quota.used("http:test", "day", 0)).toBe(1);
        },
      );

      test("notes no pictures of a settled job, whose record says which it has", async () => {
        const job = aJob({ delivery: open });
        const stores = await promised(done(job, { pictures: [] }));
        const { ledger, archive, pictures: index } = stores;
        await ledger.note(job.code, { pictures: [aPicture({ hash: "h" })] });
        expect((await archive.find(job.code))?.pictures).toEqual([]);
        expect(await index.known(["h"])).toEqual(new Set());
      });
    });

    test("lists what is not made yet, or made and not shown yet, oldest first", async () => {
      const jobs = [
        aJob({ state: "running", createdAt: 4 }),
        aJob({ createdAt: 1 }),
        done(aJob({ createdAt: 2 })),
        done(aJob({ createdAt: 3, delivery: open })),
        aJob({ createdAt: 5, delivery: { ...open, door: "discord" } }),
        done(aJob({ createdAt: 6, delivery: open })),
      ];
      const { ledger } = await promised(...jobs);
      await ledger.close(jobs[5]!.code, { state: "delivered", sends });
      expect(await ledger.open()).toEqual([jobs[1], jobs[3], jobs[0], jobs[4]]);
    });
  });
}
