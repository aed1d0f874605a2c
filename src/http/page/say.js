/** What the page says of itself: the bar at the top, the key, who paints, and the line for a moment. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { isKeyKnown } from "./api.js";
import { html } from "./lib.js";
import { readKey, takeFromAddress } from "./memory.js";
import {
  about,
  key,
  keyAsked,
  language,
  said,
  say,
  speak,
  switchTheme,
  takeKey,
  words,
} from "./state.js";
import { view } from "./where.js";

export function Bar() {
  const w = words.value.bar;
  const isOperator = about.value?.operator === true;
  /** @type {[import("./where.js").View, string, string][]} */
  const links = [
    ["make", "./#", w.make],
    ["keep", "./#gallery", w.keep],
    ["connect", "connect", w.connect],
    ...(isOperator
      ? [/** @type {[import("./where.js").View, string, string]} */ (["admin", "admin", w.admin])]
      : []),
  ];
  return html`<header class="masthead">
    <img src="page/bridge.svg" alt="" width="36" height="36" />
    <h1>Drawbridge</h1>
    <nav>
      ${links.map(
        ([name, href, label]) =>
          html`<a href=${href} aria-current=${view.value === name ? "page" : undefined}>${label}</a>`,
      )}
      <a href="docs">${w.docs}</a>
    </nav>
    <${Painter} />
    <div class="controls">
      <button
        type="button"
        class="icon"
        aria-label=${w.theme}
        title=${w.theme}
        onClick=${switchTheme}
      >
        <span aria-hidden="true">◐</span>
      </button>
      <div class="languages" role="group" aria-label=${w.language}>
        <button
          type="button"
          lang="en"
          aria-pressed=${language.value === "en"}
          onClick=${() => speak("en")}
        >
          English
        </button>
        <button
          type="button"
          lang="zh-CN"
          aria-pressed=${language.value === "zh"}
          onClick=${() => speak("zh")}
        >
          中文
        </button>
      </div>
    </div>
  </header>`;
}

/** Who paints, always to be seen. */
function Painter() {
  const w = words.value.bar;
  const now = about.value;
  if (now === null) return null;
  const isSketch = now.models.every(({ sketch }) => sketch);
  const [quota] = now.quotas;
  const models = w.painted(now.models.map(({ id }) => id).join(", "));
  return html`<p class=${isSketch ? "painter sketching" : "painter"}>
    ${
      isSketch
        ? html`<span>${w.sketch} <a href="setup">${w.setUp}</a></span>`
        : html`<span class="models" title=${models}>${models}</span>`
    }
    ${quota ? html`<span>· ${w.quota(quota.left, quota.limit)}</span>` : null}
  </p>`;
}

/** A sentence for a moment, to be seen and to be heard. */
export function Said() {
  return html`<p id="status" class=${said.value === "" ? "said" : "said shown"} role="status">
    ${said.value}
  </p>`;
}

// === The key

/** @type {import("@preact/signals").Signal<"" | "invalid" | "link-refused">} */
const keyProblem = signal("");
/** @type {import("@preact/signals").Signal<string | null>} the key of a link, where another one works, too */
const offered = signal(null);

/** @param {{ arrived: () => void }} props `arrived` is called with each key that takes its place */
export function KeyPanel({ arrived }) {
  const accept = (/** @type {string} */ taken) => {
    takeKey(taken);
    keyProblem.value = "";
    offered.value = null;
    arrived();
  };
  useEffect(() => {
    const look = () => {
      const brought = takeFromAddress("key");
      if (brought !== null) void weigh(brought, accept);
    };
    look();
    window.addEventListener("hashchange", look);
    return () => window.removeEventListener("hashchange", look);
  }, []);
  const w = words.value.key;
  return html`<div class="key-panel">
    ${
      offered.value === null
        ? null
        : html`<section id="key-choice" class="sheet key-form" role="alert">
          <p>${w.other}</p>
          <div class="actions">
            <button
              type="button"
              class="plain"
              onClick=${() => offered.value !== null && accept(offered.value)}
            >
              ${w.take}
            </button>
            <button type="button" class="plain" onClick=${() => (offered.value = null)}>
              ${w.stay}
            </button>
          </div>
        </section>`
    }
    ${
      keyProblem.value === "link-refused"
        ? html`<p id="key-link-refused" class="problem" role="alert">${w.linkRefused}</p>`
        : null
    }
    ${keyAsked.value.open ? html`<${KeyForm} accept=${accept} />` : null}
  </div>`;
}

/**
 * A link may bring a key that is worth less than the one that is here: that one stays where the other is refused, and
 * where both work, its owner chooses.
 * @param {string} brought
 * @param {(key: string) => void} accept
 */
async function weigh(brought, accept) {
  const own = key.value;
  keyProblem.value = "";
  offered.value = null;
  if (own === null || own === brought) return accept(brought);
  const isKnown = await isKeyKnown(brought);
  const isOwnKnown = isKnown === true ? await isKeyKnown(own) : null;
  if (key.value !== own) return;
  if (isKnown === false) keyProblem.value = "link-refused";
  if (isKnown !== true) return;
  if (isOwnKnown === false) accept(brought);
  else offered.value = brought;
}

/** @param {{ accept: (key: string) => void }} props */
function KeyForm({ accept }) {
  const w = words.value.key;
  const submitted = (/** @type {Event} */ event) => {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (document.getElementById("key"));
    const typed = readKey(field.value);
    keyProblem.value = typed === null ? "invalid" : "";
    if (typed !== null) accept(typed);
    else field.focus();
  };
  const isInvalid = keyProblem.value === "invalid";
  return html`<form class="sheet key-form" novalidate onSubmit=${submitted}>
    <h2>${w.heading}</h2>
    <label for="key">${w.label}</label>
    <input
      id="key"
      type="password"
      autocomplete="off"
      spellcheck="false"
      aria-invalid=${isInvalid}
      aria-describedby="key-problem key-hint"
    />
    ${
      isInvalid || keyAsked.value.refused
        ? html`<p id="key-problem" class="problem" role="alert">${isInvalid ? w.invalid : w.refused}</p>`
        : null
    }
    <p id="key-hint" class="hint">${w.hint}</p>
    <button class="plain">${w.save}</button>
  </form>`;
}

export function KeyKept() {
  const w = words.value.key;
  const forget = () => {
    takeKey(null);
    say(words.value.said.keyForgotten);
    requestAnimationFrame(() => document.getElementById("key")?.focus());
  };
  if (key.value === null) return null;
  return html`<p class="key-kept">
    ${w.remembered} <button type="button" class="quiet" onClick=${forget}>${w.forget}</button>
  </p>`;
}
