import { asciiBytes, base64Of, joined } from "#runtime";
import { ImageError } from "../../core/errors.ts";
import { inMemory, type KeptBytes, pieceBytes } from "../../core/images.ts";
import type { Answer } from "./answer.ts";
import { type Door, carrierOf, onGone, type RequestContext } from "./context.ts";

/** A body that is sent piece by piece, and its length in bytes. */
export interface Pieces {
  readonly length: number;
  /** Read once, from the beginning. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A file as a body. */
export function filePieces(kept: KeptBytes): Pieces {
  return { length: kept.size, chunks: kept.read() };
}

// === JSON

const encoder = new TextEncoder();

/** A string in JSON that ends in a file's base64, which is read as it is sent. */
export class Base64Text {
  readonly kept: KeptBytes;
  /** What stands before the base64. */
  readonly prefix: string;

  constructor(kept: KeptBytes, prefix = "") {
    this.kept = kept;
    this.prefix = prefix;
  }
}

/** A long text as a body, all of which is in memory. */
export function textPieces(text: string): Pieces | undefined {
  if (text.length <= smallLength) return undefined;
  const bytes = encoder.encode(text);
  return { length: bytes.byteLength, chunks: inMemory(bytes).read() };
}

/** An object as JSON, with the files that `Base64Text`s in it stand for, each of them never as one string. */
export function jsonPieces(object: object): Pieces {
  const files: KeptBytes[] = [];
  // Not to be guessed, so that it stands nowhere else.
  const mark = crypto.randomUUID();
  const json = JSON.stringify(object, (_, value: unknown) => {
    if (!(value instanceof Base64Text)) return value;
    files.push(value.kept);
    return value.prefix + mark;
  });
  const texts = json.split(mark).map((text) => encoder.encode(text));
  const encoded = files.reduce((sum, { size }) => sum + 4 * Math.ceil(size / 3), 0);
  const length = texts.reduce((sum, text) => sum + text.byteLength, encoded);
  return { length, chunks: interleaved(texts, files) };
}

async function* interleaved(texts: readonly Uint8Array[], files: readonly KeptBytes[]) {
  for (const [index, text] of texts.entries()) {
    yield text;
    const file = files[index];
    if (file) yield* inBase64(file);
  }
}

async function* inBase64(kept: KeptBytes): AsyncGenerator<Uint8Array, void> {
  let rest = new Uint8Array();
  for await (const piece of kept.read()) {
    const bytes = rest.length > 0 ? joined([rest, piece]) : piece;
    const whole = bytes.length - (bytes.length % 3);
    yield asciiBytes(base64Of(bytes.subarray(0, whole)));
    rest = bytes.slice(whole);
  }
  if (rest.length > 0) yield asciiBytes(base64Of(rest));
}

// === Sending

/** A body of this length is sent whole: it is about as large as a piece. */
const smallLength = (4 / 3) * pieceBytes;

/** What one body has in memory at most: a piece as it was read, encoded, and on its way. */
const lengthUnderWay = 1024 * 1024;

/**
 * The answer with its body: whole where it is small, otherwise read as fast as the client takes it. Throws `overloaded`
 * where too many bytes are under way, and `cancelled` when the client is gone.
 */
export async function inPieces(
  { underWay }: Pick<Door, "underWay">,
  context: RequestContext,
  answer: Answer,
  pieces: Pieces,
): Promise<Answer> {
  const { signal } = context.req.raw;
  const giveBack = await underWay.take(bytesUnderWay(pieces), signal).catch((error: unknown) => {
    throw signal.aborted ? new ImageError("cancelled", { by: "caller" }) : error;
  });
  // Without a socket nothing tells when the answer is over.
  const { outgoing, client } = carrierOf(context);
  if (outgoing ?? client) onGone(context, giveBack);
  else giveBack();
  const { length, chunks } = pieces;
  const headers = { ...answer.headers, "content-length": `${length}` };
  const body = length > smallLength ? streamOf(chunks) : await wholeOf(chunks);
  return { ...answer, headers, body };
}

/** The same bytes for an answer whose head went out before. Throws `overloaded`. */
export async function* piecesUnderWay(
  { underWay }: Pick<Door, "underWay">,
  pieces: Pieces,
): AsyncGenerator<Uint8Array, void> {
  const giveBack = await underWay.take(bytesUnderWay(pieces));
  try {
    yield* pieces.chunks;
  } finally {
    giveBack();
  }
}

function bytesUnderWay({ length }: Pieces): number {
  return Math.min(length, lengthUnderWay);
}

async function wholeOf(chunks: Pieces["chunks"]): Promise<Uint8Array<ArrayBuffer>> {
  return joined(await Array.fromAsync(chunks));
}

/** A body that is read as fast as it is taken. */
export function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await iterator.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    // Nothing is read before the client takes it.
    { highWaterMark: 0 },
  );
}
