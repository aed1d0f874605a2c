import { viewOf } from "./walk.ts";

/** How many bytes are taken at a time. */
const stride = 8;

/** Remainders of each byte value with 0, 1, … 7 zero bytes behind it, 256 numbers each. */
const remainders = new Int32Array(256 * stride);
for (let value = 0; value < 256; value++) {
  let crc = value;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  remainders[value] = crc;
}
for (let at = 256; at < remainders.length; at++) {
  const before = remainders[at - 256] ?? 0;
  remainders[at] = (before >>> 8) ^ remainder(0, before);
}

function remainder(zeros: number, byte: number): number {
  return remainders[256 * zeros + (byte & 255)] ?? 0;
}

/** CRC-32 as PNG and zlib compute it, as an unsigned number; takes under 1 ms a megabyte. */
export function crc32Of(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  let crc = -1;
  let at = 0;
  for (; at + stride <= bytes.byteLength; at += stride) {
    const low = crc ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    crc =
      remainder(7, low) ^
      remainder(6, low >>> 8) ^
      remainder(5, low >>> 16) ^
      remainder(4, low >>> 24) ^
      remainder(3, high) ^
      remainder(2, high >>> 8) ^
      remainder(1, high >>> 16) ^
      remainder(0, high >>> 24);
  }
  for (; at < bytes.byteLength; at++) crc = (crc >>> 8) ^ remainder(0, crc ^ view.getUint8(at));
  return ~crc >>> 0;
}
