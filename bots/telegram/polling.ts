import { createRunner, createSource, type UpdateSupplier } from "@grammyjs/runner";
import type { Api } from "grammy";
import type { Update } from "grammy/types";
import { orAborted } from "../../core/deadline.ts";
import { backoffMs } from "../../core/wire/backoff.ts";
import { waitFor } from "../../core/wire/retry.ts";
import { limits, pace } from "./limits.ts";
import { Receipts } from "./receipts.ts";
import { TelegramRefusal, troubleOf } from "./trouble.ts";

export type UpdateKind = Exclude<keyof Update, "update_id">;

/** The kinds of updates that this bot wants. */
export const wantedUpdates = [
  "message",
  "callback_query",
  "inline_query",
  "chosen_inline_result",
] as const satisfies readonly UpdateKind[];

export interface PollingOptions {
  readonly api: Api;
  /** Resolves once what the update asks for is on disk; rejects when it was not taken. */
  readonly handle: (update: Update) => Promise<void>;
  /** Called after every poll: without trouble, or with what the platform or the network said. */
  readonly onPolled: (trouble?: unknown) => void;
}

export interface Polling {
  /** Ends when the bot is not accepted any more; rejects with the reason. */
  readonly ended: Promise<void>;
  /** Takes no more updates and confirms those that were handled. */
  stop(): Promise<void>;
}

/** A signal as grammY's types want it, which the system's is as good as. */
type PollSignal = Parameters<Api["getUpdates"]>[1];

/** The runner's signal is a look-alike that the system's own functions do not take. */
function systemSignal(lookAlike: NonNullable<PollSignal>): AbortSignal {
  const controller = new AbortController();
  if (lookAlike.aborted) controller.abort();
  lookAlike.addEventListener("abort", () => controller.abort());
  return controller.signal;
}

/** When the bot stops, nobody waits longer than this for the platform to hear it. */
const confirmMs = 1_000;

/** An update that takes longer than this to be on disk does not hold up the others. */
const patienceMs = 250;

/**
 * Long polling with grammY's runner. The updates of one poll are handled at the same time, and no poll confirms one that
 * is not on disk, so that none is lost however the process ends. After one that was not taken, because the process is about
 * to end, there is no further poll.
 */
export function startPolling({ api, handle, onPolled }: PollingOptions): Polling {
  const receipts = new Receipts(handle);
  let failures = 0;

  async function poll(signal: AbortSignal): Promise<Update[]> {
    const { updatesAtOnce: limit } = limits;
    // After a trouble nobody waits for a long poll to learn that it is over.
    const timeout = failures > 0 ? 0 : pace.pollSeconds;
    const options = { offset: receipts.offset, limit, timeout, allowed_updates: wantedUpdates };
    const updates = await api.getUpdates(options, signal as unknown as PollSignal);
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
          if (signal.aborted || troubleOf(error) === "bad-token") throw error;
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
