import { existsSync, readFileSync } from "node:fs";
import type { z } from "zod";
import { catalogueSchema, type Model } from "../core/catalogue.ts";
import { parseRules, type PolicyRule } from "../core/policy.ts";
import type { OpenaiService } from "../core/wire/probe.ts";
import { builtInModels, modelProblems, settingProblems, wireFields } from "./providers.ts";
import { type Variables, variables } from "./variables.ts";

/** Everything that is wrong with the configuration, each line naming its variable. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? "a problem" : "problems"}:\n${problems.map((problem) => `  ${problem}`).join("\n")}`,
    );
    this.problems = problems;
  }
}

export interface NamedKey {
  readonly name: string;
  readonly key: string;
  /** Several people use it, each named by the program that they use it with. */
  readonly shared?: true;
}

/** The configuration, checked and complete. Addresses have no trailing slash; times are milliseconds. */
export interface Config
  extends Readonly<
    Omit<Variables, "GATEWAY_API_KEY" | "OPERATORS" | "BLOCKED_WORDS_FILE" | "MODELS_FILE">
  > {
  /** undefined: make one and keep it. */
  readonly gatewayKeys: readonly NamedKey[] | undefined;
  readonly operators: ReadonlySet<string>;
  readonly models: readonly Model[];
  /** What replaces the enhancer's built-in instruction. */
  readonly instruction: string | undefined;
  readonly enhancer: OpenaiService | undefined;
  readonly policyRules: readonly PolicyRule[];
}

/** The environment with what `.env` in this directory adds to it. */
export function environmentWithFile(file = ".env"): Environment {
  if (existsSync(file)) process.loadEnvFile(file);
  return process.env;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the environment. Throws a ConfigError that names every problem at once, without any value of a secret. */
export function readConfig(environment: Environment = process.env): Config {
  const problems: string[] = [];
  const given = Object.entries(environment).flatMap(([name, value]) => {
    const trimmed = value?.trim();
    return trimmed ? [[name, trimmed] as const] : [];
  });
  const { data, error } = variables.safeParse(Object.fromEntries(given));
  for (const issue of error?.issues ?? []) problems.push(describe(issue));
  // What is wrong elsewhere shows with the others in their places, and those that are wrong at their defaults.
  const wrong = new Set(error?.issues.map(({ path }) => path[0]));
  const usable =
    data ?? variables.parse(Object.fromEntries(given.filter(([name]) => !wrong.has(name))));

  const reader = new Reader(usable, problems);
  const { GATEWAY_API_KEY, OPERATORS, BLOCKED_WORDS_FILE, MODELS_FILE, ...rest } = usable;
  const config: Config = {
    ...rest,
    gatewayKeys: reader.gatewayKeys(),
    operators: new Set(OPERATORS),
    models: reader.models(),
    instruction: reader.instruction(),
    enhancer: reader.enhancer(),
    policyRules: reader.policyRules(),
  };
  reader.checkTogether();
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}

function describe({ path, message }: z.core.$ZodIssue): string {
  return path.length > 0 ? `${path.map(String).join(".")}: ${message}` : message;
}

/** Reads what more than one variable, or a file, decides. */
class Reader {
  readonly #given: Variables;
  readonly #problems: string[];

  constructor(given: Variables, problems: string[]) {
    this.#given = given;
    this.#problems = problems;
  }

  gatewayKeys(): NamedKey[] | undefined {
    const { GATEWAY_API_KEY } = this.#given;
    if (GATEWAY_API_KEY === undefined) return undefined;
    const keys = GATEWAY_API_KEY.split(",").map((entry, index) => toNamedKey(entry.trim(), index));
    const names = keys.map(({ name }) => name);
    if (keys.some(({ name, key }) => name === "" || key === "")) {
      this.#problem(
        "GATEWAY_API_KEY",
        "has an empty name or key; write key, or name:key,name:key:shared",
      );
    }
    if (new Set(names).size < names.length) {
      this.#problem("GATEWAY_API_KEY", "gives the same name to two keys");
    }
    if (keys.some(({ key }) => /[^\x21-\x7e]/.test(key))) {
      this.#problem("GATEWAY_API_KEY", "has a key that no header can carry; use ASCII, no spaces");
    }
    return keys;
  }

  models(): Model[] {
    const { MODELS_FILE } = this.#given;
    if (MODELS_FILE === undefined) return builtInModels(this.#given);
    const schema = catalogueSchema(wireFields);
    const models = this.#json("MODELS_FILE", MODELS_FILE, schema)?.models ?? [];
    for (const model of models) {
      for (const problem of modelProblems(model, this.#given)) this.#problem(...problem);
    }
    return models;
  }

  instruction(): string | undefined {
    const { ENHANCE_SYSTEM_PROMPT_FILE } = this.#given;
    return ENHANCE_SYSTEM_PROMPT_FILE === undefined
      ? undefined
      : this.#file("ENHANCE_SYSTEM_PROMPT_FILE", ENHANCE_SYSTEM_PROMPT_FILE);
  }

  enhancer(): OpenaiService | undefined {
    const { ENHANCE_OPENAI_API_KEY, ENHANCE_OPENAI_BASE_URL, ENHANCE_OPENAI_MODEL } = this.#given;
    if (ENHANCE_OPENAI_API_KEY === undefined) return undefined;
    const [apiKey, baseUrl, model] = [
      ENHANCE_OPENAI_API_KEY,
      ENHANCE_OPENAI_BASE_URL,
      ENHANCE_OPENAI_MODEL,
    ];
    return { apiKey, baseUrl, model };
  }

  policyRules(): readonly PolicyRule[] {
    const { BLOCKED_WORDS_FILE } = this.#given;
    if (BLOCKED_WORDS_FILE === undefined) return [];
    const text = this.#file("BLOCKED_WORDS_FILE", BLOCKED_WORDS_FILE);
    if (text === undefined) return [];
    const { rules, problems } = parseRules(text);
    for (const problem of problems) this.#problem("BLOCKED_WORDS_FILE", problem);
    return rules;
  }

  /** Things that only fail much later when they are wrong together. */
  checkTogether(): void {
    for (const problem of settingProblems(this.#given)) this.#problem(...problem);
    const { DATABASE_URL, TELEGRAM_WEBHOOK_URL, TELEGRAM_WEBHOOK_SECRET } = this.#given;
    if (DATABASE_URL !== undefined) {
      this.#problem("DATABASE_URL", "is not supported yet; leave it empty for the embedded SQLite");
    }
    if (TELEGRAM_WEBHOOK_URL !== undefined && TELEGRAM_WEBHOOK_SECRET === undefined) {
      this.#problem("TELEGRAM_WEBHOOK_SECRET", "is needed when TELEGRAM_WEBHOOK_URL is set");
    }
  }

  #json<Schema extends z.ZodType>(variable: string, path: string, schema: Schema) {
    const text = this.#file(variable, path);
    if (text === undefined) return undefined;
    try {
      const parsed = schema.safeParse(JSON.parse(text));
      for (const issue of parsed.error?.issues ?? []) {
        this.#problem(variable, `${path}: ${describe(issue)}`);
      }
      return parsed.data;
    } catch (error) {
      // The rest of the message quotes the file, which may be one with secrets in it.
      const place = / at position .*/.exec(reasonOf(error))?.[0] ?? "";
      this.#problem(variable, `${path} is not JSON${place}`);
      return undefined;
    }
  }

  /** undefined, and a problem, where there is nothing to read. */
  #file(variable: string, path: string): string | undefined {
    try {
      const text = readFileSync(path, "utf8").trim();
      if (text !== "") return text;
      this.#problem(variable, `${path} is empty`);
    } catch (error) {
      this.#problem(variable, `cannot be read: ${reasonOf(error)}`);
    }
    return undefined;
  }

  #problem(variable: string, problem: string): void {
    this.#problems.push(`${variable}: ${problem}`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function toNamedKey(entry: string, index: number): NamedKey {
  const colon = entry.indexOf(":");
  if (colon < 0) return { name: index === 0 ? "default" : `key${index + 1}`, key: entry };
  const name = entry.slice(0, colon).trim();
  const key = entry.slice(colon + 1).trim();
  const [, alone] = /^(.*):shared$/s.exec(key) ?? [];
  return alone === undefined ? { name, key } : { name, key: alone.trim(), shared: true };
}
