/** How pauses grow with the number of failures. */
export interface BackoffOptions {
  /** The pause after the first failure, in milliseconds; it doubles with each further one. */
  readonly firstMs: number;
  /** The longest pause, in milliseconds. */
  readonly longestMs: number;
  /** 0…1; scales the pause by 0.5 to 1.5, so that callers that failed together do not retry together. Absent: no randomness. */
  readonly random?: () => number;
}

/** Milliseconds to wait after this many failures in a row, from 1. */
export function backoffMs(failures: number, options: BackoffOptions): number {
  const { firstMs, longestMs, random = () => 0.5 } = options;
  return Math.min(longestMs, firstMs * 2 ** (failures - 1) * (0.5 + random()));
}
