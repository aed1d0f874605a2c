import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ModelInput, modelSchema } from "../../core/catalogue.ts";
import { parseRatio, plainRatio } from "../../core/ratio.ts";
import { resolveSize, type SizeWish, sizeWish } from "../../core/size.ts";

function aModel(input: Partial<ModelInput> = {}) {
  return modelSchema.parse({ id: "Z-Image", provider: "sketch", ...input });
}

const zImage = aModel();

function ratio(text: string): SizeWish {
  return { kind: "ratio", ratio: text };
}

function exact(width: number, height: number): SizeWish {
  return { kind: "exact", width, height };
}

const open: SizeWish = { kind: "open" };

describe("parseRatio", () => {
  test.each([
    ["16:9", "16:9"],
    ["1920:1080", "16:9"],
    ["2560:1080", "64:27"],
    ["21:9", "21:9"],
    ["42:18", "21:9"],
    ["16:10", "16:10"],
    ["016:09", "16:9"],
    ["4:4", "1:1"],
    ["2.39:1", "2.39:1"],
    ["1.50:1", "1.5:1"],
    ["4.0:3.0", "4:3"],
    ["１６：９", "16:9"],
    ["16∶9", "16:9"],
    [" 16:9 ", "16:9"],
    ["16 : 9", "16:9"],
    ["１６ ： ９", "16:9"],
    ["16﹕9", "16:9"],
    ["1:3", "1:3"],
    ["3:1", "3:1"],
    ["2.1:0.7", "2.1:0.7"],
  ])("reduces %j to %j", (text, reduced) => {
    expect(parseRatio(text)).toBe(reduced);
  });

  test.each([
    "",
    "16",
    "16:",
    ":9",
    "16:9:1",
    "16/9",
    "16x9",
    "-16:-9",
    "1e1:9",
    "0:5",
    "5:0",
    "0:0",
    "0.0000001:0.0000001",
    "1:3.01",
    "3.01:1",
    "1:11",
    "999999:999999",
    "16 : 9 : 1",
    "16    :    9",
    "auto",
    "NaN:1",
    "16:9\n16:9",
  ])("refuses %j", (text) => {
    expect(parseRatio(text)).toBeUndefined();
  });

  test("leaves its own answers as they are", () => {
    const side = fc.oneof(
      fc.integer({ min: 0, max: 99_999 }),
      fc.integer({ min: 0, max: 9_999 }).map((n) => n / 100),
    );
    fc.assert(
      fc.property(side, side, (width, height) => {
        const reduced = parseRatio(`${width}:${height}`);
        const inside = width > 0 && height > 0 && width <= 3 * height && height <= 3 * width;
        if (inside) expect(parseRatio(reduced ?? "")).toBe(reduced);
        if (Number.isInteger(width) && Number.isInteger(height)) {
          expect(reduced !== undefined).toBe(inside);
        }
      }),
    );
  });
});

describe("plainRatio", () => {
  test.each([
    ["16:9", "16:9"],
    ["16 × 9", "16:9"],
    ["2.39 / 1", "2.39:1"],
    ["５：１", "5:1"],
    ["十六比九", "16:9"],
    ["二十一比九", "21:9"],
    ["一比一", "1:1"],
    ["三比二十", "3:20"],
  ])("writes %j as %j", (text, plain) => {
    expect(plainRatio(text)).toBe(plain);
  });

  test.each(["", "16", "16:9:1", "16-9", "x", "比", "a 16:9"])("knows no ratio in %j", (text) => {
    expect(plainRatio(text)).toBeUndefined();
  });
});

describe("sizeWish", () => {
  const everything = { width: 640, height: 480, size: "1024x768", aspectRatio: "3:2" };

  test("takes width and height before anything else", () => {
    expect(sizeWish(everything, "16:9")).toEqual(exact(640, 480));
  });

  test("takes the size before any ratio", () => {
    expect(sizeWish({ size: "1024x768", aspectRatio: "3:2" }, "16:9")).toEqual(exact(1024, 768));
  });

  test("takes the field for the ratio before the prompt", () => {
    expect(sizeWish({ aspectRatio: "6:4" }, "16:9")).toEqual(ratio("3:2"));
  });

  test("takes the ratio in the prompt where no field says anything", () => {
    expect(sizeWish({ size: "auto", aspectRatio: "" }, "16:9")).toEqual(ratio("16:9"));
  });

  test.each([
    {},
    { size: "auto" },
    { size: "" },
    { size: " Auto ", aspectRatio: "AUTO" },
    { size: "adaptive", aspectRatio: "original" },
  ])("is open where nobody asked: %j", (request) => {
    expect(sizeWish(request, undefined)).toEqual(open);
  });

  test.each([
    "1000x1001",
    "1000X1001",
    "1000×1001",
    "1000*1001",
    " 1000 x 1001 ",
    "１０００×１００１",
    "1000х1001",
    "1000 by 1001",
    "1000,1001",
    "1000_1001",
    "1000x1001 ( 1:1 )",
    "(1000, 1001)",
    "[1000,1001]",
    "1000 1001",
    "1000×1001 像素",
    "1000 pixels x 1001 pixels",
  ])("reads %j as pixels", (size) => {
    expect(sizeWish({ size }, undefined)).toEqual(exact(1000, 1001));
  });

  test.each([
    ["16:9", ratio("16:9")],
    ["1000", { ...open, longest: 1000 }],
    ["512 px", { ...open, longest: 512 }],
    ["16 : 9", ratio("16:9")],
    ["１６：９", ratio("16:9")],
    ["landscape", ratio("3:2")],
    ["Portrait", ratio("2:3")],
    ["SQUARE", ratio("1:1")],
    ["square_hd", ratio("1:1")],
    ["landscape_16_9", ratio("16:9")],
    ["portrait_16_9", ratio("9:16")],
    ["portrait-4:3", ratio("3:4")],
    ["16x9", ratio("16:9")],
    ["16/9", ratio("16:9")],
    ["16-9", ratio("16:9")],
    ["16比9", ratio("16:9")],
    ["16：9（横屏）", ratio("16:9")],
    ["16:9 landscape", ratio("16:9")],
    ["ASPECT_9_16", ratio("9:16")],
    ["ratio 16:9", ratio("16:9")],
    ["竖版 3:4", ratio("3:4")],
    ["横屏", ratio("3:2")],
    ["正方形", ratio("1:1")],
    ["default", { kind: "open" }],
    ["2 K", { kind: "open", longest: 2048 }],
    ["16:9 2K", { ...ratio("16:9"), longest: 2048 }],
    ["4K_portrait", { ...ratio("2:3"), longest: 4096 }],
    ["2K", { kind: "open", longest: 2048 }],
    ["1k", { kind: "open", longest: 1024 }],
    ["4K", { kind: "open", longest: 4096 }],
    ["3840x2160", exact(3840, 2160)],
    ["4096*4096", exact(4096, 4096)],
    ["1024px x 768px", exact(1024, 768)],
    ["2048x64", exact(2048, 64)],
  ])("reads the size %j", (size, wish) => {
    expect(sizeWish({ size }, undefined)).toEqual(wish);
  });

  test("joins a longest side with the shape that is asked for elsewhere", () => {
    const longest = 1024;
    expect(sizeWish({ size: "1K", aspectRatio: "16:9" }, "3:2")).toEqual({
      ...ratio("16:9"),
      longest,
    });
    expect(sizeWish({ size: "1K" }, "3:2")).toEqual({ ...ratio("3:2"), longest });
    expect(sizeWish({ size: "1K", aspectRatio: "auto" }, undefined)).toEqual({ ...open, longest });
  });

  test.each([
    ["16 : 9", "16:9"],
    ["16x9", "16:9"],
    ["16 × 9", "16:9"],
    ["16/9", "16:9"],
    ["16比9", "16:9"],
    ["1920x1080", "16:9"],
    ["landscape", "3:2"],
    ["portrait", "2:3"],
    ["square", "1:1"],
    ["16_9", "16:9"],
    ["竖屏", "2:3"],
    ["橫版", "3:2"],
    ["Hochformat", "2:3"],
    ["carré", "1:1"],
    ["wide", "16:9"],
    ["landscape mode", "3:2"],
    ["十六比九", "16:9"],
    ["(16:9)", "16:9"],
    ["1024 x 768 pixels", "4:3"],
    ["9:16 (portrait)", "9:16"],
    ["1024px x 768px", "4:3"],
  ])("reads the field of the ratio %j", (aspectRatio, name) => {
    expect(sizeWish({ aspectRatio }, undefined)).toEqual(ratio(name));
  });

  test.each([
    { width: 4096, height: 1024 },
    { width: 2049, height: 64 },
    { width: 100, height: 9000 },
    { width: 16_385, height: 9000 },
    { width: 63, height: 64 },
  ])("refuses the sides %j", (sides) => {
    expect(() => sizeWish(sides, "16:9")).toThrow(
      expect.objectContaining({ code: "invalid-request" }),
    );
  });

  test.each([
    "63x64",
    "64x63",
    "2049x64",
    "64x2049",
    "0x0",
    "63",
    "x",
    "16:1",
    "6000x1900",
    "16384x63",
    "16385x16385",
    "9k:1",
    "K",
    "0.1K",
    "landscape_20_1",
    "1024x-1",
    "1e3x64",
    "64x64x64",
    "100000x64",
    "64.5x64",
    "large",
    "landscape portrait",
    "1K 2K",
    "16:9 4:3",
    "32x64",
  ])("refuses the size %j", (size) => {
    expect(() => sizeWish({ size }, "16:9")).toThrow(
      expect.objectContaining({
        code: "invalid-request",
        details: { field: "size", problem: expect.stringContaining("1024x768") },
      }),
    );
  });

  test.each(["16 : 9", "16x9", "16X9", "16×9", "16*9", "16/9", "16比9", "16 by 9", "１６／９"])(
    "reads %j as a ratio",
    (aspectRatio) => {
      expect(sizeWish({ aspectRatio }, undefined)).toEqual(ratio("16:9"));
    },
  );

  test.each(["1:4", "4:1", "0:0", "widest", "16:9:1", "16/9/1", "4x1", "16x", "x9"])(
    "refuses the ratio %j",
    (aspectRatio) => {
      expect(() => sizeWish({ aspectRatio }, "16:9")).toThrow(
        expect.objectContaining({
          code: "invalid-request",
          details: { field: "aspectRatio", problem: expect.stringContaining("16:9") },
        }),
      );
    },
  );

  test.each([
    [{ width: 1024 }, "height"],
    [{ height: 1024 }, "width"],
    [{ width: 63, height: 64 }, "width"],
    [{ width: 64, height: 2049 }, "height"],
    [{ width: 64.5, height: 64 }, "width"],
    [{ width: 64, height: Number.NaN }, "height"],
  ])("names the side at fault in %j", (request, field) => {
    expect(() => sizeWish({ ...request, size: "1024x768" }, undefined)).toThrow(
      expect.objectContaining({
        code: "invalid-request",
        details: { field, problem: expect.stringContaining(`"${field}"`) },
      }),
    );
  });
});

describe("resolveSize", () => {
  test.each([
    [exact(3840, 2160), "2048x1152"],
    [exact(2160, 3840), "1152x2048"],
    [exact(4096, 4096), "2048x2048"],
    [exact(3000, 2000), "2048x1368"],
    [exact(6144, 2048), "2048x680"],
    [exact(2049, 2049), "2048x2048"],
  ])("makes the largest size of the same shape of what is too large: %j", (wish, made) => {
    const { width, height, notices } = resolveSize(wish, undefined, zImage);
    const asked = wish.kind === "exact" ? `${wish.width}x${wish.height}` : "";
    expect(`${width}x${height}`).toBe(made);
    expect(notices).toEqual([{ code: "size-adjusted", asked, made }]);
  });

  test("makes a size as it is where the model lists longer ones", () => {
    const large = aModel({ sizes: { "16:9": "3840x2160" } });
    expect(resolveSize(exact(3840, 2160), undefined, large)).toMatchObject({
      width: 3840,
      notices: [],
    });
  });

  test.each([
    [{ ...ratio("16:9"), longest: 1024 }, "1024x576", []],
    [{ ...ratio("9:16"), longest: 2048 }, "1152x2048", []],
    [{ ...open, longest: 1024 }, "1024x1024", []],
    [{ ...open, longest: 4096 }, "2048x2048", [["4K", "2048x2048"]]],
    [{ ...ratio("3:2"), longest: 4096 }, "1920x1280", [["4K", "1920x1280"]]],
    [{ ...ratio("3:2"), longest: 2048 }, "1920x1280", [["2K", "1920x1280"]]],
  ] as const)("makes the longest side as long as was asked for: %j", (wish, made, said) => {
    const { width, height, notices } = resolveSize(wish, undefined, zImage);
    expect(`${width}x${height}`).toBe(made);
    expect(notices).toEqual(said.map(([asked, made]) => ({ code: "size-adjusted", asked, made })));
  });

  test.each([
    ["1:1", 2048, 2048],
    ["1:2", 1024, 2048],
    ["3:2", 1920, 1280],
    ["3:4", 1536, 2048],
    ["16:9", 2048, 1152],
    ["9:16", 1152, 2048],
    ["1.5:1", 1920, 1280],
  ])("gives %s its listed size", (text, width, height) => {
    expect(resolveSize(ratio(text), undefined, zImage)).toEqual({
      width,
      height,
      ratio: text,
      notices: [],
    });
  });

  test.each([
    ["2:3", 1360, 2048],
    ["4:3", 2048, 1536],
    ["21:9", 2048, 880],
    ["2.39:1", 2048, 864],
    ["3:1", 2048, 688],
    ["1:3", 688, 2048],
  ])("gives %s a size as long as the longest that is listed", (text, width, height) => {
    expect(resolveSize(ratio(text), "1:1", zImage)).toMatchObject({ width, height, ratio: text });
  });

  test("keeps to multiples of 16 within the limits, near to any ratio", () => {
    const side = fc.integer({ min: 1, max: 500 });
    const quality = fc.constantFrom("low", "medium", "high", "standard", "hd", undefined);
    fc.assert(
      fc.property(side, side, quality, (a, b, tier) => {
        const asked = parseRatio(`${a}:${b}`);
        fc.pre(asked !== undefined);
        const { width, height } = resolveSize(ratio(asked), undefined, zImage, tier);
        expect([width % 16, height % 16]).toEqual([0, 0]);
        expect(Math.max(width, height)).toBeLessThanOrEqual(2048);
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(64);
        expect(Math.abs(Math.log((width * b) / (height * a)))).toBeLessThan(0.03);
      }),
    );
  });

  test("keeps an exact size of multiples of 8", () => {
    expect(resolveSize(exact(1000, 600), "16:9", zImage, "low")).toEqual({
      width: 1000,
      height: 600,
      ratio: "Custom",
      notices: [],
    });
  });

  test("rounds an exact size and says so", () => {
    expect(resolveSize(exact(1000, 1001), undefined, zImage)).toEqual({
      width: 1000,
      height: 1000,
      ratio: "Custom",
      notices: [{ code: "size-adjusted", asked: "1000x1001", made: "1000x1000" }],
    });
    expect(resolveSize(exact(2047, 65), undefined, zImage)).toMatchObject({
      width: 2048,
      height: 64,
    });
  });

  test.each([
    ["16:9", 2048, 1152, "16:9"],
    ["1280:720", 2048, 1152, "16:9"],
    ["1:9", 2048, 2048, "1:1"],
    ["cinematic", 2048, 2048, "1:1"],
    [undefined, 2048, 2048, "1:1"],
  ])("takes the suggestion %j where nobody asked", (suggestion, width, height, made) => {
    expect(resolveSize(open, suggestion, zImage)).toEqual({
      width,
      height,
      ratio: made,
      notices: [],
    });
  });

  test("does not let a suggestion override a wish", () => {
    expect(resolveSize(ratio("3:4"), "16:9", zImage)).toMatchObject({ ratio: "3:4" });
  });

  test.each([
    ["low", "16:9", 1024, 576],
    ["medium", "16:9", 1536, 864],
    ["high", "16:9", 2048, 1152],
    ["low", "3:2", 1024, 688],
    ["hd", "3:2", 1920, 1280],
    ["low", "1:3", 336, 1024],
  ] as const)("makes %s quality of %s smaller, never larger", (quality, text, width, height) => {
    expect(resolveSize(ratio(text), undefined, zImage, quality)).toEqual({
      width,
      height,
      ratio: text,
      notices: [],
    });
  });

  test("leaves the size alone where the model knows nothing of the quality", () => {
    const model = aModel({ quality: { low: { steps: 4 } } });
    expect(resolveSize(ratio("1:1"), undefined, model, "low")).toMatchObject({ width: 2048 });
    expect(resolveSize(ratio("1:1"), undefined, model, "hd")).toMatchObject({ width: 2048 });
  });

  test("takes a listed size as it is, whatever its multiples", () => {
    const model = aModel({ sizes: { "16:9": "1350x759" } });
    expect(resolveSize(ratio("16:9"), undefined, model)).toMatchObject({
      width: 1350,
      height: 759,
    });
    expect(resolveSize(ratio("1:1"), undefined, model)).toMatchObject({
      width: 1344,
      height: 1344,
    });
  });

  test("gives a model without listed sizes the usual ones", () => {
    expect(resolveSize(ratio("2:1"), undefined, aModel({ sizes: {} }))).toMatchObject({
      width: 2048,
      height: 1024,
    });
  });
});

describe("resolveSize for a model that has only its listed sizes", () => {
  const model = aModel({
    anySize: false,
    sizes: { "1:1": "1024x1024", "2:2": "512x512", "3:2": "1536x1024", "2:3": "1024x1536" },
  });

  test.each([
    ["1:1", 1024, 1024],
    ["3:2", 1536, 1024],
    ["1.5:1", 1536, 1024],
  ])("makes %s without a notice", (text, width, height) => {
    expect(resolveSize(ratio(text), undefined, model)).toEqual({
      width,
      height,
      ratio: text,
      notices: [],
    });
  });

  test("takes the nearest shape for another ratio, and says so", () => {
    expect(resolveSize(ratio("16:9"), undefined, model)).toEqual({
      width: 1536,
      height: 1024,
      ratio: "3:2",
      notices: [{ code: "size-adjusted", asked: "16:9", made: "1536x1024" }],
    });
  });

  test("takes the nearest shape for a suggestion without a word", () => {
    expect(resolveSize(open, "9:16", model)).toEqual({
      width: 1024,
      height: 1536,
      ratio: "2:3",
      notices: [],
    });
  });

  test("takes the nearest area of one shape", () => {
    expect(resolveSize(exact(600, 600), undefined, model)).toEqual({
      width: 512,
      height: 512,
      ratio: "Custom",
      notices: [{ code: "size-adjusted", asked: "600x600", made: "512x512" }],
    });
    const lowest = aModel({
      anySize: false,
      sizes: { "1:1": "1024x1024", "2:2": "512x512" },
      quality: { low: { longestSide: 512 } },
    });
    expect(resolveSize(ratio("1:1"), undefined, lowest, "low")).toMatchObject({ width: 512 });
  });

  test("makes an exact size that is listed", () => {
    expect(resolveSize(exact(1024, 1536), undefined, model)).toEqual({
      width: 1024,
      height: 1536,
      ratio: "Custom",
      notices: [],
    });
  });

  test("calls a size by the ratio that the catalogue gives it", () => {
    const loose = aModel({
      anySize: false,
      sizes: { "1:1": "1024x1024", "16:9": "1344x768", "7:4": "1400x800" },
    });
    expect(resolveSize(ratio("16:9"), undefined, loose)).toMatchObject({
      width: 1344,
      notices: [],
    });
    expect(resolveSize(exact(1344, 768), undefined, loose)).toMatchObject({
      width: 1344,
      notices: [],
    });
  });
});
