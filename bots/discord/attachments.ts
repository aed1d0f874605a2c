import { BadImage, type ImageFormat, type Imaging, sniffFormat } from "../../core/imaging.ts";
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

/** The kept pictures, by number, where necessary made smaller until each has at most so many bytes. */
export async function fitPictures(
  pictures: ReadonlyMap<number, Uint8Array>,
  fileBytes: number,
  imaging: Imaging,
): Promise<readonly Fitted[]> {
  const share = Math.floor(limits.requestBytes / Math.max(1, pictures.size));
  const most = Math.min(fileBytes, share);
  const fitted: Fitted[] = [];
  for (const [number, bytes] of pictures) {
    fitted.push({ number, ...(await fit(bytes, most, imaging)) });
  }
  return fitted;
}

async function fit(
  bytes: Uint8Array,
  most: number,
  imaging: Imaging,
): Promise<Omit<Fitted, "number">> {
  const kept = { bytes, ending: endingOf(bytes), untouched: true };
  if (bytes.byteLength <= most) return kept;
  let smaller = bytes;
  try {
    for (const preview of previews) {
      smaller = await imaging.reencode(bytes, { format: "jpeg", ...preview });
      if (smaller.byteLength <= most) break;
    }
  } catch (error) {
    if (error instanceof BadImage) return kept;
    throw error;
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
