import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { pipeline, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { Agent, type Dispatcher, request } from "undici";
import { isPublicAddress, PrivateAddress } from "../core/wire/download.ts";
import type { Fetch, FetchResponse } from "../core/wire/fetch.ts";

/** `any` reaches every address, for services that the owner configured; `public` no private one. */
export function createFetches(): { any: Fetch; public: Fetch } {
  // Deadlines are the callers' business: each call has a signal of its own.
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
    // An announced length is that of the bytes on the wire: what is packed may become more.
    ...(encoding === null ? { whole: () => body.bytes() as Promise<Uint8Array<ArrayBuffer>> } : {}),
  };
}

const unpackers: Readonly<Record<string, () => NodeJS.ReadWriteStream>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** No answer is asked for in a compressed form, but some services send one. */
function unpacked(body: Readable, encoding: string | null): Readable {
  const unpacker = unpackers[encoding?.toLowerCase() ?? ""];
  return unpacker ? (pipeline(body, unpacker(), () => {}) as unknown as Readable) : body;
}

/**
 * Resolves a name like the system does, but only to public addresses: a name that also stands for a private one is
 * refused with PrivateAddress. Being the lookup of the connection itself, it cannot be fooled by a second answer.
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
