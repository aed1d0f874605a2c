/** Orders that are under way, each with its true state, and those that failed. */

import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { html } from "./lib.js";
import { drop, orders } from "./order-list.js";
import { cancel, retry } from "./orders.js";
import { BridgeScene } from "./scene.js";
import { keyAsked, words } from "./state.js";
import { elapsedTime } from "./words.js";

/** @typedef {import("./order-list.js").Order} Order */

const now = signal(Date.now());

const justNowMs = 2000;

/** All of them, the newest first. */
export function OrderCards() {
  useEffect(() => {
    const ticker = setInterval(() => (now.value = Date.now()), 500);
    return () => clearInterval(ticker);
  }, []);
  const newestFirst = [...orders.value].sort((a, b) => b.askedAt - a.askedAt);
  return html`<div id="orders" class="orders">
    ${newestFirst.map((order) =>
      order.failure === null
        ? html`<${UnderWay} key=${order.id} order=${order} />`
        : html`<${Failed} key=${order.id} order=${order} failure=${order.failure} />`,
    )}
  </div>`;
}

/** @param {{ order: Order }} props */
function UnderWay({ order }) {
  const w = words.value;
  const frame = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    frame.current?.style.setProperty("--ratio", String(order.shape));
  }, [order.shape]);
  useEffect(() => {
    // One that was placed just now is gone to; one that was picked up again is not.
    const isNew = Date.now() - order.askedAt < justNowMs;
    if (isNew) frame.current?.scrollIntoView({ block: "nearest" });
  }, []);
  const { status, own, askedAt } = order;
  const preview = status?.preview;
  return html`<article class="sheet waiting" aria-label=${w.order.label}>
    <div class="frame waiting-frame" ref=${frame}>
      ${
        preview
          ? html`<img
            class="preview"
            src=${`data:image/*;base64,${preview}`}
            alt=${w.order.preview}
          />`
          : html`<${BridgeScene} />`
      }
    </div>
    <div class="waiting-about">
      <p class="own-words clamped" dir="auto">${own}</p>
      <p class="progress">
        <span class="elapsed" role="timer" aria-live="off"
          >${elapsedTime(now.value - askedAt, w)}</span
        >
        <span class="stage" role="status">${standingOf(order)}</span>
        ${
          status?.etaMs && status.stage !== "finishing"
            ? html`<span class="eta">${w.order.eta(w.spelledDuration(status.etaMs))}</span>`
            : null
        }
      </p>
      ${
        status?.fraction == null
          ? null
          : html`<progress
            max="1"
            value=${status.fraction}
            aria-label=${w.order.painting}
          ></progress>`
      }
      <button type="button" class="plain" onClick=${() => void cancel(order.id)}>
        ${w.order.cancel}
      </button>
    </div>
  </article>`;
}

/** @param {Order} order */
function standingOf({ restarting, status }) {
  const w = words.value.order;
  if (restarting) return w.restarting;
  return status === null ? w.sending : stageOf(status);
}

/** How an order stands, in words. @param {Pick<import("./order-list.js").Status, "stage" | "place" | "fraction">} status */
export function stageOf({ stage, place, fraction }) {
  const w = words.value.order;
  if (stage === "enhancing") return w.enhancing;
  if (stage === "waiting") return place === null ? w.ready : w.waiting(place);
  if (stage === "finishing") return w.finishing;
  return fraction === null ? w.painting : w.painted(Math.floor(fraction * 100));
}

/** @param {{ order: Order, failure: import("./api.js").Failure }} props */
function Failed({ order, failure }) {
  const w = words.value;
  const { kind, waitMs } = failure;
  return html`<article class="sheet ended failed" data-failure=${kind}>
    <div role="alert">
      <p class="what-happened">${w.failure(failure)}</p>
      ${waitMs === null ? null : html`<p class="detail">${w.waitFor(w.spelledDuration(waitMs))}</p>`}
    </div>
    <p class="own-words clamped" dir="auto">${order.own}</p>
    <details class="details">
      <summary>${w.order.details}</summary>
      <dl class="title-block">
        ${w.factsOf(failure).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
      </dl>
    </details>
    <div class="actions">
      ${
        failure.isAboutKey
          ? html`<button type="button" class="plain" onClick=${askForKey}>
            ${w.order.enterKey}
          </button>`
          : html`<button type="button" class="plain" onClick=${() => retry(order.id)}>
            ${w.order.retry}
          </button>`
      }
      <button type="button" class="quiet" onClick=${() => drop(order.id)}>
        ${w.order.dismiss}
      </button>
    </div>
  </article>`;
}

function askForKey() {
  keyAsked.value = { ...keyAsked.value, open: true };
  requestAnimationFrame(() => document.getElementById("key")?.focus());
}
