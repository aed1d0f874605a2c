import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Drawbridge, post, startDrawbridge } from "../fakes/drawbridge.ts";
import { enhancedPrompt, enhancing, saying } from "../fakes/llm.ts";
import { chatCompletion } from "../fakes/openai-schemas.ts";

let drawbridge: Drawbridge;

beforeAll(async () => {
  drawbridge = await startDrawbridge();
});
afterEach(() => drawbridge.llm.reply(enhancing));
afterAll(() => drawbridge.close());

/** Asks through a chat; answers what it says and what the image service was ordered to paint. */
async function ask(words: string, more: object = {}) {
  const messages = [{ role: "user", content: words }];
  const { status, json } = await post(drawbridge.url, "/v1/chat/completions", {
    messages,
    ...more,
  });
  expect(status).toBe(200);
  const content = chatCompletion.parse(json).choices[0]?.message.content ?? "";
  return { content, order: drawbridge.service.requests.at(-1)?.body ?? {} };
}

/** Asks for the words as they are, so that the order shows what remained of them. */
async function orderOf(words: string, more: object = {}) {
  return (await ask(words, { enhance: false, ...more })).order;
}

const wide = { width: 2048, height: 1152 };
const square = { width: 2048, height: 2048 };

describe("a directive in the words", () => {
  test.each([
    ["一只猫，比例 16:9", "一只猫"],
    ["一只猫,ratio 16:9", "一只猫"],
    ["一只猫 比例：１６：９", "一只猫"],
    ["16:9比例，一只猫", "一只猫"],
    ["一只猫 aspect ratio: 16:9", "一只猫"],
    ["ratio=16:9 一只猫", "一只猫"],
    ["一只猫 RATIO 16:9", "一只猫"],
    ["一只猫，比例为16:9", "一只猫"],
    ["一只猫，比例是 16:9", "一只猫"],
    ["a cat, the ratio of 16:9", "a cat, the"],
    ["a cat with ratio is 16:9 in a hat", "a cat with in a hat"],
    ["a cat, ratio 16:9, in a hat", "a cat, in a hat"],
    ["a cat ratio 16:9 ratio 1:1", "a cat"],
  ])("orders %j in 16:9, as %j", async (words, prompt) => {
    expect(await orderOf(words)).toMatchObject({ prompt, ...wide });
  });

  test.each([
    "一只猫，16:9",
    "下午16:30的洛杉矶",
    "the ratio of cats to dogs is 2:1",
    "golden ratio spiral",
    "比例尺 1:1000 的地图",
    "ratio 1:11",
    'a sign that says "ratio 16:9"',
    "a sign that says 'ratio 16:9'",
    "写着“比例 16:9”的牌子",
    "写着「比例 16:9」的牌子",
    "写着『no-enhance』的牌子",
    'a sign "--seed 42"',
  ])("is none in %j, which stays as it is", async (words) => {
    expect(await orderOf(words)).toMatchObject({ prompt: words, ...square });
  });

  test.each([
    "ein Schild „ratio 16:9“ hier",
    "une affiche « ratio 16:9 » ici",
    "ein Schild »ratio 16:9«",
    "en skylt ”ratio 16:9”",
    "a ‹ratio 16:9› sign",
    "书名《比例 16:9》",
    "牌子【比例 16:9 --raw】",
    "『比例 16:9』的牌子",
    "〈比例 16:9〉",
    "＂ratio 16:9＂",
  ])("is none within the quotation marks of %j", async (words) => {
    expect(await orderOf(words)).toMatchObject({ prompt: words, ...square });
  });

  test.each([
    ["画面比例 16:9，一只猫", "一只猫"],
    ["一只猫，图片比例：１６：９", "一只猫"],
    ["宽高比 16:9，一只猫", "一只猫"],
    ["一只猫，长宽比为 16:9", "一只猫"],
    ["一只猫，16:9画幅", "一只猫"],
    ["用 16:9 的比例画一只猫", "画一只猫"],
    ["一只猫，按照16:9的比例", "一只猫"],
    ["以 16:9 的比例，一只猫", "一只猫"],
    ["请把画面比例改成 16:9，一只猫", "一只猫"],
    ["a cat in a 16:9 aspect ratio", "a cat"],
    ["a cat with a ratio of 16:9", "a cat"],
    ["a cat at 16:9 ratio, at night", "a cat, at night"],
    ["1. a cat\n2. ratio 16:9", "1. a cat"],
    ["- a cat\n- ratio: 16:9\n- night", "- a cat\n- night"],
    ["a cat\n**Aspect ratio:** 16:9", "a cat"],
    ["a cat :smile: ratio 16:9", "a cat :smile:"],
    ["ratio 16:9 :+1: a cat", ":+1: a cat"],
    ["一只猫 比例 16 : 9", "一只猫"],
    ["一只猫 比例 16x9", "一只猫"],
    ["一只猫 比例 16×9", "一只猫"],
    ["一只猫 比例 16*9", "一只猫"],
    ["一只猫 比例 16/9", "一只猫"],
    ["一只猫 比例 16比9", "一只猫"],
    ["一只猫 比例(16:9)", "一只猫"],
    ["一只猫，比例改成 16:9", "一只猫"],
    ["16:9的比例，一只猫", "一只猫"],
    ["一只猫，16比9", "一只猫"],
  ])("leaves with its whole phrase: %j in 16:9, as %j", async (words, prompt) => {
    expect(await orderOf(words)).toMatchObject({ prompt, ...wide });
  });

  test.each([
    ["a cat, ratio 5:1", "a cat", "5:1"],
    ["一只猫，画面比例 32：9", "一只猫", "32:9"],
    ["a cat with a ratio of 1x4", "a cat", "1:4"],
  ])("that asks for a shape beyond 3:1 leaves with a notice: %j", async (words, prompt, ratio) => {
    const { order, content } = await ask(words, { enhance: false });
    expect(order).toMatchObject({ prompt, ...square });
    expect(content).toContain(`**ℹ️ The ratio ${ratio} was not used because it is beyond 3:1**`);
  });

  test.each([
    "a 16/9 date on a calendar",
    "a 4x4 truck, open 24/7",
    "足球比赛，比分 3比2",
    "1/7 比例手办",
    "男女比例1:1的合影",
  ])("is none in other numbers: %j", async (words) => {
    expect(await orderOf(words)).toMatchObject({ prompt: words, ...square });
  });

  test("counts once: the first of two ratios, and both are removed", async () => {
    expect(await orderOf("score 2:1 on the board, ratio 3:4")).toMatchObject({
      prompt: "score 2:1 on the board",
      width: 1536,
      height: 2048,
    });
  });

  test.each(["一只猫在看书 no-enhance", "no-enhance 一只猫在看书", "一只猫在看书 NO-ENHANCE"])(
    "leaves %j unenhanced",
    async (words) => {
      const { order, content } = await ask(words);
      expect(order).toMatchObject({ prompt: "一只猫在看书", ...square });
      expect(content).toContain("**📝 Prompt:**\n一只猫在看书\n");
      expect(content).not.toContain("✨");
    },
  );

  test("sets everything that a flag can set", async () => {
    const words = "a cat --ar 16:9 --seed 42 --no text, watermark --steps 9 --raw";
    const { order, content } = await ask(words);
    expect(order).toEqual({
      prompt: "a cat",
      ...wide,
      seed: 42,
      negative_prompt: "text, watermark",
      steps: 9,
      cfg: 7,
      model_index: 5,
    });
    expect(content).not.toContain("✨");
    expect(content).not.toContain("ℹ️ --");
  });

  test("gives way to the field of the request that says the same", async () => {
    const words = "a cat --seed 42 --steps 9 --no text";
    const fields = { seed: 7, steps: 3, negative_prompt: "fog" };
    expect(await orderOf(words, fields)).toMatchObject({ prompt: "a cat", ...fields });
  });

  test("that nobody knows stays in the words and is named in a notice", async () => {
    const { order, content } = await ask("a cat --stylize 100 in a hat", { enhance: false });
    expect(order).toMatchObject({ prompt: "a cat --stylize 100 in a hat" });
    expect(content).toContain("**ℹ️ --stylize is not known here and stayed in your words**");
  });

  test.each([
    ["a cat ratio 16:9 in a hat", "a cat in a hat"],
    ["a cat, no-enhance, in a hat", "a cat, in a hat"],
    ["一只猫，比例 16:9，戴帽子", "一只猫，戴帽子"],
    ["a cat\n\nratio 16:9\n\nin a hat", /^a cat\s+in a hat$/],
    ["ratio 16:9, a cat", "a cat"],
    ["a cat --seed 5, in a hat", "a cat, in a hat"],
    ["a no-enhance b", "a b"],
  ])("leaves no scar where it was: %j", async (words, prompt) => {
    const order = await orderOf(words);
    if (typeof prompt === "string") expect(order["prompt"]).toBe(prompt);
    else expect(order["prompt"]).toMatch(prompt);
  });

  test("alone is no picture", async () => {
    const messages = [{ role: "user", content: "ratio 16:9 no-enhance" }];
    const { status, json } = await post(drawbridge.url, "/v1/chat/completions", { messages });
    expect(status).toBe(400);
    expect(json).toMatchObject({ error: { param: "prompt" } });
  });
});

describe("the size", () => {
  test.each([
    ["1:1", 2048, 2048],
    ["1:2", 1024, 2048],
    ["3:2", 1920, 1280],
    ["3:4", 1536, 2048],
    ["16:9", 2048, 1152],
    ["9:16", 1152, 2048],
    ["4:3", 2048, 1536],
    ["2:3", 1360, 2048],
    ["21:9", 2048, 880],
    ["3:1", 2048, 688],
    ["1:3", 688, 2048],
    ["1920:1080", 2048, 1152],
  ])("of the ratio %s is %ix%i, in the words and as a field", async (ratio, width, height) => {
    expect(await orderOf(`a cat, ratio ${ratio}`)).toMatchObject({
      prompt: "a cat",
      width,
      height,
    });
    expect(await orderOf("a cat", { aspect_ratio: ratio })).toMatchObject({ width, height });
  });

  test.each(["16 : 9", "16x9", "１６：９", "16/9"])(
    "is that of the field aspect_ratio, written as %j",
    async (aspect_ratio) => {
      expect(await orderOf("a cat", { aspect_ratio })).toMatchObject(wide);
    },
  );

  const all = { width: 512, height: 640, size: "768x896", aspect_ratio: "16:9" };
  const { width: _, height: __, ...withoutSides } = all;

  test.each([
    ["width and height", all, 512, 640],
    ["then size", withoutSides, 768, 896],
    ["then the aspect ratio", { aspect_ratio: "16:9" }, 2048, 1152],
    ["then the ratio in the words", {}, 1152, 2048],
  ])("is decided by %s", async (...[, fields, width, height]) => {
    const { order } = await ask("a cat, ratio 9:16", fields);
    expect(order).toMatchObject({ prompt: enhancedPrompt, width, height });
  });

  test("is then what the enhancer suggests, and a square at last", async () => {
    expect((await ask("a cat")).order).toMatchObject({ width: 1920, height: 1280 });
    drawbridge.llm.reply(saying({ prompt: enhancedPrompt, aspect_ratio: null }));
    expect((await ask("a cat")).order).toMatchObject(square);
  });

  test("is rounded to a multiple of 8, with a notice", async () => {
    const { order, content } = await ask("a cat", { size: "1023x770", enhance: false });
    expect(order).toMatchObject({ width: 1024, height: 768 });
    expect(content).toContain("**ℹ️ The size 1023x770 became 1024x768**");
  });
});

describe("the enhancer", () => {
  const answer = JSON.stringify({ prompt: enhancedPrompt, aspect_ratio: "16:9" });

  test.each([
    ["ein Schild „Offen“", "Offen"],
    ["une affiche « Bonjour »", "Bonjour"],
    ["a »Bar« sign", "Bar"],
    ["书名《三体》的封面", "三体"],
    ["横幅写着【开业大吉】", "开业大吉"],
  ])("keeps what %j quotes", async (words, text) => {
    drawbridge.llm.reply(saying(answer));
    expect((await ask(words)).order["prompt"]).toContain(`"${text}"`);
  });

  const draft = 'Maybe {"prompt": "A draft of a dog", "aspect_ratio": "1:1"}? ';

  test.each([
    ["<seed:think>", "</seed:think>"],
    ["<reasoning>", "</reasoning>"],
    ['<thinking depth="2">', "</thinking>"],
    ["<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"],
    ["＜THINK＞<think>", "</think>＜/THINK＞"],
  ])("says what stands after %s … %s, and nothing with a draft alone", async (begin, end) => {
    drawbridge.llm.reply(saying(`${begin}${draft}${end}${answer}`));
    expect((await ask("a cat")).order).toMatchObject({ prompt: enhancedPrompt, ...wide });
    for (const alone of [`${begin}${draft}${end}`, `${begin}${draft}`]) {
      drawbridge.llm.reply(saying(alone));
      const { order, content } = await ask("a cat");
      expect(order).toMatchObject({ prompt: "a cat", ...square });
      expect(content).toContain("Enhancement failed, using original prompt");
    }
  });
});

describe("the longest prompt", () => {
  const length = 19_900;
  const heavy = {
    words: "a cat in a hat ",
    "trigger words": "ratio ",
    "Chinese trigger words": "比例",
    ratios: "16:9 ",
    "ratios with triggers": "ratio 16:9 ",
    flags: "--seed 1 ",
    "unknown flags": "--x ",
    hyphens: "-",
    "open quotes": '"',
    "curly quotes": "“",
    apostrophes: "'a ",
    switches: "no-enhance ",
    commas: ", ",
    spaces: "a   ",
    "full-width digits": "１６：９",
    "negative flags": "--no ",
    brackets: "(",
  };

  test.each(Object.entries(heavy))("of %s is answered within seconds", async (_, piece) => {
    const words = `a cat ${piece.repeat(length / piece.length)} a dog`;
    const startedAt = performance.now();
    const order = await orderOf(words);
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(order["prompt"]).toMatch(/^a cat/);
  });

  test("takes no more than in proportion longer than a tenth of it", async () => {
    const timeOf = async (length: number) => {
      const words = "ratio 16:9 --x 'a \"b ".repeat(length / 20).slice(0, length);
      const startedAt = performance.now();
      await orderOf(`a cat ${words}`);
      return performance.now() - startedAt;
    };
    /** The shortest of three, since others use this machine, too. */
    const best = async (length: number) =>
      Math.min(await timeOf(length), await timeOf(length), await timeOf(length));
    const short = Math.max(10, await best(length / 10));
    expect(await best(length)).toBeLessThan(short * 30);
  });
});
