/** The page's side of the HTTP API. Paths are relative, so that the page also works below a proxy's prefix. */

/** @typedef {keyof import("./words.js").Words["failure"]} FailureKind */

/**
 * The body of a request for pictures, in the API's own names; how many is for the words to say.
 * @typedef {object} Order
 * @property {string} prompt
 * @property {string} [model]
 * @property {string} [aspect_ratio]
 * @property {number} [seed]
 * @property {false} [enhance]
 * @property {string} [negative_prompt]
 * @property {string} [quality]
 */

/**
 * An order that was placed once, however often it is asked for: the server makes one picture of it.
 * @typedef {object} Wish
 * @property {string} id sent as the Idempotency-Key
 * @property {Order} order
 * @property {number} askedAt Unix milliseconds
 */

/**
 * @typedef {object} Picture
 * @property {string} url http or https, nothing else
 * @property {string} own the words as typed
 * @property {string | null} enhanced the words as painted, where they were enhanced
 * @property {{ width: number, height: number } | null} size
 * @property {string | null} ratio
 * @property {string | null} seed
 * @property {string | null} code
 * @property {string | null} model
 * @property {string[]} notices
 */

/** @type {Readonly<Record<number, FailureKind>>} */
const kindOfStatus = {
  400: "invalid",
  401: "keyRefused",
  403: "forbidden",
  404: "notFound",
  413: "tooLong",
  422: "invalid",
  429: "tooMany",
  500: "internal",
  502: "failed",
  503: "busy",
  504: "timedOut",
};

/** @type {Readonly<Record<string, FailureKind>>} what says more than the status, by OpenAI's code */
const kindOfCode = {
  cancelled: "calledOff",
  restarting: "restarting",
  service_busy: "serviceBusy",
  storage_failed: "notKept",
};

/** A server that said that it restarts is waited for so long. */
const restartMs = 120_000;

/** Why there is no picture. `detail` is what the server said, in its own words; null where it said nothing itself. */
export class Failure extends Error {
  /**
   * @param {FailureKind} kind
   * @param {{ detail?: string | null, waitMs?: number | null, requestId?: string | null, maybePaid?: boolean }} [facts]
   */
  constructor(kind, facts = {}) {
    super(kind);
    this.kind = kind;
    this.detail = facts.detail ?? null;
    this.waitMs = facts.waitMs ?? null;
    this.requestId = facts.requestId ?? null;
    this.maybePaid = facts.maybePaid ?? false;
  }

  /** Whether the picture may still be on its way: the server restarts, or has not answered itself. */
  get isOpen() {
    return this.kind === "restarting" || (this.kind !== "cancelled" && this.detail === null);
  }
}

/** @param {Order} order @returns {Wish} */
export function newWish(order) {
  // randomUUID is there for https and this very machine alone.
  const id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
  return { id, order, askedAt: Date.now() };
}

/**
 * @param {Wish} wish asked for again while the server restarts
 * @param {string} key
 * @param {Attended} attended
 * @returns {Promise<unknown>} the server's answer, for `readPicture`; throws Failure
 */
export function requestPicture({ id, order }, key, attended) {
  const ask = () =>
    askServer("v1/images/generations", key, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": id },
      body: JSON.stringify({ ...order, response_format: "url" }),
      signal: attended.signal,
    });
  return throughRestart(ask, attended);
}

/**
 * Tells the server that a picture is not wanted any more: because of its key it would be made without its reader.
 * @param {Wish} wish
 * @param {string} key
 */
export async function callOff({ id }, key) {
  const headers = { "idempotency-key": id };
  const ask = () =>
    askServer("v1/images/cancel", key, { method: "POST", headers, keepalive: true });
  const { signal } = new AbortController();
  const asking = throughRestart(ask, { signal, restarting() {}, until: Date.now() + restartMs });
  // Where it is not known any more, or never was, there is nothing to cancel.
  await asking.catch(() => undefined);
}

/**
 * @typedef {object} Attended
 * @property {AbortSignal} signal
 * @property {() => void} restarting called each time that the server is waited for
 * @property {number} [until] the server is known to restart, and is waited for until then
 */

/**
 * @param {() => Promise<unknown>} ask asks again what may be asked again
 * @param {Attended} attended
 */
async function throughRestart(ask, { signal, restarting, until = 0 }) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Failure) || !error.isOpen) throw error;
      if (error.kind === "restarting") until = Date.now() + restartMs;
      if (Date.now() >= until) throw error;
      restarting();
      await pause(error.waitMs ?? 1000, signal);
    }
  }
}

/** @param {number} ms @param {AbortSignal} signal throws Failure when it aborts */
function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(new Failure("cancelled")));
    setTimeout(resolve, ms);
  });
}

/**
 * @param {string} key
 * @returns {Promise<string[]>} the names of the models; throws Failure
 */
export async function listModels(key) {
  const { data } = fields(await askServer("v1/models", key, {}));
  const models = Array.isArray(data) ? data : [];
  return models.map((model) => text(fields(model)["id"])).filter((id) => id !== null);
}

/**
 * @param {unknown} answer
 * @returns {unknown[]} an answer for each picture in it; the same where it holds no more than one
 */
export function separated(answer) {
  const { data, ...whole } = fields(answer);
  const several = Array.isArray(data) && data.length > 1;
  return several ? data.map((one) => ({ ...whole, data: [one] })) : [answer];
}

/**
 * @param {string} key
 * @returns {Promise<boolean | null>} null where the server does not tell
 */
export async function isKeyKnown(key) {
  try {
    await listModels(key);
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.kind === "keyRefused" ? false : null;
  }
}

/**
 * @param {unknown} answer
 * @param {string} asked the words as they were sent, for an answer that does not repeat them
 * @returns {Picture} throws Failure when the answer holds no picture
 */
export function readPicture(answer, asked) {
  const { data, ...whole } = fields(answer);
  const one = fields(Array.isArray(data) ? data[0] : undefined);
  const url = webAddress(one["url"]);
  if (url === null) throw new Failure("notUnderstood");
  const notices = Array.isArray(whole["notices"]) ? whole["notices"] : [];
  return {
    url,
    own: text(whole["original_prompt"]) ?? asked,
    enhanced: text(one["revised_prompt"]),
    size: pixels(whole["size"]),
    ratio: text(whole["aspect_ratio"]),
    seed: text(one["seed"]),
    code: text(whole["code"]),
    model: text(whole["model"]),
    notices: notices.map(text).filter((notice) => notice !== null),
  };
}

/**
 * @param {string} path
 * @param {string} key
 * @param {RequestInit} init
 * @returns {Promise<unknown>}
 */
async function askServer(path, key, init) {
  const headers = { ...init.headers, authorization: `Bearer ${key}` };
  try {
    const response = await fetch(path, { ...init, headers, cache: "no-store" });
    const body = await response.text();
    if (!response.ok) throw refusal(response, body);
    return parsed(body);
  } catch (error) {
    throw error instanceof Failure ? error : broken(error);
  }
}

/** @param {unknown} error what fetch threw: an abort, or no way to the server */
function broken(error) {
  const aborted = error instanceof DOMException && error.name === "AbortError";
  return new Failure(aborted ? "cancelled" : "network");
}

/**
 * @param {Response} response
 * @param {string} body the API's error envelope, or a proxy's HTML
 */
function refusal(response, body) {
  const { status, headers } = response;
  const envelope = fields(fields(parsedOr(body, null))["error"]);
  const kind = kindOfCode[text(envelope["code"]) ?? ""] ?? kindOfStatus[status];
  return new Failure(kind ?? (status < 500 ? "invalid" : "failed"), {
    detail: text(envelope["message"]),
    waitMs: retryAfterMs(headers.get("retry-after")),
    requestId: status >= 500 ? headers.get("x-request-id") : null,
    maybePaid: status >= 500 && headers.get("x-should-retry") === "false",
  });
}

/**
 * @param {string | null} header seconds or an HTTP date
 * @returns {number | null}
 */
function retryAfterMs(header) {
  if (header === null) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return ms > 0 ? ms : null;
}

/** @param {string} body */
function parsed(body) {
  const nothing = Symbol();
  const value = parsedOr(body, nothing);
  if (value === nothing) throw new Failure("notUnderstood");
  return value;
}

/**
 * @param {string} body
 * @param {unknown} otherwise
 * @returns {unknown}
 */
function parsedOr(body, otherwise) {
  try {
    return JSON.parse(body);
  } catch {
    return otherwise;
  }
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>} empty for anything that is no object
 */
export function fields(value) {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/**
 * @param {unknown} value
 * @returns {string | null} a number as its digits, an empty text as none
 */
function text(value) {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

/** @param {unknown} value */
function webAddress(value) {
  if (typeof value !== "string" || !URL.canParse(value, document.baseURI)) return null;
  const { protocol, href } = new URL(value, document.baseURI);
  return protocol === "http:" || protocol === "https:" ? href : null;
}

/** @param {unknown} value */
function pixels(value) {
  const match = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(String(value));
  return match ? { width: Number(match[1]), height: Number(match[2]) } : null;
}
