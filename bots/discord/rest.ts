import { z } from "zod";
import { createDeadline } from "../../core/deadline.ts";
import { backoffMs } from "../../core/wire/backoff.ts";
import { waitFor } from "../../core/wire/retry.ts";
import { consequences, DiscordFailure } from "./errors.ts";
import { limits } from "./limits.ts";

/** A file that goes with a call. */
export interface Upload {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One call of Discord's REST API. */
export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The path below the version of the API. */
  readonly route: `/${string}`;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly files?: readonly Upload[];
}

/** Makes a call when the rate limits allow it, and resolves with the JSON of its answer. Throws DiscordFailure. */
export type Rest = (call: Call) => Promise<unknown>;

/** Whether a call answers an interaction: it proves itself by the token in its path, and the bot's limit does not count. */
export function isAnswer({ route }: Call): boolean {
  return /^\/(?:webhooks|interactions)\//.test(route);
}

/** Where and as which bot to call Discord. */
export interface RestOptions {
  /** The REST API without its version and a trailing slash. */
  readonly url: string;
  readonly token: string;
  readonly fetch: typeof globalThis.fetch;
  /** Ends every wait. */
  readonly signal: AbortSignal;
}

const attempts = 4;
const backoff = { firstMs: 250, longestMs: 2_000, random: Math.random };

/** The API by fetch alone, within the limits that its answers tell: https://docs.discord.com/developers/topics/rate-limits */
export function fetchRest({ url, token, fetch, signal }: RestOptions): Rest {
  const buckets = new Buckets();

  async function request(call: Call) {
    const { method, route, query, body, files = [] } = call;
    const address = new URL(`${url}/v10${route}`);
    address.search = new URLSearchParams(query).toString();
    const deadline = createDeadline(limits.requestMs);
    deadline.follow(signal);
    try {
      const response = await fetch(address, {
        method,
        headers: {
          ...(isAnswer(call) ? {} : { authorization: `Bot ${token}` }),
          ...(body && files.length === 0 ? { "content-type": "application/json" } : {}),
        },
        ...(body ? { body: files.length > 0 ? formOf(body, files) : JSON.stringify(body) } : {}),
        signal: deadline.signal,
      });
      return { response, text: await response.text() };
    } finally {
      deadline.clear();
    }
  }

  return async (call) => {
    for (let attempt = 1; ; attempt++) {
      const heldMs = buckets.waitMs(call);
      if (heldMs > limits.patienceMs) throw limited(heldMs);
      if (heldMs > 0) await waitFor(heldMs, signal);
      const { response, text } = await request(call);
      buckets.learn(call, response.headers);
      if (response.ok) return jsonIn(text);
      const failure = refusalIn(response.status, text);
      if (attempt === attempts || !mayPass(failure)) throw failure;
      if (failure.waitMs === undefined) await waitFor(backoffMs(attempt, backoff), signal);
      else buckets.hold(call, failure.waitMs);
    }
  };
}

function formOf(body: object, files: readonly Upload[]): FormData {
  const form = new FormData();
  form.append("payload_json", JSON.stringify(body));
  for (const [index, { name, bytes }] of files.entries()) {
    form.append(`files[${index}]`, new Blob([new Uint8Array(bytes)]), name);
  }
  return form;
}

// === Failures

const refused = z.object({
  code: z.number().default(0),
  message: z.string().default(""),
  retry_after: z.number().optional(),
});

function refusalIn(status: number, text: string): DiscordFailure {
  const { code, message, retry_after: seconds } = refused.safeParse(jsonIn(text)).data ?? {};
  if (status === 429 && !consequences.has(code ?? 0)) return limited((seconds ?? 1) * 1000);
  const sentence = message ? `Discord refused: ${message}` : "Discord failed";
  return new DiscordFailure(sentence, { code: code ?? 0, status });
}

function limited(waitMs: number): DiscordFailure {
  return new DiscordFailure("Discord wants us to wait", { status: 429, waitMs });
}

/** A rate limit with an error code of its own is about one message alone, so waiting does not help. */
function mayPass({ status, waitMs = Number.POSITIVE_INFINITY }: DiscordFailure): boolean {
  return status === 429 ? waitMs <= limits.patienceMs : status >= 500;
}

/** The value of a text of JSON; undefined for any other text. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// === Rate limits

/** When calls may be made again, by what they have in common. */
class Buckets {
  readonly #freeAt = new Map<string, number>();

  /** How long a call has to wait. */
  waitMs(call: Call): number {
    return (this.#freeAt.get(bucketOf(call)) ?? 0) - performance.now();
  }

  hold(call: Call, ms: number): void {
    const now = performance.now();
    for (const [bucket, at] of this.#freeAt) if (at <= now) this.#freeAt.delete(bucket);
    this.#freeAt.set(bucketOf(call), now + ms);
  }

  learn(call: Call, headers: Headers): void {
    if (headers.get("x-ratelimit-remaining") !== "0") return;
    this.hold(call, Number(headers.get("x-ratelimit-reset-after")) * 1000);
  }
}

/** Calls of the same kind about the same channel, server or interaction share their limits. */
function bucketOf({ method, route }: Call): string {
  const [about = ""] =
    /^\/(?:webhooks|interactions)\/[^/]+\/[^/]+|^\/[^/]+\/[^/]+/.exec(route) ?? [];
  return `${method} ${about}${route.slice(about.length).replace(/\/\d+/g, "/:id")}`;
}
