import { crc32 } from "node:zlib";
import sharp, { type OverlayOptions, type Sharp } from "sharp";
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

/**
 * Only pictures reach the decoders, which also know formats that read other files. Rows are dropped as they are
 * decoded, wherever the format allows decoding row by row. Throws BadImage.
 */
function open(bytes: Uint8Array): Sharp {
  formatOf(bytes);
  const options = {
    failOn: "truncated",
    limitInputPixels: maxPixels,
    sequentialRead: true,
  } as const;
  return sharp(bytes, options).autoOrient();
}

async function reencode(bytes: Uint8Array, options: ReencodeOptions): Promise<Uint8Array> {
  const { format, quality = 90, maxSide } = options;
  const picture = open(bytes);
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
    return await open(bytes)
      .resize({ width: side, height: side, fit: "contain", background })
      .flatten({ background })
      .png()
      .toBuffer();
  } catch {
    return undefined;
  }
}
