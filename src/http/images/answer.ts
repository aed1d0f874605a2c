import { isImageError } from "../../../core/errors.ts";
import type { ImageFormat } from "../../../core/imaging.ts";
import type { Job, Picture } from "../../../core/job.ts";
import type { ImageRequest } from "../../../core/request.ts";
import { askFor, finishedJob } from "../asking.ts";
import type { Hold } from "../clients.ts";
import type { Door, RequestContext } from "../context.ts";
import { toHttpError } from "../errors.ts";
import { eventStream, type EventWriter } from "../event-stream.ts";
import { jsonAnswer } from "./keep-alive.ts";
import { convertPicture, type OutputWish, pictureBytes } from "../output.ts";
import { finishedWithPreviews } from "../progress.ts";
import { noticeText } from "../words.ts";

/** How a client wants to get its images. */
export interface ImagesWish extends OutputWish {
  readonly response_format?: "b64_json" | "url" | null | undefined;
  readonly quality?: string | null | undefined;
  readonly stream?: boolean | null | undefined;
  /** How many previews to send at most, where the service shows any. */
  readonly partial_images?: number | null | undefined;
  /** The client speaks SiliconFlow's dialect: links, in `images` too. */
  readonly siliconFlow?: boolean;
  /** What OpenAI calls the events of this endpoint. */
  readonly event: "image_generation" | "image_edit";
}

const heartbeatMs = 10_000;

/** Asks for the images and answers in OpenAI's shape: streamed, kept alive or whole. */
export async function respondWithImages(
  door: Door,
  context: RequestContext,
  request: ImageRequest,
  wish: ImagesWish,
): Promise<Response> {
  const hold = await askFor(
    door,
    context,
    request,
    wish.event === "image_edit" ? "edits" : "images",
  );
  if (wish.stream) return streamImages(door, context, hold, wish);
  return jsonAnswer(door, context, imagesAnswer(door, context, hold, wish));
}

async function imagesAnswer(door: Door, context: RequestContext, hold: Hold, wish: ImagesWish) {
  const job = await finishedJob(door, hold);
  const base64 = base64Reader(door, context, job, wish);
  const linked = wish.response_format === "url" || (!wish.response_format && wish.siliconFlow);
  const linkTo = (picture: Picture) =>
    door.links.picture(context, picture, wish.output_format ?? undefined);
  const read = linked ? [] : await Promise.all(job.pictures.map(base64));
  const data = job.pictures.map((picture, index) => ({
    ...(linked ? { url: linkTo(picture) } : { b64_json: read[index]?.base64 }),
    ...revisedPrompt(job),
    seed: picture.seed,
  }));
  const images = wish.siliconFlow
    ? { images: job.pictures.map((one) => ({ url: linkTo(one) })) }
    : {};
  return { ...describe(job, wish, read[0]?.format), data, ...images, ...recipeOf(job) };
}

/** What OpenAI's own answer says of its pictures; `read`: the format in which they were read, where they were. */
function describe(job: Job, { output_format, quality }: ImagesWish, read?: ImageFormat) {
  const [first] = job.pictures;
  return {
    created: Math.floor(job.createdAt / 1000),
    size: `${first?.width ?? 0}x${first?.height ?? 0}`,
    output_format: read ?? output_format ?? first?.format ?? "png",
    quality: qualityOf(quality),
    background: "opaque",
    usage: imagesUsage(job),
  };
}

function qualityOf(quality: ImagesWish["quality"]): string {
  return quality === "low" || quality === "medium" ? quality : "high";
}

/** What OpenAI's answer has no place for, and a person wants to know. */
function recipeOf({ code, brief, recipe, notices }: Job) {
  return {
    code,
    model: brief.model,
    aspect_ratio: recipe?.ratio,
    prompt: recipe?.prompt,
    original_prompt: brief.words,
    notices: notices.map(noticeText),
  };
}

export function revisedPrompt({ recipe }: Job) {
  return recipe?.wording.enhancement.status === "enhanced" ? { revised_prompt: recipe.prompt } : {};
}

/** The enhancer's tokens: the pictures themselves have none. */
export function imagesUsage({ recipe }: Job) {
  const enhancement = recipe?.wording.enhancement;
  const { promptTokens: input = 0, completionTokens: output = 0 } =
    enhancement?.status === "enhanced" ? enhancement.usage : {};
  return {
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    input_tokens_details: { text_tokens: input, image_tokens: 0 },
  };
}

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

function streamImages(door: Door, context: RequestContext, hold: Hold, wish: ImagesWish): Response {
  async function write(writer: EventWriter): Promise<void> {
    writer.begin();
    try {
      const job = await previewed(door, hold, wish, writer);
      const base64 = base64Reader(door, context, job, wish);
      for (const picture of job.pictures) {
        const { base64: b64_json, format } = await base64(picture);
        const { created: created_at, ...description } = describe(job, wish, format);
        const type = `${wish.event}.completed`;
        writer.send({ type, b64_json, created_at, ...description, ...recipeOf(job) }, type);
      }
    } catch (error) {
      if (!isImageError(error)) door.log.error({ job: hold.job.code, error }, "a bug in a stream");
      writer.send({ type: "error", ...toHttpError(error).body }, "error");
    }
  }
  return eventStream({ heartbeatMs, write });
}

/** The job when it is done, having sent on what the service showed of its picture meanwhile. */
function previewed(door: Door, hold: Hold, wish: ImagesWish, writer: EventWriter) {
  return finishedWithPreviews(door, hold, wish.partial_images ?? 0, async (preview, index) => {
    const event = previewEvent(door, hold.job, preview, { ...wish, partial_image_index: index });
    writer.send(event, event.type);
  });
}

function previewEvent(
  { imaging }: Door,
  job: Job,
  preview: Uint8Array,
  { event, quality, partial_image_index }: ImagesWish & { partial_image_index: number },
) {
  const { format, width, height } = imaging.inspect(preview);
  return {
    type: `${event}.partial_image`,
    b64_json: Buffer.from(preview).toString("base64"),
    created_at: Math.floor(job.createdAt / 1000),
    size: `${width}x${height}`,
    quality: qualityOf(quality),
    background: "opaque",
    output_format: format,
    partial_image_index,
  };
}
