import { z } from "zod";
import { fields, type ImageRequest, maxPromptLength, qualities } from "../../core/request.ts";
import { parseBody } from "./body.ts";
import type { RequestContext } from "./context.ts";

/** What a client may say about the picture itself, at every endpoint that makes one. `null` is the same as absent. */
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
  preset: fields.preset.nullish(),
  final_prompt: fields.prompt.nullish(),
} as const;

/** What `pictureFields` come to. */
export type PictureFields = z.output<z.ZodObject<typeof pictureFields>> & {
  readonly n?: number | null | undefined;
};

/** The name in a path such as `/openai/deployments/{name}/images/generations`: Azure's clients need no other. */
export function deploymentIn({ req }: RequestContext): string | undefined {
  if (!req.url.includes("/deployments/")) return undefined;
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
  const { width, height, size, seed, steps, enhance, preset, quality } = body;
  const wishes = given({
    // One picture and any seed are what it is anyway: clients send them unasked, and the words may say more.
    count: body.n === 1 ? undefined : body.n,
    model: body.model,
    width,
    height,
    size,
    aspectRatio: body.aspect_ratio,
    guidance: body.cfg,
    seed: seed && seed > 0 ? seed : undefined,
    steps,
    negative: body.negative_prompt,
    quality: quality === "auto" ? undefined : quality,
    enhance,
    finalPrompt: body.final_prompt,
    preset,
    extras,
  });
  return { prompt, ...wishes };
}

const promptAlone = z.object({ prompt: fields.prompt });

/** Checks a prompt from a message, which no schema has checked. Throws `invalid-request` where it is too long. */
export function checkedPrompt(text: string): string {
  if (text.length <= maxPromptLength) return text;
  return parseBody(promptAlone, { prompt: text }).prompt;
}
