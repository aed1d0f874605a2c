import { describe, expect, test } from "vitest";
import { translatorFor } from "../../../bots/i18n.ts";
import { aScene, eventually, textOf } from "./scene.ts";

const t = translatorFor("en");

const aQuietScene = () => aScene({ door: { quietGroups: true } });

describe("The Telegram door in quiet groups", () => {
  test("acknowledges by a reaction, and the picture is its only message", async () => {
    const scene = await aQuietScene();
    const asked = await scene.say("/draw a cat");
    await scene.telegram.until(() => asked.reaction === "👀");
    await scene.easel.begun(1);
    expect(scene.ofBot()).toEqual([]);
    await scene.paint();
    const [picture] = await scene.telegram.until(
      () => scene.pictures().length > 0 && scene.ofBot(),
    );
    expect(picture?.replyTo).toBe(asked);
    expect(picture?.caption).toMatch(/^a cat\n/);
    expect(scene.ofBot()).toHaveLength(1);
  });

  test("acknowledges a press at the picture that was pressed", async () => {
    const scene = await aQuietScene();
    const picture = await scene.drawn("a cat");
    scene.telegram.userPresses(picture, "Again", scene.ben);
    await scene.telegram.until(() => picture.reaction === "👀");
    await scene.paint();
    await scene.telegram.until(() => scene.pictures().length === 2);
    expect(scene.pictures()[1]?.replyTo).toBe(picture);
  });

  test("shows an album and its caption", async () => {
    const scene = await aQuietScene();
    await scene.say("/draw a cat --n 2");
    await scene.paint(2);
    await scene.telegram.until(() => scene.ofBot().length === 3);
    expect(textOf(scene.ofBot()[2]!)).toMatch(/^a cat --n 2\n/);
  });

  test("still says why there is no picture", async () => {
    const scene = await aQuietScene();
    const asked = await scene.say("/draw a cat");
    await scene.easel.begun(1);
    scene.easel.finish(new Error("a bug"));
    const told = await scene.saying(t("errors.internal"));
    expect(told.replyTo).toBe(asked);
    await scene.say("/draw a cat --preset nothing");
    await scene.saying(t("errors.unknown-preset", { preset: "nothing" }));
  });

  test("shows its message where the group takes no reactions, and in private", async () => {
    const scene = await aQuietScene();
    scene.telegram.forbidReactions(scene.group);
    for (const chat of [scene.group, scene.anna.id]) {
      await scene.say("/draw a cat", { chat });
      const status = await scene.telegram.until(() => scene.ofBot(chat)[0]);
      await scene.paint();
      await scene.telegram.until(() => status.photo);
    }
  });

  test("paints nothing where the bot may react and not write", async () => {
    const scene = await aQuietScene();
    await scene.say("/privacy", { chat: scene.anna.id });
    await scene.saying("Kept:", scene.anna.id);
    scene.telegram.muteBot(scene.group, "CHAT_RESTRICTED");
    await scene.say("/draw a cat");
    await scene.saying(t("ask.cannotWrite"), scene.anna.id);
    expect(scene.easel.orders).toEqual([]);
  });

  test.each([
    ["setMessageReaction", "before"],
    ["setMessageReaction", "after"],
    ["sendPhoto", "before"],
  ] as const)("leaves one picture when the process dies at %s, %s it", async (method, when) => {
    const scene = await aQuietScene();
    scene.telegram.faults.cutNext(method, when);
    const asked = await scene.say("/draw a cat");
    if (method === "sendPhoto") await scene.paint();
    await scene.telegram.until(() => scene.telegram.callsOf(method).length > 0);
    await scene.crash();
    await scene.restart();
    if (method !== "sendPhoto") await scene.paint();
    const job = await scene.newestJob();
    const shown = () => scene.ofBot().filter((one) => textOf(one).includes(job.code));
    await eventually(() => expect(shown()).toHaveLength(1));
    expect(shown()[0]?.replyTo).toBe(asked);
  });
});
