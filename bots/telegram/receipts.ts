import type { Update } from "grammy/types";
import { allEnded } from "../../core/deadline.ts";

/** Updates between the platform and the disk: the platform hears of none that is not on disk. */
export class Receipts {
  readonly #handle: (update: Update) => Promise<void>;
  readonly #open = new Map<number, Promise<void>>();
  readonly #refused = new Set<number>();
  /** On disk, but not to be confirmed yet: an earlier one is not. */
  readonly #done = new Set<number>();
  #next = 0;

  /** `handle` resolves once the update is on disk, and rejects when it was not taken. */
  constructor(handle: (update: Update) => Promise<void>) {
    this.#handle = handle;
  }

  /** How many are not on disk yet. */
  get open(): number {
    return this.#open.size;
  }

  /** One was not taken, so that none from there on can be confirmed. */
  get refused(): boolean {
    return this.#refused.size > 0;
  }

  /** The platform may forget what comes before this id; 0 for nothing. */
  get offset(): number {
    return Math.min(this.#next, ...this.#open.keys(), ...this.#refused);
  }

  /** Begins to handle those that are new; the platform sends again what is not confirmed. In the order of their ids. */
  take(updates: readonly Update[]): void {
    for (const update of updates) {
      const { update_id: id } = update;
      this.#next = id + 1;
      if (this.#open.has(id) || this.#done.has(id) || this.#refused.has(id)) continue;
      this.#open.set(id, this.#settle(update));
    }
  }

  /** Resolves when all are on disk or refused, or after so long. */
  async settled(withinMs = Infinity): Promise<void> {
    const open = [...this.#open.values()];
    if (withinMs === Infinity) await Promise.all(open);
    else await allEnded(open, withinMs);
  }

  async #settle(update: Update): Promise<void> {
    const { update_id: id } = update;
    try {
      await this.#handle(update);
      this.#done.add(id);
    } catch {
      this.#refused.add(id);
    }
    this.#open.delete(id);
    const { offset } = this;
    for (const one of this.#done) if (one < offset) this.#done.delete(one);
  }
}
