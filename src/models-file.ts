import type { z } from "zod";
import {
  catalogueSchema,
  type Model,
  modelFieldNames,
  modelSchema,
  repeatedNames,
} from "../core/catalogue.ts";
import { brokenLineOf, faultIn, linesIn } from "./json-lines.ts";
import { nearest } from "./nearest.ts";
import { modelProblems, type Surroundings, wireFields } from "./providers.ts";

/** What is read of a `MODELS_FILE`. */
export interface ModelsRead {
  readonly models: readonly Model[];
  /** A variable, and a sentence about it. */
  readonly problems: readonly (readonly [variable: string, problem: string])[];
}

type Path = readonly PropertyKey[];

const schema = catalogueSchema(wireFields);

/** Reads the catalogue in a file's text, and finds everything that is wrong with it at once, each with its line. */
export function readModels(text: string, file: string, settings: Surroundings): ModelsRead {
  const at = (line: number, problem: string) =>
    ["MODELS_FILE", `${problem} (${file}, line ${line})`] as const;
  const value = parsed(text);
  // What the parser says would quote the file, which may be another one with secrets in it.
  if (value === undefined) {
    const fault = faultIn(text);
    const problem = fault === undefined ? "is not JSON" : `is not JSON: ${fault}`;
    return { models: [], problems: [at(brokenLineOf(text), problem)] };
  }
  const lineOf = linesIn(text);
  const issues = schema.safeParse(value).error?.issues ?? [];
  const rows = usableRows(value, issues);
  const models = rows.map(({ model }) => model);
  return {
    models,
    problems: [
      ...issues.flatMap(sentencesOf).map(({ path, text }) => at(lineOf(path), text)),
      ...repeatedNames(namesIn(value)).map(({ name, index }) =>
        at(lineOf(["models", index]), `the name "${name}" is given to two models`),
      ),
      ...rows.flatMap(({ model, index, wrong }) =>
        modelProblems(model, settings).flatMap(([variable, problem, field]) => {
          if (field === undefined) return [[variable, problem] as const];
          return wrong.includes(field) ? [] : [at(lineOf(["models", index, field]), problem)];
        }),
      ),
    ],
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

// === What the schema finds

interface Sentence {
  readonly path: Path;
  readonly text: string;
}

const knownFields = [
  ...["models", "default", "min", "max", "longestSide"],
  ...modelFieldNames,
  ...Object.keys(wireFields),
];

function sentencesOf(issue: z.core.$ZodIssue): Sentence[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const near = nearest(key, knownFields);
      const meant = near === undefined || near === key ? "" : `: is "${near}" meant?`;
      return { path: [...path, key], text: `"${key}" is no field of ${placeOf(path)}${meant}` };
    });
  }
  return [{ path, text: `${placeOf(path)} ${complaintOf(issue)}` }];
}

/** `"steps.min" of the model 2`; the whole file where the path is empty. */
function placeOf(path: Path): string {
  const [list, index, ...fields] = path;
  if (list === undefined) return "the file";
  if (index === undefined) return `"${String(list)}"`;
  const model = `the ${ordinal(Number(index) + 1)} model`;
  return fields.length === 0 ? model : `"${fields.map(String).join(".")}" of ${model}`;
}

const endings = { one: "st", two: "nd", few: "rd", other: "th", many: "th", zero: "th" } as const;
const ordinals = new Intl.PluralRules("en", { type: "ordinal" });

function ordinal(number: number): string {
  return `${number}${endings[ordinals.select(number)]}`;
}

const kinds: Readonly<Record<string, string>> = {
  string: "text in quotation marks",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list in square brackets",
  object: "an object in curly brackets",
  record: "an object in curly brackets",
};

function complaintOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type": {
      const kind = kinds[issue.expected] ?? issue.expected;
      return issue.message.includes("received undefined")
        ? `is missing: ${kind}`
        : `must be ${kind}`;
    }
    case "too_small":
      return issue.origin === "number" || issue.origin === "int"
        ? `must be at least ${issue.minimum}`
        : "must not be empty";
    case "too_big":
      return issue.origin === "number" || issue.origin === "int"
        ? `must be at most ${issue.maximum}`
        : `must not be longer than ${issue.maximum}`;
    default:
      return saidOf(issue);
  }
}

/** What the schema's own words say. */
function saidOf(issue: z.core.$ZodIssue): string {
  const said = issue.code === "invalid_key" ? issue.issues[0]?.message : issue.message;
  return said?.startsWith("must ") ? said : `is wrong: ${said}`;
}

// === What is left without it

/** The names of all models, also of those that nothing else is right with. */
function namesIn(value: unknown) {
  return modelsIn(value).map((row, index) => {
    const { id, aliases } = (row ?? {}) as { id?: unknown; aliases?: unknown };
    const names = [id, aliases].flat().filter((name) => typeof name === "string");
    return { id: names[0] ?? `model ${index + 1}`, aliases: names.slice(1) };
  });
}

function modelsIn(value: unknown): readonly unknown[] {
  const list = (value as { models?: unknown } | null)?.models;
  return Array.isArray(list) ? list : [];
}

/** The models of a file without what the schema does not take of them, so that the rest is looked at, too. */
function usableRows(
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
): readonly { readonly model: Model; readonly index: number; readonly wrong: string[] }[] {
  return modelsIn(value).flatMap((row, index) => {
    const own = issues.filter(({ path: [, at] }) => at === index);
    const wrong = own.flatMap((issue) =>
      issue.path.length > 2
        ? [String(issue.path[2])]
        : issue.code === "unrecognized_keys"
          ? issue.keys
          : [],
    );
    const fields = typeof row === "object" && row !== null ? Object.entries(row) : [];
    const left = Object.fromEntries(fields.filter(([name]) => !wrong.includes(name)));
    const { data: model } = modelSchema.safeParse({ id: `model ${index + 1}`, ...left });
    return model ? [{ model, index, wrong }] : [];
  });
}
