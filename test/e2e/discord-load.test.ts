import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, describe, expect, test } from "vitest";
import { easel } from "../fakes/studio.ts";
import type { SentInteraction } from "../fakes/discord/interaction-view.ts";
import { openedDoor } from "../bots/discord/scene.ts";

const people = 100;
const each = 3;
const slots = 100;
/** Long enough that all have asked before the first picture is there, also where the machine is busy. */
const secondsPerPicture = 7;
/** A busy machine may take so much longer than Discord has patience: what counts here is processor time. */
const patienceMs = 120_000;

const report: string[] = [];
afterAll(() => console.info(report.join("\n")));

describe("The Discord door under load", () => {
  test("has time to acknowledge 300 interactions of one second, and serves them in a fair order", async () => {
    const begunOrders: string[] = [];
    const calm = easel({ auto: true });
    const provider = {
      ...calm,
      async generate(...[order, context]: Parameters<typeof calm.generate>) {
        begunOrders.push(order.prompt);
        await pause(secondsPerPicture * 1000);
        return calm.generate(order, context);
      },
    };
    const scene = await openedDoor({
      discord: { rateLimits: { perRoute: true, global: true }, answerWithinMs: patienceMs },
      studio: { slots, painter: provider },
      door: { progressEveryMs: 2_000 },
    });
    const { discord, guild, channel } = scene;
    const users = Array.from({ length: people }, () => discord.user());
    for (const user of users) discord.member(guild, user);

    const before = heapMiB();
    const sent: SentInteraction[] = [];
    const begun = performance.now();
    const workBefore = process.cpuUsage();
    for (const [index, user] of users.entries()) {
      for (let at = 0; at < each; at++) {
        sent.push(scene.imagine(`person ${index} picture ${at}`, { by: user, where: channel }));
      }
      await pause(1000 / people);
    }
    const isAcknowledged = ({ acknowledgedAfterMs }: SentInteraction) =>
      acknowledgedAfterMs !== undefined;
    await expect.poll(() => sent.every(isAcknowledged), { timeout: patienceMs }).toBe(true);
    const { user, system } = process.cpuUsage(workBefore);
    const workMs = (user + system) / 1000;
    const shown = () => discord.messages(channel).filter(({ files }) => files.length === 1).length;
    await expect.poll(shown, { timeout: 150_000, interval: 500 }).toBe(sent.length);
    const tookMs = performance.now() - begun;
    const slowest = Math.max(...sent.map(({ acknowledgedAfterMs = 0 }) => acknowledgedAfterMs));
    const limited = discord.calls.filter(({ status }) => status === 429).length;
    report.push(
      `all acknowledged with ${Math.round(workMs)} ms of work, the slowest after ${slowest} ms; all shown after ${Math.round(tookMs)} ms`,
      `${discord.calls.length} requests, ${limited} of them 429`,
    );

    // A second in which they come, and the three that each may take.
    expect(workMs).toBeLessThan(4_000);
    expect(discord.messages(channel)).toHaveLength(sent.length);
    expect(limited).toBe(0);
    // Who came first took the free slots; from then on everybody has a turn before anybody has another one.
    const next = begunOrders.slice(slots, slots + people / 2).map((prompt) => prompt.split(" ")[1]);
    expect(new Set(next).size).toBe(next.length);
    const grown = heapMiB() - before;
    report.push(`heap grown by ${Math.round(grown)} MiB, with all that the stand-in remembers`);
    expect(grown).toBeLessThan(60);
  });
});

/** The heap after a collection, so that only what is still in use counts. */
function heapMiB(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}
