/** The pictures that an order starts from, and a brush for what may change in the first. */

import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { tellHow } from "./drop.js";
import { html } from "./lib.js";
import { addFiles, mask, removeSource, sources } from "./sources.js";
import { canMask, words } from "./state.js";

const isBrushing = signal(false);

export function Sources() {
  const w = words.value.make;
  const [first] = sources.value;
  const file = sources.value.at(-1)?.file;
  const choose = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.currentTarget);
    void addFiles([...(input.files ?? [])]).then(() => (input.value = ""));
  };
  return html`<fieldset class="sources">
    <legend>${w.sources}</legend>
    <ul>
      ${sources.value.map(
        ({ id, name, url }) => html`<li key=${id}>
          <img src=${url} alt=${name} />
          <button type="button" aria-label=${w.removeSource(name)} onClick=${() => removeSource(id)}>
            ×
          </button>
        </li>`,
      )}
    </ul>
    <label class="plain file">
      ${w.addSource}
      <input class="visually-hidden" type="file" accept="image/*" multiple onChange=${choose} />
    </label>
    <span class="hint">${w.sourceHint}</span>
    ${
      file
        ? html`<button type="button" class="quiet" onClick=${() => void tellHow(file)}>
          ${words.value.keep.how}
        </button>`
        : null
    }
    ${
      first && canMask.value
        ? html`<button
          type="button"
          class="quiet"
          aria-expanded=${isBrushing.value}
          onClick=${() => (isBrushing.value = !isBrushing.value)}
        >
          ${isBrushing.value ? w.maskDone : mask.value === null ? w.mask : w.maskChange}
        </button>`
        : null
    }
    ${first && canMask.value ? html`<${Brush} key=${first.id} url=${first.content} />` : null}
  </fieldset>`;
}

/** How wide the brush is, in parts of the picture's width. */
const brushWidths = { least: 2, usual: 8, most: 30 };

/** Where the arrow keys take the brush, in parts of the picture. @type {Record<string, readonly [number, number]>} */
const steps = { ArrowLeft: [-4, 0], ArrowRight: [4, 0], ArrowUp: [0, -4], ArrowDown: [0, 4] };

/** What was painted stays while it is out of sight. @param {{ url: string }} props */
function Brush({ url }) {
  const w = words.value.make;
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const width = useRef(brushWidths.usual);
  const picture = useRef(/** @type {HTMLImageElement | null} */ (null));
  const fit = () => {
    const { naturalWidth: width, naturalHeight: height } = picture.current ?? new Image();
    if (canvas.current) Object.assign(canvas.current, { width, height });
  };
  useEffect(() => {
    if (picture.current?.complete) fit();
  }, []);
  /** Where the keyboard's brush is, in parts of the picture's width and height. */
  const [at, moveTo] = useState({ x: 50, y: 50 });
  const dab = (/** @type {HTMLCanvasElement} */ area, /** @type {typeof at} */ { x, y }) => {
    const context = area.getContext("2d");
    if (!context) return;
    context.fillStyle = "#a93a1f";
    context.beginPath();
    const radius = (area.width * width.current) / 200;
    context.arc((area.width * x) / 100, (area.height * y) / 100, radius, 0, 2 * Math.PI);
    context.fill();
  };
  const paint = (/** @type {PointerEvent} */ { buttons, offsetX, offsetY }) => {
    const area = canvas.current;
    if (buttons !== 1 || !area) return;
    dab(area, { x: (100 * offsetX) / area.clientWidth, y: (100 * offsetY) / area.clientHeight });
  };
  const keep = () => {
    if (canvas.current) mask.value = maskOf(canvas.current);
  };
  const byKey = (/** @type {KeyboardEvent} */ event) => {
    const step = steps[event.key];
    if (step) moveTo({ x: within(at.x + step[0]), y: within(at.y + step[1]) });
    if (event.key === " " && canvas.current) {
      dab(canvas.current, at);
      keep();
    }
    if (step || event.key === " ") event.preventDefault();
  };
  const clear = () => {
    canvas.current?.getContext("2d")?.clearRect(0, 0, 1e5, 1e5);
    mask.value = null;
  };
  return html`<div class="brush" hidden=${!isBrushing.value}>
    <p class="hint">${w.maskHint}</p>
    <label class="brush-width">
      ${w.brush}
      <input
        type="range"
        min=${brushWidths.least}
        max=${brushWidths.most}
        defaultValue=${brushWidths.usual}
        onInput=${(/** @type {Event} */ { currentTarget }) => {
          width.current = /** @type {HTMLInputElement} */ (currentTarget).valueAsNumber;
        }}
      />
    </label>
    <div class="brush-area">
      <img ref=${picture} src=${url} alt="" onLoad=${fit} />
      <canvas
        ref=${canvas}
        tabindex="0"
        role="img"
        aria-label=${w.maskHint}
        onKeyDown=${byKey}
        onPointerDown=${(/** @type {PointerEvent} */ event) => {
          // A stroke that leaves the picture ends there, too.
          canvas.current?.setPointerCapture(event.pointerId);
          paint(event);
        }}
        onPointerMove=${paint}
        onPointerUp=${keep}
      ></canvas>
      <span class="brush-place" style=${{ left: `${at.x}%`, top: `${at.y}%` }}></span>
    </div>
    <button type="button" class="quiet" onClick=${clear}>${w.maskClear}</button>
  </div>`;
}

/** @param {number} part */
function within(part) {
  return Math.min(100, Math.max(0, part));
}

/** What was painted over is transparent in the mask: there the picture may change. @param {HTMLCanvasElement} painted */
function maskOf(painted) {
  const { width, height } = painted;
  const area = Object.assign(document.createElement("canvas"), { width, height });
  const context = area.getContext("2d");
  if (!context) return null;
  context.fillRect(0, 0, width, height);
  context.globalCompositeOperation = "destination-out";
  context.drawImage(painted, 0, 0);
  return area.toDataURL("image/png");
}
