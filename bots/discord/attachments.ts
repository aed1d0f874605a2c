import type { ImageFormat } from "../../core/image.ts";
import { reencode, sniffFormat } from "../../core/image.ts";
import { limits } from "./limits.ts";

/** A picture that the place takes. */
export interface Fitted {
  readonly number: number;
  readonly bytes: Uint8Array;
  /** How its file is called behind the dot. */
  readonly ending: string;
  /** It is what was kept, byte for byte. */
  readonly untouched: boolean;
}

/** Smaller and smaller; the last is tried whatever comes of it. */
const previews = [
  { quality: 90 },
  { quality: 85, maxSide: 2048 },
  { quality: 80, maxSide: 1536 },
  { quality: 75, maxSide: 1024 },
  { quality: 60, maxSide: 512 },
] as const;

/** The kept pictures, by number, where necessary made smaller until each has at most so many bytes. Throws BadImage. */
export async function fitPictures(
  pictures: ReadonlyMap<number, Uint8Array>,
  fileBytes: number,
): Promise<readonly Fitted[]> {
  const share = Math.floor(limits.requestBytes / Math.max(1, pictures.size));
  const most = Math.min(fileBytes, share);
  const fitted: Fitted[] = [];
  for (const [number, bytes] of pictures) fitted.push({ number, ...(await fit(bytes, most)) });
  return fitted;
}

async function fit(bytes: Uint8Array, most: number): Promise<Omit<Fitted, "number">> {
  if (bytes.byteLength <= most) return { bytes, ending: endingOf(bytes), untouched: true };
  let smaller = bytes;
  for (const preview of previews) {
    smaller = await reencode(bytes, { format: "jpeg", ...preview });
    if (smaller.byteLength <= most) break;
  }
  return { bytes: smaller, ending: "jpg", untouched: false };
}

const endings: Readonly<Record<ImageFormat, string>> = { png: "png", jpeg: "jpg", webp: "webp" };

/** The file name's ending for these bytes. */
export function endingOf(bytes: Uint8Array): string {
  const format = sniffFormat(bytes);
  return format === undefined || format === "video" ? "png" : endings[format];
}

const mebibyte = 1024 * 1024;
const steps = [50, 20, 10, 8, 4, 2, 1].map((count) => count * mebibyte);

/** The limit to believe in after a file of so many bytes was refused; undefined when there is no lower one. */
export function limitBelow(refused: number): number | undefined {
  return steps.find((step) => step < refused);
}
