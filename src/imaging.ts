import { crc32 } from "node:zlib";
import type { OverlayOptions, Sharp } from "sharp";
import {
  BadImage,
  convertible,
  formatOf,
  type Imaging,
  inspectImage,
  maxPixels,
  type ReencodeOptions,
  type SheetLayout,
  sniffFormat,
} from "../core/imaging.ts";

/** The Imaging port on sharp, and for checksums on Node's zlib, which is three times as fast as the core. */
export const imaging: Imaging = {
  inspect: (bytes) => inspectImage(bytes, crc32),
  keepable,
  reencode,
  sheet,
};

/** An SVG document as a PNG of exactly this size, in pixels. The same document gives the same bytes. */
export async function rasterize(
  svg: string,
  size: { readonly width: number; readonly height: number },
): Promise<Uint8Array> {
  const sharp = await loadSharp();
  const image = sharp(Buffer.from(svg)).resize({ ...size, fit: "fill" });
  return image.flatten({ background: "white" }).png({ compressionLevel: 6 }).toBuffer();
}

/** Loaded with the first picture that is decoded or drawn: many installations never do either. */
async function loadSharp() {
  return (await import("sharp")).default;
}

/**
 * Only pictures reach the decoders, which also know formats that read other files. Rows are dropped as they are
 * decoded, wherever the format allows decoding row by row. Throws BadImage.
 */
async function open(bytes: Uint8Array): Promise<{ readonly picture: Sharp }> {
  formatOf(bytes);
  const sharp = await loadSharp();
  // In an object, because a promise would wait for the picture itself.
  return { picture: sharp(bytes, options).autoOrient() };
}

const options = {
  failOn: "truncated",
  limitInputPixels: maxPixels,
  sequentialRead: true,
} as const;

async function keepable(bytes: Uint8Array): Promise<Uint8Array> {
  const readable = sniffFormat(bytes) ? undefined : convertible(bytes);
  if (readable === undefined) return bytes;
  if (readable === "no") throw new BadImage("other-format");
  const sharp = await loadSharp();
  try {
    return await sharp(bytes, { ...options, failOn: "error" })
      .autoOrient()
      .png()
      .toBuffer();
  } catch (cause) {
    const isLarge = cause instanceof Error && cause.message.includes("pixel limit");
    if (isLarge) throw new BadImage("too-many-pixels", cause);
    throw new BadImage(readable === "maybe" ? "other-format" : "broken", cause);
  }
}

async function reencode(bytes: Uint8Array, options: ReencodeOptions): Promise<Uint8Array> {
  const { format, quality = 90, maxSide } = options;
  const { picture } = await open(bytes);
  if (maxSide !== undefined) {
    picture.resize({ width: maxSide, height: maxSide, fit: "inside", withoutEnlargement: true });
  }
  if (format === "jpeg") picture.flatten({ background: "white" });
  try {
    return await picture
      .toFormat(format, format === "png" ? {} : { quality: Math.max(1, Math.round(quality)) })
      .toBuffer();
  } catch (cause) {
    throw new BadImage("broken", cause);
  }
}

async function sheet(
  pictures: readonly (Uint8Array | undefined)[],
  layout: SheetLayout,
): Promise<Uint8Array> {
  const { columns, side, gap, background } = layout;
  const across = Math.min(columns, Math.max(1, pictures.length));
  const down = Math.max(1, Math.ceil(pictures.length / columns));
  const place = (index: number) => gap + index * (side + gap);
  const fields: OverlayOptions[] = [];
  // One after the other: a page is nothing urgent, and pictures are large when they are decoded.
  for (const [index, bytes] of pictures.entries()) {
    const input = bytes && (await field(bytes, layout));
    if (!input) continue;
    const [left, top] = [place(index % columns), place(Math.floor(index / columns))];
    fields.push({ input, left, top });
  }
  const sharp = await loadSharp();
  return sharp({ create: { width: place(across), height: place(down), channels: 3, background } })
    .composite(fields)
    .jpeg({ quality: 85 })
    .toBuffer();
}

async function field(
  bytes: Uint8Array,
  { side, background }: SheetLayout,
): Promise<Buffer | undefined> {
  try {
    const { picture } = await open(bytes);
    return await picture
      .resize({ width: side, height: side, fit: "contain", background })
      .flatten({ background })
      .png()
      .toBuffer();
  } catch {
    return undefined;
  }
}
