import type { Api } from "grammy";
import { commands } from "../commands.ts";
import { languages, wordsFor } from "../words.ts";
import { limits } from "./limits.ts";

/** Tells the platform the commands with a description in each language; the first language is for everybody else. */
export async function registerCommands(api: Api): Promise<void> {
  for (const [index, { tag }] of languages.entries()) {
    const words = wordsFor(tag);
    const list = commands.map(({ id }) => ({
      command: id,
      description: words.say(`commands.${id}.description`).slice(0, limits.commandDescription),
    }));
    // The platform knows languages by two letters alone.
    const code = tag.slice(0, 2).toLowerCase() as "en";
    await api.setMyCommands(list, index === 0 ? {} : { language_code: code });
  }
}
