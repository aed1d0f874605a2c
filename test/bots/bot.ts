import type { SettingsStore } from "../../core/settings.ts";
import type { Insides } from "../contract/conversation.ts";
import type { PicturesHarness } from "../contract/pictures-in.ts";

/** A bot that is connected to the stand-in of its platform, wherever it runs. */
export interface Bot extends Insides {
  readonly settings: Pick<SettingsStore, "set">;
  /** Ends it for good. */
  end(): Promise<void>;
}

/** A chat with the bot as the contracts want it: what people can do there, and the bot's insides, as they are when they are read. */
export function chatWith(bot: Bot, ways: Omit<PicturesHarness, keyof Insides>): PicturesHarness {
  return Object.assign(Object.create(bot) as Bot, ways);
}
