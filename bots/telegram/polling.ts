import { createRunner, createSource, type UpdateSupplier } from "@grammyjs/runner";
import type { Api } from "grammy";
import type { Update } from "grammy/types";
import { orAborted } from "../../core/deadline.ts";
import { backoffMs } from "../../core/wire/backoff.ts";
import { waitFor } from "../../core/wire/retry.ts";
import { limits, pace } from "./limits.ts";
import { Receipts } from "./receipts.ts";
import { problemOf, TelegramRefusal } from "./errors.ts";

/** A kind of update, as the Bot API names it. */
export type UpdateKind = Exclude<keyof Update, "update_id">;

/** The kinds of updates that this bot wants. */
export const wantedUpdates = [
  "message",
  "guest_message",
  "channel_post",
  "callback_query",
  "inline_query",
  "chosen_inline_result",
] as const satisfies readonly UpdateKind[];

/** What long polling needs. */
export interface PollingOptions {
  readonly api: Api;
  /** Resolves once what the update asks for is on disk. Rejects when it was not taken. */
  readonly handle: (update: Update) => Promise<void>;
  /** Called after each poll, with the error of a failed one. */
  readonly onPolled: (failure?: unknown) => void;
}

/** Long polling that has started. */
export interface Polling {
  /** Resolves when polling was stopped. Rejects when Telegram no longer accepts the token. */
  readonly ended: Promise<void>;
  /** Stops taking updates, and confirms those that were handled. */
  stop(): Promise<void>;
}

/** The signal type of grammY; the system's own signal works in its place. */
type PollSignal = Parameters<Api["getUpdates"]>[1];

/** The runner's signal is a polyfill that the system's own functions do not accept. */
function systemSignal(polyfill: NonNullable<PollSignal>): AbortSignal {
  const controller = new AbortController();
  if (polyfill.aborted) controller.abort();
  polyfill.addEventListener("abort", () => controller.abort());
  return controller.signal;
}

/** The longest time to confirm the handled updates when the bot stops. */
const confirmMs = 1_000;

/** How long a poll waits for its updates to be on disk; a slower one does not delay the others. */
const patienceMs = 250;

/**
 * Starts long polling with grammY's runner. The updates of a poll are handled concurrently. No update is confirmed before
 * it is on disk, so none is lost however the process ends; after one that was not taken, because the process is
 * ending, there is no further poll.
 */
export function startPolling({ api, handle, onPolled }: PollingOptions): Polling {
  const receipts = new Receipts(handle);
  let failures = 0;

  async function poll(signal: AbortSignal): Promise<Update[]> {
    const { updatesAtOnce: limit } = limits;
    // After a failure poll with timeout 0, so that recovery is noticed at once.
    const timeout = failures > 0 ? 0 : pace.pollSeconds;
    const { offset } = receipts;
    const options = { offset, limit, timeout, allowed_updates: wantedUpdates };
    const updates = await api.getUpdates(options, signal as unknown as PollSignal);
    receipts.confirmed(offset);
    failures = 0;
    onPolled();
    return updates;
  }

  async function pauseAfter(error: unknown, signal: AbortSignal): Promise<void> {
    const pauseMs = backoffMs(++failures, pace.backoff);
    const told = error instanceof TelegramRefusal ? (error.retryAfterMs ?? 0) : 0;
    onPolled(error);
    await waitFor(Math.max(pauseMs, told), signal);
  }

  const supplier: UpdateSupplier<Update> = {
    async supply(_, abort) {
      const signal = systemSignal(abort);
      if (receipts.refused) await orAborted(new Promise<never>(() => {}), signal);
      for (;;) {
        try {
          return await poll(signal);
        } catch (error) {
          if (signal.aborted || problemOf(error) === "bad-token") throw error;
          await pauseAfter(error, signal);
        }
      }
    },
  };
  const sink = {
    async handle(updates: Update[]): Promise<number> {
      receipts.take(updates);
      await receipts.settled(patienceMs);
      return Infinity;
    },
    size: () => receipts.open,
    snapshot: () => [],
  };
  const runner = createRunner(createSource(supplier), sink);
  runner.start();
  const ended = runner.task() ?? Promise.resolve();
  return {
    ended,
    async stop() {
      await runner.stop();
      await receipts.settled();
      if (receipts.offset === 0) return;
      const signal = AbortSignal.timeout(confirmMs) as unknown as PollSignal;
      const options = { offset: receipts.offset, limit: 1, timeout: 0 };
      await api.getUpdates(options, signal).catch(() => {});
    },
  };
}
