import type { Catalogue } from "./catalogue.ts";
import { type Directives, readDirectives } from "./directives.ts";
import { ImageError, invalidRequest } from "./errors.ts";
import type { Asked } from "./job.ts";
import type { Hint } from "./notices.ts";
import { optional } from "./optional.ts";
import { randomDigits } from "./random.ts";
import { type ImageRequest, maxSeed } from "./request.ts";
import { sizeWish } from "./size.ts";

export interface AskedTools {
  readonly catalogue: Catalogue;
  /** A fresh seed, 1…2147483647. */
  readonly newSeed: () => number;
}

/**
 * Reads the directives and settles everything that needs nobody else: the model, the seed, the wish for a size. A
 * field of the request wins over the same wish in the words. Throws `invalid-request`, `unknown-model`
 * and `unsupported`.
 */
export function readAsked(request: ImageRequest, { catalogue, newSeed }: AskedTools): Asked {
  const words = cleanText(request.prompt);
  const { words: prompt, ...directives } = readDirectives(words);
  if (prompt === "") throw invalidRequest("prompt", "Say in words what the picture should show.");
  const wishes = { ...directives, ...given(request) };
  const model = catalogue.find(wishes.model);
  if (request.source !== undefined && !model.edits) {
    throw new ImageError("unsupported", { feature: "edit", model: model.id });
  }
  return {
    words,
    prompt,
    negative: cleanText(wishes.negative ?? ""),
    model: model.id,
    size: sizeWish(request, directives.ratio),
    seed: isSeed(wishes.seed) ? wishes.seed : newSeed(),
    count: wishes.count ?? 1,
    enhance: wishes.enhance ?? true,
    extras: request.extras ?? {},
    given: hintsOf(wishes),
    notices: directives.notices,
    ...optional({
      quality: wishes.quality,
      steps: wishes.steps,
      guidance: wishes.guidance,
      source: request.source,
    }),
  };
}

/** Line breaks and tabs stay; other control characters and halves of characters go. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, (control) => (/[\n\t]/.test(control) ? control : ""))
    .trim();
}

/** The seed of the picture with this number (from 1), so that one job's pictures differ. */
export function seedOf(first: number, number: number): number {
  return ((first + number - 2) % maxSeed) + 1;
}

/** A seed from the platform's random numbers. */
export function randomSeed(): number {
  return (Number.parseInt(randomDigits().slice(0, 12), 16) % maxSeed) + 1;
}

type Wishes = Pick<
  Directives,
  "negative" | "model" | "seed" | "steps" | "guidance" | "quality" | "count" | "enhance"
>;

function given(request: ImageRequest): Wishes {
  const { negative, model, seed, steps, guidance, quality, count, enhance } = request;
  return optional({ negative, model, seed, steps, guidance, quality, count, enhance });
}

function isSeed(seed: number | undefined): seed is number {
  return seed !== undefined && seed > 0;
}

function hintsOf(wishes: Wishes): Hint[] {
  const hints: Hint[] = [];
  if (isSeed(wishes.seed)) hints.push("seed");
  if (wishes.negative) hints.push("negative");
  if (wishes.steps !== undefined) hints.push("steps");
  if (wishes.guidance !== undefined) hints.push("guidance");
  return hints;
}
