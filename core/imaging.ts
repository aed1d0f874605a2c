import { ImageError } from "./errors.ts";
import { walkJpeg } from "./imaging/jpeg.ts";
import { crc32Of, walkPng } from "./imaging/png.ts";
import { upright, viewOf, type Walk, type Walked, type WalkTools } from "./imaging/walk.ts";
import { walkWebp } from "./imaging/webp.ts";

/** The formats that image services answer with and every door can show. */
export const imageFormats = ["png", "jpeg", "webp"] as const;
/** One of `imageFormats`. */
export type ImageFormat = (typeof imageFormats)[number];

/** What the bytes of a picture say about it. */
export interface ImageFacts {
  readonly format: ImageFormat;
  /** Pixels after the rotation that the file asks for. */
  readonly width: number;
  readonly height: number;
}

/** Larger pictures are refused before they are decoded. */
export const maxPixels = 64_000_000;

/** Why bytes are no picture that can be kept; `other-format`: they are one, of a format that is not read here. */
export type ImageFlaw =
  | "unknown-format"
  | "other-format"
  | "video"
  | "too-many-pixels"
  | "too-costly"
  | "broken";

/** Bytes that should have been a picture. */
export class BadImage extends Error {
  override readonly name = "BadImage";
  readonly reason: ImageFlaw;

  constructor(reason: ImageFlaw, cause?: unknown) {
    super(`This is no picture to keep: ${reason}.`, cause === undefined ? {} : { cause });
    this.reason = reason;
  }
}

/** `provider-failed` for what a service sent that is no picture to keep. */
export function badImage(cause: unknown, provider: string, paid: boolean): ImageError {
  const isOther = cause instanceof BadImage && cause.reason === "other-format";
  const fault = isOther ? "other-format" : "bad-image";
  const message = cause instanceof Error ? cause.message : "no picture";
  const details = { provider, fault, transient: false, paid } as const;
  return new ImageError("provider-failed", details, { message, cause });
}

/** The form that a picture is converted to. */
export interface ReencodeOptions {
  readonly format: ImageFormat;
  /** 0–100, 100 is best; ignored for PNG, which is lossless. */
  readonly quality?: number;
  /** Pixels of the longest side; a smaller picture keeps its size. */
  readonly maxSide?: number;
  /** What it may weigh: a lossy picture that would be heavier is made coarser, as far as that goes. */
  readonly maxBytes?: number;
  /** The code of the job that made the picture, for a label that says it was generated; absent for what people sent. */
  readonly label?: string;
}

/** How pictures lie on a sheet. */
export interface SheetLayout {
  /** Pictures in a row. */
  readonly columns: number;
  /** Pixels of each picture's square field, and of the gap around it. */
  readonly side: number;
  readonly gap: number;
  /** As CSS writes colours. */
  readonly background: string;
  /** The codes of the jobs that made the pictures, for a label that says they were generated. */
  readonly label?: string;
}

/** Reads and converts the bytes of pictures. */
export interface Imaging {
  /** Whether pixels can be decoded here; where not, `reencode` and `sheet` always throw. */
  readonly decodes: boolean;
  /** Tells a picture's format and size without decoding it. Throws BadImage for what is damaged or no picture. */
  inspect(bytes: Uint8Array): ImageFacts;
  /**
   * The same picture in a format that every door can show: as it is, or the first frame of another format as a PNG. What
   * is no picture at all stays as it is. `label` is as in `reencode`. Throws BadImage.
   */
  keepable(bytes: Uint8Array, label?: string): Promise<Uint8Array>;
  /**
   * The same picture without metadata, as it may be given to others: as it is where it has none, and without a change of
   * its pixels unless it has to be turned or is in printing inks. Where nothing is decoded, such a one keeps its inks,
   * and how it has to be turned. Throws BadImage.
   */
  bare(bytes: Uint8Array): Promise<Uint8Array>;
  /**
   * The same picture in another format, upright, in sRGB, without metadata but for its label; JPEG puts white behind
   * transparent parts. Throws BadImage, also for what would take too much memory. Waits while others are decoded.
   */
  reencode(bytes: Uint8Array, options: ReencodeOptions): Promise<Uint8Array>;
  /**
   * One JPEG that shows pictures in reading order, each as large as its field. The field of a picture that is missing
   * or cannot be decoded stays empty.
   */
  sheet(pictures: readonly (Uint8Array | undefined)[], layout: SheetLayout): Promise<Uint8Array>;
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

/** The format by the first bytes; names and content types do not count. */
export function sniffFormat(bytes: Uint8Array): ImageFormat | "video" | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  return beginnings.find(([, beginning]) => beginning.test(start))?.[0];
}

/**
 * How pictures begin that no door can show, and whether they can be converted: "maybe" where that depends on what is
 * inside.
 */
const others: readonly (readonly ["yes" | "maybe" | "no", RegExp])[] = [
  ["yes", /^GIF8[79]a/],
  ["yes", /^(?:II[*+]\0|MM\0[*+])/],
  ["yes", /^.{4}ftypavi[fs]/s],
  ["maybe", /^.{4}ftyp(?:mif1|msf1)/s],
  ["no", /^.{4}ftyp(?:hei|hev)/s],
  // BMP, JPEG XL, JPEG 2000, icons, Photoshop's own.
  ["no", /^BM.{4}\0{4}/s],
  ["no", /^(?:\xff\x0a|\0{3}\x0cJXL )/],
  ["no", /^(?:\xff\x4f\xff\x51|\0{3}\x0cjP {2})/],
  ["no", /^(?:\0\0\x01\0|8BPS)/],
];

/** Whether a picture of a format that no door can show may be converted; undefined for all other files. */
export function convertible(bytes: Uint8Array): "yes" | "maybe" | "no" | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  return others.find(([, beginning]) => beginning.test(start))?.[0];
}

/** The format of a picture that every door can show. Throws BadImage for any other file. */
export function formatOf(bytes: Uint8Array): ImageFormat {
  const format = sniffFormat(bytes);
  if (format === undefined)
    throw new BadImage(convertible(bytes) ? "other-format" : "unknown-format");
  if (format === "video") throw new BadImage("video");
  return format;
}

const walks: Readonly<Record<ImageFormat, Walk>> = {
  png: walkPng,
  jpeg: walkJpeg,
  webp: walkWebp,
};

/**
 * Walks through the structure of a file to its end, so a cut-off file is found. PNG has checksums, so any damage is
 * found. The compressed pixels of JPEG and WebP have none: damage that leaves the structure whole is not found.
 * `crc32` may be a faster one than the core's own. Throws BadImage.
 */
export function inspectImage(bytes: Uint8Array, crc32 = crc32Of): ImageFacts {
  const { format, width, height, orientation } = walk(bytes, crc32);
  const lying = orientation >= 5;
  return lying ? { format, width: height, height: width } : { format, width, height };
}

/** What decoding a picture takes, as its structure tells. */
export interface DecodingFacts {
  readonly format: ImageFormat;
  readonly pixels: number;
  /** Row by row; otherwise all of it is in memory at once. */
  readonly sequential: boolean;
  /** EXIF's number of how it has to be turned, for which all of it is in memory, too; undefined where it is upright. */
  readonly turn: number | undefined;
  /** Its colours are those of printing inks. */
  readonly inks: boolean;
}

/** Looks at a picture before it is decoded. Throws like `inspectImage`. */
export function decodingFacts(bytes: Uint8Array, crc32 = crc32Of): DecodingFacts {
  const { format, width, height, orientation, sequential, inks = false } = walk(bytes, crc32);
  const turn = orientation === upright ? undefined : orientation;
  return { format, pixels: width * height, sequential, turn, inks };
}

function walk(bytes: Uint8Array, crc32: WalkTools["crc32"]): Walked & { format: ImageFormat } {
  const format = formatOf(bytes);
  try {
    return { format, ...walks[format](bytes, { checkSize, crc32 }) };
  } catch (error) {
    throw error instanceof BadImage ? error : new BadImage("broken", error);
  }
}

function checkSize(width: number, height: number): void {
  if (width * height === 0) throw new BadImage("broken");
  if (width * height > maxPixels) throw new BadImage("too-many-pixels");
}

/** Whether a picture can have transparent parts, as its header says. The file has to be whole. */
export function canBeTransparent(bytes: Uint8Array, format: ImageFormat): boolean {
  return tests[format](bytes);
}

const tests: Readonly<Record<ImageFormat, (bytes: Uint8Array) => boolean>> = {
  jpeg: () => false,
  png: (bytes) => withAlpha.has(bytes[25] ?? 0) || pngHas(bytes, "tRNS"),
  webp: (bytes) => {
    const kind = String.fromCharCode(...bytes.subarray(12, 16));
    if (kind === "VP8X") return ((bytes[20] ?? 0) & 0x10) !== 0;
    return kind === "VP8L" && ((bytes[24] ?? 0) & 0x10) !== 0;
  },
};

/** PNG's colour types with an alpha channel. */
const withAlpha: ReadonlySet<number> = new Set([4, 6]);

/** Whether a chunk of this type stands before the pixels. */
function pngHas(bytes: Uint8Array, type: string): boolean {
  const view = viewOf(bytes);
  for (let at = 8; at + 12 <= bytes.byteLength; at += 12 + view.getUint32(at)) {
    const found = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (found === type) return true;
    if (found === "IDAT") return false;
  }
  return false;
}
