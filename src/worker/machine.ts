import { joined, sha256 } from "#runtime";
import { hexOf } from "../../core/wire/hex.ts";
import type { Keep } from "../../core/providers/dialect.ts";
import { BodyTooLarge, type Fetch } from "../../core/wire/fetch.ts";
import type { Ground } from "../composition.ts";
import { LargeBodies, type Spool } from "../http/large-bodies.ts";
import {
  BadImage,
  bareOf,
  convertible,
  decodingFacts,
  type Imaging,
  inspectImage,
  sniffFormat,
} from "../../core/imaging.ts";

/** Pictures of more bytes do not fit beside others into the 128 MB of an isolate. */
const mostPictureBytes = 20_000_000;

/** What a provider finds out is not kept: SD_MODEL_INDEX says it. */
export const keepsNothing: Keep = () => ({ read: () => undefined, write: () => undefined });

const fetch: Fetch = (url, init) => globalThis.fetch(url, init);

/** The Imaging port where no decoder can run: pictures are looked at, and shown as they came. */
export const imaging: Imaging = {
  decodes: false,
  inspect: (bytes) => inspectImage(bytes),
  async keepable(bytes) {
    if (!sniffFormat(bytes) && convertible(bytes)) throw new BadImage("not-decoded");
    return bytes;
  },
  async bare(bytes) {
    const { format, turn } = decodingFacts(bytes);
    return bareOf(bytes, format, turn);
  },
  reencode: refuse,
  sheet: refuse,
};

async function refuse(): Promise<never> {
  throw new BadImage("too-costly");
}

/** What every Worker lends to a studio. No private address is within its reach. */
export const machine = {
  imaging,
  fetches: { any: fetch, public: fetch },
  dialects: { rasterize: () => Promise.reject(new Error("A Worker draws nothing.")) },
  digest: (text) => hexOf(sha256(text)),
  mostPictureBytes,
} satisfies Partial<Ground>;

/** Bodies that arrive lie in memory: there is no disk. */
const memorySpool: Spool = {
  async receive(chunks, maxBytes) {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of chunks) {
      length += piece.byteLength;
      if (length > maxBytes) throw new BodyTooLarge(maxBytes);
      pieces.push(piece);
    }
    return { read: async () => joined(pieces.splice(0)), remove: async () => undefined };
  },
};

/** Bytes of bodies that lie in memory at a time. */
const roomBytes = 40 * 1024 * 1024;

/** Large bodies, one after the other. */
export function largeBodiesInMemory(): LargeBodies {
  return new LargeBodies(memorySpool, { roomBytes });
}
