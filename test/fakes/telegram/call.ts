import type { Arguments } from "./arguments.ts";
import type { World } from "./model.ts";
import type { Polling } from "./polling.ts";
import type { Webhook } from "./webhook.ts";

/** What a method works with. */
export interface Call {
  readonly world: World;
  readonly args: Arguments;
  readonly polling: Polling;
  readonly webhook: Webhook;
  /** Aborted when the bot's side of the connection closes. */
  readonly hungUp: AbortSignal;
}

/** Answers the `result` of the Bot API; throws BotApiError. */
export type Method = (call: Call) => unknown;
