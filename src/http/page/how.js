/** How a picture was made: by what its file says, or by what this server knows of it. */

import { signal } from "@preact/signals";
import { ask } from "./api.js";
import { readParameters } from "./embedded.js";
import { fields, html } from "./lib.js";
import { openLightbox } from "./lightbox.js";
import { listOf, readRecipe } from "./recipe.js";
import { lookUp } from "./shelf.js";
import { say, words } from "./state.js";
import { goTo } from "./where.js";
import { redraft } from "./wishes.js";

/** @type {import("@preact/signals").Signal<import("./embedded.js").Parameters | "unknown" | null>} */
const found = signal(null);

export function How() {
  const w = words.value.keep;
  const choose = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.currentTarget);
    const [file] = input.files ?? [];
    if (file) void examine(file);
    // The same file can be chosen once more.
    input.value = "";
  };
  const now = found.value;
  return html`<section class="sheet how" aria-label=${w.how}>
    <h3>${w.how}</h3>
    <p class="hint">${w.howHint}</p>
    <label class="plain file"
      >${w.choose}
      <input class="visually-hidden" type="file" accept="image/*" onChange=${choose} />
    </label>
    ${now === "unknown" ? html`<p class="answer" role="status">${w.unknown}</p>` : null}
    ${now !== null && now !== "unknown" ? html`<${Parameters} found=${now} />` : null}
  </section>`;
}

/** @param {{ found: import("./embedded.js").Parameters }} props */
function Parameters({ found }) {
  const w = words.value;
  const { program, prompt, negative, seed, width, height, others } = found;
  const use = () => {
    goTo("make");
    const size = width && height ? { ratio: "exact", width, height } : {};
    redraft({ prompt, negative, seed: seed ?? "", ...size });
    say(w.said.settingsUsed);
  };
  return html`<div class="parameters answer" role="status">
    <p>${w.keep.from(program)}</p>
    <p class="own-words" dir="auto">${prompt}</p>
    <dl class="title-block">
      ${negative === "" ? null : html`<div><dt>${w.picture.negative}</dt><dd>${negative}</dd></div>`}
      ${seed === null ? null : html`<div><dt>${w.picture.seed}</dt><dd>${seed}</dd></div>`}
      ${others.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>
    <button type="button" class="plain" onClick=${use}>${w.keep.use}</button>
  </div>`;
}

/** @param {File} file shows how it was made: its picture where it was made here, otherwise what the file says */
export async function examine(file) {
  found.value = null;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const parameters = await readParameters(bytes);
  const recipe = parameters?.code ? await lookUp(parameters.code) : await findByHash(bytes);
  const [first] = recipe?.pictures ?? [];
  if (recipe && first) openLightbox(recipe, first);
  else found.value = parameters ?? "unknown";
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<import("./recipe.js").Recipe | null>} */
async function findByHash(bytes) {
  // Only where the page counts as secure: https, or this very machine.
  if (!crypto.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const answer = fields(await ask(`v1/images?hash=${hash}`).catch(() => undefined));
  const [recipe] = listOf(answer["data"]).map(readRecipe);
  return recipe ?? null;
}
