import { z } from "zod";
import { createDeadline } from "../../core/deadline.ts";
import { sniffFormat } from "../../core/imaging.ts";
import { waitFor } from "../../core/wire/retry.ts";
import { Lines, Pacer, persist } from "../pacing.ts";
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
const pauses = { firstMs: 250, longestMs: 2_000, random: Math.random };

/** Who calls: https://docs.discord.com/developers/reference#user-agent */
const userAgent = "DiscordBot (drawbridge, 1.0)";

/** The API by fetch alone, within the limits that its answers tell: https://docs.discord.com/developers/topics/rate-limits */
export function fetchRest({ url, token, fetch, signal }: RestOptions): Rest {
  const buckets = new Buckets();
  const pacer = new Pacer();
  const lines = new Lines();

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
          "user-agent": userAgent,
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

  async function attempt(call: Call): Promise<unknown> {
    const heldMs = buckets.waitMs(call);
    if (heldMs > limits.patienceMs) throw limited(heldMs);
    if (heldMs > 0) await waitFor(heldMs, signal);
    if (!isAnswer(call)) await pacer.turn("bot", limits.callEveryMs, signal);
    const { response, text } = await request(call);
    buckets.learn(call, response.headers);
    if (response.ok) return jsonIn(text);
    const failure = refusalIn(response.status, text);
    const { waitMs } = failure;
    if (waitMs !== undefined && mayPass(failure)) {
      buckets.hold(bucketOf(call, response.headers), waitMs);
    }
    throw failure;
  }

  function repeated(call: Call): Promise<unknown> {
    let left = attempts;
    const failed = (error: unknown) => {
      const passes = error instanceof DiscordFailure && mayPass(error) && --left > 0;
      if (passes) return error.waitMs ?? 0;
      throw error;
    };
    return persist(() => attempt(call), { pauses, signal, failed });
  }

  return (call) => lines.run(bucketOf(call), () => repeated(call));
}

function formOf(body: object, files: readonly Upload[]): FormData {
  const form = new FormData();
  form.append("payload_json", JSON.stringify(body));
  for (const [index, { name, bytes }] of files.entries()) {
    const format = sniffFormat(bytes);
    const type = format === undefined ? "" : `image/${format}`;
    form.append(`files[${index}]`, new Blob([new Uint8Array(bytes)], { type }), name);
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
    const buckets = isAnswer(call) ? [bucketOf(call)] : [everywhere, bucketOf(call)];
    const freeAt = Math.max(...buckets.map((bucket) => this.#freeAt.get(bucket) ?? 0));
    return freeAt - performance.now();
  }

  hold(bucket: string, ms: number): void {
    const now = performance.now();
    for (const [old, at] of this.#freeAt) if (at <= now) this.#freeAt.delete(old);
    this.#freeAt.set(bucket, now + ms);
  }

  learn(call: Call, headers: Headers): void {
    if (headers.get("x-ratelimit-remaining") !== "0") return;
    this.hold(bucketOf(call), Number(headers.get("x-ratelimit-reset-after")) * 1000);
  }
}

/** The bucket of all calls that prove themselves by the bot's token. */
const everywhere = "bot";

/** Calls of the same kind about the same channel, server or interaction share their limits. */
function bucketOf({ method, route }: Call, headers?: Headers): string {
  if (headers?.get("x-ratelimit-global") === "true") return everywhere;
  const [about = ""] =
    /^\/(?:webhooks|interactions)\/[^/]+\/[^/]+|^\/[^/]+\/[^/]+/.exec(route) ?? [];
  return `${method} ${about}${route.slice(about.length).replace(/\/\d+/g, "/:id")}`;
}
