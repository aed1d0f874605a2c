import sharp from "sharp";

/** What image services answer with and every door can show. */
export const imageFormats = ["png", "jpeg", "webp"] as const;
export type ImageFormat = (typeof imageFormats)[number];

export interface ImageFacts {
  readonly format: ImageFormat;
  /** Pixels, as seen: a turn that the file asks for is applied. */
  readonly width: number;
  readonly height: number;
}

/** Larger pictures are refused before they are decoded. */
export const maxPixels = 64_000_000;

/** Why bytes are no picture that can be kept. */
export type ImageFlaw = "unknown-format" | "video" | "too-many-pixels" | "broken";

/** Bytes that should have been a picture. */
export class BadImage extends Error {
  override readonly name = "BadImage";
  readonly reason: ImageFlaw;

  constructor(reason: ImageFlaw, cause?: unknown) {
    super(`This is no picture to keep: ${reason}.`, cause === undefined ? {} : { cause });
    this.reason = reason;
  }
}

/** How files of each kind begin, read as Latin-1. AVIF and HEIC share the frame of MP4 without being videos. */
const beginnings: readonly (readonly [ImageFormat | "video", RegExp])[] = [
  ["png", /^\x89PNG\r\n\x1a\n/],
  ["jpeg", /^\xff\xd8\xff/],
  ["webp", /^RIFF.{4}WEBP/s],
  ["video", /^.{4}ftyp(?!avi|hei|hev|mif1|msf1)/s],
  ["video", /^\x1a\x45\xdf\xa3/],
  ["video", /^RIFF.{4}AVI /s],
];

/** What the first bytes say, whatever a name or a content type claims. */
export function sniffFormat(bytes: Uint8Array): ImageFormat | "video" | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  return beginnings.find(([, beginning]) => beginning.test(start))?.[0];
}

/**
 * Decodes the whole picture, so that its true size is known and a truncated file is found. Throws BadImage. Rows are
 * dropped as they are decoded, wherever the format allows decoding row by row.
 */
export async function inspectImage(bytes: Uint8Array): Promise<ImageFacts> {
  const format = formatOf(bytes);
  if (format === "png" && !hasPngEnd(bytes)) throw new BadImage("broken");
  const { width, height, autoOrient } = await headerOf(bytes);
  if (width * height > maxPixels) throw new BadImage("too-many-pixels");
  const lastRow = { left: 0, top: height - 1, width, height: 1 };
  try {
    await open(bytes).extract(lastRow).raw().toBuffer();
  } catch (cause) {
    throw new BadImage("broken", cause);
  }
  return { format, ...autoOrient };
}

/** Nothing else may reach the decoders: they also know formats that read other files. */
function formatOf(bytes: Uint8Array): ImageFormat {
  const format = sniffFormat(bytes);
  if (format === undefined) throw new BadImage("unknown-format");
  if (format === "video") throw new BadImage("video");
  return format;
}

/** The header alone costs nothing, so that it may claim any size. */
async function headerOf(bytes: Uint8Array) {
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (cause) {
    throw new BadImage("broken", cause);
  }
}

/** libvips needs every row before the last one, but not the chunk that ends a PNG. */
function hasPngEnd(bytes: Uint8Array): boolean {
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).lastIndexOf("IEND");
  const checksumBytes = 4;
  return end !== -1 && end + "IEND".length + checksumBytes <= bytes.byteLength;
}

function open(bytes: Uint8Array) {
  return sharp(bytes, {
    failOn: "truncated",
    limitInputPixels: maxPixels,
    sequentialRead: true,
  });
}

export interface ReencodeOptions {
  readonly format: ImageFormat;
  /** 0–100, best last; a PNG, which loses nothing, has none. */
  readonly quality?: number;
  /** Pixels of the longest side; a smaller picture keeps its size. */
  readonly maxSide?: number;
}

/**
 * The same picture in another format, upright, in sRGB, without metadata; JPEG puts white behind transparent parts.
 * Throws BadImage.
 */
export async function reencode(bytes: Uint8Array, options: ReencodeOptions): Promise<Uint8Array> {
  const { format, quality = 90, maxSide } = options;
  formatOf(bytes);
  const picture = open(bytes).autoOrient();
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
