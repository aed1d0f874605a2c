import { describe, expect, test } from "vitest";
import { builtInPresets } from "../../core/presets/built-in.ts";
import { mostPresets, wrap } from "../../core/presets.ts";
import { aStudio, easel, submission } from "../fakes/studio.ts";

const anna = { requester: { id: "http:anna" } };
const place = "discord:guild:1";

async function aStudioWith(...drafts: readonly { name: string; words: string }[]) {
  const painter = easel({ auto: true });
  const made = aStudio({ easel: painter });
  for (const draft of drafts) await made.studio.presets.save("http:anna", draft);
  const painted = async (prompt: string, preset?: string) => {
    const request = { prompt, ...(preset === undefined ? {} : { preset }) };
    const { code } = await made.studio.submit(request, submission());
    return made.studio.finished(code);
  };
  return { ...made, painter, painted };
}

describe("A preset", () => {
  test("puts its words around the prompt, named in a field or in the words", async () => {
    const { painter, painted } = await aStudioWith({
      name: "Mira",
      words: "Mira, {prompt}, tired",
    });
    await painted("on a boat", "mira");
    await painted("on a boat --preset MIRA");
    await painted("on a boat --preset “Mira”");
    const prompt = "Mira, on a boat, tired";
    expect(painter.orders).toMatchObject([{ prompt }, { prompt }, { prompt }]);
  });

  test.each([
    ["{prompt}, in ink", "a fox", "a fox, in ink"],
    ["in ink", "a fox", "a fox, in ink"],
    ["in ink", "", "in ink"],
    ["{prompt} and {prompt}", "$&", "$& and $&"],
    ["{prompt}, in ink", "", ""],
  ])("%j makes of %j %j", (words, prompt, whole) => {
    expect(wrap(words, prompt)).toBe(whole);
  });

  test("keeps what the directives in its words ask for, as far as a preset has that", async () => {
    const { studio } = aStudio();
    const words = "{prompt}, in ink --ar 16:9 --no colour, people --quality low --seed 4";
    expect(await studio.presets.save("http:anna", { name: "ink", words })).toEqual({
      name: "ink",
      words: "{prompt}, in ink",
      ratio: "16:9",
      negative: "colour, people",
      quality: "low",
      code: expect.stringMatching(/^zp-[0-9A-Z]{10}$/) as string,
    });
  });

  test("counts after the request and its words, and before the settings", async () => {
    const { studio } = aStudio();
    const wide = { name: "wide", words: "{prompt}", ratio: "16:9", negative: "fog" };
    await studio.presets.save("http:anna", wide);
    const submitted = { ...submission(), defaults: [{ ratio: "1:1" }] };
    const made = async (request: { prompt: string; negative?: string }) => {
      const { code } = await studio.submit({ ...request, preset: "wide" }, submitted);
      return (await studio.finished(code)).recipe;
    };
    expect(await made({ prompt: "a cat" })).toMatchObject({ ratio: "16:9", negative: "fog" });
    expect(await made({ prompt: "a cat ratio 3:4" })).toMatchObject({ ratio: "3:4" });
    expect(await made({ prompt: "a cat --no rain" })).toMatchObject({ negative: "rain" });
    expect(await made({ prompt: "a cat", negative: "" })).toMatchObject({ negative: "" });
  });

  test("of one's own counts before that of the place, and this before a built-in one", async () => {
    const { studio } = aStudio();
    const here = { ...anna, placeScope: place };
    expect((await studio.presets.find("Watercolour", here)).words).toContain("rough paper");
    await studio.presets.save(place, { name: "watercolour", words: "the place's" });
    expect((await studio.presets.find("watercolour", here)).words).toBe("the place's");
    await studio.presets.save("http:anna", { name: "watercolour", words: "my own" });
    expect((await studio.presets.find("watercolour", here)).words).toBe("my own");
    const listed = await studio.presets.list(here);
    expect(listed.filter(([, { name }]) => name === "watercolour")).toMatchObject([["own", {}]]);
  });

  test("that does not exist is refused by its name, and nothing is painted", async () => {
    const { painter, painted } = await aStudioWith();
    const details = { preset: "nonesuch" };
    await expect(painted("a cat --preset nonesuch")).rejects.toMatchObject({ details });
    expect(painter.orders).toEqual([]);
  });

  test("may hold choices, which become a batch", async () => {
    const { painted } = await aStudioWith({ name: "days", words: "{prompt} at {dawn|dusk}" });
    expect((await painted("a {red|blue} fox --preset days")).pictures).toHaveLength(4);
  });

  test.each([
    ["name", { name: "", words: "x" }],
    ["name", { name: "a/b", words: "x" }],
    ["name", { name: "x".repeat(33), words: "x" }],
    ["words", { name: "empty", words: " " }],
    ["words", { name: "long", words: "x".repeat(4001) }],
    ["aspectRatio", { name: "wide", words: "x", ratio: "9:1" }],
  ])("is refused for its %s", async (field, draft) => {
    const { studio } = aStudio();
    const saved = studio.presets.save("http:anna", draft);
    await expect(saved).rejects.toMatchObject({ code: "invalid-request", details: { field } });
  });

  test("is refused where there are too many", async () => {
    const { studio } = aStudio();
    for (let number = 0; number < mostPresets; number++) {
      await studio.presets.save("http:anna", { name: `p${number}`, words: "x" });
    }
    const one = studio.presets.save("http:anna", { name: "more", words: "x" });
    await expect(one).rejects.toMatchObject({ details: { field: "presets" } });
    await studio.presets.save("http:anna", { name: "p7", words: "y" });
  });

  test("is brought over by its code, under a free name, and lives on by itself", async () => {
    const { studio } = await aStudioWith({ name: "ink", words: "{prompt}, in ink" });
    const { code = "" } = await studio.presets.find("ink", anna);
    await studio.presets.save("http:ben", { name: "ink", words: "another" });
    const typed = code.toLowerCase().replace("zp-", "zp");
    const taken = await studio.presets.take(typed, "http:ben", { id: "http:ben" });
    expect(taken).toMatchObject({ name: "ink-2", words: "{prompt}, in ink" });
    expect(taken.code).not.toBe(code);
    await studio.presets.remove("http:anna", "ink");
    expect(await studio.presets.of("http:ben")).toHaveLength(2);
  });

  test("cannot be found by guessing codes", async () => {
    const { studio } = aStudio();
    const guess = () => studio.presets.take("zp-0000000000", "http:eve", { id: "http:eve" });
    for (let count = 0; count < 10; count++) {
      await expect(guess()).rejects.toMatchObject({ code: "unknown-preset" });
    }
    await expect(guess()).rejects.toMatchObject({ code: "too-many-lookups" });
  });
});

test("The words of a preset stand alone where a picture says what they are about", () => {
  expect(wrap("{prompt}, in ink", "", true)).toBe("in ink");
  expect(wrap("水墨，{prompt}", "", true)).toBe("水墨");
});

describe("The built-in presets", () => {
  test("are twelve in each language, each with the prompt in its words and a name of its own", () => {
    for (const tag of ["en", "zh-CN"]) {
      const presets = builtInPresets(tag);
      expect(new Set(presets.map(({ name }) => name)).size).toBe(12);
      for (const { words } of presets) expect(words).toContain("{prompt}");
    }
    expect(builtInPresets("fr")).toEqual(builtInPresets("en"));
  });

  test("can be named in any language", async () => {
    const { painted, painter } = await aStudioWith();
    await painted("一只猫 --preset 水彩");
    expect(painter.orders[0]?.prompt).toContain("一只猫，粗纹纸上的水彩画");
  });
});
