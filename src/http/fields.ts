import { z } from "zod";
import { readDirectives } from "../../core/prompt.ts";
import type { Wishes } from "../../core/prompt/flags.ts";
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
  words_first: z.boolean().nullish(),
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

/** The fields that say the same as a directive, by the wish of that. */
const sayingTheSame = {
  ratio: ["aspect_ratio", "size", "width", "height"],
  seed: ["seed"],
  negative: ["negative_prompt"],
  steps: ["steps"],
  guidance: ["cfg"],
  count: ["n"],
  quality: ["quality"],
  model: ["model"],
  enhance: ["enhance"],
  preset: ["preset"],
} as const satisfies Record<keyof Wishes, readonly (keyof PictureFields)[]>;

/** The body without what the directives in its words say, where it wants these to win: what stood in a form beside them. */
export function withWordsFirst<Body extends PictureFields>(prompt: string, body: Body): Body {
  if (body.words_first !== true) return body;
  const said = readDirectives(prompt);
  const won = Object.entries(sayingTheSame).filter(([wish]) => Object.hasOwn(said, wish));
  const silent = won.flatMap(([, names]) => names.map((name) => [name, undefined]));
  return { ...body, ...(Object.fromEntries(silent) as object) };
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
