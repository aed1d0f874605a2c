/** The form in which a picture is ordered. */

import { element, part } from "./dom.js";

/** @typedef {import("./service.js").Order} Order */
/** @typedef {"prompt" | "seed"} Field */

const maxSeed = 2_147_483_647;

/** @returns the parts of the form that somebody fills in */
function controls() {
  return {
    form: part("composer", HTMLFormElement),
    prompt: part("prompt", HTMLTextAreaElement),
    seed: part("seed", HTMLInputElement),
    clearSeed: part("seed-clear", HTMLButtonElement),
    asTyped: part("as-typed", HTMLInputElement),
    negative: part("negative", HTMLInputElement),
    quality: part("quality", HTMLSelectElement),
    model: part("model", HTMLSelectElement),
    modelRow: part("model-row", HTMLElement),
  };
}

/**
 * Enter submits; Shift+Enter is a new line; the Enter that picks a word from an input method is neither.
 * @param {(order: Order) => void} submit
 */
export function openForm(submit) {
  const parts = controls();
  listen(parts, submit);
  seedChanged(parts);
  return {
    focus: () => parts.prompt.focus({ preventScroll: true }),
    /** @param {string} prompt */
    write(prompt) {
      parts.prompt.value = prompt;
      clearProblem("prompt", parts.prompt);
      parts.prompt.focus();
    },
    /** @param {string} prompt written where nothing stands */
    restore(prompt) {
      parts.prompt.value ||= prompt;
    },
    /** @param {string} seed */
    keepSeed: (seed) => setSeed(parts, seed),
    /** @param {readonly string[]} models */
    offerModels: (models) => offerModels(parts, models),
  };
}

/** @typedef {ReturnType<typeof controls>} Controls */

/** @param {Controls} parts @param {(order: Order) => void} submit */
function listen(parts, submit) {
  parts.prompt.addEventListener("keydown", (event) => {
    // Safari ends the composition before its Enter arrives; only the old keyCode still tells.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    parts.form.requestSubmit();
  });
  parts.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const problem = findProblem(parts);
    if (problem !== null) showProblem(problem, parts[problem]);
    else submit(readOrder(parts));
  });
  parts.prompt.addEventListener("input", () => clearProblem("prompt", parts.prompt));
  parts.seed.addEventListener("input", () => seedChanged(parts));
  parts.clearSeed.addEventListener("click", () => {
    setSeed(parts, "");
    parts.seed.focus();
  });
}

/** @param {Controls} parts @returns {Field | null} */
function findProblem(parts) {
  if (parts.prompt.value.trim() === "") return "prompt";
  const seed = readSeed(parts.seed.value);
  return seed !== null && (Number.isNaN(seed) || seed < 1 || seed > maxSeed) ? "seed" : null;
}

/** @param {Controls} parts @returns {Order} */
function readOrder(parts) {
  const ratio = String(new FormData(parts.form).get("ratio") ?? "");
  const seed = readSeed(parts.seed.value);
  const negative = parts.negative.value.trim();
  return {
    prompt: parts.prompt.value.trim(),
    ...(parts.modelRow.hidden ? {} : { model: parts.model.value }),
    ...(ratio === "" ? {} : { aspect_ratio: ratio }),
    ...(seed === null ? {} : { seed }),
    ...(parts.asTyped.checked ? { enhance: /** @type {const} */ (false) } : {}),
    ...(negative === "" ? {} : { negative_prompt: negative }),
    ...(parts.quality.value === "" ? {} : { quality: parts.quality.value }),
  };
}

/**
 * @param {string} typed full-width digits count as digits
 * @returns {number | null} null for an empty field, NaN for anything that is no whole number
 */
function readSeed(typed) {
  const digits = typed.normalize("NFKC").trim();
  if (digits === "") return null;
  return /^\d{1,10}$/.test(digits) ? Number(digits) : Number.NaN;
}

/** @param {Controls} parts @param {string} seed */
function setSeed(parts, seed) {
  parts.seed.value = seed;
  seedChanged(parts);
}

/** @param {Controls} parts */
function seedChanged(parts) {
  parts.clearSeed.hidden = parts.seed.value === "";
  clearProblem("seed", parts.seed);
}

/** @param {Field} field @param {HTMLElement} control */
function showProblem(field, control) {
  part(`${field}-problem`, HTMLElement).hidden = false;
  control.setAttribute("aria-invalid", "true");
  control.focus();
}

/** @param {Field} field @param {HTMLElement} control */
function clearProblem(field, control) {
  part(`${field}-problem`, HTMLElement).hidden = true;
  control.removeAttribute("aria-invalid");
}

/** @param {Controls} parts @param {readonly string[]} models */
function offerModels(parts, models) {
  const chosen = parts.model.value;
  parts.model.replaceChildren(...models.map((id) => element("option", { value: id }, id)));
  if (models.includes(chosen)) parts.model.value = chosen;
  parts.modelRow.hidden = models.length < 2;
}
