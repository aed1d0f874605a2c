import type { AnyImageError } from "../errors.ts";
import type { ImageProvider } from "../provider.ts";
import { retry, type Wait } from "../wire/retry.ts";

export interface RetryingOptions {
  /** How often to try, the first time included. */
  readonly attempts?: number;
  /** About the pause after the first failure, in milliseconds; it doubles with each further one. */
  readonly baseDelayMs?: number;
  /** A service that asks us to stay away for longer than this is not waited for. */
  readonly maxDelayMs?: number;
  readonly wait?: Wait;
  readonly random?: () => number;
}

/**
 * The same provider, asked again after a failure that surely started nothing and so cost nothing; everything else is
 * thrown at once. The caller's signal bounds all attempts together.
 */
export function retrying(provider: ImageProvider, options: RetryingOptions = {}): ImageProvider {
  const settings = { attempts: 3, baseDelayMs: 1_000, maxDelayMs: 30_000, ...options, pauseAfter };
  return {
    id: provider.id,
    capabilities: provider.capabilities,
    generate(order, context) {
      const { signal } = context;
      return retry(() => provider.generate(order, context), { ...settings, signal });
    },
  };
}

function pauseAfter(error: AnyImageError): number | undefined {
  switch (error.code) {
    case "provider-busy":
      return error.details.retryAfterMs;
    case "provider-failed":
      return error.details.transient ? 0 : undefined;
    default:
      return undefined;
  }
}
