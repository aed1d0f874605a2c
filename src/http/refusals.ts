import type { ApiProblem } from "./errors.ts";

/** A refusal by this door itself, which never reaches the core. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly problem: ApiProblem;

  /** `headers` are added to those of the refusal. */
  constructor(
    refusal: keyof typeof refusals | ApiProblem,
    headers: Readonly<Record<string, string>> = {},
  ) {
    const problem = typeof refusal === "string" ? refusals[refusal] : refusal;
    super(problem.body.error.message);
    this.problem = { ...problem, headers: { ...problem.headers, ...headers } };
  }
}

const invalid = "invalid_request_error";

/** What this door refuses by itself. */
export const refusals = {
  "no-key": refusal(
    401,
    "authentication_error",
    "invalid_api_key",
    "This needs a key: send it as Authorization: Bearer …",
  ),
  "bad-key": refusal(401, "authentication_error", "invalid_api_key", "This key is not known here."),
  "no-route": refusal(
    404,
    invalid,
    "not_found",
    "There is nothing at this address. GET /v1/models is a good start.",
  ),
  "no-picture": refusal(
    404,
    invalid,
    "not_found",
    "There is no picture at this address (any more).",
  ),
  "not-json": refusal(400, invalid, "invalid_json", "The body has to be JSON."),
  "many-fields": refusal(400, invalid, "too_many_fields", "The body has more than 1000 fields."),
  "cut-off": refusal(400, invalid, "incomplete_body", "The body ended before its end."),
  "bad-request": refusal(400, invalid, "bad_request", "This is no HTTP request that can be read."),
  "slow-request": refusal(408, invalid, "request_timeout", "The request took too long to arrive."),
  "bad-method": refusal(
    405,
    invalid,
    "method_not_allowed",
    "This address does not answer to this method.",
  ),
  "not-utf-8": refusal(400, invalid, "invalid_encoding", "The body has to be UTF-8."),
  "not-decoded": refusal(
    400,
    invalid,
    "invalid_encoding",
    "The body is not what its Content-Encoding says.",
  ),
  "unknown-encoding": refusal(
    415,
    invalid,
    "unsupported_encoding",
    "The body's Content-Encoding has to be one of those that accept-encoding lists.",
  ),
  "not-a-form": refusal(400, invalid, "invalid_form", "The body is no form that can be read."),
  "long-headers": refusal(431, invalid, "headers_too_large", "The headers are larger than 16 KiB."),
} as const;

function refusal(status: number, type: string, code: string, message: string): ApiProblem {
  const headers = status === 401 ? { "www-authenticate": "Bearer" } : {};
  return { status, body: { error: { message, type, param: null, code } }, headers };
}

/** The refusal of what cannot be done with a field of a request; `problem` is a sentence that names it. */
export function unsupportedField(param: string, problem: string): Refusal {
  const error = { message: problem, type: invalid, param, code: "unsupported_feature" };
  return new Refusal({ status: 400, body: { error }, headers: {} });
}

/** The refusal of a body that is longer than so many bytes, or a part of it that `what` names. */
export function tooLarge(maxBytes: number, what = ""): Refusal {
  const mebibytes = Math.floor(maxBytes / (1024 * 1024));
  const message = `The request is larger than ${mebibytes} MiB${what}.`;
  return new Refusal(refusal(413, invalid, "request_too_large", message));
}
