import { ImageError } from "./errors.ts";

export interface BudgetOptions {
  /** How much there is, in whatever unit it is taken. */
  readonly total: number;
  /** How many may wait for their share; without end unless it is said. */
  readonly mostWaiting?: number;
  /** How long each of them waits; without end unless it is said. */
  readonly waitMs?: number;
}

/** Gives a share back; more calls change nothing. */
export type GiveBack = () => void;

interface Waiting {
  readonly amount: number;
  readonly begin: () => void;
}

/** Something of which there is only so much at a time, given out in the order in which it was asked for. */
export class Budget {
  readonly #total: number;
  readonly #mostWaiting: number;
  readonly #waitMs: number | undefined;
  readonly #line = new Set<Waiting>();
  #taken = 0;

  constructor({ total, mostWaiting = Infinity, waitMs }: BudgetOptions) {
    this.#total = total;
    this.#mostWaiting = mostWaiting;
    this.#waitMs = waitMs;
  }

  /**
   * A share, once it is free; more than there is at all is all there is. Rejects with `overloaded` where too many wait or
   * the wait was too long, and with the signal's reason.
   */
  async take(amount: number, signal?: AbortSignal): Promise<GiveBack> {
    signal?.throwIfAborted();
    const share = Math.min(amount, this.#total);
    if (this.#line.size > 0 || this.#taken + share > this.#total) await this.#wait(share, signal);
    else this.#taken += share;
    let held = true;
    return () => {
      if (held) this.#giveBack(share);
      held = false;
    };
  }

  async #wait(amount: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#line.size >= this.#mostWaiting) throw this.#overloaded();
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const waiting = { amount, begin: () => resolve(undefined) };
    const abort = () => reject(signal?.reason as Error);
    const timer =
      this.#waitMs === undefined
        ? undefined
        : setTimeout(() => reject(this.#overloaded()), this.#waitMs);
    signal?.addEventListener("abort", abort, { once: true });
    this.#line.add(waiting);
    try {
      await promise;
    } catch (error) {
      this.#leave(waiting);
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  /** One that has begun between its end of waiting and this call gives back what it has. */
  #leave(waiting: Waiting): void {
    if (this.#line.delete(waiting)) this.#serve();
    else this.#giveBack(waiting.amount);
  }

  #giveBack(amount: number): void {
    this.#taken -= amount;
    this.#serve();
  }

  #serve(): void {
    for (const waiting of this.#line) {
      if (this.#taken + waiting.amount > this.#total) return;
      this.#line.delete(waiting);
      this.#taken += waiting.amount;
      waiting.begin();
    }
  }

  #overloaded() {
    return new ImageError("overloaded", { retryAfterMs: this.#waitMs ?? 1000 });
  }
}
