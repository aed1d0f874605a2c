import { describe, expect, test } from "vitest";
import { createCatalogue, modelSchema } from "../../core/catalogue.ts";
import { aStudio, submission } from "../fakes/studio.ts";

/** What a model that takes ten characters is told. */
async function toldOf(prompt: string) {
  const model = modelSchema.parse({ id: "Terse", provider: "easel", maxPrompt: 10 });
  const { studio } = aStudio({ catalogue: createCatalogue([model]) });
  const { code } = await studio.submit({ prompt }, submission());
  const { recipe, notices, brief } = await studio.finished(code);
  return { told: recipe?.prompt, notices, words: brief.words };
}

describe("a prompt that its model is too terse for", () => {
  test.each([
    ["a cat reads", "a cat"],
    ["a cat sits down", "a cat sits"],
    ["a cat, in the rain", "a cat, in"],
    ["antidisestablishmentarianism", "antidisest"],
    ["一只猫在雨中看书，旁边有一只狗", "一只猫在雨中看书，旁"],
    ["catcatcat🐈🐈", "catcatcat"],
  ])("is cut at a word, with a notice: %s", async (prompt, told) => {
    expect(await toldOf(prompt)).toMatchObject({
      told,
      words: prompt,
      notices: [{ code: "prompt-cut", model: "Terse", characters: prompt.length, limit: 10 }],
    });
  });

  test.each(["a cat sits", "一只猫在雨中看书，旁"])(
    "is not cut where it fits: %s",
    async (prompt) => {
      expect(await toldOf(prompt)).toEqual({ told: prompt, words: prompt, notices: [] });
    },
  );
});
