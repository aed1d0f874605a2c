import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { translatorFor } from "../../../bots/i18n.ts";
import { aScene, eventually, labels, type Scene, testModel } from "./scene.ts";

const t = translatorFor("en");

/** A picture in one colour, whose shape tells which one it is. */
function picture(width: number, format: "jpeg" | "webp" = "jpeg"): Promise<Uint8Array> {
  const create = { width, height: 32, channels: 3, background: "red" } as const;
  return sharp({ create })[format]().toBuffer();
}

const editor = { id: "Edits", provider: "easel", sizes: { "1:1": "64x64" }, quality: {} } as const;

/** A door with a model that edits so many pictures at once, beside one that edits none. */
const editing = (pictures: number) =>
  aScene({
    models: [testModel, { ...editor, edits: { pictures } }],
    easel: { edit: "bytes" },
  });

/** How wide the pictures are that the service got to edit. */
async function widths({ easel }: Scene, order = 0): Promise<(number | undefined)[]> {
  const sources = easel.orders[order]?.sources ?? [];
  return Promise.all(sources.map(async ({ bytes }) => (await sharp(bytes).metadata()).width));
}

describe("Changing pictures through the Telegram door", () => {
  test("takes all of an album, in its order, by the command in its caption", async () => {
    const scene = await editing(4);
    const chat = scene.anna.id;
    const more = { chat, album: "a" };
    await scene.say("", { ...more, photo: await picture(40), caption: "/draw side by side" });
    for (const width of [50, 60]) await scene.say("", { ...more, photo: await picture(width) });
    await scene.easel.begun(1);
    expect(await widths(scene)).toEqual([40, 50, 60]);
    await scene.settled();
    expect(scene.ofBot(chat)).toHaveLength(1);
  });

  test("takes all of an album by an answer to one of its pictures", async () => {
    const scene = await editing(4);
    const chat = scene.anna.id;
    const sent = [];
    for (const width of [40, 50]) {
      sent.push(await scene.say("", { chat, album: "a", photo: await picture(width) }));
    }
    await scene.saying(t("ask.change"), chat);
    await scene.say("/draw side by side", { chat, replyTo: sent[1]! });
    await scene.easel.begun(1);
    expect(await widths(scene)).toEqual([40, 50]);
    expect(scene.ofBot(chat).filter(({ text }) => text === t("ask.change"))).toHaveLength(1);
  });

  test("says which pictures were used where the model takes fewer", async () => {
    const scene = await editing(2);
    const chat = scene.anna.id;
    const more = { chat, album: "a" };
    await scene.say("", { ...more, photo: await picture(40), caption: "/draw side by side" });
    for (const width of [50, 60]) await scene.say("", { ...more, photo: await picture(width) });
    await scene.easel.begun(1);
    expect(await widths(scene)).toEqual([40, 50]);
    scene.easel.finish();
    const details = { model: "Edits", used: 2, of: 3 };
    await scene.saying(t("notices.pictures-left-out", details), chat);
  });

  test("says so where the platform shows only one picture of an album", async () => {
    const scene = await editing(4);
    const more = { album: "a", photo: await picture(40) };
    await scene.say("", { ...more, caption: "/draw make it night" });
    await scene.say("", more);
    await scene.easel.begun(1);
    expect(await widths(scene)).toEqual([40]);
    scene.easel.finish();
    await scene.saying(t("notices.album-part"));
  });

  test("takes a sticker that does not move, and refuses one that does", async () => {
    const scene = await editing(1);
    const bytes = await picture(48, "webp");
    const still = await scene.say("", { sticker: { bytes } });
    await scene.say("/draw as a statue", { replyTo: still });
    await scene.easel.begun(1);
    expect(await widths(scene)).toEqual([48]);
    const moving = await scene.say("", { sticker: { bytes, moving: true } });
    await scene.say("/draw as a statue", { replyTo: moving });
    await scene.saying(t("ask.onlyStill"));
    expect(scene.easel.orders).toHaveLength(1);
  });

  test("changes its own picture by an answer in plain words, in a private chat alone", async () => {
    const scene = await editing(1);
    const chat = scene.anna.id;
    const own = await scene.drawn("a cat", { chat });
    await scene.say("make it night", { chat, replyTo: own });
    await scene.easel.begun(2);
    const [kept] = scene.images.kept.values();
    expect(scene.easel.orders[1]?.sources?.[0]?.bytes).toEqual(kept);
    scene.easel.finish();
    const inGroup = await scene.drawn("a dog");
    await scene.say("nice one", { replyTo: inGroup });
    await scene.settled();
    expect(scene.easel.orders).toHaveLength(3);
  });

  test("shows the version of what was changed, and Undo brings the one before", async () => {
    const scene = await editing(1);
    const chat = scene.anna.id;
    const own = await scene.drawn("a cat --seed 7", { chat });
    await scene.say("make it night", { chat, replyTo: own });
    await scene.paint();
    const changed = await scene.saying("v2 ← v1", chat);
    expect(labels(own)).not.toContain(t("buttons.undo"));
    scene.telegram.userPresses(changed, t("buttons.undo"), scene.anna);
    await eventually(() => expect(scene.pictures(chat)).toHaveLength(3));
    expect(scene.pictures(chat).at(-1)?.caption).toContain("seed 7");
  });

  test("changes all pictures of its own album by an answer to the words below it", async () => {
    const scene = await editing(4);
    await scene.say("/draw a cat --n 2");
    await scene.paint(2);
    const below = await scene.saying("zi-");
    await scene.say("/draw side by side", { replyTo: below });
    await scene.easel.begun(3);
    expect(scene.easel.orders[2]?.sources).toHaveLength(2);
  });

  test("takes the quoted part of a message as the words of a command without any", async () => {
    const scene = await editing(1);
    const talk = await scene.say("I saw a red fox in the snow today");
    await scene.say("/draw", { replyTo: talk, quote: "a red fox in the snow" });
    await scene.easel.begun(1);
    expect(scene.easel.orders[0]?.prompt).toBe("a red fox in the snow");
  });

  test("takes the caption of a video, and of a photo which it then changes", async () => {
    const scene = await editing(1);
    const caption = "a red fox in the snow";
    await scene.say("/draw", { replyTo: await scene.say("", { video: true, caption }) });
    await scene.easel.begun(1);
    expect(scene.easel.orders[0]).toMatchObject({ prompt: caption });
    const photo = await picture(40);
    await scene.say("/draw", { replyTo: await scene.say("", { photo, caption }) });
    await scene.easel.begun(2);
    expect(await widths(scene, 1)).toEqual([40]);
  });

  test("paints the caption of a photo where no model edits, and says so", async () => {
    const scene = await aScene();
    const photo = await picture(40);
    await scene.say("/draw", { replyTo: await scene.say("", { photo, caption: "a red fox" }) });
    await scene.paint();
    await scene.saying(t("notices.picture-ignored", { model: "Z-Image" }));
  });

  test("takes quote and picture of a message in another chat", async () => {
    const scene = await editing(1);
    const away = await scene.say("", {
      chat: scene.ben.id,
      by: scene.ben,
      photo: await picture(40),
    });
    await scene.say("/draw", { elsewhere: away, quote: "a red fox" });
    await scene.easel.begun(1);
    expect(scene.easel.orders[0]).toMatchObject({ prompt: "a red fox" });
    expect(await widths(scene)).toEqual([40]);
  });

  test("asks what to change where a picture is answered without words", async () => {
    const scene = await editing(1);
    const own = await scene.drawn("a cat");
    await scene.say("/draw", { replyTo: own });
    const question = await scene.saying(t("ask.change"));
    expect(question.markup).toBeUndefined();
    expect(scene.easel.orders).toHaveLength(1);
  });

  test("refuses what is too large before it is fetched", async () => {
    const scene = await editing(1);
    const bytes = new Uint8Array(21 * 1024 * 1024);
    const file = await scene.say("", { document: { name: "a.png", bytes } });
    await scene.say("/draw make it night", { replyTo: file });
    await scene.saying("A picture may have 20 MB at most.");
    expect(scene.telegram.callsOf("getFile")).toEqual([]);
  });

  test("refuses what is no picture in words, and offers no second try that would forget the picture", async () => {
    const scene = await editing(1);
    const file = { name: "a.heic", bytes: Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic") };
    await scene.say("/draw make it night", { replyTo: await scene.say("", { document: file }) });
    await scene.saying("That picture cannot be used.");
    const failure = { code: 400, description: "Bad Request: file is temporarily unavailable" };
    scene.telegram.faults.failNext("getFile", failure);
    const photo = await scene.say("", { photo: await picture(40) });
    await scene.say("/draw make it night", { replyTo: photo });
    expect(labels(await scene.saying(t("ask.photoNotFetched")))).toEqual([]);
    expect(scene.easel.orders).toEqual([]);
  });

  test("paints no words alone that came with a file which cannot be changed", async () => {
    const scene = await editing(1);
    const caption = "/draw make it night";
    await scene.say("", { video: true, caption });
    await scene.saying(t("ask.onlyStill"));
    await scene.say("", { document: { name: "a.pdf", bytes: Buffer.from("%PDF") }, caption });
    await scene.saying(t("ask.notAPicture", { name: "a.pdf" }));
    expect(scene.easel.orders).toEqual([]);
  });

  test("is told of in /help where a model edits, and there alone", async () => {
    for (const [scene, isTold] of [
      [await editing(1), true],
      [await aScene(), false],
    ] as const) {
      await scene.say("/help");
      const { text } = await scene.saying(t("help.commands"));
      expect(text?.includes(t("help.edits"))).toBe(isTold);
    }
  });

  test("says at once that no model edits, also to a picture without words", async () => {
    const scene = await aScene();
    const chat = scene.anna.id;
    const photo = await scene.say("", { chat, photo: await picture(40) });
    await scene.saying(t("ask.nothingEdits"), chat);
    await scene.say("/draw make it night", { chat, replyTo: photo });
    await scene.saying("Z-Image cannot edit pictures", chat);
    expect(scene.easel.orders).toEqual([]);
  });
});
