import { BotApiError } from "./errors.ts";
import type { PendingUpdate, UpdateQueue } from "./updates.ts";

export interface PollOptions {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutSeconds: number;
  /** Aborted when the client hangs up; nobody is answered then. */
  readonly hungUp: AbortSignal;
}

export interface Polling {
  /** Waits up to `timeoutSeconds` for updates; fetching again with a higher offset confirms what came before. */
  poll(options: PollOptions): Promise<readonly PendingUpdate[]>;
  /** Ends a waiting poll with 409. */
  interrupt(reason: string): void;
}

const otherPoller =
  "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";

/** Long polling. Only one poll waits at a time: a new one ends the older one with 409, as on the platform. */
export function createPolling(updates: UpdateQueue): Polling {
  let interruptWaiting: ((error: BotApiError) => void) | undefined;

  function fetch({ offset, limit }: PollOptions): readonly PendingUpdate[] {
    if (offset < 0) updates.keepNewest(-offset);
    else updates.confirmBefore(offset);
    return updates.pending.slice(0, limit);
  }

  function wait(options: PollOptions): Promise<readonly PendingUpdate[]> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        stopListening();
        options.hungUp.removeEventListener("abort", answer);
        if (interruptWaiting === interrupt) interruptWaiting = undefined;
      };
      const answer = (): void => {
        end();
        resolve(options.hungUp.aborted ? [] : fetch(options));
      };
      const interrupt = (error: BotApiError): void => {
        end();
        reject(error);
      };
      const stopListening = updates.onPush(answer);
      const timer = setTimeout(answer, options.timeoutSeconds * 1000);
      options.hungUp.addEventListener("abort", answer);
      interruptWaiting = interrupt;
    });
  }

  function interrupt(reason: string): void {
    interruptWaiting?.(new BotApiError(409, reason));
  }

  return {
    async poll(options) {
      const ready = fetch(options);
      if (ready.length > 0 || options.timeoutSeconds === 0) return ready;
      interrupt(otherPoller);
      return wait(options);
    },
    interrupt,
  };
}
