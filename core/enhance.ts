import pLimit from "p-limit";
import { createDeadline, orAborted } from "./deadline.ts";
import { completionRequest } from "./enhance/ask.ts";
import { oneLine } from "./enhance/answer.ts";
import { type ReplyFailure, readReply } from "./enhance/reply.ts";
import { BodyTooLarge, dropBody, type Fetch, readCapped } from "./wire/fetch.ts";
import { masked, maskQuotes } from "./prompt/quotes.ts";
import type { ListedRatio } from "./request.ts";

/** What became of the person's words on their way to the image model. */
export type Enhancement =
  /** No enhancer is configured. */
  | { readonly status: "off" }
  /** The person asked for their own words. */
  | { readonly status: "declined" }
  /** Longer than what an LLM is asked about; lengths are in UTF-16 units. */
  | { readonly status: "skipped"; readonly characters: number; readonly limit: number }
  | { readonly status: "enhanced"; readonly model: string; readonly usage: TokenUsage }
  | { readonly status: "failed"; readonly reason: EnhanceFailure };

export type EnhanceFailure =
  | "timed-out"
  /** No connection, or one that broke before the reply was there. */
  | "unreachable"
  /** 401 or 403 */
  | "bad-key"
  /** 429 */
  | "rate-limited"
  /** Any other HTTP status that is not a success; redirects are not followed. */
  | "refused"
  /** The reply is longer than 256 KiB. */
  | "oversized"
  | ReplyFailure;

export interface TokenUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** What the image model will be told. `prompt` is the person's own words unless the status is "enhanced". */
export interface Wording {
  readonly prompt: string;
  /** Only where the person chose none. */
  readonly suggestedRatio?: ListedRatio;
  readonly enhancement: Enhancement;
}

export interface EnhanceAsk {
  /** Without their directives. */
  readonly words: string;
  /** The ratio that the person chose; none is suggested then. */
  readonly ratio?: string;
  /** Cancels the work, also while it waits for others. */
  readonly signal: AbortSignal;
}

/**
 * Turns a person's words into what an image model paints well. Whatever fails, the wording holds their own words and
 * says why; it rejects with the reason of the signal alone.
 */
export type Enhancer = (ask: EnhanceAsk) => Promise<Wording>;

export interface EnhancerOptions {
  /** With or without a slash at its end; without a user name and password, which fetch takes in no URL. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  /** For the headers and the body of one reply, counted from when it is asked for. */
  readonly timeoutMs: number;
  /** Replaces the built-in instruction; it should ask for the same JSON. */
  readonly instruction?: string;
  /** How many replies may be awaited at once. */
  readonly concurrency?: number;
  readonly fetch: Fetch;
}

const maxWords = 4000;
const maxReplyBytes = 256 * 1024;

/** Asks any service with OpenAI's `POST …/chat/completions`, once. */
export function openaiEnhancer(options: EnhancerOptions): Enhancer {
  const url = completionsUrl(options.baseUrl);
  const turns = pLimit(options.concurrency ?? 4);

  return async (ask) => {
    ask.signal.throwIfAborted();
    const { words } = ask;
    if (words.length > maxWords) {
      const skipped = { status: "skipped", characters: words.length, limit: maxWords } as const;
      return { prompt: words, enhancement: skipped };
    }
    const reply = await orAborted(
      turns(() => fetchReply(url, ask, options)),
      ask.signal,
    );
    return wordingOf(reply, ask, options.model);
  };
}

/** Keeps the query, where some services want their version. */
function completionsUrl(baseUrl: string): URL {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/chat/completions`;
  return url;
}

type FetchedReply = { readonly body: string } | { readonly failure: EnhanceFailure };

async function fetchReply(
  url: URL,
  { words, ratio, signal }: EnhanceAsk,
  { fetch, apiKey, model, timeoutMs, instruction }: EnhancerOptions,
): Promise<FetchedReply> {
  // Cancelled while it waited for its turn.
  signal.throwIfAborted();
  const deadline = createDeadline(timeoutMs);
  deadline.follow(signal);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
      body: JSON.stringify(completionRequest({ words, ratio, model, instruction })),
      signal: deadline.signal,
      redirect: "manual",
    });
    if (!response.ok) {
      dropBody(response);
      return { failure: failureOfStatus[response.status] ?? "refused" };
    }
    return { body: new TextDecoder().decode(await readCapped(response, maxReplyBytes)) };
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.signal.aborted) return { failure: "timed-out" };
    return { failure: error instanceof BodyTooLarge ? "oversized" : "unreachable" };
  } finally {
    deadline.clear();
  }
}

const failureOfStatus: Readonly<Record<number, EnhanceFailure>> = {
  401: "bad-key",
  403: "bad-key",
  429: "rate-limited",
};

function wordingOf(fetched: FetchedReply, { words, ratio }: EnhanceAsk, model: string): Wording {
  const reply = "body" in fetched ? readReply(fetched.body) : fetched;
  if ("failure" in reply) {
    return { prompt: words, enhancement: { status: "failed", reason: reply.failure } };
  }
  const { answer, usage } = reply;
  return {
    prompt: keepQuoted(answer.prompt, words),
    ...(answer.ratio && ratio === undefined ? { suggestedRatio: answer.ratio } : {}),
    enhancement: { status: "enhanced", model, usage },
  };
}

/** The prompt with every text that the words quote: one that the LLM dropped or translated is added at its end. */
export function keepQuoted(prompt: string, words: string): string {
  const painted = folded(prompt);
  const missing = quotedTexts(words).filter((text) => !painted.includes(folded(text)));
  if (missing.length === 0) return prompt;
  const noun = missing.length === 1 ? "text" : "texts";
  const texts = missing.map((text) => `"${text}"`).join(" and ");
  return `${prompt.replace(/[\s.,;:。，；：]{1,9}$/u, "")}, with the ${noun} ${texts}`;
}

/**
 * Marks around everything that was said only wrap it, and two or more 【】 that begin parts of it are headings: they ask
 * for no text in the picture.
 */
function quotedTexts(words: string): readonly string[] {
  const headings = words.match(heading)?.length ?? 0;
  const mask = maskQuotes(headings > 1 ? words.replace(heading, blanked) : words);
  if (!/[\p{L}\p{N}]/u.test(mask) && mask.match(quotedRun)?.length === 1) return [];
  const texts = Array.from(mask.matchAll(quotedRun), ({ 0: run, index }) =>
    oneLine(words.slice(index, index + run.length)),
  );
  return [...new Set(texts)].filter((text) => text !== "");
}

const heading = /(?<=^|[\s。；;，,！!])【[^【】]*】(?![\s的。，,；;]|$)/gu;

function blanked(text: string): string {
  return " ".repeat(text.length);
}

const quotedRun = new RegExp(`${masked}+`, "g");

/** Without the difference between straight and curly marks, which an LLM changes and nobody sees. */
function folded(text: string): string {
  return text.replace(/[‘’]/g, "'").replace(/[“”]/g, '"').normalize("NFC");
}
