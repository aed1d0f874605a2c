import { mostParts, orientationIn, upright, viewOf, type Walked, type WalkTools } from "./walk.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Chunk {
  readonly type: string;
  readonly content: Uint8Array;
}

/** RIFF, its length and WEBP. */
const headBytes = 12;

/**
 * Goes through the chunks of a WebP to the end of its RIFF file; what follows is ignored. Compressed pixels have no
 * checksum: damage among them is not found. Of an animation the size is the canvas.
 */
export function walkWebp(bytes: Uint8Array, { checkSize }: WalkTools): Walked {
  const end = 8 + viewOf(bytes).getUint32(4, true);
  if (end > bytes.byteLength) throw new Error("the WebP is cut off");
  const chunks = chunksIn(bytes.subarray(headBytes, end));
  const first = chunks.next().value;
  if (!first) throw new Error("the WebP is empty");
  const { animated, hasExif, ...canvas } = headerIn(first);
  checkSize(canvas.width, canvas.height);
  const rest = [first, ...chunks];
  const image = rest.find(({ type }) => type in sizes);
  if (animated) checkFrames(rest, canvas);
  else checkImage(image, canvas);
  const exif = rest.find(({ type }) => hasExif && type === "EXIF");
  const orientation = exif ? orientationIn(tiffIn(exif)) : upright;
  return { ...canvas, orientation, sequential: false };
}

/** The chunks of a container, padded to even lengths. Throws where one is cut off. */
function* chunksIn(bytes: Uint8Array): Generator<Chunk, undefined> {
  const view = viewOf(bytes);
  let at = 0;
  for (let count = 0; at < bytes.byteLength; count++) {
    if (count === mostParts) throw new Error("the WebP has too many chunks");
    const start = at + 8;
    const end = start + view.getUint32(at + 4, true);
    if (end > bytes.byteLength) throw new Error("a chunk of the WebP is cut off");
    const type = String.fromCharCode(...bytes.subarray(at, at + 4));
    yield { type, content: bytes.subarray(start, end) };
    at = end + (end & 1);
  }
  return undefined;
}

interface Header extends Size {
  readonly animated: boolean;
  readonly hasExif: boolean;
}

/** What the first chunk says: the header of an extended file, or the picture itself. */
function headerIn(first: Chunk): Header {
  if (first.type !== "VP8X") return { ...imageSize(first), animated: false, hasExif: false };
  const view = viewOf(first.content);
  const flags = view.getUint8(0);
  return {
    animated: (flags & 0x02) !== 0,
    hasExif: (flags & 0x08) !== 0,
    width: uint24(view, 4) + 1,
    height: uint24(view, 7) + 1,
  };
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

/** Throws unless there is a picture of exactly this size. */
function checkImage(image: Chunk | undefined, { width, height }: Size): void {
  const size = image && imageSize(image);
  if (size?.width !== width || size.height !== height) {
    throw new Error("the WebP has no picture of its own size");
  }
}

const frameHeadBytes = 16;

/** Throws unless there is a frame, and each of them is whole and lies on the canvas. */
function checkFrames(chunks: readonly Chunk[], canvas: Size): void {
  const frames = chunks.filter(({ type }) => type === "ANMF");
  if (frames.length === 0) throw new Error("the animated WebP has no frame");
  for (const { content } of frames) {
    const view = viewOf(content);
    const [left, top] = [2 * uint24(view, 0), 2 * uint24(view, 3)];
    const [width, height] = [uint24(view, 6) + 1, uint24(view, 9) + 1];
    if (left + width > canvas.width || top + height > canvas.height) {
      throw new Error("the animated WebP has a frame outside its canvas");
    }
    const [first, second] = chunksIn(content.subarray(frameHeadBytes));
    checkImage(first?.type === "ALPH" ? second : first, { width, height });
  }
}

const sizes: Readonly<Record<string, (content: Uint8Array) => Size>> = {
  "VP8 ": lossySize,
  VP8L: losslessSize,
};

/** What a picture's own header says. Throws where it is damaged, or where the chunk is no picture. */
function imageSize({ type, content }: Chunk): Size {
  const size = sizes[type]?.(content);
  if (!size) throw new Error("the WebP has something else where its picture should be");
  return size;
}

/** A shown key frame of VP8 (RFC 6386, section 9.1). */
function lossySize(content: Uint8Array): Size {
  const view = viewOf(content);
  const tag = uint24(view, 0);
  const shownKeyFrame = (tag & 0x11) === 0x10 && ((tag >> 1) & 7) <= 3;
  const partitionBytes = tag >> 5;
  if (!shownKeyFrame || uint24(view, 3) !== 0x2a019d || partitionBytes >= content.byteLength) {
    throw new Error("the WebP has a damaged picture");
  }
  const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  // The upper two bits ask for scaling, which WebP ignores.
  return { width: width & 0x3fff, height: height & 0x3fff };
}

/** The header of a lossless bitstream, in WebP's specification. */
function losslessSize(content: Uint8Array): Size {
  const view = viewOf(content);
  const bits = view.getUint32(1, true);
  if (view.getUint8(0) !== 0x2f || bits >>> 29 !== 0) {
    throw new Error("the WebP has a damaged picture");
  }
  return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
}

/** Some writers put JPEG's prefix before the data. */
function tiffIn({ content }: Chunk): Uint8Array {
  const prefix = "Exif\0\0";
  const start = String.fromCharCode(...content.subarray(0, prefix.length));
  return start === prefix ? content.subarray(prefix.length) : content;
}
