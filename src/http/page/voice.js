/** The page's language: chosen once, remembered, and changed without losing anything on the page. */

import { part } from "./dom.js";
import { languages, pickLanguage } from "./words.js";

/** @typedef {import("./words.js").Language} Language */
/** @typedef {import("./words.js").Words} Words */

/**
 * @typedef {object} Voice
 * @property {() => Words} words in the language of now
 * @property {(text: string) => void} say to a screen reader, politely
 * @property {(element: HTMLElement, path: string) => void} label shows the words at `path`, now and after a change
 */

const attributes = /** @type {const} */ ({
  words: null,
  wordsPlaceholder: "placeholder",
  wordsLabel: "aria-label",
});

/**
 * @param {import("./memory.js").Memory} memory
 * @param {() => void} changed called after the page itself speaks the other language
 * @returns {Voice}
 */
export function openVoice(memory, changed) {
  const status = part("status", HTMLElement);
  let language = pickLanguage([memory.language() ?? "", ...navigator.languages]);
  const buttons = [...document.querySelectorAll("[data-language]")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      language = pickLanguage([button.getAttribute("data-language") ?? ""]);
      memory.rememberLanguage(language);
      speak(language, buttons);
      changed();
    });
  }
  speak(language, buttons);
  return {
    words: () => languages[language],
    say(text) {
      status.textContent = text;
    },
    label(element, path) {
      element.dataset["words"] = path;
      element.textContent = wordsAt(languages[language], path);
    },
  };
}

/** @param {Language} language @param {readonly Element[]} buttons */
function speak(language, buttons) {
  const words = languages[language];
  document.documentElement.lang = words.locale;
  for (const [key, attribute] of Object.entries(attributes)) {
    for (const element of labelled(key)) {
      const text = wordsAt(words, element.dataset[key] ?? "");
      if (attribute === null) element.textContent = text;
      else element.setAttribute(attribute, text);
    }
  }
  for (const button of buttons) {
    const chosen = button.getAttribute("data-language") === language;
    button.setAttribute("aria-pressed", String(chosen));
  }
}

/**
 * @param {string} key as in `dataset`
 * @returns {NodeListOf<HTMLElement>}
 */
function labelled(key) {
  const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return document.querySelectorAll(`[data-${name}]`);
}

/**
 * @param {Words} words
 * @param {string} path such as `page.draw`; throws where there is no such text
 */
function wordsAt(words, path) {
  /** @type {unknown} */
  let found = words;
  for (const name of path.split(".")) {
    found = Object.entries(Object(found)).find(([key]) => key === name)?.[1];
  }
  if (typeof found !== "string") throw new Error(`There are no words for ${path}`);
  return found;
}
