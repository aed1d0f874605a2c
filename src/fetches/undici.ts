import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { pipeline, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import {
  Agent,
  type Dispatcher,
  EnvHttpProxyAgent,
  errors,
  fetch as undiciFetch,
  FormData as UndiciForm,
  request,
  type RequestInit as UndiciInit,
} from "undici";
import { isPublicAddress, PrivateAddress } from "../../core/wire/download.ts";
import type { Fetch, FetchResponse } from "../../core/wire/fetch.ts";
import type { Fetches } from "../fetches.ts";
import type { Proxies } from "../proxies.ts";

// Deadlines are the callers' business: each call has a signal of its own.
const noTimeouts = { headersTimeout: 0, bodyTimeout: 0 };

/** The ways out, open. */
export function openFetches(proxies?: Proxies): Fetches {
  const guarded = { ...noTimeouts, connect: { lookup: publicLookup } };
  if (!proxies) {
    return {
      any: fetchThrough(new Agent(noTimeouts)),
      public: fetchThrough(new Agent(guarded)),
      web: globalThis.fetch,
    };
  }
  const any = throughProxies(proxies, noTimeouts);
  return {
    any: fetchThrough(any),
    public: lookedUp(fetchThrough(throughProxies(proxies, guarded))),
    web: webFetch(any),
  };
}

/** A dispatcher that goes through the proxies, but for what they are not for. */
export function throughProxies(proxies: Proxies, options: EnvHttpProxyAgent.Options): Dispatcher {
  // An empty string keeps undici from reading the environment itself.
  const { http: httpProxy = "", https: httpsProxy = "", except: noProxy } = proxies;
  return new EnvHttpProxyAgent({ ...options, httpProxy, httpsProxy, noProxy });
}

/**
 * A proxy looks names up itself, so they are looked up here first: one that stands for a private address is refused. A
 * name that only the proxy knows is left to the proxy's own rules.
 */
function lookedUp(fetch: Fetch): Fetch {
  return async (url, init) => {
    const hostname = new URL(url).hostname.replace(/^\[(.+)\]$/, "$1");
    await new Promise<void>((resolve, reject) => {
      publicLookup(hostname, {}, (error) => {
        if (error instanceof PrivateAddress) reject(error);
        else resolve();
      });
    });
    return fetch(url, init);
  };
}

/**
 * Undici's fetch for what was made for the runtime's: its own FormData is another one, and some libraries bring an
 * AbortSignal of their own.
 */
function webFetch(dispatcher: Dispatcher): typeof globalThis.fetch {
  const fetch = (url: string, { body, signal, ...init }: RequestInit = {}) => {
    const own = {
      ...init,
      body: body instanceof FormData ? ownForm(body) : (body ?? null),
      signal: signal ? ownSignal(signal) : null,
      duplex: "half",
      dispatcher,
    };
    return undiciFetch(url, own as unknown as UndiciInit);
  };
  return fetch as unknown as typeof globalThis.fetch;
}

function ownForm(form: FormData): UndiciForm {
  const own = new UndiciForm();
  for (const [name, value] of form) {
    if (typeof value === "string") own.append(name, value);
    else own.append(name, value, value.name);
  }
  return own;
}

function ownSignal(signal: AbortSignal): AbortSignal {
  if (signal instanceof AbortSignal) return signal;
  const given = signal as Pick<AbortSignal, "aborted" | "addEventListener">;
  const own = new AbortController();
  if (given.aborted) own.abort();
  else given.addEventListener("abort", () => own.abort(), { once: true });
  return own.signal;
}

/** Undici's own request, which costs less than its fetch and follows no redirects. */
function fetchThrough(dispatcher: Dispatcher): Fetch {
  return (url, { method = "GET", headers, body = null, signal = null } = {}) => {
    const named = { accept: "*/*", "user-agent": "drawbridge", ...headers };
    const options = { dispatcher, method, headers: named, body, signal };
    return request(url, options).then(toFetchResponse, refusedByProxy);
  };
}

/** A proxy that does not lead there says so before anything is sent: to the caller it is a connection refused. */
function refusedByProxy(cause: unknown): never {
  if (cause instanceof errors.RequestAbortedError && /^Proxy response/.test(cause.message)) {
    const error = new Error("the proxy does not lead there", { cause });
    throw Object.assign(error, { code: "PROXY_REFUSED", syscall: "connect" });
  }
  throw cause;
}

function toFetchResponse({ statusCode, headers, body }: Dispatcher.ResponseData): FetchResponse {
  const valueOf = (name: string) => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(", ") : (value ?? null);
  };
  const encoding = valueOf("content-encoding");
  const bytes = unpacked(body, encoding);
  // Errors surface through the iterator; without a reader they are ignored.
  bytes.on("error", () => {});
  return {
    ok: statusCode >= 200 && statusCode < 300,
    status: statusCode,
    headers: { get: (name) => valueOf(name.toLowerCase()) },
    body: {
      [Symbol.asyncIterator]: () => bytes[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>,
      cancel: async () => void bytes.destroy(),
    },
    // The announced length counts compressed bytes; the unpacked body may be longer.
    ...(encoding === null ? { whole: () => body.bytes() as Promise<Uint8Array<ArrayBuffer>> } : {}),
  };
}

const unpackers: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** Unpacks a compressed answer: we do not ask for compression, but some services use it. */
function unpacked(body: Readable, encoding: string | null): Readable {
  const unpacker = unpackers[encoding?.toLowerCase() ?? ""];
  return unpacker ? (pipeline(body, unpacker(), () => {}) as unknown as Readable) : body;
}

/**
 * Resolves a name like the system, but only to public addresses: a name with any private address is refused with
 * PrivateAddress. It is the lookup of the connection itself, so a later change of the name has no effect.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) {
      callback(error, "");
      return;
    }
    const hidden = addresses.find(({ address }) => !isPublicAddress(address));
    const [first] = addresses;
    if (hidden || !first) callback(new PrivateAddress(hostname), "");
    else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};
