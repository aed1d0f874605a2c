import { describe, expect, test } from "vitest";
import { translatorFor } from "../../../bots/i18n.ts";
import { ImageError } from "../../../core/errors.ts";
import { aScene, eventually, labels, testModel, textOf } from "./scene.ts";

const t = translatorFor("en");

async function jpeg(): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  const create = { width: 64, height: 32, channels: 3, background: "red" } as const;
  return sharp({ create }).jpeg().toBuffer();
}

describe("Asking the Telegram door", () => {
  test.each([
    "/draw@drawbridge_bot a cat",
    "/DRAW a cat",
    "/draw\na cat",
    "/draw: a cat",
    "/draw，a cat",
    "/imagine a cat",
  ])("takes %j", async (text) => {
    const scene = await aScene();
    await scene.say(text);
    await scene.easel.begun(1);
    expect(scene.easel.orders[0]?.prompt).toBe("a cat");
  });

  test("leaves other bots' commands and other people's talk alone", async () => {
    const scene = await aScene({ telegram: { privacyMode: false } });
    await scene.say("/draw@other_bot a cat");
    await scene.say("I could /draw a cat");
    await scene.say("/draw_a_cat");
    const photo = await jpeg();
    await scene.say("", { photo, caption: "/draw@other_bot make it blue" });
    scene.telegram.userEdits(await scene.say("a cat"), "/draw a cat");
    await scene.settled();
    expect(scene.ofBot()).toEqual([]);
  });

  test("draws in a private chat, and explains itself to a person who just talks", async () => {
    const scene = await aScene();
    const chat = scene.anna.id;
    await scene.drawn("a cat", { chat });
    await scene.say("hello", { chat });
    await scene.saying(t("help.commands"), chat);
  });

  test("stays in its forum topic, and uses no thread elsewhere", async () => {
    const scene = await aScene();
    const forum = scene.telegram.addGroup({ forum: true, members: [scene.anna] });
    const topic = scene.telegram.addTopic(forum, "Pictures", scene.anna);
    const picture = await scene.drawn("a cat", { chat: forum, topic });
    expect(picture.topicId).toBe(topic);
    const talk = await scene.say("nice");
    await scene.drawn("a dog", { replyTo: talk });
    const sent = scene.telegram.callsOf("sendMessage").at(-1);
    expect(sent?.payload).not.toHaveProperty("message_thread_id");
  });

  test("draws the text that it answers, with what stands behind the command", async () => {
    const scene = await aScene();
    const text = await scene.say("a cat in the rain");
    await scene.say("/draw", { replyTo: text, by: scene.ben });
    await scene.easel.begun(1);
    await scene.say("/draw --seed 5", { replyTo: text, by: scene.ben });
    await scene.easel.begun(2);
    expect(scene.easel.orders.map(({ prompt }) => prompt)).toEqual(
      Array(2).fill("a cat in the rain"),
    );
    expect(scene.easel.orders[1]?.seed).toBe(5);
  });

  test("alone asks for words, and draws the answer", async () => {
    const scene = await aScene();
    await scene.say("/draw");
    const question = await scene.saying(t("ask.prompt"));
    expect(question.markup).toMatchObject({ kind: "force-reply", selective: true });
    await scene.say("a cat", { replyTo: question });
    await scene.paint();
    await eventually(() => expect(scene.pictures()).toHaveLength(1));
    expect(scene.easel.orders[0]?.prompt).toBe("a cat");
  });

  test.each(["/draw   ", "/draw\n\n", "/draw \u200b\u2060\u202e", "/draw,"])(
    "with nothing that can be seen, as in %j, asks for words too",
    async (text) => {
      const scene = await aScene();
      await scene.say(text);
      await scene.saying(t("ask.prompt"));
      expect(scene.easel.orders).toEqual([]);
    },
  );

  test.each(["/draw --ar 16:9", "/draw ratio 3:2", "/draw --raw --seed 7"])(
    "with directives alone, as in %j, says that words are missing",
    async (text) => {
      const scene = await aScene();
      await scene.say(text);
      await scene.saying(t("errors.invalid-request", { context: "prompt" }));
    },
  );

  test("draws the words of the command that it answers, without the command", async () => {
    const scene = await aScene();
    const text = await scene.say("/draw@drawbridge_bot a cat");
    await scene.easel.begun(1);
    await scene.say("/draw", { replyTo: text, by: scene.ben });
    await scene.easel.begun(2);
    expect(scene.easel.orders[1]?.prompt).toBe("a cat");
  });

  test("takes the longest message there is", async () => {
    const scene = await aScene();
    const long = "😀".repeat(2_045);
    const picture = await scene.drawn(long);
    expect(scene.easel.orders[0]?.prompt).toBe(long);
    expect(picture.caption?.isWellFormed()).toBe(true);
  });

  test("by a person who writes as a channel draws for the channel", async () => {
    const scene = await aScene();
    const channel = scene.telegram.addGroup({ channel: true });
    await scene.drawn("a cat", { inNameOf: channel });
    const jobs = await scene.studio.history({ id: `telegram:${channel}` }, { limit: 9 });
    expect(jobs).toHaveLength(1);
  });

  test("by a post of a channel is answered there, for the channel", async () => {
    const scene = await aScene();
    const channel = scene.telegram.addGroup({ channel: true, admins: [scene.anna] });
    const picture = await scene.drawn("a cat", { chat: channel });
    expect(picture.replyTo?.text).toBe("/draw a cat");
    const jobs = await scene.studio.history({ id: `telegram:${channel}` }, { limit: 9 });
    expect(jobs).toHaveLength(1);
  });

  test("by a post of a channel without words says so, because nobody can answer a question there", async () => {
    const scene = await aScene();
    const channel = scene.telegram.addGroup({ channel: true });
    await scene.say("/draw", { chat: channel });
    await scene.saying(t("errors.invalid-request", { context: "prompt" }), channel);
    await scene.say("good morning", { chat: channel });
    await scene.settled();
    expect(scene.ofBot(channel)).toHaveLength(1);
  });

  test("below a channel's picture is for those who run the channel", async () => {
    const scene = await aScene();
    const { telegram, anna, ben } = scene;
    const channel = telegram.addGroup({ channel: true, admins: [anna], members: [ben] });
    const picture = await scene.drawn("a cat", { chat: channel });
    const refused = telegram.userPresses(picture, "Again", ben);
    await telegram.until(() => refused.answer);
    expect(refused.answer?.text).toBe(t("ask.adminsOnly"));
    telegram.userPresses(picture, "Again", anna);
    await scene.paint();
    await telegram.until(() => scene.pictures(channel).length === 2);
    const jobs = await scene.studio.history({ id: `telegram:${channel}` }, { limit: 9 });
    expect(jobs).toHaveLength(2);
  });

  test("by a post of a channel that is not on the list draws nothing", async () => {
    const scene = await aScene({ door: { allowedChats: ["42"] } });
    const channel = scene.telegram.addGroup({ channel: true });
    await scene.say("/draw a cat", { chat: channel });
    await scene.saying(t("ask.notAllowed"), channel);
    expect(scene.easel.orders).toEqual([]);
  });

  test("takes a channel's post once, and not again where it is discussed", async () => {
    const scene = await aScene();
    const channel = scene.telegram.addGroup({ channel: true });
    await scene.say("/draw a cat", { inNameOf: channel, automatic: true });
    await scene.settled();
    await scene.drawn("a dog");
    expect(scene.easel.orders).toHaveLength(1);
  });

  test("about a photo that the platform does not hand over says so, also where that takes long", async () => {
    const model = { id: "Edits", provider: "easel", sizes: { "1:1": "64x64" }, edits: true };
    const scene = await aScene({
      models: [{ ...model, quality: {} }],
      easel: { edit: "bytes" },
      studio: { perDay: 1 },
    });
    await scene.drawn("a cat");
    const failure = { code: 400, description: "Bad Request: file is temporarily unavailable" };
    scene.telegram.faults.failNext("getFile", failure);
    await scene.say("", { photo: await jpeg(), caption: "/draw make it blue" });
    const refusal = await scene.saying(t("ask.photoNotFetched"));
    scene.telegram.faults.delayNext("getFile", 900);
    const press = scene.telegram.userPresses(refusal, "Try again", scene.anna);
    const answer = await scene.telegram.until(() => press.answer);
    expect(answer).toMatchObject({ text: "", alert: false });
    expect(answer.at - press.at).toBeLessThan(1_000);
    await scene.saying("Your quota of 1 pictures a day is used up");
    expect(scene.logged.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("about a photo says that the model cannot edit", async () => {
    const scene = await aScene();
    const photo = await jpeg();
    await scene.telegram.userSays(scene.group, {
      from: scene.anna,
      photo,
      caption: "/draw make it blue",
    });
    await scene.saying("Z-Image cannot edit pictures");
    const shown = await scene.telegram.userSays(scene.anna.id, { from: scene.anna, photo });
    await scene.say("/draw make it blue", { chat: scene.anna.id, replyTo: shown });
    await scene.saying("Z-Image cannot edit pictures", scene.anna.id);
    expect(scene.easel.orders).toEqual([]);
  });

  test("about a kept picture edits it where the model can", async () => {
    const model = { id: "Z-Image", provider: "easel", sizes: { "1:1": "64x64" }, edits: true };
    const scene = await aScene({ models: [{ ...model, quality: {} }], easel: { edit: "bytes" } });
    const picture = await scene.drawn("a cat");
    await scene.say("/draw make it blue", { replyTo: picture });
    await scene.easel.begun(2);
    const [kept] = scene.images.kept.values();
    expect(scene.easel.orders[1]?.sources?.[0]?.bytes).toEqual(kept);
  });

  test.each([
    ["photo", (bytes: Uint8Array) => ({ photo: bytes })],
    ["picture as a file", (bytes: Uint8Array) => ({ document: { name: "a.jpg", bytes } })],
  ])(
    "about another person's %s edits that where the model can, in its shape",
    async (_, asSent) => {
      const model = { id: "Edits", provider: "easel", sizes: { "1:1": "64x64" }, edits: true };
      const scene = await aScene({
        models: [testModel, { ...model, quality: {} }],
        easel: { edit: "bytes" },
      });
      const sent = { from: scene.anna, ...asSent(await jpeg()) };
      const shown = await scene.telegram.userSays(scene.anna.id, sent);
      await scene.say("/draw make it blue", { chat: scene.anna.id, replyTo: shown });
      await scene.paint();
      await scene.telegram.until(() => scene.pictures(scene.anna.id).length === 1);
      expect(scene.easel.orders[0]).toMatchObject({ model: { id: "Edits" } });
      expect(scene.easel.orders[0]?.sources?.[0]?.bytes.length).toBeGreaterThan(0);
      expect((await scene.newestJob()).brief).toMatchObject({
        size: { kind: "ratio", ratio: "2:1" },
        enhance: false,
      });
    },
  );

  test("too much at once is refused with a button that tries the same again", async () => {
    const scene = await aScene({ studio: { perUser: 1, slots: 1 } });
    await scene.say("/draw a dog", { by: scene.ben });
    await scene.easel.begun(1);
    await scene.say("/draw a cat");
    await scene.saying(/^In line/);
    await scene.say("/draw an owl");
    const refusal = await scene.saying(
      /^1 of your jobs are waiting already\. Try again in about \d+ s/,
    );
    await scene.paint(2);
    await scene.telegram.until(() => scene.pictures().length === 2);
    scene.telegram.userPresses(refusal, "Try again", scene.anna);
    await scene.paint();
    await eventually(() => expect(scene.easel.orders.at(-1)?.prompt).toBe("an owl"));
  });

  test("for refused words gives the owner's reason, and nothing to press", async () => {
    const refuse = () => {
      throw new ImageError("content-refused", { by: "policy", reason: "No @knives here." });
    };
    const scene = await aScene({ studio: { policy: { judge: refuse } } });
    await scene.say("/draw a knife");
    const refusal = await scene.saying("These words were refused: No @knives here.");
    expect(labels(refusal)).toEqual([]);
    expect(refusal.entities.map(({ type }) => type)).toEqual(["code"]);
  });

  test("for refused words gives as much of a long reason as a message holds", async () => {
    const refuse = () => {
      throw new ImageError("content-refused", { by: "policy", reason: "😀 ".repeat(2_000) });
    };
    const scene = await aScene({ studio: { policy: { judge: refuse } } });
    await scene.say("/draw a knife");
    const refusal = await scene.saying("These words were refused: 😀");
    expect(textOf(refusal)).toMatch(/😀…$/u);
  });

  test("is not open to those who are not on the list", async () => {
    const scene = await aScene({ door: { allowedChats: ["42"] } });
    await scene.say("/draw a cat");
    await scene.saying(t("ask.notAllowed"));
    expect(scene.easel.orders).toEqual([]);
  });

  test("is open to a listed person everywhere, and to everybody in a listed chat", async () => {
    const scene = await aScene({
      door: ({ group }) => ({ allowedChats: ["777", String(group)] }),
    });
    const friend = scene.telegram.addUser({ id: 777 });
    const chat = scene.telegram.addGroup({ supergroup: true, members: [friend, scene.anna] });
    const picture = await scene.drawn("a cat", { by: friend, chat });
    await scene.drawn("a dog", { by: scene.ben });
    const refused = scene.telegram.userPresses(picture, "Again", scene.anna);
    await scene.telegram.until(() => refused.answer);
    expect(refused.answer?.text).toBe(t("ask.notAllowed"));
  });

  test("speaks Chinese to those whose app does", async () => {
    const scene = await aScene();
    const li = scene.telegram.addUser({ language_code: "zh-hans" });
    const status = scene.say("/draw 一只猫", { by: li, chat: li.id });
    await status;
    await scene.saying(/正在绘制|排队中/, li.id);
    await scene.paint();
    const picture = await scene.telegram.until(() => scene.pictures(li.id)[0]);
    expect(labels(picture)).toContain("再来一张");
    expect(textOf(picture)).toContain("种子");
  });

  test("registers its commands with descriptions in each language", async () => {
    const scene = await aScene();
    await scene.telegram.until(() => scene.telegram.commands(undefined, "zh").length > 0);
    const english = scene.telegram.commands();
    expect(english.map(({ command }) => command)).toEqual(
      scene.telegram.commands(undefined, "zh").map(({ command }) => command),
    );
    expect(english[0]).toEqual({ command: "draw", description: "Paint a picture from words" });
  });

  test("gives no links without a public address, and its own with one", async () => {
    const without = await aScene();
    await without.say("/help");
    const help = await without.saying(t("help.commands"));
    expect(textOf(help)).not.toMatch(/https?:/);
    const scene = await aScene({ door: { publicUrl: "https://pictures.example" } });
    await scene.say("/help");
    await scene.saying("https://pictures.example");
  });
});
