import type { ImageFormat } from "../imaging.ts";

/** A chunk or segment of a file, in views on its bytes. */
export interface Part {
  /** A chunk's four letters, or of a JPEG's marker its second byte, in hexadecimal digits. */
  readonly type: string;
  /** All of it, with its frame, and in a JPEG with the pixels of its scan. */
  readonly whole: Uint8Array;
  readonly content: Uint8Array;
}

/** What the structure of a file says. The size is as stored, before any rotation. */
export interface Walked {
  readonly width: number;
  readonly height: number;
  /** EXIF's number: 1 is upright, 5 to 8 are rotated by 90 degrees. */
  readonly orientation: number;
  /** The pixels can be decoded row by row, and dropped again. */
  readonly sequential: boolean;
  /** Its colours are those of printing inks (CMYK), which few services and browsers read. */
  readonly inks?: boolean;
}

/** CRC-32 as PNG and zlib compute it, as an unsigned number. */
export type Crc32 = (bytes: Uint8Array) => number;

/** Throws where a picture of this size need not be read. */
export type CheckSize = (width: number, height: number) => void;

/** One format of files: how they are divided, and what their parts mean. */
export interface Format {
  readonly name: ImageFormat;
  /** How many bytes stand before the first part. */
  readonly headBytes: number;
  /** The parts in order, to the file's end. Throws where one is cut off, or does not match its checksum. */
  readonly partsOf: (bytes: Uint8Array, crc32?: Crc32) => Iterable<Part, undefined>;
  /** Goes through the parts of a whole file. Throws an Error that says what is damaged. */
  readonly walk: (parts: Iterable<Part, undefined>, checkSize: CheckSize) => Walked;
  /** What of a part changes how the pixels look; undefined where nothing of it does. Profiles are asked about apart. */
  readonly needed: (part: Part) => Uint8Array | undefined;
  readonly isProfile: (part: Part) => boolean;
  /** The ICC profile in its parts. Rejects where it is damaged. */
  readonly profileIn: (parts: readonly Part[]) => Promise<Uint8Array>;
  /** The parts that hold an ICC profile and nothing else, one behind the other. */
  readonly profileOf: (profile: Uint8Array) => Promise<Uint8Array>;
  readonly isExif: (part: Part) => boolean;
  /** Whether a whole picture can have transparent parts, as its headers say. */
  readonly canBeTransparent: (bytes: Uint8Array) => boolean;
  /** A part that holds EXIF data and nothing else. */
  readonly exifOf: (tiff: Uint8Array) => Uint8Array;
}

/** A file with more chunks or segments counts as damaged, which bounds the time. */
export const mostParts = 100_000;

// === Bytes

/** A view on exactly these bytes, without a copy. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes as Latin-1. */
export function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

/** Whether both are the same bytes. */
export function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.byteLength === other.byteLength && one.every((byte, at) => byte === other[at]);
}

/** Bytes, or what stands for some: Latin-1, and numbers. */
export type Piece = string | Uint8Array | readonly number[];

/** Pieces, one behind the other. */
export function joined(...parts: readonly Piece[]): Uint8Array {
  const all = parts.map((part) =>
    typeof part === "string" ? Array.from(part, (letter) => letter.charCodeAt(0)) : part,
  );
  const whole = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The four bytes of a number, as ICC profiles and PNG write it. */
export function uint32(value: number): readonly number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

// === EXIF

/** The EXIF orientation of a picture that needs no rotation. */
export const upright = 1;

/** What stands before EXIF data in a JPEG. */
export const exifPrefix = "Exif\0\0";

/** The orientation in EXIF data, with or without JPEG's prefix; `upright` where it is missing or damaged. */
export function orientationIn(exif: Uint8Array | undefined): number {
  if (!exif) return upright;
  const hasPrefix = textAt(exif, 0, exifPrefix.length) === exifPrefix;
  const view = viewOf(hasPrefix ? exif.subarray(exifPrefix.length) : exif);
  try {
    const turn = turnIn(view, view.getUint16(0) === 0x4949);
    return turn >= 1 && turn <= 8 ? turn : upright;
  } catch {
    // It points outside itself.
    return upright;
  }
}

/** The first entry of TIFF's first directory that is an orientation; 0 where there is none. Throws where it is cut off. */
function turnIn(view: DataView, little: boolean): number {
  if (view.getUint16(0) !== (little ? 0x4949 : 0x4d4d) || view.getUint16(2, little) !== 42)
    return 0;
  const directory = view.getUint32(4, little) + 2;
  for (let index = 0; index < view.getUint16(directory - 2, little); index++) {
    const entry = directory + 12 * index;
    if (view.getUint16(entry, little) !== 0x0112) continue;
    const isShort = view.getUint16(entry + 2, little) === 3;
    const isOne = view.getUint32(entry + 4, little) === 1;
    return isShort && isOne ? view.getUint16(entry + 8, little) : 0;
  }
  return 0;
}
