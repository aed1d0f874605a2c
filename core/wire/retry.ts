import { backoffMs } from "./backoff.ts";
import { type AnyImageError, ImageError, isImageError } from "../errors.ts";

/** Resolves after `ms`; rejects with the signal's reason when it is aborted before. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** How often to try, and how long to pause between attempts. */
export interface RetryOptions {
  /** How often to try, the first time included. */
  readonly attempts: number;
  /** About the pause after the first failure; it doubles with each further one. */
  readonly baseDelayMs: number;
  /** The longest pause; a failure that asks for a longer one is final. */
  readonly maxDelayMs: number;
  /** The least pause that a failure asks for, 0 where it names none; undefined when it is final. */
  readonly pauseAfter: (error: AnyImageError) => number | undefined;
  /** Ends a pause when it is aborted. */
  readonly signal: AbortSignal;
  readonly wait?: Wait;
  /** 0…1; spreads callers that failed together. */
  readonly random?: () => number;
}

/**
 * The first success of `work`. After several failures, or when the time is up during a pause, throws the last error
 * with the errors of all attempts as its cause. Otherwise an aborted signal throws its own reason. An error that is
 * not an ImageError is thrown at once.
 */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  try {
    return await work();
  } catch (error) {
    return retryAfter(error, work, options);
  }
}

/** The same where the first attempt has failed with this error already. */
export async function retryAfter<T>(
  failure: unknown,
  work: () => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  const { signal, wait = waitFor } = options;
  const errors: AnyImageError[] = [];
  for (let error = failure; ; ) {
    signal.throwIfAborted();
    if (!isImageError(error)) throw error;
    errors.push(error);
    const pauseMs = nextPause(error, errors.length, options);
    if (pauseMs === undefined) throw lastOf(errors, error);
    try {
      await wait(pauseMs, signal);
    } catch (reason) {
      // The time was up during a pause, so the last failure is the reason, not the deadline.
      throw isTimeUp(reason) ? lastOf(errors, error) : reason;
    }
    try {
      return await work();
    } catch (next) {
      error = next;
    }
  }
}

function isTimeUp(reason: unknown): boolean {
  return isImageError(reason) && reason.code === "timed-out";
}

function nextPause(error: AnyImageError, failures: number, options: RetryOptions) {
  const { attempts, baseDelayMs, maxDelayMs, pauseAfter, random = Math.random } = options;
  const askedMs = failures < attempts ? pauseAfter(error) : undefined;
  if (askedMs === undefined || askedMs > maxDelayMs) return undefined;
  return Math.max(
    askedMs,
    backoffMs(failures, { firstMs: baseDelayMs, longestMs: maxDelayMs, random }),
  );
}

function lastOf(errors: readonly AnyImageError[], last: AnyImageError): AnyImageError {
  if (errors.length === 1) return last;
  const cause = new AggregateError(errors, "every attempt failed");
  const message = `${last.message} (attempt ${errors.length})`;
  return new ImageError(last.code, last.details, { message, cause }) as AnyImageError;
}

/** Resolves after that time, or rejects with the signal's reason as soon as it is aborted. */
export function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}
