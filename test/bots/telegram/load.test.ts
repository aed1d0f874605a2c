import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { User } from "grammy/types";
import { describe, expect, test } from "vitest";
import type { FloodRules } from "../../fakes/telegram/flood.ts";
import { undelivered } from "../../fakes/studio.ts";
import { eventually, aScene, type Scene } from "./scene.ts";

/** The platform's rules with all times a fifth as long, as the door's own pace is. */
const scale = 0.2;
const rules: FloodRules = {
  perChat: { limit: 5, windowMs: 5_000 * scale },
  perGroup: { limit: 20, windowMs: 60_000 * scale },
  overall: { limit: 30, windowMs: 1_000 * scale },
};
const editEveryMs = { private: 3_000 * scale, group: 6_000 * scale };
const messageEveryMs = 40 * scale;

interface Crowd {
  readonly chats: readonly number[];
  readonly users: readonly { readonly user: User; readonly chat: number }[];
}

/** Ten users in each chat. */
function gather({ telegram }: Scene, chatCount: number): Crowd {
  const chats: number[] = [];
  const users: { user: User; chat: number }[] = [];
  for (let at = 0; at < chatCount; at++) {
    const members = Array.from({ length: 10 }, () => telegram.addUser());
    const chat = telegram.addGroup({ supergroup: true, members });
    chats.push(chat);
    users.push(...members.map((user) => ({ user, chat })));
  }
  return { chats, users };
}

/** Paints whatever is asked for until there are so many pictures in all. */
async function paintAll(scene: Scene, count: number, chats: readonly number[]): Promise<void> {
  const shown = () => chats.reduce((sum, chat) => sum + scene.pictures(chat).length, 0);
  const painting = setInterval(() => scene.easel.finish(), 5);
  await scene.telegram.until(() => shown() >= count).finally(() => clearInterval(painting));
}

function heapAfterCollecting(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}

describe("The Telegram door under load", () => {
  test("serves 200 users in 20 chats in a fair order, without an edit storm, with flat memory", async () => {
    const scene = await aScene({
      studio: { slots: 4, perUser: 20 },
      door: { editEveryMs, messageEveryMs },
      telegram: { flood: { rules } },
    });
    const { telegram } = scene;
    const { users, chats } = gather(scene, 20);
    const [greedy] = users;
    const more = 10;
    const heap = heapAfterCollecting();
    for (let at = 0; at < more; at++) {
      await scene.say(`/draw greedy ${at}`, { by: greedy!.user, chat: greedy!.chat });
    }
    const startedAt = telegram.clock.now();
    for (const [at, { user, chat }] of users.entries()) {
      await scene.say(`/draw picture ${at}`, { by: user, chat });
    }
    await scene.settled();
    await paintAll(scene, users.length + more, chats);
    const tookMs = telegram.clock.now() - startedAt;

    for (const chat of chats) {
      const expected = chat === greedy!.chat ? 10 + more : 10;
      expect(scene.pictures(chat)).toHaveLength(expected);
      expect(scene.ofBot(chat)).toHaveLength(expected);
    }
    // Taking turns, the greedy one's pictures after the first ones wait for everybody's first.
    const prompts = scene.easel.orders.map(({ prompt }) => prompt);
    const served = prompts.indexOf("greedy 6");
    const before = prompts.slice(0, served).filter((prompt) => prompt.startsWith("picture"));
    expect(before.length).toBeGreaterThan(190);
    expect(telegram.flood.refusals.length).toBeGreaterThan(0);
    expect(telegram.flood.refusals.filter(({ early }) => early)).toEqual([]);
    const edits = telegram.callsOf("editMessageText").length;
    expect(edits).toBeLessThanOrEqual(chats.length * (tookMs / editEveryMs.group + 1));
    // 210 pictures, with all that the stand-in remembers of them.
    const grown = heapAfterCollecting() - heap;
    console.info(`heap grown by ${Math.round(grown / 2 ** 20)} MiB`);
    expect(grown).toBeLessThan(40 * 2 ** 20);
  });

  test("keeps its memory flat, also where it has to wait", async () => {
    const scene = await aScene({
      studio: { slots: 4 },
      door: { editEveryMs, messageEveryMs: 2 },
    });
    const { users, chats } = gather(scene, 5);
    const heaps: number[] = [];
    for (let wave = 1; wave <= 4; wave++) {
      scene.telegram.faults.floodNext("editMessageMedia", 0.05, 10);
      for (const { user, chat } of users) await scene.say("/draw a cat", { by: user, chat });
      await paintAll(scene, users.length * wave, chats);
      await eventually(async () =>
        expect(await undelivered(scene.stores, "telegram")).toHaveLength(0),
      );
      heaps.push(heapAfterCollecting());
    }
    // What grows is the stand-in's memory of its chats and calls.
    expect(scene.telegram.faults.left).toBe(0);
    expect((heaps[3] ?? Infinity) - (heaps[1] ?? 0)).toBeLessThan(12_000_000);
  });
});
