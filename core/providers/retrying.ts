import { type AnyImageError, ImageError } from "../errors.ts";
import type { GenerateContext, Generated, ImageProvider, Order, Remote } from "../provider.ts";
import { retry, retryAfter, type Wait } from "../wire/retry.ts";

/** How often and how patiently a provider is called again. */
export interface RetryingOptions {
  /** How often to try, the first time included. */
  readonly attempts?: number;
  /** About the pause after the first failure, in milliseconds; it doubles with each further one. */
  readonly baseDelayMs?: number;
  /** A service that asks for a longer pause is not called again. */
  readonly maxDelayMs?: number;
  readonly wait?: Wait;
  readonly random?: () => number;
}

/**
 * The same provider, called again after a failure that started no work and so cost nothing. Other failures are thrown
 * at once. Work that the service has accepted is not ordered again: further attempts resume it. The caller's
 * signal bounds all attempts together.
 */
export function retrying(provider: ImageProvider, options: RetryingOptions = {}): ImageProvider {
  const settings = { attempts: 3, baseDelayMs: 1_000, maxDelayMs: 30_000, ...options, pauseAfter };
  const { id, capabilities } = provider;
  const resume = provider.resume?.bind(provider);

  async function generate(order: Order, context: GenerateContext): Promise<Generated> {
    let accepted: { readonly remote: Remote } | undefined;
    const onAccepted = (remote: Remote) => {
      accepted = { remote };
      return context.onAccepted(remote);
    };
    const noting = resume ? { ...context, onAccepted } : context;
    const attempt = async () => {
      if (!accepted || !resume) return provider.generate(order, noting);
      return (await resume(accepted.remote, order, noting)) ?? throwLost(provider);
    };
    try {
      return await provider.generate(order, noting);
    } catch (error) {
      return retryAfter(error, attempt, { ...settings, signal: context.signal });
    }
  }

  const retried: ImageProvider = { id, capabilities, generate };
  if (!resume) return retried;
  return {
    ...retried,
    resume: (remote, order, context) =>
      retry(() => resume(remote, order, context), { ...settings, signal: context.signal }),
  };
}

function throwLost({ id, capabilities: { paid } }: ImageProvider): never {
  const details = { provider: id, fault: "server-error", transient: false, paid } as const;
  throw new ImageError("provider-failed", details, { message: `${id} lost the work it accepted` });
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
