import type { Update } from "grammy/types";
import { allEnded } from "../../core/deadline.ts";

/** Updates on their way to the disk. `offset` confirms none that is not on disk. */
export class Receipts {
  readonly #handle: (update: Update) => Promise<void>;
  readonly #open = new Map<number, Promise<void>>();
  readonly #refused = new Set<number>();
  /** On disk, and Telegram may repeat them: no poll that confirms them has been answered. */
  readonly #done = new Set<number>();
  #next = 0;

  /** `handle` resolves once the update is on disk, and rejects when it was not taken. */
  constructor(handle: (update: Update) => Promise<void>) {
    this.#handle = handle;
  }

  /** The number of updates that are not on disk yet. */
  get open(): number {
    return this.#open.size;
  }

  /** An update was not taken, so none from there on can be confirmed. */
  get refused(): boolean {
    return this.#refused.size > 0;
  }

  /** All updates before this id may be confirmed; 0 for none. */
  get offset(): number {
    return Math.min(this.#next, ...this.#open.keys(), ...this.#refused);
  }

  /** Starts handling the new ones among these updates, which are in the order of their ids. Telegram repeats unconfirmed ones. */
  take(updates: readonly Update[]): void {
    for (const update of updates) {
      const { update_id: id } = update;
      this.#next = id + 1;
      if (this.#open.has(id) || this.#done.has(id) || this.#refused.has(id)) continue;
      this.#open.set(id, this.#settle(update));
    }
  }

  /** A poll with this offset was answered, so Telegram repeats none from before it. */
  confirmed(offset: number): void {
    for (const id of this.#done) if (id < offset) this.#done.delete(id);
  }

  /** Resolves when all are on disk or refused, at the latest after this time. */
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
  }
}
