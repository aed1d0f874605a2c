import { titleOf } from "../screen.ts";
import { type Actor, type ChatTools, historyOf } from "../use-cases.ts";
import { limits } from "./limits.ts";
import { clipTo } from "./text.ts";

/** One suggestion while a person types into an option. */
export interface Suggestion {
  readonly name: string;
  readonly value: string;
}

/** Suggests values for what a person has typed so far. */
export type Suggester = (
  typed: string,
  tools: ChatTools,
  actor: Actor,
) => readonly Suggestion[] | Promise<readonly Suggestion[]>;

/** The presets that match what was typed, the person's own first. */
export async function suggestPresets(
  typed: string,
  { studio }: ChatTools,
  actor: Actor,
): Promise<readonly Suggestion[]> {
  const presets = await studio.presets.list(actor);
  return presets
    .filter(([, { name }]) => rankOf(typed)(name) < Number.POSITIVE_INFINITY)
    .slice(0, limits.choices)
    .map(([, { name, words }]) => ({
      name: clipTo(limits.choiceName, `${name} · ${words.replace(/\s+/g, " ")}`),
      value: name,
    }));
}

/** The models that match what was typed, the best match first. */
export function suggestModels(typed: string, { catalogue }: ChatTools): readonly Suggestion[] {
  const ranked = catalogue.models
    .map(({ id, aliases }) => ({ id, rank: Math.min(...[id, ...aliases].map(rankOf(typed))) }))
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    .toSorted((a, b) => a.rank - b.rank);
  return ranked
    .filter(({ id }) => id.length <= limits.choiceName)
    .slice(0, limits.choices)
    .map(({ id }) => ({ name: id, value: id }));
}

/** Of the person's 100 newest jobs those whose code or prompt matches what was typed, the newest first. */
export async function suggestCodes(
  typed: string,
  tools: ChatTools,
  actor: Actor,
): Promise<readonly Suggestion[]> {
  const { jobs } = await historyOf(actor, { size: 100 }, tools);
  return jobs
    .filter((job) => rankOf(typed)(`${job.code} ${job.brief.words}`) < Number.POSITIVE_INFINITY)
    .slice(0, limits.choices)
    .map((job) => ({
      name: clipTo(limits.choiceName, `${job.code} · ${titleOf(job)}`),
      value: job.code,
    }));
}

/** Ranks how well a name matches: 0 starts with what was typed, 1 contains it, 2 has its letters in order, else infinity. */
export function rankOf(typed: string): (name: string) => number {
  const wanted = simple(typed);
  return (name) => {
    const candidate = simple(name);
    if (candidate.startsWith(wanted)) return 0;
    if (candidate.includes(wanted)) return 1;
    return hasInOrder(candidate, wanted) ? 2 : Number.POSITIVE_INFINITY;
  };
}

function simple(text: string): string {
  return text.toLowerCase().replace(/[\s\-_.]/g, "");
}

function hasInOrder(text: string, letters: string): boolean {
  let at = -1;
  for (const letter of letters) {
    at = text.indexOf(letter, at + 1);
    if (at === -1) return false;
  }
  return true;
}
