/** The form in which pictures are ordered. */

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { fields, html, text } from "./lib.js";
import { MoreSettings, Ratios } from "./make-fields.js";
import { recall, remember } from "./memory.js";
import { Enhancing, forgetPrompt } from "./make-prompt.js";
import { OrderCards } from "./order-cards.js";
import { orders } from "./order-list.js";
import { cancel, place } from "./orders.js";
import { BridgeScene } from "./scene.js";
import { Sheet } from "./see.js";
import { recent } from "./shelf.js";
import { Sources } from "./source-field.js";
import { addFiles, clearSources, sourceFields } from "./sources.js";
import { about, canEdit, words } from "./state.js";
import { bodyOf, draft, problemIn, redraft } from "./wishes.js";

/** @type {import("@preact/signals").Signal<import("./wishes.js").Field | null>} */
const problem = signal(null);

/** The form on the left, and on the right what became of it. */
export function Make() {
  const w = words.value;
  const isEmpty = orders.value.length === 0 && recent.value.length === 0;
  return html`<main class="make">
    <div class="desk"><${Composer} /></div>
    <section class="results" aria-label=${w.make.results}>
      <${OrderCards} />
      <ol id="sheets" tabindex="-1">
        ${recent.value.map((recipe) => html`<li key=${recipe.code}><${Sheet} recipe=${recipe} /></li>`)}
      </ol>
      ${
        recent.value.length > 0
          ? html`<p class="to-gallery"><a class="plain" href="#gallery">${w.make.all}</a></p>`
          : null
      }
      ${isEmpty ? html`<${Empty} />` : null}
    </section>
  </main>`;
}

function Composer() {
  const w = words.value.make;
  const { prompt } = draft.value;
  const wrong = problem.value;
  return html`<form
    id="composer"
    class="sheet composer"
    aria-label=${w.composer}
    novalidate
    onSubmit=${submitted}
    onKeyDown=${onKey}
    onPaste=${onPaste}
  >
    <div class="composer-fields">
    <div class="field">
      <label for="prompt">${w.prompt}</label>
      <${Editor} text=${prompt} />
      ${wrong === "prompt" ? html`<p id="prompt-problem" class="problem" role="alert">${w.problems.prompt}</p>` : null}
      <p id="prompt-hint" class="hint">${w.hint}</p>
    </div>
    ${canEdit.value ? html`<${Sources} />` : null}
    <${Folded} isNeeded=${wrong === "size" || wrong === "seed"}>
      <${Ratios} wrong=${wrong === "size"} />
      <${Count} />
      <${Enhancing} check=${isComplete} paint=${drawWritten} />
      <${MoreSettings} wrong=${wrong === "seed"} />
    <//>
    </div>
    <div class="draw-bar">
      <button id="draw" class="draw">${w.draw}</button>
    </div>
  </form>`;
}

const isNarrow = matchMedia("(max-width: 560px)");

/**
 * On a phone the settings fold away, so that the words, the button and the picture are close together.
 * @param {{ isNeeded: boolean, children?: unknown }} props
 */
function Folded({ isNeeded, children }) {
  if (!isNarrow.matches) return html`${children}`;
  return html`<details class="folded" open=${isNeeded || undefined}>
    <summary>${words.value.make.settings}</summary>
    <div class="composer-settings">${children}</div>
  </details>`;
}

/** A field that grows with its words. @param {{ text: string }} props */
function Editor({ text }) {
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  useEffect(() => {
    // Not on a touch screen, where it would open the keyboard over the page.
    if (matchMedia("(pointer: fine)").matches) area.current?.focus({ preventScroll: true });
  }, []);
  return html`<textarea
    id="prompt"
    ref=${area}
    dir="auto"
    rows="4"
    enterkeyhint="enter"
    placeholder=${words.value.make.placeholder}
    aria-describedby="prompt-problem prompt-hint"
    aria-invalid=${problem.value === "prompt"}
    value=${text}
    onInput=${(/** @type {Event} */ event) => type(valueOf(event))}
  ></textarea>`;
}

/** @param {string} prompt */
function type(prompt) {
  redraft({ prompt });
  problem.value = null;
}

function Count() {
  const w = words.value.make;
  return html`<fieldset class="segments">
    <legend>${w.count}</legend>
    ${[1, 2, 3, 4].map(
      (count) => html`<label
        ><input
          type="radio"
          name="count"
          checked=${draft.value.count === count}
          onChange=${() => redraft({ count })}
        /><span>${count}</span></label
      >`,
    )}
  </fieldset>`;
}

function Empty() {
  const w = words.value;
  return html`<div class="empty">
    <${BridgeScene} />
    <h2>${w.make.emptyHeading}</h2>
    <p>${w.make.emptyText}</p>
    <ul>
      ${w.examples.map(
        (example) => html`<li>
          <button type="button" class="example" onClick=${() => begin(example)}>${example}</button>
        </li>`,
      )}
    </ul>
  </div>`;
}

/** @param {string} example */
function begin(example) {
  type(example);
  document.getElementById("prompt")?.focus();
}

// === Ordering

/** @param {Event} event */
function submitted(event) {
  event.preventDefault();
  if (isComplete()) draw(draft.value.prompt);
}

/** Whether the form can be sent; otherwise its problem is shown. */
function isComplete() {
  problem.value = problemIn(draft.value);
  if (problem.value === null) return true;
  document.getElementById(problem.value === "size" ? "width" : problem.value)?.focus();
  return false;
}

/** @param {string} own @param {Record<string, unknown>} [instead] */
function draw(own, instead = {}) {
  const models = about.value?.models.map(({ id }) => id) ?? [];
  const asDrafted = bodyOf({ ...draft.value, prompt: own }, models);
  const body = { ...asDrafted, ...instead, ...sourceFields() };
  remember("words", own);
  forgetPrompt();
  const ratio = text(body["aspect_ratio"]);
  const { width, height } = fields(body);
  const shape = width && height ? `${width}:${height}` : ratio;
  place("v1/images/generations", { ...body, response_format: "url" }, { own, ratio: shape });
  clearSources();
  showOnPhone();
}

/** On a phone the form is above the pictures: what has just changed there is gone to. */
export function showOnPhone() {
  if (!isNarrow.matches) return;
  requestAnimationFrame(() => document.querySelector(".results")?.scrollIntoView());
}

/** Paints the edited prompt; the words stay as they were typed. @param {import("./make-prompt.js").Written} written */
function drawWritten({ own, prompt, ratio }) {
  const isFree = draft.value.ratio === "" && ratio !== null;
  const shape = isFree ? { aspect_ratio: ratio } : {};
  draw(own, { prompt: own.trim(), final_prompt: prompt, ...shape });
}

// === Keys and pasting

/** @param {KeyboardEvent} event */
function onKey(event) {
  // Safari ends the composition before its Enter arrives; only the old keyCode still tells.
  if (event.isComposing || event.keyCode === 229) return;
  const { key, ctrlKey, metaKey, target } = event;
  const form = event.currentTarget;
  if (key === "Enter" && (ctrlKey || metaKey) && form instanceof HTMLFormElement) {
    event.preventDefault();
    form.requestSubmit();
  }
  if (key === "Escape") {
    const newest = orders.value.findLast(({ failure }) => failure === null);
    if (newest) void cancel(newest.id);
  }
  const isEmpty = target instanceof HTMLTextAreaElement && target.value === "";
  const last = recall("words");
  if (key === "ArrowUp" && isEmpty && last !== null) {
    event.preventDefault();
    type(last);
  }
}

/** @param {ClipboardEvent} event */
function onPaste(event) {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!canEdit.value || files.length === 0) return;
  event.preventDefault();
  void addFiles(files);
}

/** @param {Event} event */
function valueOf({ currentTarget }) {
  return /** @type {HTMLInputElement} */ (currentTarget).value;
}
