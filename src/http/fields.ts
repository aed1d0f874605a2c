import { z } from "zod";
import { invalidRequest } from "../../core/errors.ts";
import { fields, type ImageRequest, qualities } from "../../core/request.ts";
import { problemOf } from "./problems.ts";

/** `null` is the same as absent. */
const may = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined);

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** Parameters that some image services know; a model that does not gets a notice. */
export const knownParameters = ["sampler", "scheduler", "style", "tiling", "clip_skip"];

/** What a client may say about the picture itself, at every endpoint that makes one. */
export const pictureFields = {
  model: may(fields.model),
  width: may(fields.side),
  height: may(fields.side),
  size: may(fields.size),
  aspect_ratio: may(fields.aspectRatio),
  cfg: may(fields.guidance),
  seed: may(fields.seed),
  steps: may(fields.steps),
  negative_prompt: may(fields.negative),
  quality: may(z.enum([...qualities, "auto"])),
  enhance: may(z.boolean()),
} as const;

/** The words, where they were found in more than one field. */
export const promptAlone = z.object({ prompt: fields.prompt });

/** Names that clients of other services use, and ours for the same thing; ours wins. */
export const aliases = {
  image_size: "size",
  aspectRatio: "aspect_ratio",
  num_inference_steps: "steps",
  guidance_scale: "cfg",
  batch_size: "n",
  prompt_enhancement: "enhance",
} as const;

/** Names that only SiliconFlow's clients use: some of those read nothing but links. */
const siliconFlowNames = ["image_size", "batch_size"];

export function speaksSiliconFlow(body: unknown): boolean {
  return (
    typeof body === "object" &&
    body !== null &&
    siliconFlowNames.some((name) => Object.hasOwn(body, name))
  );
}

type PictureFields = z.output<z.ZodObject<typeof pictureFields>>;

/** The body's object under our own names; without a model in it, `deployment` is the model. */
export function withOurNames(body: unknown, deployment?: string): Record<string, unknown> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw invalidRequest(null, "The body has to be a JSON object.");
  }
  const named: Record<string, unknown> = { ...body };
  for (const [theirs, ours] of Object.entries(aliases)) {
    if (named[theirs] !== undefined && named[ours] == null) named[ours] = named[theirs];
  }
  if (deployment !== undefined) named["model"] ??= deployment;
  return named;
}

/** Checks a body. Throws `invalid-request` that names the first field at fault. */
export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(body, { error: problemOf });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue && issue.path.length > 0 ? issue.path.map(String).join(".") : null;
  const problem = `${field ?? "The body"}: ${issue?.message ?? "is not valid"}.`;
  throw invalidRequest(field, problem, parsed.error);
}

/** The picture's part of a body as the core knows it. */
export function toImageRequest(
  prompt: string,
  count: number | undefined,
  body: PictureFields,
  extras: ImageRequest["extras"],
): ImageRequest {
  const request: Record<keyof ImageRequest, unknown> = {
    prompt,
    count,
    model: body.model,
    width: body.width,
    height: body.height,
    size: body.size,
    aspectRatio: body.aspect_ratio,
    guidance: body.cfg,
    seed: body.seed,
    steps: body.steps,
    negative: body.negative_prompt,
    quality: body.quality === "auto" ? undefined : body.quality,
    enhance: body.enhance,
    extras,
    source: undefined,
  };
  return Object.fromEntries(
    Object.entries(request).filter(([, value]) => value !== undefined),
  ) as ImageRequest;
}

/** The parameters for the image service among a body's fields: those that it may know, and those that models allow. */
export function extrasOf(
  body: Readonly<Record<string, unknown>>,
  allowed: readonly string[],
): ImageRequest["extras"] {
  const extras: Record<string, string | number | boolean> = {};
  for (const name of new Set([...knownParameters, ...allowed])) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    const parsed = scalar.safeParse(value);
    if (!parsed.success) {
      throw invalidRequest(name, `${name}: has to be a string, a number or true or false.`);
    }
    extras[name] = parsed.data;
  }
  return Object.keys(extras).length > 0 ? extras : undefined;
}
