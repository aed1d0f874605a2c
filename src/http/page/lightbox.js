/** One picture as large as the window, with everything about it, and keys to go on. */

import { effect, signal, untracked } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Actions } from "./actions.js";
import { html, shortened } from "./lib.js";
import { About } from "./see.js";
import { favor, lookUp, more, pictures, recent, shelf, withPictures } from "./shelf.js";
import { key, words } from "./state.js";
import { leaveOver, showPicture, shown, view } from "./where.js";

/** @typedef {import("./recipe.js").Recipe} Recipe */
/** @typedef {import("./recipe.js").Picture} Picture */
/** @typedef {{ recipe: Recipe, picture: Picture }} Listed */

/** @type {import("@preact/signals").Signal<Recipe | null>} the recipe of what is shown, which may be in no list */
const known = signal(null);

/** @param {Recipe} recipe @param {Picture} picture */
export function openLightbox(recipe, { number }) {
  known.value = recipe;
  showPicture({ code: recipe.code, number });
}

// An address that was opened, or gone back to, names a picture alone.
effect(() => {
  const code = shown.value?.code;
  if (code === undefined) known.value = null;
  else if (key.value !== null && !untracked(isKnown)) void fetchRecipe(code);
});

function isKnown() {
  const code = shown.value?.code;
  return known.value?.code === code || line().some(({ recipe }) => recipe.code === code);
}

/** @param {string} code */
async function fetchRecipe(code) {
  const recipe = await lookUp(code);
  if (shown.value?.code !== code) return;
  known.value = recipe;
  if (recipe === null) leaveOver();
}

/** Every picture that can be gone to, in the order of the page. @returns {Listed[]} */
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
  const recipe = all[place]?.recipe ?? recipeOf(now.code);
  const picture = recipe?.pictures.find(({ number }) => number === now.number);
  if (!recipe || !picture) return null;
  return {
    recipe,
    picture,
    before: isListed ? all[place - 1] : undefined,
    after: isListed ? all[place + 1] : undefined,
  };
}

/** What is in no list, or not any more. @param {string} code */
function recipeOf(code) {
  return [...shelf.value, known.value].find((one) => one?.code === code);
}

/** @param {Listed | undefined} next */
function go(next) {
  if (next) openLightbox(next.recipe, next.picture);
}

export function Lightbox() {
  const now = neighbourhood();
  return now && html`<${Large} now=${now} />`;
}

/** @param {{ now: NonNullable<ReturnType<typeof neighbourhood>> }} props */
function Large({ now: { recipe, picture, before, after } }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const ahead = after?.picture.url;
  useEffect(() => {
    const { current } = dialog;
    const { activeElement: before } = document;
    current?.showModal();
    return () => {
      current?.close();
      requestAnimationFrame(() => refocus(before));
    };
  }, []);
  useEffect(() => {
    // Going on finds it there.
    if (ahead) new Image().src = ahead;
  }, [ahead]);
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
    onClose=${() => dialog.current && leaveOver()}
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
      <${Actions} key=${picture.url} recipe=${recipe} picture=${picture} />
      <${About} recipe=${recipe} picture=${picture} />
    </div>
  </dialog>`;
}

/** The browser takes the focus from where it was when the address changes. @param {Element | null} before */
function refocus(before) {
  const isNowhere = document.activeElement === document.body;
  if (isNowhere && before instanceof HTMLElement) before.focus({ preventScroll: true });
}

/** @param {{ to: Listed, label: string, sign: string, side: string }} props */
function Arrow({ to, label, sign, side }) {
  return html`<button type="button" class=${`arrow ${side}`} aria-label=${label} onClick=${() => go(to)}>
    ${sign}
  </button>`;
}
