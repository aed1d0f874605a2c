import { describe, expect, test } from "vitest";
import { translatorFor } from "../../../bots/i18n.ts";
import { aScene, eventually, labels, type Scene, type SceneOptions, textOf } from "./scene.ts";

const t = translatorFor("en");

/** A scene in which Anna has started the bot in private, or not. */
async function withAnna(options: SceneOptions & { readonly started?: boolean } = {}) {
  const { started = true, ...more } = options;
  const scene = await aScene(more);
  if (started) {
    await scene.say("/privacy", { chat: scene.anna.id });
    await scene.saying("Kept:", scene.anna.id);
  }
  return scene;
}

/** The bot's messages in the group that others than Anna see, those that are gone included. */
function seenByAll({ telegram, group }: Scene) {
  const { messages } = telegram.chat(group);
  return messages.filter(({ from, seenBy }) => from?.is_bot && seenBy === undefined);
}

describe("A private picture in a group", () => {
  test("is asked for by a command that nobody else sees, and is seen by its person alone", async () => {
    const scene = await withAnna();
    const asked = await scene.say("/private a cat", { unseen: true });
    const status = await scene.telegram.until(() => scene.ofBot()[0]);
    expect(status).toMatchObject({ replyTo: asked, seenBy: scene.anna.id });
    await scene.paint();
    await scene.telegram.until(() => status.photo);
    expect(status.caption).toMatch(/^a cat\n/);
    expect(labels(status)).toContain(t("buttons.share"));
    expect(scene.ofBot()).toEqual([status]);
    expect((await scene.newestJob()).private).toBe(true);
    await eventually(async () =>
      expect((await scene.newestJob()).delivery.state).toBe("delivered"),
    );
  });

  test("is what each picture is for who set it so, also where groups are quiet", async () => {
    const scene = await withAnna({ door: { quietGroups: true } });
    await scene.settings.set(`telegram:${scene.anna.id}`, { private: true });
    const asked = await scene.say("/draw a cat");
    await scene.paint();
    const picture = await scene.telegram.until(() => scene.pictures()[0]);
    expect(picture).toMatchObject({ replyTo: asked, seenBy: scene.anna.id });
    expect(asked.reaction).toBeUndefined();
    expect(scene.telegram.chat(scene.group).actions).toEqual([]);
  });

  test("stays so where it is made again, and is shown to all once it is shared", async () => {
    const scene = await withAnna();
    await scene.say("/private a cat", { unseen: true });
    await scene.paint();
    const first = await scene.telegram.until(() => scene.pictures()[0]);
    scene.telegram.userPresses(first, t("buttons.again"), scene.anna);
    await scene.paint();
    const again = await scene.telegram.until(() => scene.pictures()[1]);
    expect(again.seenBy).toBe(scene.anna.id);
    scene.telegram.userPresses(again, t("buttons.share"), scene.anna);
    const shared = await scene.telegram.until(() => scene.pictures()[2]);
    expect(shared).toMatchObject({ seenBy: undefined, caption: again.caption });
  });

  test("can be cancelled, and is deleted for its person", async () => {
    const scene = await withAnna();
    await scene.say("/private a cat", { unseen: true });
    const status = await scene.telegram.until(() =>
      scene.ofBot().find((one) => labels(one).includes(t("buttons.cancel"))),
    );
    scene.telegram.userPresses(status, t("buttons.cancel"), scene.anna);
    await scene.telegram.until(() => textOf(status).includes("Cancelled."));
    await scene.say("/private a cat", { unseen: true });
    await scene.paint();
    const picture = await scene.telegram.until(() => scene.pictures()[0]);
    scene.telegram.userPresses(picture, t("buttons.delete"), scene.anna);
    await scene.telegram.until(() => picture.deleted);
  });

  test.each([
    ["the server knows of no such messages", { knowsUnseen: false }],
    ["it comes too late for them", { answerWithinMs: -1 }],
  ])("comes to the person's own chat where %s", async (_, telegram) => {
    const scene = await withAnna({ telegram });
    await scene.say("/private a cat", { unseen: true });
    await scene.paint();
    const picture = await scene.telegram.until(() => scene.pictures(scene.anna.id)[0]);
    expect(picture.caption).toMatch(/^a cat\n/);
    expect(
      seenByAll(scene)
        .map(textOf)
        .filter((text) => text !== "…"),
    ).toEqual([]);
    expect(scene.ofBot()).toEqual([]);
  });

  test("is not painted where there is no way to show it to its person alone, who is told", async () => {
    const scene = await withAnna({ started: false, telegram: { knowsUnseen: false } });
    await scene.say("/private a cat", { unseen: true });
    await scene.saying(t("ask.startFirst"));
    expect(scene.easel.orders).toEqual([]);
    expect((await scene.newestJob()).error?.code).toBe("cancelled");
  });

  test("is one at a time, and never the channel's or the group's own", async () => {
    const scene = await withAnna();
    await scene.say("/private a {red|blue} cat", { unseen: true });
    expect((await scene.saying(t("ask.oneInline"))).seenBy).toBe(scene.anna.id);
    await scene.say("/private a cat", { inNameOf: scene.group });
    await scene.saying(t("ask.notHere"));
    expect(scene.easel.orders).toEqual([]);
  });

  test("is there once after the process died between its message and itself", async () => {
    const scene = await withAnna();
    await scene.say("/private a cat", { unseen: true });
    const status = await scene.telegram.until(() => scene.ofBot()[0]);
    await scene.easel.begun(1);
    await scene.crash();
    await scene.restart();
    await scene.paint();
    await scene.telegram.until(() => status.photo);
    expect(scene.ofBot()).toEqual([status]);
  });

  test("comes to the person's own chat where its message is gone meanwhile", async () => {
    const scene = await withAnna();
    await scene.say("/private a cat", { unseen: true });
    const status = await scene.telegram.until(() => scene.ofBot()[0]);
    scene.telegram.userDeletes(status);
    scene.telegram.clock.advance(60_000);
    await scene.paint();
    await scene.telegram.until(() => scene.pictures(scene.anna.id)[0]);
    expect(seenByAll(scene)).toEqual([]);
  });

  test("is shown again to its person alone, also where all would see other pictures", async () => {
    const scene = await withAnna();
    await scene.say("/private a cat", { chat: scene.anna.id });
    await scene.paint();
    await scene.telegram.until(() => scene.pictures(scene.anna.id)[0]);
    const basic = scene.telegram.addGroup({ members: [scene.anna] });
    await scene.say(`/show ${(await scene.newestJob()).code}`, { chat: basic });
    await scene.telegram.until(() => scene.pictures(scene.anna.id)[1]);
    await scene.say("/history", { chat: basic });
    await eventually(() => expect(scene.pictures(scene.anna.id)).toHaveLength(3));
    expect(scene.ofBot(basic)).toEqual([]);
  });
});
