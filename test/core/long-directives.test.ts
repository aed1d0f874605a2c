import { describe, expect, test } from "vitest";
import { readDirectives } from "../../core/prompt.ts";

describe("A prompt of 25 KB", () => {
  const shapes = [
    ..."比例|比例 |ratio |ratio|aspect |ratio is |為是:= |16:9|16:9 |ratio 16:9, |16:9 ratio |1|:|1:|1.|９".split(
      "|",
    ),
    ..." --|-- |--a |--seed |--seed 5 |--no |--no a, (|--model |--raw, |no-enhance |no-|—ar |-| -|- |<!--".split(
      "|",
    ),
    ..."\"|'| '|' |“|“”|’|「|'a' |\"a\" --raw | |\n|,|, |.|(|()|(ratio 16:9)|[{(|a-|_|é|\ud83d".split(
      "|",
    ),
    ..."„|„“|«|« |»|»a|»a« |”|”a|“a|“猫|【|《》|‚|‚a’|‚a’b|＂|ratio (16:9|16 : 9 |16 x |1比1，|十|十六比九".split(
      "|",
    ),
    ..."比例改成|比例设置|设定|用16:9的比例，|占|1/4比例|in a |with the |in a 16:9 ratio, |set the |please |and ".split(
      "|",
    ),
    ..."the image should be |请|请把画面|- ratio 16:9\n|2. ratio 16:9\n|1. 2. |(1)|①|-\n|**|**ratio:** 16:9 |:a|:a: |:| ".split(
      "|",
    ),
    ..."ratio 5:1, |5:1 ratio |aspect |aspect ratio |golden |和的|aspect       ".split("|"),
  ];

  /** Processor time, so that the other work of the machine does not count. */
  function millisecondsFor(text: string): number {
    const before = process.cpuUsage();
    readDirectives(text);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  }

  test.each([
    ["", ""],
    ["(ratio 16:9", ")"],
    ["x --no ", " --raw y"],
  ])("takes linear time, whatever stands between %j and %j", (start, end) => {
    for (const shape of shapes) {
      const text = start + shape.repeat(Math.ceil(25_000 / shape.length)) + end;
      const taken = millisecondsFor(text);
      const fastest = taken < 250 ? taken : Math.min(millisecondsFor(text), millisecondsFor(text));
      expect(fastest, JSON.stringify(shape)).toBeLessThan(250);
    }
  });

  test.each([
    ["brackets", `${"(".repeat(50_000)}--raw${")".repeat(50_000)}`],
    ["ratios", "ratio ".repeat(9_000) + "16:9 ".repeat(9_000)],
  ])("takes linear time when %s are nested", (_name, text) => {
    expect(millisecondsFor(text)).toBeLessThan(1000);
    expect(readDirectives(text).prompt).toBe("");
  });
});
