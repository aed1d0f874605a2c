import type { EnhanceFailure } from "../enhance.ts";
import type { NoDetails } from "../errors.ts";
import { addressUnder } from "./base.ts";

/** What asking a service can come to, with what its sentence needs. None of it holds a secret. */
export interface FindingDetails {
  answers: NoDetails;
  "answers-error": { status: number };
  "answers-wrongly": { status: number };
  redirects: NoDetails;
  "not-openai": NoDetails;
  "key-accepted": { model: string };
  "model-unlisted": { model: string; variable: string };
  "key-refused": { variable: string };
  "key-untried": NoDetails;
  "key-costs": NoDetails;
  "browser-check": NoDetails;
  "no-service": { path: string; status: number };
  "no-path": { path: string };
  "token-refused": { platform: "Discord" | "Telegram" };
  "token-of": { bot: string };
  "leads-here": NoDetails;
  "leads-elsewhere": { status: number };
  unreachable: { reason: UnreachableReason; timeoutMs: number };
  enhances: { model: string };
  "does-not-enhance": { model: string; reason: EnhanceFailure };
}

/** What was found. */
export type FindingCode = keyof FindingDetails;

/** Why nothing answered. */
export type UnreachableReason =
  | "unknown-name"
  | "name-lookup"
  | "refused"
  | "broken"
  | "no-way"
  | "proxy"
  | "silent"
  | "certificate"
  | "other";

/** How bad it is, and what it is. */
export type Judgement = {
  readonly [Code in FindingCode]: {
    readonly level: "fine" | "warning" | "problem";
    readonly code: Code;
    readonly details: FindingDetails[Code];
  };
}[FindingCode];

/** One thing that was looked at. */
export type Finding = Judgement & {
  /** The variable that it is about. */
  readonly about: string;
};

/** A harmless request to an outside service: it costs nothing and changes nothing. */
export interface Probe {
  /** The variable that its answer is about. */
  readonly about: string;
  /** The variable that says where it is. */
  readonly address: string;
  /** May hold a secret, so it is never shown. */
  readonly url: string;
  /** GET unless told. */
  readonly method?: "POST";
  readonly body?: string;
  /** The base address, where the service may be found under its `/v1` instead. */
  readonly base?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The level of the finding when the service cannot be reached. */
  readonly unreachable: "warning" | "problem";
  readonly judge: (answer: Answer) => Judgement;
  /** What is asked and judged instead where this one is refused, but not for its key. */
  readonly instead?: Probe;
}

/** What a service answered to a probe. */
export interface Answer {
  readonly status: number;
  /** undefined when it is no JSON. */
  readonly json: unknown;
}

/** Without a problem. */
export const fine = judging("fine");

/** Something works but is risky. */
export const warning = judging("warning");

/** Something cannot work. */
export const problem = judging("problem");

function judging(level: Judgement["level"]) {
  return <Code extends FindingCode>(code: Code, details: FindingDetails[Code]) =>
    ({ level, code, details }) as Extract<Judgement, { code: Code }>;
}

/** A service that speaks OpenAI's protocol. */
export interface OpenaiService {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly model: string;
}

/** Asks for the list of models, which tries the key; `prefix` begins the names of the service's variables. */
export function openaiProbe(prefix: string, { apiKey, baseUrl, model }: OpenaiService): Probe {
  return {
    about: `${prefix}BASE_URL`,
    address: `${prefix}BASE_URL`,
    url: addressUnder(baseUrl, "models").href,
    base: baseUrl,
    headers: { authorization: `Bearer ${apiKey}` },
    unreachable: "problem",
    judge({ status, json }) {
      if (status === 401 || status === 403)
        return problem("key-refused", { variable: `${prefix}API_KEY` });
      if (status >= 500) return warning("answers-error", { status });
      if (status >= 400) return fine("key-untried", {});
      if (status >= 300) return problem("redirects", {});
      const models = modelsIn(json);
      if (!models) return problem("not-openai", {});
      if (models.includes(model)) return fine("key-accepted", { model });
      return warning("model-unlisted", { model, variable: `${prefix}MODEL` });
    },
  };
}

function modelsIn(json: unknown): unknown[] | undefined {
  const data = (json as { data?: unknown } | null | undefined)?.data;
  if (!Array.isArray(data)) return undefined;
  return data.map((row) => (row as { id?: unknown } | null)?.id);
}
