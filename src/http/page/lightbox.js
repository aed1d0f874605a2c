/** One picture as large as the window, with everything about it, and keys to go on. */

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Actions } from "./actions.js";
import { html, shortened } from "./lib.js";
import { About } from "./see.js";
import { favor, recent, shelf } from "./shelf.js";
import { view, words } from "./state.js";

/** @typedef {import("./recipe.js").Recipe} Recipe */
/** @typedef {import("./recipe.js").Picture} Picture */

/** @type {import("@preact/signals").Signal<{ code: string, number: number, recipe: Recipe } | null>} */
const shown = signal(null);

/** @param {Recipe} recipe @param {Picture} picture */
export function openLightbox(recipe, picture) {
  shown.value = { code: recipe.code, number: picture.number, recipe };
}

/** Every picture that can be gone to, in the order of the page. */
function line() {
  const list = view.value === "keep" ? shelf.value : recent.value;
  return list.flatMap((recipe) => recipe.pictures.map((picture) => ({ recipe, picture })));
}

/** @param {{ code: string, number: number }} one */
function placeOf({ code, number }) {
  return line().findIndex(
    ({ recipe, picture }) => recipe.code === code && picture.number === number,
  );
}

/** @param {number} step */
function go(step) {
  const now = shown.value;
  if (now === null) return;
  const next = line()[placeOf(now) + step];
  if (next) openLightbox(next.recipe, next.picture);
}

function close() {
  shown.value = null;
}

export function Lightbox() {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const now = shown.value;
  useEffect(() => {
    if (now !== null && !dialog.current?.open) dialog.current?.showModal();
  }, [now]);
  if (now === null) return null;
  // As the lists have it: a favourite may have changed.
  const listed = line()[placeOf(now)];
  const recipe = listed?.recipe ?? now.recipe;
  const picture = recipe.pictures.find(({ number }) => number === now.number);
  if (!picture) return null;
  const w = words.value.picture;
  const seen = shortened(recipe.enhanced ?? recipe.own, 160);
  return html`<dialog
    ref=${dialog}
    class="lightbox"
    aria-label=${w.alt(seen)}
    onClose=${close}
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => onKey(event, recipe, picture)}
  >
    <div class="lightbox-picture">
      <img src=${picture.url} alt=${w.alt(seen)} width=${picture.width} height=${picture.height} />
      <button type="button" class="arrow back" aria-label=${w.previous} onClick=${() => go(-1)}>
        ‹
      </button>
      <button type="button" class="arrow on" aria-label=${w.next} onClick=${() => go(1)}>›</button>
    </div>
    <div class="lightbox-about about">
      <button
        type="button"
        class="plain closing"
        autofocus
        onClick=${() => dialog.current?.close()}
      >
        ${w.close}
      </button>
      <${Actions} key=${picture.url} recipe=${recipe} picture=${picture} done=${close} />
      <${About} recipe=${recipe} picture=${picture} />
    </div>
  </dialog>`;
}

/** @param {KeyboardEvent} event @param {Recipe} recipe @param {Picture} picture */
function onKey({ key, ctrlKey, metaKey, altKey, target }, recipe, picture) {
  if (ctrlKey || metaKey || altKey || target instanceof HTMLInputElement) return;
  if (key === "ArrowLeft") go(-1);
  if (key === "ArrowRight") go(1);
  if (key === "f") void favor(recipe, picture.number, !picture.favorite);
}
