import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { translatorFor } from "../../../bots/i18n.ts";
import { silentLog } from "../../builders.ts";
import { aScene, codeIn, eventually, labels, type Scene } from "./scene.ts";

const t = translatorFor("en");

/** Anna has asked for a cat, and its status message is there. */
async function asked(scene: Scene, chat = scene.group) {
  await scene.say("/draw a cat", { chat });
  return scene.telegram.until(() => scene.ofBot(chat)[0]);
}

async function delivered(scene: Scene, chat = scene.group) {
  await scene.paint();
  await scene.telegram.until(() => scene.pictures(chat).length === 1);
}

async function deliveryState(scene: Scene): Promise<string> {
  return (await scene.newestJob()).delivery.state;
}

describe("The Telegram door at errors of the Bot API", () => {
  test("sends the picture anew when its message was deleted", async () => {
    const scene = await aScene();
    scene.telegram.userDeletes(await asked(scene));
    await delivered(scene);
    expect(scene.ofBot()).toHaveLength(1);
    expect(labels(scene.ofBot()[0]!)).toContain("Again");
  });

  test("answers although the message that it answers was deleted", async () => {
    const scene = await aScene();
    const message = await scene.say("/draw a cat");
    scene.telegram.userDeletes(message);
    await delivered(scene);
    expect(scene.ofBot()).toHaveLength(1);
  });

  test("answers nothing where the platform finds no message to answer", async () => {
    const scene = await aScene();
    const description = "Bad Request: message to be replied not found";
    scene.telegram.faults.failNext("sendMessage", { code: 400, description });
    await asked(scene);
    await delivered(scene);
    expect(scene.ofBot()).toHaveLength(1);
    expect(scene.ofBot()[0]?.replyTo).toBeUndefined();
  });

  test("says so where the group takes no pictures", async () => {
    const scene = await aScene();
    const status = await asked(scene);
    const description = "Bad Request: not enough rights to send photos to the chat";
    scene.telegram.faults.failNext("editMessageMedia", { code: 400, description });
    await scene.paint();
    await scene.telegram.until(() => status.text?.includes("cannot be shown here"));
    expect(labels(status)).toContain("Again");
    await eventually(async () => expect(await deliveryState(scene)).toBe("delivered"));
  });

  test("leaves the topic that was closed meanwhile", async () => {
    const scene = await aScene();
    scene.telegram.faults.failNext("sendMessage", {
      code: 400,
      description: "Bad Request: message thread not found",
    });
    const forum = scene.telegram.addGroup({ forum: true, members: [scene.anna] });
    const topic = scene.telegram.addTopic(forum, "Pictures", scene.anna);
    await scene.say("/draw a cat", { chat: forum, topic });
    await delivered(scene, forum);
  });

  test("gives up where it was blocked", async () => {
    const scene = await aScene();
    await asked(scene, scene.anna.id);
    scene.telegram.userBlocksBot(scene.anna);
    await scene.paint();
    await eventually(async () => expect(await deliveryState(scene)).toBe("gone"));
  });

  test("gives up where it was kicked out", async () => {
    const scene = await aScene();
    await asked(scene);
    scene.telegram.kickBot(scene.group);
    await scene.paint();
    await eventually(async () => expect(await deliveryState(scene)).toBe("gone"));
  });

  test.each([
    "have no rights to send a message",
    "CHAT_RESTRICTED",
    "CHAT_ADMIN_REQUIRED",
    "USER_BANNED_IN_CHANNEL",
    "CHAT_GUEST_SEND_FORBIDDEN",
    "TOPIC_CLOSED",
  ])("paints nothing where it may not write (%s), and says so in private", async (words) => {
    const scene = await aScene({ studio: { perDay: 1 } });
    const { telegram, anna, group } = scene;
    await scene.say("/help", { chat: anna.id });
    telegram.muteBot(group, words);
    await scene.say("/draw a cat");
    await scene.saying(t("ask.cannotWrite"), anna.id);
    await eventually(async () => expect(await deliveryState(scene)).toBe("gone"));
    expect(scene.easel.orders).toEqual([]);
    const attempts = telegram.callsOf("sendMessage");
    expect(attempts.filter(({ payload }) => payload["chat_id"] === group)).toHaveLength(1);
    await scene.drawn("a cat", { chat: anna.id });
  });

  test("paints nothing where it may not write, also for a person who never wrote to it", async () => {
    const scene = await aScene();
    scene.telegram.muteBot(scene.group, "have no rights to send a message");
    await scene.say("/draw a cat");
    await eventually(async () => expect(await deliveryState(scene)).toBe("gone"));
    expect(scene.easel.orders).toEqual([]);
  });

  test("paints while the platform makes it wait with its first message", async () => {
    const scene = await aScene();
    scene.telegram.faults.floodNext("sendMessage", 0.5);
    await scene.say("/draw a cat");
    await scene.easel.begun(1);
    await delivered(scene);
    expect(scene.ofBot()).toHaveLength(1);
  });

  test("follows a group that became a supergroup, with its settings", async () => {
    const scene = await aScene();
    const chat = scene.telegram.addGroup({ members: [scene.anna] });
    await scene.settings.set(`telegram:chat:${chat}`, { ratio: "16:9" });
    await asked(scene, chat);
    const moved = scene.telegram.migrateGroup(chat, scene.anna);
    await delivered(scene, moved);
    await eventually(() =>
      expect(scene.settings.kept.get(`telegram:chat:${moved}`)).toEqual({ ratio: "16:9" }),
    );
  });

  test("waits as long as the platform wants before the final edit", async () => {
    const scene = await aScene();
    await asked(scene);
    scene.telegram.faults.floodNext("editMessageMedia", 0.3);
    await scene.paint();
    await scene.telegram.until(() => scene.pictures().length === 1);
    const [first, second] = scene.telegram.callsOf("editMessageMedia");
    expect((second?.at ?? 0) - (first?.endedAt ?? 0)).toBeGreaterThanOrEqual(300);
    expect(scene.telegram.callsOf("editMessageMedia")).toHaveLength(2);
  });

  test("waits as long as the platform wants before it answers", async () => {
    const scene = await aScene();
    scene.telegram.faults.floodNext("sendMessage", 0.2);
    await scene.say("/help");
    await scene.saying("Commands:");
  });

  test("drops stale edits, and shows the newest state", async () => {
    const scene = await aScene({ easel: { progress: true } });
    const status = await asked(scene);
    await scene.easel.begun(1);
    scene.telegram.faults.floodNext("editMessageText", 0.2);
    for (const fraction of [0.1, 0.2, 0.3, 0.9]) scene.easel.contexts[0]?.onProgress({ fraction });
    await scene.telegram.until(() => status.text?.includes("90 %"));
    expect(scene.telegram.callsOf("editMessageText").length).toBeLessThanOrEqual(4);
  });

  test("leaves the pause between two edits in one chat", async () => {
    const scene = await aScene({
      easel: { progress: true },
      door: { editEveryMs: { private: 300, group: 1500 } },
    });
    const status = await asked(scene);
    await scene.easel.begun(1);
    for (const percent of [1, 2]) {
      scene.easel.contexts[0]?.onProgress({ fraction: percent / 100 });
      await scene.telegram.until(() => status.text?.includes(` ${percent} %`));
    }
    // A busy machine may notice the first edit late.
    const [first, second] = scene.telegram.callsOf("editMessageText");
    expect((first?.at ?? 0) - status.sentAt).toBeGreaterThanOrEqual(750);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(750);
  });

  test("is done when the platform says that nothing is modified", async () => {
    const scene = await aScene();
    await asked(scene);
    scene.telegram.faults.failNext("editMessageMedia", {
      code: 400,
      description:
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same",
    });
    await scene.paint();
    await eventually(async () => expect(await deliveryState(scene)).toBe("delivered"));
  });

  test("repeats an edit whose answer was lost, and shows one picture", async () => {
    const scene = await aScene();
    await asked(scene);
    scene.telegram.faults.cutNext("editMessageMedia", "after");
    await scene.paint();
    await eventually(async () => expect(await deliveryState(scene)).toBe("delivered"));
    expect(scene.pictures()).toHaveLength(1);
    expect(scene.ofBot()).toHaveLength(1);
  });

  test("sends nothing twice when the answer to the first message was lost", async () => {
    const scene = await aScene();
    scene.telegram.faults.cutNext("sendMessage", "after");
    await scene.say("/draw a cat");
    await delivered(scene);
    expect(scene.pictures()).toHaveLength(1);
  });

  test("sends nothing twice when the last answer was lost, and says that it is not sure", async () => {
    const scene = await aScene();
    scene.telegram.userDeletes(await asked(scene));
    scene.telegram.faults.cutNext("sendPhoto", "after");
    await scene.paint();
    await scene.saying(/may not have arrived\. \/show zi-/);
    await eventually(async () => expect(await deliveryState(scene)).toBe("delivered"));
    expect(scene.pictures()).toHaveLength(1);
  });

  test("repeats an album whose answer was lost by no means", async () => {
    const scene = await aScene();
    await scene.say("/draw a cat --n 2");
    scene.telegram.faults.cutNext("sendMediaGroup", "after");
    await scene.paint(2);
    await eventually(async () => expect(await deliveryState(scene)).toBe("delivered"));
    expect(scene.pictures()).toHaveLength(2);
  });

  test("says in the status, and in the log, that an album may not have arrived", async () => {
    const warned: object[] = [];
    const warn = (facts: object, message: string) => void warned.push({ ...facts, message });
    const scene = await aScene({ studio: { log: { ...silentLog, warn } } });
    await scene.say("/draw a cat --n 2");
    scene.telegram.faults.delayNext("sendMediaGroup", 60_000);
    await scene.paint(2);
    const begun = async () => (await scene.newestJob()).delivery.sends["album"];
    await eventually(async () => expect(await begun()).toBeDefined());
    await scene.crash();
    await scene.restart();
    const { code } = await scene.newestJob();
    const status = await scene.saying(
      `The pictures may not have arrived: press Original, or /show ${code}.`,
    );
    await eventually(async () => expect(await deliveryState(scene)).toBe("delivered"));
    expect(labels(status)).toContain("Original");
    expect(scene.pictures()).toEqual([]);
    expect(scene.ofBot()).toEqual([status]);
    expect(warned).toContainEqual(
      expect.objectContaining({ job: code, send: "album", message: expect.any(String) as string }),
    );
  });

  test("says once that original files may not have arrived", async () => {
    const scene = await aScene();
    await scene.settings.set(`telegram:${scene.anna.id}`, { originals: true });
    scene.telegram.faults.cutNext("sendDocument", "before");
    await scene.say("/draw a cat");
    await scene.paint();
    await scene.saying(/^The original files may not have arrived: press Original, or \/show zi-/);
    await eventually(async () => expect(await deliveryState(scene)).toBe("delivered"));
    expect(scene.pictures()).toHaveLength(1);
  });

  test("uploads a picture anew when its file id is not known any more", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a cat");
    for (const key of scene.files.kept.keys()) scene.files.kept.set(key, "AgACAgQABQADBQAE");
    await scene.say(`/show ${/zi-\w+/.exec(picture.caption ?? "")?.[0]}`);
    await scene.telegram.until(() => scene.pictures().length === 2);
  });

  test("says so when the picture came too late to be shown", async () => {
    let ahead = 0;
    const now = () => Date.now() + ahead;
    const scene = await aScene({ studio: { now, ttlMs: 60_000 } });
    const status = await asked(scene);
    const failure = { code: 500, description: "Internal Server Error" };
    scene.telegram.faults.failNext("editMessageMedia", failure, 100);
    await scene.paint();
    await scene.telegram.until(() => scene.telegram.callsOf("editMessageMedia").length > 0);
    ahead = 61_000;
    await scene.telegram.until(() => status.text?.startsWith("This picture came too late"));
    expect(codeIn(status)).toBe((await scene.newestJob()).code);
    expect(scene.ofBot()).toEqual([status]);
  });

  test("logs neither the token nor a prompt", async () => {
    const scene = await aScene();
    await asked(scene);
    await scene.telegram.down();
    await scene.paint();
    await eventually(() => expect(scene.logged.length).toBeGreaterThan(0));
    const lines = inspect(scene.logged, { depth: 20 });
    expect(lines).not.toContain(scene.telegram.token);
    expect(lines).not.toContain("a cat");
    await scene.telegram.up();
    await scene.telegram.until(() => scene.pictures().length === 1);
  });
});
