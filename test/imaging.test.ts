import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { BadImage, imageFormats, inspectImage } from "../core/imaging.ts";
import { imaging } from "../src/imaging.ts";
import { anUndecodableWebp, aPicture, mp4, pngClaiming } from "./fakes/pictures.ts";

const flat = { create: { width: 6000, height: 6000, channels: 3, background: "#456" } } as const;

describe("reencode", () => {
  /** The most that the decoders had to do at once while this work was done. */
  async function mostAtOnce(work: Promise<unknown>): Promise<number> {
    let most = 0;
    const look = setInterval(() => (most = Math.max(most, sharp.counters().process)), 1);
    await work.finally(() => clearInterval(look));
    return most;
  }

  test("decodes two pictures at a time, and a large one alone", async () => {
    const usual = await aPicture(1500, 1500).png().toBuffer();
    const large = pngClaiming(8000, 8000, 8000);
    const times = <T>(count: number, work: () => T) => Array.from({ length: count }, work);
    const small = times(8, () => imaging.reencode(usual, { format: "jpeg" }));
    expect(await mostAtOnce(Promise.all(small))).toBe(2);
    const huge = times(2, () => imaging.reencode(large, { format: "jpeg" }));
    expect(await mostAtOnce(Promise.all(huge))).toBe(1);
  });

  test.each([
    ["an interlaced PNG", () => sharp(flat).png({ progressive: true })],
    ["a progressive JPEG", () => sharp(flat).jpeg({ progressive: true })],
  ])("refuses %s that would have to be in memory as a whole", async (_, make) => {
    const bytes = await make().toBuffer();
    const refused = expect.objectContaining({ reason: "too-costly" });
    await expect(imaging.reencode(bytes, { format: "webp" })).rejects.toThrow(refused);
    await expect(imaging.reencode(bytes, { format: "jpeg", maxSide: 9 })).rejects.toThrow(refused);
    expect(imaging.inspect(bytes)).toMatchObject({ width: 6000, height: 6000 });
  });

  test.for(imageFormats)("turns a picture into a %s of the same size", async (format) => {
    const bytes = await imaging.reencode(await aPicture().png().toBuffer(), {
      format,
      quality: 80,
    });
    expect(inspectImage(bytes)).toEqual({ format, width: 60, height: 40 });
  });

  test("makes a smaller file of a lower quality, down to 0", async () => {
    const original = await aPicture(200, 200).png().toBuffer();
    for (const format of ["jpeg", "webp"] as const) {
      const sizes = await Promise.all(
        [100, 50, 0].map(
          async (quality) => (await imaging.reencode(original, { format, quality })).length,
        ),
      );
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      expect(new Set(sizes).size).toBe(3);
    }
  });

  test("fits a picture into a longest side and never enlarges it", async () => {
    const bytes = await aPicture(60, 40).png().toBuffer();
    const small = await imaging.reencode(bytes, { format: "png", maxSide: 30 });
    expect(inspectImage(small)).toMatchObject({ width: 30, height: 20 });
    const same = await imaging.reencode(bytes, { format: "png", maxSide: 3_000 });
    expect(inspectImage(same)).toMatchObject({ width: 60, height: 40 });
  });

  test("turns a picture upright and drops what the file tells about its maker", async () => {
    const exif = { IFD0: { Artist: "somebody" } };
    const turned = aPicture(64, 48).withMetadata({ orientation: 6 }).withExif(exif).jpeg();
    const upright = await imaging.reencode(await turned.toBuffer(), { format: "jpeg" });
    expect(inspectImage(upright)).toMatchObject({ width: 48, height: 64 });
    expect((await sharp(upright).metadata()).exif).toBeUndefined();
  });

  test("puts white behind transparent parts of a JPEG", async () => {
    const background = { r: 0, g: 0, b: 0, alpha: 0 };
    const clear = sharp({ create: { width: 8, height: 8, channels: 4, background } });
    const jpeg = await imaging.reencode(await clear.png().toBuffer(), { format: "jpeg" });
    const { dominant } = await sharp(jpeg).stats();
    expect(dominant.r).toBeGreaterThan(240);
  });

  test("refuses what is no picture, also what its decoders could read", async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    const broken = (await aPicture().jpeg().toBuffer()).subarray(0, 400);
    for (const [bytes, reason] of [
      [svg, "unknown-format"],
      [mp4, "video"],
      [broken, "broken"],
      [pngClaiming(100_000, 100_000), "broken"],
    ] as const) {
      await expect(imaging.reencode(bytes, { format: "png" })).rejects.toMatchObject({ reason });
    }
  });
});

describe("keepable", () => {
  test("refuses an AVIF that would take a gigabyte, and converts a smaller one", async () => {
    const anAvif = (width: number, height: number) =>
      sharp({ create: { ...flat.create, width, height } })
        .avif({ effort: 0 })
        .toBuffer();
    const refused = expect.objectContaining({ reason: "too-costly" });
    await expect(imaging.keepable(await anAvif(6000, 6000))).rejects.toThrow(refused);
    const small = await imaging.keepable(await anAvif(60, 40));
    expect(inspectImage(small)).toEqual({ format: "png", width: 60, height: 40 });
  });
});

describe("inspect", () => {
  test("does not decode, so that damage among the pixels of a WebP is found later", async () => {
    const webp = anUndecodableWebp();
    expect(imaging.inspect(webp)).toEqual({ format: "webp", width: 64, height: 64 });
    await expect(imaging.reencode(webp, { format: "png" })).rejects.toThrow(BadImage);
  });

  test("tells the size of a picture and finds damage, as the core does", async () => {
    const bytes = await aPicture().png().toBuffer();
    expect(imaging.inspect(bytes)).toEqual({ format: "png", width: 60, height: 40 });
    bytes[60]! ^= 1;
    expect(() => imaging.inspect(bytes)).toThrow(BadImage);
  });
});

describe("sheet", () => {
  const layout = { columns: 3, side: 20, gap: 4, background: "#204080" };

  /** Whether the field at this place shows the background. */
  async function isEmpty(sheet: Uint8Array, column: number, row: number): Promise<boolean> {
    const [left, top] = [layout.gap + 24 * column + 10, layout.gap + 24 * row + 10];
    const [red = 255] = await sharp(sheet)
      .extract({ left, top, width: 1, height: 1 })
      .raw()
      .toBuffer();
    return red < 64;
  }

  test("shows pictures in rows, in reading order", async () => {
    const white = { create: { width: 50, height: 30, channels: 3, background: "white" } } as const;
    const picture = await sharp(white).png().toBuffer();
    const sheet = await imaging.sheet([undefined, picture, picture, picture], layout);
    expect(inspectImage(sheet)).toEqual({ format: "jpeg", width: 76, height: 52 });
    const fields = [0, 1, 2, 3, 4].map((at) => isEmpty(sheet, at % 3, Math.floor(at / 3)));
    expect(await Promise.all(fields)).toEqual([true, false, false, false, true]);
  });

  test("leaves the field of what is no whole picture empty", async () => {
    const cut = (await aPicture().jpeg().toBuffer()).subarray(0, 300);
    const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`);
    const sheet = await imaging.sheet([cut, svg, mp4], layout);
    const fields = [0, 1, 2].map((column) => isEmpty(sheet, column, 0));
    expect(await Promise.all(fields)).toEqual([true, true, true]);
  });
});
