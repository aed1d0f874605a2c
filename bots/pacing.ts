import { orAborted } from "../core/deadline.ts";
import { backoffMs, type BackoffOptions } from "../core/wire/backoff.ts";
import { waitFor } from "../core/wire/retry.ts";

interface Line {
  hadAt: number;
  /** Settles when the last one in line has had its turn. */
  last: Promise<void>;
  readonly forgetting: NodeJS.Timeout;
}

/** A line without a turn for this long is forgotten. */
const quietMs = 60_000;

/** Lets calls take turns, line by line, in the order of their requests, with a pause after each. */
export class Pacer {
  readonly #elapsed: () => number;
  readonly #lines = new Map<string, Line>();

  /** `elapsed` are milliseconds since some moment, which never jump. */
  constructor(elapsed = () => performance.now()) {
    this.#elapsed = elapsed;
  }

  /** Resolves when it is this one's turn. Rejects with the signal's reason when it is aborted before. */
  turn(name: string, everyMs: number, signal: AbortSignal): Promise<void> {
    const line = this.#lineOf(name);
    const turn = line.last.then(async () => {
      signal.throwIfAborted();
      const earlyMs = () => line.hadAt + everyMs - this.#elapsed();
      while (earlyMs() > 0) await waitFor(earlyMs(), signal);
      this.had(name);
    });
    line.last = turn.catch(() => {});
    return orAborted(turn, signal);
  }

  /** Something happened there out of turn: the pause starts again. */
  had(name: string): void {
    const line = this.#lineOf(name);
    line.hadAt = this.#elapsed();
    line.forgetting.refresh();
  }

  #lineOf(name: string): Line {
    const known = this.#lines.get(name);
    if (known) return known;
    const forgetting = setTimeout(() => this.#lines.delete(name), quietMs).unref();
    const line = { hadAt: -Infinity, last: Promise.resolve(), forgetting };
    this.#lines.set(name, line);
    return line;
  }
}

/** Runs work that has to follow other work of the same name. */
export class Lines {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs the work after all earlier work of this name, however that ended. */
  run<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const result = before.then(work);
    const settled = result.catch(() => {});
    this.#last.set(name, settled);
    void settled.then(() => {
      if (this.#last.get(name) === settled) this.#last.delete(name);
    });
    return result;
  }
}

/** How to go on after failures. */
export interface Persistence {
  readonly pauses: BackoffOptions;
  /** Ends a pause when it is aborted. */
  readonly signal: AbortSignal;
  /** Takes note of a failure and of the pause after it; throws where it is final. Answers the least pause that it asks for. */
  readonly failed: (error: unknown, next: { pauseMs: number }) => number;
}

/**
 * Repeats a call until it succeeds. Rejects with a final failure, and with the signal's reason. What failed only after a
 * longer time than the longest pause had worked until then, so the pauses begin anew.
 */
export async function persist<Result>(
  call: () => Promise<Result>,
  { pauses, signal, failed }: Persistence,
): Promise<Result> {
  for (let failures = 1; ; failures++) {
    const begun = performance.now();
    try {
      return await call();
    } catch (error) {
      if (performance.now() - begun > pauses.longestMs) failures = 1;
      const pauseMs = backoffMs(failures, pauses);
      await waitFor(Math.max(failed(error, { pauseMs }), pauseMs), signal);
    }
  }
}
