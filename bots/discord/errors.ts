import { DiscordAPIError, HTTPError, RateLimitError } from "discord.js";

/**
 * What follows from Discord's refusing to show something.
 * - `closed`: this way of showing it will never work, another one may.
 * - `answered`: the interaction has its answer already, so all is well.
 * - `too-large`: with smaller files it may work.
 * - `unwelcome`: without the person's words it may work.
 * - `later`: the same may work after a while.
 */
export type Consequence = "closed" | "answered" | "too-large" | "unwelcome" | "later";

/** From https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
export const consequences: ReadonlyMap<number, Consequence> = new Map<number, Consequence>([
  [10003, "closed"], // Unknown Channel
  [10008, "closed"], // Unknown Message: somebody deleted it
  [10013, "closed"], // Unknown User
  [10015, "closed"], // Unknown Webhook: the interaction was never answered
  [10062, "closed"], // Unknown interaction: we came later than after three seconds
  [30046, "closed"], // Too many edits to messages older than an hour: a new one can be sent
  [40005, "too-large"], // Request entity too large
  [40060, "answered"], // Interaction has already been acknowledged
  [50001, "closed"], // Missing Access: the bot is not in that channel any more
  [50007, "closed"], // Cannot send messages to this user
  [50013, "closed"], // Missing Permissions
  [50027, "closed"], // Invalid Webhook Token: fifteen minutes are over
  [50035, "unwelcome"], // Invalid Form Body: something about the words that we do not know of
  [50278, "closed"], // No mutual server
  [200000, "unwelcome"], // AutoMod blocked the words
]);

/** What a call of the API failed with: nothing in it is secret, unlike in discord.js's errors, which hold addresses with tokens. */
export class DiscordFailure extends Error {
  override readonly name = "DiscordFailure";
  /** Discord's own code, or 0 where it gave none. */
  readonly code: number;
  /** Of HTTP, or 0 where there was no answer. */
  readonly status: number;
  /** How long a rate limit lasts. */
  readonly waitMs: number | undefined;

  constructor(message: string, { code = 0, status = 0, waitMs }: Partial<FailureFacts> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.waitMs = waitMs;
  }
}

type FailureFacts = Pick<DiscordFailure, "code" | "status" | "waitMs">;

/** Anything that discord.js throws, in our own form. */
export function failureOf(error: unknown): DiscordFailure {
  if (error instanceof DiscordFailure) return error;
  if (error instanceof DiscordAPIError) {
    const { status, message } = error;
    return new DiscordFailure(`Discord refused: ${message}`, { code: Number(error.code), status });
  }
  if (error instanceof HTTPError) {
    return new DiscordFailure("Discord failed", { status: error.status });
  }
  if (error instanceof RateLimitError) {
    const waitMs = Math.max(error.retryAfter, error.timeToReset, error.sublimitTimeout);
    return new DiscordFailure("Discord wants us to wait", { status: 429, waitMs });
  }
  const reason = error instanceof Error ? error.message : "unknown";
  return new DiscordFailure(`Discord cannot be reached: ${reason}`);
}

/** What follows from a failure. Unauthorized is about the bot's token, not about what it sends. */
export function consequenceOf({ code, status }: DiscordFailure): Consequence {
  const known = consequences.get(code);
  if (known) return known;
  if (status === 413) return "too-large";
  const refused = status >= 400 && status < 500 && !passing.has(status);
  return refused ? "closed" : "later";
}

const passing: ReadonlySet<number> = new Set([401, 408, 429]);
