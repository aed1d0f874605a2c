import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { translatorFor } from "../../../bots/i18n.ts";
import { aScene, type Scene } from "./scene.ts";

const t = translatorFor("en");

const editor = { id: "Edits", provider: "easel", sizes: { "1:1": "64x64" }, quality: {} } as const;

const anEditingScene = () =>
  aScene({ models: [{ ...editor, edits: { pictures: 4 } }], easel: { edit: "bytes" } });

function picture(width: number): Promise<Uint8Array> {
  const create = { width, height: 32, channels: 3, background: "red" } as const;
  return sharp({ create }).jpeg().toBuffer();
}

async function widths({ easel }: Scene, order: number): Promise<(number | undefined)[]> {
  const sources = easel.orders[order]?.sources ?? [];
  return Promise.all(sources.map(async ({ bytes }) => (await sharp(bytes).metadata()).width));
}

describe("A preset that is saved in Telegram", () => {
  test("keeps the pictures of an album, for every request that names it", async () => {
    const scene = await anEditingScene();
    const chat = scene.anna.id;
    const album = { chat, album: "a" };
    const caption = "/presets save owl {prompt} with this owl";
    await scene.say("", { ...album, photo: await picture(40), caption });
    await scene.say("", { ...album, photo: await picture(50) });
    await scene.saying(t("presets.saved", { name: "owl" }), chat);
    await scene.say("/draw a garden --preset owl", { chat });
    await scene.easel.begun(1);
    expect(await widths(scene, 0)).toEqual([40, 50]);
    expect(scene.easel.orders).toMatchObject([{ prompt: "a garden with this owl" }]);
  });

  test("keeps a picture that it answers, also one of the bot's, and those that are named", async () => {
    const scene = await anEditingScene();
    const chat = scene.anna.id;
    const drawn = await scene.drawn("a cat", { chat });
    const photo = await scene.say("", { chat, photo: await picture(40) });
    const { code } = await scene.newestJob();
    await scene.say(`/presets save both {prompt}, as here ${code}`, { chat, replyTo: photo });
    await scene.saying(t("presets.saved", { name: "both" }), chat);
    await scene.say("/presets save cat {prompt}, as here", { chat, replyTo: drawn });
    await scene.saying(t("presets.saved", { name: "cat" }), chat);
    await scene.say("/draw a garden --preset both", { chat });
    await scene.say("/draw a garden --preset cat", { chat });
    await scene.easel.begun(3);
    const orders = [await widths(scene, 1), await widths(scene, 2)];
    expect(orders.toSorted((a, b) => a.length - b.length)).toEqual([[64], [40, 64]]);
  });

  test("takes four pictures and no more, and fetches none of more", async () => {
    const scene = await anEditingScene();
    const chat = scene.anna.id;
    const photo = await picture(40);
    for (const index of [1, 2, 3, 4, 5]) {
      const caption = index === 1 ? "/presets save many {prompt}" : "";
      await scene.say("", { chat, album: "a", photo, caption });
    }
    await scene.saying("4 pictures at most", chat);
    expect(scene.telegram.callsOf("getFile")).toEqual([]);
  });

  test("takes none of what is only listed or shown", async () => {
    const scene = await anEditingScene();
    const chat = scene.anna.id;
    await scene.say("", { chat, photo: await picture(40), caption: "/presets" });
    await scene.saying(t("presets.use"), chat);
    expect(scene.telegram.callsOf("getFile")).toEqual([]);
  });
});
