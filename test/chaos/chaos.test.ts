import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isFinished, type Job } from "../../core/job.ts";
import { anInstallation, type Installation } from "./installation.ts";
import { randomNumbers } from "./random.ts";
import { report, shownOf } from "./report.ts";
import { liveThrough, type Story } from "./story.ts";

/** `npm run chaos` wants many; a run of all tests has no time for them. */
const kills = Number(process.env.CHAOS_KILLS ?? 3);
/** The same seed is the same plan of troubles and moments; the machine decides what a moment meets. */
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000_007);

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup();
});

describe(`after ${kills} kills among troubles of services, chats, disk and clock`, () => {
  let story: Story;
  let installation: Installation;

  beforeAll(
    async () => {
      installation = await anInstallation((task) => void cleanups.push(task));
      const plan = { kills, random: randomNumbers(seed), settleMs: 60_000 + kills * 1000 };
      story = await liveThrough(installation, plan);
      console.log(report(story, installation, seed));
    },
    120_000 + kills * 15_000,
  );

  const jobsOf = (door?: string): Job[] =>
    [...story.jobs.values()].filter(({ delivery }) => !door || delivery.door === door);

  test("its process ended only when it was told to, and met no bug", () => {
    expect(story.crashes).toBe(0);
    expect(installation.bugs).toEqual([]);
  });

  test("every job has its end, and nothing is open any more", () => {
    expect(jobsOf().filter((job) => !isFinished(job))).toEqual([]);
    expect(story.openPromises).toBe(0);
  });

  test("every job that was acknowledged is there, and no key has two", () => {
    const acknowledged = story.people.wishes.flatMap(({ codes }) => [...codes]);
    expect(acknowledged.filter((code) => !story.jobs.has(code))).toEqual([]);
    const keys = jobsOf().flatMap(({ requester, key }) => (key ? [`${requester.id} ${key}`] : []));
    expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
  });

  test("every wish over HTTP was answered in the end, and nobody was told to wait for long", () => {
    expect(story.replays.filter(({ response }) => !response)).toEqual([]);
    const waits = story.people.wishes.map(({ retryAfterS }) => retryAfterS);
    expect(Math.max(0, ...waits)).toBeLessThanOrEqual(600);
  });

  test("no picture was painted more than twice", () => {
    for (const job of jobsOf()) {
      const painted = story.painted.get(job.code) ?? [];
      expect(Math.max(0, ...painted), `paintings for ${job.code}`).toBeLessThanOrEqual(2);
    }
  });

  test("no picture is shown twice in a chat, and none is missing without a word", () => {
    const { twice, silent } = shownOf(story, installation);
    expect(twice).toEqual([]);
    expect(silent).toEqual([]);
  });

  test("every picture that a job has can be fetched", () => {
    expect(story.picturesLost).toBe(0);
  });

  test("exactly what jobs account for is charged", () => {
    expect(story.overcharged.filter((count) => count !== 0)).toEqual([]);
  });
});
