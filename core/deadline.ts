import { ImageError } from "./errors.ts";

/** A signal that aborts with `timed-out` when its time is up. Its creator has to call `clear`. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Makes this signal abort with that one, with the same reason. */
  follow(signal: AbortSignal): void;
  clear(): void;
}

/** Starts the clock: `signal` aborts with `timed-out` after `afterMs`, unless `clear` is called before. */
export function createDeadline(afterMs: number): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new ImageError("timed-out", { afterMs }));
  }, afterMs);
  let stopFollowing = () => {};
  return {
    signal: controller.signal,
    follow(signal) {
      const abort = () => controller.abort(signal.reason);
      if (signal.aborted) abort();
      signal.addEventListener("abort", abort, { once: true });
      stopFollowing = () => signal.removeEventListener("abort", abort);
    },
    clear() {
      clearTimeout(timer);
      stopFollowing();
    },
  };
}

/** Settles like the promise, or rejects with the signal's reason if that is aborted first. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason as Error);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
    aborted.catch(() => {});
  }
}

/** Settles like the promise, or resolves with undefined when the time is up before. */
export async function within<T>(
  ms: number,
  promise: Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  const { promise: timeUp, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), ms);
  try {
    return await Promise.race([promise.then((value) => ({ value })), timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

/** Work under way, to wait for before a stop. */
export class UnderWay {
  readonly #work = new Set<Promise<unknown>>();

  /** Answers what the work answers. */
  add<T>(work: Promise<T>): Promise<T> {
    this.#work.add(work);
    return work.finally(() => this.#work.delete(work));
  }

  /** Resolves when all work has ended that was added so far, at the latest after `withinMs`. */
  ended(withinMs: number): Promise<void> {
    return allEnded(this.#work, withinMs);
  }
}

/** Resolves when all promises have settled, at the latest after `withinMs`. */
export async function allEnded(promises: Iterable<Promise<unknown>>, withinMs: number) {
  await within(withinMs, Promise.allSettled(promises));
}
