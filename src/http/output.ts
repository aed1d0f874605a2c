import { z } from "zod";
import { imageFormats } from "../../core/imaging.ts";
import type { Job, Picture } from "../../core/job.ts";
import type { OpenPicture } from "../../core/studio/kept-pictures.ts";
import type { Door, RequestContext } from "./context.ts";
import { given } from "./fields.ts";

/** The form in which a client wants its pictures. */
export const outputFields = {
  output_format: z.enum(imageFormats).nullish(),
  /** 0–100, for JPEG and WebP. */
  output_compression: z.int().min(0).max(100).nullish(),
} as const;

/** A body's `outputFields`, checked. */
export type OutputWish = z.output<z.ZodObject<typeof outputFields>>;

/** A picture in the wanted form, ready to be read. Throws what `KeptPictures.open` throws. */
export function openPicture(
  { studio }: Door,
  context: RequestContext,
  { job, picture, wish }: { job: Job; picture: Picture; wish: OutputWish },
): Promise<OpenPicture> {
  const { output_format: format, output_compression: quality } = wish;
  const { signal } = context.req.raw;
  return studio.kept.open(picture, job, { form: given({ format, quality }), signal });
}

/** Opens a job's pictures in the wanted form, one after the other, so that what is missing is found before all. */
export async function openPictures(
  door: Door,
  context: RequestContext,
  job: Job,
  wish: OutputWish,
): Promise<readonly OpenPicture[]> {
  const opened: OpenPicture[] = [];
  for (const picture of job.pictures) {
    opened.push(await openPicture(door, context, { job, picture, wish }));
  }
  return opened;
}
