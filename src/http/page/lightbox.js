/** One picture as large as the window, with everything about it, and keys to go on. */

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Actions } from "./actions.js";
import { html, shortened } from "./lib.js";
import { About } from "./see.js";
import { favor, more, pictures, recent, withPictures } from "./shelf.js";
import { view, words } from "./state.js";

/** @typedef {import("./recipe.js").Recipe} Recipe */
/** @typedef {import("./recipe.js").Picture} Picture */
/** @typedef {{ recipe: Recipe, picture: Picture }} Shown */

/** @type {import("@preact/signals").Signal<{ code: string, number: number, recipe: Recipe } | null>} */
const shown = signal(null);

/** @param {Recipe} recipe @param {Picture} picture */
export function openLightbox(recipe, picture) {
  shown.value = { code: recipe.code, number: picture.number, recipe };
}

/** Every picture that can be gone to, in the order of the page. @returns {Shown[]} */
function line() {
  return view.value === "keep" ? pictures.value : recent.value.flatMap(withPictures);
}

/** What is shown, as the lists have it, and what is beside it there. */
function neighbourhood() {
  const now = shown.value;
  if (now === null) return null;
  const all = line();
  const place = all.findIndex(
    ({ recipe, picture }) => recipe.code === now.code && picture.number === now.number,
  );
  const isListed = place >= 0;
  if (isListed && view.value === "keep" && place > all.length - 5) void more();
  const recipe = all[place]?.recipe ?? now.recipe;
  const picture = recipe.pictures.find(({ number }) => number === now.number);
  return {
    recipe,
    picture,
    before: isListed ? all[place - 1] : undefined,
    after: isListed ? all[place + 1] : undefined,
  };
}

/** @param {Shown | undefined} next */
function go(next) {
  if (next) openLightbox(next.recipe, next.picture);
}

function close() {
  shown.value = null;
}

export function Lightbox() {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const now = neighbourhood();
  const isOpen = now !== null;
  const ahead = now?.after?.picture.url;
  useEffect(() => {
    if (isOpen && !dialog.current?.open) dialog.current?.showModal();
  }, [isOpen]);
  useEffect(() => {
    // Going on finds it there.
    if (ahead) new Image().src = ahead;
  }, [ahead]);
  if (!now?.picture) return null;
  const { recipe, picture, before, after } = now;
  const w = words.value.picture;
  const seen = shortened(recipe.enhanced ?? recipe.own, 160);
  const onKey = (/** @type {KeyboardEvent} */ { key, ctrlKey, metaKey, altKey, target }) => {
    if (ctrlKey || metaKey || altKey || target instanceof HTMLInputElement) return;
    if (key === "ArrowLeft") go(before);
    if (key === "ArrowRight") go(after);
    if (key === "f") void favor(recipe, picture.number, !picture.favorite);
  };
  return html`<dialog
    ref=${dialog}
    class="lightbox"
    aria-label=${w.alt(seen)}
    onClose=${close}
    onKeyDown=${onKey}
  >
    <div class="lightbox-picture" key=${picture.url}>
      <img src=${picture.thumbnail} alt="" />
      <img src=${picture.url} alt=${w.alt(seen)} width=${picture.width} height=${picture.height} />
      ${before ? html`<${Arrow} to=${before} label=${w.previous} sign="‹" side="back" />` : null}
      ${after ? html`<${Arrow} to=${after} label=${w.next} sign="›" side="on" />` : null}
    </div>
    <div class="lightbox-about about">
      <button type="button" class="plain closing" autofocus onClick=${() => dialog.current?.close()}>
        ${w.close}
      </button>
      <${Actions} key=${picture.url} recipe=${recipe} picture=${picture} done=${close} />
      <${About} recipe=${recipe} picture=${picture} />
    </div>
  </dialog>`;
}

/** @param {{ to: Shown, label: string, sign: string, side: string }} props */
function Arrow({ to, label, sign, side }) {
  return html`<button type="button" class=${`arrow ${side}`} aria-label=${label} onClick=${() => go(to)}>
    ${sign}
  </button>`;
}
