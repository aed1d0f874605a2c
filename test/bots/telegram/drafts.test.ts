import { describe, expect, test } from "vitest";
import { aScene, eventually, labels, type Scene, type SceneOptions, textOf } from "./scene.ts";

/** Anna asks in private, and sees the draft of what she asked for. */
async function drafting(prompt = "a cat", options: SceneOptions = {}) {
  const scene = await aScene({ door: { drafts: true }, easel: { progress: true }, ...options });
  const chat = scene.anna.id;
  await scene.say(`/draw ${prompt}`, { chat });
  await scene.easel.begun(1);
  scene.easel.contexts[0]?.onProgress({ fraction: 0.4 });
  return { ...view(scene), chat, scene };
}

function view(scene: Scene) {
  const chat = () => scene.telegram.chat(scene.anna.id);
  return {
    shown: () => chat().ofBot,
    kinds: () => chat().ofBot.map(({ photo }) => (photo ? "picture" : "words")),
    draft: () => chat().draft,
    /** The draft once it says this. */
    drafted: (text: string | RegExp) =>
      scene.telegram.until(() => {
        const found = chat().draft;
        return found && new RegExp(text).test(found.text) ? found : undefined;
      }),
  };
}

describe("Progress as a draft, in a private chat with Telegram,", () => {
  test("has Telegram's Stop, and leaves Cancel to those whose client does not show it", async () => {
    const { scene, shown, drafted } = await drafting();
    expect(await drafted("40")).toMatchObject({ canStop: true });
    const [status, ...others] = shown();
    expect(others).toEqual([]);
    expect(labels(status!)).toEqual(["Cancel"]);
    expect(status?.edits).toBe(0);
    scene.telegram.userPresses(status!, "Cancel", scene.anna);
    await eventually(() => expect(shown().map(textOf)).toEqual(["Cancelled."]));
  });

  test("goes with the picture, which is the only message then", async () => {
    const { scene, kinds, draft, drafted } = await drafting();
    await drafted("40");
    await scene.paint();
    await eventually(() => expect(kinds()).toEqual(["picture"]));
    expect(draft()).toBeUndefined();
  });

  test("goes with an album", async () => {
    const { scene, shown, draft, drafted } = await drafting("a cat --n 2");
    await drafted("40");
    await scene.paint(2);
    await eventually(() => expect(shown()).toHaveLength(3));
    expect(shown().filter(({ photo }) => photo)).toHaveLength(2);
    expect(draft()).toBeUndefined();
  });

  test("is stopped by its person, and the job with it", async () => {
    const { scene, chat, shown, drafted } = await drafting();
    await drafted("40");
    scene.telegram.userStops(chat);
    await eventually(() => expect(shown().map(textOf)).toEqual(["Cancelled."]));
    expect((await scene.newestJob()).state).toBe("cancelled");
  });

  test("is stopped in the next process, too", async () => {
    const { scene, chat, shown, drafted } = await drafting();
    await drafted("40");
    await scene.crash();
    scene.telegram.userStops(chat);
    await scene.restart();
    await eventually(() => expect(shown().map(textOf)).toEqual(["Cancelled."]));
  });

  test("leaves one picture where the process died while it was shown", async () => {
    const { scene, kinds, drafted } = await drafting();
    await drafted("40");
    await scene.crash();
    await scene.restart();
    await scene.paint();
    await eventually(() => expect(kinds()).toEqual(["picture"]));
  });

  test.each(["before", "after"] as const)(
    "leaves one picture where the connection broke %s the picture was sent",
    async (when) => {
      const { scene, shown, drafted } = await drafting();
      await drafted("40");
      scene.telegram.faults.cutNext("sendPhoto", when);
      await scene.paint();
      await eventually(() => expect(shown().filter(({ photo }) => photo).length).toBeLessThan(2));
      await eventually(async () =>
        expect((await scene.newestJob()).delivery.state).toBe("delivered"),
      );
      expect(shown().flatMap(labels)).not.toContain("Cancel");
    },
  );

  test("is the edited message where the server knows no drafts", async () => {
    const { scene, shown, kinds } = await drafting("a cat", { telegram: { knowsDrafts: false } });
    await eventually(() => expect(textOf(shown()[0]!)).toContain("40"));
    await scene.paint();
    await eventually(() => expect(kinds()).toEqual(["picture"]));
    expect(scene.telegram.callsOf("sendMessageDraft")).toHaveLength(1);
  });

  test("is not shown in groups, nor unless it was switched on", async () => {
    const { scene, shown } = await drafting("a cat", { door: {} });
    await eventually(() => expect(textOf(shown()[0]!)).toContain("40"));
    expect(scene.telegram.callsOf("sendMessageDraft")).toEqual([]);
    const there = await aScene({ door: { drafts: true } });
    await there.drawn("a cat");
    expect(there.telegram.callsOf("sendMessageDraft")).toEqual([]);
  });
});
