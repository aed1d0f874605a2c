import { z } from "zod";
import { ImageError } from "../../core/errors.ts";
import { type ImageFormat, imageFormats, reencode } from "../../core/image.ts";
import type { Job, Picture } from "../../core/job.ts";
import type { Door, RequestContext } from "./context.ts";

/** The form in which a client wants its pictures. */
export const outputFields = {
  output_format: z.enum(imageFormats).nullish(),
  /** 0–100, for JPEG and WebP. */
  output_compression: z.int().min(0).max(100).nullish(),
} as const;

export interface OutputWish {
  readonly output_format?: ImageFormat | null | undefined;
  readonly output_compression?: number | null | undefined;
}

/** The untouched bytes. Throws `not-found` when the picture was deleted or swept. */
export async function pictureBytes(
  { studio }: Door,
  context: RequestContext,
  job: Job,
  picture: Picture,
): Promise<Uint8Array> {
  const bytes = await studio.bytesOf(picture, job, context.req.raw.signal);
  if (!bytes) throw new ImageError("not-found", { code: `${job.code}.${picture.number}` });
  return bytes;
}

/** The bytes in the wanted form: untouched where nothing else was asked for. */
export async function convertPicture(
  bytes: Uint8Array,
  format: ImageFormat,
  { output_format, output_compression }: OutputWish,
): Promise<{ bytes: Uint8Array; format: ImageFormat }> {
  const wanted = output_format ?? format;
  const compressed = output_compression != null && wanted !== "png";
  if (wanted === format && !compressed) return { bytes, format };
  const quality = compressed ? { quality: output_compression } : {};
  return { bytes: await reencode(bytes, { format: wanted, ...quality }), format: wanted };
}
