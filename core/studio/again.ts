import { type Brief, readWords } from "../brief.ts";
import { optional } from "../optional.ts";
import { ImageError, invalidRequest } from "../errors.ts";
import type { Job, Recipe } from "../job.ts";
import { parseRatio } from "../size.ts";

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
  if (prompt === "") throw invalidRequest("prompt", "Say in words what the picture should show.");
  const { wording: _, ...rest } = brief;
  return {
    ...rest,
    ...optional({ negative: changes.negative, words: prompt, prompt }),
    ...wordingOf(changes, brief, recipe, prompt),
    size: sizeOf(changes, brief, recipe),
    seed: seedFor(changes, brief, newSeed),
    count: changes.count ?? (changes.picture === undefined ? brief.count : 1),
  };
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
    ? { enhance: brief.enhance, wording: recipe.wording }
    : { enhance: brief.enhance };
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
  if (seed !== undefined) return seed;
  return picture === undefined ? brief.seed : brief.seed + picture - 1;
}

/** Throws `not-found` where the changes name a picture that the job does not have. */
export function checkChanges(parent: Job, { picture }: Changes): void {
  if (picture !== undefined && (picture < 1 || picture > parent.brief.count)) {
    throw new ImageError("not-found", { code: `${parent.code}.${picture}` });
  }
}
