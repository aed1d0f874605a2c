import type { z } from "zod";
import { base64Of } from "#runtime";
import type { Defaults } from "../../../core/brief.ts";
import { isReworded } from "../../../core/enhance.ts";
import type { ImageFormat } from "../../../core/imaging.ts";
import { finalPrompt, type Job, type Picture } from "../../../core/job.ts";
import type { ImageRequest } from "../../../core/request.ts";
import type { OpenPicture } from "../../../core/studio/kept-pictures.ts";
import { type Answer, jsonWithPictures } from "../answer.ts";
import { askFor, type Hold } from "../clients.ts";
import type { Door, RequestContext } from "../context.ts";
import { problemOf } from "../errors.ts";
import { eventStream, type EventWriter } from "../event-stream.ts";
import type { imagesBody } from "../images.ts";
import { noticeText } from "../notices.ts";
import { acceptedAnswer, prefersAsync } from "../orders.ts";
import { openPicture, openPictures } from "../output.ts";
import { Base64Text } from "../pieces.ts";
import { finishedJob, finishedWithPreviews } from "../progress.ts";
import { jsonAnswer } from "./keep-alive.ts";

/** How a client wants to get its images. */
export interface ImagesWish extends Omit<z.output<typeof imagesBody>, "prompt"> {
  /** The client uses SiliconFlow's dialect: links, in `images` too. */
  readonly siliconFlow?: boolean;
  /** OpenAI's prefix for the events of this endpoint. */
  readonly event: "image_generation" | "image_edit";
  /** Used for what neither the body nor its words say. */
  readonly defaults?: Defaults;
}

/** Asks for the images and answers in OpenAI's shape: streamed, kept alive or whole. */
export async function respondWithImages(
  door: Door,
  context: RequestContext,
  request: ImageRequest,
  wish: ImagesWish,
): Promise<Answer> {
  const endpoint = wish.event === "image_edit" ? "edits" : "images";
  const hold = await askFor(door, context, request, { endpoint, defaults: wish.defaults });
  if (prefersAsync(context)) return acceptedAnswer(door, context, hold.job);
  if (wish.stream) return streamImages(door, context, hold, wish);
  return jsonAnswer(door, context, imagesAnswer(door, context, hold, wish));
}

async function imagesAnswer(door: Door, context: RequestContext, hold: Hold, wish: ImagesWish) {
  const job = await finishedJob(door, hold);
  const linked = wish.response_format === "url" || (!wish.response_format && wish.siliconFlow);
  const linkTo = (picture: Picture) =>
    door.links.picture(context, picture, wish.output_format ?? undefined);
  const opened = linked ? [] : await openPictures(door, context, job, wish);
  const data = job.pictures.map((picture, index) => ({
    ...(linked ? { url: linkTo(picture) } : { b64_json: base64In(opened[index]) }),
    ...revisedPrompt(job, picture.number),
    seed: picture.seed,
  }));
  const images = wish.siliconFlow
    ? { images: job.pictures.map((one) => ({ url: linkTo(one) })) }
    : {};
  const answer = {
    ...describe(job, wish, opened[0]?.format),
    data,
    ...images,
    ...recipeOf(job, wish),
  };
  return linked ? { json: answer } : jsonWithPictures(answer);
}

function base64In(opened: OpenPicture | undefined): Base64Text | undefined {
  return opened && new Base64Text(opened.kept);
}

/** OpenAI's own fields about the pictures; `read` is the format in which they were read, if they were. */
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

/** What OpenAI's answer has no place for, and a person wants to know; the model under the name that was asked for. */
function recipeOf({ code, brief, recipe, notices }: Job, { model }: ImagesWish) {
  return {
    code,
    model: model ?? brief.model,
    aspect_ratio: recipe?.ratio,
    prompt: recipe?.prompt,
    original_prompt: brief.words,
    notices: notices.map(noticeText),
  };
}

/** What the picture with this number (from 1) was made from, where that is not the prompt: reworded, or one of its choices. */
export function revisedPrompt({ recipe }: Job, number: number) {
  if (!recipe || !(isReworded(recipe.wording) || recipe.wording.prompts)) return {};
  return { revised_prompt: finalPrompt(recipe, number) };
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

function streamImages(door: Door, context: RequestContext, hold: Hold, wish: ImagesWish): Answer {
  async function write(writer: EventWriter): Promise<void> {
    writer.begin();
    try {
      const job = await previewed(door, hold, wish, writer);
      for (const picture of job.pictures) {
        const opened = await openPicture(door, context, { job, picture, wish });
        const { created: created_at, ...description } = describe(job, wish, opened.format);
        const type = `${wish.event}.completed`;
        const event = { type, b64_json: base64In(opened), created_at, ...description };
        await writer.sendPictures({ ...event, ...recipeOf(job, wish) }, type);
      }
    } catch (error) {
      const { body } = problemOf(error, door.log, { job: hold.job.code });
      writer.send({ type: "error", ...body }, "error");
    }
  }
  return eventStream({ write, door });
}

/** Sends the service's previews of the picture; answers the job when it is done. */
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
    b64_json: base64Of(preview),
    created_at: Math.floor(job.createdAt / 1000),
    size: `${width}x${height}`,
    quality: qualityOf(quality),
    background: "opaque",
    output_format: format,
    partial_image_index,
  };
}
