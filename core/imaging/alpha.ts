import type { ImageFormat } from "../imaging.ts";
import { viewOf } from "./walk.ts";

/** Whether a picture can have transparent parts, as its header says. The file has to be whole. */
export function canBeTransparent(bytes: Uint8Array, format: ImageFormat): boolean {
  return tests[format](bytes);
}

const tests: Readonly<Record<ImageFormat, (bytes: Uint8Array) => boolean>> = {
  jpeg: () => false,
  png: (bytes) => withAlpha.has(bytes[25] ?? 0) || pngHas(bytes, "tRNS"),
  webp: (bytes) => {
    const kind = String.fromCharCode(...bytes.subarray(12, 16));
    if (kind === "VP8X") return ((bytes[20] ?? 0) & 0x10) !== 0;
    return kind === "VP8L" && ((bytes[24] ?? 0) & 0x10) !== 0;
  },
};

/** PNG's colour types with an alpha channel. */
const withAlpha: ReadonlySet<number> = new Set([4, 6]);

/** Whether a chunk of this type stands before the pixels. */
function pngHas(bytes: Uint8Array, type: string): boolean {
  const view = viewOf(bytes);
  for (let at = 8; at + 12 <= bytes.byteLength; at += 12 + view.getUint32(at)) {
    const found = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (found === type) return true;
    if (found === "IDAT") return false;
  }
  return false;
}
