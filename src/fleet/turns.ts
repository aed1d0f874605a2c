import type { Lease } from "../../core/queue.ts";
import type { Held, Line } from "./line.ts";

/** The turns of this process's pictures, as the line gives them out. */
export class Turns {
  readonly #line: Line;
  readonly #waiting = new Map<number, () => void>();

  constructor(line: Line) {
    this.#line = line;
  }

  leaseOf(turn: number, provider: string): Lease {
    let held = true;
    return {
      release: () => {
        if (held) void this.#line.release(turn, provider).catch(() => undefined);
        held = false;
      },
    };
  }

  /** Waits for the turn of a further picture of a job. Rejects with the signal's reason. */
  async take(held: Held, nth: number, signal: AbortSignal): Promise<Lease> {
    const turn = await this.#line.addTurn(held, nth);
    const lease = this.leaseOf(turn, held.provider);
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const abort = () => reject(signal.reason as Error);
    this.#waiting.set(turn, () => resolve(undefined));
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    try {
      // It may have been given between its beginning and here.
      void this.look();
      await promise;
      return lease;
    } catch (error) {
      lease.release();
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
