import { crc32, deflateSync } from "node:zlib";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { BadImage, imageFormats, inspectImage, reencode, sniffFormat } from "../../core/image.ts";

/** A picture whose every row differs, so that nothing of it can be guessed. */
function aPicture(width = 60, height = 40) {
  const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
  return sharp({ create: { width, height, channels: 3, background: "#888", noise } });
}

/** A PNG of one bit a pixel that holds `rows` rows, however many its header claims. */
function pngClaiming(width: number, height: number, rows = 1): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const pixels = deflateSync(Buffer.alloc(rows * (1 + Math.ceil(width / 8))));
  const chunks = [chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...chunks]);
}

function chunk(type: string, content: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), content]);
  const frame = Buffer.alloc(typed.length + 8);
  frame.writeUInt32BE(content.length, 0);
  typed.copy(frame, 4);
  frame.writeUInt32BE(crc32(typed), typed.length + 4);
  return frame;
}

const mp4 = Buffer.from("\0\0\0\x18ftypisom\0\0\0\0isommp42", "latin1");

describe("sniffFormat", () => {
  test.for(imageFormats)("knows a %s by its first bytes", async (format) => {
    expect(sniffFormat(await aPicture().toFormat(format).toBuffer())).toBe(format);
  });

  test.for([
    ["MP4", mp4],
    ["QuickTime", Buffer.from("\0\0\0\x14ftypqt  \0\0\0\0", "latin1")],
    ["WebM", Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 1, 0, 0, 0])],
    ["AVI", Buffer.from("RIFF\x10\0\0\0AVI LIST", "latin1")],
  ] as const)("calls %s a video", ([, bytes]) => {
    expect(sniffFormat(bytes)).toBe("video");
  });

  test.for([
    ["a page", Buffer.from("<!DOCTYPE html><html></html>")],
    ["SVG", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ["GIF", Buffer.from("GIF89a\x01\0\x01\0", "latin1")],
    ["AVIF", Buffer.from("\0\0\0\x20ftypavif\0\0\0\0", "latin1")],
    ["a sound in a RIFF file", Buffer.from("RIFF\x10\0\0\0WAVEfmt ", "latin1")],
    ["half of a PNG's mark", Buffer.from("\x89PNG\r\n", "latin1")],
    ["nothing", new Uint8Array()],
  ] as const)("knows nothing of %s", ([, bytes]) => {
    expect(sniffFormat(bytes)).toBeUndefined();
  });
});

describe("inspectImage", () => {
  test.for(imageFormats)("tells the true size of a %s", async (format) => {
    const bytes = await aPicture(64, 48).toFormat(format).toBuffer();
    expect(await inspectImage(bytes)).toEqual({ format, width: 64, height: 48 });
  });

  test("tells the size as it is seen when the file asks to be turned", async () => {
    const turned = await aPicture(64, 48).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await inspectImage(turned)).toEqual({ format: "jpeg", width: 48, height: 64 });
  });

  test("reads a picture that lies in the middle of a larger buffer", async () => {
    const bytes = await aPicture().png().toBuffer();
    const larger = new Uint8Array(bytes.length + 200).fill(7);
    larger.set(bytes, 100);
    const facts = await inspectImage(larger.subarray(100, 100 + bytes.length));
    expect(facts).toMatchObject({ width: 60, height: 40 });
  });

  test.for([
    ["png", {}],
    ["png", { progressive: true }],
    ["jpeg", {}],
    ["jpeg", { progressive: true }],
    ["webp", {}],
    ["webp", { lossless: true }],
  ] as const)("finds a truncated %s (%o), wherever it is cut", async ([format, options]) => {
    const bytes = await aPicture(50, 50).toFormat(format, options).toBuffer();
    const cut = fc.oneof(
      fc.integer({ min: 0, max: bytes.length - 1 }),
      fc.integer({ min: bytes.length - 20, max: bytes.length - 1 }),
    );
    await fc.assert(
      fc.asyncProperty(cut, async (length) => {
        await expect(inspectImage(bytes.subarray(0, length))).rejects.toThrow(BadImage);
      }),
      { numRuns: 60 },
    );
  });

  test("says why bytes are no picture", async () => {
    const whole = await aPicture().jpeg().toBuffer();
    const reasonOf = (bytes: Uint8Array) =>
      inspectImage(bytes).then(
        () => "none",
        (error: unknown) => (error as BadImage).reason,
      );
    expect(await reasonOf(Buffer.from("<html>"))).toBe("unknown-format");
    expect(await reasonOf(mp4)).toBe("video");
    expect(await reasonOf(whole.subarray(0, 300))).toBe("broken");
    expect(await reasonOf(pngClaiming(100_000, 100_000))).toBe("too-many-pixels");
    expect(await reasonOf(pngClaiming(200, 200))).toBe("broken");
    expect(await reasonOf(pngClaiming(0, 0))).toBe("broken");
  });

  test("refuses a small file that unpacks to more than 64 megapixels", async () => {
    const bomb = pngClaiming(8_001, 8_000, 8_000);
    expect(bomb.length).toBeLessThan(20_000);
    await expect(inspectImage(bomb)).rejects.toMatchObject({ reason: "too-many-pixels" });
    expect(await inspectImage(pngClaiming(8_000, 8_000, 8_000))).toMatchObject({ width: 8_000 });
  });

  test("throws nothing but BadImage at arbitrary bytes behind a good beginning", async () => {
    const beginnings = await Promise.all(
      imageFormats.map(async (format) => {
        const bytes = await aPicture(8, 8).toFormat(format).toBuffer();
        return bytes.subarray(0, 40);
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...beginnings), fc.uint8Array(), async (start, rest) => {
        const error = await inspectImage(Buffer.concat([start, rest])).catch((e: unknown) => e);
        if (error instanceof Error) expect(error).toBeInstanceOf(BadImage);
      }),
      { numRuns: 100 },
    );
  });
});

describe("reencode", () => {
  test.for(imageFormats)("turns a picture into a %s of the same size", async (format) => {
    const bytes = await reencode(await aPicture().png().toBuffer(), { format, quality: 80 });
    expect(await inspectImage(bytes)).toEqual({ format, width: 60, height: 40 });
  });

  test("makes a smaller file of a lower quality, down to 0", async () => {
    const original = await aPicture(200, 200).png().toBuffer();
    for (const format of ["jpeg", "webp"] as const) {
      const sizes = await Promise.all(
        [100, 50, 0].map(async (quality) => (await reencode(original, { format, quality })).length),
      );
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      expect(new Set(sizes).size).toBe(3);
    }
  });

  test("fits a picture into a longest side and never enlarges it", async () => {
    const bytes = await aPicture(60, 40).png().toBuffer();
    const small = await reencode(bytes, { format: "png", maxSide: 30 });
    expect(await inspectImage(small)).toMatchObject({ width: 30, height: 20 });
    const same = await reencode(bytes, { format: "png", maxSide: 3_000 });
    expect(await inspectImage(same)).toMatchObject({ width: 60, height: 40 });
  });

  test("turns a picture upright and drops what the file tells about its maker", async () => {
    const exif = { IFD0: { Artist: "somebody" } };
    const turned = aPicture(64, 48).withMetadata({ orientation: 6 }).withExif(exif).jpeg();
    const upright = await reencode(await turned.toBuffer(), { format: "jpeg" });
    expect(await inspectImage(upright)).toMatchObject({ width: 48, height: 64 });
    expect((await sharp(upright).metadata()).exif).toBeUndefined();
  });

  test("puts white behind transparent parts of a JPEG", async () => {
    const background = { r: 0, g: 0, b: 0, alpha: 0 };
    const clear = sharp({ create: { width: 8, height: 8, channels: 4, background } });
    const jpeg = await reencode(await clear.png().toBuffer(), { format: "jpeg" });
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
      await expect(reencode(bytes, { format: "png" })).rejects.toMatchObject({ reason });
    }
  });
});
