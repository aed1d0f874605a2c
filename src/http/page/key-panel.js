/** Where the key comes from: the address, the field, or an earlier visit. */

import { part } from "./dom.js";
import { readKey, takeKeyFromAddress } from "./memory.js";
import { isKeyKnown } from "./service.js";

/**
 * @typedef {object} Hearer
 * @property {(key: string) => void} arrived also for a key from an earlier visit
 * @property {() => void} typed after `arrived`, when the key came from the field, which is gone now
 * @property {() => void} forgotten
 */

export class KeyPanel {
  #form = part("key-form", HTMLFormElement);
  #field = part("key", HTMLInputElement);
  #problem = part("key-problem", HTMLElement);
  #refusal = part("key-refused", HTMLElement);
  #kept = part("key-kept", HTMLElement);
  #choice = part("key-choice", HTMLElement);
  #linkRefusal = part("key-link-refused", HTMLElement);
  #memory;
  #hearer;

  /** @param {import("./memory.js").Memory} memory @param {Hearer} hearer */
  constructor(memory, hearer) {
    this.#memory = memory;
    this.#hearer = hearer;
  }

  /** Takes the key of the address or of an earlier visit, and asks for one where there is none. */
  open() {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#typed();
    });
    part("key-forget", HTMLButtonElement).addEventListener("click", () => this.#forget());
    window.addEventListener("hashchange", () => this.#takeFromAddress());
    if (this.#takeFromAddress()) return;
    const key = this.#memory.key();
    this.#show(key === null);
    if (key !== null) this.#hearer.arrived(key);
  }

  /**
   * A link may bring a key that is worth less than the one that is here: that one stays where the other is refused, and
   * where both work, its owner chooses.
   * @param {string} key of a link
   * @param {string} own
   */
  async #weigh(key, own) {
    const isKnown = await isKeyKnown(key);
    const isOwnKnown = isKnown === true ? await isKeyKnown(own) : null;
    if (this.#memory.key() !== own) return;
    this.#linkRefusal.hidden = isKnown !== false;
    if (isKnown !== true) return;
    if (isOwnKnown === false) this.#accept(key);
    else this.#offer(key);
  }

  /** @param {string} key */
  #offer(key) {
    this.#choice.hidden = false;
    part("key-stay", HTMLButtonElement).onclick = () => this.#closeChoice();
    part("key-take", HTMLButtonElement).onclick = () => this.#accept(key);
  }

  #closeChoice() {
    this.#choice.hidden = true;
    this.#linkRefusal.hidden = true;
  }

  /** @param {{ refused: boolean, focus?: boolean }} why */
  ask({ refused, focus = false }) {
    this.#show(true);
    this.#refusal.hidden = !refused;
    if (focus) this.#field.focus();
  }

  /** Answers whether the key is settled; one that is to be weighed is not. */
  #takeFromAddress() {
    const key = takeKeyFromAddress();
    const own = this.#memory.key();
    if (key === null) return false;
    this.#closeChoice();
    if (own !== null && own !== key) {
      void this.#weigh(key, own);
      return false;
    }
    this.#accept(key);
    return true;
  }

  #typed() {
    const key = readKey(this.#field.value);
    if (key !== null) {
      this.#accept(key);
      this.#hearer.typed();
      return;
    }
    this.ask({ refused: false, focus: true });
    this.#problem.hidden = false;
    this.#field.setAttribute("aria-invalid", "true");
  }

  /** @param {string} key */
  #accept(key) {
    this.#memory.rememberKey(key);
    this.#field.value = "";
    this.#closeChoice();
    this.#show(false);
    this.#hearer.arrived(key);
  }

  #forget() {
    this.#memory.forgetKey();
    this.ask({ refused: false, focus: true });
    this.#hearer.forgotten();
  }

  /** @param {boolean} wanted */
  #show(wanted) {
    this.#form.hidden = !wanted;
    this.#kept.hidden = wanted;
    this.#problem.hidden = true;
    this.#refusal.hidden = true;
    this.#field.removeAttribute("aria-invalid");
  }
}
