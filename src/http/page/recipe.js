/** A job as the server tells of it, read with care: nothing in it is believed. */

import { fields, number, text, webAddress } from "./lib.js";

/**
 * @typedef {object} Picture
 * @property {string} url http or https, nothing else
 * @property {string} thumbnail
 * @property {number} number
 * @property {string | null} seed
 * @property {number} width
 * @property {number} height
 * @property {string} format
 * @property {boolean} favorite
 */

/**
 * @typedef {object} Recipe
 * @property {string} code
 * @property {string} state
 * @property {string} own the words as typed
 * @property {string | null} enhanced the words as painted, where these are not the reader's own
 * @property {boolean} isEdited the reader edited them before they were painted
 * @property {string} negative
 * @property {string | null} model
 * @property {string | null} provider
 * @property {string | null} ratio
 * @property {string | null} seed
 * @property {string | null} quality
 * @property {number | null} steps
 * @property {number | null} guidance
 * @property {number} count
 * @property {string | null} parent
 * @property {string | null} door
 * @property {number} createdMs
 * @property {number | null} tookMs
 * @property {readonly Record<string, unknown>[]} notices
 * @property {unknown} error
 * @property {readonly Picture[]} pictures
 */

/** @param {unknown} answer @returns {Recipe | null} null where it is none */
export function readRecipe(answer) {
  const all = fields(answer);
  const code = text(all["code"]);
  if (code === null) return null;
  const isEdited = all["enhancement"] === "edited";
  const isReworded = isEdited || all["enhancement"] === "enhanced";
  const own = text(all["original_prompt"]) ?? "";
  return {
    code,
    state: text(all["state"]) ?? "",
    own,
    enhanced: isReworded ? text(all["prompt"]) : null,
    isEdited,
    negative: text(all["negative_prompt"]) ?? "",
    model: text(all["model"]),
    provider: text(all["provider"]),
    ratio: text(all["aspect_ratio"]),
    seed: text(all["seed"]),
    quality: text(all["quality"]),
    steps: number(all["steps"]),
    guidance: number(all["cfg"]),
    count: number(all["n"]) ?? 1,
    parent: text(all["parent"]),
    door: text(all["door"]),
    createdMs: (number(all["created"]) ?? 0) * 1000,
    tookMs: number(all["took_ms"]),
    notices: listOf(all["notice_details"]).map(fields),
    error: all["error_details"] ?? null,
    pictures: listOf(all["data"]).flatMap((one, index) => readPicture(one, index)),
  };
}

/** @param {unknown} value @returns {unknown[]} */
export function listOf(value) {
  return Array.isArray(value) ? value : [];
}

/** @param {unknown} value @param {number} index @returns {Picture[]} */
function readPicture(value, index) {
  const all = fields(value);
  const url = webAddress(all["url"]);
  if (url === null) return [];
  return [
    {
      url,
      thumbnail: webAddress(all["thumbnail_url"]) ?? url,
      number: number(all["number"]) ?? index + 1,
      seed: text(all["seed"]),
      width: number(all["width"]) || 1,
      height: number(all["height"]) || 1,
      format: text(all["format"]) ?? "png",
      favorite: all["favorite"] === true,
    },
  ];
}

/**
 * A name that a person recognises in a folder: the first words, the seed, the ending.
 * @param {Recipe} recipe
 * @param {Picture} picture
 */
export function fileName({ own, code }, { seed, format, number: at }) {
  const words = own
    .replace(/[\p{Cc}/\\:*?"<>|#%&{}$!'`@+=]/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  const start =
    [...words]
      .slice(0, 60)
      .join("")
      .replace(/^[. ]+|[. ]+$/g, "") || code;
  const ending = format === "jpeg" ? "jpg" : format.replace(/\W/g, "") || "png";
  return `${start} ${seed ?? `${code}.${at}`}.${ending}`;
}
