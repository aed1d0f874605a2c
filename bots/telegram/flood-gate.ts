import { setTimeout as sleep } from "node:timers/promises";
import type { Transformer } from "grammy";
import { Lines } from "../pacing.ts";

/** How fast messages may be sent. */
export interface FloodGateOptions {
  /** The shortest time between two messages anywhere. */
  readonly messageEveryMs: number;
}

/** The calls that Telegram counts: those that change what people see in a chat. */
const counted = /^(send(?!ChatAction)|edit|copy|forward)/;

/** Added to a flood limit, because a call must not be early by a difference of clocks. */
const marginMs = 30;

/**
 * Sends messages at the pace that Telegram allows: one after the other in each chat, and not too many overall. While a
 * chat has a flood limit, calls for it are answered here with 429 and the remaining time.
 */
export function floodGate({ messageEveryMs }: FloodGateOptions): Transformer {
  // A clock that is put back must not close a chat until it has caught up.
  const now = () => performance.now();
  const lines = new Lines();
  const closedUntil = new Map<string, number>();
  let nextAt = 0;

  /** Turns are given out beforehand, so that a busy process does not fall behind. */
  async function overallTurn(): Promise<void> {
    const waitMs = Math.max(0, nextAt - now());
    nextAt = now() + waitMs + messageEveryMs;
    if (waitMs > 0) await sleep(waitMs);
  }

  function leftMs(chat: string): number {
    const left = (closedUntil.get(chat) ?? 0) - now();
    if (left <= 0) closedUntil.delete(chat);
    return Math.max(0, left);
  }

  return (call, method, payload, signal) => {
    if (!counted.test(method)) return call(method, payload, signal);
    const chat = chatOf(payload);
    return lines.run(chat, async () => {
      if (leftMs(chat) === 0) await overallTurn();
      const left = leftMs(chat);
      if (left > 0) return refusal(left);
      const answer = await call(method, payload, signal);
      const seconds = answer.ok ? undefined : answer.parameters?.retry_after;
      if (seconds !== undefined) closedUntil.set(chat, now() + seconds * 1000 + marginMs);
      return answer;
    });
  };
}

/** The chat of an inline message is unknown; all of them share one line. */
function chatOf(payload: object): string {
  const { chat_id: chat } = payload as { chat_id?: unknown };
  return typeof chat === "number" || typeof chat === "string" ? String(chat) : "inline";
}

function refusal(leftMs: number) {
  return {
    ok: false as const,
    error_code: 429,
    description: "Too Many Requests: this chat was told to wait",
    parameters: { retry_after: leftMs / 1000 },
  };
}
