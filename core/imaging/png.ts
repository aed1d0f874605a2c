import { mostParts, orientationIn, upright, viewOf, type Walked, type WalkTools } from "./walk.ts";

const signatureBytes = 8;
/** Length and type before a chunk's content, and its checksum behind it. */
const frameBytes = 12;

/** Samples of a pixel and the bit depths that they may have, by colour type. */
const colourTypes: Readonly<Record<number, readonly [samples: number, depths: readonly number[]]>> =
  {
    0: [1, [1, 2, 4, 8, 16]],
    2: [3, [8, 16]],
    3: [1, [1, 2, 4, 8]],
    4: [2, [8, 16]],
    6: [4, [8, 16]],
  };

const paletteColour = 3;

/**
 * Goes through the chunks of a PNG, each with its checksum, to its end; what follows is ignored. The compressed pixels
 * are not unpacked: only data too short for so many pixels are found.
 */
export function walkPng(bytes: Uint8Array, tools: WalkTools): Walked {
  const chunks = chunksIn(bytes, tools);
  const header = headerIn(chunks.next().value);
  const { width, height, interlaced } = header;
  tools.checkSize(width, height);
  const rest = [...chunks];
  checkPixels(rest, header);
  const exif = rest.slice(0, firstPixels(rest)).find(({ type }) => type === "eXIf");
  const orientation = exif ? orientationIn(exif.content) : upright;
  return { width, height, orientation, sequential: !interlaced };
}

interface Chunk {
  readonly type: string;
  readonly content: Uint8Array;
}

/** The chunks before IEND, which must be there. Throws where one is cut off or does not match its checksum. */
function* chunksIn(bytes: Uint8Array, { crc32 }: WalkTools): Generator<Chunk, undefined> {
  const view = viewOf(bytes);
  let at = signatureBytes;
  for (let count = 0; count < mostParts; count++) {
    const end = at + frameBytes + view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (end > bytes.byteLength) throw new Error("the PNG is cut off");
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) {
      throw new Error(`the PNG's chunk ${type} does not match its checksum`);
    }
    if (type === "IEND") return undefined;
    yield { type, content: bytes.subarray(at + 8, end - 4) };
    at = end;
  }
  throw new Error("the PNG has too many chunks");
}

function firstPixels(chunks: readonly Chunk[]): number {
  return chunks.findIndex(({ type }) => type === "IDAT");
}

/** Throws where chunks that the pixels need are missing, out of order, or too small for the size. */
function checkPixels(chunks: readonly Chunk[], header: Header): void {
  const pixels = chunks.filter(({ type }) => type === "IDAT");
  const last = chunks.findLastIndex(({ type }) => type === "IDAT");
  const packed = pixels.reduce((sum, { content }) => sum + content.byteLength, 0);
  if (packed < leastBytes(header)) throw new Error("the PNG has too little data for its size");
  if (last - firstPixels(chunks) >= pixels.length) throw new Error("the PNG's pixels lie apart");
  const types = new Set(chunks.map(({ type }) => type));
  if (types.has("IHDR")) throw new Error("the PNG has two headers");
  const needsPalette = header.colour === paletteColour;
  if (needsPalette && !types.has("PLTE")) throw new Error("the PNG lacks its palette");
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly colour: number;
  readonly bitsPerPixel: number;
  readonly interlaced: boolean;
}

function headerIn(chunk: Chunk | undefined): Header {
  if (chunk?.type !== "IHDR" || chunk.content.byteLength !== 13) {
    throw new Error("the PNG does not begin with its header");
  }
  const view = viewOf(chunk.content);
  const [depth, colour] = [view.getUint8(8), view.getUint8(9)];
  const [samples, depths] = colourTypes[colour] ?? [0, []];
  if (!depths.includes(depth)) throw new Error("the PNG has no valid colour type");
  const [compression, filter, interlace] = chunk.content.subarray(10);
  if (compression !== 0 || filter !== 0 || (interlace ?? 0) > 1) {
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
