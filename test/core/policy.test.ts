import { describe, expect, test } from "vitest";
import { createPolicy, parseRules } from "../../core/policy.ts";

type Row = Record<string, unknown>;

const refusing = (row: Row): Row => ({ action: "refuse", reason: "Not here.", ...row });
const hiding = (row: Row): Row => ({ action: "spoiler", ...row });

function problemsOf(...rows: unknown[]): readonly string[] {
  return parseRules(JSON.stringify(rows)).problems;
}

function policyOf(...rows: Row[]) {
  const { rules, problems } = parseRules(JSON.stringify(rows));
  expect(problems).toEqual([]);
  return createPolicy(rules);
}

/** Whether this one rule fits the text. */
function fits(row: Row, text: string): boolean {
  return policyOf(hiding(row)).judge(text).spoiler;
}

/** The time of one judgement, in milliseconds. */
function timeOf(row: Row, text: string): number {
  const policy = policyOf(hiding(row));
  const startedAt = performance.now();
  policy.judge(text);
  return performance.now() - startedAt;
}

describe("a policy's word", () => {
  test.each([
    ["gun", "a gun"],
    ["gun", "GUN"],
    ["gun", "gun, knife"],
    ["gun", "(gun)"],
    ["gun", "画gun吧"],
    ["gun", "begun gun"],
    ["gun", "a gun-like thing"],
    ["child abuse", "Child   abuse"],
    ["child abuse", "child\nabuse"],
    ["枪", "一把枪在桌上"],
    ["血腥", "很血腥的画面"],
    ["ナイフ", "赤いナイフを持つ"],
    ["оружие", "Оружие!"],
    ["c++", "draw c++ code"],
    ["7", "number 7"],
  ])("%j is found in %j", (word, text) => {
    expect(fits({ word }, text)).toBe(true);
  });

  test.each([
    ["gun", "begun"],
    ["gun", "gunnery"],
    ["gun", "gun_powder"],
    ["gun", "g un"],
    ["gun", "shotgun2"],
    ["ass", "a class of grass"],
    ["血腥", "血红的腥味"],
    ["кот", "который"],
    ["कमल", "कमला"],
    ["7", "1976"],
    ["gun", ""],
  ])("%j is not found in %j", (word, text) => {
    expect(fits({ word }, text)).toBe(false);
  });

  test.each([
    ["full-width letters", "ｇｕｎ"],
    ["mathematical letters", "𝐠𝓾𝗻"],
    ["zero-width spaces", "g\u200bu\u200bn"],
    ["a zero-width joiner and a soft hyphen", "g\u200du\u00adn"],
    ["a combining grapheme joiner", "g\u034fu\u034fn"],
    ["a Hangul filler", "g\u3164un"],
    ["variation selectors and tags", "g\ufe0fu\u{e0067}n"],
    ["direction marks", "\u202egun\u202c"],
    ["accents on its letters", "gún"],
    ["combining accents", "g\u0300u\u0301n\u0302"],
    ["a heap of accents", `g${"\u0301\u0316".repeat(100)}un`],
    ["a dotted capital", "GUN\u0307"],
    ["no-break spaces around it", "a\u00a0gun\u3000!"],
  ])("does not hide behind %s", (_, text) => {
    expect(fits({ word: "gun" }, text)).toBe(true);
  });

  test("may itself be written with accents, capitals and wide letters", () => {
    for (const text of ["Café", "cafe", "CAFE\u0301"]) {
      expect(fits({ word: "ＣＡＦÉ" }, text)).toBe(true);
    }
  });

  test("keeps the marks that make another word of it in scripts where they are letters", () => {
    expect(fits({ word: "กิน" }, "กน")).toBe(false);
    expect(fits({ word: "ハ" }, "バ")).toBe(false);
  });

  test("may be one of thousands", () => {
    const words = Array.from({ length: 5000 }, (_, at) => hiding({ word: `word${at}` }));
    const policy = policyOf(...words);
    expect(policy.judge("a word4999 b").spoiler).toBe(true);
    expect(policy.judge("a word5000 b").spoiler).toBe(false);
  });
});

describe("a policy's pattern", () => {
  test.each([
    ["g[uü]n", "A GÜN"],
    ["\\bnude\\b", "nude!"],
    ["\\p{Han}{2}枪", "一把枪"],
    ["caf[ée]", "Café"],
    ["(?i)KNIFE", "knife"],
    ["^draw", "draw a cat"],
    ["a{1,3}b", "xxaab"],
  ])("%s is found in %j", (pattern, text) => {
    expect(fits({ pattern }, text)).toBe(true);
  });

  test("sees the text as a reader does, without tricks", () => {
    expect(fits({ pattern: "\\bgun\\b" }, "ｇ\u200bún")).toBe(true);
    expect(fits({ pattern: "\\bgun\\b" }, "begun")).toBe(false);
  });

  test.each([
    ["a look-ahead", "(?=a)b"],
    ["a negative look-ahead", "(?!a)b"],
    ["a look-behind", "(?<=a)b"],
    ["a negative look-behind", "(?<!a)b"],
    ["a back-reference", "(a)\\1"],
    ["an endless repetition", "(a{1000}){1000}"],
    ["an open bracket", "["],
  ])("with %s is refused in a sentence", (_, pattern) => {
    const [problem, ...others] = problemsOf(hiding({ word: "fine" }), refusing({ pattern }));
    expect(problem).toMatch(/^rule 2: its pattern is not in the syntax of RE2, which has no look-/);
    expect(others).toEqual([]);
  });

  test.each([
    "(a+)+$",
    "(a|aa)*b",
    "(x*)*y",
    ".*.*.*=.*",
    "([a-z]+)*\\d",
    "a.{100}b",
    "(a?){300}a{300}!",
  ])("%s does not backtrack on 100 KB", (pattern) => {
    for (const text of ["a".repeat(100_000), "ab x".repeat(25_000)]) {
      expect(timeOf({ pattern }, text)).toBeLessThan(1500);
    }
  });
});

describe("a policy", () => {
  test("refuses with the owner's reason, and with one of its own where the owner gave none", () => {
    const judge = (row: Row) => () => policyOf(row).judge("a gun");
    expect(judge(refusing({ word: "gun", reason: "No weapons." }))).toThrow(
      expect.objectContaining({
        code: "content-refused",
        details: { by: "policy", reason: "No weapons." },
      }),
    );
    expect(judge({ word: "gun", action: "refuse" })).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ reason: expect.any(String) }) }),
    );
  });

  test("refuses what one rule refuses, even when an earlier one would only hide it", () => {
    const policy = policyOf(hiding({ word: "blood" }), refusing({ word: "gun" }));
    expect(policy.judge("blood")).toEqual({ spoiler: true });
    expect(() => policy.judge("blood and a gun")).toThrow(/content-refused/);
  });

  test("lets everything pass when it has no rules", () => {
    expect(policyOf().judge("a gun")).toEqual({ spoiler: false });
  });

  test.each([
    ["marks in changing order", `a${"\u0316\u0301".repeat(50_000)}`],
    ["marks with joiners between them", `a${"\u0316\u200d\u0301".repeat(33_000)}`],
    ["the word itself, glued", "gun".repeat(33_000)],
    ["spaces", " ".repeat(100_000)],
    ["ideographs", "猫".repeat(100_000)],
  ])("judges 100 KB of %s at once", (_, text) => {
    expect(timeOf({ word: "gun" }, text)).toBeLessThan(1500);
  });
});

describe("a policy file", () => {
  test.each([
    ["is no JSON", "{", /^is not JSON; write \[/],
    ["is empty", "", /^is not JSON; write \[/],
    ["is no list", '{"word":"gun"}', /^is not a list; write \[/],
    ["has a rule with neither word nor pattern", '[{"action":"refuse"}]', /^rule 1: /],
    ["has a rule with both", '[{"word":"a","pattern":"a","action":"refuse"}]', /^rule 1: /],
    ["has an unknown action", '[{"word":"a","action":"ban"}]', /^rule 1: /],
    ["has a word of nothing", '[{"word":"  ","action":"refuse"}]', /^rule 1: /],
    ["has a word that nobody sees", '[{"word":"\\u200b","action":"refuse"}]', /^rule 1: its word/],
  ])("that %s is refused in a sentence", (_, text, problem) => {
    const { rules, problems } = parseRules(text);
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(rules).toEqual([]);
  });

  test("names each rule that is wrong", () => {
    const problems = problemsOf(
      refusing({ pattern: "(" }),
      refusing({ word: "fine" }),
      refusing({ pattern: "*" }),
    );
    expect(problems.map((problem) => problem.slice(0, 7))).toEqual(["rule 1:", "rule 3:"]);
  });
});
