import { type Brief, promptOf, readPictures, readWords, seedOf } from "../brief.ts";
import { optional } from "../optional.ts";
import { ImageError, invalidRequest } from "../errors.ts";
import { finalPrompt, type Job, type Recipe } from "../job.ts";
import type { Wording } from "../enhance.ts";
import { parseRatio } from "../ratio.ts";

/** What changes when a job is made again. What is absent stays as it was. */
export interface Changes {
  readonly seed?: "new" | number;
  /** `kept` uses the same final prompt, `anew` asks the enhancer again, `own` paints the person's words as they are. */
  readonly wording?: "kept" | "anew" | "own";
  readonly ratio?: string;
  /** A new prompt; it is enhanced again unless `wording` says otherwise. */
  readonly prompt?: string;
  readonly negative?: string;
  readonly count?: number;
  /** Only the picture with this number, from 1. */
  readonly picture?: number;
}

/**
 * The brief that makes a job again. Uses the old brief where the job has no recipe yet. Throws `invalid-request`.
 */
export function askAgain(parent: Job, changes: Changes, newSeed: () => number): Brief {
  const { brief, recipe } = parent;
  const prompt = changes.prompt === undefined ? undefined : readWords(changes.prompt);
  const { wording: _, variants: __, ...rest } = brief;
  return {
    ...rest,
    ...optional({ negative: changes.negative }),
    ...picturesOf(changes, brief, prompt),
    ...wordingOf(changes, brief, recipe, prompt),
    size: sizeOf(changes, brief, recipe),
    seed: seedFor(changes, brief, newSeed),
  };
}

type Pictures = Pick<Brief, "words" | "prompt" | "variants" | "count">;

/** What the pictures show, and how many they are: new words are read anew, and one picture alone has its own words. */
function picturesOf(
  { picture, count }: Changes,
  brief: Brief,
  changed: string | undefined,
): Pictures {
  const { words, prompt, variants } = brief;
  if (changed !== undefined) {
    const ofEach = picture === undefined ? Math.ceil(brief.count / (variants?.length ?? 1)) : 1;
    return { words: changed, ...readPictures(changed, count ?? ofEach) };
  }
  if (picture === undefined) {
    return { words, prompt, count: count ?? brief.count, ...optional({ variants }) };
  }
  const own = promptOf(brief, picture);
  return { words: variants ? own : words, prompt: own, count: count ?? 1 };
}

function wordingOf(
  changes: Changes,
  brief: Brief,
  recipe: Recipe | null,
  prompt: string | undefined,
): Pick<Brief, "enhance" | "wording"> {
  const how = changes.wording ?? (prompt === undefined ? "kept" : "anew");
  if (how === "own") return { enhance: false };
  if (how === "anew") return { enhance: true };
  return prompt === undefined && recipe
    ? { enhance: brief.enhance, wording: keptWording(recipe, changes.picture) }
    : { enhance: brief.enhance };
}

function keptWording(recipe: Recipe, picture: number | undefined): Wording {
  const { prompts, ...rest } = recipe.wording;
  if (picture !== undefined) return { ...rest, prompt: finalPrompt(recipe, picture) };
  return { ...rest, ...optional({ prompts }) };
}

/** The size of the earlier job, also where the enhancer chose it. */
function sizeOf(changes: Changes, brief: Brief, recipe: Recipe | null): Brief["size"] {
  if (changes.ratio !== undefined) {
    const ratio = parseRatio(changes.ratio);
    if (!ratio) throw invalidRequest("aspectRatio", "A ratio is between 1:3 and 3:1, like 16:9.");
    return { kind: "ratio", ratio };
  }
  if (recipe && brief.size.kind === "open") return { kind: "ratio", ratio: recipe.ratio };
  return brief.size;
}

function seedFor({ seed, picture }: Changes, brief: Brief, newSeed: () => number): number {
  if (seed === "new") return newSeed();
  if (seed !== undefined) return seedOf(seed, 1);
  return picture === undefined ? brief.seed : brief.seed + picture - 1;
}

/** Throws `not-found` where the changes name a picture that the job does not have. */
export function checkChanges(parent: Job, { picture }: Changes): void {
  if (picture !== undefined && (picture < 1 || picture > parent.brief.count)) {
    throw new ImageError("not-found", { code: `${parent.code}.${picture}` });
  }
}
