import type { Line } from "./findings.ts";
import type { Environment } from "./config.ts";
import { doubtfulLines, misnamedFile } from "./env-file.ts";
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

const warn = (about: string, text: string): Line => ({ level: "warning", about, text });

/** What is wrong with the names of an environment's variables: misspelt, set for nothing, or missing. */
export function examineNames(environment: Environment): Line[] {
  const isSet = (name: string) => Boolean(environment[name]?.trim());
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

/** What is wrong with a `.env` file: its name, and lines that do not set what they name. */
export function examineFile(file = ".env"): Line[] {
  const misnamed = misnamedFile(file);
  return [
    ...(misnamed === undefined ? [] : [warn(misnamed, `is not read: name it ${file}.`)]),
    ...doubtfulLines(file, known).map(({ name, number, fault }) => {
      const place = `line ${number} of ${file}`;
      return fault === "unset"
        ? warn(name, `is not set by ${place}: write ${name}=… there.`)
        : warn(
            name,
            `is set by ${place} to what stands before the #: put all of it in quotation marks.`,
          );
    }),
  ];
}

/** A copied example file sets much to what it is anyway. */
function isChanged(name: string, value: string | undefined): boolean {
  if (!value?.trim()) return false;
  const standard = standards[name as keyof typeof standards];
  return (typeof standard === "object" ? "" : String(standard)) !== value.trim();
}
