/** The enhancer in the form: on or off, and its prompt to be seen first. */

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ask, Failure } from "./api.js";
import { fields, html, text } from "./lib.js";
import { about, heed, words } from "./state.js";
import { draft, redraft } from "./wishes.js";

/**
 * The enhancer's prompt before it is painted.
 * @type {import("@preact/signals").Signal<{ state: "writing" } | { state: "failed", failure: Failure }
 *   | Written & { state: "written" } | null>}
 */
const preview = signal(null);

/**
 * What the enhancer made of the words, to be edited.
 * @typedef {{ own: string, prompt: string, ratio: string | null }} Written
 */

export function forgetPrompt() {
  preview.value = null;
}

/**
 * Whether the enhancer writes, and its prompt before it is painted.
 * @param {{ check: () => boolean, paint: (written: Written) => void }} props
 */
export function Enhancing({ check, paint }) {
  const w = words.value.make;
  if (about.value !== null && about.value.enhancer === null) {
    return html`<p class="hint">${w.noEnhancer}</p>`;
  }
  const now = preview.value;
  return html`<div class="enhancing">
    <label class="switch">
      <input
        id="as-typed"
        type="checkbox"
        role="switch"
        aria-describedby="as-typed-hint"
        checked=${draft.value.asTyped}
        onChange=${(/** @type {Event} */ event) => redraft({ asTyped: isChecked(event) })}
      />
      <span>${w.asTyped}</span>
      <span id="as-typed-hint" class="hint">${w.asTypedHint}</span>
    </label>
    ${draft.value.asTyped || now !== null ? null : html`<button type="button" class="quiet" onClick=${() => check() && void showPrompt()}>${w.preview}</button>`}
    ${now?.state === "writing" ? html`<p class="hint" role="status">${w.previewing}</p>` : null}
    ${now?.state === "failed" ? html`<p class="problem" role="alert">${words.value.failure(now.failure)}</p>` : null}
    ${now?.state === "written" ? html`<${Edition} written=${now} paint=${paint} />` : null}
  </div>`;
}

/** @param {{ written: Written, paint: (written: Written) => void }} props */
function Edition({ written, paint }) {
  const w = words.value.make;
  const field = useRef(/** @type {HTMLElement | null} */ (null));
  const { prompt } = written;
  useEffect(() => field.current?.scrollIntoView({ block: "nearest" }), []);
  return html`<div class="field preview-field" ref=${field}>
    <label for="written">${w.previewHeading}</label>
    <textarea
      id="written"
      dir="auto"
      rows="5"
      value=${prompt}
      onInput=${(/** @type {Event} */ event) =>
        (preview.value = { ...written, state: "written", prompt: valueOf(event) })}
    ></textarea>
    <div class="actions">
      <button type="button" class="plain" disabled=${prompt.trim() === ""} onClick=${() => paint(written)}>
        ${w.previewDraw}
      </button>
      <button type="button" class="quiet" onClick=${() => (preview.value = null)}>
        ${w.previewDrop}
      </button>
    </div>
  </div>`;
}

async function showPrompt() {
  preview.value = { state: "writing" };
  const { prompt: own, ratio, negative, model, preset } = draft.value;
  const isRatio = ratio !== "" && ratio !== "exact";
  const isModel = about.value?.models.some(({ id }) => id === model);
  const json = {
    prompt: own,
    words_first: true,
    ...(isRatio ? { aspect_ratio: ratio } : {}),
    ...(negative === "" ? {} : { negative_prompt: negative }),
    ...(preset === "" ? {} : { preset }),
    ...(isModel ? { model } : {}),
  };
  try {
    const answer = fields(await ask("v1/prompts", { method: "POST", json }));
    const prompt = text(answer["prompt"]) ?? own;
    preview.value = { state: "written", own, prompt, ratio: text(answer["aspect_ratio"]) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    preview.value = { state: "failed", failure: error };
    heed(error);
  }
}

/** @param {Event} event */
function valueOf({ currentTarget }) {
  return /** @type {HTMLInputElement} */ (currentTarget).value;
}

/** @param {Event} event */
function isChecked({ currentTarget }) {
  return /** @type {HTMLInputElement} */ (currentTarget).checked;
}
