/** The fields of the form beside its words. */

import { html } from "./lib.js";
import { presets } from "./presets.js";
import { about, words } from "./state.js";
import { draft, ratios, redraft } from "./wishes.js";

/** Shapes on one ruler. @param {{ wrong: boolean }} props */
export function Ratios({ wrong }) {
  const w = words.value.make;
  const { ratio } = draft.value;
  const choices = ["", ...ratios, "exact"];
  /** @param {string} value */
  const labelOf = (value) => (value === "" ? w.auto : value === "exact" ? w.exact : value);
  return html`<fieldset class="ratios">
      <legend>${w.ratio}</legend>
      ${choices.map(
        (value) => html`<label
          ><input
            type="radio"
            name="ratio"
            value=${value}
            checked=${ratio === value}
            onChange=${() => redraft({ ratio: value })}
          />
          <span class=${`shape shape-${value === "" ? "auto" : value.replace(":", "-")}`}></span
          ><span>${labelOf(value)}</span></label
        >`,
      )}
    </fieldset>
    ${ratio === "exact" ? html`<${ExactSize} wrong=${wrong} />` : null}`;
}

/** @param {{ wrong: boolean }} props */
function ExactSize({ wrong }) {
  const w = words.value.make;
  return html`<div class="field row size">
    <label for="width">${w.width}</label>
    <${Digits} id="width" wrong=${wrong} value=${draft.value.width} />
    <span aria-hidden="true">×</span>
    <label for="height">${w.height}</label>
    <${Digits} id="height" wrong=${wrong} value=${draft.value.height} />
    <span class="hint">${w.pixels}</span>
    ${wrong ? html`<p class="problem" role="alert">${w.problems.size}</p>` : null}
  </div>`;
}

/** @param {{ id: "width" | "height" | "seed", value: string, wrong: boolean, placeholder?: string }} props */
function Digits({ id, value, wrong, placeholder }) {
  return html`<input
    id=${id}
    type="text"
    inputmode="numeric"
    autocomplete="off"
    maxlength="12"
    placeholder=${placeholder}
    aria-invalid=${wrong}
    value=${value}
    onInput=${(/** @type {Event} */ event) => redraft({ [id]: valueOf(event) })}
  />`;
}

/** @param {{ wrong: boolean }} props the seed cannot be used */
export function MoreSettings({ wrong }) {
  const w = words.value.make;
  const { seed, negative, quality, model, preset } = draft.value;
  const models = about.value?.models ?? [];
  return html`<div class="field row">
      <label for="seed">${w.seed}</label>
      <${Digits} id="seed" value=${seed} wrong=${wrong} placeholder=${w.seedPlaceholder} />
      ${
        seed === ""
          ? null
          : html`<button type="button" class="quiet" onClick=${clearSeed}>${w.seedClear}</button>`
      }
      ${wrong ? html`<p id="seed-problem" class="problem" role="alert">${w.problems.seed}</p>` : null}
    </div>
    <details class="more">
      <summary>${w.more}</summary>
      <p class="hint">${w.flags}</p>
      <div class="field">
        <label for="negative">${w.negative}</label>
        <input
          id="negative"
          dir="auto"
          type="text"
          autocomplete="off"
          placeholder=${w.negativePlaceholder}
          value=${negative}
          onInput=${(/** @type {Event} */ event) => redraft({ negative: valueOf(event) })}
        />
      </div>
      <${Choice}
        id="quality"
        label=${w.quality}
        value=${quality}
        options=${Object.entries(w.qualities)}
      />
      ${
        models.length > 1
          ? html`<${Choice}
            id="model"
            label=${w.model}
            value=${models.some(({ id }) => id === model) ? model : models[0]?.id}
            options=${models.map(({ id }) => [id, id])}
          />`
          : null
      }
      ${
        presets.value.length > 0
          ? html`<${Choice}
            id="preset"
            label=${w.preset}
            value=${preset}
            options=${[["", w.noPreset], ...presets.value.map((name) => [name, name])]}
          />`
          : null
      }
    </details>`;
}

function clearSeed() {
  redraft({ seed: "" });
  document.getElementById("seed")?.focus();
}

/** @param {{ id: "quality" | "model" | "preset", label: string, value: string, options: [string, string][] }} props */
function Choice({ id, label, value, options }) {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <select
      id=${id}
      value=${value}
      onChange=${(/** @type {Event} */ event) => redraft({ [id]: valueOf(event) })}
    >
      ${options.map(
        ([one, name]) => html`<option value=${one} selected=${one === value}>${name}</option>`,
      )}
    </select>
  </div>`;
}

/** @param {Event} event */
function valueOf({ currentTarget }) {
  return /** @type {HTMLInputElement} */ (currentTarget).value;
}
