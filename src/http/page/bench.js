/** Where a picture is made: idle, drawing one, or showing why there is none. One at a time. */

import { failureCard, waitingCard } from "./cards.js";
import { part } from "./dom.js";
import { Failure, requestPicture } from "./service.js";
import { elapsedTime } from "./words.js";

/** @typedef {import("./service.js").Order} Order */
/** @typedef {{ order: Order, startedAt: number, controller: AbortController }} Drawing */

/**
 * @typedef {{ stage: "idle" }
 *   | { stage: "drawing" } & Drawing
 *   | { stage: "failed", order: Order, failure: Failure }} Work
 */

/**
 * @typedef {object} Tools
 * @property {() => string | null} key
 * @property {import("./voice.js").Voice} voice
 * @property {(finished: import("./gallery.js").Finished) => void} finish takes the answer; throws Failure when it cannot be read
 * @property {(failure: Failure) => void} failed told after the failure is on the page
 * @property {(drawing: boolean) => void} busy
 */

const tickMs = 250;

export class Bench {
  #place = part("bench", HTMLElement);
  /** @type {Work} */
  #work = { stage: "idle" };
  #tools;

  /** @param {Tools} tools */
  constructor(tools) {
    this.#tools = tools;
  }

  /** @param {Order} order ignored while another one is being drawn */
  async draw(order) {
    if (this.#work.stage === "drawing") return;
    const key = this.#tools.key();
    if (key === null) return this.#fail(order, new Failure("keyMissing"));
    const drawing = this.#begin(order);
    const ticker = setInterval(() => this.#tick(), tickMs);
    try {
      await this.#make(drawing, key);
    } catch (error) {
      this.#fail(order, error instanceof Failure ? error : new Failure("internal"));
      if (!(error instanceof Failure)) throw error;
    } finally {
      clearInterval(ticker);
    }
  }

  /** Goes on with what only a key was missing for. */
  keyArrived() {
    if (this.#work.stage !== "failed") return;
    const { order, failure } = this.#work;
    if (failure.kind === "keyMissing" || failure.kind === "keyRefused") void this.draw(order);
  }

  /** Shows the work of now, in the language of now. */
  show() {
    const held = this.#place.contains(document.activeElement);
    this.#place.replaceChildren(...this.#card());
    this.#tick();
    // A reader whose focus was on a card that has gone finds it on what took its place.
    if (held) (this.#place.querySelector("button") ?? part("sheets", HTMLElement)).focus();
  }

  /** @param {Order} order @returns {Drawing} */
  #begin(order) {
    const { voice } = this.#tools;
    const drawing = { order, startedAt: Date.now(), controller: new AbortController() };
    this.#change({ stage: "drawing", ...drawing });
    voice.say(voice.words().said.started);
    this.#place.scrollIntoView({ block: "nearest" });
    return drawing;
  }

  /** @param {Drawing} drawing @param {string} key */
  async #make({ order, startedAt, controller }, key) {
    const answer = await requestPicture(order, key, controller.signal);
    this.#tools.finish({ answer, asked: order.prompt, elapsedMs: Date.now() - startedAt });
    this.#change({ stage: "idle" });
  }

  /** @param {Order} order @param {Failure} failure */
  #fail(order, failure) {
    this.#change({ stage: "failed", order, failure });
    this.#tools.voice.say("");
    this.#place.scrollIntoView({ block: "nearest" });
    this.#tools.failed(failure);
  }

  /** @param {Work} next */
  #change(next) {
    this.#work = next;
    this.#tools.busy(next.stage === "drawing");
    this.show();
  }

  #card() {
    const work = this.#work;
    if (work.stage === "idle") return [];
    const words = this.#tools.voice.words();
    const { order } = work;
    if (work.stage === "failed") {
      const retry = () => void this.draw(order);
      return [failureCard({ failure: work.failure, retry }, words)];
    }
    const ratio = order.aspect_ratio ?? null;
    const cancel = () => work.controller.abort();
    return [waitingCard({ ratio, own: order.prompt, cancel }, words)];
  }

  // The time since the order, not a count of ticks: a tab in the background ticks seldom.
  #tick() {
    const elapsed = this.#place.querySelector(".elapsed");
    if (elapsed === null || this.#work.stage !== "drawing") return;
    const ms = Date.now() - this.#work.startedAt;
    elapsed.textContent = elapsedTime(ms, this.#tools.voice.words());
  }
}
