import { describe, expect, test } from "vitest";
import type { Enhancer } from "../../../core/enhance.ts";
import { createPolicy, parseRules } from "../../../core/policy.ts";
import { aStudio, type Easel, easel, seedsOf, submission } from "../../fakes/studio.ts";

const three = "a {red|blue|green} fox";

const promptsAt = ({ orders }: Easel) => orders.map(({ prompt }) => prompt);

/** Enhances all but what is blue, where that is left out. */
function enhancing(failsAt = ""): Enhancer {
  return async ({ words }) =>
    words.includes(failsAt || "\n")
      ? { prompt: words, enhancement: { status: "failed", reason: "unreachable" } }
      : {
          prompt: `${words}, enhanced`,
          enhancement: {
            status: "enhanced",
            model: "llm",
            usage: { promptTokens: 2, completionTokens: 3 },
          },
        };
}

describe("A batch", () => {
  test("is one job with a picture for each choice, whose seeds follow one another", async () => {
    const painter = easel({ auto: true });
    const { studio } = aStudio({ easel: painter });
    const { code } = await studio.submit({ prompt: `${three} --seed 5` }, submission());
    const job = await studio.finished(code);
    expect(job).toMatchObject({ state: "done", brief: { prompt: three, count: 3 } });
    expect(seedsOf(job)).toEqual([5, 6, 7]);
    expect(promptsAt(painter)).toEqual(["a red fox", "a blue fox", "a green fox"]);
  });

  test("has so many pictures of each choice as are asked for", async () => {
    const painter = easel({ auto: true });
    const { studio } = aStudio({ easel: painter });
    const { code } = await studio.submit({ prompt: "a {red|blue} fox --n 2" }, submission());
    expect((await studio.finished(code)).pictures).toHaveLength(4);
    expect(promptsAt(painter)).toEqual(["a red fox", "a blue fox", "a red fox", "a blue fox"]);
  });

  test("costs each of its pictures, and costs nothing where it does not fit", async () => {
    const { studio } = aStudio({ perDay: 5 });
    const { code } = await studio.submit({ prompt: three }, submission());
    await studio.finished(code);
    const over = studio.submit({ prompt: three }, submission());
    await expect(over).rejects.toMatchObject({ code: "quota-exceeded", details: { left: 2 } });
    expect(await studio.quotaOf({ id: "http:anna" })).toMatchObject([{ left: 2 }]);
  });

  test("is refused with its number where it has more pictures than one request may have", async () => {
    const { studio } = aStudio();
    const refused = studio.submit({ prompt: "{1-4} foxes", count: 3 }, submission());
    const problem = expect.stringContaining("12 pictures");
    await expect(refused).rejects.toMatchObject({ details: { field: "batch", problem } });
  });

  test("is judged in all its texts", async () => {
    const { rules } = parseRules('[{"word":"forbidden","action":"refuse"}]');
    const { studio } = aStudio({ policy: createPolicy(rules) });
    const refused = studio.submit({ prompt: "a for{bidden|est}" }, submission());
    await expect(refused).rejects.toMatchObject({ code: "content-refused" });
  });

  test("has each of its texts enhanced, and says what that cost together", async () => {
    const painter = easel({ auto: true });
    const { studio } = aStudio({ easel: painter, enhance: enhancing() });
    const { code } = await studio.submit({ prompt: "a {red|blue} fox" }, submission());
    const { recipe } = await studio.finished(code);
    expect(promptsAt(painter)).toEqual(["a red fox, enhanced", "a blue fox, enhanced"]);
    const usage = { promptTokens: 4, completionTokens: 6 };
    expect(recipe?.wording.enhancement).toMatchObject({ status: "enhanced", usage });
  });

  test("is painted in its own words where the enhancer fails at one of them", async () => {
    const painter = easel({ auto: true });
    const { studio } = aStudio({ easel: painter, enhance: enhancing("blue") });
    const { code } = await studio.submit({ prompt: "a {red|blue} fox" }, submission());
    expect((await studio.finished(code)).notices).toMatchObject([{ code: "enhancement-failed" }]);
    expect(promptsAt(painter)).toEqual(["a red fox", "a blue fox"]);
  });

  describe("made again", () => {
    test("makes each of its pictures again, with the same final prompts", async () => {
      const painter = easel({ auto: true });
      const { studio } = aStudio({ easel: painter, enhance: enhancing() });
      const { code } = await studio.submit({ prompt: "a {red|blue} fox" }, submission());
      await studio.finished(code);
      const again = await studio.again(code, { seed: "new" }, submission());
      await studio.finished(again.code);
      expect(promptsAt(painter).slice(2)).toEqual(["a red fox, enhanced", "a blue fox, enhanced"]);
    });

    test("makes one picture from its own words alone", async () => {
      const painter = easel({ auto: true });
      const { studio } = aStudio({ easel: painter, enhance: enhancing() });
      const { code } = await studio.submit({ prompt: "a {red|blue} fox" }, submission());
      await studio.finished(code);
      const again = await studio.again(code, { picture: 2 }, submission());
      const { brief } = await studio.finished(again.code);
      expect(brief).toMatchObject({ words: "a blue fox", prompt: "a blue fox", count: 1 });
      expect(promptsAt(painter)[2]).toBe("a blue fox, enhanced");
    });

    test("reads the choices of new words", async () => {
      const painter = easel({ auto: true });
      const { studio } = aStudio({ easel: painter });
      const { code } = await studio.submit({ prompt: "a {red|blue} fox" }, submission());
      await studio.finished(code);
      const changes = { prompt: "a {red|blue|black} cat" };
      const again = await studio.again(code, changes, submission());
      expect(again.brief.count).toBe(3);
      await studio.finished(again.code);
      expect(promptsAt(painter).slice(2)).toEqual(["a red cat", "a blue cat", "a black cat"]);
    });
  });

  test.each([0, 1, 2])(
    "loses nothing and pays no picture twice when the process dies after %i of three",
    async (made) => {
      const first = aStudio({ easel: easel(), slots: 1, perDay: 9 });
      const { code } = await first.studio.submit({ prompt: `${three} --seed 5` }, submission());
      const kept = async () => (await first.archive.find(code))?.pictures.length;
      for (let number = 1; number <= made; number++) {
        await first.easel.begun(number);
        first.easel.finish();
        await expect.poll(kept).toBe(number);
      }
      await first.easel.begun(made + 1);
      first.crash();
      const { studio, easel: painter } = aStudio({ directory: first.directory, perDay: 9 });
      await studio.resume();
      const job = await studio.finished(code);
      expect(seedsOf(job)).toEqual([5, 6, 7]);
      expect(promptsAt(painter)).toEqual(["a red fox", "a blue fox", "a green fox"].slice(made));
      expect(await studio.quotaOf({ id: "http:anna" })).toMatchObject([{ left: 6 }]);
    },
  );
});
