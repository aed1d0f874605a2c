/** Settings under a name, where the server keeps any. */

import { signal } from "@preact/signals";
import { ask } from "./api.js";
import { fields, text } from "./lib.js";
import { listOf } from "./recipe.js";

/** @type {import("@preact/signals").Signal<readonly string[]>} their names */
export const presets = signal([]);

/** Asks for them; a server without any has none to offer. */
export async function learnPresets() {
  const answer = fields(await ask("v1/presets").catch(() => undefined));
  presets.value = listOf(answer["data"]).flatMap((one) => text(fields(one)["name"]) ?? []);
}
