import { describe, expect, test } from "vitest";
import { isFinished } from "../../core/job.ts";
import { aCluster } from "../fakes/postgres.ts";
import { type FleetStory, liveAsSix, slots } from "./fleet-story.ts";
import { randomNumbers } from "./random.ts";
import { shownOf } from "./report.ts";

/** `npm run chaos` wants many; a run of all tests has no time for them. */
const kills = Number(process.env.FLEET_KILLS ?? 3);
/** The same seed is the same plan; the machine decides what a moment meets. */
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000_007);
const longMs = 600_000 + kills * 20_000;

const cluster = aCluster({ durable: true });

describe(`six processes after ${kills} kills, a worker that overslept and a restart of the database`, () => {
  test("have lost nothing, shown nothing twice, and ordered no picture more often than it was cut off", {
    timeout: longMs,
  }, async () => {
    const plan = { kills, random: randomNumbers(seed), settleMs: 90_000 };
    const story = await liveAsSix(cluster, plan);
    console.log(report(story));
    const jobs = [...story.jobs.values()];
    expect(story.openPromises, "promises left open").toBe(0);
    expect(jobs.filter((job) => !isFinished(job))).toEqual([]);

    // What was acknowledged is there, once for each key, and was answered in the end.
    const acknowledged = story.people.wishes.flatMap(({ codes }) => [...codes]);
    expect(acknowledged.filter((code) => !story.jobs.has(code))).toEqual([]);
    const keys = jobs.flatMap(({ requester, key }) => (key ? [`${requester.id} ${key}`] : []));
    expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
    expect(story.picturesLost, "pictures lost").toBe(0);
    const failed = jobs.filter(({ error }) => error && error.code !== "interrupted");
    expect(failed.map(({ error }) => error)).toEqual([]);

    const { twice, silent } = shownOf(story, story);
    expect(twice, "shown twice").toEqual([]);
    expect(silent, "shown nowhere").toEqual([]);

    expect(story.mostBegun, "turns begun at once").toBeLessThanOrEqual(slots);

    const painted = [...story.painted.values()].flat();
    expect(Math.max(...painted), "orders of one picture").toBeLessThanOrEqual(2);
    const again = painted.filter((count) => count > 1).length;
    expect(again, "pictures ordered again").toBeLessThanOrEqual(story.cutOff);
  });
});

function report({ people, jobs, painted, kills: killed, cutOff, ...story }: FleetStory): string {
  const all = [...jobs.values()];
  const orders = [...painted.values()].flat();
  const figures = {
    "seed of this plan (CHAOS_SEED)": seed,
    "kills (FLEET_KILLS)": JSON.stringify(killed),
    "wishes over HTTP": people.wishes.length,
    "… answered with 200 in the end": story.replays.filter((status) => status === 200).length,
    "jobs over HTTP, Discord, Telegram": ["http", "discord", "telegram"]
      .map((door) => all.filter(({ delivery }) => delivery.door === door).length)
      .join(", "),
    "… done": all.filter(({ state }) => state === "done").length,
    "… failed, cut off twice": all.filter(({ error }) => error?.code === "interrupted").length,
    "promises left open": story.openPromises,
    "pictures ordered once": orders.filter((count) => count === 1).length,
    "… twice": orders.filter((count) => count === 2).length,
    "… more often": orders.filter((count) => count > 2).length,
    "at the service when a worker was killed": cutOff,
    "most turns begun, most at the service at once": `${story.mostBegun}, ${story.mostAtOnce}`,
    "pictures lost": story.picturesLost,
  };
  const lines = Object.entries(figures).map(([name, value]) => `  ${name.padEnd(44)}${value}`);
  return ["chaos of six processes:", ...lines].join("\n");
}
