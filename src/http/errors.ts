import {
  type AnyImageError,
  type ErrorCode,
  type ErrorDetails,
  ImageError,
  isImageError,
  mayHaveBeenPaid,
} from "../../core/errors.ts";
import type { Log } from "../../core/observe.ts";
import { Refusal } from "./refusals.ts";

/** OpenAI's error envelope; all four keys are always there. */
export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}

interface Row<Code extends ErrorCode> {
  readonly status: number;
  readonly type: string;
  /** OpenAI's own code where it has one. */
  readonly code: string | null;
  /** A sentence that a person understands. */
  readonly message: (details: ErrorDetails[Code]) => string;
  readonly param?: (details: ErrorDetails[Code]) => string | null;
  readonly retryAfterMs?: (details: ErrorDetails[Code]) => number | undefined;
}

const invalid = "invalid_request_error";

const storageProblems: Record<ErrorDetails["storage-failed"]["problem"], string> = {
  full: "The server's disk is full",
  unwritable: "The server cannot write to its disk",
  unreachable: "The server cannot reach its database for the moment",
};

/** Each error as a client sees it. A new code does not compile until it has a row here. */
export const httpErrors: { readonly [Code in ErrorCode]: Row<Code> } = {
  "invalid-request": {
    status: 400,
    type: invalid,
    code: null,
    message: ({ problem }) => problem,
    param: ({ field }) => field && (wireNames[field] ?? field),
  },
  "unknown-model": {
    status: 404,
    type: invalid,
    code: "model_not_found",
    message: ({ model }) =>
      `The model "${model}" does not exist here. GET /v1/models lists those that do.`,
    param: () => "model",
  },
  "unknown-preset": {
    status: 404,
    type: invalid,
    code: "preset_not_found",
    message: ({ preset }) =>
      `There is no preset "${preset}" here. GET /v1/presets lists those that there are.`,
    param: () => "preset",
  },
  unsupported: {
    status: 400,
    type: invalid,
    code: "unsupported_feature",
    message: (details) => `${lacks[details.feature](details)}${remedyFor(details)}`,
    param: () => "model",
  },
  "content-refused": {
    status: 400,
    type: "image_generation_user_error",
    code: "content_policy_violation",
    message: ({ reason }) => `This picture was refused: ${reason}`,
    param: () => "prompt",
  },
  "quota-exceeded": {
    status: 429,
    type: "rate_limit_error",
    code: "rate_limit_exceeded",
    message: ({ limit, window, left, resetsAt }) =>
      `The quota of ${limit} pictures a ${window} is used up (${left} left). It starts anew at ${new Date(resetsAt).toISOString()}.`,
    retryAfterMs: ({ resetsAt }) => resetsAt - Date.now(),
  },
  "queue-full": {
    status: 429,
    type: "rate_limit_error",
    code: "queue_full",
    message: ({ limit, whose }) =>
      whose === "requester"
        ? `${limit} of your pictures are waiting already. Wait for one of them.`
        : `The line is full: ${limit} pictures are waiting. Try again in a while.`,
    retryAfterMs: ({ retryAfterMs }) => retryAfterMs,
  },
  "provider-busy": {
    status: 503,
    type: "server_error",
    code: "service_busy",
    message: () => "The image service is busy. Try again in a while.",
    retryAfterMs: ({ retryAfterMs }) => retryAfterMs,
  },
  "provider-failed": {
    status: 502,
    type: "server_error",
    code: "provider_failed",
    message: ({ fault, paid }) =>
      `The image service failed: ${faults[fault]}.${paid ? " It may have charged for the picture." : ""}`,
  },
  "timed-out": {
    status: 504,
    type: "server_error",
    code: "timeout",
    message: ({ afterMs }) =>
      `The image service did not finish within ${Math.round(afterMs / 1000)} seconds.`,
  },
  cancelled: {
    status: 503,
    type: "server_error",
    code: "cancelled",
    message: () => "The picture was cancelled.",
    retryAfterMs: () => 2000,
  },
  restarting: {
    status: 503,
    type: "server_error",
    code: "restarting",
    message: () =>
      "The server is restarting. Send the same request again in a few seconds: a picture that was under way goes on, and is not made twice.",
    retryAfterMs: () => 5000,
  },
  interrupted: {
    status: 502,
    type: "server_error",
    code: "interrupted",
    message: () => "The server was interrupted twice while the picture was being made.",
  },
  expired: {
    status: 504,
    type: "server_error",
    code: "expired",
    message: () => "The picture was not made in time because the server was away.",
  },
  "not-found": {
    status: 404,
    type: invalid,
    code: "not_found",
    message: ({ code, of }) =>
      of === "link"
        ? "This code links nothing: each is used once, within ten minutes. /link in a chat shows a new one."
        : `There is no picture ${code} here.`,
  },
  "not-yours": {
    status: 403,
    type: "permission_error",
    code: "not_yours",
    message: ({ code }) => `The picture ${code} is somebody else's.`,
  },
  "key-reused": {
    status: 422,
    type: "idempotency_error",
    code: "idempotency_key_reused",
    message: () => "This Idempotency-Key was used for another request. Use a new one.",
  },
  overloaded: {
    status: 503,
    type: "server_error",
    code: "overloaded",
    message: () => "The server has too much to do at once. Try again in a while.",
    retryAfterMs: ({ retryAfterMs }) => retryAfterMs,
  },
  "too-many-lookups": {
    status: 429,
    type: "rate_limit_error",
    code: "too_many_lookups",
    message: () => "Too many codes that do not exist. Wait a minute.",
    retryAfterMs: ({ retryAfterMs }) => retryAfterMs,
  },
  "storage-failed": {
    status: 503,
    type: "server_error",
    code: "storage_failed",
    message: ({ problem, paid }) =>
      `${storageProblems[problem]}, so ${paid ? "the picture could not be kept" : "no picture was made"}.`,
    retryAfterMs({ problem, paid }) {
      if (problem === "unreachable") return 5_000;
      return paid ? undefined : 30_000;
    },
  },
  internal: {
    status: 500,
    type: "server_error",
    code: "internal_error",
    message: () => "Something went wrong in the server. Its log has the details.",
  },
};

/** This door's names for the core's fields. */
const wireNames: Readonly<Record<string, string>> = {
  aspectRatio: "aspect_ratio",
  guidance: "cfg",
  negative: "negative_prompt",
  count: "n",
  batch: "prompt",
  source: "image",
};

type Unsupported = ErrorDetails["unsupported"];

const lacks: Record<Unsupported["feature"], (details: Unsupported) => string> = {
  edit: ({ model }) => `The model "${model}" cannot edit pictures`,
  pictures: ({ model, limit }) => `The model "${model}" edits at most ${limit} at a time`,
  mask: ({ model }) => `The model "${model}" cannot edit a part of a picture alone`,
};

/** What would help: another model, or what the operator would have to set up. */
function remedyFor({ able, feature }: Unsupported): string {
  if (able !== undefined) return `; "${able}" can.`;
  return feature === "edit"
    ? `, and no other here can. Its operator would have to add one that edits to MODELS_FILE.`
    : ", and no other here can.";
}

const faults: Record<ErrorDetails["provider-failed"]["fault"], string> = {
  unreachable: "it cannot be reached",
  challenge: "it answered with a browser check instead of a picture",
  "bad-key": "it does not accept the server's key",
  "no-points": "the server's account there has nothing left",
  rejected: "it did not accept the request",
  "server-error": "it had an error of its own",
  "bad-reply": "its answer was not understood",
  "bad-image": "what it sent is not a whole picture",
  "other-format": "it sent a picture in a format that is not read here",
  "unsafe-link": "it sent a link that is not safe to follow",
};

/** A problem in the form of this API. */
export interface ApiProblem {
  readonly status: number;
  readonly body: ErrorBody;
  readonly headers: Readonly<Record<string, string>>;
}

/** The problem behind anything thrown, to be told to a client; a bug is written to the log with these facts. */
export function problemOf(error: unknown, log: Log, facts: object): ApiProblem {
  const isExpected = isImageError(error) || error instanceof Refusal;
  if (!isExpected) log.error({ ...facts, error }, "a bug in the HTTP door");
  return toApiProblem(error);
}

/** The problem for anything thrown, without logging; a bug becomes "internal". */
export function toApiProblem(error: unknown): ApiProblem {
  if (error instanceof Refusal) return error.problem;
  const known: AnyImageError = isImageError(error) ? error : new ImageError("internal", {});
  const row = httpErrors[known.code] as Row<ErrorCode>;
  const { details } = known;
  const param = row.param?.(details) ?? null;
  const retryAfterMs = row.retryAfterMs?.(details);
  return {
    status: isFullForAll(known) ? 503 : row.status,
    body: { error: { message: row.message(details), type: row.type, param, code: row.code } },
    headers: {
      "x-drawbridge-problem": inHeader({ kind: known.code, ...details }),
      ...(mayHaveBeenPaid(known) || known.code === "internal" ? { "x-should-retry": "false" } : {}),
      ...(retryAfterMs === undefined ? {} : { "retry-after": seconds(retryAfterMs) }),
    },
  };
}

const longestHeader = 2000;

/** What failed in the core's own terms, for clients that say it in their own words; a long one is its code alone. */
function inHeader(problem: { readonly kind: ErrorCode }): string {
  const escaped = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const text = JSON.stringify(problem).replace(/[^\x20-\x7e]/g, escaped);
  return text.length > longestHeader ? JSON.stringify({ kind: problem.kind }) : text;
}

/** True where the answer invites a retry: nothing was made, and nothing was paid for. */
export function invitesRetry(error: unknown): boolean {
  const { status, headers } = toApiProblem(error);
  return (status === 429 || status >= 500) && headers["x-should-retry"] !== "false";
}

function isFullForAll(error: AnyImageError): boolean {
  return error.code === "queue-full" && error.details.whose === "everyone";
}

/** A client that is told to wait longer than ten minutes waits for ever, and clocks may be wrong. */
const longestWaitS = 600;

function seconds(ms: number): string {
  return String(Math.min(longestWaitS, Math.max(1, Math.ceil(ms / 1000))));
}
