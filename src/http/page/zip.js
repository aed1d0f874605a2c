/** Pictures in one file, each with its recipe beside it. */

import { strToU8, zipSync } from "fflate";
import { fileName } from "./recipe.js";

/** @param {readonly { recipe: import("./recipe.js").Recipe, picture: import("./recipe.js").Picture }[]} chosen */
export async function downloadZip(chosen) {
  /** @type {Record<string, [Uint8Array, { level: 0 | 6 }]>} */
  const files = {};
  for (const { recipe, picture } of chosen) {
    const response = await fetch(picture.url);
    if (!response.ok) throw new Error(`${response.status}`);
    const name = unused(fileName(recipe, picture), files);
    const { pictures: _, ...rest } = recipe;
    const about = { ...rest, seed: picture.seed, width: picture.width, height: picture.height };
    // Pictures are compressed already.
    files[name] = [new Uint8Array(await response.arrayBuffer()), { level: 0 }];
    files[`${name}.json`] = [strToU8(JSON.stringify(about, null, 2)), { level: 6 }];
  }
  save(zipSync(files), "drawbridge.zip");
}

/** @param {string} name @param {Record<string, unknown>} files */
function unused(name, files) {
  for (let count = 2, free = name; ; count++) {
    if (!(free in files)) return free;
    free = name.replace(/(\.\w+)$/, ` (${count})$1`);
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {string} name */
function save(bytes, name) {
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/zip" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
