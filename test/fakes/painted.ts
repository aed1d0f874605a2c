import { crc32 } from "node:zlib";
import sharp from "sharp";
import type { ImageFormat } from "../../core/imaging.ts";

export interface Painting {
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
  /** Makes pictures of one size differ; the same mark gives the same bytes. */
  readonly mark: string;
}

/** Paints small real pictures fast: one of each size and format is painted, and the mark is put in afterwards. */
export function createPainter(): (painting: Painting) => Promise<Buffer> {
  const plain = new Map<string, Promise<Buffer>>();

  return async function paint({ width, height, format, mark }) {
    const key = `${width}x${height}.${format}${format === "webp" ? ` ${mark}` : ""}`;
    const picture = plain.get(key) ?? paintPlain(width, height, format, crc32(key) % 360);
    plain.set(key, picture);
    return marked(await picture, format, mark);
  };
}

/** A few stripes, so that a truncated or a scaled picture is visibly that. */
function paintPlain(width: number, height: number, format: ImageFormat, hue: number) {
  const stripes = ["#2d3a4a", "#c9a26a", "#7fa5a0"].map(
    (colour, at) =>
      `<rect y="${at * 30 + 10}%" width="100%" height="15%" fill="${colour}" opacity=".9"/>`,
  );
  const ground = `hsl(${hue} 40% 60%)`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="${ground}"/>${stripes.join("")}</svg>`;
  return sharp(Buffer.from(svg)).flatten().toFormat(format, fast[format]).toBuffer();
}

const fast = { png: { compressionLevel: 3 }, jpeg: {}, webp: { effort: 0 } } as const;

/** A text chunk after a PNG's header, a comment after a JPEG's first bytes: both are part of a well-formed file. */
function marked(picture: Buffer, format: ImageFormat, mark: string): Buffer {
  switch (format) {
    case "png":
      return inserted(picture, 33, pngText(mark));
    case "jpeg":
      return inserted(picture, 2, jpegComment(mark));
    case "webp":
      return picture;
  }
}

function inserted(bytes: Buffer, at: number, piece: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
}

function pngText(text: string): Buffer {
  const content = Buffer.from(`tEXtComment\0${text}`);
  const chunk = Buffer.alloc(content.length + 8);
  chunk.writeUInt32BE(content.length - 4, 0);
  content.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(content), content.length + 4);
  return chunk;
}

function jpegComment(text: string): Buffer {
  const content = Buffer.from(text).subarray(0, 60_000);
  const comment = Buffer.alloc(content.length + 4);
  comment.writeUInt16BE(0xfffe, 0);
  comment.writeUInt16BE(content.length + 2, 2);
  content.copy(comment, 4);
  return comment;
}
