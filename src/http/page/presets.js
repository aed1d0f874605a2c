/** Settings under a name, where the server keeps any. */

import { effect, signal } from "@preact/signals";
import { ask } from "./api.js";
import { fields, text } from "./lib.js";
import { listOf } from "./recipe.js";
import { key, language, words } from "./state.js";

/** @type {import("@preact/signals").Signal<readonly string[]>} their names */
export const presets = signal([]);

/** Built-in ones have names in the language of the page. */
effect(() => {
  if (language.value && key.value !== null) void learnPresets();
});

/** Asks for them; a server without any has none to offer. */
async function learnPresets() {
  const headers = { "accept-language": words.value.locale };
  const answer = fields(await ask("v1/presets", { headers }).catch(() => undefined));
  presets.value = listOf(answer["data"]).flatMap((one) => text(fields(one)["name"]) ?? []);
}
