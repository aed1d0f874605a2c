import type { ActionName } from "./button-data.ts";
import type { CommandId } from "./commands.ts";
import type { TextKey, Translator } from "./i18n.ts";
import type { SettingName } from "./screens/settings.ts";

/** How the chat platforms differ in what they offer; the screens offer nothing else. */
export interface Platform {
  /** Buttons that it has no way for. */
  readonly lacks: readonly ActionName[];
  /** The settings that mean something there. */
  readonly settings: readonly SettingName[];
  /** Settings are chosen below the list of them; otherwise by the options of the command. */
  readonly settingsBelow: boolean;
  /** The name of a command, as it is typed. */
  readonly nameOf: (command: CommandId, t: Translator) => string;
  /** How presets are asked for where the command has no options. */
  readonly presetsTyped?: TextKey;
}
