import { type Config, ConfigError, readConfig } from "../config.ts";

/** What a Worker is given: variables, and bindings under other names. */
export type WorkerEnvironment = object;

/** Either the configuration, or what every request is answered with until it is mended. */
export type Opening =
  | { readonly config: Config }
  | { readonly closed: { readonly status: 401 | 503; readonly message: string } };

const openings = new WeakMap<object, Opening>();

/** Reads the variables of a Worker; once, as long as they are the same. */
export function openingOf(environment: WorkerEnvironment): Opening {
  const known = openings.get(environment) ?? read(environment);
  openings.set(environment, known);
  return known;
}

function read(environment: WorkerEnvironment): Opening {
  const all: [string, unknown][] = Object.entries(environment);
  const texts = all.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const variables = Object.fromEntries(texts);
  if (!variables["GATEWAY_API_KEY"]?.trim()) return { closed: { status: 401, message: noKey } };
  try {
    const config = readConfig(variables);
    const problems = problemsHere(config);
    if (problems.length > 0) throw new ConfigError(problems);
    return { config };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { closed: { status: 503, message: error.message } };
  }
}

const noKey =
  "GATEWAY_API_KEY is not set, so nobody is let in. Set it in the Worker's settings, under Variables and Secrets, and send the same as Authorization: Bearer …";

/** A Worker has six connections at once: https://developers.cloudflare.com/workers/platform/limits/ */
const mostSlots = 4;

function problemsHere({ SD_CONCURRENCY, IMAGES_OPENAI_CONCURRENCY = 0 }: Config): string[] {
  return Object.entries({ SD_CONCURRENCY, IMAGES_OPENAI_CONCURRENCY })
    .filter(([, slots]) => slots > mostSlots)
    .map(
      ([name]) => `${name}: must be at most ${mostSlots} in a Worker, which has few connections`,
    );
}

/** The answer of a Worker that is closed; pages of other origins may read it, and ask before. */
export function closedResponse(
  request: Request,
  { status, message }: Extract<Opening, { closed: object }>["closed"],
): Response {
  const cors = {
    "access-control-allow-origin": "*",
    "access-control-allow-headers":
      request.headers.get("access-control-request-headers") ?? "authorization, content-type",
    "access-control-allow-methods": "GET,HEAD,POST,OPTIONS",
  };
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: cors });
  const unset = status === 401;
  const type = unset ? "authentication_error" : "server_error";
  const code = unset ? "invalid_api_key" : "not_configured";
  const body = { error: { message, type, param: null, code } };
  const headers = { ...cors, ...(unset ? { "www-authenticate": "Bearer" } : {}) };
  return Response.json(body, { status, headers });
}
