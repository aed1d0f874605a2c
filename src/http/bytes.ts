import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from "node:zlib";
import { BodyTooLarge, readCapped } from "../../core/wire/fetch.ts";
import type { RequestContext } from "./context.ts";
import { Refusal } from "./refusals.ts";

/**
 * A request's body with its Content-Encoding undone, of any content type. Throws `BodyTooLarge` where it is longer than
 * `maxBytes`, before or after, and a `Refusal` for an encoding that is not known here or was not kept to, and for a
 * connection that broke. A body that is too large and says so is not read at all.
 */
export async function readBytes(
  context: RequestContext,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoding = context.req.header("content-encoding");
  const sent = await sentBytes(context, maxBytes);
  return encoding === undefined ? sent : decoded(sent, encoding, maxBytes);
}

/** Bytes that are not worth to be read piece by piece. */
const fewBytes = 1024 * 1024;

async function sentBytes({ req }: RequestContext, maxBytes: number) {
  const length = req.header("content-length");
  if (Number(length) > maxBytes) throw new BodyTooLarge(maxBytes);
  // The server takes no more than the length that was announced. It keeps what it reads at once until the answer is out.
  const isBounded = Number(length) <= fewBytes && req.header("transfer-encoding") === undefined;
  try {
    if (isBounded) return new Uint8Array(await req.raw.arrayBuffer());
    return await readCapped(req.raw, maxBytes);
  } catch (error) {
    throw error instanceof BodyTooLarge ? error : new Refusal("cut-off");
  }
}

const strictly = new TextDecoder("utf-8", { fatal: true });

/** Bytes as UTF-8, without a mark at their beginning. Throws a `Refusal` for anything else. */
export function textOf(bytes: Uint8Array): string {
  try {
    return strictly.decode(bytes);
  } catch {
    throw new Refusal("not-utf-8");
  }
}

// === Content-Encoding

type Decoder = (
  bytes: Uint8Array<ArrayBuffer>,
  options: { maxOutputLength: number },
) => Promise<Uint8Array<ArrayBuffer>>;

const gunzipped: Decoder = promisify(gunzip);
const inflated: Decoder = promisify(inflate);
const inflatedRaw: Decoder = promisify(inflateRaw);

const decoders = new Map<string, Decoder>([
  ["gzip", gunzipped],
  ["x-gzip", gunzipped],
  ["br", promisify(brotliDecompress)],
  ["zstd", promisify(zstdDecompress)],
  ["deflate", (bytes, options) => (isFramed(bytes) ? inflated : inflatedRaw)(bytes, options)],
]);

/** Whether bytes begin with the frame of zlib (RFC 1950), which RFC 9110 wants and some clients leave out. */
function isFramed([method = 0, flags = 0]: Uint8Array): boolean {
  return (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0;
}

/** More are not put one around the other. */
const mostEncodings = 2;

const accepted = { "accept-encoding": "gzip, deflate, br, zstd" };

async function decoded(
  sent: Uint8Array<ArrayBuffer>,
  header: string,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const names = header.split(",").map((name) => name.trim().toLowerCase());
  const encodings = names.filter((name) => name !== "" && name !== "identity");
  const known = encodings.flatMap((name) => decoders.get(name) ?? []);
  if (known.length < encodings.length || known.length > mostEncodings) {
    throw new Refusal("unknown-encoding", accepted);
  }
  let bytes = sent;
  for (const decode of known.toReversed()) {
    bytes = await decode(bytes, { maxOutputLength: maxBytes }).catch((error: unknown) => {
      const isTooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
      throw isTooLarge ? new BodyTooLarge(maxBytes) : new Refusal("not-decoded");
    });
  }
  return bytes;
}
