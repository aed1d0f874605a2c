import { ImageError } from "./errors.ts";
import { jpeg } from "./imaging/jpeg.ts";
import { crc32Of, png } from "./imaging/png.ts";
import { bareProfile } from "./imaging/profile.ts";
import { type Crc32, type Format, isEqual, joined, type Part } from "./imaging/walk.ts";
import { textAt, upright, viewOf } from "./imaging/walk.ts";
import { webp } from "./imaging/webp.ts";

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

/** How files begin, read as Latin-1, and whether a picture that no door can show may be converted. */
const kinds: readonly {
  readonly format?: ImageFormat | "video";
  /** "maybe" where that depends on what is inside. */
  readonly converts?: "yes" | "maybe" | "no";
  readonly start: RegExp;
}[] = [
  { format: "png", start: /^\x89PNG\r\n\x1a\n/ },
  { format: "jpeg", start: /^\xff\xd8\xff/ },
  { format: "webp", start: /^RIFF.{4}WEBP/s },
  // AVIF and HEIC share the frame of MP4 without being videos.
  {
    format: "video",
    start: /^(?:.{4}ftyp(?!avi|hei|hev|mif1|msf1)|\x1a\x45\xdf\xa3|RIFF.{4}AVI )/s,
  },
  { converts: "yes", start: /^(?:GIF8[79]a|II[*+]\0|MM\0[*+]|.{4}ftypavi[fs])/s },
  { converts: "maybe", start: /^.{4}ftyp(?:mif1|msf1)/s },
  // HEIC, BMP, JPEG XL, JPEG 2000, icons, Photoshop's own.
  { converts: "no", start: /^(?:.{4}ftyp(?:hei|hev)|BM.{4}\0{4}|\xff\x0a|\0{3}\x0cJXL )/s },
  { converts: "no", start: /^(?:\xff\x4f\xff\x51|\0{3}\x0cjP {2}|\0\0\x01\0|8BPS)/ },
];

function kindOf(bytes: Uint8Array) {
  const beginning = textAt(bytes, 0, 16);
  return kinds.find(({ start }) => start.test(beginning));
}

/** The format by the first bytes; names and content types do not count. */
export function sniffFormat(bytes: Uint8Array): ImageFormat | "video" | undefined {
  return kindOf(bytes)?.format;
}

/** Whether a picture of a format that no door can show may be converted; undefined for all other files. */
export function convertible(bytes: Uint8Array): "yes" | "maybe" | "no" | undefined {
  return kindOf(bytes)?.converts;
}

/** The format of a picture that every door can show. Throws BadImage for any other file. */
export function formatOf(bytes: Uint8Array): ImageFormat {
  const { format, converts } = kindOf(bytes) ?? {};
  if (format && format !== "video") return format;
  throw new BadImage(format ?? (converts ? "other-format" : "unknown-format"));
}

const formats: Readonly<Record<ImageFormat, Format>> = { png, jpeg, webp };

/**
 * Walks through the structure of a file to its end, so a cut-off file is found. PNG has checksums, so any damage is
 * found. The compressed pixels of JPEG and WebP have none: damage that leaves the structure whole is not found.
 * `crc32` may be a faster one than the core's own. Throws BadImage.
 */
export function inspectImage(bytes: Uint8Array, crc32: Crc32 = crc32Of): ImageFacts {
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
export function decodingFacts(bytes: Uint8Array, crc32: Crc32 = crc32Of): DecodingFacts {
  const { format, width, height, orientation, sequential, inks = false } = walk(bytes, crc32);
  const turn = orientation === upright ? undefined : orientation;
  return { format, pixels: width * height, sequential, turn, inks };
}

function walk(bytes: Uint8Array, crc32: Crc32) {
  const format = formatOf(bytes);
  const { partsOf, walk: through } = formats[format];
  try {
    return { format, ...through(partsOf(bytes, crc32), checkSize) };
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
  return formats[format].canBeTransparent(bytes);
}

/**
 * The same picture without what it says of its maker, place and time, and without what follows its end: the pixels and
 * their colours stay as they are, to the byte. With `turn`, EXIF's number of how it has to be turned, it goes on to say
 * that, and no more. The same array where there is nothing else. The file has to be whole.
 */
export async function bareOf(
  bytes: Uint8Array,
  format: ImageFormat,
  turn?: number,
): Promise<Uint8Array> {
  const { headBytes, partsOf, needed, isExif, isProfile, exifOf } = formats[format];
  const parts = [...partsOf(bytes)];
  const exif = turn === undefined ? undefined : parts.find(isExif);
  const turned = turn === undefined ? undefined : exifOf(tiffOf(turn));
  const profile = await bareProfileIn(parts.filter(isProfile), formats[format]);
  const kept = parts.flatMap((part) => {
    if (part === exif && turned) return isEqual(turned, part.whole) ? part.whole : turned;
    return (isProfile(part) ? profile.get(part) : needed(part)) ?? [];
  });
  const isBare = kept.length === parts.length && kept.every((one, at) => one === parts[at]?.whole);
  const length = kept.reduce((sum, { byteLength }) => sum + byteLength, headBytes);
  if (isBare && length === bytes.byteLength) return bytes;
  const bare = joined(bytes.subarray(0, headBytes), ...kept);
  if (format === "webp") correctHeader(bare, { exif: turned, profile: profile.size > 0 });
  return bare;
}

/** What takes the place of a profile's parts; nothing where it is damaged. */
async function bareProfileIn(
  parts: readonly Part[],
  { profileIn, profileOf }: Format,
): Promise<ReadonlyMap<Part, Uint8Array>> {
  const [first] = parts;
  if (!first) return new Map();
  const bare = bareProfile(await profileIn(parts).catch(() => new Uint8Array()));
  if (!bare) return new Map();
  const profile = await profileOf(bare);
  const wholes = parts.map((part) => [part, part.whole] as const);
  const isBare = isEqual(profile, joined(...wholes.map(([, whole]) => whole)));
  return new Map(isBare ? wholes : [[first, profile]]);
}

/** TIFF data with one entry, the orientation (CIPA DC-008, section 4.6). */
function tiffOf(turn: number): Uint8Array {
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turn, 0, 0];
  return Uint8Array.of(0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, ...entry, 0, 0, 0, 0);
}

/** The length of a WebP, and what its header says of EXIF, XMP and its profile. */
function correctHeader(bytes: Uint8Array, has: { exif: unknown; profile: boolean }): void {
  viewOf(bytes).setUint32(4, bytes.byteLength - 8, true);
  if (textAt(bytes, 12, 4) !== "VP8X") return;
  const lost = 0x04 | (has.exif ? 0 : 0x08) | (has.profile ? 0 : 0x20);
  bytes[20] = (bytes[20] ?? 0) & ~lost;
}
