import { describe, expect, test } from "vitest";
import { translatorFor } from "../../../bots/i18n.ts";
import { modelSchema } from "../../../core/catalogue.ts";
import type { Enhancer } from "../../../core/enhance.ts";
import { openedDoor } from "./scene.ts";

const t = translatorFor("en");

const editor = modelSchema.parse({
  id: "Edits",
  provider: "easel",
  sizes: { "1:1": "64x64" },
  quality: {},
  edits: true,
});

/** A picture of the bot's, and an enhancer that makes all words rich. */
async function aPicture(prompt: string, options: Record<string, boolean> = {}) {
  const usage = { promptTokens: 1, completionTokens: 1 };
  const enhancement = { status: "enhanced", model: "llm", usage } as const;
  const enhance: Enhancer = async ({ words }) => ({ prompt: `${words}, rich`, enhancement });
  const scene = await openedDoor({
    models: [editor],
    easel: { edit: "bytes" },
    studio: { enhance },
  });
  const { discord, anna, easel } = scene;
  const message = await scene.drawn(prompt, { options });
  const open = (button: string) => discord.pressButton(message, button, anna).acknowledged();
  let painted = 1;
  return {
    ...scene,
    open,
    prompts: () => easel.orders.map((order) => order.prompt),
    /** Opens the form, and sends it with these fields. */
    send: async (button: string, fields: Parameters<typeof discord.submitModal>[1]) => {
      const sent = discord.submitModal(await open(button), fields);
      await easel.begun(++painted);
      easel.finish();
      return discord.until(() => (sent.message?.files.length === 1 ? sent.message : undefined));
    },
  };
}

describe("The boxes of the Edit form", () => {
  test("are whether the words are enriched, and whether the picture is seen by one person", async () => {
    const { send, prompts } = await aPicture("a cat --raw");
    const open = await send("Edit", { prompt: "night" });
    const both = [t("options.enhance.description"), t("options.private.description")];
    const hidden = await send("Edit", { prompt: "dusk", also: both });
    expect([open.ephemeral, hidden.ephemeral]).toEqual([false, true]);
    expect(prompts()).toEqual(["a cat", "night", "dusk, rich"]);
  });

  test("are ticked as the picture was made, and count as they are sent", async () => {
    const { send } = await aPicture("a cat", { private: true });
    expect((await send("Edit", { prompt: "night" })).ephemeral).toBe(true);
    expect((await send("Edit", { prompt: "day", also: [] })).ephemeral).toBe(false);
  });

  test("are ticked as the person's settings say", async () => {
    const { send, settings, anna } = await aPicture("a cat", { private: false });
    await settings.set(`discord:${anna.id}`, { private: true });
    expect((await send("Edit", { prompt: "night" })).ephemeral).toBe(true);
  });
});

describe("The box of the Reword form", () => {
  test("is whether new words are enriched, and asks for it of those that stay", async () => {
    const { send, prompts } = await aPicture("a cat");
    await send("Reword", { prompt: "a dog" });
    await send("Reword", { prompt: "an owl", enhance: false });
    await send("Reword", { enhance: false });
    expect(prompts()).toEqual(["a cat, rich", "a dog, rich", "an owl", "a cat"]);
  });

  test("is not ticked for words that were painted as they are", async () => {
    const { send, prompts } = await aPicture("a cat --raw");
    await send("Reword", { prompt: "a dog" });
    await send("Reword", { enhance: true });
    expect(prompts()).toEqual(["a cat", "a dog", "a cat, rich"]);
  });
});

test.each(["Edit", "Reword"])("the %s form has no boxes where Discord knows none", async (form) => {
  const { discord, open, easel } = await aPicture("a cat --raw");
  discord.failNext(/\/callback$/, { status: 400, code: 50035 });
  const opened = await open(form);
  expect(JSON.stringify(opened.modal)).not.toMatch(/"type":2[23]/);
  discord.submitModal(opened, { prompt: "a dog" });
  await easel.begun(2);
});
