import { joined } from "#runtime";
import { Budget } from "../../core/budget.ts";
import { ImageError } from "../../core/errors.ts";
import { checkHead, decodedBytes, lengthOf, smallBody } from "./bytes.ts";
import type { RequestContext } from "./context.ts";
import { Refusal } from "./refusals.ts";

/** A body that lies in a temporary file. */
export interface SpooledBody {
  readonly read: () => Promise<Uint8Array<ArrayBuffer>>;
  readonly remove: () => Promise<void>;
}

/** Where bodies lie until they have arrived. */
export interface Spool {
  /** Throws `BodyTooLarge`, `storage-failed` and what the chunks throw. */
  receive(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<SpooledBody>;
}

const mebibyte = 1024 * 1024;

/** Bodies up to this length go to no file. */
export const smallLength = mebibyte;

/** Bytes of all temporary files where nothing else is said, and how many of these there are at most. */
const standardRoom = 512 * mebibyte;
const mostFiles = 16;

/** Bytes of a body that is too long and yet received. */
const mostDropped = 256 * mebibyte;

type Work<T> = (bytes: Uint8Array<ArrayBuffer>) => Promise<T>;

/**
 * Large bodies, as pictures make them: they arrive in temporary files, and one at a time is in memory as a whole, where
 * it is several times as large.
 */
export class LargeBodies {
  readonly #spool: Spool;
  readonly #room: Budget;
  readonly #memory = new Budget({ total: 1 });
  readonly #leastShare: number;

  /** `waitMs`: how long a body waits for room, of which there are `roomBytes`. */
  constructor(spool: Spool, { waitMs = 10_000, roomBytes = standardRoom } = {}) {
    this.#spool = spool;
    this.#leastShare = roomBytes / mostFiles;
    this.#room = new Budget({ total: roomBytes, mostWaiting: 64, waitMs });
  }

  /**
   * Does the work with a request's body, which is to be let go of when it is over. Throws what `readBytes` throws,
   * before anything is kept where the head tells, `storage-failed`, `overloaded`, and `cancelled` when the client is gone.
   */
  async use<T>(context: RequestContext, maxBytes: number, work: Work<T>): Promise<T> {
    await dropLong(context, maxBytes);
    checkHead(context, maxBytes);
    const small = smallBody(context, smallLength);
    if (small) return work(await small);
    const length = lengthOf(context);
    // What it is without its encoding may be large.
    const mayGrow = context.req.header("content-encoding") !== undefined;
    const body = chunksOf(context);
    const start = length === undefined ? await startOf(body) : { chunks: [], isAll: false };
    if (!mayGrow && start.isAll) return work(joined(start.chunks));
    const giveBack = await this.#roomFor(length ?? maxBytes, context);
    try {
      return await this.#spooled(context, [start.chunks, body], { maxBytes, work });
    } finally {
      giveBack();
    }
  }

  #roomFor(length: number, { req }: RequestContext) {
    return inTime(this.#room.take(Math.max(length, this.#leastShare), req.raw.signal));
  }

  async #spooled<T>(
    context: RequestContext,
    parts: readonly (Iterable<Uint8Array> | AsyncIterable<Uint8Array>)[],
    { maxBytes, work }: { readonly maxBytes: number; readonly work: Work<T> },
  ): Promise<T> {
    const spooled = await this.#spool.receive(chained(parts), maxBytes);
    try {
      const giveBack = await inTime(this.#memory.take(1, context.req.raw.signal));
      try {
        return await work(await decodedBytes(context, await spooled.read(), maxBytes));
      } finally {
        giveBack();
      }
    } finally {
      await spooled.remove();
    }
  }
}

/**
 * Receives a body that is too long, and keeps nothing of it: many clients read no answer before they have sent all, and say
 * that the connection broke. Those that ask before they send are answered at once.
 */
async function dropLong(context: RequestContext, maxBytes: number): Promise<void> {
  const length = lengthOf(context) ?? 0;
  const isDropped = length > maxBytes && length <= mostDropped;
  if (!isDropped || context.req.header("expect") !== undefined) return;
  const chunks = chunksOf(context);
  while (!(await chunks.next()).done);
}

/** A share in time; throws `cancelled` where the client is gone instead. */
function inTime(share: ReturnType<Budget["take"]>): ReturnType<Budget["take"]> {
  return share.catch((error: unknown) => {
    throw error instanceof ImageError ? error : new ImageError("cancelled", { by: "caller" });
  });
}

/** A body in the chunks in which it arrives; a `Refusal` where the connection breaks. */
async function* chunksOf({ req }: RequestContext): AsyncGenerator<Uint8Array, void> {
  const reader = req.raw.body?.getReader();
  if (!reader) return;
  for (;;) {
    const next = await reader.read().catch(() => {
      throw new Refusal("cut-off");
    });
    if (next.done) return;
    yield next.value;
  }
}

/** The first chunks, no more than are small, and whether they are all. */
async function startOf(body: AsyncGenerator<Uint8Array, void>) {
  const chunks: Uint8Array[] = [];
  for (let length = 0; length <= smallLength; ) {
    const next = await body.next();
    if (next.done) return { chunks, isAll: true };
    chunks.push(next.value);
    length += next.value.byteLength;
  }
  return { chunks, isAll: false };
}

async function* chained(
  parts: readonly (Iterable<Uint8Array> | AsyncIterable<Uint8Array>)[],
): AsyncGenerator<Uint8Array, void> {
  for (const part of parts) yield* part;
}
