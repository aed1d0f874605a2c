import { crc32, deflateSync } from "node:zlib";
import sharp, { type Sharp } from "sharp";

/** A picture whose every row differs, so that nothing of it can be guessed. */
export function aPicture(width = 60, height = 40): Sharp {
  const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
  return sharp({ create: { width, height, channels: 3, background: "#888", noise } });
}

const flat = { background: { r: 20, g: 180, b: 90, alpha: 0.4 }, channels: 4 } as const;

/** A picture that one can see through. */
export function aClearPicture(width = 60, height = 40): Sharp {
  return sharp({ create: { width, height, ...flat } });
}

/** A PNG of one bit a pixel that holds `rows` rows, however many its header claims. */
export function pngClaiming(width: number, height: number, rows = 1): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const pixels = deflateSync(Buffer.alloc(rows * (1 + Math.ceil(width / 8))));
  return pngOf([
    ["IHDR", header],
    ["IDAT", pixels],
    ["IEND", Buffer.alloc(0)],
  ]);
}

/** A PNG of these chunks, whatever they are. */
export function pngOf(chunks: readonly (readonly [type: string, content: Uint8Array])[]): Buffer {
  const framed = chunks.map(([type, content]) => pngChunk(type, content));
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...framed]);
}

function pngChunk(type: string, content: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type), content]);
  const frame = Buffer.alloc(typed.length + 8);
  frame.writeUInt32BE(content.length, 0);
  typed.copy(frame, 4);
  frame.writeUInt32BE(crc32(typed), typed.length + 4);
  return frame;
}

/**
 * A grey JPEG of so many blocks of 8×8 pixels side by side, with a restart marker after each of them. Each block is two
 * codes of one bit, and ones up to the end of the byte.
 */
export function jpegWithRestarts(blocks: number): Buffer {
  const scan = Array.from({ length: blocks }, (_, at) => [0x3f, 0xff, 0xd0 + (at % 8)]);
  return jpegOf([
    ...jpegHead(8 * blocks, 8),
    [0xdd, [0, 1]],
    [0xda, [1, 1, 0, 0, 63, 0], scan.flat().slice(0, -2)],
  ]);
}

/** Everything that a grey JPEG of this size has before its scan: tables with one code each, and the frame. */
export function jpegHead(width: number, height: number): Segment[] {
  const oneCode = [1, ...new Array<number>(15).fill(0), 0];
  return [
    [0xdb, [0, ...new Array<number>(64).fill(1)]],
    [0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]],
    [0xc4, [0x00, ...oneCode, 0x10, ...oneCode]],
  ];
}

export type Segment = readonly [
  marker: number,
  content: readonly number[],
  behind?: readonly number[],
];

/** A JPEG of these segments, each with what lies behind it. */
export function jpegOf(segments: readonly Segment[]): Buffer {
  const bytes = segments.flatMap(([marker, content, behind = []]) => {
    const length = content.length + 2;
    return [0xff, marker, length >> 8, length & 255, ...content, ...behind];
  });
  return Buffer.from([0xff, 0xd8, ...bytes, 0xff, 0xd9]);
}

/** EXIF data with nothing but an orientation in them, in either order of bytes. */
export function exifOf(orientation: number, order: "II" | "MM"): Buffer {
  const tiff = Buffer.alloc(26);
  tiff.write(order, "latin1");
  const write = (value: number, at: number, size: 2 | 4) =>
    order === "II" ? tiff.writeUIntLE(value, at, size) : tiff.writeUIntBE(value, at, size);
  write(42, 2, 2);
  write(8, 4, 4);
  write(1, 8, 2);
  write(0x0112, 10, 2);
  write(3, 12, 2);
  write(1, 14, 4);
  write(orientation, 18, 2);
  return tiff;
}

/** A WebP whose structure is whole and whose pixels are none: what is found only by decoding. */
export function anUndecodableWebp(side = 64, bytes = 64): Buffer {
  const webp = Buffer.alloc(20 + bytes, 0xff);
  webp.write("RIFF....WEBPVP8L", "latin1");
  webp.writeUInt32LE(12 + bytes, 4);
  webp.writeUInt32LE(bytes, 16);
  webp[20] = 0x2f;
  webp.writeUInt32LE((side - 1) | ((side - 1) << 14), 21);
  return webp;
}

export const mp4 = Buffer.from("\0\0\0\x18ftypisom\0\0\0\0isommp42", "latin1");
