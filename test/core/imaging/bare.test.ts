import { writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp, { type Metadata, type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import { bareOf, inspectImage, sniffFormat } from "../../../core/imaging.ts";
import { imaging } from "../../../src/imaging.ts";
import { imaging as inWorkers } from "../../../src/worker/machine.ts";
import { aDirectory } from "../../builders.ts";
import { jpegHead, jpegOf } from "../../fakes/pictures.ts";

const formats = ["png", "jpeg", "webp"] as const;
type Format = (typeof formats)[number];

/** A picture whose pixels tell where is up. */
function aPhoto(): Sharp {
  const top = { create: { width: 48, height: 8, channels: 3 as const, background: "red" } };
  return sharp({ create: { width: 48, height: 32, channels: 3, background: "navy" } }).composite([
    { input: top, left: 0, top: 0 },
  ]);
}

/** With a camera, a place, and words of whoever made it. */
function spoken(photo: Sharp, orientation?: number): Sharp {
  const camera = { IFD0: { Make: "Camera of Anna" }, IFD3: { GPSLatitude: "52/1 31/1 0/1" } };
  const xmp =
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>Anna</x:xmpmeta>';
  const said = photo.withExif(camera).withXmp(xmp).withIccProfile("p3");
  return orientation === undefined
    ? said
    : said.withMetadata({ orientation }).withExifMerge(camera);
}

async function pixelsOf(bytes: Uint8Array): Promise<Buffer> {
  return sharp(bytes).autoOrient().raw().toBuffer();
}

function traces({ exif, xmp, iptc, comments }: Metadata) {
  return [exif, xmp, iptc, comments].filter((one) => one !== undefined);
}

describe("a picture without metadata", () => {
  test.each(formats)(
    "has the same pixels and colours, and says nothing else: %s",
    async (format) => {
      const bytes = await spoken(aPhoto()).toFormat(format).toBuffer();
      expect(bytes.includes("Anna")).toBe(true);
      const bare = await imaging.bare(bytes);
      const facts = await sharp(bare).metadata();
      expect(traces(facts)).toEqual([]);
      expect(Buffer.from(bare).includes("Anna")).toBe(false);
      expect(await pixelsOf(bare)).toEqual(await pixelsOf(bytes));
      expect(inspectImage(bare)).toEqual(inspectImage(bytes));
      expect(await imaging.bare(bare)).toBe(bare);
    },
  );

  test.each(formats)(
    "has the colours of a profile, and says nothing of the screen that it is for: %s",
    async (format) => {
      const path = join(aDirectory(), "screen.icc");
      writeFileSync(path, await profileOfAnna());
      const bytes = await aPhoto().withIccProfile(path).toFormat(format).toBuffer();
      expect((await sharp(bytes).metadata()).icc?.includes("Anna")).toBe(true);
      for (const bare of [await imaging.bare(bytes), await inWorkers.bare(bytes)]) {
        const { icc } = await sharp(bare).metadata();
        expect(icc?.includes("Anna")).toBe(false);
        expect(await pixelsOf(bare)).toEqual(await pixelsOf(bytes));
        const other = await sharp(bytes).keepIccProfile().raw().toBuffer();
        expect(await sharp(bare).keepIccProfile().raw().toBuffer()).toEqual(other);
        expect(await pixelsOf(bytes)).not.toEqual(other);
        expect(await imaging.bare(bare)).toBe(bare);
      }
    },
  );

  /** A wide one with her name in its rights. */
  async function profileOfAnna(): Promise<Buffer> {
    const { icc = Buffer.alloc(0) } = await sharp(
      await aPhoto().withIccProfile("p3").png().toBuffer(),
    ).metadata();
    const entry = icc.indexOf("cprt");
    icc.write("Anna", icc.readUInt32BE(entry + 4) + 28);
    return icc;
  }

  test.each(formats)("is the very same where there was none: %s", async (format) => {
    const bytes = await aPhoto().toFormat(format).toBuffer();
    expect(await imaging.bare(bytes)).toBe(bytes);
  });

  test.each(formats)(
    "loses what hangs on behind its end, as phones put videos there: %s",
    async (format) => {
      const bytes = await aPhoto().toFormat(format).toBuffer();
      const bare = await imaging.bare(
        Buffer.concat([bytes, Buffer.from("ftypmp42 and Anna's voice")]),
      );
      expect(Buffer.from(bare)).toEqual(bytes);
    },
  );

  test("loses what hangs on to the parts that a JPEG needs", async () => {
    const text = (words: string) => [...Buffer.from(words, "latin1")];
    const jpeg = jpegOf([
      [0xe0, text("JFIF\0\x01\x01\0\0\x01\0\x01\x01\x02ANNA52")],
      [0xee, text("Adobe\0\x64\0\0\0\0\x01 of Anna")],
      ...jpegHead(8, 8),
      [0xda, [1, 1, 0, 0, 63, 0], [0x3f]],
    ]);
    const bare = Buffer.from(await imaging.bare(jpeg));
    expect(bare.includes("ANNA") || bare.includes("Anna")).toBe(false);
    expect(await pixelsOf(bare)).toEqual(await pixelsOf(jpeg));
    expect(await imaging.bare(bare)).toBe(bare);
  });

  test.each([3, 6, 8])("is upright where its file asks for a turn: %i", async (orientation) => {
    const bytes = await aPhoto().jpeg({ quality: 100 }).withMetadata({ orientation }).toBuffer();
    const bare = await imaging.bare(bytes);
    const facts = await sharp(bare).metadata();
    expect([facts.orientation, traces(facts)]).toEqual([undefined, []]);
    expect(inspectImage(bare)).toEqual(inspectImage(bytes));
    const [wanted, got] = [await pixelsOf(bytes), await pixelsOf(bare)];
    const most = Math.max(...wanted.map((value, at) => Math.abs(value - (got[at] ?? 0))));
    expect(most).toBeLessThan(24);
  });

  test("is in the colours of screens where it was in those of printing inks", async () => {
    const inks = await aPhoto()
      .toColourspace("cmyk")
      .withExif({ IFD0: { Make: "Camera of Anna" } })
      .jpeg({ quality: 100 })
      .toBuffer();
    expect((await sharp(inks).metadata()).space).toBe("cmyk");
    const bare = await imaging.bare(inks);
    const facts = await sharp(bare).metadata();
    expect([facts.space, facts.format, traces(facts)]).toEqual(["srgb", "jpeg", []]);
  });

  describe("where nothing is decoded", () => {
    test.each(formats.flatMap((format) => [3, 6, 8].map((turn) => [format, turn] as const)))(
      "goes on to say how it has to be turned, and nothing else: %s, %i",
      async (format, orientation) => {
        const bytes = await spoken(aPhoto(), orientation).toFormat(format).toBuffer();
        expect(bytes.includes("Anna")).toBe(true);
        const bare = await inWorkers.bare(bytes);
        const facts = await sharp(bare).metadata();
        expect([facts.orientation, facts.xmp]).toEqual([orientation, undefined]);
        expect(facts.exif?.byteLength).toBeLessThan(40);
        expect(Buffer.from(bare).includes("Anna")).toBe(false);
        expect(await pixelsOf(bare)).toEqual(await pixelsOf(bytes));
        expect(inspectImage(bare)).toEqual(inspectImage(bytes));
        expect(await inWorkers.bare(bare)).toBe(bare);
      },
    );
  });

  test("keeps the scans of a progressive JPEG and the frames of an animation", async () => {
    const progressive = await spoken(aPhoto()).jpeg({ progressive: true }).toBuffer();
    expect(await pixelsOf(await bareOf(progressive, "jpeg"))).toEqual(await pixelsOf(progressive));
    const frames = await Promise.all(["red", "blue"].map((background) => frame(background)));
    const animated = await sharp(frames, { join: { animated: true } })
      .webp({ loop: 0 })
      .withExif({ IFD0: { Make: "Camera of Anna" } })
      .toBuffer();
    const bare = await bareOf(animated, "webp");
    const facts = await sharp(bare, { animated: true }).metadata();
    expect([facts.pages, facts.exif]).toEqual([2, undefined]);
    expect(sniffFormat(bare)).toBe("webp" satisfies Format);
  });

  async function frame(background: string): Promise<Buffer> {
    return sharp({ create: { width: 16, height: 16, channels: 3, background } })
      .png()
      .toBuffer();
  }
});
