/** What the whole page shares: the key, the language, the light, and who paints here. */

import { computed, effect, signal } from "@preact/signals";
import { access, ask, Failure } from "./api.js";
import { fields, number, text } from "./lib.js";
import { recall, remember } from "./memory.js";
import { listOf } from "./recipe.js";
import { languages, pickLanguage } from "./words.js";

// === The language

/** @type {import("@preact/signals").Signal<import("./words.js").Language>} */
export const language = signal(pickLanguage([recall("language") ?? "", ...navigator.languages]));

/** Every word of the page, in the language of now. */
export const words = computed(() => languages[language.value]);

effect(() => {
  document.documentElement.lang = words.value.locale;
});

/** @param {import("./words.js").Language} chosen */
export function speak(chosen) {
  language.value = chosen;
  remember("language", chosen);
}

// === The light

/** @type {import("@preact/signals").Signal<string>} "light", "dark", or "" for the reader's system */
export const theme = signal(recall("theme") ?? "");

effect(() => {
  const { dataset } = document.documentElement;
  if (theme.value === "") delete dataset["theme"];
  else dataset["theme"] = theme.value;
});

/** From the light of now to the other one. */
export function switchTheme() {
  const isDark =
    theme.value === "dark" ||
    (theme.value === "" && matchMedia("(prefers-color-scheme: dark)").matches);
  theme.value = isDark ? "light" : "dark";
  remember("theme", theme.value);
}

// === The key

/** @type {import("@preact/signals").Signal<string | null>} */
export const key = signal(recall("key"));
access.key = key.value;

/** Whether the key field is open, and whether the server refused the key that is there. */
export const keyAsked = signal({ open: key.value === null, refused: false });

/** @param {string | null} taken null forgets it */
export function takeKey(taken) {
  // Whoever follows the key may ask with it at once.
  access.key = taken;
  key.value = taken;
  remember("key", taken);
  keyAsked.value = { open: taken === null, refused: false };
  if (taken !== null) void learn();
}

/** @param {import("./api.js").Failure} failure opens the key field where it is about the key */
export function heed(failure) {
  if (failure.isAboutKey) keyAsked.value = { open: true, refused: failure.kind === "key-refused" };
}

// === Who paints here

/**
 * `pictures`: how many it can start from at once; 0 where it paints from words alone.
 * @typedef {{ id: string, sketch: boolean, pictures: number, mask: boolean }} Model
 */

/**
 * @typedef {object} About
 * @property {readonly Model[]} models
 * @property {string | null} enhancer
 * @property {Record<string, unknown>} doors
 * @property {Record<string, unknown>} invites
 * @property {string | null} publicUrl
 * @property {boolean} operator
 * @property {string} requester the id of the one whose key this is
 * @property {readonly { window: string, limit: number, left: number, resetsAt: number }[]} quotas
 */

/** @type {import("@preact/signals").Signal<About | null>} null until the server has told */
export const about = signal(null);

/** How many pictures some model can start from. */
export const mostSources = computed(() =>
  Math.max(0, ...(about.value?.models ?? []).map(({ pictures }) => pictures)),
);

/** Whether any model can start from a picture. */
export const canEdit = computed(() => mostSources.value > 0);

/** Whether any model is told by a mask where to change it. */
export const canMask = computed(() => about.value?.models.some(({ mask }) => mask) ?? false);

/** Asks the server who paints. Where it does not tell, drawing says in words what is wrong. */
export async function learn() {
  try {
    about.value = readAbout(await ask("v1/about"));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    heed(error);
  }
}

/** @param {unknown} answer @returns {About} */
function readAbout(answer) {
  const all = fields(answer);
  return {
    models: listOf(all["models"]).map((model) => {
      const { id, sketch, edits } = fields(model);
      const { pictures, mask } = fields(edits);
      return {
        id: text(id) ?? "",
        sketch: sketch === true,
        pictures: number(pictures) ?? 0,
        mask: mask === true,
      };
    }),
    enhancer: text(all["enhancer"]),
    doors: fields(all["doors"]),
    invites: fields(all["invites"]),
    publicUrl: text(all["public_url"]),
    operator: all["operator"] === true,
    requester: text(all["requester"]) ?? "",
    quotas: listOf(all["quotas"]).map((quota) => {
      const { window, limit, left, resets_at: resetsAt } = fields(quota);
      return {
        window: text(window) ?? "day",
        limit: Number(limit),
        left: Number(left),
        resetsAt: Number(resetsAt),
      };
    }),
  };
}

// === What is said to a screen reader, and shown for a moment

/** @type {import("@preact/signals").Signal<string>} */
export const said = signal("");

let clearing = 0;

/** @param {string} sentence */
export function say(sentence) {
  said.value = sentence;
  clearTimeout(clearing);
  clearing = setTimeout(() => (said.value = ""), 4000);
}
