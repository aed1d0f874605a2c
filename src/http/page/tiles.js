/** The pictures of the gallery as tiles. Only those near the window are in the document, however many there are. */

import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { html, shortened } from "./lib.js";
import { openLightbox } from "./lightbox.js";
import { loading, pictures } from "./shelf.js";
import { words } from "./state.js";

/** @typedef {import("./recipe.js").Recipe} Recipe */
/** @typedef {import("./recipe.js").Picture} Picture */

/** As in keep.css, in pixels. */
const least = 150;
const gap = 6;

/** The rows come and go by so many. */
const rowsAtOnce = 2;

/** What is laid out: how many columns, how high a row with its gap, and the rows from `first` to before `end`. */
const laid = signal({ columns: 1, height: least, first: 0, end: rowsAtOnce });

/** @param {HTMLElement} list lays out what is less than a window's height away */
function layOut(list) {
  const columns = Math.max(1, Math.floor((list.clientWidth + gap) / (least + gap)));
  const height = (list.clientWidth + gap) / columns;
  const seen = -list.getBoundingClientRect().top;
  const chunkOf = (/** @type {number} */ y) => Math.max(0, Math.floor(y / height / rowsAtOnce));
  const first = chunkOf(seen - innerHeight) * rowsAtOnce;
  const end = (chunkOf(seen + 2 * innerHeight) + 1) * rowsAtOnce;
  const now = laid.value;
  const isSame = now.first === first && now.end === end && now.height === height;
  if (!isSame) laid.value = { columns, height, first, end };
}

/**
 * @param {{ marked: ReadonlySet<string> | null, mark: (url: string, isMarked: boolean) => void }} props the links of
 *   what is selected; null while nothing is being selected
 */
export function Tiles({ marked, mark }) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const look = () => list.current && layOut(list.current);
    const observer = new ResizeObserver(look);
    if (list.current) observer.observe(list.current);
    window.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      window.removeEventListener("scroll", look);
    };
  }, []);
  const all = pictures.value;
  const { columns, height, first, end } = laid.value;
  const rows = Math.ceil(all.length / columns);
  const before = Math.min(first, rows);
  const size = loading.value === "ended" ? all.length : -1;
  const style = {
    paddingTop: `${before * height}px`,
    paddingBottom: `${Math.max(0, rows - end) * height}px`,
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => step(event, columns);
  return html`<ul class="tiles" ref=${list} style=${style} onKeyDown=${onKey}>
    ${all.slice(before * columns, end * columns).map(
      ({ recipe, picture }, index) =>
        html`<${Tile}
          key=${picture.url}
          recipe=${recipe}
          picture=${picture}
          place=${[before * columns + index + 1, size]}
          isMarked=${marked && marked.has(picture.url)}
          mark=${mark}
        />`,
    )}
  </ul>`;
}

/** The arrows go from tile to tile. @param {KeyboardEvent} event @param {number} columns */
function step(event, columns) {
  const { key, target, currentTarget } = event;
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key];
  if (by === undefined || !(currentTarget instanceof HTMLElement)) return;
  const buttons = [...currentTarget.querySelectorAll("button")];
  const next = buttons[buttons.findIndex((button) => button === target) + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/**
 * @param {{ recipe: Recipe, picture: Picture, place: readonly [at: number, of: number], isMarked: boolean | null,
 *   mark: (url: string, isMarked: boolean) => void }} props
 */
function Tile({ recipe, picture, place: [at, of], isMarked, mark }) {
  const [tries, again] = useState(0);
  const image = useRef(/** @type {HTMLImageElement | null} */ (null));
  // One that was scrolled past is not waited for: those in sight come first.
  useEffect(() => () => image.current?.removeAttribute("src"), []);
  const name = shortened(recipe.own, 80);
  const press = () =>
    isMarked === null ? openLightbox(recipe, picture) : mark(picture.url, !isMarked);
  // A thumbnail that many ask for at once may be refused for a while.
  const failed = () => tries < 3 && setTimeout(() => again(tries + 1), 1500 * (tries + 1));
  return html`<li class="tile" aria-posinset=${at} aria-setsize=${of}>
    <button
      type="button"
      aria-label=${isMarked === null ? words.value.picture.open(name) : name}
      aria-pressed=${isMarked === null ? undefined : isMarked}
      data-words=${name}
      onClick=${press}
    >
      <img
        key=${tries}
        ref=${image}
        width="320"
        height="320"
        src=${tries === 0 ? picture.thumbnail : `${picture.thumbnail}?${tries}`}
        alt=""
        decoding="async"
        onError=${failed}
      />
      ${picture.favorite ? html`<span class="star" aria-hidden="true">★</span>` : null}
      ${isMarked === null ? null : html`<span class=${isMarked ? "mark marked" : "mark"} aria-hidden="true">✓</span>`}
    </button>
  </li>`;
}
