/** What the platform adds to an error for a program to act on. */
export interface ErrorParameters {
  readonly retry_after?: number;
  readonly migrate_to_chat_id?: number;
}

/** An error as the Bot API answers it: the status, the description and the parameters. */
export class BotApiError extends Error {
  override readonly name = "BotApiError";
  readonly code: number;
  readonly parameters: ErrorParameters | undefined;
  /** The platform's words as they stand inside of another reason: as they were, without a prefix. */
  readonly reason: string;

  constructor(code: number, description: string, parameters?: ErrorParameters, reason?: string) {
    super(description);
    this.code = code;
    this.parameters = parameters;
    this.reason = reason ?? description;
  }
}

/** Reasons are written in lower case, unless they begin like a constant (`BUTTON_DATA_INVALID`). */
function sentence(prefix: string, reason: string): string {
  const constant = /^.[A-Z_]/.test(reason);
  return `${prefix}: ${constant ? reason : reason.charAt(0).toLowerCase() + reason.slice(1)}`;
}

/** 400; `reason` is the platform's own text without the leading "Bad Request: ". */
export function badRequest(reason: string, parameters?: ErrorParameters): BotApiError {
  return new BotApiError(400, sentence("Bad Request", reason), parameters, reason);
}

/** 400 for markup that is wrong. */
export function cannotParse(reason: string): BotApiError {
  return badRequest(`Can't parse entities: ${reason}`);
}

/** 403; `reason` is the platform's own text without the leading "Forbidden: ". */
export function forbidden(reason: string): BotApiError {
  return new BotApiError(403, sentence("Forbidden", reason));
}

/** 429; the platform speaks in whole seconds, tests may ask for less. */
export function tooManyRequests(seconds: number): BotApiError {
  return new BotApiError(429, `Too Many Requests: retry after ${seconds}`, {
    retry_after: seconds,
  });
}

/** What the JSON body of an error looks like. */
export function errorBody(error: BotApiError): Record<string, unknown> {
  return {
    ok: false,
    error_code: error.code,
    description: error.message,
    ...(error.parameters && { parameters: error.parameters }),
  };
}
