import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { inspectImage } from "../../../core/imaging.ts";
import type { Order } from "../../../core/provider.ts";
import { type Figures, loadFigures } from "../../../core/providers/sketch/figures.ts";
import { type Reading, readWords } from "../../../core/providers/sketch/lexicon.ts";
import { sketch } from "../../../core/providers/sketch.ts";
import { rasterize } from "../../../src/imaging.ts";
import { aContext, anOrder, providerContract } from "../../contract/provider.ts";

providerContract("sketch", {
  create: () => ({ provider: sketch({ rasterize }) }),
  notices: [{ code: "sketched", recognised: ["cat", "reading", "book"] }],
});

type Wishes = Partial<Omit<Order, "model">>;

async function draw(wishes: Wishes): Promise<Buffer> {
  const { image } = await sketch({ rasterize }).generate(anOrder(wishes), aContext());
  if (!(image instanceof Uint8Array)) throw new Error("The renderer answers with bytes.");
  return Buffer.from(image);
}

/** The document of a picture, on a machine whose fonts can write everything or nothing. */
async function documentOf(wishes: Wishes, fonts = true): Promise<string> {
  const documents: string[] = [];
  const provider = sketch({
    async rasterize(svg) {
      documents.push(svg);
      return Uint8Array.of(fonts ? 0 : documents.length);
    },
  });
  await provider.generate(anOrder(wishes), aContext());
  return documents.at(-1) ?? "";
}

let figures: Figures;
beforeAll(async () => {
  figures = await loadFigures();
});

function read(prompt: string): Reading {
  return readWords(prompt, figures);
}

function namesIn(prompt: string): string[] {
  return read(prompt).named.map(({ name }) => name);
}

describe("sketch", () => {
  test("goes by the id that it is given", () => {
    expect(sketch({ rasterize }).id).toBe("sketch");
    expect(sketch({ rasterize, id: "embedded" }).id).toBe("embedded");
  });

  test("makes the same bytes from the same order, whatever it drew before", async () => {
    const order = { prompt: "a cat reading a book", seed: 7 };
    const first = await draw(order);
    await draw({ prompt: "sunset over the sea", seed: 8 });
    expect((await draw(order)).equals(first)).toBe(true);
  });

  test("arranges the same words otherwise for another seed", async () => {
    const pictures = await Promise.all(
      [1, 2, 3, 4].map((seed) => draw({ prompt: "雪山 湖", seed })),
    );
    expect(new Set(pictures.map((bytes) => bytes.toString("base64"))).size).toBe(4);
  });

  test.for([
    [64, 64],
    [64, 2048],
    [2048, 64],
    [1152, 2048],
    [683, 2048],
    [2048, 683],
    [72, 200],
    [1000, 1008],
  ] as const)("draws exactly %s×%s pixels", async ([width, height]) => {
    const facts = inspectImage(await draw({ prompt: "森林里的鹿", width, height }));
    expect(facts).toMatchObject({ width, height });
  });

  test.for(["一只猫在看书", "mountain lake", "neon city in the rain", "aurora, stars, snow, lake"])(
    "draws %s in full size soon, and not too heavy to send",
    async (prompt) => {
      const start = performance.now();
      const bytes = await draw({ prompt, width: 2048, height: 2048 });
      expect(performance.now() - start).toBeLessThan(8_000);
      expect(bytes.length).toBeLessThan(2_000_000);
    },
  );

  test("takes no noticeable time over a megabyte of words", async () => {
    const start = performance.now();
    await draw({ prompt: "一只猫 and a dog, ".repeat(80_000), width: 64, height: 64 });
    expect(performance.now() - start).toBeLessThan(4_000);
  });

  test("says which words it recognised, as they were written and in their order", async () => {
    const provider = sketch({ rasterize });
    const noticesOf = async (prompt: string) =>
      (await provider.generate(anOrder({ prompt }), aContext())).notices;
    expect(await noticesOf("一只猫在看书")).toEqual([
      { code: "sketched", recognised: ["猫", "书"] },
    ]);
    expect(await noticesOf("Two FOXES under the Moon, two foxes")).toEqual([
      { code: "sketched", recognised: ["FOXES", "Moon", "foxes"] },
    ]);
    expect(await noticesOf("qwertz zxcvb")).toEqual([{ code: "sketched", recognised: [] }]);
  });

  test("shows the landscape alone for words that it does not know, and for none", async () => {
    for (const prompt of ["", "   ", "qwertz zxcvb", "ฉันรักแมว", "🙂", "12345"]) {
      expect(namesIn(prompt)).toEqual([]);
      const { channels } = await sharp(await draw({ prompt })).stats();
      expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(10);
    }
  });

  test("puts each figure on the ground with a shadow, and no more than four", async () => {
    const shadows = async (prompt: string) =>
      (await documentOf({ prompt })).match(/<ellipse[^>]*fill="#14213d44"/g)?.length ?? 0;
    expect(await shadows("a cat and a castle")).toBe(2);
    expect(await shadows("seven cats, a dog, a fox, a bear, a lion and a tiger")).toBe(4);
  });

  test.for([0.25, 1 / 3, 9 / 16, 1, 16 / 9, 21 / 9, 4])(
    "makes a sound document at the ratio %s",
    async (ratio) => {
      for (const place of [
        "sea",
        "city",
        "forest",
        "desert",
        "mountains",
        "snow",
        "space",
        "竹林",
      ]) {
        for (const mood of ["", "neon rain", "night and stars", "foggy dawn", "purple autumn"]) {
          const prompt = `${place} ${mood}, a cat, a boat, a castle and an airplane`;
          const wishes = { prompt, width: 512, height: Math.round(512 / ratio) };
          expect(await documentOf(wishes)).not.toMatch(/NaN|undefined|Infinity/);
        }
      }
    },
  );
});

describe("the words that sketch knows", () => {
  test("all mean figures that exist", () => {
    const meanings = [...figures.vocabulary.values()].flatMap((meaning) => meaning.split("+"));
    const meant = meanings.filter((meaning) => /^[a-z]/.test(meaning));
    const missing = meant.filter((meaning) => !figures.drawings.has(meaning.replace(/#.*/, "")));
    expect(missing).toEqual([]);
    expect(new Set(meant).size).toBeGreaterThan(700);
  });

  test.for([
    ["牛肉面", ["steaming-bowl"]],
    ["hot dog", ["hot-dog"]],
    ["a hot air balloon", ["hot-air-balloon"]],
    ["猫头鹰", ["owl"]],
    ["熊猫", ["panda"]],
    ["a black cat", ["black-cat"]],
    ["a teddy bear", ["teddy-bear"]],
    ["鲸鱼", ["whale"]],
  ] as const)("are the longest in %s", ([prompt, names]) => {
    expect(namesIn(prompt)).toEqual(names);
  });

  test.for([
    "catalogue of dogma",
    "罗马",
    "bearing",
    "马路边",
    "seahorses",
    "catfish",
    "海报",
    "人生",
  ])("are whole, so that there is no shorter one in %s", (prompt) => {
    expect(namesIn(prompt)).toEqual([]);
  });

  test.for([
    ["cats", "cat"],
    ["foxes", "fox"],
    ["Butterflies!", "butterfly"],
    ["WOLVES", "wolf"],
    ["mice", "mouse"],
    ["running foxes", "fox"],
    ["dancing", "woman-dancing"],
  ] as const)("are recognised in their forms: %s", ([prompt, name]) => {
    expect(namesIn(prompt)).toEqual([name]);
  });

  test.for([
    ["a cow", "cow"],
    ["a rainbow trout", undefined],
    ["a book", "open-book"],
    ["a house", "house"],
    ["a moon", undefined],
    ["a rose", "rose"],
    ["a bus stop", "bus-stop"],
    ["狗", "dog"],
  ] as const)("mean their own figure: %s", ([prompt, name]) => {
    expect(namesIn(prompt)[0]).toBe(name);
  });

  test.for([
    "purple",
    "red hands",
    "a raised fist",
    "hearts",
    "a blue heart",
    "plus and minus",
    "ok",
  ])("draw no figure of a colour, a hand, a heart or a sign: %s", (prompt) => {
    expect(namesIn(prompt)).toEqual([]);
  });

  test.for([
    ["a cat", 1],
    ["cats", 2],
    ["三只猫", 3],
    ["two cats", 2],
    ["three black cats", 3],
    ["green hills with a cow", 1],
  ] as const)("count in %s", ([prompt, count]) => {
    expect(read(prompt).named).toMatchObject([{ count }]);
  });

  test.for([
    ["a red car", "automobile", "#d8393f"],
    ["红色的小汽车", "automobile", "#d8393f"],
    ["a blue dragon", "dragon", "#2f74d0"],
    ["cherry blossoms", "deciduous-tree", "#f59ac0"],
  ] as const)("give in %s the colour to what it belongs to", ([prompt, name, colour]) => {
    expect(read(prompt)).toMatchObject({ named: [{ name, colour }], tint: undefined });
  });

  test("give a colour that belongs to nothing to the whole picture", () => {
    expect(read("紫色的抽象艺术")).toMatchObject({ named: [], tint: "#8449c4" });
  });

  test.for([
    ["一只猫在看书", { name: "cat", held: "open-book" }],
    ["a fox reading under a tree", { name: "fox", held: "open-book" }],
    ["a fox reading a newspaper", { name: "fox", held: "newspaper" }],
    ["熊猫吃竹子", { name: "panda", held: "bamboo" }],
    ["an otter holding a cup of tea", { name: "otter", held: "teacup-without-handle" }],
    ["an astronaut riding a horse on the moon", { name: "astronaut", mount: "horse" }],
    ["一个男孩骑着马", { name: "boy", mount: "horse" }],
    ["a dragon over a castle", { name: "dragon", flies: true }],
    ["a flying pig", { name: "pig", flies: true }],
  ] as const)("say in %s who holds, rides and flies", ([prompt, first]) => {
    expect(read(prompt).named[0]).toMatchObject(first);
  });

  test.for([
    ["a boat on the sea at sunset", ["sea", "sunset"]],
    ["夕阳下的大海", ["sunset", "sea"]],
    ["snowy mountains", ["snowing", "snow", "mountains"]],
    ["雪山", ["mountains", "snow"]],
    ["a city at night in the rain", ["city", "night", "rain"]],
    ["城市的雨夜", ["city", "night", "rain"]],
    ["秋天的森林", ["autumn", "forest"]],
    ["赛博朋克", ["neon", "city"]],
    ["on the moon", ["space"]],
  ] as const)("set the scene in %s", ([prompt, scene]) => {
    expect([...read(prompt).scene]).toEqual(scene);
  });
});

describe("what stands in quotation marks", () => {
  test("is for a sign and names no figure", () => {
    expect(read('a sign that says "hot cats"')).toMatchObject({ named: [], sign: "hot cats" });
    expect(read("举着“欢迎光临”的女孩")).toMatchObject({ sign: "欢迎光临" });
    expect(namesIn("举着“欢迎光临”的女孩")).toEqual(["girl"]);
  });

  test("is read as any other where the whole prompt is in them", () => {
    expect(namesIn('"a cat"')).toEqual(["cat"]);
    expect(namesIn('{"prompt": "a cat", "size": "1024x1024"}')).toEqual(["cat"]);
    expect(read('"OPEN"').sign).toBe("OPEN");
  });

  test("is drawn with strokes of its own, which need no font", async () => {
    const signed = await documentOf({ prompt: 'a sign that says "OPEN"' });
    expect(signed).not.toMatch(/<text|font/);
    expect(signed).not.toBe(await documentOf({ prompt: 'a sign that says "SHUT"' }));
  });

  test("is written in other letters only where there is a font with them", async () => {
    const order = { prompt: "写着“生日快乐”的牌子" };
    expect(await documentOf(order, true)).toMatch(/<text[^>]*>生日快乐<\/text>/);
    expect(await documentOf(order, false)).not.toMatch(/<text/);
  });

  test.for([true, false])("cannot break out of the document (fonts: %s)", async (fonts) => {
    for (const evil of [
      `</text><script>alert(1)</script>`,
      `</g></svg><image href="file:///etc/passwd"/>`,
      `生日</text><script>快乐`,
      `& &amp; &#0; ]]> <!-- 牌`,
      "控\u0000制\u0007字\u001b[31m\ud83d\ufffe\u202e符",
    ]) {
      const wishes = { prompt: `a cat, “${evil}”` };
      const document = await documentOf(wishes, fonts);
      // Not toMatch: a failure would print the whole document.
      expect(/<script|<image|file:|<!--|\p{Cc}|\p{Cs}|\ufffe/u.test(document)).toBe(false);
      await expect(sharp(Buffer.from(document)).png().toBuffer()).resolves.toBeDefined();
      await expect(draw(wishes)).resolves.toBeDefined();
    }
  });

  test("holds nothing else of the prompt", async () => {
    const hostile = `</g></svg><script>alert(1)</script><image href=x/>`;
    expect(await documentOf({ prompt: `a cat ${hostile}` })).not.toMatch(/script|alert|<image/);
  });
});
