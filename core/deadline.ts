import { ImageError } from "./errors.ts";

/** A signal that is aborted with `timed-out` when its time is up; whoever made it clears it. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Aborts with that signal's reason, too. */
  follow(signal: AbortSignal): void;
  clear(): void;
}

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

/** The promise's own end, or the signal's reason if that comes first. */
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

/** The promise's end if it comes within so long, otherwise undefined. Throws what the promise throws in that time. */
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

/** Waits until all have ended, in whatever way, but no longer than that. */
export async function allEnded(promises: Iterable<Promise<unknown>>, withinMs: number) {
  await within(withinMs, Promise.allSettled(promises));
}
