import type { Lease } from "../../core/queue.ts";
import type { Held } from "./held.ts";
import type { Line } from "./line.ts";

/** The turns of this process's pictures, as the line gives them out. */
export class Turns {
  readonly #line: Line;
  readonly #onFree: (turn: number, provider: string) => Promise<void>;
  readonly #waiting = new Map<number, () => void>();
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

  /** Waits for the turn of a further picture of a job. Rejects with the signal's reason. */
  async take(held: Held, nth: number, signal: AbortSignal): Promise<Lease> {
    const turn = await this.#line.addTurn(held, nth);
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const abort = () => reject(signal.reason as Error);
    this.#waiting.set(turn, () => resolve(undefined));
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

  /** Looks which turns have come. */
  async look(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const begun = await this.#line.begun([...this.#waiting.keys()]).catch(() => []);
    for (const turn of begun) this.#waiting.get(turn)?.();
  }
}
