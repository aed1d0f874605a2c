/**
 * What a refusal of Discord means for what is sent.
 * - `closed`: this route will never work; another one may.
 * - `answered`: the interaction already has its answer, so nothing is wrong.
 * - `too-large`: it may work with smaller files.
 * - `unwelcome`: it may work without the person's prompt.
 * - `later`: the same may work after a while.
 */
export type Consequence = "closed" | "answered" | "too-large" | "unwelcome" | "later";

/** By error code: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
export const consequences: ReadonlyMap<number, Consequence> = new Map<number, Consequence>([
  [10003, "closed"], // Unknown Channel
  [10008, "closed"], // Unknown Message: it was deleted
  [10013, "closed"], // Unknown User
  [10015, "closed"], // Unknown Webhook: the interaction was never answered
  [10062, "closed"], // Unknown interaction: its three seconds are over
  [30046, "closed"], // Too many edits to messages older than an hour: a new message can be sent
  [40005, "too-large"], // Request entity too large
  [40060, "answered"], // Interaction has already been acknowledged
  [50001, "closed"], // Missing Access: the bot is no longer in that channel
  [50007, "closed"], // Cannot send messages to this user
  [50013, "closed"], // Missing Permissions
  [50027, "closed"], // Invalid Webhook Token: fifteen minutes are over
  [50035, "unwelcome"], // Invalid Form Body: an unknown rule about the text
  [50278, "closed"], // No mutual server
  [200000, "unwelcome"], // AutoMod blocked the text
]);

/** A failed call of the API. Holds no secret, unlike the errors of discord.js, whose addresses have tokens in them. */
export class DiscordFailure extends Error {
  override readonly name = "DiscordFailure";
  /** Discord's error code; 0 for none. */
  readonly code: number;
  /** The HTTP status; 0 without a response. */
  readonly status: number;
  /** How long the rate limit lasts. */
  readonly waitMs: number | undefined;

  constructor(message: string, { code = 0, status = 0, waitMs }: Partial<FailureFacts> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.waitMs = waitMs;
  }
}

type FailureFacts = Pick<DiscordFailure, "code" | "status" | "waitMs">;

/** Any other error: nothing came back. */
export function failureOf(error: unknown): DiscordFailure {
  if (error instanceof DiscordFailure) return error;
  const reason = error instanceof Error ? error.message : "unknown";
  return new DiscordFailure(`Discord cannot be reached: ${reason}`);
}

/** What a failure means. A 401 is about the bot's token, not about what it sends, so it counts as `later`. */
export function consequenceOf({ code, status }: DiscordFailure): Consequence {
  const known = consequences.get(code);
  if (known) return known;
  if (status === 413) return "too-large";
  const refused = status >= 400 && status < 500 && !transient.has(status);
  return refused ? "closed" : "later";
}

const transient: ReadonlySet<number> = new Set([401, 408, 429]);
