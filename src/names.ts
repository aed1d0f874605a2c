import type { Line } from "./findings.ts";
import type { Environment } from "./config.ts";
import { idleLines } from "./env-file.ts";
import { nearest } from "./nearest.ts";
import { dependentVariables, unsetVariables } from "./providers.ts";
import { keptIn } from "./storage/kept.ts";
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

const standards = variables.parse({});

/** What is wrong with the names of an environment's variables: misspelt, set for nothing, or missing. */
export function examineNames(environment: Environment): Line[] {
  const isSet = (name: string) => Boolean(environment[name]?.trim());
  const warn = (about: string, text: string): Line => ({ level: "warning", about, text });
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
  const directory = environment["DATA_DIR"]?.trim() || standards.DATA_DIR;
  const unset = isSet("MODELS_FILE") ? [] : unsetVariables(isSet, keptIn(directory));
  return [...misspelt, ...idle, ...unset.map(([name, text]) => warn(name, text))];
}

/** The lines of a `.env` file that name one of our variables and do not set it. */
export function examineFile(file = ".env"): Line[] {
  return idleLines(file, known).map(({ name, number }) => ({
    level: "warning",
    about: name,
    text: `is not set by line ${number} of ${file}: write ${name}=… there.`,
  }));
}

/** A copied example file sets much to what it is anyway. */
function isChanged(name: string, value: string | undefined): boolean {
  if (!value?.trim()) return false;
  const standard = standards[name as keyof typeof standards];
  return (typeof standard === "object" ? "" : String(standard)) !== value.trim();
}
