import { namedText } from "#runtime";
import type { z } from "zod";
import type { Model } from "../core/catalogue.ts";
import { parseRules, type PolicyRule } from "../core/policy.ts";
import type { OpenaiService } from "../core/wire/probe.ts";
import type { NamedKey } from "./http/keys.ts";
import { type Proxies, proxiesIn, proxyProblems } from "./proxies.ts";
import { readModels } from "./models-file.ts";
import { asServed, builtInModels, settingProblems } from "./providers.ts";
import { reasonOf } from "./storage/errors.ts";
import { fleetProblems } from "./fleet-config.ts";
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

/** The configuration, checked and complete. Addresses have no trailing slash; times are milliseconds. */
export interface Config
  extends Readonly<
    Omit<Variables, "GATEWAY_API_KEY" | "OPERATORS" | "BLOCKED_WORDS_FILE" | "MODELS_FILE">
  > {
  /** undefined: generate a key and keep it. */
  readonly gatewayKeys: readonly NamedKey[] | undefined;
  readonly operators: ReadonlySet<string>;
  readonly models: readonly Model[];
  /** What replaces the enhancer's built-in instruction. */
  readonly instruction: string | undefined;
  readonly enhancer: OpenaiService | undefined;
  readonly policyRules: readonly PolicyRule[];
  /** What the usual variables name, such as HTTPS_PROXY. */
  readonly proxies: Proxies | undefined;
}

/** Variables by their names. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the environment. Throws a ConfigError that names every problem at once, without any value of a secret. */
export function readConfig(environment: Environment = process.env): Config {
  const problems: string[] = [];
  const given = Object.entries(environment).flatMap(([name, value]) => {
    const trimmed = value?.trim();
    return trimmed ? [[name, trimmed] as const] : [];
  });
  const { data, error } = variables.safeParse(Object.fromEntries(given));
  for (const issue of error?.issues ?? []) problems.push(describe(issue));
  // Invalid variables take their defaults, so that the checks below can still find the problems of the others.
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
    proxies: proxiesIn(environment),
  };
  for (const [name, problem] of proxyProblems(config.proxies)) problems.push(`${name}: ${problem}`);
  reader.checkTogether(config.models.length);
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}

function describe({ path, message }: z.core.$ZodIssue): string {
  return path.length > 0 ? `${path.map(String).join(".")}: ${message}` : message;
}

/** Reads the settings that depend on several variables or on a file. */
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

  models(): readonly Model[] {
    const { MODELS_FILE } = this.#given;
    return this.#namedModels(MODELS_FILE).map((model) => asServed(model, this.#given));
  }

  #namedModels(MODELS_FILE: string | undefined): readonly Model[] {
    if (MODELS_FILE === undefined) return builtInModels(this.#given);
    const text = this.#file("MODELS_FILE", MODELS_FILE);
    if (text === undefined) return [];
    const { models, problems } = readModels(text, MODELS_FILE, this.#given);
    for (const problem of problems) this.#problem(...problem);
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
    return {
      apiKey: ENHANCE_OPENAI_API_KEY,
      baseUrl: ENHANCE_OPENAI_BASE_URL,
      model: ENHANCE_OPENAI_MODEL,
    };
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

  /** Checks combinations of variables that would otherwise fail only later. */
  checkTogether(modelCount: number): void {
    for (const [name, problem] of settingProblems(this.#given)) this.#problem(name, problem);
    if (modelCount === 0 && this.#problems.length === 0) {
      this.#problem("SD_API_KEY", "is needed: nothing paints here without an image service");
    }
    const { TELEGRAM_WEBHOOK_URL, TELEGRAM_WEBHOOK_SECRET } = this.#given;
    for (const [name, problem] of fleetProblems(this.#given)) this.#problem(name, problem);
    if (TELEGRAM_WEBHOOK_URL !== undefined && TELEGRAM_WEBHOOK_SECRET === undefined) {
      this.#problem("TELEGRAM_WEBHOOK_SECRET", "is needed when TELEGRAM_WEBHOOK_URL is set");
    }
  }

  /** undefined, and a problem, where there is nothing to read. */
  #file(variable: string, path: string): string | undefined {
    try {
      const text = namedText(path)
        .replace(/^\ufeff/, "")
        .trimEnd();
      const isText = !/\u0000|^\ufffd/.test(text);
      if (text !== "" && isText) return text;
      this.#problem(variable, `${path} is ${isText ? "empty" : "not in UTF-8: save it so"}`);
    } catch (error) {
      this.#problem(variable, `cannot be read: ${reasonOf(error)}`);
    }
    return undefined;
  }

  #problem(variable: string, problem: string): void {
    this.#problems.push(`${variable}: ${problem}`);
  }
}

function toNamedKey(entry: string, index: number): NamedKey {
  const colon = entry.indexOf(":");
  if (colon < 0) return { name: index === 0 ? "default" : `key${index + 1}`, key: entry };
  const name = entry.slice(0, colon).trim();
  const key = entry.slice(colon + 1).trim();
  const [, alone] = /^(.*):shared$/s.exec(key) ?? [];
  return alone === undefined ? { name, key } : { name, key: alone.trim(), shared: true };
}
