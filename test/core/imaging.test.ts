import { crc32 } from "node:zlib";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import {
  BadImage,
  imageFormats,
  decodingFacts,
  inspectImage,
  sniffFormat,
} from "../../core/imaging.ts";
import { crc32Of } from "../../core/imaging/png.ts";
import {
  aClearPicture,
  aPicture,
  exifOf,
  jpegHead,
  jpegOf,
  jpegWithRestarts,
  mp4,
  pngClaiming,
  pngOf,
  type Segment,
} from "../fakes/pictures.ts";

/** Real files of every kind that a service may answer with. */
const files: Readonly<Record<string, () => Promise<Buffer>>> = {
  "a PNG": () => aPicture(33, 21).png().toBuffer(),
  "a PNG of one pixel": () => aPicture(1, 1).png().toBuffer(),
  "a PNG of 16 bits": () => aPicture(33, 21).toColourspace("rgb16").png().toBuffer(),
  "a grey PNG": () => aPicture(33, 21).greyscale().png().toBuffer(),
  "a PNG with a palette": () => aPicture(33, 21).png({ palette: true, colours: 13 }).toBuffer(),
  "an interlaced PNG": () => aPicture(33, 21).png({ progressive: true }).toBuffer(),
  "a PNG with alpha": () => aClearPicture(33, 21).png().toBuffer(),
  "a flat PNG": async () => pngClaiming(1_000, 1_000, 1_000),
  "a JPEG": () => aPicture(33, 21).jpeg().toBuffer(),
  "a JPEG of one pixel": () => aPicture(1, 1).jpeg().toBuffer(),
  "a JPEG with all of its colours": () =>
    aPicture(33, 21).jpeg({ chromaSubsampling: "4:4:4" }).toBuffer(),
  "a progressive JPEG": () => aPicture(33, 21).jpeg({ progressive: true }).toBuffer(),
  "an optimised JPEG": () => aPicture(33, 21).jpeg({ mozjpeg: true }).toBuffer(),
  "a grey JPEG": () => aPicture(33, 21).greyscale().jpeg().toBuffer(),
  "a CMYK JPEG": () => aPicture(33, 21).toColourspace("cmyk").jpeg().toBuffer(),
  "a flat JPEG": () => aClearPicture(999, 777).jpeg({ mozjpeg: true }).toBuffer(),
  "a JPEG with restarts": async () => jpegWithRestarts(20),
  "a lossy WebP": () => aPicture(33, 21).webp().toBuffer(),
  "a lossless WebP": () => aPicture(33, 21).webp({ lossless: true }).toBuffer(),
  "a lossy WebP with alpha": () => aClearPicture(33, 21).webp().toBuffer(),
  "a lossless WebP with alpha": () => aClearPicture(33, 21).webp({ lossless: true }).toBuffer(),
  "an animated WebP": () => anAnimation(20, 30, 3),
};

/** Frames one below the other, as the encoder wants them. */
function anAnimation(width: number, height: number, frames: number): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * frames * 3).map((_, at) => at * 7);
  const raw = { width, height: height * frames, channels: 3, pageHeight: height } as const;
  return sharp(pixels, { raw }).webp().toBuffer();
}

/** The facts as a decoder sees them, once it has decoded everything. */
async function decoded(bytes: Buffer) {
  const { format, autoOrient } = await sharp(bytes).metadata();
  await sharp(bytes, { failOn: "warning" }).raw().toBuffer();
  return { format, ...autoOrient };
}

function reasonOf(bytes: Uint8Array): string {
  try {
    inspectImage(bytes);
    return "none";
  } catch (error) {
    expect(error).toBeInstanceOf(BadImage);
    return (error as BadImage).reason;
  }
}

function flipped(bytes: Buffer, bit: number): Buffer {
  const damaged = Buffer.from(bytes);
  damaged[bit >> 3]! ^= 1 << (bit & 7);
  return damaged;
}

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
    expect(inspectImage(bytes)).toEqual({ format, width: 64, height: 48 });
  });

  test.for(Object.entries(files))("sees the same as a decoder in %s", async ([, create]) => {
    const bytes = await create();
    expect(inspectImage(bytes)).toEqual(await decoded(bytes));
  });

  test("tells the size as it is seen when the file asks to be turned", async () => {
    const turned = await aPicture(64, 48).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(inspectImage(turned)).toEqual({ format: "jpeg", width: 48, height: 64 });
  });

  test.for(imageFormats)(
    "turns a %s as a decoder does, whatever its EXIF asks for",
    async (format) => {
      for (let orientation = 1; orientation <= 8; orientation++) {
        const turned = aPicture(33, 21).withMetadata({ orientation });
        const bytes = await turned.toFormat(format).toBuffer();
        expect(inspectImage(bytes)).toEqual(await decoded(bytes));
      }
    },
  );

  test.for(["II", "MM"] as const)("reads EXIF in the order of bytes %s", async (order) => {
    const exif = exifOf(8, order);
    const jpeg = jpegWithRestarts(4);
    const app1 = jpegOf([[0xe1, [...Buffer.from("Exif\0\0"), ...exif]]]).subarray(2, -2);
    const turned = Buffer.concat([jpeg.subarray(0, 2), app1, jpeg.subarray(2)]);
    expect(inspectImage(turned)).toEqual({ format: "jpeg", width: 8, height: 32 });
    expect(await decoded(turned)).toEqual(inspectImage(turned));
  });

  test("takes a picture for upright when its EXIF is damaged", () => {
    const jpeg = jpegWithRestarts(4);
    const withExif = (exif: Uint8Array) => {
      const app1 = jpegOf([[0xe1, [...Buffer.from("Exif\0\0"), ...exif]]]).subarray(2, -2);
      return inspectImage(Buffer.concat([jpeg.subarray(0, 2), app1, jpeg.subarray(2)]));
    };
    for (const order of ["II", "MM"] as const) {
      const exif = exifOf(6, order);
      for (let length = 0; length < 20; length++) {
        expect(withExif(exif.subarray(0, length))).toMatchObject({ width: 32, height: 8 });
      }
      for (let bit = 0; bit < exif.length * 8; bit++) withExif(flipped(exif, bit));
      expect(withExif(exifOf(9, order))).toMatchObject({ width: 32, height: 8 });
    }
  });

  test("reads a picture that lies in the middle of a larger buffer", async () => {
    const bytes = await aPicture().png().toBuffer();
    const larger = new Uint8Array(bytes.length + 200).fill(7);
    larger.set(bytes, 100);
    const facts = inspectImage(larger.subarray(100, 100 + bytes.length));
    expect(facts).toMatchObject({ width: 60, height: 40 });
  });

  test.for(Object.entries(files))("ignores what follows the end of %s", async ([, create]) => {
    const bytes = await create();
    const followed = Buffer.concat([bytes, Buffer.alloc(1_000, 0xff)]);
    expect(inspectImage(followed)).toEqual(inspectImage(bytes));
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
    for (let length = 0; length < bytes.length; length++) {
      expect(() => inspectImage(bytes.subarray(0, length))).toThrow(BadImage);
    }
  });

  test.for(Object.entries(files))("finds %s cut off anywhere", async ([, create]) => {
    const bytes = await create();
    const cut = fc.integer({ min: 0, max: bytes.length - 1 });
    fc.assert(
      fc.property(cut, (length) => {
        expect(() => inspectImage(bytes.subarray(0, length))).toThrow(BadImage);
      }),
    );
  });

  test("finds every flipped bit of a PNG", async () => {
    for (const create of [files["a PNG with alpha"]!, files["a PNG with a palette"]!]) {
      const bytes = await create();
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        expect(() => inspectImage(flipped(bytes, bit))).toThrow(BadImage);
      }
    }
  });

  test.for(Object.entries(files))("survives any flipped bit of %s", async ([, create]) => {
    const bytes = await create();
    const bit = fc.integer({ min: 0, max: bytes.length * 8 - 1 });
    fc.assert(
      fc.property(bit, (at) => void reasonOf(flipped(bytes, at))),
      { numRuns: 500 },
    );
  });

  test("says why bytes are no picture", async () => {
    const whole = await aPicture().jpeg().toBuffer();
    expect(reasonOf(Buffer.from("<html>"))).toBe("unknown-format");
    expect(reasonOf(mp4)).toBe("video");
    expect(reasonOf(whole.subarray(0, 300))).toBe("broken");
    expect(reasonOf(pngClaiming(100_000, 100_000))).toBe("too-many-pixels");
    expect(reasonOf(pngClaiming(200, 200))).toBe("broken");
    expect(reasonOf(pngClaiming(0, 0))).toBe("broken");
  });

  test("refuses a small file that unpacks to more than 64 megapixels", async () => {
    const bomb = pngClaiming(8_001, 8_000, 8_000);
    expect(bomb.length).toBeLessThan(20_000);
    expect(reasonOf(bomb)).toBe("too-many-pixels");
    expect(inspectImage(pngClaiming(8_000, 8_000, 8_000))).toMatchObject({ width: 8_000 });
  });

  test("throws nothing but BadImage at arbitrary bytes behind a good beginning", async () => {
    const beginnings = await Promise.all(
      Object.values(files).map(async (create) => (await create()).subarray(0, 2_000)),
    );
    const start = fc
      .constantFrom(...beginnings)
      .chain((bytes) =>
        fc.integer({ min: 0, max: bytes.length }).map((length) => bytes.subarray(0, length)),
      );
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 300 }), (good, rest) => {
        void reasonOf(Buffer.concat([good, rest]));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("inspectImage knows a PNG for broken", () => {
  const header = Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 0, 0, 0, 0]);
  const pixels = Buffer.alloc(30, 1);
  const end = ["IEND", Buffer.alloc(0)] as const;

  function headerWith(at: number, value: number): Buffer {
    const changed = Buffer.from(header);
    changed[at] = value;
    return changed;
  }

  test.for([
    ["has no header", [["IDAT", pixels], end]],
    ["has two headers", [["IHDR", header], ["IHDR", header], ["IDAT", pixels], end]],
    ["has no pixels", [["IHDR", header], end]],
    [
      "has its pixels apart",
      [["IHDR", header], ["IDAT", pixels], ["tEXt", pixels], ["IDAT", pixels], end],
    ],
    ["lacks its palette", [["IHDR", headerWith(9, 3)], ["IDAT", pixels], end]],
    ["has an impossible depth", [["IHDR", headerWith(8, 3)], ["IDAT", pixels], end]],
    ["has an impossible colour", [["IHDR", headerWith(9, 5)], ["IDAT", pixels], end]],
    ["is packed in another way", [["IHDR", headerWith(10, 1)], ["IDAT", pixels], end]],
    ["is interlaced in another way", [["IHDR", headerWith(12, 2)], ["IDAT", pixels], end]],
    [
      "never ends",
      [
        ["IHDR", header],
        ["IDAT", pixels],
      ],
    ],
  ] as const)("that %s", ([, chunks]) => {
    expect(reasonOf(pngOf([["IHDR", header], ["IDAT", pixels], end]))).toBe("none");
    expect(reasonOf(pngOf(chunks))).toBe("broken");
  });

  test("that has more chunks than any picture", () => {
    const empty = Array.from({ length: 100_001 }, () => ["tEXt", Buffer.alloc(0)] as const);
    expect(reasonOf(pngOf([["IHDR", header], ["IDAT", pixels], ...empty, end]))).toBe("broken");
  });
});

describe("inspectImage knows a JPEG for broken", () => {
  const scan: Segment = [0xda, [1, 1, 0, 0, 63, 0], [0x3f, 0x3f]];
  const head = jpegHead(16, 8);
  const [quantization, frame, huffman] = head as [Segment, Segment, Segment];

  test.for([
    ["has no frame", [quantization, huffman]],
    ["has two frames", [...head, frame, scan]],
    ["has no scan", head],
    ["has a scan without pixels", [...head, [0xda, [1, 1, 0, 0, 63, 0]]]],
    ["has a scan of another component", [...head, [0xda, [1, 2, 0, 0, 63, 0], [0x3f, 0x3f]]]],
    ["has a scan before its frame", [quantization, huffman, scan, frame]],
    ["lacks a quantization table", [frame, huffman, scan]],
    ["has a quantization table that is cut off", [[0xdb, [0, 1, 1]], frame, huffman, scan]],
    [
      "has a Huffman table with too many codes",
      [quantization, frame, [0xc4, [0, 3, ...new Array<number>(18).fill(0)]], scan],
    ],
    ["has no height", [...jpegHead(16, 0), scan]],
    ["has too little data for its size", [...jpegHead(800, 800), scan]],
    [
      "has strange bytes among its pixels",
      [...head, [0xda, [1, 1, 0, 0, 63, 0], [0x3f, 0xff, 0x41, 0x3f]]],
    ],
  ] as const)("that %s", ([, segments]) => {
    expect(reasonOf(jpegOf([...head, scan]))).toBe("none");
    expect(reasonOf(jpegOf(segments as readonly Segment[]))).toBe("broken");
  });

  test("with some kilobytes of noise among its pixels", async () => {
    const bytes = await aPicture(400, 300).jpeg().toBuffer();
    const noise = Buffer.alloc(8_192).map((_, at) => at * 31);
    bytes.set(noise, bytes.length >> 1);
    expect(reasonOf(bytes)).toBe("broken");
  });

  test("that has more segments than any picture", () => {
    const comments = new Array<Segment>(100_001).fill([0xfe, []]);
    expect(reasonOf(jpegOf([...head, ...comments, scan]))).toBe("broken");
  });
});

describe("inspectImage knows a WebP for broken", () => {
  /** The chunk begins with these letters, and the bytes are written so far behind them. */
  async function damaged(file: string, chunk: string, at: number, ...bytes: number[]) {
    const whole = await files[file]!();
    Buffer.from(bytes).copy(whole, whole.indexOf(chunk) + at);
    return reasonOf(whole);
  }

  test.for([
    ["lacks its picture", "a lossy WebP with alpha", "VP8 ", 0, ...Buffer.from("ABCD")],
    ["is no key frame", "a lossy WebP", "VP8 ", 8, 0x11],
    ["has no start code", "a lossy WebP", "VP8 ", 11, 0],
    ["has a first partition that is too large", "a lossy WebP", "VP8 ", 10, 0xff],
    ["has no width", "a lossy WebP", "VP8 ", 14, 0, 0],
    ["has no lossless signature", "a lossless WebP", "VP8L", 8, 0x2e],
    ["is of a later version", "a lossless WebP", "VP8L", 12, 0xff],
    ["has a picture of another size", "a lossy WebP with alpha", "VP8X", 12, 99],
    ["has a frame outside its canvas", "an animated WebP", "ANMF", 8, 200],
    ["has a frame of another size", "an animated WebP", "ANMF", 14, 3],
    ["has frames of something else", "an animated WebP", "ANMF", 24, ...Buffer.from("ABCD")],
    ["has a chunk longer than the file", "a lossy WebP", "VP8 ", 4, 0xff, 0xff, 0xff, 0x7f],
  ] as const)("that %s", async ([, file, chunk, at, ...bytes]) => {
    expect(await damaged(file, chunk, at, ...bytes)).toBe("broken");
  });

  test("that says it moves and has no frame", async () => {
    const still = await files["a lossy WebP with alpha"]!();
    still[20]! |= 0x02;
    expect(reasonOf(still)).toBe("broken");
  });
});

test("the core's own CRC-32 is that of zlib", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => crc32Of(bytes) === crc32(bytes)),
  );
});

describe("decodingFacts", () => {
  test.each([
    ["a PNG", aPicture().png(), true],
    ["an interlaced PNG", aPicture().png({ progressive: true }), false],
    ["a JPEG", aPicture().jpeg(), true],
    ["a progressive JPEG", aPicture().jpeg({ progressive: true }), false],
    ["a WebP", aPicture().webp(), false],
  ])("tell whether %s is decoded row by row", async (_, picture, sequential) => {
    const { pixels, ...facts } = decodingFacts(await picture.toBuffer());
    expect(pixels).toBe(60 * 40);
    expect(facts).toMatchObject({ sequential, turn: undefined });
  });

  test("tell whether a picture has to be turned", async () => {
    const turned = await aPicture().withMetadata({ orientation: 3 }).jpeg().toBuffer();
    expect(decodingFacts(turned)).toMatchObject({ turn: 3, format: "jpeg" });
  });
});
