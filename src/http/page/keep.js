/** The gallery: everything that was made with this key, at any door. */

import { effect, signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { RemovalQuestion } from "./actions.js";
import { How } from "./how.js";
import { html } from "./lib.js";
import { openLightbox } from "./lightbox.js";
import {
  filter,
  isFiltered,
  isOffline,
  loading,
  lookUp,
  more,
  pictures,
  remove,
  search,
  shelf,
  shelfFailure,
} from "./shelf.js";
import { about, say, words } from "./state.js";
import { Tiles } from "./tiles.js";
import { beginSelecting, leaveOver, selecting } from "./where.js";

/** @type {import("@preact/signals").Signal<ReadonlySet<string>>} links of what is selected */
const selected = signal(new Set());

effect(() => {
  if (!selecting.value) selected.value = new Set();
});

export function Keep() {
  const w = words.value.keep;
  useEffect(() => {
    if (shelf.value.length === 0) void search();
  }, []);
  const marked = selecting.value ? selected.value : null;
  return html`<main class="keep">
    <h2>${w.heading}</h2>
    <${Tools} />
    <${How} />
    ${marked && html`<${Selection} marked=${marked} />`}
    <${Tiles} marked=${marked} mark=${mark} />
    <${End} />
  </main>`;
}

const code = /^\s*zi-?[0-9a-z]{10}(?:\.\d+)?\s*$/i;

function Tools() {
  const w = words.value.keep;
  const waiting = useRef(0);
  const models = about.value?.models ?? [];
  const searched = (/** @type {Event} */ event) => {
    const q = valueOf(event);
    clearTimeout(waiting.current);
    waiting.current = setTimeout(() => void (code.test(q) ? show(q) : search({ q })), 250);
  };
  return html`<div class="keep-tools" role="search">
    <input
      id="search"
      dir="auto"
      type="search"
      aria-label=${w.search}
      placeholder=${w.search}
      value=${filter.value.q}
      onInput=${searched}
    />
    <button
      type="button"
      class=${filter.value.favorite ? "plain chosen" : "plain"}
      aria-pressed=${filter.value.favorite}
      onClick=${() => void search({ favorite: !filter.value.favorite })}
    >
      <span aria-hidden="true">★</span> ${w.favorites}
    </button>
    ${
      models.length > 1
        ? html`<select
          aria-label=${words.value.make.model}
          onChange=${(/** @type {Event} */ event) => void search({ model: valueOf(event) })}
        >
          <option value="">${w.allModels}</option>
          ${models.map(({ id }) => html`<option value=${id}>${id}</option>`)}
        </select>`
        : null
    }
    <button
      type="button"
      class="plain"
      aria-pressed=${selecting.value}
      onClick=${() => (selecting.value ? leaveOver() : beginSelecting())}
    >
      ${selecting.value ? w.done : w.select}
    </button>
  </div>`;
}

/** @param {string} typed a code */
async function show(typed) {
  const recipe = await lookUp(typed.trim());
  const [first] = recipe?.pictures ?? [];
  if (recipe && first) openLightbox(recipe, first);
}

/** @param {{ marked: ReadonlySet<string> }} props */
function Selection({ marked }) {
  const w = words.value.keep;
  const [isPacking, pack] = useState(false);
  const [isAsking, ask] = useState(false);
  const chosen = pictures.value.filter(({ picture }) => marked.has(picture.url));
  const all = () => (selected.value = new Set(pictures.value.map(({ picture }) => picture.url)));
  const orders = [...new Set(chosen.map(({ recipe }) => recipe))];
  const codes = orders.map(({ code }) => code);
  const together = orders.reduce((sum, { pictures }) => sum + pictures.length, 0);
  const zip = async () => {
    pack(true);
    const { downloadZip } = await import("./zip.js");
    await downloadZip(chosen).catch(() => say(words.value.picture.lost));
    pack(false);
  };
  const answer = (/** @type {boolean} */ isYes) => {
    ask(false);
    if (isYes) void remove(codes).then(() => (selected.value = new Set()));
  };
  return html`<div class="selection" role="group" aria-label=${w.select}>
    <span role="status">${w.selected(chosen.length)}</span>
    <button type="button" class="plain" onClick=${all}>${w.selectAll}</button>
    <button
      type="button"
      class="plain"
      disabled=${chosen.length === 0 || isPacking}
      onClick=${() => void zip()}
    >
      ${isPacking ? w.zipping : w.zip}
    </button>
    <button
      type="button"
      class="plain"
      disabled=${chosen.length === 0}
      onClick=${() => ask(!isAsking)}
    >
      ${words.value.picture.remove}
    </button>
    ${
      isAsking && chosen.length > 0
        ? html`<${RemovalQuestion}
          text=${`${together > chosen.length ? `${w.together} ` : ""}${words.value.picture.removeAsk(together)}`}
          answer=${answer}
        />`
        : null
    }
  </div>`;
}

/** @param {string} url @param {boolean} isMarked */
function mark(url, isMarked) {
  const marked = new Set(selected.value);
  if (isMarked) marked.add(url);
  else marked.delete(url);
  selected.value = marked;
}

/** The end of what was fetched: coming near it fetches more. */
function End() {
  const end = useRef(/** @type {HTMLElement | null} */ (null));
  const w = words.value.keep;
  useEffect(() => {
    if (!end.current) return undefined;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && void more(), {
      rootMargin: "3000px",
    });
    observer.observe(end.current);
    return () => observer.disconnect();
    // What came into sight while a page was on its way is looked at again.
  }, [shelf.value.length, loading.value]);
  const failure = shelfFailure.value;
  const isEmpty = shelf.value.length === 0;
  const refresh = html`<button type="button" class="plain" onClick=${() => void search()}>
    ${words.value.order.retry}
  </button>`;
  return html`<div class="keep-end" ref=${end}>
    ${isOffline.value ? html`<p role="status">${w.offline} ${refresh}</p>` : null}
    ${failure && !isOffline.value ? html`<p class="problem" role="alert">${words.value.failure(failure)} ${refresh}</p>` : null}
    ${loading.value === "loading" ? html`<p role="status">${w.loading}</p>` : null}
    ${loading.value === "idle" && !isEmpty ? html`<button type="button" class="plain" onClick=${() => void more()}>${w.more}</button>` : null}
    ${loading.value === "ended" && !failure ? html`<p>${isEmpty ? (isFiltered.value ? w.none : w.empty) : w.ended}</p>` : null}
  </div>`;
}

/** @param {Event} event */
function valueOf({ currentTarget }) {
  return /** @type {HTMLInputElement} */ (currentTarget).value;
}
