/** Pictures that an order starts from: dropped, pasted, chosen, or made here. */

import { signal } from "@preact/signals";
import { newId } from "./lib.js";
import { mostSources, say, words } from "./state.js";

/**
 * @typedef {object} Source
 * @property {string} id
 * @property {string} name
 * @property {string} url where the page shows it from
 * @property {string} content what is sent: a data: URL, or the link of a picture that is kept here
 * @property {File | null} file null for a picture that is kept here
 */

/** @type {import("@preact/signals").Signal<readonly Source[]>} */
export const sources = signal([]);

/** @type {import("@preact/signals").Signal<string | null>} a data: URL of a PNG; what may change is transparent */
export const mask = signal(null);

/** @param {Iterable<File>} files adds those that are pictures, and says which are none */
export async function addFiles(files) {
  for (const file of files) {
    if (!file.type.startsWith("image/")) say(words.value.said.noPicture(file.name));
    else {
      const content = await dataUrlOf(file);
      add({ id: newId(), name: file.name, url: content, content, file });
    }
  }
}

/** @param {Blob} file @returns {Promise<string>} */
function dataUrlOf(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

/** @param {Source} source @returns {boolean} false where no model takes one more; then that is said */
function add(source) {
  const most = mostSources.value;
  const hasRoom = sources.value.length < most;
  if (hasRoom) sources.value = [...sources.value, source];
  else say(words.value.said.tooMany(most));
  return hasRoom;
}

/** @param {string} id */
export function removeSource(id) {
  const [first] = sources.value;
  if (first?.id === id) mask.value = null;
  sources.value = sources.value.filter((one) => one.id !== id);
}

export function clearSources() {
  sources.value = [];
  mask.value = null;
}

/** @typedef {import("./recipe.js").Recipe} Recipe */
/** @typedef {import("./recipe.js").Picture} Picture */

/** @param {Recipe} recipe @param {Picture} picture @returns {Source} */
function sourceFrom({ code }, { url, thumbnail, number }) {
  return { id: newId(), name: `${code}.${number}`, url: thumbnail, content: url, file: null };
}

/** Starts from a picture that was made here, and from no other. @param {Recipe} recipe @param {Picture} picture */
export function editFrom(recipe, picture) {
  mask.value = null;
  sources.value = [sourceFrom(recipe, picture)];
  requestAnimationFrame(() => document.getElementById("prompt")?.focus());
}

/** Adds a picture that was made here to those that are there. @param {Recipe} recipe @param {Picture} picture */
export function referTo(recipe, picture) {
  const isThere = sources.value.some(({ content }) => content === picture.url);
  if (isThere || add(sourceFrom(recipe, picture))) {
    say(words.value.said.referenced(sources.value.length));
  }
}

/** What a request brings of them. @returns {Record<string, unknown>} */
export function sourceFields() {
  if (sources.value.length === 0) return {};
  const images = sources.value.map(({ content }) => content);
  return {
    ...(images.length === 1 ? { image: images[0] } : { images }),
    ...(mask.value === null ? {} : { mask: mask.value }),
  };
}
