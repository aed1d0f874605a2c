/** The languages that the page speaks. */

import { english } from "./words/en.js";
import { chinese } from "./words/zh.js";

/** @typedef {typeof english} Words */
/** @typedef {"en" | "zh"} Language */

/** @type {Readonly<Record<Language, Words>>} */
export const languages = { en: english, zh: chinese };

/**
 * The first language in the list that the page speaks; English if it speaks none of them.
 * @param {readonly string[]} tags BCP 47 tags, the best first
 * @returns {Language}
 */
export function pickLanguage(tags) {
  for (const tag of tags) {
    const primary = tag.toLowerCase().split("-")[0];
    if (primary === "zh" || primary === "en") return primary;
  }
  return "en";
}

/**
 * "12 s" below a minute, then "1:05"; whole seconds that have passed.
 * @param {number} ms
 * @param {Words} words
 */
export function elapsedTime(ms, words) {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  if (seconds < 60) return words.seconds(seconds);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
