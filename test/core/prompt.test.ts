import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDirectives } from "../../core/prompt.ts";
import { misleadingWords } from "./misleading-words.ts";
import { ordinaryWords } from "./ordinary-words.ts";

function promptOf(text: string): string {
  return readDirectives(text).prompt;
}

describe("A ratio in the prompt", () => {
  test.each([
    "一只猫，比例 16:9",
    "一只猫,ratio 16:9",
    "一只猫 比例：１６：９",
    "16:9比例，一只猫",
    "一只猫 aspect ratio: 16:9",
    "ratio=16:9 一只猫",
    "一只猫ratio 16:9",
    "一只猫 RATIO 16:9",
    "一只猫，Aspect-Ratio 16:9",
    "aspect_ratio: 16:9, 一只猫",
    "aspectratio: 16:9, 一只猫",
    "一只猫\u200b，比例\u200b16:9",
    "一只猫，ratio 16 to 9",
    "一只猫，比例→16:9",
    "一只猫，比例～16:9",
    "一只猫，比例为16:9",
    "一只猫，比例是：16:9",
    "一只猫，ratio of 16:9",
    "一只猫，ratio is 16:9",
    "一只猫 16:9 aspect ratio",
    "一只猫 ratio　＝　１６：９",
    "一只猫，比例 16∶9",
    "一只猫 ratio16:9",
    "一只猫 ratio 1920:1080",
    "比例16:9：一只猫",
    "一只猫 ratio sixteen by nine",
    "一只猫, in a sixteen-by-nine aspect ratio",
    "一只猫, aspect ratio of sixteen to nine",
    "一只猫 --ar 16-9",
    "一只猫 --ar 16_9",
    "一只猫 --ar sixteen by nine",
    "一只猫，比例->16:9",
    "一只猫，比例—16:9",
    "一只猫，比例最好是16:9",
    "一只猫，希望比例是16:9",
    "一只猫，要求：比例16:9",
    "一只猫，比例：横版 16:9",
    "一只猫，比例16:9横版",
    "一只猫，图幅比例16:9",
    "アスペクト比は16:9で、一只猫",
    "16:9の比率で、一只猫",
    "一只猫 the ratio is 16:9",
    "一只猫 please use a 16:9 aspect ratio",
    "一只猫 set the aspect ratio to 16:9",
    "一只猫, width to height ratio 16:9",
    "一只猫 ratio d'aspect 16:9",
    "一只猫\n# ratio 16:9",
    "一只猫\n- [x] ratio 16:9",
  ])("is read and removed: %s", (text) => {
    expect(readDirectives(text)).toEqual({ ratio: "16:9", prompt: "一只猫", notices: [] });
  });

  test.each([
    "一只猫，16:9",
    "下午16:30的洛杉矶",
    "the ratio of cats to dogs is 2:1",
    "golden ratio spiral",
    "比例尺 1:1000 的地图",
    "比例尺 1:2 的地图",
    "1:2 比例尺的地图",
    "two to three birds, a ratio",
    "one-to-one meeting about a ratio of things",
    "the ratio one to oneself",
    "ratio 0:5",
    "ratio 5:0",
    "ratio 0:0",
    "duration 16:9",
    "ratios 16:9",
    "rationale 16:9",
    "contrast-ratio 2:1",
    "ratio 16:9:1",
    "ratio 1:16:9",
    "比例 116:9.5.1",
    "ratio 16:999999",
    "ratio 10:30am",
    "v2:1 ratio",
    "ratio 4:3/16:9",
    "ratio, 16:9",
    "ratio\n16:9",
    "比例的16:9",
  ])("is none where nobody asked for one: %s", (text) => {
    expect(readDirectives(text)).toEqual({ prompt: text, notices: [] });
  });

  test.each([
    ["ratio 1:3", "1:3"],
    ["ratio 3:1", "3:1"],
    ["比例 2.39:1", "2.39:1"],
    ["1.85:1 ratio", "1.85:1"],
    ["ratio 4:6", "2:3"],
  ])("may be any between 1:3 and 3:1: %s", (text, ratio) => {
    expect(readDirectives(text)).toEqual({ ratio, prompt: "", notices: [] });
  });

  test.each([
    ["score 2:1 on the board, ratio 3:4", "3:4", "score 2:1 on the board"],
    ["score 2:1, ratio 3:4", "3:4", "score 2:1"],
    ["golden ratio ratio 16:9", "16:9", "golden ratio"],
    ["golden ratio, ratio 16:9", "16:9", "golden ratio"],
    ["比例尺 1:1000 的地图，比例 3:2", "3:2", "比例尺 1:1000 的地图"],
    ["ratio: 16:9 aspect", "16:9", "aspect"],
  ])("needs its trigger word beside it: %s", (text, ratio, words) => {
    expect(readDirectives(text)).toEqual({ ratio, prompt: words, notices: [] });
  });

  test.each([
    ["ratio 16:95", "16:95"],
    ["ratio 1:11", "1:11"],
    ["ratio 1:3.01", "1:3.01"],
    ["1:64 比例的汽车模型", "1:64"],
    ["a toy car, ratio 1:64", "1:64"],
  ])(
    "stays with a notice where it is beyond 3:1 and no words remain, or a scale: %s",
    (text, ratio) => {
      const notices = [{ code: "ratio-out-of-range", ratio }];
      expect(readDirectives(text)).toEqual({ prompt: text, notices });
    },
  );

  test("beyond 3:1 stays where the only other words are a ratio", () => {
    expect(readDirectives("ratio 1:11, ratio 3:4")).toEqual({
      ratio: "3:4",
      prompt: "ratio 1:11",
      notices: [{ code: "ratio-out-of-range", ratio: "1:11" }],
    });
  });

  test.each([
    ["a cat, ratio 5:1", "a cat", "5:1"],
    ["a cat with a ratio of 1:4", "a cat", "1:4"],
    ["4:1 ratio banner with flowers", "banner with flowers", "4:1"],
    ["一只猫 比例 32：9", "一只猫", "32:9"],
    ["宽高比 4x1 的横幅", "横幅", "4:1"],
    ["一只猫，比例5比1，比例 5:1", "一只猫", "5:1"],
  ])("leaves with a notice where it is beyond 3:1: %s", (text, words, ratio) => {
    const notices = [{ code: "ratio-out-of-range", ratio }];
    expect(readDirectives(text)).toEqual({ prompt: words, notices });
  });

  test.each([
    "ratio 16:9 cat ratio 3:4",
    "ratio 16:9, cat, 3:4 ratio",
    "cat 16:9比例 3:4比例",
    "16:9 ratio 3:4 cat",
    "ratio ratio 16:9 3:4 cat",
    "--ar 16:9 cat, ratio 3:4",
    "ratio 16:9 cat --ar 3:4",
  ])("counts where it is the first of two, and both are removed: %s", (text) => {
    expect(readDirectives(text)).toEqual({ ratio: "16:9", prompt: "cat", notices: [] });
  });

  test.each([
    ["at 16:30 ratio 3:4", "3:4", "at 16:30"],
    ["下午16:30 比例 3:4", "3:4", "下午16:30"],
    ["at 16:30 ratio 3:4 ratio 16:9", "3:4", "at 16:30"],
    ["at 16:30 3:2 ratio ratio 16:9", "3:2", "at 16:30"],
    ["cat 9:16 ratio 3:4 ratio", "9:16", "cat"],
  ])("is not the time before it: %s", (text, ratio, prompt) => {
    expect(readDirectives(text)).toEqual({ ratio, prompt, notices: [] });
  });
});

describe("The phrase that asks for a ratio", () => {
  test.each([
    "画面比例 16:9，CAT",
    "CAT，画面比例：16:9",
    "图片比例：１６：９ CAT",
    "CAT 图片的比例为16:9",
    "把图片的比例改成 16:9，CAT",
    "请将画面比例调整为16:9，CAT",
    "CAT，比例改为 16:9",
    "CAT，比例设为16:9吧",
    "比例换成16:9，CAT",
    "CAT，比例请设置为 16:9，",
    "CAT, ratio 16:9, ",
    "宽高比 16:9，CAT",
    "CAT，长宽比为 16:9",
    "长宽比例 16:9，CAT",
    "CAT，寬高比：16:9",
    "CAT，画幅 16:9",
    "16:9画幅，CAT",
    "采用16:9宽画幅，CAT",
    "尺寸比例 16:9 CAT",
    "CAT，用 16:9 的比例",
    "以16:9的比例，CAT",
    "按 16:9 的比例，CAT",
    "CAT，按照16:9的比例呈现",
    "采用 16:9 的比例，CAT",
    "CAT，请使用16:9的画面比例",
    "CAT，做成16:9的比例",
    "CAT，我要16:9比例的",
    "16:9的比例，CAT",
    "CAT 比例(16:9)",
    "CAT，比例（16:9）",
    "CAT，比例[16:9]",
    "CAT，比例 16:9（横屏）",
    "比例 16:9 的 CAT",
    "CAT，比例用16:9即可",
    "CAT in a 16:9 aspect ratio",
    "CAT in 16:9 aspect ratio",
    "CAT in a wide 16:9 aspect ratio",
    "CAT in a 16:9 widescreen aspect ratio",
    "CAT with a ratio of 16:9",
    "CAT with an aspect ratio of 16:9",
    "CAT with ratio 16:9",
    "CAT at 16:9 ratio",
    "CAT at a ratio of 16:9",
    "CAT using the 16:9 ratio",
    "CAT and a 16:9 ratio",
    "CAT, and in a 16:9 ratio please",
    "CAT, image ratio 16:9",
    "CAT, 16:9 aspect",
    "aspect: 16:9, CAT",
    "CAT, aspect ratio: 16:9",
    "CAT, shot in 16:9 aspect ratio",
    "In a 16:9 ratio, CAT",
    "Set the aspect ratio to 16:9, CAT",
    "Please use a 16:9 aspect ratio: CAT",
    "CAT, the image should have a 16:9 aspect ratio",
    "CAT, make it 16:9 ratio",
    "CAT\n- ratio: 16:9",
    "CAT\n2. ratio 16:9",
    "CAT\n* Aspect Ratio: 16:9",
    "- **Aspect ratio:** 16:9\nCAT",
    "**Aspect Ratio**: 16:9\nCAT",
    "CAT\n**画面比例：16:9**",
    "Aspect Ratio – 16:9\nCAT",
    "CAT\n（2）比例 16:9",
    "CAT\n② 比例 16:9",
    "CAT\n二、比例：16:9",
    "把 aspect ratio 改成 16:9，CAT",
    "CAT，ratio 设为 16:9",
    "CAT, 图片 ratio 16:9",
  ])("leaves as a whole: %j", (form) => {
    for (const cat of ["a cat", "一只猫"]) {
      const text = form.replace("CAT", cat);
      expect(readDirectives(text)).toEqual({ ratio: "16:9", prompt: cat, notices: [] });
    }
  });

  test.each([
    ["用 16:9 的比例画一只猫", "画一只猫"],
    ["按16:9的比例来画一只猫", "画一只猫"],
    ["请使用 16:9 比例画一只猫", "请画一只猫"],
    ["以16:9的图片比例呈现一只猫", "呈现一只猫"],
    ["一张16:9比例的猫的照片", "一张猫的照片"],
    ["一张比例为16:9的海报", "一张海报"],
    ["一张图片比例16:9", "一张图片"],
    ["主体：一只猫\n画面比例：16:9\n风格：水彩", "主体：一只猫\n风格：水彩"],
    ["1. a cat\n2. ratio 16:9\n3. night", "1. a cat\n3. night"],
    ["1. a cat 2. night 3. ratio 16:9", "1. a cat 2. night"],
    ["（1）一只猫（2）比例 16:9", "（1）一只猫"],
    ["- a cat\n- ratio 16:9, --raw", "- a cat"],
    ["Chapter 2. Ratio 16:9", "Chapter 2."],
    ["a cat in a 16:9 aspect ratio sleeping on a mat", "a cat sleeping on a mat"],
    ["a cat in a 16:9 aspect ratio landscape", "a cat in a landscape"],
    ["draw a 16:9 ratio cat", "draw a cat"],
    ["a photo of ratio 16:9", "a photo"],
    ["Create an image with a 16:9 aspect ratio of a cat.", "Create an image of a cat."],
    ["a cat and a dog in a 16:9 ratio", "a cat and a dog"],
    ["a cat. The aspect ratio is 16:9.", "a cat."],
    ["a landscape ratio 16:9", "a landscape"],
    ["一只猫，竖版 16:9 比例", "一只猫，竖版"],
  ])("leaves nothing of itself and takes nothing else: %j", (text, words) => {
    expect(readDirectives(text)).toMatchObject({ ratio: "16:9", prompt: words });
  });
});

describe("A ratio is written in many ways", () => {
  const forms = [
    ..."16:9|16 : 9|16 :9|１６：９|16：9|16 ： 9|16∶9|16﹕9|16x9|16X9|16 x 9|16×9|16 × 9|16✕9".split(
      "|",
    ),
    ..."16*9|１６＊９|16 * 9|16/9|16 / 9|16／9|16比9|16 比 9|１６比９|十六比九|16 by 9|16-by-9".split(
      "|",
    ),
    ..."1920x1080|(16:9)|（16：9）|[16:9]|( 16x9 )".split("|"),
  ];

  test.each(forms)("%s", (form) => {
    for (const text of [
      `一只猫 比例 ${form}`,
      `一只猫，比例：${form}`,
      `${form} 的比例，一只猫`,
      `一只猫 ratio ${form}`,
      `一只猫，${form} aspect ratio`,
    ]) {
      expect(readDirectives(text)).toEqual({ ratio: "16:9", prompt: "一只猫", notices: [] });
    }
  });

  test.each(forms.filter((form) => !/[([（]/.test(form)))(
    "as the value of a flag, too: %s",
    (form) => {
      expect(readDirectives(`a cat --ar ${form}`)).toEqual({
        ratio: "16:9",
        prompt: "a cat",
        notices: [],
      });
    },
  );

  test.each(["16-9", "16–9", "16—9", "16－9", "16_9", "16;9", "16；9", "(16-9)"])(
    "with another mark, where a trigger word says what it is: %s",
    (form) => {
      for (const text of [
        `一只猫 比例 ${form}`,
        `ratio: ${form}, 一只猫`,
        `一只猫，${form} ratio`,
      ]) {
        expect(readDirectives(text)).toEqual({ ratio: "16:9", prompt: "一只猫", notices: [] });
      }
      const alone = `a cat, ${form}`;
      expect(readDirectives(alone)).toEqual({ prompt: alone, notices: [] });
    },
  );

  test.each([
    ["a cat, ratio 16.9", "ratio", "16.9"],
    ["a cat aspect ratio 16 9", "aspect ratio", "16 9"],
    ["a cat ratio 7-9", "ratio", "7-9"],
    ["一只猫，比例是16，9", "比例", "16，9"],
    ["一只猫 比例 16\\:9", "比例", "16\\:9"],
  ])("stays with a notice where two numbers are none: %s", (text, flag, value) => {
    const said = value.replace("，", ",");
    expect(readDirectives(text)).toEqual({
      prompt: text,
      notices: [{ code: "flag-not-understood", flag, value: said }],
    });
  });

  test.each([
    ["一只猫 16比9", "16:9", "一只猫"],
    ["一只猫，9比16", "9:16", "一只猫"],
    ["21比9，一座城市", "21:9", "一座城市"],
    ["一只猫，4比3，水彩", "4:3", "一只猫，水彩"],
    ["一只猫，用16比9", "16:9", "一只猫"],
    ["一只猫和一只狗，十六比九", "16:9", "一只猫和一只狗"],
  ])("needs no trigger word in Chinese, in a clause of its own: %s", (text, ratio, words) => {
    expect(readDirectives(text)).toEqual({ ratio, prompt: words, notices: [] });
  });

  test.each([
    "一只猫16:9",
    "一只猫，16x9",
    "16/9",
    "足球比赛，3比2",
    "比分牌，4比3",
    "他们赢了，3比1",
    "水和糖，1比1",
    "一只猫，5比7",
    "16比9的屏幕",
    "ratio 16/9/2024",
    "ratio 4x4x4",
    "ratio 16:9:1",
    "ratio 16 : 9 : 1",
    "比例 1比2比3",
    "1/7 比例手办",
    "画面占3/4的比例",
    "男女比例1:1的合影",
    "糖和盐的比例 2:1",
    "golden ratio 1:1.618",
    "黄金比例 1:1.618",
    "中画幅 4:3 的相机",
    "a gear ratio 3:1",
  ])("is none elsewhere: %s", (text) => {
    expect(readDirectives(text)).toEqual({ prompt: text, notices: [] });
  });

  test.each([
    ["at 4/3 ratio 16:9", "at 4/3"],
    ["a 4x4 ratio 16:9", "a 4x4"],
    ["a team that won 3-2 ratio 16:9", "a team that won 3-2"],
    ["a 4x4 truck, ratio 16:9", "a 4x4 truck"],
    ["24/7 营业的店，比例 16:9", "24/7 营业的店"],
    ["ratio 16:9, a match that ended 3:2", "a match that ended 3:2"],
  ])("is not the other numbers of the text: %s", (text, words) => {
    expect(readDirectives(text)).toEqual({ ratio: "16:9", prompt: words, notices: [] });
  });
});

describe("Words of the most ordinary kind", () => {
  test("are more than two hundred", () => {
    expect(new Set(ordinaryWords).size).toBeGreaterThan(200);
  });

  test.each([...ordinaryWords, ...misleadingWords])("stay as they are: %j", (text) => {
    expect(readDirectives(text)).toEqual({ prompt: text, notices: [] });
    // With a sign of a directive, so that the text is read and not only glanced at.
    const signed = `${text}\n比例尺`;
    expect(readDirectives(signed)).toEqual({ prompt: signed, notices: [] });
  });
});

describe("The word no-enhance", () => {
  test.each([
    "一只猫在看书 no-enhance",
    "no-enhance 一只猫在看书",
    "一只猫在看书，No-Enhance",
    "一只猫no-enhance在看书",
    "一只猫在看书 NO-ENHANCE",
    "一只猫在看书 --no-enhance",
    "一只猫在看书 --raw",
    "一只猫在看书 —no-enhance",
  ])("turns enhancement off: %s", (text) => {
    expect(readDirectives(text)).toEqual({ enhance: false, prompt: "一只猫在看书", notices: [] });
  });

  test.each(["no-enhancement", "x-no-enhance", "no-enhance-me", "no enhance", "piano-enhance"])(
    "is no part of another word: %s",
    (text) => {
      expect(readDirectives(text)).toEqual({ prompt: text, notices: [] });
    },
  );
});

describe("A flag", () => {
  test("stands beside others", () => {
    const text = "a cat --ar 16:9 --seed 42 --no text, watermark --steps 9 --raw";
    expect(readDirectives(text)).toEqual({
      ratio: "16:9",
      seed: 42,
      negative: "text, watermark",
      steps: 9,
      enhance: false,
      prompt: "a cat",
      notices: [],
    });
  });

  test.each([
    ["--ar 2.39:1", { ratio: "2.39:1" }],
    ["--ar １６：９", { ratio: "16:9" }],
    ["--aspect=3:2", { ratio: "3:2" }],
    ["--aspect-ratio 3:2", { ratio: "3:2" }],
    ["--ratio 16:9", { ratio: "16:9" }],
    ["--AR 16:9", { ratio: "16:9" }],
    ["--seed=7", { seed: 7 }],
    ["--seed -1", { seed: -1 }],
    ["--seed　４２", { seed: 42 }],
    ["--seed 2147483647", { seed: 2147483647 }],
    ["--seed 4294967295", { seed: 4294967295 }],
    ["--steps 1", { steps: 1 }],
    ["--cfg 7.5", { guidance: 7.5 }],
    ["--guidance 3", { guidance: 3 }],
    ["--n 4", { count: 4 }],
    ["--count 1", { count: 1 }],
    ["--quality HD", { quality: "hd" }],
    ["--q low", { quality: "low" }],
    ["--model Z-Image", { model: "Z-Image" }],
    ["--model org/name:v1.5", { model: "org/name:v1.5" }],
    ['--model "My Model"', { model: "My Model" }],
    ["--model 「水墨 风」", { model: "水墨 风" }],
    ["--no text", { negative: "text" }],
    ["--negative=text", { negative: "text" }],
  ])("is read and removed: %s", (flag, wishes) => {
    expect(readDirectives(`a cat ${flag}`)).toEqual({ ...wishes, prompt: "a cat", notices: [] });
    expect(readDirectives(`${flag} --raw`)).toMatchObject({ ...wishes, prompt: "" });
  });

  test.each(["—ar 16:9", "–ar 16:9", "——ar 16:9", "，--ar 16:9", "--ar 16:9", " (--ar 16:9)"])(
    "may follow Chinese directly, after hyphens or the dash that a phone made of them: %s",
    (flag) => {
      expect(readDirectives(`一只猫${flag}`)).toEqual({
        ratio: "16:9",
        prompt: "一只猫",
        notices: [],
      });
    },
  );

  test.each([
    "foo--bar",
    "foo--raw",
    "a cat -- dog",
    "a cat --- dog",
    "---raw",
    "<!-- a cat -->",
    "<!--raw-->",
    "the sea—no boats—at night",
    "a cat —perhaps a dog",
    "https://example.com/--raw",
    "--",
    `--${"a".repeat(40)}`,
  ])("is not %s", (text) => {
    expect(readDirectives(text)).toEqual({ prompt: text, notices: [] });
  });

  test("stays with a notice when nobody knows it, and is named once", () => {
    const text = "a cat --stylize 50 --tile --Stylize 60";
    expect(readDirectives(text)).toEqual({
      prompt: text,
      notices: [
        { code: "unknown-flag", flag: "--stylize" },
        { code: "unknown-flag", flag: "--tile" },
      ],
    });
  });

  test.each([
    ["--ar 1:11", "--ar", "1:11"],
    ["--ar 16:9:1", "--ar", "16:9:1"],
    ["--ratio 1:11", "--ratio", "1:11"],
    ["--seed cat", "--seed", "cat"],
    ["--seed 42cat", "--seed", "42cat"],
    ["--seed 36893488147419103232", "--seed", "36893488147419103232"],
    ["--steps 0", "--steps", "0"],
    ["--steps 9.5", "--steps", "9.5"],
    ["--guidance 1001", "--guidance", "1001"],
    ["--n 5", "--n", "5"],
    ["--count 0", "--count", "0"],
    ["--quality best", "--quality", "best"],
    ["--raw=false", "--raw", "false"],
    ["--seed", "--seed", ""],
    ["--no", "--no", ""],
    ['--model "open', "--model", '"open'],
    [`--model ${"m".repeat(201)}`, "--model", "m".repeat(40)],
  ])("stays with a notice when its value cannot be used: %s", (text, flag, value) => {
    expect(readDirectives(text)).toEqual({
      prompt: text,
      notices: [{ code: "flag-not-understood", flag, value }],
    });
  });

  test("does not take the next flag for its value", () => {
    expect(readDirectives("a cat --model --seed 5")).toEqual({
      seed: 5,
      prompt: "a cat --model",
      notices: [{ code: "flag-not-understood", flag: "--model", value: "" }],
    });
  });

  test("ends the value of the one before it", () => {
    expect(readDirectives("a cat --model 猫--raw, ratio 16:9")).toEqual({
      model: "猫",
      enhance: false,
      ratio: "16:9",
      prompt: "a cat",
      notices: [],
    });
  });

  test("counts where it is the first of its kind, and all of them are removed", () => {
    expect(readDirectives("--seed 1 a cat --seed 2 --seed 3")).toEqual({
      seed: 1,
      prompt: "a cat",
      notices: [],
    });
  });

  test("counts where the one before it could not be used", () => {
    expect(readDirectives("--ar 1:11 a cat --ar 3:4")).toEqual({
      ratio: "3:4",
      prompt: "--ar 1:11 a cat",
      notices: [{ code: "flag-not-understood", flag: "--ar", value: "1:11" }],
    });
  });

  test("gives no more than sixteen notices", () => {
    const text = Array.from({ length: 500 }, (_, at) => `--x${at}`).join(" ");
    expect(readDirectives(text).notices).toHaveLength(16);
  });
});

describe("What is not wanted", () => {
  test.each([
    ["a cat --no text, watermark", "text, watermark", "a cat"],
    ["a cat --no text, watermark, --seed 1", "text, watermark", "a cat"],
    ["a cat --no text --stylize 50", "text", "a cat --stylize 50"],
    ['a cat --no "a sign --seed 5", text', '"a sign --seed 5", text', "a cat"],
    ["一只猫 --no 文字，水印，--raw", "文字，水印", "一只猫"],
    ["(a cat --no text) at night", "text", "(a cat) at night"],
    ["a cat (--no ((bad hands)), text)", "((bad hands)), text", "a cat"],
    ["a cat --no text\nor hats", "text\nor hats", "a cat"],
    ["a cat --no text\n--raw", "text", "a cat"],
  ])("reaches to the next flag, the end or the bracket around it: %s", (text, negative, prompt) => {
    expect(readDirectives(text)).toMatchObject({ negative, prompt });
  });

  test("leaves out the directives that stand in it", () => {
    expect(readDirectives("a cat --no text, ratio 16:9, hats no-enhance")).toEqual({
      negative: "text, hats",
      ratio: "16:9",
      enhance: false,
      prompt: "a cat",
      notices: [],
    });
  });

  test("stays where nothing is left of it", () => {
    expect(readDirectives("a cat --no ratio 16:9")).toEqual({
      ratio: "16:9",
      prompt: "a cat --no",
      notices: [{ code: "flag-not-understood", flag: "--no", value: "ratio" }],
    });
  });

  test("stays where it is too long", () => {
    const text = `a cat --no ${"x".repeat(20_001)}`;
    expect(readDirectives(text)).toMatchObject({ prompt: text, notices: [{ flag: "--no" }] });
  });
});

describe("Text in quotation marks", () => {
  test.each([
    '"ratio 16:9"',
    "“ratio 16:9 --raw”",
    "‘no-enhance’",
    "「比例 16:9」",
    "『--seed 5』",
    "'ratio 16:9'",
    "''ratio 16:9''",
    "a sign '16:9 ratio' here",
    "举着'比例 16:9'的牌子",
    "举着'20岁 比例 16:9'的牌子",
    "举着'don't ratio 16:9'的牌子",
    "写着“ ratio 16:9 ，， ”的牌子",
    "“he said ‘ratio 16:9’ and “ratio 3:4” again”",
    "‘don’t ratio 16:9 stop’",
    "it's a 'sign, ratio 16:9'",
    'a 24" monitor with "ratio 16:9" on it',
    "the 'big' dogs' \"ratio 16:9\"",
    '"two\nlines ratio 16:9"',
    "„ratio 16:9“",
    "„ratio 16:9”",
    '„ratio 16:9"',
    "ein Schild „ratio 16:9“ hier",
    "“er sagte „ratio 16:9“ und ging”",
    "‚ratio 16:9‘",
    "‚don’t ratio 16:9‘",
    "« ratio 16:9 »",
    "«ratio 16:9»",
    "une affiche « A » et « ratio 16:9 » ici",
    "»ratio 16:9«",
    "»A« und »ratio 16:9«",
    "»ratio 16:9»",
    "‹ ratio 16:9 ›",
    "›ratio 16:9‹",
    "”ratio 16:9”",
    "en skylt ”ratio 16:9” här",
    "写着”比例 16:9”的牌子",
    "写着“比例 16:9“的牌子",
    "《比例 16:9》",
    "〈比例 16:9〉的封面",
    "写着【比例 16:9 --raw】的牌子",
    "「『比例 16:9』」",
    "〝比例 16:9〟",
    "〖比例 16:9〗",
    "❝比例 16:9❞",
    ..."❛❜ ❮❯ ⟨⟩ ⟪⟫ ⟦⟧ 〘〙 〚〛 ︽︾ ︿﹀"
      .split(" ")
      .map(([open, close]) => `${open}ratio 16:9${close}`),
    "〝比例 16:9〞",
    "﹁比例 16:9﹂",
    "｢比例 16:9｣",
    "＂ratio 16:9＂",
    "a sign ＇ratio 16:9＇ here",
    "【no-enhance】",
    "« --seed 5 »",
    "〔比例 16:9〕",
    "a poster that says `ratio 16:9`",
    "a sign ´ratio 16:9´ here",
    "a sign `ratio 16:9´",
    "a sign `ratio 16:9'",
    "写着``比例 16:9''的牌子",
    'a sign “ratio 16:9" here',
    'a sign "ratio 16:9“',
    "a sign 'ratio 16:9\"",
    "写着‘比例 16:9'的牌子",
    "写着「比例 16:9』的牌子",
    '写着『比例 16:9"的牌子',
    'une affiche «ratio 16:9"',
    '“A” and “ratio 16:9" and “B”',
  ])("is neither read nor changed: %s", (text) => {
    expect(readDirectives(text)).toEqual({ prompt: text, notices: [] });
    expect(readDirectives(`${text} --ar 3:4`)).toEqual({ ratio: "3:4", prompt: text, notices: [] });
  });

  test.each([
    ["don't ratio 16:9 can't", "don't can't"],
    ["the cats' ratio 16:9 dogs' toys", "the cats' dogs' toys"],
    ["the '90s ratio 16:9 boys' toys", "the '90s boys' toys"],
    ["the ‘90s ratio 16:9 boys’ toys", "the ‘90s boys’ toys"],
    ["'tis ratio 16:9 the boys' toys", "'tis the boys' toys"],
    ["rock'n'roll ratio 16:9 o'clock", "rock'n'roll o'clock"],
    ["5'10\" ratio 16:9 tall", "5'10\" tall"],
    ['a 24" ratio 16:9 and a 27" one', 'a 24" and a 27" one'],
    ['an "open ratio 16:9 mark', 'an "open mark'],
    ["a “ ratio 16:9 “mark”", "a “ “mark”"],
    ["a 「 ratio 16:9 mark", "a 「 mark"],
    ["a ” ratio 16:9 “ mark", "a ” “ mark"],
    ["a „ ratio 16:9 mark", "a „ mark"],
    ["a « ratio 16:9 mark", "a « mark"],
    ["a » ratio 16:9 « mark", "a » « mark"],
    ["„A“ ratio 16:9 „B“", "„A“ „B“"],
    ["»A« ratio 16:9 »B«", "»A« »B«"],
    ["« A » ratio 16:9 « B »", "« A » « B »"],
    ["“A” ratio 16:9 “B”", "“A” “B”"],
    ["《三体》 比例 16:9 《红楼梦》", "《三体》 《红楼梦》"],
    ["the dogs’ ratio 16:9 boys’ toys", "the dogs’ boys’ toys"],
    ["5’10” ratio 16:9 tall, 6’2” wide", "5’10” tall, 6’2” wide"],
    ["a cat‚ ratio 16:9 a dog’s", "a cat‚ a dog’s"],
    ["don`t ratio 16:9 can`t", "don`t can`t"],
    ["the `90s ratio 16:9 boys` toys", "the `90s boys` toys"],
    ["an “open ratio 16:9 for the dogs' toys", "an “open for the dogs' toys"],
    ['an “open ratio 16:9\nand a close"', 'an “open\nand a close"'],
    ["```a cat ratio 16:9```", "```a cat ```"],
  ])("is none without two marks that belong together: %s", (text, words) => {
    expect(readDirectives(text)).toEqual({ ratio: "16:9", prompt: words, notices: [] });
  });
});

describe("What remains of the words", () => {
  test.each([
    ["is only trimmed where nothing is removed", "  a  cat ,, (  ) \n x  ", "a  cat ,, (  ) \n x"],
    ["keeps one space between Latin words", "a cat ratio 16:9 sleeping", "a cat sleeping"],
    ["keeps two Latin words apart", "cat比例16:9dog", "cat dog"],
    ["keeps Latin and Chinese apart", "cat比例16:9在看书", "cat 在看书"],
    ["joins Chinese", "一只猫比例16:9在看书", "一只猫在看书"],
    ["joins Chinese over one space", "一只猫 比例16:9在看书", "一只猫在看书"],
    ["keeps one of two spaces in Chinese", "一只猫 比例 16:9 在看书", "一只猫 在看书"],
    ["keeps one of many spaces", "a  cat   ratio 16:9   at  sea", "a  cat at  sea"],
    ["keeps one of two commas", "一只猫，比例16:9，在看书", "一只猫，在看书"],
    ["keeps the comma before words", "a cat, ratio 16:9 at sea", "a cat, at sea"],
    ["keeps the comma after words", "a cat ratio 16:9, at sea", "a cat, at sea"],
    ["keeps the later of two different marks", "猫、比例16:9；狗", "猫；狗"],
    ["has no comma at its end", "a cat , --raw", "a cat"],
    ["has no comma that came behind what was cut out", "a cat, --raw, ", "a cat"],
    ["has no comma at its start", "ratio 16:9、狗", "狗"],
    ["has no comma before a full stop", "一只猫，比例16:9。", "一只猫。"],
    ["has no comma after a full stop", "一只猫。比例16:9，在看书", "一只猫。在看书"],
    ["has no comma at the end of a line", "a cat, ratio 16:9\nat sea", "a cat\nat sea"],
    ["keeps a comma whose line goes on", "a cat,\nratio 16:9\nat sea", "a cat,\nat sea"],
    ["has no full stop at its start", "ratio 16:9. A cat", "A cat"],
    ["has no full stop alone", "比例16:9。", ""],
    ["keeps one full stop", "A cat. Ratio 16:9. At sea.", "A cat. At sea."],
    ["keeps a point that begins a word", "ratio 16:9 .NET logo", ".NET logo"],
    ["has no dangling dash", "a cat — ratio 16:9", "a cat"],
    ["keeps one of two dashes", "a cat - ratio 16:9 - at sea", "a cat - at sea"],
    ["has no dangling colon", "format: ratio 16:9", "format"],
    ["loses the brackets around a directive", "a cat (ratio 16:9) at sea", "a cat at sea"],
    ["loses full-width brackets", "一只猫（比例16:9）在看书", "一只猫在看书"],
    ["loses brackets in brackets", "a cat ([ratio 16:9, --seed 5]), at sea", "a cat, at sea"],
    ["keeps brackets with words in them", "猫（竖版，比例16:9）", "猫（竖版）"],
    ["keeps the first words in brackets", "猫（比例16:9，竖版）", "猫（竖版）"],
    ["keeps empty brackets that are the user's own", "f() ratio 16:9 []", "f() []"],
    ["keeps line breaks", "a cat ratio 16:9\nat sea\n\nby night", "a cat\nat sea\n\nby night"],
    ["loses an emptied line", "a cat\nratio 16:9\nat sea", "a cat\nat sea"],
    ["keeps paragraphs", "a cat\n\nratio 16:9\n\nat sea", "a cat\n\nat sea"],
    ["keeps the break between directives", "a cat, --raw\n--seed 5 at sea", "a cat\nat sea"],
    ["keeps Windows line breaks", "a cat\r\n--raw\r\nat sea", "a cat\r\nat sea"],
    ["keeps a list", "ratio 16:9\n- a cat\n- a dog", "- a cat\n- a dog"],
    ["keeps indentation", "a cat ratio 16:9\n  at sea", "a cat\n  at sea"],
    ["may be nothing", "ratio 16:9, no-enhance, --seed 5", ""],
    ["keeps an emoji", "a cat :smile: ratio 16:9", "a cat :smile:"],
    ["keeps an emoji of another script", "一只猫 :微笑: 比例 16:9", "一只猫 :微笑:"],
    ["keeps an emoji before a comma", "a cat :+1:, ratio 16:9", "a cat :+1:"],
    ["keeps a face", "a cat :-) ratio 16:9", "a cat :-)"],
    ["keeps a face from its other side", "a cat (: ratio 16:9", "a cat (:"],
    [
      "keeps a face with a nose from its other side",
      "a cat (-: ratio 16:9, at sea",
      "a cat (-:, at sea",
    ],
    ["keeps a face behind a directive", "a cat ratio 16:9 )-:", "a cat )-:"],
    ["keeps a face before a directive", "一只猫 (; 比例 16:9", "一只猫 (;"],
    ["keeps a face that is a letter", "a cat c: ratio 16:9", "a cat c:"],
    ["keeps an emoji between directives", "--raw :smile: ratio 16:9", ":smile:"],
    ["keeps an emoji at its start", "ratio 16:9 :flag_us: a cat", ":flag_us: a cat"],
    ["keeps two emoji", "一只猫 :a::b: 比例 16:9", "一只猫 :a::b:"],
    ["keeps the emoji of Discord", "a cat <:blob:123> --raw", "a cat <:blob:123>"],
    ["keeps a face", "a cat :) ratio 16:9", "a cat :)"],
    ["keeps a face of separators", "a cat :| ratio 16:9", "a cat :|"],
    ["keeps a face at its start", "ratio 16:9 :D a cat", ":D a cat"],
    ["has no colon of a word without one before it", "style:anime: ratio 16:9", "style:anime"],
  ])("%s", (_title, text, words) => {
    expect(promptOf(text)).toBe(words);
  });

  const directives = ["ratio 16:9", "比例：3:4", "3:2 ratio", "no-enhance", "--seed 5", "--ar 1:2"];
  const latin = ["cat", "a dog", "at sea", '"ratio 16:9"', "at 16:30", "don't", "2.5"];
  const chinese = ["一只猫", "在看书", "“比例 1:1”", "下午16:30", "狗（白色）"];

  test.each([
    ["spaces", latin, " "],
    ["commas", latin, ", "],
    ["lines", latin, "\n"],
    ["dashes", latin, " — "],
    ["Chinese commas", chinese, "，"],
    ["Chinese lists", chinese, "、"],
  ])("is the same text without its directives between %s", (_name, words, separator) => {
    const part = fc.constantFrom(...words, ...directives);
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const kept = parts.filter((each) => !directives.includes(each));
        expect(promptOf(parts.join(separator))).toBe(kept.join(separator));
      }),
    );
  });
});

describe("Any prompt", () => {
  const plain = [
    ..."ratio|比例|aspect ratio|16:9|3:4|1:11|16:30|为|is|=| |  |\n|--ar|--seed|42".split("|"),
    ..."--raw|--x|no-enhance|猫|cat|don't|1|９|é|🐱|--ar 16:9 |--seed 42 |比例：3:4".split("|"),
  ];
  const odd = [
    ...":|：|,|，|、|。|.|!|-|—|--|—ar|--no|--model|(|)|（|）|[|]|<!--|-->|'|\"|“|”|‘|’|「|」".split(
      "|",
    ),
    ..."\ud83d|\ude00|\uffff|\u0000|\u200d|\u2028".split("|"),
  ];

  test("is read without an error, and only ever gets shorter", () => {
    const anything = fc.oneof(
      fc.array(fc.constantFrom(...plain, ...odd), { maxLength: 40 }).map((all) => all.join("")),
      fc.string({ unit: "binary" }),
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const { prompt } = readDirectives(text);
        expect(prompt.length).toBeLessThanOrEqual(text.length);
        expect(prompt).toBe(prompt.trim());
      }),
      { numRuns: 2000 },
    );
  });

  test("has nothing left to read once it was read", () => {
    // Without marks that vanish beside a directive, and so let what stood around them come together.
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...plain), { maxLength: 30 }), (parts) => {
        const { prompt, notices } = readDirectives(parts.join(""));
        fc.pre(notices.length === 0);
        expect(promptOf(prompt)).toBe(prompt);
      }),
      { numRuns: 1000 },
    );
  });

  test("without any sign of a directive has none, however closely it is read", () => {
    const signs = /--|[—–\uff0d\uff21-\uff3a\uff41-\uff5a]|ratio|aspect|no-enhance|比|[画畫]幅/iu;
    const scraps = [
      ..."16:9|16x9|4/3|１６：９|rat|io|asp|ect|rati o|no|-|enhance|no -enhance|--|例|率|宽高|画|幅|的|用|以".split(
        "|",
      ),
      ..."in a |with |set |of |:|：|(|)|“|”|„|«|»|【|】|1. |- |\n| |,|，|猫|cat|ſ|aſpect|K|ı|十六|九|ar |seed".split(
        "|",
      ),
    ];
    const text = fc.oneof(
      fc.array(fc.constantFrom(...scraps), { maxLength: 20 }).map((all) => all.join("")),
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc.string({ unit: "binary", maxLength: 60 }),
    );
    fc.assert(
      fc.property(text, (words) => {
        fc.pre(!signs.test(words));
        expect(readDirectives(words)).toEqual({ prompt: words.trim(), notices: [] });
        // The sign at its end makes the guard let it through; on a line of its own, and part of another word.
        const signed = `${words}\n比例尺`;
        expect(readDirectives(signed)).toEqual({ prompt: signed.trim(), notices: [] });
      }),
      { numRuns: 5000 },
    );
  });

  test("keeps its quotes", () => {
    const quote = fc
      .tuple(
        fc.constantFrom("“”", "「」", "『』", "《》", "【】", "«»", "„“", "〝〟"),
        fc.array(fc.constantFrom(...plain, ",", "(")),
      )
      .map(([marks, inside]) => marks.charAt(0) + inside.join("") + marks.charAt(1));
    const part = fc.oneof(quote, fc.constantFrom("ratio 16:9", "--seed 5", "(--raw)", "，", "cat"));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const quotes = parts.filter((each) => /^[“「『《【«„〝]/.test(each));
        const words = promptOf(parts.join(" "));
        for (const each of quotes) expect(words).toContain(each);
      }),
      { numRuns: 1000 },
    );
  });

  test("gets no doubled space", () => {
    const part = fc.constantFrom(
      ..."cat|猫|ratio 16:9|--seed 5|--raw|no-enhance|(|)|,|，|—|。".split("|"),
    );
    const parts = fc.array(fc.tuple(part, fc.constantFrom("", " ")), { maxLength: 12 });
    fc.assert(
      fc.property(parts, (all) => {
        expect(promptOf(all.flat().join(""))).not.toMatch(/\s\s/);
      }),
      { numRuns: 1000 },
    );
  });
});
