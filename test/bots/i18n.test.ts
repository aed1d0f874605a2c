import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { locales, translatorFor } from "../../bots/i18n.ts";

/** Every sentence by its path, plural forms and all. */
function sentencesOf(texts: object, path = ""): Map<string, string> {
  return new Map(
    Object.entries(texts as Record<string, string | object>).flatMap(([key, value]) => {
      const inner = path === "" ? key : `${path}.${key}`;
      return typeof value === "string" ? [[inner, value] as const] : [...sentencesOf(value, inner)];
    }),
  );
}

function gapsOf(sentence: string): string[] {
  return Array.from(sentence.matchAll(/\{\{(\w+)\}\}/g), ([, name = ""]) => name).sort();
}

/** The source of the chat doors and the core, without the languages. */
function sources(): string {
  const root = new URL("../../", import.meta.url);
  return globSync("{bots,core}/**/*.ts", { cwd: root })
    .filter((file) => !file.startsWith("bots/locales/"))
    .map((file) => readFileSync(new URL(file, root), "utf8"))
    .join("\n");
}

const [english, ...others] = locales;

describe("The texts", () => {
  test.each(others.map((locale) => [locale.language.tag, locale] as const))(
    "of %s leave the same gaps as the English ones",
    (_, locale) => {
      const reference = sentencesOf(english);
      for (const [path, sentence] of sentencesOf(locale)) {
        expect(sentence, path).not.toBe("");
        const usual = path.replace(/_(?:zero|one|two|few|many)$/, "_other");
        const english = reference.get(path) ?? reference.get(usual) ?? "missing";
        expect(gapsOf(sentence), path).toEqual(gapsOf(english));
      }
    },
  );

  test("are all used somewhere", () => {
    const source = sources();
    const families = Array.from(
      source.matchAll(/[("`]([a-z]+(?:\.[a-z]+)*\.)\$\{/gi),
      ([, one]) => one,
    );
    const isUsed = (path: string) => {
      const key = path.replace(/_[a-zA-Z_]+$/, "");
      if (source.includes(`"${key}"`)) return true;
      const parts = key.split(".");
      return families.some((family = "") => {
        const name = parts[family.split(".").length - 1] ?? "";
        return key.startsWith(family) && new RegExp(`\\b${name}\\b`).test(source);
      });
    };
    const { language: _, ...said } = english;
    expect([...sentencesOf(said).keys()].filter((path) => !isUsed(path))).toEqual([]);
  });

  test.each([
    ["zh-CN", "zh-CN"],
    ["zh-hans", "zh-CN"],
    ["ZH", "zh-CN"],
    ["en-GB", "en"],
    ["ja-JP", "ja"],
    ["es-419", "es"],
    ["ru-RU", "ru"],
    ["de-AT", "de"],
    ["fr", "en"],
    ["", "en"],
    ["not a tag", "en"],
  ])("for %j are those of %s", (tag, expected) => {
    expect(translatorFor(tag).tag).toBe(expected);
  });

  test("of the first known language count", () => {
    expect(translatorFor(undefined, "xx", "zh-CN", "en").tag).toBe("zh-CN");
    expect(translatorFor().tag).toBe("en");
  });

  test.each([
    [1, "1st"],
    [2, "2nd"],
    [3, "3rd"],
    [4, "4th"],
    [11, "11th"],
    [22, "22nd"],
    [112, "112th"],
  ])("count %i as %s", (number, expected) => {
    expect(translatorFor("en").ordinal(number)).toBe(expected);
  });

  test.each([
    [0, "1 s"],
    [4_400, "4 s"],
    [41_000, "40 s"],
    [118_000, "120 s"],
    [150_000, "3 min"],
    [7_300_000, "2 h"],
  ])("round %i ms to %s", (ms, expected) => {
    expect(translatorFor("en").duration(ms)).toBe(expected);
  });

  test("read nothing in what stands in their gaps", () => {
    const reason = "$t(help.intro) {{count}} <b>&amp;</b> %s";
    const said = translatorFor("en")("errors.content-refused", { reason });
    expect(said).toBe(`These words were refused: ${reason}`);
  });
});
