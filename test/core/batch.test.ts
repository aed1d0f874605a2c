import { describe, expect, test } from "vitest";
import { expandChoices } from "../../core/prompt.ts";
import { processorMs } from "../builders.ts";

describe("Choices in a prompt", () => {
  test.each([
    ["a {red|blue|green} fox", ["a red fox", "a blue fox", "a green fox"]],
    ["{3-5} foxes", ["3 foxes", "4 foxes", "5 foxes"]],
    ["{5–3} foxes", ["5 foxes", "4 foxes", "3 foxes"]],
    ["a {red|blue} {fox|cat}", ["a red fox", "a red cat", "a blue fox", "a blue cat"]],
    ["一只{红|蓝}狐狸", ["一只红狐狸", "一只蓝狐狸"]],
    ["a {big|} fox", ["a big fox", "a fox"]],
    ["a {red|red|blue} fox", ["a red fox", "a blue fox"]],
  ])("%s stands for each of them", (prompt, texts) => {
    expect(expandChoices(prompt)).toEqual(texts);
  });

  test.each([
    ["a fox"],
    ["a {red} fox"],
    ['{"animal": "fox", "colour": "red|blue"}'],
    ["function paint() { return a || b; }"],
    ["x => {a|b;}"],
    ["a set {1, 3}"],
    ["{fox\n|cat}"],
    ["{|} fox"],
    ["an open { brace | and a bar"],
  ])("%s is text as it stands", (prompt) => {
    expect(expandChoices(prompt)).toEqual([prompt]);
  });

  test("are text behind a backslash, which is left out", () => {
    expect(expandChoices("a \\{red|blue\\} fox")).toEqual(["a {red|blue} fox"]);
    expect(expandChoices("a {red\\|blue|green} fox")).toEqual(["a red|blue fox", "a green fox"]);
  });

  test.each([
    ["{1-11} foxes", 11],
    ["{a|b|c|d} {1-3}", 12],
    ["{1-9999}", 9999],
  ])("%s is refused with the number of pictures", (prompt, count) => {
    expect(() => expandChoices(prompt)).toThrow(`${count} pictures at once, and 10 is the most`);
  });

  test("take linear time, however many braces there are", () => {
    for (const piece of ["{", "{a|", "{2-2}", "\\{", "{a", "}{"]) {
      expandChoices(piece.repeat(20_000 / piece.length));
    }
    const taken = processorMs(() => {
      for (const piece of ["{", "{a|", "{2-2}", "\\{", "{a", "}{"]) {
        expandChoices(piece.repeat(200_000 / piece.length));
      }
    });
    expect(taken).toBeLessThan(3000);
  });
});
