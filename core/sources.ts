import type { PictureIndex } from "./archive.ts";
import { invalidRequest } from "./errors.ts";
import {
  BadImage,
  type ImageFacts,
  type ImageFlaw,
  type ImageFormat,
  type Imaging,
  sniffFormat,
} from "./imaging.ts";
import type { ImageStore } from "./images.ts";
import type { Picture } from "./job.ts";

/** A picture that a client sent for editing. */
export interface SentPicture extends ImageFacts {
  /** Equal for equal bytes, so that a repeated request is the same request. */
  readonly id: string;
}

const flaws: Record<ImageFlaw, string> = {
  "unknown-format": "is no PNG, JPEG, WebP, AVIF, GIF or TIFF",
  "other-format": "has a format that is not read here; PNG, JPEG, WebP, AVIF, GIF and TIFF are",
  video: "is a video",
  "too-many-pixels": "has more than 64 megapixels",
  "too-costly": "takes too much memory to be decoded",
  broken: "is broken or cut off",
};

/**
 * Verifies a picture that was sent and keeps its bytes. Where no job comes to use them, the sweep erases them after a while.
 * Throws `invalid-request` and `storage-failed`.
 */
export async function keepSource(
  sent: Uint8Array,
  tools: { readonly images: ImageStore; readonly imaging: Pick<Imaging, "inspect" | "keepable"> },
): Promise<SentPicture> {
  try {
    const bytes = await tools.imaging.keepable(sent);
    const facts = tools.imaging.inspect(bytes);
    await tools.images.check();
    return { ...facts, id: await tools.images.put(bytes) };
  } catch (error) {
    if (!(error instanceof BadImage)) throw error;
    throw invalidRequest("source", `The picture that was sent ${flaws[error.reason]}.`, error);
  }
}

/** Where pictures to edit are found. */
export interface SourceTools {
  readonly pictures: PictureIndex;
  readonly images: ImageStore;
}

/** A picture to edit, with its bytes. */
export interface KeptSource {
  readonly id: string;
  readonly format: ImageFormat;
  readonly bytes: Uint8Array;
}

/** A picture to edit by its id: one that was made here, or one that was sent. undefined when there is none (any more). */
export async function findSource(
  id: string,
  { pictures, images }: SourceTools,
): Promise<KeptSource | undefined> {
  const sent = isSentId(id);
  const made: Picture | undefined = sent ? undefined : (await pictures.find(id))?.picture;
  const hash = sent ? id : made?.hash;
  const bytes = hash ? await images.read(hash) : undefined;
  const format = bytes && sniffFormat(bytes);
  return bytes && format && format !== "video" ? { id, format, bytes } : undefined;
}

/** Pictures that were sent are called by the SHA-256 of their bytes: only those who have them can name them. */
export function isSentId(id: string): boolean {
  return /^[0-9a-f]{64}$/.test(id);
}
