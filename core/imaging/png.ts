import { readCapped } from "../wire/fetch.ts";
import { type Crc32, type Format, joined, mostParts, orientationIn } from "./walk.ts";
import { type Part, textAt, uint32, viewOf } from "./walk.ts";

/** Samples of a pixel and the bit depths that they may have, by colour type. */
const colourTypes: Readonly<Record<number, readonly [samples: number, depths: string]>> = {
  0: [1, "1 2 4 8 16"],
  2: [3, "8 16"],
  3: [1, "1 2 4 8"],
  4: [2, "8 16"],
  6: [4, "8 16"],
};

const paletteColour = 3;
const withAlpha = [4, 6];

/** Chunks that every reader needs. */
const needs = /^(?:IHDR|PLTE|IDAT|IEND)$/;
/** Others that change how the pixels look, beside the profile. */
const looks = /^(?:tRNS|gAMA|cHRM|sRGB|sBIT|bKGD|pHYs|cICP|mDCV|cLLI|acTL|fcTL|fdAT)$/;

/** PNG: chunks with checksums. The pixels are not unpacked: only data too short for so many of them are found. */
export const png: Format = {
  name: "png",
  headBytes: 8,
  partsOf,
  walk(chunks, checkSize) {
    const iterator = chunks[Symbol.iterator]();
    const header = headerIn(iterator.next().value);
    checkSize(header.width, header.height);
    const rest = Array.from({ [Symbol.iterator]: () => iterator });
    checkPixels(rest, header);
    const { width, height, interlaced } = header;
    const early = rest.slice(0, firstPixels(rest));
    const exif = early.find(isExif)?.content;
    return { width, height, orientation: orientationIn(exif), sequential: !interlaced };
  },
  needed: ({ type, whole }) => (needs.test(type) || looks.test(type) ? whole : undefined),
  isProfile: ({ type }) => type === "iCCP",
  profileIn,
  profileOf: async (profile) => chunkOf("iCCP", joined("icc\0\0", await packed(profile))),
  isExif,
  canBeTransparent(bytes) {
    if (withAlpha.includes(bytes[25] ?? 0)) return true;
    for (const { type } of partsOf(bytes)) {
      if (type === "tRNS" || type === "IDAT") return type === "tRNS";
    }
    return false;
  },
  exifOf: (tiff) => chunkOf("eXIf", tiff),
};

function chunkOf(type: string, content: Uint8Array): Uint8Array {
  const checked = joined(type, content);
  return joined(uint32(content.byteLength), checked, uint32(crc32Of(checked)));
}

// === Profiles

/** Bytes of a profile; those of printing inks have about two millions. */
const longestProfile = 8_000_000;

/** Behind its name, and the number of the only way of packing. */
function profileIn([part]: readonly Part[]): Promise<Uint8Array> {
  const packed = part?.content.subarray(part.content.indexOf(0) + 2) ?? new Uint8Array();
  return through(packed, new DecompressionStream("deflate"));
}

function packed(profile: Uint8Array): Promise<Uint8Array> {
  return through(profile, new CompressionStream("deflate"));
}

function through(bytes: Uint8Array, stream: CompressionStream | DecompressionStream) {
  // What is read from a file is never shared with other threads.
  const whole = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  return readCapped(new Response(whole.pipeThrough(stream)), longestProfile);
}

// === Reading

function isExif({ type }: Part): boolean {
  return type === "eXIf";
}

function* partsOf(bytes: Uint8Array, crc32?: Crc32): Generator<Part, undefined> {
  const view = viewOf(bytes);
  for (let at = 8, count = 0; count < mostParts; count++) {
    // A chunk's length and type stand before its content, and its checksum behind it.
    const whole = bytes.subarray(at, at + 12 + view.getUint32(at));
    const type = textAt(bytes, at + 4, 4);
    at += 12 + view.getUint32(at);
    if (at > bytes.byteLength) throw new Error("the PNG is cut off");
    if (crc32 && crc32(whole.subarray(4, -4)) !== view.getUint32(at - 4)) {
      throw new Error(`the PNG's chunk ${type} does not match its checksum`);
    }
    yield { type, whole, content: whole.subarray(8, -4) };
    if (type === "IEND") return;
  }
  throw new Error("the PNG has too many chunks");
}

function firstPixels(chunks: readonly Part[]): number {
  return chunks.findIndex(({ type }) => type === "IDAT");
}

/** Throws where chunks that the pixels need are missing, out of order, or too small for the size. */
function checkPixels(chunks: readonly Part[], header: Header): void {
  const pixels = chunks.filter(({ type }) => type === "IDAT");
  const last = chunks.findLastIndex(({ type }) => type === "IDAT");
  const packed = pixels.reduce((sum, { content }) => sum + content.byteLength, 0);
  if (packed < leastBytes(header)) throw new Error("the PNG has too little data for its size");
  if (last - firstPixels(chunks) >= pixels.length) throw new Error("the PNG's pixels lie apart");
  const types = new Set(chunks.map(({ type }) => type));
  const unknown = [...types].find((type) => /^[A-Z]/.test(type) && !needs.test(type));
  if (unknown !== undefined) throw new Error(`the PNG needs a reader who knows ${unknown}`);
  if (types.has("IHDR")) throw new Error("the PNG has two headers");
  const needsPalette = header.colour === paletteColour;
  if (needsPalette && !types.has("PLTE")) throw new Error("the PNG lacks its palette");
}

type Header = ReturnType<typeof headerIn>;

function headerIn(chunk: Part | undefined) {
  if (chunk?.type !== "IHDR" || chunk.content.byteLength !== 13) {
    throw new Error("the PNG does not begin with its header");
  }
  const view = viewOf(chunk.content);
  const [depth = 0, colour = 0, compression, filter, interlace = 2] = chunk.content.subarray(8);
  const [samples, depths] = colourTypes[colour] ?? [0, ""];
  if (!depths.split(" ").includes(`${depth}`)) throw new Error("the PNG has no valid colour type");
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    throw new Error("the PNG is packed in an unknown way");
  }
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  return { width, height, colour, bitsPerPixel: samples * depth, interlaced: interlace === 1 };
}

/** zlib's header and checksum. */
const zlibBytes = 6;
/** Deflate writes at most 258 bytes for two bits (RFC 1951, section 3.2.5). */
const mostExpansion = 258 * 4;

/** Fewer packed bytes than these cannot hold all rows. */
function leastBytes({ width, height, bitsPerPixel, interlaced }: Header): number {
  const filterByte = interlaced ? 0 : 1;
  const unpacked = height * (filterByte + (width * bitsPerPixel) / 8);
  return zlibBytes + unpacked / mostExpansion;
}

// === Checksums

/** How many bytes are taken at a time. */
const stride = 8;

/** Remainders of each byte value with 0, 1, … 7 zero bytes behind it, 256 numbers each. */
const remainders = new Int32Array(256 * stride);
for (let at = 0; at < remainders.length; at++) {
  const before = remainders[at - 256] ?? at;
  let crc = before & 255;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  remainders[at] = (before >>> 8) ^ crc;
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
    const early = remainder(7, low) ^ remainder(6, low >>> 8) ^ remainder(5, low >>> 16);
    const late = remainder(2, high >>> 8) ^ remainder(1, high >>> 16) ^ remainder(0, high >>> 24);
    crc = early ^ remainder(4, low >>> 24) ^ remainder(3, high) ^ late;
  }
  for (; at < bytes.byteLength; at++) crc = (crc >>> 8) ^ remainder(0, crc ^ view.getUint8(at));
  return ~crc >>> 0;
}
