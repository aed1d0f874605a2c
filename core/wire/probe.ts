import { addressUnder } from "./base.ts";

/** One thing that was looked at, in a sentence that holds no secret. */
export interface Finding {
  readonly level: "fine" | "warning" | "problem";
  /** The variable that it is about, or a name for several. */
  readonly about: string;
  readonly text: string;
}

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
  readonly judge: (answer: Answer) => Omit<Finding, "about">;
  /** What is asked and judged instead where there is nothing (404). */
  readonly instead?: Probe;
}

/** What a service answered to a probe. */
export interface Answer {
  readonly status: number;
  /** undefined when it is no JSON. */
  readonly json: unknown;
}

/** A finding without a problem. */
export function fine(text: string) {
  return { level: "fine", text } as const;
}

/** A finding about something that works but is risky. */
export function warning(text: string) {
  return { level: "warning", text } as const;
}

/** A finding about something that cannot work. */
export function problem(text: string) {
  return { level: "problem", text } as const;
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
      if (status === 401 || status === 403) return problem(`does not accept ${prefix}API_KEY.`);
      if (status >= 500) return warning(`answers ${status}: the service may be down.`);
      if (status >= 400) return fine("answers, but has no list of models to try the key on.");
      if (status >= 300)
        return problem("answers with a redirect: set the address that it leads to.");
      const models = modelsIn(json);
      if (!models)
        return problem("does not answer like OpenAI's API: does the address end in /v1?");
      if (models.includes(model)) return fine(`accepts the key and has the model ${model}.`);
      return warning(`accepts the key but does not list ${model}: check ${prefix}MODEL.`);
    },
  };
}

function modelsIn(json: unknown): unknown[] | undefined {
  const data = (json as { data?: unknown } | null | undefined)?.data;
  if (!Array.isArray(data)) return undefined;
  return data.map((row) => (row as { id?: unknown } | null)?.id);
}
