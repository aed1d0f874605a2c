import { PromiseLost } from "../../core/ledger.ts";
import type { Lease } from "../../core/queue.ts";
import type { Held } from "./held.ts";
import type { Line } from "./line.ts";

/** A picture that waits for its turn. */
interface Waiting {
  begin(): void;
  /** Its attempt is over. */
  lose(): void;
}

/** The turns of this process's pictures, as the line gives them out. */
export class Turns {
  readonly #line: Line;
  readonly #onFree: (turn: number, provider: string) => Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #begun = new Map<string, number>();

  /** `onFree` gives on the slot of a turn that has ended. */
  constructor(line: Line, onFree: (turn: number, provider: string) => Promise<void>) {
    this.#line = line;
    this.#onFree = onFree;
  }

  /** How many pictures of this process are at a provider. */
  begun(provider: string): number {
    return this.#begun.get(provider) ?? 0;
  }

  /** A turn that has begun. */
  leaseOf(turn: number, provider: string): Lease {
    this.#begun.set(provider, this.begun(provider) + 1);
    let held = true;
    return {
      release: () => {
        if (!held) return;
        held = false;
        this.#begun.set(provider, this.begun(provider) - 1);
        void this.#onFree(turn, provider).catch(() => undefined);
      },
    };
  }

  /** Waits for the turn of a further picture of a job. Rejects with the signal's reason, and with PromiseLost. */
  async take(held: Held, nth: number, signal: AbortSignal): Promise<Lease> {
    const turn = await this.#line.addTurn(held, nth);
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const abort = () => reject(signal.reason as Error);
    const lost = new PromiseLost(held.code);
    this.#waiting.set(turn, { begin: () => resolve(undefined), lose: () => reject(lost) });
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    try {
      // It may have been given between its beginning and here.
      void this.look();
      await promise;
      return this.leaseOf(turn, held.provider);
    } catch (error) {
      void this.#line.release(turn, held.provider).catch(() => undefined);
      throw error;
    } finally {
      signal.removeEventListener("abort", abort);
      this.#waiting.delete(turn);
    }
  }

  /** Looks which turns have come, and which are no more. */
  async look(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const asked = [...this.#waiting];
    const turns = await this.#line.turns(asked.map(([turn]) => turn)).catch(() => undefined);
    if (!turns) return;
    for (const [turn, waiting] of asked) {
      const begun = turns.get(turn);
      if (begun === undefined) waiting.lose();
      else if (begun) waiting.begin();
    }
  }
}
