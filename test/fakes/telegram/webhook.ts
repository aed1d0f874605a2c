import type { Clock } from "./model.ts";
import type { PendingUpdate, UpdateQueue } from "./updates.ts";

export interface WebhookTarget {
  readonly url: string;
  /** Sent as X-Telegram-Bot-Api-Secret-Token; empty for none. */
  readonly secret: string;
  readonly maxConnections: number;
}

export interface WebhookOptions {
  readonly updates: UpdateQueue;
  readonly clock: Clock;
  /** Multiplies the pauses before a refused update is sent again, which begin at one second. */
  readonly retryScale: number;
}

/** One try to hand over an update: the HTTP status, or why there was none. */
export interface Delivery {
  readonly updateId: number;
  readonly status: number | undefined;
  readonly problem: string | undefined;
}

export interface Webhook {
  readonly target: WebhookTarget | undefined;
  /** Where the updates go from now on; undefined stops sending. */
  set(target: WebhookTarget | undefined): void;
  readonly deliveries: readonly Delivery[];
  readonly lastError: { readonly at: number; readonly problem: string } | undefined;
}

const attemptTimeoutMs = 60_000;
const maxPauseSeconds = 3600;

interface Attempts {
  failures: number;
  pauseSeconds: number;
}

/**
 * Sends each update by POST until the bot answers 2xx, so at least once: one after the other within a chat, and at most
 * `maxConnections` at a time. The first refusal is followed by a second try at once, then the pauses double, unless
 * `Retry-After` says how long to wait.
 */
export function createWebhook({ updates, clock, retryScale }: WebhookOptions): Webhook {
  const deliveries: Delivery[] = [];
  let target: WebhookTarget | undefined;
  let stop = new AbortController();
  let busy = new Set<string>();
  let attempts = new Map<number, Attempts>();
  let lastError: Webhook["lastError"];

  function nextUpdate(): PendingUpdate | undefined {
    if (!target || sending >= target.maxConnections) return undefined;
    return updates.pending.find(({ queue }) => !busy.has(queue));
  }

  let sending = 0;

  function pump(): void {
    for (let update = nextUpdate(); update; update = nextUpdate()) {
      busy.add(update.queue);
      void deliver(update, stop.signal);
    }
  }

  async function deliver(update: PendingUpdate, stopped: AbortSignal): Promise<void> {
    sending++;
    const { status, problem, retryAfter } = await attempt(update, stopped);
    if (isOver(stopped)) return;
    sending--;
    deliveries.push({ updateId: update.id, status, problem });
    if (problem === undefined) {
      updates.forget(update.id);
      attempts.delete(update.id);
    } else {
      lastError = { at: clock.now(), problem };
      await pause(pauseBefore(update, retryAfter) * 1000 * retryScale, stopped);
      if (isOver(stopped)) return;
    }
    busy.delete(update.queue);
    pump();
  }

  async function attempt(update: PendingUpdate, stopped: AbortSignal) {
    try {
      const response = await fetch(target?.url ?? "", {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(target?.secret && { "x-telegram-bot-api-secret-token": target.secret }),
        },
        body: JSON.stringify(update.body),
        signal: AbortSignal.any([stopped, AbortSignal.timeout(attemptTimeoutMs)]),
      });
      await response.arrayBuffer();
      const { status, statusText } = response;
      const problem = `Wrong response from the webhook: ${status} ${statusText}`;
      const retryAfter = Number(response.headers.get("retry-after") ?? 0) || 0;
      return response.ok ? { status } : { status, problem, retryAfter };
    } catch {
      return { problem: "Connection refused or closed" };
    }
  }

  function pauseBefore(update: PendingUpdate, retryAfter = 0): number {
    const tried = attempts.get(update.id) ?? { failures: 0, pauseSeconds: 1 };
    attempts.set(update.id, tried);
    const first = tried.failures === 0;
    tried.failures++;
    if (retryAfter > 0) return Math.min(retryAfter, maxPauseSeconds);
    if (first) return 0;
    tried.pauseSeconds = Math.min(tried.pauseSeconds * 2, maxPauseSeconds);
    return tried.pauseSeconds;
  }

  updates.onPush(pump);

  return {
    get target() {
      return target;
    },
    set(next) {
      stop.abort();
      stop = new AbortController();
      busy = new Set();
      attempts = new Map();
      sending = 0;
      target = next;
      pump();
    },
    deliveries,
    get lastError() {
      return lastError;
    },
  };
}

/** A call, because the compiler takes a property that was false once to stay so. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Resolves early when stopped. */
function pause(ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stopped.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
