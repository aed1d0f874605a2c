import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { BadImage, inspectImage } from "../../core/imaging.ts";
import { imaging } from "../../src/imaging.ts";
import { aDoor } from "../fakes/door.ts";
import { errorEnvelope, imagesResponse } from "../fakes/openai-schemas.ts";
import { easel } from "../fakes/studio.ts";

const red = { width: 64, height: 48, channels: 3, background: "red" } as const;
const aPicture = () => sharp({ create: red });

/** Two frames, red above blue. */
function anAnimation(): Promise<Buffer<ArrayBuffer>> {
  const pixels = Buffer.alloc(64 * 96 * 3);
  for (let at = 0; at < pixels.length; at += 3) pixels[at + (at < pixels.length / 2 ? 0 : 2)] = 255;
  return sharp(pixels, { raw: { width: 64, height: 96, channels: 3, pageHeight: 48 } })
    .gif()
    .toBuffer();
}

const convertible: readonly (readonly [string, () => Promise<Buffer<ArrayBuffer>>])[] = [
  ["AVIF", () => aPicture().avif().toBuffer()],
  ["AVIF of 10 bits", () => aPicture().avif({ bitdepth: 10 }).toBuffer()],
  ["GIF", () => aPicture().gif().toBuffer()],
  ["GIF that moves", anAnimation],
  ["TIFF", () => aPicture().tiff().toBuffer()],
  [
    "TIFF of 16 bits",
    () => aPicture().toColourspace("rgb16").tiff({ compression: "lzw" }).toBuffer(),
  ],
  ["TIFF in CMYK", () => aPicture().toColourspace("cmyk").tiff().toBuffer()],
];

/** What sharp cannot read. */
const unreadable = {
  BMP: Buffer.concat([Buffer.from("BM"), Buffer.alloc(100)]),
  HEIC: Buffer.concat([Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic"), Buffer.alloc(100)]),
  "HEIF of an unknown kind": Buffer.concat([
    Buffer.from("\0\0\0\x18ftypmif1\0\0\0\0mif1heic"),
    Buffer.alloc(100),
  ]),
  "JPEG XL": Buffer.from([0xff, 0x0a, 1, 2, 3]),
  ICO: Buffer.from([0, 0, 1, 0, 1, 0, 16, 16]),
};

function painting(image: Uint8Array) {
  const generate = async () => ({ image, notices: [], facts: {} });
  return aDoor({ painter: { ...easel({ auto: true }), generate } });
}

async function firstPixel(bytes: Uint8Array) {
  return [...(await sharp(bytes).removeAlpha().raw().toBuffer())].slice(0, 3);
}

describe("a picture of a format that no door shows", () => {
  test.each(convertible)("is made a PNG of its first frame: %s", async (_, make) => {
    const bytes = await imaging.keepable(await make());
    expect(inspectImage(bytes)).toEqual({ format: "png", width: 64, height: 48 });
    const [r = 0, g = 255, b = 255] = await firstPixel(bytes);
    expect(r > 200 && g < 60 && b < 60, `${r},${g},${b}`).toBe(true);
  });

  test.each(convertible)("is kept and shown where the service sends it: %s", async (_, make) => {
    const { post } = painting(await make());
    const answer = imagesResponse.parse(
      await (await post("/v1/images/generations", { prompt: "x", size: "64x64" })).json(),
    );
    const bytes = Buffer.from(answer.data[0]?.b64_json ?? "", "base64");
    expect(inspectImage(bytes)).toMatchObject({ width: 64, height: 48 });
  });

  test.each(convertible)("is edited where a client sends it: %s", async (_, make) => {
    const models = [{ id: "Editor", provider: "easel", edits: true }];
    const { post, easel: painter } = aDoor({ easel: easel({ auto: true, edit: "bytes" }), models });
    const image = (await make()).toString("base64");
    const response = await post("/v1/images/edits", { model: "Editor", prompt: "x", image });
    expect(response.status).toBe(200);
    const source = painter.orders[0]?.sources?.[0]?.bytes ?? new Uint8Array();
    expect(inspectImage(source)).toEqual({ format: "png", width: 64, height: 48 });
  });

  test.each(Object.entries(unreadable))(
    "is told truly where it cannot be read: %s",
    async (_, bytes) => {
      const made = await painting(bytes).post("/v1/images/generations", { prompt: "x" });
      const { error } = errorEnvelope.parse(await made.json());
      expect([made.status, error.message]).toEqual([
        502,
        expect.stringContaining("it sent a picture in a format that is not read here"),
      ]);
      const models = [{ id: "Editor", provider: "easel", edits: true }];
      const { post } = aDoor({ easel: easel({ auto: true, edit: "bytes" }), models });
      const body = { model: "Editor", prompt: "x", image: bytes.toString("base64") };
      const refused = await post("/v1/images/edits", body);
      expect(refused.status).toBe(400);
      expect(errorEnvelope.parse(await refused.json()).error.message).toBe(
        "The picture that was sent has a format that is not read here; PNG, JPEG, WebP, AVIF, GIF and TIFF are.",
      );
    },
  );

  test("is refused where it is cut off, damaged or too large to decode", async () => {
    const noise = { ...red, noise: { type: "gaussian" as const, mean: 128, sigma: 40 } };
    for (const format of ["avif", "gif", "tiff"] as const) {
      const bytes = await sharp({ create: noise }).toFormat(format).toBuffer();
      const cut = bytes.subarray(0, Math.floor(bytes.length / 2));
      await expect(imaging.keepable(cut), format).rejects.toThrow(BadImage);
    }
    const large = await aPicture().tiff().toBuffer();
    // The tags of width and height, and how many values each has.
    for (const tag of ["00010300010000004000", "01010300010000003000"]) {
      large.writeUInt16LE(60_000, large.indexOf(Buffer.from(tag, "hex")) + 8);
    }
    await expect(imaging.keepable(large)).rejects.toMatchObject({ reason: "too-many-pixels" });
  });

  test("stays as it is where it is one that doors show, or no picture at all", async () => {
    const texts = ["<html>", "<svg xmlns='http://www.w3.org/2000/svg'/>", "BMW", ""];
    const others = [await aPicture().webp().toBuffer(), ...texts.map((text) => Buffer.from(text))];
    for (const bytes of others) expect(await imaging.keepable(bytes)).toBe(bytes);
  });
});
