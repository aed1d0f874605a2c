import { describe, expect, test } from "vitest";
import { translatorFor } from "../../../bots/i18n.ts";
import { aScene, codeIn, eventually, labels, type Scene, textOf } from "./scene.ts";

const t = translatorFor("en");

/** A group that an administrator runs, with Anna in it. */
function aRunGroup({ telegram, anna, ben }: Scene) {
  const admin = telegram.addUser();
  const chat = telegram.addGroup({ supergroup: true, admins: [admin], members: [anna, ben] });
  return { admin, chat, asGroup: { by: admin, chat, inNameOf: chat } };
}

describe("The Telegram door's administrators who hide behind the group", () => {
  test("draw, and cancel and delete what they drew, as no other member may", async () => {
    const scene = await aScene();
    const { admin, chat, asGroup } = aRunGroup(scene);
    const picture = await scene.drawn("a cat", asGroup);
    scene.telegram.userPresses(picture, "Delete", admin);
    await scene.telegram.until(() => picture.deleted);
    expect(scene.images.kept.size).toBe(0);
    await scene.say("/draw a dog", asGroup);
    const status = await scene.telegram.until(() => scene.ofBot(chat)[0]);
    const refused = scene.telegram.userPresses(status, "Cancel", scene.anna);
    await scene.telegram.until(() => refused.answer);
    expect(refused.answer?.text).toBe(t("errors.not-yours"));
    scene.telegram.userPresses(status, "Cancel", admin);
    await scene.telegram.until(() => status.text?.includes(t("errors.cancelled")));
  });

  test("cancel what others asked for there, as no other member may", async () => {
    const scene = await aScene();
    const { admin, chat } = aRunGroup(scene);
    await scene.say("/draw a dog", { chat });
    const status = await scene.telegram.until(() => scene.ofBot(chat)[0]);
    const refused = scene.telegram.userPresses(status, "Cancel", scene.ben);
    await scene.telegram.until(() => refused.answer);
    expect(refused.answer?.text).toBe(t("errors.not-yours"));
    scene.telegram.userPresses(status, "Cancel", admin);
    await scene.telegram.until(() => status.text?.includes(t("errors.cancelled")));
  });

  test("set what counts in the group", async () => {
    const scene = await aScene();
    const { admin, chat, asGroup } = aRunGroup(scene);
    await scene.say("/settings", asGroup);
    const menu = await scene.saying(t("settings.place"), chat);
    expect(labels(menu)).not.toContain(t("buttons.mySettings"));
    const refused = scene.telegram.userPresses(menu, "Ratio", scene.anna);
    await scene.telegram.until(() => refused.answer);
    expect(refused.answer?.text).toBe(t("ask.notForYou"));
    scene.telegram.userPresses(menu, "Ratio", admin);
    await scene.telegram.until(() => labels(menu).includes("3:4"));
    scene.telegram.userPresses(menu, "3:4", admin);
    await eventually(() =>
      expect(scene.settings.kept.get(`telegram:chat:${chat}`)).toEqual({ ratio: "3:4" }),
    );
  });

  test("turn the pages of the group's history, and make it forgotten", async () => {
    const scene = await aScene();
    const { admin, chat, asGroup } = aRunGroup(scene);
    const picture = await scene.drawn("a cat", asGroup);
    await scene.say("/forgetme", asGroup);
    const question = await scene.saying(t("privacy.confirm"), chat);
    const yes = t("buttons.confirmForget");
    const refused = scene.telegram.userPresses(question, yes, scene.anna);
    await scene.telegram.until(() => refused.answer);
    expect(refused.answer?.text).toBe(t("ask.notForYou"));
    await scene.say("/history", asGroup);
    const page = await scene.telegram.until(() => scene.pictures(chat)[1]);
    const press = scene.telegram.forgePress(page, `l;;${chat} 1`, admin);
    await scene.telegram.until(() => press.answer);
    expect(press.answer?.text).toBe("");
    scene.telegram.userPresses(question, yes, admin);
    await scene.telegram.until(() => textOf(question) === t("privacy.forgotten"));
    expect(await scene.stores.archive.find(codeIn(picture))).toBeUndefined();
  });
});

describe("A press that asks the platform who runs the group", () => {
  test("is answered before the platform has told, and delays no other press", async () => {
    const scene = await aScene();
    const { admin, chat } = aRunGroup(scene);
    const picture = await scene.drawn("a cat", { chat });
    scene.telegram.faults.delayNext("getChatMember", 6_000);
    const first = scene.telegram.userPresses(picture, "Delete", admin);
    const [asked] = await scene.telegram.until(() => {
      const calls = scene.telegram.callsOf("getChatMember");
      return calls.length === 1 && calls;
    });
    const other = scene.telegram.userPresses(picture, "Original", scene.ben);
    await scene.telegram.until(() => first.answer && other.answer);
    expect(first.answer?.text).toBe(t("ask.adminsUnknown"));
    expect(asked?.endedAt).toBeUndefined();
    expect(picture.deleted).toBe(false);
    await scene.telegram.until(() => scene.telegram.callsOf("getChatMember")[0]?.endedAt);
    await scene.telegram.until(() => scene.ofBot(chat).some(({ document }) => document));
    await eventually(() => {
      if (!picture.deleted) scene.telegram.userPresses(picture, "Delete", admin);
      expect(picture.deleted).toBe(true);
    });
    expect(scene.telegram.callsOf("getChatMember")).toHaveLength(1);
  });

  test("is told to try once more where the platform gives no answer, and that it is not theirs where it refuses", async () => {
    const scene = await aScene();
    const { admin, chat } = aRunGroup(scene);
    const picture = await scene.drawn("a cat", { chat });
    const tell = async () => {
      const press = scene.telegram.userPresses(picture, "Delete", admin);
      return (await scene.telegram.until(() => press.answer)).text;
    };
    scene.telegram.faults.cutNext("getChatMember", "before");
    expect(await tell()).toBe(t("ask.adminsUnknown"));
    const description = "Bad Request: PARTICIPANT_ID_INVALID";
    scene.telegram.faults.failNext("getChatMember", { code: 400, description });
    expect(await tell()).toBe(t("errors.not-yours"));
  });
});
