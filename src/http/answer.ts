import type { ApiProblem } from "./errors.ts";
import { jsonPieces, type Pieces } from "./pieces.ts";

/** What a request is answered with; the app adds the headers that every answer has. */
export interface Answer {
  /** 200 where it is absent. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The reason phrase, where the usual one would say too little. */
  readonly reason?: string;
  /** The body as JSON, whose content type goes without saying … */
  readonly json?: object;
  /** … or in pieces, of which only a few are in memory at a time … */
  readonly pieces?: Pieces;
  /** … or as it is. */
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null;
}

/** The content type of JSON. */
export const jsonHeaders = { "content-type": "application/json" } as const;

/** An object as JSON that may hold `Base64Text`s. */
export function jsonWithPictures(object: object): Answer {
  return { headers: jsonHeaders, pieces: jsonPieces(object) };
}

/** A problem as an answer. Some clients show nothing but the reason phrase, so that says it in short, too. */
export function refusalOf({ status, body, headers }: ApiProblem): Answer {
  const reason = reasonPhrase(body.error.message);
  return { status, headers, json: body, ...(reason === undefined ? {} : { reason }) };
}

/** The first sentence in ASCII, which is all that a reason phrase may have; undefined where nothing is left of it. */
function reasonPhrase(message: string): string | undefined {
  const sentence = /^.*?[.!?](?=\s|$)/su.exec(message)?.[0] ?? message;
  const phrase = sentence
    .replaceAll("…", "...")
    // A name in other characters: without its marks nothing is missing.
    .replace(/\s*"[^"]*[^\x20-\x7e"][^"]*"/g, "")
    .replace(/[^\x21-\x7e]+/g, " ");
  return phrase.trim().replace(/[:,]$/, "").slice(0, 120) || undefined;
}
