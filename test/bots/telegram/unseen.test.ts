import { describe, expect, test } from "vitest";
import { translatorFor } from "../../../bots/i18n.ts";
import { aScene, labels, textOf } from "./scene.ts";

const t = translatorFor("en");

const refusal = t("errors.unknown-preset", { preset: "nothing" });

describe("What the Telegram door says in a group to one person alone", () => {
  test("are its refusals", async () => {
    const scene = await aScene();
    const asked = await scene.say("/draw a cat --preset nothing");
    const told = await scene.saying(refusal);
    expect(told).toMatchObject({ seenBy: scene.anna.id, replyTo: asked });
  });

  test("are the settings, which change where they stand", async () => {
    const scene = await aScene();
    await scene.say("/settings");
    const menu = await scene.saying(t("settings.own"));
    expect(menu.seenBy).toBe(scene.anna.id);
    scene.telegram.userPresses(menu, t("settings.names.ratio"), scene.anna);
    await scene.telegram.until(() => labels(menu).includes("16:9"));
    scene.telegram.userPresses(menu, "16:9", scene.anna);
    await scene.telegram.until(() => textOf(menu).includes("Ratio: 16:9"));
    expect(scene.ofBot()).toEqual([menu]);
  });

  test("is what they drew, with its pages", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a cat");
    expect(picture.seenBy).toBeUndefined();
    await scene.say("/history");
    const list = await scene.telegram.until(() => scene.pictures()[1]);
    expect(list.seenBy).toBe(scene.anna.id);
    scene.telegram.userPresses(list, "1", scene.anna);
    const again = await scene.telegram.until(() => scene.pictures()[2]);
    expect(again).toMatchObject({ seenBy: scene.anna.id, caption: picture.caption });
    scene.telegram.userPresses(again, "Delete", scene.anna);
    await scene.telegram.until(() => again.deleted);
    expect(picture.deleted).toBe(false);
  });

  test("is whether many pictures are meant, until that is answered", async () => {
    const scene = await aScene();
    const asked = await scene.say("/draw a {1-5} cat");
    const question = await scene.saying(t("ask.batch", { count: 5 }));
    expect(question.seenBy).toBe(scene.anna.id);
    scene.telegram.userPresses(question, t("buttons.paint", { count: 5 }), scene.anna);
    await scene.telegram.until(() => question.deleted);
    const status = await scene.telegram.until(() => scene.ofBot()[0]);
    expect(status).toMatchObject({ replyTo: asked, seenBy: undefined });
  });

  test("answers what nobody else sees either, each time", async () => {
    const scene = await aScene();
    for (const count of [1, 2]) {
      const asked = await scene.say("/settings", { unseen: true });
      const menu = await scene.telegram.until(() => scene.ofBot()[count - 1]);
      expect(menu).toMatchObject({ replyTo: asked, seenBy: scene.anna.id });
    }
  });

  test("answers commands that are registered as unseen", async () => {
    const scene = await aScene();
    const own = () => scene.telegram.commands().filter((one) => one.is_ephemeral);
    await scene.telegram.until(() => own().some(({ command }) => command === "settings"));
  });

  test("is seen by all where the server knows nothing of it, or it comes too late", async () => {
    const old = await aScene({ telegram: { knowsUnseen: false } });
    await old.say("/draw a cat --preset nothing");
    expect((await old.saying(refusal)).seenBy).toBeUndefined();
    const scene = await aScene();
    const asked = await scene.say("/settings", { unseen: true });
    scene.telegram.clock.advance(20_000);
    scene.telegram.handOverAgain(asked);
    const isOpen = () => scene.ofBot().find(({ seenBy }) => seenBy === undefined);
    expect(textOf(await scene.telegram.until(isOpen))).toContain(t("settings.own"));
  });

  test("is seen by all in a basic group", async () => {
    const scene = await aScene();
    const basic = scene.telegram.addGroup({ members: [scene.anna] });
    await scene.say("/draw a cat --preset nothing", { chat: basic });
    const told = await scene.saying(refusal, basic);
    expect(told.seenBy).toBeUndefined();
    await scene.say("/settings", { chat: basic });
    const menu = await scene.saying(t("settings.own"), basic);
    scene.telegram.userPresses(menu, t("settings.names.ratio"), scene.anna);
    await scene.telegram.until(() => labels(menu).includes("16:9"));
  });

  test("waits for a flood limit before it says it to all", async () => {
    const scene = await aScene();
    scene.telegram.faults.floodNext("sendMessage", 0.2);
    await scene.say("/draw a cat --preset nothing");
    expect((await scene.saying(refusal)).seenBy).toBe(scene.anna.id);
  });
});
