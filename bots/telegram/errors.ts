import type { Transformer } from "grammy";
import { DeliveryDelayed, NotSent } from "../../core/studio/outbox.ts";

/** What an error of the Bot API means to this bot. */
export type ApiProblem =
  /** Too many messages: the same may work after a while. */
  | "flood"
  | "bad-token"
  /** Another process fetches the updates of this bot. */
  | "conflict"
  | "not-modified"
  /** The chat no longer exists, or no longer takes messages from this bot; or a query takes no answer any more. */
  | "gone"
  /** The group became a supergroup, with another id. */
  | "migrated"
  /** The message to edit is gone, or cannot be edited. */
  | "no-message"
  | "no-topic"
  /** The message to answer is gone. */
  | "no-reply"
  /** The chat takes no pictures. */
  | "no-pictures"
  | "cannot-delete"
  | "bad-photo"
  | "bad-file-id"
  | "server-error"
  | "other";

/** The first match counts. The Bot API has no error codes of its own, so its descriptions are matched. */
const meanings: readonly (readonly [number, RegExp, ApiProblem])[] = [
  [429, /^/, "flood"],
  [401, /^/, "bad-token"],
  [404, /^Not Found$/, "bad-token"],
  [409, /^/, "conflict"],
  [403, /^/, "gone"],
  [400, /upgraded to a supergroup/i, "migrated"],
  [400, /message is not modified/i, "not-modified"],
  [
    400,
    /message to edit not found|MESSAGE_ID_INVALID|can't be edited|no text in the message/i,
    "no-message",
  ],
  [400, /message to delete not found/i, "no-message"],
  [400, /can't be deleted/i, "cannot-delete"],
  [400, /message to be replied not found|replied message not found/i, "no-reply"],
  [
    400,
    /not enough rights to send (photos|documents|media)|CHAT_SEND_(PHOTOS|DOCS|MEDIA)_FORBIDDEN/i,
    "no-pictures",
  ],
  [400, /message thread not found|TOPIC_(DELETED|CLOSED)/i, "no-topic"],
  [
    400,
    /chat not found|need administrator rights|(not enough|have no) rights|CHAT_WRITE_FORBIDDEN|CHAT_(SEND|GUEST_SEND|RESTRICTED|ADMIN_REQUIRED|FORBIDDEN)|USER_BANNED_IN_CHANNEL|CHANNEL_PRIVATE|chat was deactivated|PEER_ID_INVALID|USER_IS_BLOCKED/i,
    "gone",
  ],
  [
    400,
    /PHOTO_INVALID|IMAGE_PROCESS_FAILED|too big for a photo|PHOTO_EXT|unsupported extension|PHOTO_SAVE/i,
    "bad-photo",
  ],
  [400, /wrong (remote )?file identifier|can't use file of type|FILE_REFERENCE/i, "bad-file-id"],
  [400, /query is too old|QUERY_ID_INVALID/i, "gone"],
];

/** The Bot API refused a call. Holds neither the token nor what was sent. */
export class TelegramRefusal extends Error {
  override readonly name = "TelegramRefusal";
  readonly problem: ApiProblem;
  readonly code: number;
  readonly retryAfterMs: number | undefined;
  readonly migratedTo: number | undefined;

  constructor(method: string, answer: FailedAnswer) {
    super(`${method}: ${answer.error_code} ${answer.description}`);
    const { error_code: code, description, parameters = {} } = answer;
    const found = meanings.find(([status, text]) => status === code && text.test(description));
    this.problem = found?.[2] ?? (code >= 500 ? "server-error" : "other");
    this.code = code;
    this.migratedTo = parameters.migrate_to_chat_id;
    const { retry_after: seconds } = parameters;
    this.retryAfterMs = seconds === undefined ? undefined : seconds * 1000;
  }
}

interface FailedAnswer {
  readonly error_code: number;
  readonly description: string;
  readonly parameters?: {
    readonly retry_after?: number;
    readonly migrate_to_chat_id?: number;
  };
}

/** The Bot API did not answer. Holds neither the token nor what was sent. */
export class TelegramUnreachable extends Error {
  override readonly name = "TelegramUnreachable";
  /** There was not even a connection. */
  readonly notSent: boolean;

  constructor(method: string, error: unknown) {
    const code = codeIn(error);
    super(`${method}: no answer${code === undefined ? "" : ` (${code})`}`);
    this.notSent = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"].includes(code ?? "");
  }
}

/** The code of the system's error, which grammY wraps together with the address and its token. */
function codeIn(error: unknown): string | undefined {
  const inner = (error as { error?: unknown } | undefined)?.error ?? error;
  const code = (inner as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : undefined;
}

/** Makes every failed call throw TelegramRefusal or TelegramUnreachable. Install it last, around all other transformers. */
export const withClearErrors: Transformer = async (call, method, payload, signal) => {
  const answer = await call(method, payload, signal).catch((error: unknown) => {
    throw error instanceof TelegramUnreachable ? error : new TelegramUnreachable(method, error);
  });
  if (answer.ok) return answer;
  throw new TelegramRefusal(method, answer);
};

/** What the Bot API's refusal means, also one that `surely` has translated; undefined for any other error. */
export function problemOf(error: unknown): ApiProblem | undefined {
  if (error instanceof TelegramRefusal) return error.problem;
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof TelegramRefusal ? cause.problem : undefined;
}

/** Makes a send throw NotSent or DeliveryDelayed where it surely did not arrive, so that the outbox may repeat it. */
export async function surely<Result>(send: () => Promise<Result>): Promise<Result> {
  try {
    return await send();
  } catch (error) {
    throw translated(error);
  }
}

function translated(error: unknown): unknown {
  if (error instanceof TelegramUnreachable) {
    return error.notSent ? new NotSent(error.message, { cause: error }) : error;
  }
  if (!(error instanceof TelegramRefusal)) return error;
  if (error.problem === "flood") return delayed(error);
  // Behind another 5xx a gateway may have lost the answer to a send that succeeded.
  const certain = error.code < 500 || error.code === 500;
  return certain ? new NotSent(error.message, { cause: error }) : error;
}

/** A flood limit becomes DeliveryDelayed, so that the outbox waits as long as Telegram wants. */
export function delayed(error: unknown): unknown {
  const flood = error instanceof TelegramRefusal && error.problem === "flood";
  return flood ? new DeliveryDelayed(error.retryAfterMs ?? 1000, error) : error;
}

/** The pause before a first message is sent again to a platform that cannot be reached. */
const unreachableMs = 2_000;

/** How long to wait before repeating a send that surely did not arrive. Throws an error that waiting does not solve. */
export function pauseAfter(error: unknown): number {
  if (error instanceof DeliveryDelayed) return error.retryAfterMs;
  const problem = problemOf(error);
  const passing = error instanceof NotSent && (problem === undefined || problem === "server-error");
  if (passing) return unreachableMs;
  throw error;
}
