import { nodeOf, type RequestContext } from "./context.ts";
import { type HttpError, toHttpError } from "./errors.ts";

/** An error as its answer. Some clients show nothing but the reason phrase, so that says it in short, too. */
export function refuse(context: RequestContext, { status, body, headers }: HttpError): Response {
  const { outgoing } = nodeOf(context);
  if (outgoing && !outgoing.headersSent) outgoing.statusMessage = reasonPhrase(body.error.message);
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });
}

/** The answer to anything thrown; what is no expected failure goes to the log. */
export function refuseError(context: RequestContext, error: unknown): Response {
  return refuse(context, toHttpError(error));
}

/** The first sentence, in the characters that a reason phrase may have. */
function reasonPhrase(message: string): string {
  const sentence = /^.*?[.!?](?=\s|$)/su.exec(message)?.[0] ?? message;
  return sentence.replace(/[^\x20-\x7e]+/g, "?").slice(0, 120);
}
