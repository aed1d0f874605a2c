export interface BackoffOptions {
  /** The pause after the first failure, in milliseconds; it doubles with each further one. */
  readonly firstMs: number;
  /** No pause is longer. */
  readonly longestMs: number;
  /** 0…1; scales the pause by 0.5 to 1.5, so that callers that failed together spread. Without it nothing is random. */
  readonly random?: () => number;
}

/** How long to wait after this many failures in a row, from 1. */
export function backoffMs(failures: number, options: BackoffOptions): number {
  const { firstMs, longestMs, random = () => 0.5 } = options;
  return Math.min(longestMs, firstMs * 2 ** (failures - 1) * (0.5 + random()));
}
