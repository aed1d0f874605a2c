import { z } from "zod";
import { invalidRequest } from "../../core/errors.ts";
import { fields, type ImageRequest, qualities } from "../../core/request.ts";
import { parseBody } from "./body.ts";
import type { RequestContext } from "./context.ts";

/** Parameters that some image services know; for a model without them a notice says so. */
export const knownParameters = ["sampler", "scheduler", "style", "tiling", "clip_skip"];

/** The fields about the picture itself, at every endpoint that makes one. `null` is the same as absent. */
export const pictureFields = {
  model: fields.model.nullish(),
  width: fields.side.nullish(),
  height: fields.side.nullish(),
  size: fields.size.nullish(),
  aspect_ratio: fields.aspectRatio.nullish(),
  cfg: fields.guidance.nullish(),
  seed: fields.seed.nullish(),
  steps: fields.steps.nullish(),
  negative_prompt: fields.negative.nullish(),
  quality: z.enum([...qualities, "auto"]).nullish(),
  enhance: z.boolean().nullish(),
} as const;

type PictureFields = z.output<z.ZodObject<typeof pictureFields>> & {
  readonly n?: number | null | undefined;
};

/** Other services' names for our fields. Where both are given, ours counts. */
export const aliases = {
  image_size: "size",
  aspectRatio: "aspect_ratio",
  num_inference_steps: "steps",
  guidance_scale: "cfg",
  batch_size: "n",
  prompt_enhancement: "enhance",
} as const;

const aliasPairs = Object.entries(aliases);

/**
 * The body's object under our own names; without a model in it, `deployment` is the model. Throws `invalid-request` for
 * a body that is not an object.
 */
export function withOurNames(
  body: unknown,
  deployment?: string,
): Readonly<Record<string, unknown>> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw invalidRequest(null, "The body has to be a JSON object.");
  }
  const named: Record<string, unknown> = { ...body };
  for (const [theirs, ours] of aliasPairs) {
    if (named[theirs] !== undefined) named[ours] ??= named[theirs];
  }
  if (deployment !== undefined) named["model"] ??= deployment;
  return named;
}

/** The name in a path such as `/openai/deployments/{name}/images/generations`: Azure's clients need no other. */
export function deploymentIn({ req }: RequestContext): string | undefined {
  const [, name] = /\/deployments\/([^/?#]+)\//.exec(req.url) ?? [];
  if (name === undefined) return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

type Given<T> = { [Key in keyof T]?: NonNullable<T[Key]> };

/** The same object without the keys that hold null or undefined. */
export function given<T extends object>(object: T): Given<T> {
  const result: Given<T> = {};
  for (const key in object) {
    const value = object[key];
    if (value !== null && value !== undefined) result[key] = value;
  }
  return result;
}

/** The core's request from a body; the schema of the body has checked every limit. */
export function toImageRequest(
  prompt: string,
  body: PictureFields,
  extras: ImageRequest["extras"],
): ImageRequest {
  const { width, height, size, seed, steps, enhance, quality } = body;
  const wishes = given({
    count: body.n,
    model: body.model,
    width,
    height,
    size,
    aspectRatio: body.aspect_ratio,
    guidance: body.cfg,
    seed,
    steps,
    negative: body.negative_prompt,
    quality: quality === "auto" ? undefined : quality,
    enhance,
    extras,
  });
  return { prompt, ...wishes };
}

const promptAlone = z.object({ prompt: fields.prompt });

/** Checks a prompt from a message, which no schema has checked. Throws `invalid-request` where it is too long. */
export function checkedPrompt(text: string): string {
  return parseBody(promptAlone, { prompt: text }).prompt;
}

/** A body's parameters for the image service: the known ones, and those that the model allows. */
export function extrasOf(
  body: Readonly<Record<string, unknown>>,
  allowed: readonly string[],
): ImageRequest["extras"] {
  let extras: Record<string, string | number | boolean> | undefined;
  for (const names of [knownParameters, allowed]) {
    for (const name of names) {
      const value = body[name];
      if (value === undefined || value === null) continue;
      extras ??= {};
      extras[name] = scalarOf(name, value);
    }
  }
  return extras;
}

function scalarOf(name: string, value: unknown): string | number | boolean {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw invalidRequest(name, `${name}: has to be a string, a number or true or false.`);
}
