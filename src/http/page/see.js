/** What was made: one to four pictures as one group, with their words and everything about them. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Actions } from "./actions.js";
import { copyText, html, shortened } from "./lib.js";
import { openLightbox } from "./lightbox.js";
import { fileName } from "./recipe.js";
import { favor } from "./shelf.js";
import { say, words } from "./state.js";
import { elapsedTime } from "./words.js";

/** @typedef {import("./recipe.js").Recipe} Recipe */
/** @typedef {import("./recipe.js").Picture} Picture */

/** @param {{ recipe: Recipe }} props */
export function Sheet({ recipe }) {
  const [first] = recipe.pictures;
  if (!first) return null;
  const isSingle = recipe.pictures.length === 1;
  const isWide = isSingle && first.width / first.height > 1.4;
  return html`<article class=${isWide ? "sheet picture wide" : "sheet picture"}>
    <div class=${isSingle ? "group" : "group several"}>
      ${recipe.pictures.map(
        (picture) =>
          html`<div class="of-group" key=${picture.url}>
            <${Frame} recipe=${recipe} picture=${picture} isSingle=${isSingle} />
            ${isSingle ? null : html`<${Corner} recipe=${recipe} picture=${picture} />`}
          </div>`,
      )}
    </div>
    <div class="about">
      <${Actions} recipe=${recipe} picture=${isSingle ? first : null} />
      <${About} recipe=${recipe} picture=${first} />
    </div>
  </article>`;
}

/** @param {{ recipe: Recipe, picture: Picture, isSingle: boolean }} props */
function Frame({ recipe, picture, isSingle }) {
  const [isLost, lose] = useState(false);
  const frame = useRef(/** @type {HTMLElement | null} */ (null));
  const { url, thumbnail, width, height } = picture;
  const ratio = isSingle ? width / height : 1;
  useEffect(() => frame.current?.style.setProperty("--ratio", String(ratio)), [ratio]);
  const seen = shortened(recipe.enhanced ?? recipe.own, 160);
  const open = (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openLightbox(recipe, picture);
  };
  return html`<a class="frame" ref=${frame} href=${url} onClick=${open}>
    ${
      isLost
        ? html`<p class="lost">${words.value.picture.lost}</p>`
        : html`<img
          src=${isSingle ? url : thumbnail}
          alt=${words.value.picture.alt(seen)}
          width=${width}
          height=${height}
          loading="lazy"
          decoding="async"
          onError=${() => lose(true)}
        />`
    }
  </a>`;
}

/** What is done with one picture of several at once; the rest is where it is large. @param {{ recipe: Recipe, picture: Picture }} props */
function Corner({ recipe, picture }) {
  const w = words.value.picture;
  const { number, favorite, url } = picture;
  return html`<div class="corner">
    <button
      type="button"
      aria-pressed=${favorite}
      aria-label=${w.ofNumber(w.favorite, number)}
      title=${w.favorite}
      onClick=${() => void favor(recipe, number, !favorite)}
    >
      <span aria-hidden="true">${favorite ? "★" : "☆"}</span>
    </button>
    <a
      href=${url}
      download=${fileName(recipe, picture)}
      aria-label=${w.ofNumber(w.download, number)}
      title=${w.download}
      ><span aria-hidden="true">↓</span></a
    >
  </div>`;
}

/** Words beside words, notices, and how it came to be. @param {{ recipe: Recipe, picture: Picture }} props */
export function About({ recipe, picture }) {
  const w = words.value.picture;
  const { own, enhanced, isEdited, notices, negative } = recipe;
  return html`<div class="words-beside">
      <${Spoken} heading=${w.own} text=${own} kind="own-words" />
      ${enhanced === null ? null : html`<${Spoken} heading=${isEdited ? w.edited : w.enhanced} text=${enhanced} kind="enhanced-words" />`}
    </div>
    ${
      notices.length === 0
        ? null
        : html`<ul class="notices" aria-label=${w.notices}>
          ${notices.map((notice) => html`<li>${words.value.notice(notice)}</li>`)}
        </ul>`
    }
    <details class="facts" open=${false}>
      <summary>
        ${w.facts}
        <span class="brief">${factsInBrief(recipe, picture)}</span>
      </summary>
      <${Facts} recipe=${recipe} picture=${picture} negative=${negative} />
    </details>`;
}

/** @param {Recipe} recipe @param {Picture} picture */
function factsInBrief({ ratio, code }, { seed }) {
  return [ratio === "Custom" ? null : ratio, seed, code].filter(Boolean).join(" · ");
}

/** @param {{ recipe: Recipe, picture: Picture, negative: string }} props */
function Facts({ recipe, picture, negative }) {
  const w = words.value;
  const { ratio, code, model, tookMs, createdMs, steps, parent, door } = recipe;
  /** @type {[string, string | null, boolean?][]} */
  const rows = [
    [w.picture.ratio, ratio === "Custom" ? w.picture.customRatio : ratio],
    [w.picture.size, `${picture.width} × ${picture.height}`],
    [w.picture.seed, picture.seed, true],
    [w.picture.code, code, true],
    [w.picture.model, model],
    [w.picture.time, tookMs === null ? null : elapsedTime(Math.max(1000, tookMs), w)],
    [w.picture.made, createdMs === 0 ? null : w.date(createdMs)],
    [w.picture.steps, steps === null ? null : String(steps)],
    [w.picture.door, door === null ? null : w.doorName(door)],
    [w.picture.parent, parent, true],
    [w.picture.negative, negative === "" ? null : negative],
  ];
  return html`<dl class="title-block">
    ${rows.map(([name, value, isCopied]) =>
      value === null
        ? null
        : html`<div>
          <dt>${name}</dt>
          <dd>${isCopied ? html`<${Copied} name=${name} value=${value} />` : value}</dd>
        </div>`,
    )}
  </dl>`;
}

/** @param {{ name: string, value: string }} props */
export function Copied({ name, value }) {
  const { picture, said } = words.value;
  const copy = async () => say((await copyText(value)) ? said.copied : said.notCopied);
  return html`<button
    type="button"
    class="copy"
    aria-label=${picture.copy(name, value)}
    onClick=${() => void copy()}
  >
    ${value}
  </button>`;
}

const clampedLength = 220;

/** @param {{ heading: string, text: string, kind: string }} props */
function Spoken({ heading, text, kind }) {
  const [isOpen, open] = useState(false);
  const w = words.value.picture;
  const isLong = text.length > clampedLength || text.split("\n").length > 5;
  return html`<section>
    <h3>${heading}</h3>
    <p class=${isLong && !isOpen ? `${kind} clamped` : kind} dir="auto">${text}</p>
    ${
      isLong
        ? html`<button
          type="button"
          class="quiet"
          aria-expanded=${isOpen}
          onClick=${() => open(!isOpen)}
        >
          ${isOpen ? w.less : w.more}
        </button>`
        : null
    }
  </section>`;
}
