import type { Transformer } from "grammy";
import { DeliveryDelayed, NotSent } from "../../core/studio/outbox.ts";

/** What an error of the Bot API means to this bot. */
export type Trouble =
  /** Too many messages: to be tried again after a while. */
  | "flood"
  | "bad-token"
  /** Another process fetches the updates of this bot. */
  | "conflict"
  | "not-modified"
  /** The person or chat is not there for this bot any more. */
  | "gone"
  /** The group became a supergroup, with another id. */
  | "migrated"
  /** The message that is to be changed is not there, or cannot be changed. */
  | "no-message"
  | "no-topic"
  /** The message that is to be answered is not there. */
  | "no-reply"
  /** The chat takes words alone. */
  | "no-pictures"
  | "cannot-delete"
  | "bad-photo"
  | "bad-file-id"
  | "too-old"
  | "server-error"
  | "other";

/** The first row that fits decides. The platform has no codes but HTTP's, so its words have to do. */
const meanings: readonly (readonly [number, RegExp, Trouble])[] = [
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
    /chat not found|need administrator rights|not enough rights|CHAT_WRITE_FORBIDDEN|CHAT_(SEND|RESTRICTED)|PEER_ID_INVALID|USER_IS_BLOCKED/i,
    "gone",
  ],
  [
    400,
    /PHOTO_INVALID|IMAGE_PROCESS_FAILED|too big for a photo|PHOTO_EXT|unsupported extension|PHOTO_SAVE/i,
    "bad-photo",
  ],
  [400, /wrong (remote )?file identifier|can't use file of type|FILE_REFERENCE/i, "bad-file-id"],
  [400, /query is too old|QUERY_ID_INVALID/i, "too-old"],
];

/** The Bot API said no. Holds neither the token nor what was sent. */
export class TelegramRefusal extends Error {
  override readonly name = "TelegramRefusal";
  readonly trouble: Trouble;
  readonly code: number;
  readonly retryAfterMs: number | undefined;
  readonly migratedTo: number | undefined;

  constructor(method: string, answer: FailedAnswer) {
    super(`${method}: ${answer.error_code} ${answer.description}`);
    const { error_code: code, description, parameters = {} } = answer;
    const found = meanings.find(([status, words]) => status === code && words.test(description));
    this.trouble = found?.[2] ?? (code >= 500 ? "server-error" : "other");
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

/** The Bot API did not answer. `notSent`: there was not even a connection. Holds neither the token nor what was sent. */
export class TelegramUnreachable extends Error {
  override readonly name = "TelegramUnreachable";
  readonly notSent: boolean;

  constructor(method: string, error: unknown) {
    const code = codeIn(error);
    super(`${method}: no answer${code === undefined ? "" : ` (${code})`}`);
    this.notSent = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"].includes(code ?? "");
  }
}

/** A photo that somebody sent could not be had from the platform; `cause` says why. */
export class PhotoNotFetched extends Error {
  override readonly name = "PhotoNotFetched";
}

/** grammY hides the system's error in `error`, together with the address and the token in it. */
function codeIn(error: unknown): string | undefined {
  const inner = (error as { error?: unknown } | undefined)?.error ?? error;
  const code = (inner as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : undefined;
}

/** Makes every failed call throw one of the two errors above. To be installed last, around all others. */
export const withClearErrors: Transformer = async (call, method, payload, signal) => {
  const answer = await call(method, payload, signal).catch((error: unknown) => {
    throw error instanceof TelegramUnreachable ? error : new TelegramUnreachable(method, error);
  });
  if (answer.ok) return answer;
  throw new TelegramRefusal(method, answer);
};

export function troubleOf(error: unknown): Trouble | undefined {
  return error instanceof TelegramRefusal ? error.trouble : undefined;
}

/** For a send that must not be repeated: says what surely did not arrive, as the outbox wants to know it. */
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
  if (error.trouble === "flood") return new DeliveryDelayed(error.retryAfterMs ?? 1000, error);
  // A gateway between here and there may have lost the answer of a send that went well.
  const certain = error.code < 500 || error.code === 500;
  return certain ? new NotSent(error.message, { cause: error }) : error;
}

/** What a failed send was about, also where `surely` has translated it. */
export function troubleBehind(error: unknown): Trouble | undefined {
  return troubleOf(error) ?? troubleOf(error instanceof Error ? error.cause : undefined);
}
