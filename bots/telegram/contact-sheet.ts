import sharp, { type OverlayOptions } from "sharp";
import { maxPixels } from "../../core/image.ts";

/** Pixels of a thumbnail's side and of the gap around it. */
const side = 320;
const gap = 8;

/** Thumbnails in a row. */
const columns = 3;

const background = "#1e1e1e";

/** One JPEG with a thumbnail of each picture in reading order; a picture that is missing leaves its field empty. */
export async function contactSheet(
  pictures: readonly (Uint8Array | undefined)[],
): Promise<Uint8Array> {
  const across = Math.min(columns, Math.max(1, pictures.length));
  const down = Math.max(1, Math.ceil(pictures.length / columns));
  const place = (index: number) => gap + index * (side + gap);
  const thumbnails: OverlayOptions[] = [];
  // One after the other: a page is nothing urgent, and pictures are large when they are decoded.
  for (const [index, bytes] of pictures.entries()) {
    const input = bytes && (await thumbnail(bytes));
    if (!input) continue;
    const [left, top] = [place(index % columns), place(Math.floor(index / columns))];
    thumbnails.push({ input: Buffer.from(input), left, top });
  }
  return sharp({ create: { width: place(across), height: place(down), channels: 3, background } })
    .composite(thumbnails)
    .jpeg({ quality: 85 })
    .toBuffer();
}

async function thumbnail(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  const options = { width: side, height: side, fit: "contain", background } as const;
  return sharp(bytes, { limitInputPixels: maxPixels, sequentialRead: true })
    .autoOrient()
    .resize(options)
    .flatten({ background })
    .png()
    .toBuffer()
    .catch(() => undefined);
}
