import type { Finding } from "../core/wire/probe.ts";
import type { Environment } from "./config.ts";
import { dependentVariables, unsetVariables } from "./providers.ts";
import { variables } from "./variables.ts";

/** Variables that mean nothing without another one, by how their names begin. */
const dependent: readonly (readonly [beginning: string, needed: string])[] = [
  ...dependentVariables,
  ["ENHANCE_", "ENHANCE_OPENAI_API_KEY"],
  ["DISCORD_", "DISCORD_TOKEN"],
  ["TELEGRAM_", "TELEGRAM_BOT_TOKEN"],
];

/** How our names begin: what else begins so is a slip of the pen. */
const ours = [...dependent.map(([beginning]) => beginning), "QUOTA_", "GATEWAY_"];

const known = Object.keys(variables.shape);

/** What is wrong with the names of an environment's variables: misspelt, set for nothing, or missing. */
export function examineNames(environment: Environment): Finding[] {
  const isSet = (name: string) => Boolean(environment[name]?.trim());
  const warn = (about: string, text: string): Finding => ({ level: "warning", about, text });
  const misspelt = Object.keys(environment)
    .filter((name) => isSet(name) && !known.includes(name))
    .flatMap((name) => {
      const near = nearest(name, known);
      const mine = near !== undefined || ours.some((beginning) => name.startsWith(beginning));
      const meant = near === undefined ? "is it misspelt?" : `is ${near} meant?`;
      return mine ? [warn(name, `is no variable of Drawbridge: ${meant}`)] : [];
    });
  const idle = known.flatMap((name) => {
    const needed = dependent.find(([beginning]) => name.startsWith(beginning))?.[1];
    const useless = needed !== undefined && !isSet(needed) && isChanged(name, environment[name]);
    return useless ? [warn(name, `means nothing without ${needed}.`)] : [];
  });
  const unset = isSet("MODELS_FILE") ? [] : unsetVariables(isSet);
  return [...misspelt, ...idle, ...unset.map(([name, text]) => warn(name, text))];
}

/** A copied example file sets much to what it is anyway. */
function isChanged(name: string, value: string | undefined): boolean {
  if (!value?.trim()) return false;
  const standard = variables.parse({})[name as keyof typeof variables.shape];
  return String(standard) !== value.trim();
}

/** The name that a misspelt one most likely stands for: a slip for each four letters is forgiven, three at most. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((one) => ({ one, slips: slipsBetween(name.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, slips }) => slips <= Math.min(3, Math.floor(one.length / 4)))
    .toSorted((a, b) => a.slips - b.slips);
  return best?.one;
}

/** How many letters were forgotten, added, changed or swapped with the next one. */
function slipsBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : changed;
      row.push(Math.min(changed, swapped, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
