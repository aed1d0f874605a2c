import type { ApiProblem } from "./errors.ts";

/** The answer to a request; the app adds the headers that every answer has. */
export interface Answer {
  /** 200 where it is absent. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The reason phrase, where the usual one would say too little. */
  readonly reason?: string;
  /** The body as JSON; its content type is set … */
  readonly json?: object;
  /** … or as it is. */
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null;
}

/** A problem as an answer. Some clients show only the reason phrase, so it holds the first sentence. */
export function refusalOf({ status, body, headers }: ApiProblem): Answer {
  return { status, headers, json: body, reason: reasonPhrase(body.error.message) };
}

/** The first sentence, in the characters that a reason phrase may have. */
function reasonPhrase(message: string): string {
  const sentence = /^.*?[.!?](?=\s|$)/su.exec(message)?.[0] ?? message;
  return sentence.replace(/[^\x20-\x7e]+/g, "?").slice(0, 120);
}
