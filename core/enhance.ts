import pLimit from "p-limit";
import { createDeadline, orAborted } from "./deadline.ts";
import { completionRequest, type Manner, mannerAfter, usualManner } from "./enhance/ask.ts";
import { oneLine } from "./enhance/answer.ts";
import { type ReplyFailure, readReply } from "./enhance/reply.ts";
import { addressUnder, orUnderV1 } from "./wire/base.ts";
import {
  BodyTooLarge,
  dropBody,
  type Fetch,
  type FetchResponse,
  readCapped,
} from "./wire/fetch.ts";
import { masked, maskQuotes } from "./prompt/quotes.ts";
import type { ListedRatio } from "./request.ts";

/** What the enhancer did with the person's words. */
export type Enhancement =
  /** No enhancer is configured. */
  | { readonly status: "off" }
  /** The person asked for their own words. */
  | { readonly status: "declined" }
  /** The words are longer than `limit`; lengths are in UTF-16 units. */
  | { readonly status: "skipped"; readonly characters: number; readonly limit: number }
  | { readonly status: "enhanced"; readonly model: string; readonly usage: TokenUsage }
  /** The person settled the final prompt, such as one that an enhancer had proposed. */
  | { readonly status: "edited" }
  | { readonly status: "failed"; readonly reason: EnhanceFailure };

/** Why the enhancer gave no prompt. The job goes on with the person's own words. */
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

/** Tokens that the LLM read and wrote, as its service counts them. */
export interface TokenUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

/** What the image model will be told. `prompt` is the person's own words unless `isReworded`. */
export interface Wording {
  readonly prompt: string;
  /** Of each picture, in turn, where they differ; the first of them is the prompt if they are enhanced. */
  readonly prompts?: readonly string[];
  /** Absent where the person chose a ratio. */
  readonly suggestedRatio?: ListedRatio;
  readonly enhancement: Enhancement;
}

/** Whether the image model is told other words than those that the person typed. */
export function isReworded({ enhancement: { status } }: Wording): boolean {
  return status === "enhanced" || status === "edited";
}

/** One prompt to enhance. */
export interface EnhanceAsk {
  /** The prompt without its directives. */
  readonly words: string;
  /** The ratio that the person chose; none is suggested then. */
  readonly ratio?: string;
  /** Cancels the work, also while it waits for others. */
  readonly signal: AbortSignal;
}

/**
 * Turns a person's words into a prompt that an image model paints well. On any failure the wording holds their own
 * words and the reason. Rejects only with the signal's reason.
 */
export type Enhancer = (ask: EnhanceAsk) => Promise<Wording>;

/** What asking an LLM service needs. */
export interface EnhancerOptions {
  /** With or without a slash at its end, or its `/v1`; without a user name and password, which fetch takes in no URL. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  /** For one reply with its headers and body, counted from the request. */
  readonly timeoutMs: number;
  /** Replaces the built-in instruction; it should ask for the same JSON. */
  readonly instruction?: string;
  /** How many calls may run at once. */
  readonly concurrency?: number;
  readonly fetch: Fetch;
}

const maxLength = 4000;
const maxReplyBytes = 256 * 1024;

/**
 * Asks any service with OpenAI's `POST …/chat/completions`, once; where that is refused for one of our parameters, once
 * more without it, and from then on without it.
 */
export function openaiEnhancer(options: EnhancerOptions): Enhancer {
  const service: Service = {
    ...options,
    url: addressUnder(options.baseUrl, "chat/completions"),
    fetch: orUnderV1(options.fetch, options.baseUrl),
    manner: usualManner(options.model),
  };
  const turns = pLimit(options.concurrency ?? 4);

  return async (ask) => {
    ask.signal.throwIfAborted();
    const { words } = ask;
    if (words.length > maxLength) {
      const skipped = { status: "skipped", characters: words.length, limit: maxLength } as const;
      return { prompt: words, enhancement: skipped };
    }
    const reply = await orAborted(
      turns(() => fetchReply(ask, service)),
      ask.signal,
    );
    return wordingOf(reply, ask, options.model);
  };
}

interface Service extends EnhancerOptions {
  readonly url: URL;
  /** As the service took it last. */
  manner: Manner;
}

type FetchedReply = { readonly body: string } | { readonly failure: EnhanceFailure };

async function fetchReply(ask: EnhanceAsk, service: Service): Promise<FetchedReply> {
  const { signal } = ask;
  // Cancelled while it waited for its turn.
  signal.throwIfAborted();
  const deadline = createDeadline(service.timeoutMs);
  deadline.follow(signal);
  try {
    const response = await askPolitely(ask, service, deadline.signal);
    if (!response.ok) {
      dropBody(response);
      return { failure: failureOfStatus[response.status] ?? "refused" };
    }
    return { body: await textOf(response) };
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.signal.aborted) return { failure: "timed-out" };
    return { failure: error instanceof BodyTooLarge ? "oversized" : "unreachable" };
  } finally {
    deadline.clear();
  }
}

/** Each refusal leaves something out, so this comes to an end. */
async function askPolitely(
  ask: EnhanceAsk,
  service: Service,
  signal: AbortSignal,
): Promise<FetchResponse> {
  for (let { manner } = service; ; ) {
    const response = await post(ask, { ...service, manner }, signal);
    if (!parameterRefusals.has(response.status)) {
      if (response.ok) service.manner = manner;
      return response;
    }
    const next = mannerAfter(manner, await textOf(response));
    if (!next) return response;
    manner = next;
  }
}

/** 422 is what FastAPI, and services made with it, say. */
const parameterRefusals: ReadonlySet<number> = new Set([400, 422]);

function post({ words, ratio }: EnhanceAsk, service: Service, signal: AbortSignal) {
  const { url, fetch, apiKey, model, instruction, manner } = service;
  return fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(completionRequest({ words, ratio, model, instruction }, manner)),
    signal,
    redirect: "manual",
  });
}

async function textOf(response: FetchResponse): Promise<string> {
  return new TextDecoder().decode(await readCapped(response, maxReplyBytes));
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

/** Adds each text that the words quote to the end of the prompt, where the LLM dropped or translated it. */
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

/** The text for comparison: an LLM may replace straight quotation marks by curly ones. */
function folded(text: string): string {
  return text.replace(/[‘’]/g, "'").replace(/[“”]/g, '"').normalize("NFC");
}
