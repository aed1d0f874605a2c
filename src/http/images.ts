import { z } from "zod";
import { isImageError } from "../../core/errors.ts";
import type { Job, Picture } from "../../core/job.ts";
import { fields } from "../../core/request.ts";
import { answerWith, askFor, finishedJob } from "./asking.ts";
import type { Hold } from "./clients.ts";
import type { Door, RequestContext } from "./context.ts";
import { toHttpError } from "./errors.ts";
import { eventStream, type EventWriter } from "./event-stream.ts";
import { extrasOf, parseBody, pictureFields, toImageRequest, withOurNames } from "./fields.ts";
import { convertPicture, outputFields, type OutputWish, pictureBytes } from "./output.ts";
import { noticeText } from "./words.ts";

const imagesBody = z.object({
  ...pictureFields,
  ...outputFields,
  prompt: fields.prompt,
  n: z.int().min(1).max(10).nullish(),
  response_format: z.enum(["b64_json", "url"]).nullish(),
  stream: z.boolean().nullish(),
});

type ImagesBody = z.output<typeof imagesBody>;

const heartbeatMs = 10_000;

/** `POST /v1/images/generations`, in OpenAI's shape. */
export async function generateImages(door: Door, context: RequestContext, json: unknown) {
  const raw = withOurNames(json);
  const body = parseBody(imagesBody, raw);
  const allowed = door.catalogue.find(body.model).parameters;
  const extras = extrasOf(raw, allowed);
  const request = toImageRequest(body.prompt, body.n ?? undefined, body, extras);
  const hold = await askFor(door, context, request, "images");
  if (body.stream) return streamImages(door, context, hold, body);
  return answerWith(context, hold, await imagesAnswer(door, context, hold, body));
}

async function imagesAnswer(door: Door, context: RequestContext, hold: Hold, body: ImagesBody) {
  const job = await finishedJob(door, hold);
  const base64 = base64Reader(door, context, job, body);
  const data = await Promise.all(
    job.pictures.map(async (picture) => ({
      ...(body.response_format === "url"
        ? { url: door.links.picture(context, picture, linkEnding(body)) }
        : { b64_json: await base64(picture) }),
      ...revisedPrompt(job),
      seed: picture.seed,
    })),
  );
  return { ...describe(job, body), data, ...recipeOf(job) };
}

/** What OpenAI's own answer says of its pictures. */
function describe(job: Job, { output_format: format, quality }: ImagesBody) {
  const [first] = job.pictures;
  return {
    created: Math.floor(job.createdAt / 1000),
    size: `${first?.width ?? 0}x${first?.height ?? 0}`,
    output_format: format ?? first?.format ?? "png",
    quality: quality === "low" || quality === "medium" ? quality : "high",
    background: "opaque",
    usage: imagesUsage(job),
  };
}

/** What OpenAI's answer has no place for, and a person wants to know. */
function recipeOf({ code, asked, recipe, notices }: Job) {
  return {
    code,
    model: asked.model,
    aspect_ratio: recipe?.ratio,
    prompt: recipe?.prompt,
    original_prompt: asked.words,
    notices: notices.map(noticeText),
  };
}

function revisedPrompt({ recipe }: Job) {
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

function linkEnding({ output_format: format }: ImagesBody): string | undefined {
  return format ?? undefined;
}

/** Reads a job's pictures in the wanted form. */
function base64Reader(door: Door, context: RequestContext, job: Job, wish: OutputWish) {
  return async (picture: Picture): Promise<string> => {
    const bytes = await pictureBytes(door, context, job, picture);
    const { bytes: converted } = await convertPicture(bytes, picture.format, wish);
    return Buffer.from(converted).toString("base64");
  };
}

function streamImages(door: Door, context: RequestContext, hold: Hold, body: ImagesBody): Response {
  async function write(writer: EventWriter): Promise<void> {
    try {
      const job = await finishedJob(door, hold);
      const base64 = base64Reader(door, context, job, body);
      for (const picture of job.pictures) {
        const { created: created_at, ...description } = describe(job, body);
        const type = "image_generation.completed";
        const b64_json = await base64(picture);
        writer.send({ type, b64_json, created_at, ...description, ...recipeOf(job) }, type);
      }
    } catch (error) {
      if (!isImageError(error)) door.log.error({ job: hold.job.code, error }, "a bug in a stream");
      writer.send({ type: "error", ...toHttpError(error).body }, "error");
    }
  }
  return answerWith(context, hold, eventStream({ heartbeatMs, write }));
}
