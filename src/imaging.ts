import { crc32 } from "node:zlib";
import type { OverlayOptions, Sharp } from "sharp";
import {
  BadImage,
  formatOf,
  type Imaging,
  inspectImage,
  maxPixels,
  type ReencodeOptions,
  type SheetLayout,
} from "../core/imaging.ts";

/** The Imaging port on sharp, and for checksums on Node's zlib, which is three times as fast as the core. */
export const imaging: Imaging = {
  inspect: (bytes) => inspectImage(bytes, crc32),
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

/** Loaded when the first picture is decoded or drawn: many installations never do either. */
async function loadSharp() {
  return (await import("sharp")).default;
}

/**
 * Only pictures reach the decoders, which also support formats that can read other files. Rows are freed as they are
 * decoded, where the format allows decoding row by row. Throws BadImage.
 */
async function open(bytes: Uint8Array): Promise<{ readonly picture: Sharp }> {
  formatOf(bytes);
  const sharp = await loadSharp();
  const options = {
    failOn: "truncated",
    limitInputPixels: maxPixels,
    sequentialRead: true,
  } as const;
  // In an object, because a promise would wait for the picture itself.
  return { picture: sharp(bytes, options).autoOrient() };
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
  // One after the other: a sheet is not urgent, and decoded pictures are large.
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
