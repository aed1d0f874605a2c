import { type Asker, type ChatTools, historyOf } from "../imagine.ts";
import { titleOf } from "./cards.ts";
import { limits } from "./limits.ts";
import { clipTo } from "./text.ts";

/** What is offered while somebody types into an option. */
export interface Suggestion {
  readonly name: string;
  readonly value: string;
}

/** The models that what was typed may mean, the likeliest first. */
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

/** The person's newest pictures whose code or words may be meant. */
export async function suggestCodes(
  typed: string,
  asker: Asker,
  tools: ChatTools,
): Promise<readonly Suggestion[]> {
  const { jobs } = await historyOf(asker, { size: 100 }, tools);
  return jobs
    .filter((job) => rankOf(typed)(`${job.code} ${job.brief.words}`) < Number.POSITIVE_INFINITY)
    .slice(0, limits.choices)
    .map((job) => ({
      name: clipTo(limits.choiceName, `${job.code} · ${titleOf(job)}`),
      value: job.code,
    }));
}

/** How well a name fits what was typed, best 0: it begins so, it contains it, it has its letters in this order. */
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
