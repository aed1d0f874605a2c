/** Where a picture is made: idle, drawing one, or showing why there is none. One at a time. */

import { failureCard, waitingCard } from "./cards.js";
import { part } from "./dom.js";
import { callOff, Failure, fields, newWish, requestPicture } from "./service.js";
import { elapsedTime } from "./words.js";

/** @typedef {import("./service.js").Order} Order */
/** @typedef {import("./service.js").Wish} Wish */
/** @typedef {{ wish: Wish, key: string, controller: AbortController, restarting: boolean }} Drawing */

/**
 * @typedef {{ stage: "idle" }
 *   | { stage: "drawing" } & Drawing
 *   | { stage: "failed", wish: Wish, failure: Failure }} Work
 */

/**
 * @typedef {object} Tools
 * @property {import("./memory.js").Memory} memory
 * @property {import("./voice.js").Voice} voice
 * @property {(finished: import("./gallery.js").Finished) => void} finish takes the answer; throws Failure when it cannot be read
 * @property {(failure: Failure) => void} failed told after the failure is on the page
 * @property {(drawing: boolean) => void} busy
 */

const tickMs = 250;

// The server remembers keys for a day; a reader who comes back later than this has given the picture up.
const staleMs = 3_600_000;

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
    if (this.#work.stage !== "drawing") await this.#pursue(newWish(order));
  }

  /** Goes on with what an earlier visit of this tab was waiting for. @returns {Order | null} */
  takeUp() {
    const wish = readWish(this.#tools.memory.wish());
    if (wish === null || this.#work.stage !== "idle") return null;
    void this.#pursue(wish);
    return wish.order;
  }

  /** @param {Wish} wish */
  async #pursue(wish) {
    const key = this.#tools.memory.key();
    if (key === null) return this.#fail(wish, new Failure("keyMissing"));
    const drawing = this.#begin(wish, key);
    const ticker = setInterval(() => this.#tick(), tickMs);
    try {
      await this.#make(drawing);
    } catch (error) {
      this.#fail(wish, error instanceof Failure ? error : new Failure("internal"));
      if (!(error instanceof Failure)) throw error;
    } finally {
      clearInterval(ticker);
    }
  }

  /** Goes on with what only a key was missing for. */
  keyArrived() {
    if (this.#work.stage !== "failed") return;
    const { wish, failure } = this.#work;
    if (failure.kind === "keyMissing" || failure.kind === "keyRefused") void this.#pursue(wish);
  }

  /** Shows the work of now, in the language of now. */
  show() {
    const held = this.#place.contains(document.activeElement);
    this.#place.replaceChildren(...this.#card());
    this.#tick();
    // A reader whose focus was on a card that has gone finds it on what took its place.
    if (held) (this.#place.querySelector("button") ?? part("sheets", HTMLElement)).focus();
  }

  /** @param {Wish} wish @param {string} key @returns {Drawing} */
  #begin(wish, key) {
    const { voice, memory } = this.#tools;
    const drawing = { wish, key, controller: new AbortController(), restarting: false };
    memory.rememberWish(wish);
    this.#change({ stage: "drawing", ...drawing });
    voice.say(voice.words().said.started);
    this.#place.scrollIntoView({ block: "nearest" });
    return drawing;
  }

  /** @param {Drawing} drawing */
  async #make(drawing) {
    const { wish, key, controller } = drawing;
    const restarting = () => {
      if (drawing.restarting) return;
      drawing.restarting = true;
      this.#tools.voice.say(this.#tools.voice.words().card.restarting);
      this.#change({ stage: "drawing", ...drawing });
    };
    const answer = await requestPicture(wish, key, { signal: controller.signal, restarting });
    const { order, askedAt } = wish;
    this.#tools.finish({ answer, asked: order.prompt, elapsedMs: Date.now() - askedAt });
    this.#tools.memory.rememberWish(null);
    this.#change({ stage: "idle" });
  }

  /** @param {Drawing} drawing */
  #cancel({ wish, key, controller }) {
    controller.abort();
    void callOff(wish, key);
  }

  /** @param {Wish} wish @param {Failure} failure */
  #fail(wish, failure) {
    if (!failure.isOpen) this.#tools.memory.rememberWish(null);
    this.#change({ stage: "failed", wish, failure });
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
    const { wish } = work;
    if (work.stage === "failed") {
      const { failure } = work;
      // What has its answer is ordered anew; what has none is asked for again.
      const retry = () => void this.#pursue(failure.isOpen ? wish : newWish(wish.order));
      return [failureCard({ failure, retry }, words)];
    }
    const { aspect_ratio: ratio = null, prompt: own } = wish.order;
    const cancel = () => this.#cancel(work);
    return [waitingCard({ ratio, own, restarting: work.restarting, cancel }, words)];
  }

  // The time since the order, not a count of ticks: a tab in the background ticks seldom.
  #tick() {
    const elapsed = this.#place.querySelector(".elapsed");
    if (elapsed === null || this.#work.stage !== "drawing") return;
    const ms = Date.now() - this.#work.wish.askedAt;
    elapsed.textContent = elapsedTime(ms, this.#tools.voice.words());
  }
}

/**
 * @param {unknown} stored perhaps by another version of this page
 * @returns {Wish | null} null when it cannot be read, or is too old to be still wanted
 */
function readWish(stored) {
  const { id, order, askedAt } = fields(stored);
  const { prompt, ...rest } = fields(order);
  if (typeof id !== "string" || typeof askedAt !== "number" || typeof prompt !== "string") {
    return null;
  }
  return Date.now() - askedAt < staleMs ? { id, askedAt, order: { ...rest, prompt } } : null;
}
