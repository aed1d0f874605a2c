import type { SettingsStore } from "../../core/settings.ts";
import type { Insides } from "../contract/conversation.ts";

/** A bot that is connected to the stand-in of its platform, wherever it runs. */
export interface Bot extends Insides {
  readonly settings: Pick<SettingsStore, "set">;
  /** Ends it for good. */
  end(): Promise<void>;
}
