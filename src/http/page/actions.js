/** What can be done with a picture that was made. */

import { useState } from "preact/hooks";
import { copyText, html } from "./lib.js";
import { again } from "./orders.js";
import { fileName } from "./recipe.js";
import { favor, remove } from "./shelf.js";
import { editFrom } from "./sources.js";
import { canEdit, say, view, words } from "./state.js";
import { ratios, redraft } from "./wishes.js";

/** @typedef {import("./recipe.js").Recipe} Recipe */
/** @typedef {import("./recipe.js").Picture} Picture */

/** @param {{ recipe: Recipe, picture: Picture, done?: () => void }} props `done` is called when the page has to be seen */
export function Actions({ recipe, picture, done = () => undefined }) {
  const [isAsking, ask] = useState(false);
  const w = words.value.picture;
  const only = recipe.pictures.length > 1 ? { picture: picture.number } : {};
  const order = (/** @type {Record<string, unknown>} */ changes) => {
    done();
    show();
    again(recipe, changes);
  };
  const copy = async (/** @type {string} */ text) => {
    const { said } = words.value;
    say((await copyText(text)) ? said.copied : said.notCopied);
  };
  const vary = recipe.enhanced === null ? { seed: "new" } : { wording: "anew" };
  /** @type {[string, () => void, string?][]} */
  const buttons = [
    [w.again, () => order({ seed: "new" }), w.hints.again],
    [w.vary, () => order({ ...vary, ...only }), w.hints.vary],
    ...(recipe.enhanced === null
      ? []
      : [
          /** @type {[string, () => void, string]} */ ([
            w.mine,
            () => order({ wording: "own" }),
            w.hints.mine,
          ]),
        ]),
    ...(canEdit.value
      ? [
          /** @type {[string, () => void]} */ ([
            w.edit,
            () => (done(), show(), void editFrom(recipe, picture)),
          ]),
        ]
      : []),
    [w.settings, () => (done(), show(), useSettings(recipe, picture))],
    [w.copyPrompt, () => void copy(recipe.enhanced ?? recipe.own)],
    [w.copyLink, () => void copy(picture.url)],
  ];
  return html`<div class="actions">
      <button
        type="button"
        class=${picture.favorite ? "plain favorite chosen" : "plain favorite"}
        aria-pressed=${picture.favorite}
        onClick=${() => void favor(recipe, picture.number, !picture.favorite)}
      >
        <span aria-hidden="true">${picture.favorite ? "★" : "☆"}</span> ${w.favorite}
      </button>
      ${buttons.map(
        ([label, press, hint]) =>
          html`<button type="button" class="plain" title=${hint} onClick=${press}>${label}</button>`,
      )}
      <a class="plain" href=${picture.url} download=${fileName(recipe, picture)}>${w.download}</a>
      <button type="button" class="plain" aria-expanded=${isAsking} onClick=${() => ask(!isAsking)}>
        ${w.remove}
      </button>
    </div>
    ${
      isAsking
        ? html`<div class="asking" role="alertdialog" aria-label=${w.remove}>
          <p>${w.removeAsk(recipe.pictures.length)}</p>
          <button
            type="button"
            class="plain danger"
            onClick=${() => (done(), void remove([recipe.code]))}
          >
            ${w.yes}
          </button>
          <button type="button" class="plain" onClick=${() => ask(false)}>${w.no}</button>
        </div>`
        : null
    }`;
}

/** The form and the orders are on another view. */
function show() {
  if (view.value !== "make") location.hash = "";
}

/** @param {Recipe} recipe @param {Picture} picture puts what made it into the form */
export function useSettings({ own, ratio, quality, model, negative }, { seed, width, height }) {
  const isListed = ratio !== null && ratios.includes(ratio);
  const exact = { ratio: "exact", width: String(width), height: String(height) };
  redraft({
    prompt: own,
    ...(isListed ? { ratio } : ratio === "Custom" ? exact : { ratio: "" }),
    seed: seed ?? "",
    negative,
    quality: quality ?? "",
    model: model ?? "",
  });
  say(words.value.said.settingsUsed);
  requestAnimationFrame(() => document.getElementById("prompt")?.focus());
}
