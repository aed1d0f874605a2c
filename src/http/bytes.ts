import type { IncomingMessage } from "node:http";
import { type Decoder, decoders, joined } from "#runtime";
import { BodyTooLarge, readCapped } from "../../core/wire/fetch.ts";
import { carrierOf, headerOf, type RequestContext } from "./context.ts";
import { Refusal } from "./refusals.ts";

/**
 * A request's body with its Content-Encoding undone, of any content type. Throws `BodyTooLarge` where it is longer than
 * `maxBytes`, before or after, and a `Refusal` for an encoding that is not known here or was not kept to, and for a
 * connection that broke. What the head tells is refused without reading the body.
 */
export async function readBytes(
  context: RequestContext,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  checkHead(context, maxBytes);
  return decodedBytes(context, await sentBytes(context, maxBytes), maxBytes);
}

/** Throws what `readBytes` throws where the head alone tells that the body will not do. */
export function checkHead(context: RequestContext, maxBytes: number): void {
  if (Number(context.req.header("content-length")) > maxBytes) throw new BodyTooLarge(maxBytes);
  decodersFor(context);
}

/**
 * A body of at most so many bytes that says its length and is not encoded, as almost all are; undefined for any other. Rejects
 * with a `Refusal` where the connection breaks.
 */
export function smallBody(
  context: RequestContext,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> | undefined {
  const length = lengthOf(context);
  const isSmall = length !== undefined && length <= most;
  if (!isSmall || headerOf(context, "content-encoding") !== undefined) return undefined;
  const { incoming } = carrierOf(context);
  if (incoming) return received(incoming);
  return context.req.raw.arrayBuffer().then((bytes) => new Uint8Array(bytes), cutOff);
}

/** What Node receives, without a copy of it. */
function received(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    incoming
      .on("data", (chunk: Uint8Array<ArrayBuffer>) => chunks.push(chunk))
      .on("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : joined(chunks)))
      .on("error", () => reject(new Refusal("cut-off")))
      .on("close", () => {
        if (!incoming.readableEnded) reject(new Refusal("cut-off"));
      });
  });
}

function cutOff(): never {
  throw new Refusal("cut-off");
}

/** The length that the head announces, of which the server takes no more; undefined where the end is to be seen. */
export function lengthOf(context: RequestContext): number | undefined {
  const length = headerOf(context, "content-length");
  const isBounded = length !== undefined && headerOf(context, "transfer-encoding") === undefined;
  return isBounded ? Number(length) : undefined;
}

async function sentBytes(context: RequestContext, maxBytes: number) {
  const { raw } = context.req;
  try {
    if (lengthOf(context) !== undefined) return new Uint8Array(await raw.arrayBuffer());
    return await readCapped(raw, maxBytes);
  } catch (error) {
    throw error instanceof BodyTooLarge ? error : new Refusal("cut-off");
  }
}

const strictly = new TextDecoder("utf-8", { fatal: true });

/** Bytes as UTF-8, without a mark at their beginning. Throws a `Refusal` for anything else. */
export function textOf(bytes: Uint8Array): string {
  let text: string;
  try {
    text = strictly.decode(bytes);
  } catch {
    throw new Refusal("not-utf-8");
  }
  if (text.length < bytes.length && isByChance(text)) throw new Refusal("not-utf-8");
  return text;
}

/** Whether a text is in GBK, which was UTF-8 by chance: 一只猫 reads һֻè. */
export function isByChance(text: string): boolean {
  return mixed.test(text) && !further.test(text);
}

/** Letters of scripts that are never written side by side, where nothing else is there. */
const mixed =
  /[\u0400-\u052f](?:[\u00c0-\u024f]|[\u0531-\u05ff])|[\u0531-\u05ff][\u00c0-\u052f]|[\u00c0-\u024f][\u0400-\u05ff]/;
const further = /[\u0600-\uffff]/;

// === Content-Encoding

const { gzip, deflate, "deflate-raw": deflateRaw, ...others } = decoders;

/** By their names in headers. */
const known: ReadonlyMap<string, Decoder> = new Map(
  Object.entries({
    gzip,
    "x-gzip": gzip,
    deflate: (...sent: Parameters<Decoder>) => (isFramed(sent[0]) ? deflate : deflateRaw)(...sent),
    ...others,
  }),
);

/** Whether bytes begin with the frame of zlib (RFC 1950), which RFC 9110 wants and some clients leave out. */
function isFramed([method = 0, flags = 0]: Uint8Array): boolean {
  return (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0;
}

/** More are not put one around the other. */
const mostEncodings = 2;

const accepted = [...known.keys()].filter((name) => !name.startsWith("x-")).join(", ");

function decodersFor({ req }: RequestContext): readonly Decoder[] {
  const header = req.header("content-encoding");
  if (header === undefined) return [];
  const names = header.split(",").map((name) => name.trim().toLowerCase());
  const encodings = names.filter((name) => name !== "" && name !== "identity");
  const needed = encodings.flatMap((name) => known.get(name) ?? []);
  if (needed.length < encodings.length || needed.length > mostEncodings) {
    throw new Refusal("unknown-encoding", { "accept-encoding": accepted });
  }
  return needed;
}

/** The bytes of a body as they were before the request's Content-Encoding. Throws what `readBytes` throws. */
export async function decodedBytes(
  context: RequestContext,
  sent: Uint8Array<ArrayBuffer>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = sent;
  for (const decode of decodersFor(context).toReversed()) {
    bytes = await decode(bytes, maxBytes).catch((error: unknown) => {
      throw error instanceof BodyTooLarge ? error : new Refusal("not-decoded");
    });
  }
  return bytes;
}
