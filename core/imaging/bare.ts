import type { ImageFormat } from "../imaging.ts";
import { jpegParts } from "./jpeg.ts";
import { crc32Of } from "./png.ts";
import { viewOf } from "./walk.ts";

/**
 * The same picture without what it says of its maker, place and time, and without what follows its end: the pixels and
 * their colours stay as they are, to the byte. With `turn`, EXIF's number of how it has to be turned, it goes on to say
 * that, and no more. The same array where there is nothing else. The file has to be whole.
 */
export function bareOf(bytes: Uint8Array, format: ImageFormat, turn?: number): Uint8Array {
  const { partsOf, exifOf } = formats[format];
  const parts = [...partsOf(bytes)];
  const exif = parts.find(({ isExif }) => isExif);
  const turned = turn === undefined ? undefined : exifOf(tiffOf(turn));
  const kept = parts.flatMap((part) => {
    if (part.isNeeded) return [part.content];
    if (part !== exif || !turned) return [];
    return [isSame(part.content, turned) ? part.content : turned];
  });
  const isChanged = turned !== undefined && kept.includes(turned);
  if (!isChanged && lengthOf(kept) === bytes.byteLength) return bytes;
  const bare = joined(kept);
  return format === "webp" ? withFlags(bare, turn !== undefined) : bare;
}

interface Part {
  readonly content: Uint8Array;
  readonly isNeeded: boolean;
  readonly isExif?: boolean;
}

interface Format {
  /** All of a file but for what follows its end. */
  readonly partsOf: (bytes: Uint8Array) => Iterable<Part>;
  /** A part that holds EXIF data and nothing else. */
  readonly exifOf: (tiff: Uint8Array) => Uint8Array;
}

const formats: Readonly<Record<ImageFormat, Format>> = {
  png: { partsOf: pngParts, exifOf: pngExif },
  jpeg: { partsOf: jpegSegments, exifOf: jpegExif },
  webp: { partsOf: webpParts, exifOf: webpExif },
};

/** TIFF data with one entry, the orientation (CIPA DC-008, section 4.6). */
function tiffOf(turn: number): Uint8Array {
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turn, 0, 0];
  return Uint8Array.of(0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, ...entry, 0, 0, 0, 0);
}

// === PNG

/** Chunks that change how its pixels look, beside those that every reader needs. */
const pngLooks = /^(?:tRNS|gAMA|cHRM|sRGB|iCCP|sBIT|bKGD|pHYs|cICP|mDCV|cLLI|acTL|fcTL|fdAT)$/;

function* pngParts(bytes: Uint8Array): Generator<Part, void> {
  const view = viewOf(bytes);
  yield { content: bytes.subarray(0, 8), isNeeded: true };
  for (let at = 8, type = ""; type !== "IEND"; ) {
    const end = at + 12 + view.getUint32(at);
    type = textAt(bytes, at + 4, 4);
    // Critical chunks begin with a capital.
    const isNeeded = /^[A-Z]/.test(type) || pngLooks.test(type);
    yield { content: bytes.subarray(at, end), isNeeded, isExif: type === "eXIf" };
    at = end;
  }
}

function pngExif(tiff: Uint8Array): Uint8Array {
  const checked = joined([bytesOf("eXIf"), tiff]);
  return joined([numberOf(tiff.byteLength), checked, numberOf(crc32Of(checked))]);
}

// === JPEG

/** Application segments that readers need: JFIF, colour profiles, and Adobe's word on the colours. */
const jpegLooks: Readonly<Record<number, string>> = {
  0xe0: "JFIF\0",
  0xe2: "ICC_PROFILE\0",
  0xee: "Adobe",
};

const exifName = "Exif\0\0";

function* jpegSegments(bytes: Uint8Array): Generator<Part, void> {
  for (const { code, start, end } of jpegParts(bytes)) {
    const isComment = code === 0xfe;
    const isOfApplication = code >= 0xe0 && code <= 0xef;
    const isNamed = (name: string) => textAt(bytes, start + 4, name.length) === name;
    const looks = jpegLooks[code];
    const isNeeded = !isComment && (!isOfApplication || (looks !== undefined && isNamed(looks)));
    const isExif = code === 0xe1 && isNamed(exifName);
    yield { content: bytes.subarray(start, end), isNeeded, isExif };
  }
}

function jpegExif(tiff: Uint8Array): Uint8Array {
  const content = joined([bytesOf(exifName), tiff]);
  return joined([Uint8Array.of(0xff, 0xe1, 0, content.byteLength + 2), content]);
}

// === WebP

const webpNeeds = /^(?:VP8 |VP8L|VP8X|ALPH|ANIM|ANMF|ICCP)$/;

function* webpParts(bytes: Uint8Array): Generator<Part, void> {
  const view = viewOf(bytes);
  yield { content: bytes.subarray(0, 12), isNeeded: true };
  const length = 8 + view.getUint32(4, true);
  for (let at = 12; at + 8 <= length; ) {
    const size = view.getUint32(at + 4, true);
    const end = Math.min(length, at + 8 + size + (size & 1));
    const type = textAt(bytes, at, 4);
    const isNeeded = webpNeeds.test(type);
    yield { content: bytes.subarray(at, end), isNeeded, isExif: type === "EXIF" };
    at = end;
  }
}

function webpExif(tiff: Uint8Array): Uint8Array {
  return joined([bytesOf("EXIF"), Uint8Array.of(tiff.byteLength, 0, 0, 0), tiff]);
}

/** Corrects the length of a WebP, and what its header says of EXIF and XMP. */
function withFlags(bytes: Uint8Array, hasExif: boolean): Uint8Array {
  viewOf(bytes).setUint32(4, bytes.byteLength - 8, true);
  if (textAt(bytes, 12, 4) === "VP8X") bytes[20] = (bytes[20] ?? 0) & (hasExif ? ~0x04 : ~0x0c);
  return bytes;
}

// === Bytes

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.byteLength === other.byteLength && one.every((byte, at) => byte === other[at]);
}

function numberOf(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value);
  return bytes;
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
