import {
  type Format,
  joined,
  mostParts,
  orientationIn,
  type Part,
  textAt,
  uint32,
  viewOf,
} from "./walk.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** RIFF, its length and WEBP. */
const headBytes = 12;

const looks = /^(?:VP8 |VP8L|VP8X|ALPH|ANIM|ANMF)$/;

/**
 * WebP: the chunks of a RIFF file. Compressed pixels have no checksum: damage among them is not found. Of an animation
 * the size is the canvas.
 */
export const webp: Format = {
  name: "webp",
  headBytes,
  partsOf(bytes) {
    const end = 8 + viewOf(bytes).getUint32(4, true);
    if (end > bytes.byteLength) throw new Error("the WebP is cut off");
    return chunksIn(bytes.subarray(headBytes, end));
  },
  walk(chunks, checkSize) {
    const all = [...chunks];
    const [first] = all;
    if (!first) throw new Error("the WebP is empty");
    const { animated, hasExif, ...canvas } = headerIn(first);
    checkSize(canvas.width, canvas.height);
    if (animated) checkFrames(all, canvas);
    else
      checkImage(
        all.find(({ type }) => type in sizes),
        canvas,
      );
    const exif = hasExif ? all.find(isExif)?.content : undefined;
    return { ...canvas, orientation: orientationIn(exif), sequential: false };
  },
  needed: ({ type, whole }) => (looks.test(type) ? whole : undefined),
  isProfile: ({ type }) => type === "ICCP",
  profileIn: async ([part]) => part?.content ?? new Uint8Array(),
  profileOf: async (profile) => chunkOf("ICCP", profile),
  isExif,
  canBeTransparent(bytes) {
    const at = { VP8X: 20, VP8L: 24 }[textAt(bytes, headBytes, 4)];
    return at !== undefined && ((bytes[at] ?? 0) & 0x10) !== 0;
  },
  exifOf: (tiff) => chunkOf("EXIF", tiff),
};

function chunkOf(type: string, content: Uint8Array): Uint8Array {
  const length = uint32(content.byteLength).toReversed();
  return joined(type, length, content, new Uint8Array(content.byteLength & 1));
}

function isExif({ type }: Part): boolean {
  return type === "EXIF";
}

/** The chunks of a container, padded to even lengths. Throws where one is cut off. */
function* chunksIn(bytes: Uint8Array): Generator<Part, undefined> {
  const view = viewOf(bytes);
  for (let at = 0, count = 0; at < bytes.byteLength; count++) {
    if (count === mostParts) throw new Error("the WebP has too many chunks");
    const end = at + 8 + view.getUint32(at + 4, true);
    if (end > bytes.byteLength) throw new Error("a chunk of the WebP is cut off");
    const whole = bytes.subarray(at, end + (end & 1));
    yield { type: textAt(bytes, at, 4), whole, content: bytes.subarray(at + 8, end) };
    at = end + (end & 1);
  }
}

/** What the first chunk says: the header of an extended file, or the picture itself. */
function headerIn(first: Part) {
  if (first.type !== "VP8X") return { ...imageSize(first), animated: false, hasExif: false };
  const view = viewOf(first.content);
  const flags = view.getUint8(0);
  const [animated, hasExif] = [(flags & 0x02) !== 0, (flags & 0x08) !== 0];
  return { animated, hasExif, width: uint24(view, 4) + 1, height: uint24(view, 7) + 1 };
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

/** Throws unless there is a picture of exactly this size. */
function checkImage(image: Part | undefined, { width, height }: Size): void {
  const size = image && imageSize(image);
  if (size?.width !== width || size.height !== height) {
    throw new Error("the WebP has no picture of its own size");
  }
}

const frameHeadBytes = 16;

/** Throws unless there is a frame, and each of them is whole and lies on the canvas. */
function checkFrames(chunks: readonly Part[], canvas: Size): void {
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

const sizes: Readonly<Record<string, (view: DataView) => Size | undefined>> = {
  // A shown key frame of VP8 (RFC 6386, section 9.1). The upper two bits of a side ask for scaling, which WebP ignores.
  "VP8 ": (view) => {
    const tag = uint24(view, 0);
    const isShownKeyFrame = (tag & 0x11) === 0x10 && ((tag >> 1) & 7) <= 3;
    if (!isShownKeyFrame || uint24(view, 3) !== 0x2a019d || tag >> 5 >= view.byteLength) return;
    return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
  },
  // The header of a lossless bitstream, in WebP's specification.
  VP8L: (view) => {
    const bits = view.getUint32(1, true);
    if (view.getUint8(0) !== 0x2f || bits >>> 29 !== 0) return;
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
  },
};

/** What a picture's own header says. Throws where it is damaged, or where the chunk is no picture. */
function imageSize({ type, content }: Part): Size {
  const size = sizes[type]?.(viewOf(content));
  if (!size) throw new Error("the WebP has a damaged picture, or something else in its place");
  return size;
}
