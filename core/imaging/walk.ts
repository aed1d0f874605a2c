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

/** What walking through a file needs. */
export interface WalkTools {
  /** Called as soon as the size is known. Throws where the rest need not be read. */
  readonly checkSize: (width: number, height: number) => void;
  /** CRC-32 as PNG and zlib compute it, as an unsigned number. */
  readonly crc32: (bytes: Uint8Array) => number;
}

/** Goes through a whole file of one format. Throws an Error that says what is damaged. */
export type Walk = (bytes: Uint8Array, tools: WalkTools) => Walked;

/** A file with more chunks or segments counts as damaged, which bounds the time. */
export const mostParts = 100_000;

/** A view on exactly these bytes, without a copy. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The EXIF orientation of a picture that needs no rotation. */
export const upright = 1;

/** The orientation in EXIF data that begin with TIFF's header; `upright` where it is missing or damaged. */
export function orientationIn(tiff: Uint8Array): number {
  const view = viewOf(tiff);
  if (view.byteLength < 10) return upright;
  const byteOrder = view.getUint16(0);
  const little = byteOrder === 0x4949;
  if ((!little && byteOrder !== 0x4d4d) || view.getUint16(2, little) !== 42) return upright;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return upright;
  const claimed = view.getUint16(directory, little);
  const entries = Math.min(claimed, Math.floor((view.byteLength - directory - 2) / 12));
  for (let index = 0; index < entries; index++) {
    const entry = directory + 2 + 12 * index;
    if (view.getUint16(entry, little) !== 0x0112) continue;
    const value = view.getUint16(entry + 8, little);
    const isShort = view.getUint16(entry + 2, little) === 3;
    const isOne = view.getUint32(entry + 4, little) === 1;
    return isShort && isOne && value >= 1 && value <= 8 ? value : upright;
  }
  return upright;
}
