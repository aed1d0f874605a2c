import {
  DiscordAPIError,
  HTTPError,
  RateLimitError,
  RequestMethod,
  REST,
  type RESTOptions,
} from "discord.js";
import { z } from "zod";
import { consequences, DiscordFailure, failureOf } from "./errors.ts";
import { limits } from "./limits.ts";
import { type Call, isAnswer, jsonIn, type Rest, type RestOptions } from "./rest.ts";

/**
 * The API by discord.js, which knows all its limits. Answers to interactions do not count towards the bot's limit of fifty
 * requests a second.
 */
export function gatewayRest({ url, token, fetch }: Omit<RestOptions, "signal">): Rest {
  const makeRequest = checked(requestsBy(fetch));
  const bot = restAt(url, { makeRequest }).setToken(token);
  const answers = restAt(url, { makeRequest, globalRequestsPerSecond: Number.POSITIVE_INFINITY });
  return async (call) => {
    const { method, route: fullRoute, query, files = [], ...rest } = call;
    const request = {
      ...{ ...rest, fullRoute, method: methods[method], auth: !isAnswer(call) },
      query: new URLSearchParams(query),
      files: files.map(({ name, bytes: data }) => ({ name, data })),
    };
    try {
      return await (isAnswer(call) ? answers : bot).request(request);
    } catch (error) {
      throw refusalOf(error);
    }
  };
}

const methods = {
  GET: RequestMethod.Get,
  POST: RequestMethod.Post,
  PUT: RequestMethod.Put,
  PATCH: RequestMethod.Patch,
  DELETE: RequestMethod.Delete,
} as const satisfies Record<Call["method"], RequestMethod>;

function restAt(url: string, more: Partial<RESTOptions>): REST {
  return new REST({
    api: url,
    timeout: limits.requestMs,
    rejectOnRateLimit: (limit) => waitOf(limit) > limits.patienceMs,
    ...more,
  });
}

/**
 * A fetch for discord.js. Its own takes its dispatcher from the process's global undici, which may be another version
 * and refuse its files.
 */
export function requestsBy(fetch: typeof globalThis.fetch): RESTOptions["makeRequest"] {
  const request = (url: string, init: RequestInit) => fetch(url, init);
  return request as unknown as RESTOptions["makeRequest"];
}

/** Throws for a rate limit with an error code of its own: it is about this message alone, so waiting does not help. */
function checked(makeRequest: RESTOptions["makeRequest"]): RESTOptions["makeRequest"] {
  return async (...request) => {
    const response = await makeRequest(...request);
    if (response.status !== 429) return response;
    const text = await response.text();
    const { code } = coded.safeParse(jsonIn(text)).data ?? { code: 0 };
    if (consequences.has(code)) {
      throw new DiscordFailure("Discord limits edits of old messages", { code, status: 429 });
    }
    const headers = new Headers([...response.headers]);
    return new Response(text, { status: response.status, headers });
  };
}

const coded = z.object({ code: z.number() });

type Limit = Pick<RateLimitError, "retryAfter" | "timeToReset" | "sublimitTimeout">;

function waitOf({ retryAfter, timeToReset, sublimitTimeout }: Limit): number {
  return Math.max(retryAfter, timeToReset, sublimitTimeout);
}

/** Converts what discord.js throws, whose errors have addresses with tokens in them. */
export function refusalOf(error: unknown): DiscordFailure {
  if (error instanceof DiscordAPIError) {
    const { status, message } = error;
    return new DiscordFailure(`Discord refused: ${message}`, { code: Number(error.code), status });
  }
  if (error instanceof HTTPError) {
    return new DiscordFailure("Discord failed", { status: error.status });
  }
  if (error instanceof RateLimitError) {
    return new DiscordFailure("Discord wants us to wait", { status: 429, waitMs: waitOf(error) });
  }
  return failureOf(error);
}
