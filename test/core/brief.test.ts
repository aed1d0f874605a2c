import { describe, expect, test } from "vitest";
import {
  type Brief,
  cleanText,
  type Defaults,
  randomSeed,
  readBrief,
  seedOf,
} from "../../core/brief.ts";
import { createCatalogue, type ModelInput, modelSchema } from "../../core/catalogue.ts";
import type { ImageError } from "../../core/errors.ts";
import type { ImageRequest } from "../../core/request.ts";

const model = (id: string, more: Partial<ModelInput> = {}) =>
  modelSchema.parse({ id, provider: "easel", ...more });

const catalogue = createCatalogue([
  model("Z-Image", { aliases: ["z"] }),
  model("Flux"),
  model("Anima"),
  model("Sketch", { aliases: ["pencil"] }),
  model("Editor", { edits: true }),
  model("Retoucher", { edits: { pictures: 3 } }),
  model("Painter", { edits: { mask: true } }),
]);

const chosenSeed = 77;

function read(request: Partial<ImageRequest>, ...defaults: Defaults[]): Brief {
  const tools = { catalogue, newSeed: () => chosenSeed };
  return readBrief({ prompt: "a cat", ...request }, defaults, tools);
}

test("a final prompt that the person settled is painted as it is, once, and the words stay", () => {
  const finalPrompt = "a {red|blue} cat --seed 3";
  const brief = read({ prompt: "a {big|small} cat --seed 5", finalPrompt });
  expect(brief).toMatchObject({
    words: "a {big|small} cat --seed 5",
    seed: 5,
    count: 1,
    wording: { prompt: finalPrompt, enhancement: { status: "edited" } },
  });
});

function refusal(request: Partial<ImageRequest>, ...defaults: Defaults[]): unknown {
  try {
    return read(request, ...defaults);
  } catch (error) {
    return error;
  }
}

/** One wish, as each of those wants it who may; `standard` where none of them says anything. */
interface Wish {
  readonly request: Partial<ImageRequest>;
  readonly words: string;
  readonly person: Defaults;
  readonly place: Defaults;
  readonly of: (brief: Brief) => unknown;
  readonly wanted: Record<"request" | "words" | "person" | "place" | "standard", unknown>;
}

const ratio = (text: string) => ({ kind: "ratio", ratio: text });

const wishes: Record<string, Wish> = {
  ratio: {
    request: { aspectRatio: "3:4" },
    words: "a cat, ratio 16:9",
    person: { ratio: "1:2" },
    place: { ratio: "9:16" },
    of: ({ size }) => size,
    wanted: {
      request: ratio("3:4"),
      words: ratio("16:9"),
      person: ratio("1:2"),
      place: ratio("9:16"),
      standard: { kind: "open" },
    },
  },
  model: {
    request: { model: "Sketch" },
    words: "a cat --model Flux",
    person: { model: "Anima" },
    place: { model: "pencil" },
    of: ({ model }) => model,
    wanted: {
      request: "Sketch",
      words: "Flux",
      person: "Anima",
      place: "Sketch",
      standard: "Z-Image",
    },
  },
  quality: {
    request: { quality: "low" },
    words: "a cat --quality hd",
    person: { quality: "medium" },
    place: { quality: "high" },
    of: ({ quality }) => quality,
    wanted: {
      request: "low",
      words: "hd",
      person: "medium",
      place: "high",
      standard: undefined,
    },
  },
  enhancing: {
    request: { enhance: true },
    words: "a cat --raw",
    person: { enhance: true },
    place: { enhance: false },
    of: ({ enhance }) => enhance,
    wanted: { request: true, words: false, person: true, place: false, standard: true },
  },
};

describe("what is wanted", () => {
  test.each(Object.entries(wishes))(
    "is the %s of the request, else of the words, of the person, of the place, of the model",
    (_, { request, words, person, place, of, wanted }) => {
      expect(of(read({ ...request, prompt: words }, person, place))).toEqual(wanted.request);
      expect(of(read({ prompt: words }, person, place))).toEqual(wanted.words);
      expect(of(read({}, person, place))).toEqual(wanted.person);
      expect(of(read({}, {}, place))).toEqual(wanted.place);
      expect(of(read({}, {}, {}))).toEqual(wanted.standard);
      expect(of(read({}))).toEqual(wanted.standard);
    },
  );

  test("is each by itself: what the person leaves open the place may say", () => {
    const brief = read({}, { model: "Anima" }, { model: "Flux", ratio: "3:4", quality: "hd" });
    expect(brief).toMatchObject({ model: "Anima", size: ratio("3:4"), quality: "hd" });
  });

  test.each([
    [
      "negative",
      { request: { negative: "dogs" }, flag: "--no rain", wanted: ["dogs", "rain", ""] },
    ],
    ["seed", { request: { seed: 5 }, flag: "--seed 6", wanted: [5, 6, chosenSeed] }],
    ["steps", { request: { steps: 5 }, flag: "--steps 6", wanted: [5, 6, undefined] }],
    ["guidance", { request: { guidance: 5 }, flag: "--cfg 6", wanted: [5, 6, undefined] }],
    ["count", { request: { count: 5 }, flag: "--n 3", wanted: [5, 3, 1] }],
  ] as const)(
    "is the %s of the request rather than of the words",
    (field, { request, flag, wanted }) => {
      const prompt = `a cat ${flag}`;
      const briefs = [read({ ...request, prompt }), read({ prompt }), read({})];
      expect(briefs.map((brief) => brief[field])).toEqual(wanted);
    },
  );

  test("keeps the words as they were typed beside the prompt without its directives", () => {
    expect(read({ prompt: "  a cat ratio 16:9 --seed 7\u0007 --wat" })).toMatchObject({
      words: "a cat ratio 16:9 --seed 7 --wat",
      prompt: "a cat --wat",
      notices: [{ code: "unknown-flag", flag: "--wat" }],
    });
  });

  test("remembers which hints the person gave", () => {
    expect(read({ prompt: "a cat --no dogs --steps 9", seed: 3, guidance: 2 }).given).toEqual([
      "seed",
      "negative",
      "steps",
      "guidance",
    ]);
    expect(read({ seed: 0, negative: "" }, { quality: "low" }).given).toEqual([]);
  });

  test("has a seed that we choose where it is 0 or less, whatever the words say", () => {
    expect(read({ seed: 0, prompt: "a cat --seed 6" }).seed).toBe(chosenSeed);
    expect(read({ seed: -1 }).seed).toBe(chosenSeed);
  });

  test("has no keys that hold nothing, so that it is kept as it is", () => {
    const brief = read({});
    expect(JSON.parse(JSON.stringify(brief))).toStrictEqual(brief);
    expect(Object.keys(brief)).not.toContain("quality");
  });

  test("has at most 20,000 characters", () => {
    expect(read({ prompt: "x".repeat(20_000) }).prompt).toHaveLength(20_000);
    expect(refusal({ prompt: "x".repeat(20_001) })).toMatchObject({
      code: "invalid-request",
      details: {
        field: "prompt",
        problem: "A prompt ends at 20,000 characters, and this is longer.",
      },
    });
  });

  test.each(["", "   ", "--seed 7", "ratio 16:9", "\u0000\u0001"])(
    "is nothing without words: %j",
    (prompt) => {
      expect(refusal({ prompt })).toMatchObject({
        code: "invalid-request",
        details: { field: "prompt" },
      });
    },
  );
});

describe("the size", () => {
  test.each([
    [{ size: "auto" }],
    [{ aspectRatio: "auto" }],
    [{ size: "AUTO" }],
    [{ aspectRatio: " auto " }],
  ])("stays open where the request says so, whatever is usual: %j", (request) => {
    expect(read(request, { ratio: "16:9" }).size).toEqual({ kind: "open" });
  });

  test("is that of the words where the request leaves it open", () => {
    expect(read({ size: "auto", prompt: "a cat, ratio 3:4" }, { ratio: "16:9" }).size).toEqual(
      ratio("3:4"),
    );
  });

  test("stays open for a person who wants it so, whatever the place says", () => {
    expect(read({}, { ratio: "auto" }, { ratio: "16:9" }).size).toEqual({ kind: "open" });
  });

  test.each([
    [
      { width: 640, height: 480 },
      { kind: "exact", width: 640, height: 480 },
    ],
    [{ size: "640x480" }, { kind: "exact", width: 640, height: 480 }],
  ])("is exact where the request is, whatever is usual: %j", (request, size) => {
    expect(read({ ...request, prompt: "a cat, ratio 3:4" }, { ratio: "16:9" }).size).toEqual(size);
  });

  test("passes over a usual ratio that cannot be used", () => {
    expect(read({}, { ratio: "wide" }).size).toEqual({ kind: "open" });
  });

  test("is refused where the request's cannot be used", () => {
    expect(refusal({ size: "big" })).toMatchObject({ details: { field: "size" } });
    expect(refusal({ aspectRatio: "9:1" })).toMatchObject({ details: { field: "aspectRatio" } });
  });
});

describe("the model", () => {
  test("is known by its aliases, and called by its id", () => {
    expect(read({ model: "pencil" }).model).toBe("Sketch");
    expect(read({}, { model: "pencil" }).model).toBe("Sketch");
  });

  test.each([[{ model: "Gone" }], [{ prompt: "a cat --model Gone" }]])(
    "is refused where one is named that is not served: %j",
    (request) => {
      expect(refusal(request, { model: "Flux" })).toMatchObject({
        code: "unknown-model",
        details: { model: "Gone" },
      });
    },
  );

  test("is the standard one where the usual one is served no more", () => {
    expect(read({}, { model: "Gone" }).model).toBe("Z-Image");
  });
});

describe("an edit", () => {
  const sources = ["picture1"];

  test("is made by the model that is named", () => {
    expect(read({ sources, model: "Retoucher" }).model).toBe("Retoucher");
    expect(read({ sources, prompt: "no hat --model Retoucher" }).model).toBe("Retoucher");
  });

  test("is made by the first that edits where none is named, whatever is usual", () => {
    expect(read({ sources }).model).toBe("Editor");
    expect(read({ sources }, { model: "Retoucher" }, { model: "Flux" }).model).toBe("Editor");
  });

  test("of several pictures, or of a part, is made by the first that takes all of it", () => {
    const pair = { sources: ["picture1", "picture2"] };
    expect(read(pair)).toMatchObject({ model: "Retoucher", ...pair });
    expect(read({ sources, mask: "mask" })).toMatchObject({ model: "Painter", mask: "mask" });
  });

  test("is refused by a model that cannot, with the first that could", () => {
    const details = { feature: "edit", model: "Flux", able: "Editor" };
    expect(refusal({ sources, model: "Flux" })).toMatchObject({ code: "unsupported", details });
  });

  test.each([
    [
      { sources: ["1", "2"], model: "Editor" },
      { feature: "pictures", limit: 1, able: "Retoucher" },
    ],
    [
      { sources: ["1"], mask: "2", model: "Editor" },
      { feature: "mask", able: "Painter" },
    ],
    [{ sources: ["1", "2", "3"], mask: "4", model: "Retoucher" }, { feature: "mask" }],
    [{ sources: ["1", "2", "3", "4"] }, { feature: "pictures", limit: 3, model: "Retoucher" }],
  ])("is refused where there is more than its model takes: %j", (request, details) => {
    const all = { ...("model" in request && { model: request.model }), ...details };
    expect((refusal(request) as ImageError).details).toEqual(all);
  });

  test("is refused where no model edits", () => {
    const tools = { catalogue: createCatalogue([model("Flux")]), newSeed: () => 1 };
    expect(() => readBrief({ prompt: "no hat", sources }, [], tools)).toThrow(
      expect.objectContaining({ code: "unsupported", details: { feature: "edit", model: "Flux" } }),
    );
  });

  test("is refused where a mask has no picture that it is for", () => {
    const details = { field: "mask" };
    expect(refusal({ mask: "mask" })).toMatchObject({ code: "invalid-request", details });
  });

  test.each([
    [{ leftOut: { pictures: 2 } }, [{ code: "picture-ignored", model: "Z-Image" }]],
    [{ leftOut: { mask: true } }, [{ code: "picture-ignored", model: "Z-Image" }]],
    [{ leftOut: { pictures: 0, mask: false } }, []],
    [
      { sources, leftOut: { pictures: 2, mask: true } },
      [
        { code: "pictures-left-out", model: "Editor", used: 1, of: 3 },
        { code: "mask-ignored", model: "Editor" },
      ],
    ],
  ])("says what was left out of it: %j", (request, notices) => {
    expect(read(request).notices).toEqual(notices);
  });

  test("of no pictures is none", () => {
    expect(read({ sources: [] })).not.toHaveProperty("sources");
  });

  test("is not enhanced unless the request asks for it, whatever is usual", () => {
    expect(read({ sources }).enhance).toBe(false);
    expect(read({ sources }, { enhance: true }, { enhance: true }).enhance).toBe(false);
    expect(read({ sources, enhance: true }).enhance).toBe(true);
  });

  test("takes the usual ratio and quality as any other picture does", () => {
    const usual: Defaults = { ratio: "3:4", quality: "low" };
    expect(read({ sources }, usual)).toMatchObject({ size: ratio("3:4"), quality: "low", sources });
  });
});

describe("text", () => {
  test("keeps its line breaks and tabs, in one form, and no other control character", () => {
    expect(cleanText(" a\r\nb\rc\td\u0000\u001b\u0085\uFFFE ")).toBe("a\nb\nc\td");
  });

  test("has no halves of characters", () => {
    expect(cleanText("a \uD83D cat 🐈")).toBe("a \uFFFD cat 🐈");
  });
});

describe("a seed", () => {
  test("of a further picture follows that of the first, and begins anew after the largest", () => {
    expect([1, 2, 3].map((number) => seedOf(2147483646, number))).toEqual([
      2147483646, 2147483647, 1,
    ]);
  });

  test("that is chosen lies between 1 and the largest", () => {
    const seeds = Array.from({ length: 1000 }, () => randomSeed());
    expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 1 && seed <= 2147483647)).toBe(
      true,
    );
    expect(new Set(seeds).size).toBeGreaterThan(990);
  });
});
