import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, gzipSync, inflate, inflateRaw, zstdDecompress } from "node:zlib";
import { sketchDialect } from "../core/providers/sketch.ts";
import { BodyTooLarge } from "../core/wire/fetch.ts";

// What Node has and the web has not, or has it faster. `#runtime` is this file, and in a Worker src/worker/runtime.ts.

// === Bytes

/** The SHA-256 of bytes, or of a text in UTF-8. */
export function sha256(content: string | Uint8Array): Uint8Array {
  return createHash("sha256").update(content).digest();
}

/** Compares bytes of the same length in a time that does not depend on them. */
export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return timingSafeEqual(one, other);
}

/** All of them, one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Buffer.concat(parts);
}

/** Bytes in base64. */
export function base64Of(bytes: Uint8Array): string {
  return asBuffer(bytes).toString("base64");
}

/** The bytes of ASCII as a text. */
export function asciiText(bytes: Uint8Array): string {
  return asBuffer(bytes).toString("latin1");
}

/** A text of ASCII as bytes. */
export function asciiBytes(text: string): Uint8Array<ArrayBuffer> {
  return Buffer.from(text, "latin1");
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

// === Content-Encoding

/** Undoes an encoding. Throws `BodyTooLarge` beyond so many bytes, and anything else for what was not encoded so. */
export type Decoder = (
  bytes: Uint8Array<ArrayBuffer>,
  maxBytes: number,
) => Promise<Uint8Array<ArrayBuffer>>;

type Decoders = Readonly<
  Record<"gzip" | "deflate" | "deflate-raw", Decoder> & Record<string, Decoder>
>;

type Unpack = (
  bytes: Uint8Array<ArrayBuffer>,
  options: { maxOutputLength: number },
) => Promise<Uint8Array<ArrayBuffer>>;

function decoder(unpack: Unpack): Decoder {
  return (bytes, maxBytes) =>
    unpack(bytes, { maxOutputLength: maxBytes }).catch((error: unknown) => {
      const isTooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
      throw isTooLarge ? new BodyTooLarge(maxBytes) : error;
    });
}

/** The encodings that can be undone, by HTTP's names; `deflate-raw` is deflate without its frame (RFC 1951). */
export const decoders: Decoders = {
  gzip: decoder(promisify(gunzip)),
  deflate: decoder(promisify(inflate)),
  br: decoder(promisify(brotliDecompress)),
  zstd: decoder(promisify(zstdDecompress)),
  "deflate-raw": decoder(promisify(inflateRaw)),
};

// === Time

/** A timer that keeps no process alive. Answers what stops it. */
export function later(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms);
  timer.unref();
  return () => clearTimeout(timer);
}

/** Something that is done again and again. */
export interface Beat {
  /** Begins the time until the next one anew. */
  refresh(): void;
  stop(): void;
}

/** Does it whenever so many milliseconds have passed. */
export function beating(everyMs: number, work: () => void): Beat {
  const timer = setInterval(work, everyMs);
  return { refresh: () => void timer.refresh(), stop: () => clearInterval(timer) };
}

// === Pictures

/** The provider that draws by itself; undefined where nothing can be drawn. */
export const drawing: typeof sketchDialect | undefined = sketchDialect;

// === Files

/** The text that a variable names: a file's. Throws the system's error. */
export function namedText(path: string): string {
  return readFileSync(path, "utf8");
}

/** One of the program's own files, by its path from `src/`. */
export function ownFile(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

/** The same of a file that is no text. */
export function ownBytes(path: string): Uint8Array {
  return readFileSync(new URL(path, import.meta.url));
}

/** The module of a library for browsers, by the name under which it is imported. */
export function libraryFile(name: string): string {
  return readFileSync(new URL(import.meta.resolve(name)), "utf8");
}

/** What a file is sent as to those who take it compressed; undefined where the one who serves it does that anyway. */
export function gzip(content: string | Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  return new Uint8Array(gzipSync(content));
}
