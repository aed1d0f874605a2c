import { describe, expect, test } from "vitest";
import { translatorFor } from "../../../bots/i18n.ts";
import { aScene, eventually, labels, type Scene, type SceneOptions, textOf } from "./scene.ts";

const t = translatorFor("en");

/** A chat that pictures can be uploaded to, known before the bot starts. */
const storageChat = 900_900;

async function withStorage(options: Omit<SceneOptions, "door"> = {}): Promise<Scene> {
  const scene = await aScene({ ...options, door: { storageChat } });
  const owner = scene.telegram.addUser({ id: storageChat });
  await scene.telegram.userSays(storageChat, { from: owner, text: "/privacy" });
  await scene.saying("Kept:", storageChat);
  return scene;
}

async function typed(scene: Scene, text: string) {
  const query = scene.telegram.userTypesInline(text, scene.anna);
  const answer = await scene.telegram.until(() => query.answer);
  return { query, results: answer.results };
}

describe("The Telegram door's inline mode", () => {
  test("draws into any chat: the placeholder becomes the picture", async () => {
    const scene = await withStorage();
    const chatId = scene.telegram.addConversation(scene.anna, scene.ben);
    const { query, results } = await typed(scene, "a cat @durov");
    expect(results[0]).toMatchObject({ title: "Draw: a cat @durov" });
    const placeholder = await scene.telegram.userChoosesInline("draw", { query, chatId });
    await scene.paint();
    await scene.telegram.until(() => placeholder.photo);
    expect(placeholder.caption).toMatch(/^a cat @durov\n.*zi-/);
    expect(placeholder.entities.map(({ type }) => type)).toEqual(["code"]);
    expect(labels(placeholder)).toEqual(["Again"]);
  });

  test("offers the recent pictures as they are, and nothing else without a storage chat", async () => {
    const scene = await aScene();
    const picture = await scene.drawn("a cat", { chat: scene.anna.id });
    const { query, results } = await typed(scene, "a cat");
    expect(results.map(({ type }) => type)).toEqual(["photo"]);
    expect(results[0]).toMatchObject({ photo_file_id: picture.photo?.fileId });
    const chatId = scene.telegram.addConversation(scene.anna, scene.ben);
    const id = String(results[0]?.["id"]);
    const sent = await scene.telegram.userChoosesInline(id, { query, chatId });
    expect(sent.caption).toContain("a cat");
  });

  test("never offers another person's pictures", async () => {
    const scene = await aScene();
    await scene.drawn("a cat", { by: scene.ben });
    const { results } = await typed(scene, "");
    expect(results).toEqual([]);
  });

  test("says so where the storage chat cannot be written to", async () => {
    const scene = await aScene({ door: { storageChat } });
    const chatId = scene.telegram.addConversation(scene.anna, scene.ben);
    const { query } = await typed(scene, "a cat");
    const placeholder = await scene.telegram.userChoosesInline("draw", { query, chatId });
    await scene.paint();
    await scene.telegram.until(() => textOf(placeholder).startsWith(t("ask.notHere")));
    expect(textOf(placeholder)).toContain((await scene.newestJob()).code);
  });

  test("says in the placeholder why there is no picture", async () => {
    const scene = await withStorage();
    const chatId = scene.telegram.addConversation(scene.anna, scene.ben);
    const { query } = await typed(scene, "a cat");
    const placeholder = await scene.telegram.userChoosesInline("draw", { query, chatId });
    await scene.easel.begun(1);
    scene.easel.finish(new Error("a bug"));
    await scene.telegram.until(() => textOf(placeholder).includes(t("errors.internal")));
  });

  test("can be cancelled where it stands, by its owner alone", async () => {
    const scene = await withStorage();
    const chatId = scene.telegram.addConversation(scene.anna, scene.ben);
    const { query } = await typed(scene, "a cat");
    const placeholder = await scene.telegram.userChoosesInline("draw", { query, chatId });
    await scene.telegram.until(() => labels(placeholder).includes("Cancel"));
    const refused = scene.telegram.userPresses(placeholder, "Cancel", scene.ben);
    await scene.telegram.until(() => refused.answer);
    expect(refused.answer?.text).toBe(t("errors.not-yours"));
    scene.telegram.userPresses(placeholder, "Cancel", scene.anna);
    await scene.telegram.until(() => textOf(placeholder).includes("Cancelled."));
  });

  test("is for the listed alone where there is a list", async () => {
    const scene = await aScene({ door: { storageChat, allowedChats: ["1"] } });
    const { results } = await typed(scene, "a cat");
    expect(results).toEqual([]);
  });

  test("is for the listed, whatever the chat that they draw into", async () => {
    const scene = await aScene({
      door: ({ anna }) => ({ storageChat, allowedChats: [String(anna)] }),
    });
    const { results } = await typed(scene, "a cat");
    expect(results.map(({ id }) => id)).toEqual(["draw"]);
    const query = scene.telegram.userTypesInline("a cat", scene.ben);
    expect((await scene.telegram.until(() => query.answer)).results).toEqual([]);
  });

  test("says that it draws to a person who presses the placeholder before it knows the job", async () => {
    const scene = await withStorage({ telegram: { inlineFeedback: false } });
    const chatId = scene.telegram.addConversation(scene.anna, scene.ben);
    const { query } = await typed(scene, "a cat");
    const placeholder = await scene.telegram.userChoosesInline("draw", { query, chatId });
    const press = scene.telegram.userPresses(placeholder, "Drawing …", scene.anna);
    expect((await scene.telegram.until(() => press.answer)).text).toBe("Drawing …");
  });

  test("leaves one picture when the process dies between the words and the picture", async () => {
    const scene = await withStorage();
    const chatId = scene.telegram.addConversation(scene.anna, scene.ben);
    const { query } = await typed(scene, "a cat");
    const placeholder = await scene.telegram.userChoosesInline("draw", { query, chatId });
    await scene.easel.begun(1);
    await scene.crash();
    await scene.restart();
    await scene.paint();
    await scene.telegram.until(() => placeholder.photo);
    await eventually(() => expect(scene.pictures(storageChat)).toHaveLength(1));
  });

  test.each(["sendPhoto", "editMessageMedia"])(
    "shows the picture when the process dies before it hears the answer to %s",
    async (method) => {
      const scene = await withStorage();
      const chatId = scene.telegram.addConversation(scene.anna, scene.ben);
      const { query } = await typed(scene, "a cat");
      const placeholder = await scene.telegram.userChoosesInline("draw", { query, chatId });
      scene.telegram.faults.cutNext(method, "after");
      await scene.paint();
      await scene.telegram.until(() => scene.telegram.callsOf(method).length > 0);
      await scene.crash();
      await scene.restart();
      await scene.telegram.until(() => placeholder.photo);
      await eventually(async () =>
        expect((await scene.newestJob()).delivery.state).toBe("delivered"),
      );
      expect(labels(placeholder)).toEqual(["Again"]);
    },
  );
});
