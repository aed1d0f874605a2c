import { BadImage, type ImageFormat, type Imaging, sniffFormat } from "../../core/imaging.ts";
import type { Job } from "../../core/job.ts";
import type { SettingsStore } from "../../core/settings.ts";
import { limits } from "./limits.ts";
import { guildScope, type Place } from "./place.ts";

// === Making pictures fit

/** A picture small enough for its place. */
export interface Fitted {
  readonly number: number;
  readonly bytes: Uint8Array;
  /** The file name's extension, without the dot. */
  readonly extension: string;
}

/** Smaller and smaller. The last one is used even if it is still too large. */
const previews = [
  { quality: 90 },
  { quality: 85, maxSide: 2048 },
  { quality: 80, maxSide: 1536 },
  { quality: 75, maxSide: 1024 },
  { quality: 60, maxSide: 512 },
] as const;

/** Makes pictures of a job smaller, which then say that they were generated. */
export function labelling(imaging: Imaging, { code: label }: Job): Pick<Imaging, "reencode"> {
  return { reencode: (bytes, options) => imaging.reencode(bytes, { ...options, label }) };
}

/** Makes kept pictures smaller where one has more than `fileBytes`, or all together more than a request. */
export async function fitPictures(
  pictures: ReadonlyMap<number, Uint8Array>,
  fileBytes: number,
  imaging: Pick<Imaging, "reencode">,
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
  imaging: Pick<Imaging, "reencode">,
): Promise<Omit<Fitted, "number">> {
  const kept = { bytes, extension: extensionOf(bytes) };
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
  return { bytes: smaller, extension: "jpg" };
}

const extensions: Readonly<Record<ImageFormat, string>> = { png: "png", jpeg: "jpg", webp: "webp" };

/** The file name's extension for these bytes, without the dot; `png` where the format is unknown. */
export function extensionOf(bytes: Uint8Array): string {
  const format = sniffFormat(bytes);
  return format === undefined || format === "video" ? "png" : extensions[format];
}

// === Learning what fits

/** The largest file that each place accepts, which may be less than Discord says: a refused size is remembered. */
export interface UploadLimits {
  /** Bytes of one file, in an answer to an interaction or in a message of the bot's own. */
  of(place: Place, by: "answer" | "bot"): Promise<number>;
  /** Remembers that a file of this size was refused. Resolves with the limit to try next, undefined when none is left. */
  refused(place: Place, bytes: number): Promise<number | undefined>;
}

const mebibyte = 1024 * 1024;
const steps = [50, 20, 10, 8, 4, 2, 1].map((count) => count * mebibyte);

/** Upload limits that are remembered in the settings of each server. */
export function uploadLimits(settings: SettingsStore): UploadLimits {
  return {
    async of({ guild, fileBytes }, by) {
      const told = by === "answer" ? fileBytes : Math.min(fileBytes, limits.fileBytes);
      if (guild === null) return told;
      const { uploadLimit = told } = await settings.get(guildScope(guild));
      return Math.min(told, uploadLimit);
    },

    async refused({ guild }, bytes) {
      const uploadLimit = steps.find((step) => step < bytes);
      if (guild !== null && uploadLimit !== undefined) {
        await settings.set(guildScope(guild), { uploadLimit });
      }
      return uploadLimit;
    },
  };
}
