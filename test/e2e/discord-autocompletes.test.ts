import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { openedDoor, type Scene } from "../bots/discord/scene.ts";
import type { SentInteraction } from "../fakes/discord/interaction-view.ts";

const tooLateMs = 3_000;

function types(scene: Scene, code: string, by = scene.anna): SentInteraction {
  const typed = { focused: "code", options: { code } };
  return scene.discord.autocomplete(by, scene.channel, "show", typed);
}

/** How many calls the stand-in took that answer interactions. */
function answersIn({ discord }: Scene): number {
  return discord.calls.filter(({ path }) => path.includes("callback")).length;
}

describe("While people type a lot in Discord, the door", () => {
  test("answers the newest of each person alone, and a command of another in time", async () => {
    const scene = await openedDoor();
    const { discord, guild, channel, ben } = scene;
    await scene.drawn("a cat");
    const people = Array.from({ length: 150 }, () => discord.user());
    for (const user of people) discord.member(guild, user);
    const before = answersIn(scene);
    const mine = Array.from({ length: 500 }, (_, at) => types(scene, `zi-${at}`));
    const others = people.flatMap((user) => [1, 2, 3].map((at) => types(scene, `zi-${at}`, user)));
    const queue = discord.slash(ben, channel, "queue");
    await queue.acknowledged();
    expect(queue.acknowledgedAfterMs).toBeLessThan(tooLateMs);
    expect((await mine.at(-1)!.acknowledged()).choices).toEqual([]);
    const calm = types(scene, "zi");
    expect((await calm.acknowledged()).choices).toHaveLength(1);
    const given = [...mine, ...others].filter(({ kind }) => kind !== undefined);
    expect(given.length).toBeGreaterThan(50);
    expect(mine.filter(({ kind }) => kind !== undefined).length).toBeLessThan(50);
    expect(answersIn(scene) - before).toBeLessThan(320);
    expect(discord.calls.filter(({ code }) => code === 10062)).toEqual([]);
  });

  test("drops what is too old to be shown", async () => {
    const scene = await openedDoor();
    const { discord, ben } = scene;
    const late = await types(scene, "zi").acknowledged();
    const before = answersIn(scene);
    await pause(2_600);
    discord.redeliver(late);
    await types(scene, "zi", ben).acknowledged();
    expect(answersIn(scene) - before).toBe(1);
  });
});
