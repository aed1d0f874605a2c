import sharp from "sharp";
import { describe, expect, test, vi } from "vitest";
import { translatorFor } from "../../../bots/i18n.ts";
import { modelSchema } from "../../../core/catalogue.ts";
import type { Upload } from "../../fakes/discord/fill-command.ts";
import { codeIn, openedDoor, type Scene, type SceneOptions, testModel } from "./scene.ts";

const t = translatorFor("en");

/** A picture whose width tells which one it is. */
async function picture(width: number, more: Partial<Upload> = {}): Promise<Upload> {
  const create = { width, height: 32, channels: 3, background: "red" } as const;
  const bytes = await sharp({ create }).png().toBuffer();
  return { filename: `${width}.png`, contentType: "image/png", bytes, ...more };
}

const sizes = { "1:1": "64x64", "16:9": "128x72" } as const;
const editor = { id: "Edits", provider: "easel", sizes, quality: {} } as const;

function modelWith(pictures: number) {
  return modelSchema.parse({ ...editor, edits: { pictures } });
}

/** A door with a model that edits so many pictures at once, beside one that edits none; it counts what it downloads. */
async function editing(pictures: number, more: SceneOptions = {}) {
  const downloads: string[] = [];
  const counting: typeof fetch = (url, init) => {
    const address = String(url instanceof Request ? url.url : url);
    if (/attachments\/\d+\/\d+\//.test(address)) downloads.push(address);
    return fetch(url, init);
  };
  const scene = await openedDoor({
    models: [testModel, modelWith(pictures)],
    easel: { edit: "bytes" },
    ...more,
    door: { fetch: counting, ...more.door },
  });
  return Object.assign(scene, { downloads });
}

/** How wide the pictures are that the service got to edit. */
async function widths({ easel }: Pick<Scene, "easel">, order = 0): Promise<(number | undefined)[]> {
  const sources = easel.orders[order]?.sources ?? [];
  return Promise.all(sources.map(async ({ bytes }) => (await sharp(bytes).metadata()).width));
}

describe("/imagine with pictures", () => {
  test("changes them in their order, and answers before it fetches them", async () => {
    const scene = await editing(4);
    const { discord, anna, channel, easel } = scene;
    const options = { prompt: "side by side", image: await picture(40), image3: await picture(50) };
    const sent = discord.slash(anna, channel, "imagine", options);
    expect((await sent.acknowledged()).kind).toBe("deferred-message");
    await easel.begun(1);
    expect(await widths(scene)).toEqual([40, 50]);
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
    expect(discord.messages(channel)).toHaveLength(1);
  });

  test("is private where that was asked for, also while it is fetched", async () => {
    const scene = await editing(1);
    const { discord, anna, channel, easel } = scene;
    const options = { prompt: "night", image: await picture(40), private: true };
    const sent = discord.slash(anna, channel, "imagine", options);
    await easel.begun(1);
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
    expect(sent.message?.ephemeral).toBe(true);
  });

  test.each<[string, Partial<Upload>]>([
    ["no picture", { filename: "notes.txt", contentType: "text/plain" }],
    ["a kind that is not read here", { filename: "a.heic", contentType: "image/heic" }],
    ["a picture by its name alone", { filename: "a.png", contentType: "image/svg+xml" }],
  ])("refuses %s before it is fetched", async (_, more) => {
    const { discord, anna, channel, downloads, easel } = await editing(1);
    const options = { prompt: "night", image: await picture(40, more) };
    const answer = await discord.slash(anna, channel, "imagine", options).answered();
    expect(answer).toMatchObject({ ephemeral: true });
    expect(answer.text).toContain("cannot be changed: only PNG");
    expect(downloads).toEqual([]);
    expect(easel.orders).toEqual([]);
  });

  test("refuses what is too large before it is fetched", async () => {
    const { discord, anna, channel, downloads } = await editing(1);
    anna.attachmentLimit = 100 * 1024 * 1024;
    const bytes = new Uint8Array(60 * 1024 * 1024);
    const options = { prompt: "night", image: await picture(40, { bytes }) };
    const answer = await discord.slash(anna, channel, "imagine", options).answered();
    expect(answer.text).toBe("A picture may have 32 MB at most.");
    expect(downloads).toEqual([]);
  });

  test("says in words what is wrong with a picture that was fetched", async () => {
    const { discord, anna, channel, easel } = await editing(1);
    const options = { prompt: "night", image: await picture(40, { bytes: new Uint8Array() }) };
    const sent = discord.slash(anna, channel, "imagine", options);
    await discord.until(() => sent.message?.text.includes("That picture cannot be used."));
    expect(easel.orders).toEqual([]);
  });

  test("says which pictures were used where the named model takes fewer", async () => {
    const one = modelSchema.parse({ ...editor, id: "One", edits: { pictures: 1 } });
    const scene = await editing(2, { models: [modelWith(2), one] });
    const { discord, anna, channel, easel } = scene;
    const [image, image2] = [await picture(40), await picture(50)];
    const options = { prompt: "night --model One", image, image2 };
    const sent = discord.slash(anna, channel, "imagine", options);
    await easel.begun(1);
    expect(await widths(scene)).toEqual([40]);
    easel.finish();
    const notice = t("notices.pictures-left-out", { model: "One", used: 1, of: 2 });
    await discord.until(() => sent.message?.text.includes(notice));
  });

  test("offers as many as a model takes", async () => {
    const { discord, anna, channel } = await editing(2);
    const options = { prompt: "night", image3: await picture(40) };
    expect(() => discord.slash(anna, channel, "imagine", options)).toThrow("no option image3");
  });

  test("promises nothing where no model edits", async () => {
    const { discord, anna, ben, channel, drawn } = await openedDoor();
    const image = await picture(40);
    const message = await drawn("a cat");
    expect(message.buttons).not.toContain(t("buttons.edit"));
    expect(() => discord.slash(anna, channel, "imagine", { prompt: "night", image })).toThrow(
      "There is no option image",
    );
    const said = discord.say(ben, channel, "look", [image]);
    expect(() => discord.contextMenu("Edit picture", said, anna)).toThrow("No command");
    const help = await discord.slash(anna, channel, "help").answered();
    expect(help.text).not.toContain(t("help.edits"));
  });
});

describe("The Edit button", () => {
  test("asks what to change, and takes further pictures and a ratio", async () => {
    const scene = await editing(3);
    const { discord, anna, easel, images } = scene;
    const message = await scene.drawn("a cat");
    const opened = await discord.pressButton(message, "Edit", anna).acknowledged();
    const fields = { prompt: "with this hat", image: [await picture(50)], ratio: "16:9" };
    const sent = discord.submitModal(opened, fields);
    await easel.begun(2);
    const [kept] = images.kept.values();
    expect(easel.orders[1]?.sources?.[0]?.bytes).toEqual(kept);
    expect(await widths(scene, 1)).toEqual([64, 50]);
    expect(easel.orders[1]).toMatchObject({ prompt: "with this hat", width: 128, height: 72 });
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
    expect(sent.message?.text).toContain("v2 ← v1");
    const undone = await discord.pressButton(sent.message!, "Undo", anna).answered();
    expect(undone.text).toContain(codeIn(message));
  });

  test("keeps the picture's shape where no ratio is chosen, and asks for no more pictures than the model takes", async () => {
    const scene = await editing(1);
    const { discord, anna, easel } = scene;
    const message = await scene.drawn("a cat ratio 16:9");
    const opened = await discord.pressButton(message, "Edit", anna).acknowledged();
    expect(JSON.stringify(opened.modal)).not.toContain(t("ask.morePictures"));
    discord.submitModal(opened, { prompt: "night" });
    await easel.begun(2);
    expect(easel.orders[1]).toMatchObject({ width: 128, height: 72 });
  });

  test("asks which one where a job has several, and knows it where one was picked", async () => {
    const scene = await editing(1);
    const { discord, anna, easel, images } = scene;
    const message = await scene.drawn("a cat", { options: { count: 2 } });
    const { pictures } = await scene.newestJob();
    const opened = await discord.pressButton(message, "Edit", anna).acknowledged();
    discord.submitModal(opened, { prompt: "night", picture: "2" });
    await easel.begun(3);
    const second = images.kept.get(pictures[1]?.hash ?? "");
    expect(easel.orders[2]?.sources?.[0]?.bytes).toEqual(second);
  });

  test("makes a private picture of a private one", async () => {
    const scene = await editing(1);
    const { discord, anna, easel } = scene;
    const message = await scene.drawn("a cat", { options: { private: true } });
    const opened = await discord.pressButton(message, "Edit", anna).acknowledged();
    const sent = discord.submitModal(opened, { prompt: "night" });
    await easel.begun(2);
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
    expect(sent.message?.ephemeral).toBe(true);
  });
});

describe("The menu's Edit picture", () => {
  test("changes the pictures of anybody's message", async () => {
    const scene = await editing(3);
    const { discord, anna, ben, channel, easel } = scene;
    const files = [
      await picture(40),
      { filename: "a.txt", bytes: new Uint8Array(3) },
      await picture(50),
    ];
    const said = discord.say(ben, channel, "look", files);
    const opened = await discord.contextMenu("Edit picture", said, anna).acknowledged();
    const sent = discord.submitModal(opened, { prompt: "at <t:1618953630:D>" });
    await easel.begun(1);
    expect(await widths(scene)).toEqual([40, 50]);
    expect(easel.orders[0]?.prompt).toBe("at 2021-04-20");
    easel.finish();
    await discord.until(() => sent.message?.files.length === 1);
  });

  test("takes a picture of ours as it is stored", async () => {
    const scene = await editing(1);
    const { discord, ben, easel, images, downloads } = scene;
    const message = await scene.drawn("a cat");
    const opened = await discord.contextMenu("Edit picture", message, ben).acknowledged();
    discord.submitModal(opened, { prompt: "night" });
    await easel.begun(2);
    const [kept] = images.kept.values();
    expect(easel.orders[1]?.sources?.[0]?.bytes).toEqual(kept);
    expect(downloads).toEqual([]);
  });

  test("fetches nothing from other hosts than Discord's", async () => {
    const { discord, anna, ben, channel, easel } = await editing(1);
    const url = "http://169.254.169.254/latest/meta-data";
    const embeds = [{ image: { url, proxy_url: url } }] as never;
    const answer = await discord
      .contextMenu("Edit picture", discord.say(ben, channel, { embeds }), anna)
      .answered();
    expect(answer).toMatchObject({ ephemeral: true, text: t("ask.noPictureHere") });
    expect(easel.orders).toEqual([]);
  });

  test("is changed by a form that outlived the process", async () => {
    const scene = await editing(1);
    const { discord, anna, ben, channel } = scene;
    const said = discord.say(ben, channel, "look", [await picture(40)]);
    const opened = await discord.contextMenu("Edit picture", said, anna).acknowledged();
    await scene.crash();
    await scene.restart();
    discord.submitModal(opened, { prompt: "night" });
    await vi.waitFor(() => expect(scene.easel.orders).toHaveLength(1), 60_000);
    expect(scene.easel.orders[0]).toMatchObject({ prompt: "night", sources: [{}] });
  });

  test("is not mistaken for that of a form which its person opened later", async () => {
    const { discord, anna, ben, channel } = await editing(1);
    const said = discord.say(ben, channel, "look", [await picture(40)]);
    const open = () => discord.contextMenu("Edit picture", said, anna).acknowledged();
    const [first] = [await open(), await open()];
    const answer = await discord.submitModal(first, { prompt: "night" }).answered();
    expect(answer).toMatchObject({ ephemeral: true, text: t("ask.formTooOld") });
  });
});

describe("An answer to the bot's picture that names the bot", () => {
  const named = ({ discord }: Scene, words: string) => `<@${discord.applicationId}> ${words}`;

  test("changes the picture, and answers with one message", async () => {
    const scene = await editing(2);
    const { discord, ben, channel, easel, images } = scene;
    const replyTo = await scene.drawn("a cat");
    const text = named(scene, "make it night");
    const said = discord.say(ben, channel, { text, replyTo }, [await picture(50)]);
    await easel.begun(2);
    const [kept] = images.kept.values();
    expect(easel.orders[1]).toMatchObject({ prompt: "make it night" });
    expect(easel.orders[1]?.sources?.[0]?.bytes).toEqual(kept);
    expect(await widths(scene, 1)).toEqual([64, 50]);
    const answer = await discord.until(() =>
      discord.messages(channel).find(({ repliesTo }) => repliesTo === said.id),
    );
    await discord.until(() => answer.buttons.includes("Cancel"));
    easel.finish();
    await discord.until(() => answer.files.length === 1);
    expect(answer.text).toContain("v2 ← v1");
    expect(discord.messages(channel)).toHaveLength(3);
    expect((await scene.newestJob(ben)).requester.id).toBe(`discord:${ben.id}`);
  });

  test("asks what should change where it says nothing", async () => {
    const scene = await editing(1);
    const { discord, ben, channel, easel } = scene;
    const replyTo = await scene.drawn("a cat");
    discord.say(ben, channel, { text: named(scene, ""), replyTo });
    await discord.until(() =>
      discord.messages(channel).some(({ text }) => text === t("ask.changeWords")),
    );
    expect(easel.orders).toHaveLength(1);
  });

  test("is told what is wrong, in an answer", async () => {
    const scene = await editing(1, { studio: { perDay: 1 } });
    const { discord, anna, channel } = scene;
    const replyTo = await scene.drawn("a cat");
    discord.say(anna, channel, { text: named(scene, "make it night"), replyTo });
    await discord.until(() => discord.messages(channel).some(({ text }) => /quota/.test(text)));
  });

  test("is refused with a picture beside it that is not read here", async () => {
    const scene = await editing(2);
    const { discord, ben, channel, easel } = scene;
    const replyTo = await scene.drawn("a cat");
    const file = await picture(50, { filename: "a.heic", contentType: "image/heic" });
    discord.say(ben, channel, { text: named(scene, "make it night"), replyTo }, [file]);
    const refusal = t("ask.notAPicture", { name: "a.heic" });
    await discord.until(() => discord.messages(channel).some(({ text }) => text === refusal));
    expect(easel.orders).toHaveLength(1);
  });

  test("leaves alone what does not name it, and what answers others", async () => {
    const scene = await editing(1);
    const { discord, ben, channel, easel } = scene;
    const replyTo = await scene.drawn("a cat");
    const talk = discord.say(ben, channel, "hello");
    discord.say(ben, channel, { text: "make it night", replyTo });
    discord.say(ben, channel, { text: named(scene, "make it night") });
    discord.say(ben, channel, { text: named(scene, "make it night"), replyTo: talk });
    await scene.drawn("a dog");
    expect(easel.orders).toHaveLength(2);
    expect(discord.messages(channel)).toHaveLength(6);
  });

  test("brings exactly one picture where the process dies before it is there", async () => {
    const scene = await editing(1);
    const { discord, ben, channel, easel } = scene;
    const replyTo = await scene.drawn("a cat");
    const said = discord.say(ben, channel, { text: named(scene, "make it night"), replyTo });
    await easel.begun(2);
    await scene.crash();
    await scene.restart();
    await scene.easel.begun(1);
    scene.easel.finish();
    const pictures = () => discord.messages(channel).filter(({ files }) => files.length === 1);
    await discord.until(() => pictures().length === 2);
    expect(pictures()[1]?.repliesTo).toBe(said.id);
  });

  test("is heard only where a model edits", async () => {
    const { discord } = await editing(1);
    expect(discord.gateway.identifications[0]?.intents).toBe(1 | (1 << 9) | (1 << 12));
  });
});
