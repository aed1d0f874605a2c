/** The nested part of an "Invalid Form Body": one level for each field, `_errors` at the end. */
export interface ErrorTree {
  [field: string]: ErrorTree | readonly FieldError[];
}

/** One thing wrong with one field. */
export interface FieldError {
  readonly code: string;
  readonly message: string;
}

/** A field error and where it is, from the root of the request's JSON. */
export interface Fault extends FieldError {
  readonly path: readonly PropertyKey[];
}

/** What Discord's API says when it does not do what it was asked. */
export interface RefusalBody {
  readonly code: number;
  readonly message: string;
  readonly errors?: ErrorTree;
  /** Seconds; with status 429. */
  readonly retry_after?: number;
  readonly global?: boolean;
}

/** Thrown by whatever handles a request; the server answers with its status and body. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly body: RefusalBody;

  constructor(status: number, body: RefusalBody) {
    super(body.message);
    this.status = status;
    this.body = body;
  }
}

/**
 * Status, code and words of each refusal, from the list of JSON error codes
 * (https://docs.discord.com/developers/topics/opcodes-and-status-codes#json).
 */
const REFUSALS = {
  "not-found": [404, 0, "404: Not Found"],
  unauthorized: [401, 0, "401: Unauthorized"],
  "method-not-allowed": [405, 0, "405: Method Not Allowed"],
  "server-error": [500, 0, "500: Internal Server Error"],
  "unknown-application": [404, 10002, "Unknown Application"],
  "unknown-channel": [404, 10003, "Unknown Channel"],
  "unknown-guild": [404, 10004, "Unknown Guild"],
  "unknown-member": [404, 10007, "Unknown Member"],
  "unknown-message": [404, 10008, "Unknown Message"],
  "unknown-user": [404, 10013, "Unknown User"],
  "unknown-webhook": [404, 10015, "Unknown Webhook"],
  "unknown-interaction": [404, 10062, "Unknown interaction"],
  "unknown-command": [404, 10063, "Unknown application command"],
  "too-many-commands": [400, 30032, "Maximum number of application commands reached"],
  "too-large": [413, 40005, "Request entity too large"],
  "already-acknowledged": [400, 40060, "Interaction has already been acknowledged."],
  "too-many-followups": [
    400,
    40094,
    "This interaction has hit the maximum number of follow up messages",
  ],
  "missing-access": [403, 50001, "Missing Access"],
  "not-the-author": [403, 50005, "Cannot edit a message authored by another user"],
  "empty-message": [400, 50006, "Cannot send an empty message"],
  "direct-messages-closed": [403, 50007, "Cannot send messages to this user"],
  "missing-permissions": [403, 50013, "Missing Permissions"],
  "invalid-webhook-token": [401, 50027, "Invalid Webhook Token"],
  "invalid-api-version": [400, 50041, "Invalid API version"],
  "invalid-json": [400, 50109, "The request body contains invalid JSON."],
  "no-mutual-guild": [
    403,
    50278,
    "Cannot send messages to this user due to having no mutual guilds",
  ],
  "blocked-by-automod": [400, 200000, "Message was blocked by automatic moderation"],
} as const satisfies Record<string, readonly [number, number, string]>;

/** The name of a refusal that has neither fields nor a waiting time. */
export type RefusalName = keyof typeof REFUSALS;

/** The refusal of that name, to be thrown. */
export function refusal(name: RefusalName): Refusal {
  const [status, code, message] = REFUSALS[name];
  return new Refusal(status, { code, message });
}

/** Code 50035 with every fault in its place. */
export function invalidForm(faults: readonly Fault[]): Refusal {
  const errors: ErrorTree = {};
  for (const fault of faults) place(errors, fault);
  return new Refusal(400, { code: 50035, message: "Invalid Form Body", errors });
}

function place(errors: ErrorTree, { path, code, message }: Fault): void {
  let level = errors;
  for (const key of path) {
    const next = (level[String(key)] ??= {});
    level = next as ErrorTree; // a field named `_errors` is in none of Discord's forms
  }
  const found = level._errors;
  level._errors = [...(Array.isArray(found) ? (found as FieldError[]) : []), { code, message }];
}

/** Code 429. `code` is present for the limits that have one (30046). */
export function tooManyRequests(
  retryAfterMs: number,
  { global = false, code = 0, message = "You are being rate limited." } = {},
): Refusal {
  return new Refusal(429, { code, message, retry_after: retryAfterMs / 1000, global });
}
