import ipaddr from "ipaddr.js";
import { causesOf } from "./causes.ts";
import { ImageError, isImageError, type ProviderFault } from "../errors.ts";
import { BodyTooLarge, dropBody, type Fetch, type FetchResponse, readCapped } from "./fetch.ts";
import type { ImageLink } from "../provider.ts";
import { retry, type Wait } from "./retry.ts";

/** How a link is fetched. Without limits of its own a download uses the defaults of this file. */
export interface DownloadOptions {
  /** The provider whose link it is. */
  readonly provider: string;
  /** Used for the link's `trustedOrigin`, which may be private. */
  readonly fetch: Fetch;
  /** Connects to public addresses only: it asks `isPublicAddress` about each address that a name resolves to. */
  readonly publicFetch: Fetch;
  readonly signal: AbortSignal;
  readonly maxBytes?: number;
  readonly maxRedirects?: number;
  /** How often to try: the picture is paid for, and fetching it again costs nothing. */
  readonly attempts?: number;
  readonly wait?: Wait;
}

/** What a `publicFetch` throws when a name leads to an address that is not public. */
export class PrivateAddress extends Error {
  override readonly name = "PrivateAddress";
}

/** A browser's user agent: Cloudflare refuses others. */
export const browserUserAgent =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

const mebibyte = 1024 * 1024;

/**
 * The bytes behind a service's link, unchecked. Every hop uses http or https, has no credentials, and leads to a public
 * address unless it is at the link's `trustedOrigin`. Throws `provider-failed` (`unsafe-link`,
 * `unreachable`, `server-error`, or `bad-image` when there are too many bytes), always as paid for, and the signal's
 * reason when it is aborted.
 */
export function download(link: ImageLink, options: DownloadOptions): Promise<Uint8Array> {
  const { attempts = 3, wait, signal } = options;
  return retry(() => attempt(link, options), {
    attempts,
    baseDelayMs: 500,
    maxDelayMs: 5_000,
    pauseAfter: (error) =>
      error.code === "provider-failed" && passing.has(error.details.fault) ? 0 : undefined,
    signal,
    ...(wait ? { wait } : {}),
  });
}

const passing: ReadonlySet<ProviderFault> = new Set(["unreachable", "server-error"]);

async function attempt(link: ImageLink, options: DownloadOptions): Promise<Uint8Array> {
  const { provider, signal, maxBytes = 64 * mebibyte } = options;
  try {
    return await readCapped(await follow(link, options), maxBytes);
  } catch (error) {
    signal.throwIfAborted();
    throw isImageError(error) ? error : translated(error, provider);
  }
}

/** Follows all redirects; each is checked like the link itself. */
async function follow(link: ImageLink, options: DownloadOptions): Promise<FetchResponse> {
  const { provider, signal, maxRedirects = 5 } = options;
  let url = URL.parse(link.url);
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const problem = problemOf(url, link.trustedOrigin);
    if (!url || problem) throw failure(provider, "unsafe-link", `the picture's link ${problem}`);
    const get = url.origin === link.trustedOrigin ? options.fetch : options.publicFetch;
    const response = await get(url, { redirect: "manual", signal, headers });
    if (response.ok) return response;
    dropBody(response);
    const next = redirects.has(response.status) ? response.headers.get("location") : null;
    if (next === null) {
      throw failure(provider, "server-error", `${url.host} answered ${response.status}`);
    }
    url = URL.parse(next, url);
  }
  throw failure(provider, "unsafe-link", "the picture's link is redirected without end");
}

const headers = {
  accept: "image/png,image/jpeg,image/webp,image/*;q=0.5",
  "user-agent": browserUserAgent,
};

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function problemOf(url: URL | null, trustedOrigin: string): string {
  if (!url) return "is no URL";
  if (url.protocol !== "https:" && url.protocol !== "http:") return "is neither http nor https";
  if (url.username || url.password) return "carries credentials";
  if (url.origin === trustedOrigin) return "";
  return isPublicHost(url.hostname) ? "" : `leads to the inside: ${url.host}`;
}

/** Names of local networks. What any other name resolves to is checked when connecting. */
const insideNames = /^[^.]+$|\.(?:localhost|local|internal|home\.arpa)$/;

/** `hostname` as a URL has it: IPv6 in brackets, IPv4 in four decimal parts however it was written. */
function isPublicHost(hostname: string): boolean {
  if (hostname.startsWith("[")) return isPublicAddress(hostname.slice(1, -1));
  if (/^[\d.]+$/.test(hostname)) return isPublicAddress(hostname);
  return !insideNames.test(hostname.replace(/\.$/, ""));
}

const globalUnicast = ipaddr.IPv6.parse("2000::");

/**
 * True for a public address: one that does not belong to this machine, its networks, a multicast group, a
 * documentation or test range, nor to a range that wraps another address (IPv4-mapped, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(address: string): boolean {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) {
    return ipaddr.IPv4.parse(address).range() === "unicast";
  }
  if (!ipaddr.IPv6.isValid(address)) return false;
  const parsed = ipaddr.IPv6.parse(address);
  return parsed.range() === "unicast" && parsed.match(globalUnicast, 3);
}

function translated(error: unknown, provider: string): ImageError {
  if (error instanceof BodyTooLarge) return failure(provider, "bad-image", error.message, error);
  if (causesOf(error).some((cause) => cause instanceof PrivateAddress)) {
    const message = "the picture's host has an address that is not public";
    return failure(provider, "unsafe-link", message, error);
  }
  return failure(provider, "unreachable", "the picture's host cannot be reached", error);
}

function failure(provider: string, fault: ProviderFault, message: string, cause?: unknown) {
  const details = { provider, fault, transient: false, paid: true };
  return new ImageError("provider-failed", details, { message: `${provider}: ${message}`, cause });
}
