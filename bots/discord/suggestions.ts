import { titleOf } from "../screen.ts";
import { type Actor, type ChatTools, historyOf } from "../use-cases.ts";
import { limits } from "./limits.ts";
import { clipTo } from "./text.ts";

/** A value that may be suggested: what is shown of it, and the texts that are searched for what was typed. */
interface Candidate {
  readonly value: string;
  readonly name: string;
  readonly searched: readonly string[];
}

/** The values that an option may have, those to suggest first at the beginning. */
type Candidates = (tools: ChatTools, actor: Actor) => Promise<readonly Candidate[]>;

/** What can be suggested: presets, the person's own first; models; and the person's 100 newest jobs. */
export const candidates = {
  async presets({ studio }, actor) {
    const presets = await studio.presets.list(actor);
    return presets.map(([, { name, words }]) => ({
      value: name,
      name: `${name} · ${words.replace(/\s+/g, " ")}`,
      searched: [name],
    }));
  },

  async models({ catalogue }) {
    const short = catalogue.models.filter(({ id }) => id.length <= limits.choiceName);
    return short.map(({ id, aliases }) => ({ value: id, name: id, searched: [id, ...aliases] }));
  },

  async codes(tools, actor) {
    const { jobs } = await historyOf(actor, { size: 100 }, tools);
    return jobs.map((job) => ({
      value: job.code,
      name: `${job.code} · ${titleOf(job)}`,
      searched: [`${job.code} ${job.brief.words}`],
    }));
  },
} as const satisfies Readonly<Record<string, Candidates>>;

/** Those that match what was typed; of models the best match first. */
export async function suggestions(
  of: keyof typeof candidates,
  typed: string,
  { tools, actor }: { readonly tools: ChatTools; readonly actor: Actor },
) {
  const all = await candidates[of](tools, actor);
  const ranked = all
    .map(({ searched, ...one }) => ({ ...one, rank: Math.min(...searched.map(rankOf(typed))) }))
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY);
  const sorted = of === "models" ? ranked.toSorted((a, b) => a.rank - b.rank) : ranked;
  return sorted
    .slice(0, limits.choices)
    .map(({ name, value }) => ({ name: clipTo(limits.choiceName, name), value }));
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
