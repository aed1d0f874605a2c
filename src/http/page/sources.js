/** Pictures that an order starts from: dropped, pasted, chosen, or made here. */

import { signal } from "@preact/signals";
import { newId } from "./lib.js";
import { mostSources } from "./state.js";

/**
 * @typedef {object} Source
 * @property {string} id
 * @property {string} name
 * @property {string} url where the page shows it from
 * @property {string} content what is sent: a data: URL, or the link of a picture that is kept here
 */

/** @type {import("@preact/signals").Signal<readonly Source[]>} */
export const sources = signal([]);

/** @type {import("@preact/signals").Signal<string | null>} a data: URL of a PNG; what may change is transparent */
export const mask = signal(null);

/** @param {Iterable<File>} files adds those that are pictures */
export async function addFiles(files) {
  for (const file of files) {
    if (!file.type.startsWith("image/") || sources.value.length >= mostSources.value) continue;
    const content = await dataUrlOf(file);
    add({ id: newId(), name: file.name, url: content, content });
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

/** @param {Source} source */
function add(source) {
  sources.value = [...sources.value, source];
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

/**
 * Starts from a picture that was made here.
 * @param {import("./recipe.js").Recipe} recipe
 * @param {import("./recipe.js").Picture} picture
 */
export function editFrom({ code }, { url, thumbnail, number }) {
  mask.value = null;
  sources.value = [{ id: newId(), name: `${code}.${number}`, url: thumbnail, content: url }];
  requestAnimationFrame(() => document.getElementById("prompt")?.focus());
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
