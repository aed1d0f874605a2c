import { describe, expect, test } from "vitest";
import type { Enhancer } from "../../core/enhance.ts";
import { ImageError } from "../../core/errors.ts";
import { isFinished, isSpoiler } from "../../core/job.ts";
import type { Deliverer } from "../../core/studio/outbox.ts";
import { createPolicy, parseRules } from "../../core/policy.ts";
import { aStudio, easel, http, seedsOf, submission } from "../fakes/studio.ts";

const anna = { id: "http:anna" };
const boss = { id: "http:boss" };
const failed = (paid: boolean) =>
  new ImageError("provider-failed", {
    provider: "easel",
    fault: "server-error",
    transient: false,
    paid,
  });

const enhancing: Enhancer = async ({ words }) => ({
  prompt: `Enhanced ${words}`,
  suggestedRatio: "16:9",
  enhancement: {
    status: "enhanced",
    model: "llm",
    usage: { promptTokens: 1, completionTokens: 2 },
  },
});

async function allOf<T>(told: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const one of told) seen.push(one);
  return seen;
}

describe("Studio", () => {
  test("makes the picture that was asked for and keeps its recipe", async () => {
    const { studio, images } = aStudio();
    const request = { prompt: "a cat, ratio 16:9 --seed 7", negative: "dogs" };
    const job = await studio.finished((await studio.submit(request, submission())).code);
    expect(job.state).toBe("done");
    expect(job.recipe).toMatchObject({
      words: "a cat, ratio 16:9 --seed 7",
      prompt: "a cat",
      negative: "dogs",
      ratio: "16:9",
      width: 128,
      height: 72,
      seed: 7,
    });
    expect(job.pictures).toMatchObject([{ number: 1, seed: 7, width: 128, height: 72 }]);
    expect(images.kept.size).toBe(1);
    expect(await studio.find(job.code, anna)).toEqual(job);
  });

  test("has the job on disk before it answers", async () => {
    const { studio, archive } = aStudio({ easel: easel() });
    const { code } = await studio.submit({ prompt: "a cat" }, submission());
    expect((await archive.find(code))?.code).toBe(code);
  });

  test("gives several pictures of one job the seeds that follow", async () => {
    const { studio } = aStudio();
    const { code } = await studio.submit({ prompt: "x", count: 3, seed: 2147483646 }, submission());
    expect(seedsOf(await studio.finished(code))).toEqual([2147483646, 2147483647, 1]);
  });

  test("chooses different seeds for the same words", async () => {
    const { studio } = aStudio();
    const jobs = await Promise.all([1, 2].map(() => studio.submit({ prompt: "x" }, submission())));
    expect(new Set(jobs.map(({ brief }) => brief.seed)).size).toBe(2);
  });

  test("takes the enhancer's words and its ratio, but never over the person's own", async () => {
    const { studio } = aStudio({ enhance: enhancing });
    const make = async (prompt: string) =>
      (await studio.finished((await studio.submit({ prompt }, submission())).code)).recipe;
    expect(await make("a cat")).toMatchObject({ prompt: "Enhanced a cat", ratio: "16:9" });
    expect(await make("a cat, ratio 3:4")).toMatchObject({ ratio: "3:4" });
    expect(await make("a cat no-enhance")).toMatchObject({ prompt: "a cat", ratio: "1:1" });
  });

  test("paints the words as they are where there is no enhancer", async () => {
    const { studio } = aStudio();
    const { code } = await studio.submit({ prompt: "a cat --seed 7" }, submission());
    const { recipe } = await studio.finished(code);
    expect(recipe?.wording).toEqual({ prompt: "a cat", enhancement: { status: "off" } });
  });

  test("hides a picture whose enhanced words alone are to be hidden", async () => {
    const { rules } = parseRules('[{"word":"enhanced","action":"spoiler"}]');
    const policy = createPolicy(rules);
    const { studio, archive } = aStudio({ policy, enhance: enhancing });
    const job = await studio.submit({ prompt: "a cat" }, submission());
    expect(isSpoiler(job)).toBe(false);
    expect(isSpoiler(await studio.finished(job.code))).toBe(true);
    expect(isSpoiler((await archive.find(job.code))!)).toBe(true);
    const plain = await studio.submit({ prompt: "a cat --raw" }, submission());
    expect(isSpoiler(await studio.finished(plain.code))).toBe(false);
  });

  test("is the same job for the same key, and an error for another request with it", async () => {
    const { studio, easel: painter } = aStudio({ easel: easel() });
    const [first, second] = await Promise.all(
      [1, 2].map(() => studio.submit({ prompt: "a cat" }, submission("http:anna", "k"))),
    );
    expect(second?.code).toBe(first?.code);
    await painter.begun(1);
    await expect(
      studio.submit({ prompt: "a dog" }, submission("http:anna", "k")),
    ).rejects.toMatchObject({ code: "key-reused" });
    expect(painter.orders).toHaveLength(1);
  });

  test("delivers the pictures that were made when others of the same job fail", async () => {
    const painter = easel();
    const { studio } = aStudio({ easel: painter, slots: 3 });
    const { code } = await studio.submit({ prompt: "x", count: 3 }, submission());
    await painter.begun(3);
    painter.finish(failed(true));
    painter.finish();
    painter.finish();
    const job = await studio.finished(code);
    expect(job.pictures).toHaveLength(2);
    expect(job.notices).toContainEqual({
      code: "pictures-failed",
      failed: 1,
      of: 3,
      error: "provider-failed",
    });
  });

  test("fails with the provider's error when all pictures fail", async () => {
    const painter = easel();
    const { studio } = aStudio({ easel: painter });
    const { code } = await studio.submit({ prompt: "x" }, submission());
    await painter.begun(1);
    painter.finish(failed(true));
    expect(await studio.finished(code)).toMatchObject({
      state: "failed",
      error: { code: "provider-failed", details: { paid: true } },
    });
  });

  test("ends a call that takes too long", async () => {
    const { studio } = aStudio({ easel: easel(), timeoutMs: 30 });
    const { code } = await studio.submit({ prompt: "x" }, submission());
    expect(await studio.finished(code)).toMatchObject({ error: { code: "timed-out" } });
  });

  test("refuses words that the policy refuses, before anything is charged", async () => {
    const { rules } = parseRules('[{"word":"gun","action":"refuse","reason":"No weapons."}]');
    const { studio, easel: painter } = aStudio({ policy: createPolicy(rules), perDay: 1 });
    await expect(studio.submit({ prompt: "a GUN" }, submission())).rejects.toMatchObject({
      details: { reason: "No weapons." },
    });
    await expect(studio.submit({ prompt: "a flower" }, submission())).resolves.toBeDefined();
    expect(painter.orders.every(({ prompt }) => prompt === "a flower")).toBe(true);
  });

  describe("on waiting for the end", () => {
    test("answers no job that has not ended, also where it is not worked on", async () => {
      const before = aStudio({ easel: easel() });
      const { code } = await before.studio.submit({ prompt: "x" }, submission());
      const ended = before.studio.finished(code);
      await before.studio.stop(0);
      const restarting = { code: "restarting" };
      await expect(ended).rejects.toMatchObject(restarting);
      await expect(before.studio.finished(code)).rejects.toMatchObject(restarting);
      before.crash();
      const { studio } = aStudio({ directory: before.directory });
      await expect(studio.finished(code)).rejects.toMatchObject(restarting);
      await studio.resume();
      expect(await studio.finished(code)).toMatchObject({ state: "done" });
      expect(await studio.finished(code)).toMatchObject({ state: "done" });
    });

    test("is an error for a code that does not exist", async () => {
      const { studio } = aStudio();
      const missing = { code: "not-found" };
      await expect(studio.finished("zi-0000000000")).rejects.toMatchObject(missing);
      const watched = studio.watch("zi-0000000000")[Symbol.asyncIterator]();
      await expect(watched.next()).rejects.toMatchObject(missing);
    });
  });

  describe("on watching", () => {
    test("tells at once how a job stands, then each change, and last of all its end", async () => {
      const painter = easel();
      const { studio } = aStudio({ easel: painter, slots: 1 });
      await studio.submit({ prompt: "first" }, submission());
      const { code } = await studio.submit({ prompt: "second" }, submission());
      const watched = studio.watch(code, 3_600_000)[Symbol.asyncIterator]();
      const next = async (): Promise<unknown> => (await watched.next()).value;
      expect(await next()).toMatchObject({ state: "queued", position: { place: 1 } });
      await painter.begun(1);
      painter.finish();
      expect(await next()).toMatchObject({ state: "running", position: undefined });
      await painter.begun(2);
      painter.contexts[1]?.onProgress({ fraction: 0.5 });
      expect(await next()).toMatchObject({ state: "running", progress: { fraction: 0.5 } });
      painter.finish();
      expect(await next()).toMatchObject({ state: "running", stage: "finishing" });
      expect(await next()).toMatchObject({ state: "ended", job: { code, state: "done" } });
      expect(await watched.next()).toEqual({ done: true, value: undefined });
    });

    test("tells a watcher that looked away what it has missed, in one", async () => {
      const painter = easel();
      const { studio } = aStudio({ easel: painter });
      const { code } = await studio.submit({ prompt: "x" }, submission());
      await painter.begun(1);
      const watched = studio.watch(code, 3_600_000)[Symbol.asyncIterator]();
      await watched.next();
      for (const fraction of [0.1, 0.2, 0.3]) painter.contexts[0]?.onProgress({ fraction });
      expect((await watched.next()).value).toMatchObject({ progress: { fraction: 0.3 } });
      painter.finish();
      expect((await watched.next()).value).toMatchObject({ stage: "finishing" });
      expect((await watched.next()).value).toMatchObject({ state: "ended" });
    });

    test("tells it again and again where nothing changes", async () => {
      const painter = easel();
      const { studio } = aStudio({ easel: painter });
      const { code } = await studio.submit({ prompt: "x" }, submission());
      await painter.begun(1);
      const seen: string[] = [];
      for await (const { state } of studio.watch(code, 5)) {
        seen.push(state);
        if (seen.length === 5) painter.finish();
      }
      expect(seen.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => "running"));
      expect(seen.at(-1)).toBe("ended");
    });

    test("tells only the end of a job that has ended", async () => {
      const { studio } = aStudio();
      const { code } = await studio.submit({ prompt: "x" }, submission());
      const job = await studio.finished(code);
      const seen = await allOf(studio.watch(code));
      expect(seen).toEqual([{ state: "ended", job }]);
    });

    test("ends with the reason of a process that stops before the job has ended", async () => {
      const { studio } = aStudio({ easel: easel() });
      const { code } = await studio.submit({ prompt: "x" }, submission());
      const watched = allOf(studio.watch(code));
      await studio.stop(0);
      await expect(watched).rejects.toMatchObject({ code: "restarting" });
    });
  });

  describe("on cancelling", () => {
    test("takes a waiting job out of the line at once", async () => {
      const painter = easel();
      const { studio } = aStudio({ easel: painter, slots: 1 });
      await studio.submit({ prompt: "first" }, submission());
      const { code } = await studio.submit({ prompt: "second" }, submission());
      expect(await studio.cancel(code, anna)).toMatchObject({ state: "cancelled" });
      await painter.begun(1);
      painter.finish();
      expect(painter.orders.map(({ prompt }) => prompt)).toEqual(["first"]);
    });

    test("lets a call that cannot be stopped run on, holding its slot, and keeps its picture", async () => {
      const painter = easel({ cancel: "never" });
      const { studio, archive } = aStudio({ easel: painter, slots: 1 });
      const { code } = await studio.submit({ prompt: "x" }, submission());
      await painter.begun(1);
      expect(await studio.cancel(code, anna)).toMatchObject({ state: "cancelled", pictures: [] });
      const next = await studio.submit({ prompt: "next" }, submission());
      expect(painter.open).toBe(1);
      painter.finish();
      await painter.begun(2);
      painter.finish();
      await studio.finished(next.code);
      await expect.poll(async () => (await archive.find(code))?.pictures.length).toBe(1);
    });

    test("stops a call that can be stopped", async () => {
      const painter = easel({ cancel: "always" });
      const { studio } = aStudio({ easel: painter });
      const { code } = await studio.submit({ prompt: "x" }, submission());
      await painter.begun(1);
      await studio.cancel(code, anna);
      expect(painter.contexts[0]?.signal.aborted).toBe(true);
    });

    test("is for the owner and operators alone", async () => {
      const { studio } = aStudio({ easel: easel() });
      const { code } = await studio.submit({ prompt: "x" }, submission());
      await expect(studio.cancel(code, { id: "http:eve" })).rejects.toMatchObject({
        code: "not-yours",
      });
      await expect(studio.cancel(code, boss)).resolves.toMatchObject({ state: "cancelled" });
    });
  });

  describe("with a quota", () => {
    test("refuses what goes beyond it, and says what is left and until when", async () => {
      const { studio } = aStudio({ perDay: 3 });
      await studio.submit({ prompt: "x", count: 2 }, submission());
      await expect(studio.submit({ prompt: "x", count: 2 }, submission())).rejects.toMatchObject({
        code: "quota-exceeded",
        details: { window: "day", limit: 3, left: 1 },
      });
      await expect(studio.submit({ prompt: "x" }, submission())).resolves.toBeDefined();
      expect(await studio.quotaOf(anna)).toMatchObject([{ window: "day", left: 0 }]);
    });

    test("counts each user by himself, and operators not at all", async () => {
      const { studio } = aStudio({ perDay: 1 });
      await studio.submit({ prompt: "x" }, submission());
      await expect(studio.submit({ prompt: "x" }, submission("http:ben"))).resolves.toBeDefined();
      for (let n = 0; n < 3; n++) await studio.submit({ prompt: "x" }, submission("http:boss"));
    });

    test.each([
      ["fail", 0, async (painter: ReturnType<typeof easel>) => painter.finish(failed(false))],
    ])("gives back the pictures that %s", async (_, used, end) => {
      const painter = easel();
      const { studio } = aStudio({ easel: painter, perDay: 5 });
      const { code } = await studio.submit({ prompt: "x" }, submission());
      await painter.begun(1);
      await end(painter);
      await studio.finished(code);
      expect(await studio.quotaOf(anna)).toMatchObject([{ left: 5 - used }]);
    });

    test("gives back what was cancelled while waiting", async () => {
      const { studio } = aStudio({ easel: easel(), slots: 1, perDay: 5 });
      await studio.submit({ prompt: "first" }, submission());
      const { code } = await studio.submit({ prompt: "x", count: 4 }, submission());
      await studio.cancel(code, anna);
      expect(await studio.quotaOf(anna)).toMatchObject([{ left: 4 }]);
    });

    test("charges nothing for a request that the full line refuses", async () => {
      const { studio } = aStudio({ easel: easel(), slots: 1, perUser: 1, perDay: 5 });
      await studio.submit({ prompt: "1" }, submission());
      await studio.submit({ prompt: "2" }, submission());
      await expect(studio.submit({ prompt: "3" }, submission())).rejects.toMatchObject({
        code: "queue-full",
      });
      expect(await studio.quotaOf(anna)).toMatchObject([{ left: 3 }]);
    });
  });

  describe("on looking up", () => {
    test("shows a job to whoever has its code, a private one to its owner and operators", async () => {
      const { studio } = aStudio();
      const open = await studio.submit({ prompt: "x" }, submission());
      const closed = await studio.submit({ prompt: "x" }, { ...submission(), private: true });
      const eve = { id: "http:eve" };
      await expect(studio.find(open.code, eve)).resolves.toBeDefined();
      await expect(studio.find(closed.code, eve)).rejects.toMatchObject({ code: "not-found" });
      await expect(studio.find(closed.code, boss)).resolves.toBeDefined();
      await expect(studio.find(closed.code, anna)).resolves.toBeDefined();
    });

    test("shows a private job to all who have its code once it is published, before its end or after", async () => {
      const painter = easel();
      const { studio, archive } = aStudio({ easel: painter });
      const { code } = await studio.submit({ prompt: "x" }, { ...submission(), private: true });
      const eve = { id: "http:eve" };
      await expect(studio.publish(code, eve)).rejects.toMatchObject({ code: "not-found" });
      await painter.begun(1);
      expect(await studio.publish(code, anna)).toMatchObject({ code, private: false });
      await expect(studio.find(code, eve)).resolves.toMatchObject({ code });
      painter.finish();
      expect(await studio.finished(code)).toMatchObject({ state: "done", private: false });
      expect(await archive.find(code)).toMatchObject({ private: false });
    });

    test("makes whoever guesses codes wait, and nobody else", async () => {
      let time = 0;
      const { studio } = aStudio({ now: () => time, elapsed: () => time });
      const { code } = await studio.submit({ prompt: "x" }, submission());
      const eve = { id: "http:eve" };
      for (let n = 0; n < 10; n++) {
        await expect(studio.find("zi-0000000000", eve)).rejects.toMatchObject({
          code: "not-found",
        });
      }
      await expect(studio.find(code, eve)).rejects.toMatchObject({ code: "too-many-lookups" });
      await expect(studio.find(code, anna)).resolves.toBeDefined();
      const own = await studio.submit({ prompt: "y" }, { ...submission(), requester: eve });
      await expect(studio.find(own.code, eve)).resolves.toBeDefined();
      time += 60_000;
      await expect(studio.find(code, eve)).resolves.toBeDefined();
    });
  });

  describe("on making a picture again", () => {
    async function made(enhance: Enhancer = enhancing) {
      const test = aStudio({ enhance });
      const { code } = await test.studio.submit({ prompt: "a cat --no dogs" }, submission());
      const parent = await test.studio.finished(code);
      const again = async (changes: Parameters<typeof test.studio.again>[1]) => {
        const job = await test.studio.again(parent.code, changes, submission("http:ben"));
        return test.studio.finished(job.code);
      };
      return { ...test, parent, again };
    }

    test("keeps everything when nothing is to change, and remembers the parent", async () => {
      const { parent, again } = await made();
      const job = await again({});
      expect(job.recipe).toEqual(parent.recipe);
      expect(job).toMatchObject({ parent: parent.code, requester: { id: "http:ben" } });
    });

    test("changes the seed alone", async () => {
      const { parent, again } = await made();
      const { recipe } = await again({ seed: "new" });
      expect(recipe).toEqual({ ...parent.recipe, seed: recipe?.seed });
      expect(recipe?.seed).not.toBe(parent.recipe?.seed);
    });

    test("paints the person's own words, at the same size", async () => {
      const { again } = await made();
      const { recipe } = await again({ wording: "own" });
      expect(recipe).toMatchObject({ prompt: "a cat", ratio: "16:9", negative: "dogs" });
    });

    test("takes another ratio with the same seed and words", async () => {
      const { parent, again } = await made();
      const { recipe } = await again({ ratio: "3:4" });
      expect(recipe).toMatchObject({ ratio: "3:4", width: 96, seed: parent.recipe?.seed });
      expect(recipe?.prompt).toBe("Enhanced a cat");
      await expect(again({ ratio: "1:11" })).rejects.toMatchObject({ code: "invalid-request" });
    });

    test("words changed words anew", async () => {
      const { again } = await made();
      const { recipe } = await again({ prompt: "a fox" });
      expect(recipe).toMatchObject({ prompt: "Enhanced a fox", words: "a fox" });
    });
  });

  describe("after a crash", () => {
    test("goes on with a job that was waiting, as if nothing had happened", async () => {
      const before = aStudio({ easel: easel(), slots: 1 });
      await before.studio.submit({ prompt: "first" }, submission());
      const { code, brief } = await before.studio.submit({ prompt: "second" }, submission());
      await before.easel.begun(1);
      before.crash();
      const { studio } = aStudio({ directory: before.directory });
      expect(await studio.resume()).toHaveLength(2);
      const job = await studio.finished(code);
      expect(job).toMatchObject({ state: "done", notices: [] });
      expect(seedsOf(job)).toEqual([brief.seed]);
    });

    test("asks once more for a picture that was at a paid service, and says so", async () => {
      const before = aStudio({ easel: easel() });
      const { code } = await before.studio.submit({ prompt: "x" }, submission());
      await before.easel.begun(1);
      before.crash();
      const { studio } = aStudio({ directory: before.directory });
      await studio.resume();
      expect((await studio.finished(code)).notices).toEqual([{ code: "asked-twice" }]);
    });

    test("does not ask a third time", async () => {
      const first = aStudio({ easel: easel() });
      const { code } = await first.studio.submit({ prompt: "x" }, submission("http:anna", "k"));
      await first.easel.begun(1);
      first.crash();
      const second = aStudio({ easel: easel(), directory: first.directory });
      await second.studio.resume();
      await second.easel.begun(1);
      second.crash();
      const { studio, easel: painter } = aStudio({ directory: first.directory });
      expect(await studio.resume()).toEqual([]);
      const replayed = await studio.submit({ prompt: "x" }, submission("http:anna", "k"));
      expect(replayed).toMatchObject({ code, state: "failed", error: { code: "interrupted" } });
      expect(painter.orders).toEqual([]);
    });

    test("asks only for the pictures that are missing", async () => {
      const before = aStudio({ easel: easel(), slots: 2 });
      const { code } = await before.studio.submit({ prompt: "x", count: 2, seed: 5 }, submission());
      await before.easel.begun(2);
      before.easel.finish();
      await expect.poll(async () => (await before.archive.find(code))?.pictures.length).toBe(1);
      before.crash();
      const { studio, easel: painter } = aStudio({ directory: before.directory });
      await studio.resume();
      expect(seedsOf(await studio.finished(code))).toEqual([5, 6]);
      expect(painter.orders).toHaveLength(1);
    });

    test("gives up what is older than its time, and gives back what it cost", async () => {
      const before = aStudio({ easel: easel(), perDay: 5 });
      const { code } = await before.studio.submit({ prompt: "x" }, submission());
      before.crash();
      const later = aStudio({ directory: before.directory, perDay: 5, ttlMs: -1 });
      expect(await later.studio.resume()).toEqual([]);
      expect(await later.studio.finished(code)).toMatchObject({
        state: "failed",
        error: { code: "expired" },
      });
      expect(await later.studio.quotaOf(anna)).toMatchObject([{ left: 5 }]);
    });
  });

  test("leaves waiting work on disk when it stops, and lets a call under way end", async () => {
    const painter = easel();
    const { studio, archive } = aStudio({ easel: painter, slots: 1 });
    const running = await studio.submit({ prompt: "first" }, submission());
    const waiting = await studio.submit({ prompt: "second" }, submission());
    await painter.begun(1);
    const stopped = studio.stop(5000);
    await expect(studio.submit({ prompt: "late" }, submission())).rejects.toMatchObject({
      code: "restarting",
    });
    painter.finish();
    await stopped;
    expect((await archive.find(running.code))?.state).toBe("done");
    expect((await archive.find(waiting.code))?.state).toBe("queued");
  });

  test("erases all of a requester's jobs and pictures, and nobody else's", async () => {
    const { studio, images } = aStudio({ perDay: 5 });
    const mine = await studio.submit({ prompt: "x" }, submission());
    const other = await studio.submit({ prompt: "x" }, submission("http:ben"));
    await Promise.all([mine, other].map(({ code }) => studio.finished(code)));
    await studio.forget(anna);
    await expect(studio.find(mine.code, boss)).rejects.toMatchObject({ code: "not-found" });
    await expect(studio.find(other.code, boss)).resolves.toBeDefined();
    expect(images.kept.size).toBe(1);
    expect(await studio.quotaOf(anna)).toMatchObject([{ left: 4 }]);
  });
});

describe("Outbox", () => {
  const place = { door: "chat", place: { chat: 1 } };
  const asking = { requester: anna, delivery: place };
  const accompany = async () => {};

  test("delivers a finished job, trying again until it succeeds", async () => {
    let failures = 2;
    const shown: string[] = [];
    const deliverer: Deliverer = {
      accompany,
      async deliver(job) {
        if (failures-- > 0) throw new Error("the network is down");
        shown.push(job.code);
        return "delivered";
      },
      async apologise() {},
    };
    const { studio, archive } = aStudio({ deliverers: new Map([["chat", deliverer]]) });
    const { code } = await studio.submit({ prompt: "x" }, asking);
    await expect.poll(async () => (await archive.find(code))?.delivery.state).toBe("delivered");
    expect(shown).toEqual([code]);
  });

  test("paints nothing before the door has announced the job, and nothing at all where the door ends it", async () => {
    const painter = easel();
    const announcing = new Map<string, () => void>();
    const deliverer: Deliverer = {
      announce: ({ brief }) =>
        new Promise((resolve) => announcing.set(brief.words, () => resolve())),
      accompany,
      deliver: async () => "delivered",
      async apologise() {},
    };
    const { studio, archive } = aStudio({
      easel: painter,
      perDay: 1,
      deliverers: new Map([["chat", deliverer]]),
    });
    const { code } = await studio.submit({ prompt: "refused" }, asking);
    await studio.cancel(code, anna);
    announcing.get("refused")?.();
    await expect.poll(async () => (await archive.find(code))?.delivery.state).toBe("delivered");
    await studio.submit({ prompt: "welcome" }, asking);
    expect(painter.orders).toEqual([]);
    announcing.get("welcome")?.();
    await painter.begun(1);
    expect(painter.orders.map(({ prompt }) => prompt)).toEqual(["welcome"]);
    painter.finish();
  });

  test("lets the door show how a job stands until it is finished, and only then deliver it", async () => {
    const painter = easel();
    const seen: string[] = [];
    const deliverer: Deliverer = {
      async accompany(_, sends, standing, ended) {
        await sends.once("status", async () => 7);
        seen.push(standing.now()?.state ?? "over");
        await new Promise((resolve) => ended.addEventListener("abort", resolve));
        seen.push("ended");
      },
      async deliver(job, sends) {
        seen.push(job.state, JSON.stringify(await sends.once("status", async () => 8)));
        return "delivered";
      },
      async apologise() {},
    };
    const test = aStudio({ easel: painter, deliverers: new Map([["chat", deliverer]]) });
    const { code } = await test.studio.submit({ prompt: "x" }, asking);
    await painter.begun(1);
    await expect.poll(() => seen).toHaveLength(1);
    painter.finish();
    await expect
      .poll(async () => (await test.archive.find(code))?.delivery.state)
      .toBe("delivered");
    expect(seen.slice(1)).toEqual(["ended", "done", "7"]);
  });

  test("delivers after a restart what was finished before, and sends nothing twice", async () => {
    let sent = 0;
    const dying: Deliverer = {
      accompany,
      async deliver(_, sends) {
        await sends.once("photo", async () => {
          sent++;
          throw new Error("the connection broke: it may have arrived");
        });
        return "delivered";
      },
      async apologise() {},
    };
    const before = aStudio({ deliverers: new Map([["chat", dying]]) });
    const { code } = await before.studio.submit({ prompt: "x" }, asking);
    await expect.poll(() => sent).toBe(1);
    await before.studio.stop(1000);
    before.crash();
    const after = aStudio({
      directory: before.directory,
      deliverers: new Map([["chat", dying]]),
    });
    await after.studio.resume();
    await expect
      .poll(async () => (await after.archive.find(code))?.delivery.state)
      .toBe("delivered");
    expect(sent).toBe(1);
  });

  test("answers what an earlier send has answered", async () => {
    let fails = true;
    const answers: unknown[] = [];
    const deliverer: Deliverer = {
      accompany,
      async deliver(_, sends) {
        answers.push(await sends.once("photo", async () => ({ id: answers.length })));
        if (fails) {
          fails = false;
          throw new Error("the edit after it failed");
        }
        return "delivered";
      },
      async apologise() {},
    };
    const { studio } = aStudio({ deliverers: new Map([["chat", deliverer]]) });
    await studio.submit({ prompt: "x" }, asking);
    await expect.poll(() => answers).toEqual([{ id: 0 }, { id: 0 }]);
  });

  test("tells a door what is recorded about a send, without sending", async () => {
    const found: unknown[] = [];
    let broken = true;
    const deliverer: Deliverer = {
      accompany,
      async deliver(_, sends) {
        found.push(sends.find("photo"), sends.find("album"));
        if (!broken) return "delivered";
        broken = false;
        await sends.once("photo", async () => 7);
        found.push(sends.find("photo"));
        await sends.once("album", () => Promise.reject(new Error("it may have arrived")));
        return "delivered";
      },
      async apologise() {},
    };
    const { studio, archive } = aStudio({
      deliverers: new Map([["chat", deliverer]]),
      now: () => 5,
    });
    const { code } = await studio.submit({ prompt: "x" }, asking);
    await expect.poll(async () => (await archive.find(code))?.delivery.state).toBe("delivered");
    const photo = { begunAt: 5, answer: 7 };
    expect(found).toEqual([undefined, undefined, photo, photo, { begunAt: 5 }]);
    expect((await archive.find(code))?.delivery.sends).toEqual({ photo, album: { begunAt: 5 } });
  });

  test("apologises once for a picture that comes too late", async () => {
    const told: string[] = [];
    const deliverer: Deliverer = {
      accompany,
      async deliver() {
        told.push("delivered");
        return "delivered";
      },
      async apologise() {
        told.push("apologised");
      },
    };
    const before = aStudio();
    const { code } = await before.studio.submit({ prompt: "x" }, asking);
    await before.studio.finished(code);
    before.crash();
    const options = { directory: before.directory, ttlMs: -1 };
    for (let start = 0; start < 2; start++) {
      const after = aStudio({ ...options, deliverers: new Map([["chat", deliverer]]) });
      await after.studio.resume();
      await expect
        .poll(async () => (await after.archive.find(code))?.delivery.state)
        .toBe("expired");
      await after.studio.stop(100);
      after.crash();
    }
    expect(told).toEqual(["apologised"]);
  });
});

test("a job is finished when it is done, failed or cancelled", () => {
  const states = ["queued", "running", "done", "failed", "cancelled"] as const;
  expect(states.map((state) => isFinished({ state }))).toEqual([false, false, true, true, true]);
  expect(http.door).toBe("http");
});
