import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { translatorFor } from "../../../bots/i18n.ts";
import type { ChatMessage } from "../../fakes/telegram.ts";
import {
  aScene,
  eventually,
  labels,
  type Scene,
  type SceneOptions,
  testModel,
  textOf,
} from "./scene.ts";

const t = translatorFor("en");

/** A chat that pictures can be uploaded to, known before the bot starts. */
const storageChat = 900_900;

/** A scene with a chat of Anna and Ben that the bot is not in, and a chat to upload to. */
async function aGuest(options: SceneOptions = {}) {
  const scene = await aScene({ door: { storageChat }, ...options });
  const owner = scene.telegram.addUser({ id: storageChat });
  await scene.telegram.userSays(storageChat, { from: owner, text: "/privacy" });
  await scene.saying("Kept:", storageChat);
  const chat = scene.telegram.addConversation(scene.anna, scene.ben);
  return { scene, chat };
}

interface Called {
  readonly scene: Scene;
  readonly chat: number;
}

/** Anna calls the bot, and gets its one answer. */
async function call({ scene, chat }: Called, text: string, replyTo?: ChatMessage) {
  const more = replyTo && { replyTo };
  const asked = await scene.telegram.userCallsGuest(chat, { from: scene.anna, text, ...more });
  return scene.telegram.until(() => scene.ofBot(chat).find((one) => one.replyTo === asked));
}

describe("The Telegram door as a guest", () => {
  test("answers at once, and the answer becomes the picture", async () => {
    const called = await aGuest();
    const { scene, chat } = called;
    const answer = await call(called, "@drawbridge_bot a cat");
    expect(labels(answer)).toEqual(["Cancel"]);
    await scene.paint();
    await scene.telegram.until(() => answer.photo);
    expect(answer.caption).toMatch(/^a cat\n.*zi-/);
    expect(labels(answer)).toEqual(["Again"]);
    expect(scene.ofBot(chat)).toEqual([answer]);
    expect(scene.easel.orders).toMatchObject([{ prompt: "a cat" }]);
  });

  test.each([
    ["/draw@drawbridge_bot a cat", "a cat"],
    ["a cat, please @Drawbridge_Bot", "a cat, please"],
    ["@drawbridge_bot /draw a cat @drawbridge_bot2", "a cat @drawbridge_bot2"],
  ])("understands %s", async (text, prompt) => {
    const called = await aGuest();
    await call(called, text);
    await called.scene.easel.begun(1);
    expect(called.scene.easel.orders).toMatchObject([{ prompt }]);
  });

  test("draws the words that it is called to", async () => {
    const called = await aGuest();
    const { scene, chat } = called;
    const words = await scene.telegram.userSays(chat, { from: scene.ben, text: "an owl" });
    await call(called, "@drawbridge_bot", words);
    await scene.easel.begun(1);
    expect(scene.easel.orders).toMatchObject([{ prompt: "an owl" }]);
  });

  test("changes the one picture of an album that it is shown, and says so below it", async () => {
    const called = await aGuest({
      models: [{ ...testModel, edits: { pictures: 4 } }],
      easel: { edit: "bytes" },
    });
    const { scene, chat } = called;
    const create = { width: 40, height: 32, channels: 3, background: "red" } as const;
    const photo = await sharp({ create }).jpeg().toBuffer();
    const part = { from: scene.ben, text: "", album: "a", photo };
    const shown = await scene.telegram.userSays(chat, part);
    await scene.telegram.userSays(chat, part);
    const answer = await call(called, "@drawbridge_bot make it night", shown);
    await scene.paint();
    await scene.telegram.until(() => answer.caption?.includes(t("notices.album-part")));
    expect(scene.easel.orders).toMatchObject([{ prompt: "make it night", sources: [{}] }]);
  });

  test.each([
    ["@drawbridge_bot", t("errors.invalid-request_prompt")],
    ["@drawbridge_bot a {red|blue} cat", t("ask.oneInline")],
    ["@drawbridge_bot a cat --preset nothing", t("errors.unknown-preset", { preset: "nothing" })],
  ])("says in its answer to %s why there is no picture", async (text, why) => {
    const called = await aGuest();
    const answer = await call(called, text);
    expect(textOf(answer)).toBe(why);
    expect(labels(answer)).toEqual([]);
  });

  test("says so where there is no chat to upload to, and to those who may not use it", async () => {
    const called = await aGuest({ door: {} });
    expect(textOf(await call(called, "@drawbridge_bot a cat"))).toBe(t("ask.notHere"));
    const closed = await aGuest({ door: { storageChat, allowedChats: [`${storageChat}`] } });
    expect(textOf(await call(closed, "@drawbridge_bot a cat"))).toBe(t("ask.notAllowed"));
    expect(closed.scene.easel.orders).toEqual([]);
  });

  test("can be cancelled where it stands, by its owner alone", async () => {
    const called = await aGuest();
    const { telegram, anna, ben } = called.scene;
    const answer = await call(called, "@drawbridge_bot a cat");
    const refused = telegram.userPresses(answer, "Cancel", ben);
    expect((await telegram.until(() => refused.answer)).text).toBe(t("errors.not-yours"));
    telegram.userPresses(answer, "Cancel", anna);
    await telegram.until(() => textOf(answer).includes("Cancelled."));
  });

  test("paints nothing for a call that came too late", async () => {
    const called = await aGuest({ telegram: { answerWithinMs: -1 } });
    const { scene, chat } = called;
    await scene.say("/help", { chat: scene.anna.id });
    await scene.telegram.userCallsGuest(chat, { from: scene.anna, text: "@drawbridge_bot a cat" });
    await scene.saying(t("ask.cannotWrite"), scene.anna.id);
    expect(scene.easel.orders).toEqual([]);
    expect((await scene.newestJob()).error?.code).toBe("cancelled");
  });

  test("leaves one picture when the process dies between the answer and the picture", async () => {
    const called = await aGuest();
    const { scene, chat } = called;
    const answer = await call(called, "@drawbridge_bot a cat");
    await scene.easel.begun(1);
    await scene.crash();
    await scene.restart();
    await scene.paint();
    await scene.telegram.until(() => answer.photo);
    expect(scene.ofBot(chat)).toEqual([answer]);
    await eventually(() => expect(scene.pictures(storageChat)).toHaveLength(1));
  });

  test("answers in the next process what this one could not answer", async () => {
    const called = await aGuest();
    const { scene, chat } = called;
    scene.telegram.faults.delayNext("answerGuestQuery", 60_000);
    await scene.telegram.userCallsGuest(chat, { from: scene.anna, text: "@drawbridge_bot a cat" });
    await scene.telegram.until(() => scene.telegram.callsOf("answerGuestQuery").length > 0);
    await scene.crash();
    await scene.restart();
    const answer = await scene.telegram.until(() => scene.ofBot(chat)[0]);
    await scene.paint();
    await scene.telegram.until(() => answer.photo);
  });

  test("sends the picture in private where it is not known which message its answer became", async () => {
    const called = await aGuest();
    const {
      scene,
      chat,
      scene: { anna },
    } = called;
    await scene.say("/privacy", { chat: anna.id });
    await scene.saying("Kept:", anna.id);
    scene.telegram.faults.cutNext("answerGuestQuery", "after");
    await scene.telegram.userCallsGuest(chat, { from: anna, text: "@drawbridge_bot a cat" });
    await scene.paint();
    await scene.telegram.until(() => scene.pictures(anna.id).length === 1);
    expect(scene.ofBot(chat)).toHaveLength(1);
  });
});
