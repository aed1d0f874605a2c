/** The draft of an order: what stands in the form, kept through a reload, and what is sent of it. */

import { signal } from "@preact/signals";
import { fields, number, text } from "./lib.js";
import { recallJson, remember } from "./memory.js";

/**
 * @typedef {object} Draft
 * @property {string} prompt
 * @property {string} ratio "a:b", "exact", or "" for none
 * @property {string} width
 * @property {string} height
 * @property {number} count
 * @property {string} seed
 * @property {string} negative
 * @property {string} quality
 * @property {string} model
 * @property {string} preset
 * @property {boolean} asTyped
 */

/** @type {Draft} */
const empty = {
  prompt: "",
  ratio: "",
  width: "1024",
  height: "1024",
  count: 1,
  seed: "",
  negative: "",
  quality: "",
  model: "",
  preset: "",
  asTyped: false,
};

export const maxSeed = 2_147_483_647;

/** The ratios of the form, in the order of the ruler. */
export const ratios = ["1:1", "3:2", "4:3", "16:9", "21:9", "2:3", "3:4", "4:5", "9:16", "1:2"];

/** @type {import("@preact/signals").Signal<Draft>} */
export const draft = signal(readDraft(recallJson("draft")));

/** @param {Partial<Draft>} changes */
export function redraft(changes) {
  draft.value = { ...draft.value, ...changes };
  remember("draft", JSON.stringify(draft.value));
}

/** @param {unknown} stored perhaps by another version of this page @returns {Draft} */
function readDraft(stored) {
  const all = fields(stored);
  /** @param {keyof Draft} name */
  const string = (name) => text(all[name]) ?? String(empty[name]);
  return {
    prompt: typeof all["prompt"] === "string" ? all["prompt"] : "",
    ratio: [...ratios, "exact"].includes(string("ratio")) ? string("ratio") : "",
    width: string("width"),
    height: string("height"),
    count: Math.min(4, Math.max(1, Math.round(number(all["count"]) ?? 1))),
    seed: string("seed"),
    negative: string("negative"),
    quality: string("quality"),
    model: string("model"),
    preset: string("preset"),
    asTyped: all["asTyped"] === true,
  };
}

/** @typedef {"prompt" | "seed" | "size"} Field */

/** @param {Draft} draft @returns {Field | null} the first field that cannot be sent */
export function problemIn({ prompt, seed, ratio, width, height }) {
  if (prompt.trim() === "") return "prompt";
  const chosen = readWhole(seed);
  if (chosen !== null && !(chosen >= 1 && chosen <= maxSeed)) return "seed";
  const sides = [width, height].map(readWhole);
  const isSize = sides.every((side) => side !== null && side >= 64 && side <= 4096);
  return ratio === "exact" && !isSize ? "size" : null;
}

/**
 * @param {Draft} draft one without a problem
 * @param {readonly string[]} models those that may be chosen
 * @returns {Record<string, unknown>} the body of a request; what was not chosen is for the words to say
 */
export function bodyOf(draft, models) {
  const { prompt, ratio, width, height, count, seed, negative, quality, model, asTyped } = draft;
  const chosen = readWhole(seed);
  const shape =
    ratio === "exact"
      ? { width: readWhole(width), height: readWhole(height) }
      : ratio === ""
        ? {}
        : { aspect_ratio: ratio };
  return {
    prompt: prompt.trim(),
    // What the words say themselves wins over the form.
    words_first: true,
    ...shape,
    ...(models.length > 1 && models.includes(model) ? { model } : {}),
    ...(count > 1 ? { n: count } : {}),
    ...(chosen === null ? {} : { seed: chosen }),
    ...(asTyped ? { enhance: false } : {}),
    ...(negative.trim() === "" ? {} : { negative_prompt: negative.trim() }),
    ...(quality === "" ? {} : { quality }),
    ...(draft.preset === "" ? {} : { preset: draft.preset }),
  };
}

/** @param {string} typed full-width digits count as digits @returns {number | null} NaN for what is no whole number */
export function readWhole(typed) {
  const digits = typed.normalize("NFKC").trim();
  if (digits === "") return null;
  return /^\d{1,10}$/.test(digits) ? Number(digits) : Number.NaN;
}

/** @param {string | null} ratio a:b @returns {number} width by height; 3 by 2 until something better is known */
export function cardOfRatio(ratio) {
  const [width, height] = (ratio ?? "").split(":").map(Number);
  return width && height ? Math.min(3, Math.max(1 / 3, width / height)) : 1.5;
}
