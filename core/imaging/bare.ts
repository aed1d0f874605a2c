import type { ImageFormat } from "../imaging.ts";
import { jpegParts } from "./jpeg.ts";
import { viewOf } from "./walk.ts";

/**
 * The same picture without what it says of its maker, place and time, and without what follows its end: the pixels and
 * their colours stay as they are, to the byte. The same array where there is nothing of that kind. The file has to be
 * whole.
 */
export function bareOf(bytes: Uint8Array, format: ImageFormat): Uint8Array {
  const parts = [...partsIn[format](bytes)];
  const kept = parts.filter(({ isNeeded }) => isNeeded);
  const length = kept.reduce((sum, { content }) => sum + content.byteLength, 0);
  if (length === bytes.byteLength) return bytes;
  const bare = new Uint8Array(length);
  let at = 0;
  for (const { content } of kept) {
    bare.set(content, at);
    at += content.byteLength;
  }
  return format === "webp" ? withoutFlags(bare) : bare;
}

interface Part {
  readonly content: Uint8Array;
  readonly isNeeded: boolean;
}

const partsIn: Readonly<Record<ImageFormat, (bytes: Uint8Array) => Iterable<Part>>> = {
  png: pngParts,
  jpeg: jpegSegments,
  webp: webpParts,
};

/** Chunks of PNG that change how its pixels look, beside those that every reader needs. */
const pngLooks = /^(?:tRNS|gAMA|cHRM|sRGB|iCCP|sBIT|bKGD|pHYs|cICP|mDCV|cLLI|acTL|fcTL|fdAT)$/;

function* pngParts(bytes: Uint8Array): Generator<Part, void> {
  const view = viewOf(bytes);
  yield { content: bytes.subarray(0, 8), isNeeded: true };
  for (let at = 8, type = ""; type !== "IEND"; ) {
    const end = at + 12 + view.getUint32(at);
    type = textAt(bytes, at + 4, 4);
    // Critical chunks begin with a capital.
    yield {
      content: bytes.subarray(at, end),
      isNeeded: /^[A-Z]/.test(type) || pngLooks.test(type),
    };
    at = end;
  }
}

/** Application segments that readers need: JFIF, colour profiles, and Adobe's word on the colours. */
const jpegLooks: Readonly<Record<number, string>> = {
  0xe0: "JFIF\0",
  0xe2: "ICC_PROFILE\0",
  0xee: "Adobe",
};

function* jpegSegments(bytes: Uint8Array): Generator<Part, void> {
  for (const { code, start, end } of jpegParts(bytes)) {
    const isComment = code === 0xfe;
    const isOfApplication = code >= 0xe0 && code <= 0xef;
    const name = jpegLooks[code];
    const looks = name !== undefined && textAt(bytes, start + 4, name.length) === name;
    const isNeeded = !isComment && (!isOfApplication || looks);
    yield { content: bytes.subarray(start, end), isNeeded };
  }
}

const webpNeeds = /^(?:VP8 |VP8L|VP8X|ALPH|ANIM|ANMF|ICCP)$/;

function* webpParts(bytes: Uint8Array): Generator<Part, void> {
  const view = viewOf(bytes);
  yield { content: bytes.subarray(0, 12), isNeeded: true };
  const length = 8 + view.getUint32(4, true);
  for (let at = 12; at + 8 <= length; ) {
    const size = view.getUint32(at + 4, true);
    const end = Math.min(length, at + 8 + size + (size & 1));
    yield { content: bytes.subarray(at, end), isNeeded: webpNeeds.test(textAt(bytes, at, 4)) };
    at = end;
  }
}

/** Corrects the length of a WebP, and what its header says of EXIF and XMP. */
function withoutFlags(bytes: Uint8Array): Uint8Array {
  viewOf(bytes).setUint32(4, bytes.byteLength - 8, true);
  if (textAt(bytes, 12, 4) === "VP8X") bytes[20] = (bytes[20] ?? 0) & ~0x0c;
  return bytes;
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
