import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { en } from "../bots/locales/en.ts";
import { httpErrors } from "../src/http/errors.ts";
import { refusals } from "../src/http/refusals.ts";
import { variables } from "../src/variables.ts";

const root = join(import.meta.dirname, "..");
const languages = ["docs", "docs/zh-CN"];
const pagesIn = (folder: string) =>
  readdirSync(join(root, folder)).filter((name) => name.endsWith(".md"));
const textOf = (path: string) => readFileSync(join(root, path), "utf8");
const readmes = ["README.md", "README.zh-CN.md"];
const pages = [
  ...readmes,
  "CHANGELOG.md",
  "SECURITY.md",
  ...languages.flatMap((folder) => pagesIn(folder).map((name) => `${folder}/${name}`)),
];

/** Pages in both languages; the screens are what the bots say. */
const twins: (readonly [english: string, chinese: string])[] = [
  ["README.md", "README.zh-CN.md"],
  ...pagesIn("docs")
    .filter((name) => name !== "screens.md")
    .map((name) => [`docs/${name}`, `docs/zh-CN/${name}`] as const),
];

/** What a page's headings are linked by, as GitHub makes it of their words. */
function anchorsOf(path: string): string[] {
  const headings = Array.from(textOf(path).matchAll(/^#+ (.+)$/gm), ([, words = ""]) => words);
  return headings.map((words) =>
    words
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** The addresses on a page that lead to files of the project. */
function linksOn(path: string): string[] {
  const links = Array.from(textOf(path).matchAll(/\]\(([^)\s]+)\)/g), ([, link = ""]) => link);
  return links.filter((link) => !/^https?:/.test(link));
}

/** What a page tells people to type, line by line, without comments, and without the texts that are translated. */
function commandsOn(path: string): string[] {
  const blocks = textOf(path).matchAll(/^```\w+\n(.*?)^```/gms);
  return Array.from(blocks, ([, block = ""]) => block.split("\n"))
    .flat()
    .map((line) => line.replace(/\s*(?:#|\/\/) .*$/, "").replace(/"[^"]*"|(?<==)\S+/g, "…"))
    .filter((line) => line.trim() !== "");
}

describe("the documentation", () => {
  test.each(twins)("says the same commands in both languages: %s", (english, chinese) => {
    expect(commandsOn(chinese)).toEqual(commandsOn(english));
  });

  test("has the same pages in both languages", () => {
    const [english, chinese] = languages.map(pagesIn);
    expect(chinese).toEqual(english);
  });

  test.each(pages)("leads nowhere that is not there: %s", (path) => {
    for (const link of linksOn(path)) {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? path : relative(root, join(root, dirname(path), file));
      expect(existsSync(join(root, target)), link).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(target), link).toContain(anchor);
    }
  });

  test.each(languages)("names every variable: %s", (folder) => {
    const text = textOf(`${folder}/configuration.md`);
    for (const name of Object.keys(variables.shape)) expect(text).toContain(`\`${name}\``);
  });

  test.each(languages)("says of every error what happened and what to do: %s", (folder) => {
    const rows = textOf(`${folder}/troubleshooting.md`)
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    const listed = rows.flatMap((row) => row.split("|")[1]?.match(/[\w-]+/g) ?? []);
    const errors = Object.values(httpErrors).map(({ code, type }) => code ?? type);
    const refused = Object.values(refusals).map(({ body }) => body.error.code);
    const faults = Object.keys(en.faults);
    for (const code of [...errors, ...refused, ...faults]) expect(listed).toContain(code);
    for (const row of rows) {
      expect(
        row.split("|").every((cell, at, all) => at % (all.length - 1) === 0 || cell.trim()),
      ).toBe(true);
    }
  });

  test.each(readmes)("begins with a page that is read in one go: %s", (path) => {
    expect(textOf(path).split("\n").length).toBeLessThan(150);
    const pictures = linksOn(path).filter((link) => /\.(?:png|webp)$/.test(link));
    expect(pictures.length).toBeGreaterThan(0);
    for (const picture of pictures) {
      expect(statSync(join(root, picture)).size).toBeLessThanOrEqual(200_000);
    }
  });
});
