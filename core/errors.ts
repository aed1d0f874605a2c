/** What went wrong at an image service, as counted in the metrics. */
export type ProviderFault =
  | "unreachable"
  | "challenge" // a Cloudflare page instead of an answer
  | "bad-key"
  | "no-points"
  | "rejected"
  | "server-error"
  | "bad-reply"
  | "bad-image"
  | "other-format" // a picture that is not read here
  | "unsafe-link";

/** For a code that needs no details. */
export type NoDetails = object;

/** Every way a request can fail that is not a bug, with what a reader needs to know about it. */
export interface ErrorDetails {
  /** `problem` is an English sentence about `field`, which is named as the core names it. */
  "invalid-request": { field: string | null; problem: string };
  "unknown-model": { model: string };
  "unknown-preset": { preset: string };
  /**
   * The model edits no pictures at all, not so many of them (`limit` is what it takes), or not a part alone. `able` is a
   * model that could; absent where none could.
   */
  unsupported: {
    feature: "edit" | "pictures" | "mask";
    model: string;
    limit?: number;
    able?: string;
  };
  "content-refused": { by: "policy" | "provider"; reason: string };
  /** `resetsAt` is a Unix time in milliseconds. */
  "quota-exceeded": { window: "minute" | "day"; limit: number; left: number; resetsAt: number };
  "queue-full": { whose: "requester" | "everyone"; limit: number; retryAfterMs: number };
  "provider-busy": { provider: string; retryAfterMs: number };
  /** `transient`: no work was started, so a retry is safe; `paid`: the work may have been charged for. */
  "provider-failed": { provider: string; fault: ProviderFault; transient: boolean; paid: boolean };
  "timed-out": { afterMs: number };
  /** Its requester, or an operator, did not want it any more. */
  cancelled: NoDetails;
  /** This process ends: what it had accepted goes on in the next one, anything else was not taken. */
  restarting: NoDetails;
  /** The process died twice while this job was at the image service. */
  interrupted: NoDetails;
  /** The job was not made within its time to live. */
  expired: { afterMs: number };
  /** No picture or job has this code; `of`: what else it would be the code of. */
  "not-found": { code: string; of?: "link" };
  "not-yours": { code: string };
  /** An idempotency key was used again with a different request. */
  "key-reused": NoDetails;
  "too-many-lookups": { retryAfterMs: number };
  /** Too much is read, sent or converted here at once. Nothing was charged for what was refused. */
  overloaded: { retryAfterMs: number };
  /** `unreachable`: the database is elsewhere, and does not answer. */
  "storage-failed": { problem: "full" | "unwritable" | "unreachable"; paid: boolean };
  /** A bug, as it is kept with its job; the log has the rest. */
  internal: NoDetails;
}

/** The code of an expected failure. Each door has a row for every code. */
export type ErrorCode = keyof ErrorDetails;

/**
 * An expected failure: a code from the closed list and the facts that go with it. `message` is for logs and
 * developers and holds no secret; what a user reads comes from the table of the door. Anything thrown that is not
 * an ImageError is a bug.
 */
export class ImageError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = "ImageError";
  readonly code: Code;
  readonly details: ErrorDetails[Code];

  constructor(code: Code, details: ErrorDetails[Code], options: ImageErrorOptions = {}) {
    super(
      options.message ?? `${code} ${JSON.stringify(details)}`,
      "cause" in options ? { cause: options.cause } : {},
    );
    this.code = code;
    this.details = details;
  }
}

/** `message` is for logs and holds no secret; `cause` is the error that led to this one. */
export interface ImageErrorOptions {
  message?: string;
  cause?: unknown;
}

/** An ImageError whose `details` narrow when its `code` is switched on. */
export type AnyImageError = { [Code in ErrorCode]: ImageError<Code> }[ErrorCode];

/** A failure as it is kept with its job. */
export type StoredError = {
  [Code in ErrorCode]: { code: Code; details: ErrorDetails[Code]; message: string };
}[ErrorCode];

/** True for an expected failure; false for a bug. */
export function isImageError(error: unknown): error is AnyImageError {
  return error instanceof ImageError;
}

/** Bad input: `problem` is a sentence that names what to do, `field` is null where no single field is at fault. */
export function invalidRequest(field: string | null, problem: string, cause?: unknown) {
  return new ImageError("invalid-request", { field, problem }, { message: problem, cause });
}

/** True when the work may have been charged for, so that repeating it could cost twice. */
export function mayHaveBeenPaid(error: AnyImageError): boolean {
  switch (error.code) {
    case "provider-failed":
    case "storage-failed":
      return error.details.paid;
    case "timed-out":
    case "interrupted":
      return true;
    default:
      return false;
  }
}

/** The error without its stack and causes, as it is kept with its job. */
export function storedError(error: AnyImageError): StoredError {
  return { code: error.code, details: error.details, message: error.message } as StoredError;
}

/** The error that was kept with a job, to be thrown again. */
export function revivedError(stored: StoredError): AnyImageError {
  return new ImageError(stored.code, stored.details, { message: stored.message }) as AnyImageError;
}
