import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { pipeline, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { Agent, type Dispatcher, request } from "undici";
import { isPublicAddress, PrivateAddress } from "../core/wire/download.ts";
import type { Fetch, FetchResponse } from "../core/wire/fetch.ts";

/** `any` reaches every address, for services that the owner configured; `public` no private one. */
export function createFetches(): { any: Fetch; public: Fetch } {
  // The callers set deadlines: each call has its own signal.
  const noTimeouts = { headersTimeout: 0, bodyTimeout: 0 };
  return {
    any: fetchThrough(new Agent(noTimeouts)),
    public: fetchThrough(new Agent({ ...noTimeouts, connect: { lookup: publicLookup } })),
  };
}

/** Undici's own request, which costs less than its fetch and follows no redirects. */
function fetchThrough(dispatcher: Agent): Fetch {
  return async (url, { method = "GET", headers, body = null, signal = null } = {}) => {
    const named = { accept: "*/*", "user-agent": "drawbridge", ...headers };
    const options = { method, headers: named, body, signal };
    return toFetchResponse(await request(url, { ...options, dispatcher }));
  };
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
