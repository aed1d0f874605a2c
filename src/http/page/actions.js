/** What can be done with a picture that was made, or with all pictures of an order. */

import { useEffect, useRef, useState } from "preact/hooks";
import { copyText, html } from "./lib.js";
import { again } from "./orders.js";
import { fileName } from "./recipe.js";
import { favor, remove } from "./shelf.js";
import { editFrom, referTo } from "./sources.js";
import { canEdit, say, words } from "./state.js";
import { goTo, leaveOver } from "./where.js";
import { ratios, redraft } from "./wishes.js";

/** @typedef {import("./recipe.js").Recipe} Recipe */
/** @typedef {import("./recipe.js").Picture} Picture */

/** @typedef {readonly [label: string, press: () => void, hint: string | undefined]} Action */

/** @param {{ recipe: Recipe, picture: Picture | null }} props without a picture: those for the whole order */
export function Actions({ recipe, picture }) {
  const [isAsking, ask] = useState(false);
  const w = words.value.picture;
  // The form and the orders are on that view.
  const there = (/** @type {() => void} */ press) => () => {
    goTo("make");
    press();
  };
  const answer = (/** @type {boolean} */ isYes) => {
    ask(false);
    if (!isYes) return;
    leaveOver();
    void remove([recipe.code]);
  };
  return html`<div class="actions">
      <div class="action-row">
        ${picture ? html`<${Favorite} recipe=${recipe} picture=${picture} />` : null}
        ${makingOf(recipe, picture).map(([label, press, hint]) => html`<${Press} key=${label} action=${[label, there(press), hint]} />`)}
      </div>
      <div class="action-row lesser">
        <${Press} action=${actionOf(
          w.settings,
          there(() => useSettings(recipe, picture)),
        )} />
        ${takingOf(recipe, picture).map((action) => html`<${Press} key=${action[0]} action=${action} />`)}
        ${picture ? html`<a class="plain" href=${picture.url} download=${fileName(recipe, picture)}>${w.download}</a>` : null}
        <button type="button" class="plain" aria-expanded=${isAsking} onClick=${() => ask(!isAsking)}>
          ${w.remove}
        </button>
      </div>
    </div>
    ${
      isAsking
        ? html`<${RemovalQuestion}
          text=${w.removeAsk(recipe.pictures.length)}
          answer=${answer}
        />`
        : null
    }`;
}

/**
 * Asks before something is deleted; Escape is No.
 * @param {{ text: string, answer: (isYes: boolean) => void }} props
 */
export function RemovalQuestion({ text, answer }) {
  const w = words.value.picture;
  const no = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const asked = /** @type {HTMLElement | null} */ (document.activeElement);
    no.current?.focus();
    return () => asked?.focus();
  }, []);
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    answer(false);
  };
  return html`<div class="asking" role="alertdialog" aria-label=${text} onKeyDown=${onKey}>
    <p>${text}</p>
    <button type="button" class="plain danger" onClick=${() => answer(true)}>${w.yes}</button>
    <button type="button" class="plain" ref=${no} onClick=${() => answer(false)}>${w.no}</button>
  </div>`;
}

/** @param {{ action: Action }} props */
function Press({ action: [label, press, hint] }) {
  return html`<button type="button" class="plain" title=${hint} onClick=${press}>${label}</button>`;
}

/** @param {{ recipe: Recipe, picture: Picture }} props */
function Favorite({ recipe, picture }) {
  const { favorite, number } = picture;
  return html`<button
    type="button"
    class=${favorite ? "plain favorite chosen" : "plain favorite"}
    aria-pressed=${favorite}
    onClick=${() => void favor(recipe, number, !favorite)}
  >
    <span aria-hidden="true">${favorite ? "★" : "☆"}</span> ${words.value.picture.favorite}
  </button>`;
}

/** What makes further pictures of it. @param {Recipe} recipe @param {Picture | null} picture @returns {readonly Action[]} */
function makingOf(recipe, picture) {
  const w = words.value.picture;
  const only = picture && recipe.pictures.length > 1 ? { picture: picture.number } : {};
  const wasEnhanced = recipe.enhanced !== null && !recipe.isEdited;
  /** @type {readonly [string, Record<string, unknown>, string][]} */
  const orders = [
    [w.again, { seed: "new" }, w.hints.again],
    wasEnhanced
      ? [w.vary, { wording: "anew", ...only }, w.hints.vary]
      : [w.vary, { seed: "new", ...only }, w.hints.another],
  ];
  const own = { wording: "own" };
  return [
    ...orders.map(([label, changes, hint]) => actionOf(label, () => again(recipe, changes), hint)),
    ...(recipe.enhanced === null ? [] : [actionOf(w.mine, () => again(recipe, own), w.hints.mine)]),
    ...(picture && canEdit.value
      ? [
          actionOf(w.edit, () => editFrom(recipe, picture), w.hints.edit),
          actionOf(w.reference, () => referTo(recipe, picture), w.hints.reference),
        ]
      : []),
  ];
}

/** What takes something of it along. @param {Recipe} recipe @param {Picture | null} picture @returns {readonly Action[]} */
function takingOf({ enhanced, own }, picture) {
  const w = words.value.picture;
  const copy = async (/** @type {string} */ text) => {
    const { said } = words.value;
    say((await copyText(text)) ? said.copied : said.notCopied);
  };
  return [
    actionOf(w.copyPrompt, () => void copy(enhanced ?? own)),
    ...(picture ? [actionOf(w.copyLink, () => void copy(picture.url))] : []),
  ];
}

/** @param {string} label @param {() => void} press @param {string} [hint] @returns {Action} */
function actionOf(label, press, hint) {
  return [label, press, hint];
}

/** @param {Recipe} recipe @param {Picture | null} picture puts what made it into the form; the first where none is named */
function useSettings(recipe, picture) {
  const { own, ratio, quality, model, negative, pictures, count } = recipe;
  const { seed = null, width = 0, height = 0 } = picture ?? pictures[0] ?? {};
  const isListed = ratio !== null && ratios.includes(ratio);
  const exact = { ratio: "exact", width: String(width), height: String(height) };
  redraft({
    prompt: own,
    ...(isListed ? { ratio } : ratio === "Custom" ? exact : { ratio: "" }),
    seed: seed ?? "",
    // Choices in the words make several pictures by themselves.
    count: picture || own.includes("{") ? 1 : Math.min(4, count),
    negative,
    quality: quality ?? "",
    model: model ?? "",
  });
  say(words.value.said.settingsUsed);
  requestAnimationFrame(() => document.getElementById("prompt")?.focus());
}
