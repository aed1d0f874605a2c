import { sha256 as digest } from "@noble/hashes/sha2.js";
import { BodyTooLarge } from "../../core/wire/fetch.ts";
import type * as node from "../runtime.ts";
import { ownFileAt } from "./own-files.ts";

// `#runtime` in a Worker, with what every Worker has, whatever its compatibility date: see src/runtime.ts.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const sha256: typeof node.sha256 = (content) =>
  digest(typeof content === "string" ? encoder.encode(content) : content);

export const isSame: typeof node.isSame = (one, other) =>
  one.reduce((differences, byte, at) => differences | (byte ^ (other[at] ?? 0)), 0) === 0;

export const joined: typeof node.joined = (parts) => {
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
};

export const base64Of: typeof node.base64Of = (bytes) =>
  (bytes as Uint8Array & { toBase64(): string }).toBase64();

export const asciiText: typeof node.asciiText = (bytes) => decoder.decode(bytes);

export const asciiBytes: typeof node.asciiBytes = (text) => encoder.encode(text);

// === Content-Encoding

function decoding(format: ConstructorParameters<typeof DecompressionStream>[0]): node.Decoder {
  return async (bytes, maxBytes) => {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format));
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of stream) {
      length += piece.byteLength;
      if (length > maxBytes) throw new BodyTooLarge(maxBytes);
      pieces.push(piece);
    }
    return joined(pieces);
  };
}

export const decoders: typeof node.decoders = {
  gzip: decoding("gzip"),
  deflate: decoding("deflate"),
  "deflate-raw": decoding("deflate-raw"),
};

// === Time

export const later: typeof node.later = (ms, work) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

export const beating: typeof node.beating = (everyMs, work) => {
  const begin = () => setInterval(work, everyMs);
  let timer = begin();
  const stop = () => clearInterval(timer);
  const refresh = () => {
    stop();
    timer = begin();
  };
  return { refresh, stop };
};

// === Pictures

export const drawing: typeof node.drawing = undefined;

// === Files

/** A Worker has no files: the variable holds the text itself. */
export const namedText: typeof node.namedText = (text) => text;

export const ownFile: typeof node.ownFile = ownFileAt;

/** The build writes them in base64. */
export const ownBytes: typeof node.ownBytes = (path) =>
  Uint8Array.from(atob(ownFile(path)), (letter) => letter.charCodeAt(0));

export const libraryFile: typeof node.libraryFile = (name) => ownFile(`library:${name}`);

export const gzip: typeof node.gzip = () => undefined;
