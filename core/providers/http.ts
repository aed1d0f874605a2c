import type { z } from "zod";
import { causesOf } from "../wire/causes.ts";
import { ImageError, type ProviderFault } from "../errors.ts";
import type { ImageLink } from "../provider.ts";
import { bytesFromBase64 } from "../wire/base64.ts";
import { BodyTooLarge, type Fetch, readCapped } from "../wire/fetch.ts";
import { type Reply, refusalOf } from "./refusal.ts";

/** One call to a service that answers JSON. */
export interface JsonCall<Schema extends z.ZodType> {
  readonly provider: string;
  readonly fetch: Fetch;
  /** Made by `endpoint`. */
  readonly url: URL;
  /** Made by `bearer`, with further headers of the service. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or a form where there are files to be sent. */
  readonly body: object | FormData;
  /** The schema of a good answer; every other answer becomes an error. */
  readonly schema: Schema;
  readonly maxReplyBytes: number;
  /** Texts that are removed from our messages if the service repeats them: the key, the prompt. */
  readonly hidden: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Posts JSON or a form and reads the answer as JSON, of any content type. Throws the signal's reason when it is aborted,
 * and otherwise an ImageError: `provider-failed`, `provider-busy` or `content-refused`.
 */
export async function postJson<Schema extends z.ZodType>(
  call: JsonCall<Schema>,
): Promise<z.output<Schema>> {
  const reply = await exchange(call);
  const good = reply.status < 300 ? call.schema.safeParse(reply.json) : undefined;
  if (good?.success) return good.data;
  throw refusalOf(reply, call);
}

const utf8 = new TextDecoder();

/** A redirect is not followed: it could carry the key and the words to another host. */
async function exchange(call: JsonCall<z.ZodType>): Promise<Reply> {
  const { fetch, url, signal } = call;
  const { type, body } =
    call.body instanceof FormData
      ? await written(call.body)
      : { type: "application/json", body: JSON.stringify(call.body) };
  const headers = { "content-type": type, ...call.headers };
  try {
    const init = { method: "POST", redirect: "manual", headers, body, signal } as const;
    const response = await fetch(url, init);
    const text = utf8.decode(await readCapped(response, call.maxReplyBytes));
    return { status: response.status, headers: response.headers, text, json: parseJson(text) };
  } catch (error) {
    signal.throwIfAborted();
    throw transportFailure(error, call.provider);
  }
}

/** A form is written here, because each fetch knows the forms of its own runtime alone. */
async function written(body: FormData) {
  const form = new Response(body);
  const type = form.headers.get("content-type") ?? "multipart/form-data";
  return { type, body: new Uint8Array(await form.arrayBuffer()) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function transportFailure(cause: unknown, provider: string): ImageError {
  if (cause instanceof BodyTooLarge) {
    const details = { provider, fault: "bad-reply", transient: false, paid: true } as const;
    const message = `${provider} answered with more than ${cause.maxBytes} bytes`;
    return new ImageError("provider-failed", details, { message, cause });
  }
  const notSent = causesOf(cause).some(neverConnected);
  const details = { provider, fault: "unreachable", transient: notSent, paid: !notSent } as const;
  const message = notSent
    ? `${provider} cannot be reached`
    : `the connection to ${provider} broke before its answer was complete`;
  return new ImageError("provider-failed", details, { message, cause });
}

const connectCodes = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** The system calls that come before anything is sent; the same codes may come later from `read` and `write`. */
const connectCalls = new Set(["connect", "getaddrinfo"]);

/** Codes of OpenSSL and Node for a failed certificate check or handshake. */
const handshakeCodes =
  /^(?:CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|ERR_TLS_CERT_|ERR_SSL_.*(?:HANDSHAKE|PROTOCOL|WRONG_VERSION))/;

function neverConnected(error: Error): boolean {
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  if (typeof syscall === "string") return connectCalls.has(syscall);
  return typeof code === "string" && (connectCodes.has(code) || handshakeCodes.test(code));
}

/** The header with this key. Throws where a header cannot hold it; the message does not show it. */
export function bearer(apiKey: string): { readonly authorization: string } {
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new Error(
      "An API key is made of visible ASCII characters: copy it again, without spaces.",
    );
  }
  return { authorization: `Bearer ${apiKey}` };
}

/** The address of a path under a base URL, which may end in a slash or not and keeps its query. */
export function endpoint(baseUrl: string, path: string): URL {
  const url = URL.parse(baseUrl);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    throw new Error(
      "A base URL starts with http:// or https:// and holds no user name or password.",
    );
  }
  url.pathname = `${url.pathname.replace(/\/$/, "")}/${path}`;
  url.hash = "";
  return url;
}

// === The picture in an answer

/**
 * The picture at the address that a service gives: the bytes of a `data:` URL, or a link. A relative link starts at
 * the service. Throws `provider-failed`, always as paid for: `bad-image` for a video, `bad-reply` for an address that
 * cannot be fetched.
 */
export function pictureAt(address: string, service: URL, provider: string): Uint8Array | ImageLink {
  if (/^data:video\//i.test(address)) throw unusable(provider, "bad-image", "a video");
  if (/^data:/i.test(address)) return pictureFrom(address, provider);
  const url = address.length > maxLinkLength ? null : URL.parse(address, service);
  if (url?.protocol !== "https:" && url?.protocol !== "http:") {
    throw unusable(provider, "bad-reply", "no usable link");
  }
  if (videoName.test(url.pathname)) throw unusable(provider, "bad-image", "a link to a video");
  return { url: url.href, trustedOrigin: service.origin };
}

const maxLinkLength = 8_192;
const videoName = /\.(?:mp4|m4v|mov|webm|mkv|avi)$/i;

/** The bytes of a picture in base64, as a `data:` URL or bare. */
export function pictureFrom(base64: string, provider: string): Uint8Array {
  const start = /^data:/i.test(base64) ? base64.indexOf(",") + 1 : 0;
  const bytes = bytesFromBase64(base64.slice(start));
  if (bytes.byteLength === 0) throw unusable(provider, "bad-reply", "an empty picture");
  return bytes;
}

function unusable(provider: string, fault: ProviderFault, what: string): ImageError {
  const details = { provider, fault, transient: false, paid: true };
  return new ImageError("provider-failed", details, {
    message: `${provider} answered with ${what}`,
  });
}
