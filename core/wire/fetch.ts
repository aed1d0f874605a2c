/** The part of a request that our calls use. `signal` covers the answer's body as well as its headers. */
export interface FetchInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
  readonly redirect?: "error" | "follow" | "manual";
}

/** The part of an answer that our calls read. Its body has to be read or dropped, to free the connection. */
export interface FetchResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
  /** The whole body at once, where its length is known; cheaper than reading its pieces. */
  whole?(): Promise<Uint8Array<ArrayBuffer>>;
}

/** Our slice of fetch: `globalThis.fetch`, the one of undici and a three-line fake all satisfy it. */
export type Fetch = (url: string | URL, init?: FetchInit) => Promise<FetchResponse>;

/** A body is larger than its reader's limit. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`The body is longer than ${maxBytes} bytes.`);
    this.maxBytes = maxBytes;
  }
}

const firstBytes = 16 * 1024;

/**
 * The whole body. One that is longer than `maxBytes`, or says so, is cancelled and throws `BodyTooLarge`. A broken
 * connection and an aborted signal throw what the stream throws. Memory follows the bytes that came, never the
 * number of pieces they came in.
 */
export function readCapped(
  response: Pick<FetchResponse, "headers" | "body" | "whole">,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const announced = response.headers.get("content-length");
  if (Number(announced) > maxBytes) {
    dropBody(response);
    return Promise.reject(new BodyTooLarge(maxBytes));
  }
  if (announced !== null && response.whole) return response.whole();
  return readPieces(response, maxBytes);
}

async function readPieces({ body }: Pick<FetchResponse, "body">, maxBytes: number) {
  let bytes = new Uint8Array(Math.min(firstBytes, maxBytes));
  let length = 0;
  // Leaving the loop early cancels the body.
  for await (const piece of body ?? []) {
    const needed = length + piece.byteLength;
    if (needed > maxBytes) throw new BodyTooLarge(maxBytes);
    if (needed > bytes.length) bytes = grown(bytes, Math.min(maxBytes, needed * 2));
    bytes.set(piece, length);
    length = needed;
  }
  return bytes.slice(0, length);
}

function grown(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length);
  larger.set(bytes);
  return larger;
}

/** Cancels a body that will not be read, so that its connection is freed. */
export function dropBody(response: Pick<FetchResponse, "body">): void {
  // A body that already broke has nothing left to free.
  response.body?.cancel().catch(() => undefined);
}
