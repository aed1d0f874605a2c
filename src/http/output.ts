import { z } from "zod";
import { ImageError } from "../../core/errors.ts";
import {
  BadImage,
  badImage,
  type ImageFormat,
  imageFormats,
  type Imaging,
  sniffFormat,
} from "../../core/imaging.ts";
import type { Job, Picture } from "../../core/job.ts";
import type { Door, RequestContext } from "./context.ts";

/** The form in which a client wants its pictures. */
export const outputFields = {
  output_format: z.enum(imageFormats).nullish(),
  /** 0–100, for JPEG and WebP. */
  output_compression: z.int().min(0).max(100).nullish(),
} as const;

/** What `outputFields` come to. */
export type OutputWish = z.output<z.ZodObject<typeof outputFields>>;

/**
 * The untouched bytes. Throws `not-found` when the picture was deleted or swept, and where only a service's link is
 * known, what fetching and verifying a picture throws.
 */
export async function pictureBytes(
  { studio, imaging }: Door,
  context: RequestContext,
  job: Job,
  picture: Picture,
): Promise<Uint8Array> {
  const { signal } = context.req.raw;
  const bytes = await studio.bytesOf(picture, job, signal).catch((error: unknown) => {
    throw signal.aborted ? new ImageError("cancelled", { by: "caller" }) : error;
  });
  if (!bytes) throw new ImageError("not-found", { code: `${job.code}.${picture.number}` });
  return picture.link ? verified(bytes, job, imaging) : bytes;
}

/** Checks what lies behind a link that was handed on without a look at it, and converts what no client could show. */
async function verified(bytes: Uint8Array, job: Job, imaging: Imaging): Promise<Uint8Array> {
  try {
    const keepable = await imaging.keepable(bytes);
    imaging.inspect(keepable);
    return keepable;
  } catch (cause) {
    throw badImage(cause, job.recipe?.provider ?? "", true);
  }
}

/**
 * The bytes in the wanted form: untouched where nothing else was asked for. What is claimed of a link's picture may
 * be wrong. Throws `provider-failed` where its pixels cannot be decoded.
 */
export async function convertPicture(
  { imaging }: Door,
  bytes: Uint8Array,
  claimed: ImageFormat,
  { output_format, output_compression }: OutputWish,
): Promise<{ bytes: Uint8Array; format: ImageFormat }> {
  const format = imageFormats.find((known) => known === sniffFormat(bytes)) ?? claimed;
  const wanted = output_format ?? format;
  const compressed = output_compression != null && wanted !== "png";
  if (wanted === format && !compressed) return { bytes, format };
  const quality = compressed ? { quality: output_compression } : {};
  try {
    const converted = await imaging.reencode(bytes, { format: wanted, ...quality });
    return { bytes: converted, format: wanted };
  } catch (error) {
    throw error instanceof BadImage ? badImage(error, "", true) : error;
  }
}

/** A picture as text. */
export interface Base64Picture {
  readonly base64: string;
  /** As its bytes say: the ending of a service's link may be wrong. */
  readonly format: ImageFormat;
}

/** Reads a job's pictures in the wanted form. */
export function base64Reader(door: Door, context: RequestContext, job: Job, wish: OutputWish) {
  return async (picture: Picture): Promise<Base64Picture> => {
    const untouched = await pictureBytes(door, context, job, picture);
    const { bytes, format } = await convertPicture(door, untouched, picture.format, wish);
    return { base64: Buffer.from(bytes).toString("base64"), format };
  };
}
