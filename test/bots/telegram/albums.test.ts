import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { Message } from "grammy/types";
import { Albums, Taken, takenParts } from "../../../bots/telegram/albums.ts";
import { memorySettings } from "../../fakes/settings.ts";
import { aScene, eventually, type Scene } from "./scene.ts";

const editor = { id: "Edits", provider: "easel", sizes: { "1:1": "64x64" }, quality: {} } as const;

const aScenePushed = (pushed: boolean) =>
  aScene({
    models: [{ ...editor, edits: { pictures: 4 } }],
    easel: { edit: "bytes" },
    door: pushed ? { webhook: { url: "http://127.0.0.1:9/hook", secret: "right" } } : {},
  });

/** Sends an album with a command below its second picture. */
async function sendAlbum({ say, anna }: Scene): Promise<void> {
  for (const [index, width] of [40, 50, 60].entries()) {
    const create = { width, height: 32, channels: 3, background: "red" } as const;
    const photo = await sharp({ create }).jpeg().toBuffer();
    const caption = index === 1 ? "/draw side by side" : "";
    await say("", { chat: anna.id, album: "a", photo, caption });
  }
}

/** Hands over the oldest update as the platform does: the next one of a chat only once this one was confirmed. */
async function handOver({ door, telegram }: Scene, at: number): Promise<number | undefined> {
  const body = JSON.stringify(telegram.pendingUpdates[at]);
  const headers = { "x-telegram-bot-api-secret-token": "right" };
  return (await door.webhook?.(new Request("http://a/", { method: "POST", headers, body })))
    ?.status;
}

async function handOverAll(scene: Scene): Promise<void> {
  for (const at of [0, 1, 2]) expect(await handOver(scene, at)).toBe(200);
}

async function widths({ easel }: Scene): Promise<(number | undefined)[]> {
  const sources = easel.orders[0]?.sources ?? [];
  return Promise.all(sources.map(async ({ bytes }) => (await sharp(bytes).metadata()).width));
}

const connected = (scene: Scene) => eventually(() => expect(scene.door.state).toBe("connected"));

describe("An album that is sent to the Telegram door", () => {
  test("is one request where its pictures are pushed one by one", async () => {
    const scene = await aScenePushed(true);
    await connected(scene);
    await sendAlbum(scene);
    await handOverAll(scene);
    await scene.easel.begun(1);
    expect(await widths(scene)).toEqual([40, 50, 60]);
    await eventually(() => expect([...scene.settings.kept.values()]).toEqual([{}]));
    expect(
      await scene.studio.history({ id: `telegram:${scene.anna.id}` }, { limit: 9 }),
    ).toHaveLength(1);
  });

  test("is not lost with a process that dies while it collects the pictures", async () => {
    const scene = await aScenePushed(true);
    await connected(scene);
    await sendAlbum(scene);
    await handOverAll(scene);
    await scene.crash();
    await scene.restart();
    await scene.easel.begun(1);
    expect(await widths(scene)).toEqual([40, 50, 60]);
    await scene.paint();
    await scene.telegram.until(() => scene.pictures(scene.anna.id).length === 1);
  });

  test("is not lost with a process that dies between two of its pictures", async () => {
    const scene = await aScenePushed(true);
    await connected(scene);
    await sendAlbum(scene);
    for (const at of [0, 1]) expect(await handOver(scene, at)).toBe(200);
    await scene.crash();
    await scene.restart();
    await connected(scene);
    expect(await handOver(scene, 2)).toBe(200);
    await scene.easel.begun(1);
    expect(await widths(scene)).toEqual([40, 50, 60]);
  });

  test("is painted once where the process dies after it was accepted", async () => {
    const scene = await aScenePushed(true);
    await connected(scene);
    await sendAlbum(scene);
    const set = scene.settings.set.bind(scene.settings);
    scene.settings.set = async (scope, changes) => {
      // What has been dealt with is never forgotten.
      if (changes.taken) await set(scope, changes);
    };
    await handOverAll(scene);
    await scene.easel.begun(1);
    await scene.crash();
    scene.settings.set = set;
    await scene.restart();
    await scene.paint();
    await scene.telegram.until(() => scene.pictures(scene.anna.id).length === 1);
    await eventually(() => expect([...scene.settings.kept.values()]).toEqual([{}]));
    expect(
      await scene.studio.history({ id: `telegram:${scene.anna.id}` }, { limit: 9 }),
    ).toHaveLength(1);
  });

  test("is not lost with a process that polls and dies while it collects the pictures", async () => {
    const scene = await aScenePushed(false);
    await connected(scene);
    await sendAlbum(scene);
    await scene.settled();
    await scene.crash();
    await scene.restart();
    await scene.easel.begun(1);
    expect(await widths(scene)).toEqual([40, 50, 60]);
  });
});

describe("An album whose parts are pushed to several processes", () => {
  test("is whole in each of them, and leaves nothing behind", async () => {
    const settings = memorySettings();
    const works: Promise<unknown>[] = [];
    const later = (work: () => Promise<unknown>) => void works.push(work());
    const seen: number[][] = [];
    const aProcess = () => {
      const albums = new Albums(takenParts({ settings }, "1"));
      const taken = new Taken({ settings, albums, later }, "1");
      return async (message_id: number, media_group_id = "a") => {
        const message = { message_id, media_group_id, chat: { id: 5 } } as unknown as Message;
        albums.note(message);
        await taken.add(message, async () => {
          seen.push((await albums.whole(message)).map((part) => part.message_id));
        });
      };
    };
    const [first, second] = [aProcess(), aProcess()];
    await first(21);
    await Promise.all([second(22), first(23), second(40, "another")]);
    for (const work of works) await work;
    expect(seen.toSorted()).toEqual([[21, 22, 23], [21, 22, 23], [21, 22, 23], [40]]);
    for (const work of works) await work;
    expect([...settings.kept.values()].filter(({ taken }) => taken)).toEqual([]);
  });
});
