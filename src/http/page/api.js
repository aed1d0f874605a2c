/** The page's side of the HTTP API. Paths are relative, so that the page also works below a proxy's prefix. */

import { fields, number, text } from "./lib.js";

/**
 * What an order asks for, in the API's own names.
 * @typedef {Record<string, unknown> & { prompt?: string }} Wish
 */

/** Why something did not come about. What is null is not known. */
export class Failure extends Error {
  /**
   * @param {string} kind the core's own code, `http-…` by the status, or one of the page's own
   * @param {{ details?: Record<string, unknown>, waitMs?: number | null, requestId?: string | null }} [facts]
   */
  constructor(kind, facts = {}) {
    super(kind);
    this.kind = kind;
    this.details = facts.details ?? {};
    this.waitMs = facts.waitMs ?? null;
    this.requestId = facts.requestId ?? null;
  }

  /** Whether what was asked for may still come: the server is away, restarts or has not answered itself. */
  get isOpen() {
    return this.kind === "restarting" || this.kind === "network" || this.kind === "not-understood";
  }

  /** Whether only a key is missing. */
  get isAboutKey() {
    return this.kind === "key-missing" || this.kind === "key-refused";
  }
}

/** @type {{ key: string | null }} */
export const access = { key: null };

/**
 * @param {string} path
 * @param {RequestInit & { json?: unknown }} [init]
 * @returns {Promise<unknown>} the JSON of the answer; throws Failure
 */
export async function ask(path, init = {}) {
  const response = await send(path, init);
  const body = await bodyOf(response);
  if (!response.ok) throw refusal(response, body);
  const parsed = parsedOr(body, undefined);
  if (parsed === undefined) throw new Failure("not-understood");
  return parsed;
}

/** @param {string} path @param {RequestInit & { json?: unknown }} init */
async function send(path, { json, ...init }) {
  if (access.key === null) throw new Failure("key-missing");
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${access.key}`);
  if (json !== undefined) headers.set("content-type", "application/json");
  try {
    const body = json === undefined ? {} : { body: JSON.stringify(json) };
    return await fetch(path, { ...init, ...body, headers });
  } catch (error) {
    throw broken(error);
  }
}

/** @param {Response} response */
async function bodyOf(response) {
  try {
    return await response.text();
  } catch (error) {
    throw broken(error);
  }
}

/** @param {unknown} error */
function broken(error) {
  const isAborted = error instanceof DOMException && error.name === "AbortError";
  return new Failure(isAborted ? "aborted" : "network");
}

/** @param {Response} response @param {string} body */
function refusal(response, body) {
  const { status, headers } = response;
  const { message, code } = fields(fields(parsedOr(body, null))["error"]);
  const facts = {
    waitMs: retryAfterMs(headers.get("retry-after")),
    requestId: status >= 500 ? headers.get("x-request-id") : null,
  };
  const { kind, ...details } = fields(parsedOr(headers.get("x-drawbridge-problem") ?? "", null));
  if (typeof kind === "string") return new Failure(kind, { ...facts, details });
  if (status === 401) return new Failure("key-refused", facts);
  if (text(message) === null) return new Failure("not-understood", facts);
  return new Failure(text(code) ?? `http-${status}`, facts);
}

/**
 * The failure of a job, as its recipe has it.
 * @param {unknown} details
 */
export function failureOf(details) {
  const { kind, ...rest } = fields(details);
  const wait = number(rest["retryAfterMs"]);
  return new Failure(text(kind) ?? "internal", { details: rest, waitMs: wait });
}

/** @param {string | null} header seconds or an HTTP date @returns {number | null} */
function retryAfterMs(header) {
  if (header === null) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return ms > 0 ? ms : null;
}

/** @param {string} body @param {unknown} otherwise @returns {unknown} */
function parsedOr(body, otherwise) {
  try {
    return JSON.parse(body);
  } catch {
    return otherwise;
  }
}

/**
 * Server-sent events, to the end of the stream. Not by EventSource, which sends no key.
 * @param {string} path
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<{ event: string, data: unknown }, void>} throws Failure
 */
export async function* eventsOf(path, signal) {
  const response = await send(path, { signal });
  if (!response.ok || response.body === null) throw refusal(response, await bodyOf(response));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      throw broken(error);
    });
    if (done) return;
    const blocks = (buffer + value).split("\n\n");
    buffer = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (event && data) yield { event, data: parsedOr(data, null) };
    }
  }
}

/**
 * @param {string} key
 * @returns {Promise<boolean | null>} null where the server does not tell
 */
export async function isKeyKnown(key) {
  try {
    const { status } = await fetch("v1/models", { headers: { authorization: `Bearer ${key}` } });
    return status === 401 ? false : status === 200 ? true : null;
  } catch {
    return null;
  }
}
