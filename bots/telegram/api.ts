import { setTimeout as sleep } from "node:timers/promises";
import { autoRetry } from "@grammyjs/auto-retry";
import { Api, type ApiClientOptions, type Transformer } from "grammy";
import { optional } from "../../core/optional.ts";
import { Lines } from "../pacing.ts";
import { withClearErrors } from "./errors.ts";
import { pace } from "./limits.ts";

/** What calling the Bot API needs. */
export interface ApisOptions {
  readonly token: string;
  /** Without a trailing slash. */
  readonly apiUrl: string;
  /** The shortest time between two messages anywhere. */
  readonly messageEveryMs: number;
  /** Aborts every call under way. */
  readonly closing: AbortSignal;
  /** What calls are made by; without it, by grammY's own. */
  readonly callBy?: typeof globalThis.fetch;
}

/** Two ways to call the same Bot API; they share its flood limits. */
export interface Apis {
  /** Fails at once: for calls that the caller repeats or drops. */
  readonly direct: Api;
  /** Waits for flood limits and repeats the call: for answers that are sent once. */
  readonly patient: Api;
}

/** The longest flood limit that an answer waits for. */
const longestWaitSeconds = 300;

/** The longest time for each call; the first match counts. */
const deadlines: readonly (readonly [RegExp, number])[] = [
  [/^getUpdates$/, pace.pollSeconds * 1000 + pace.callMs],
  [/^(sendPhoto|sendDocument|sendMediaGroup|edit(Ephemeral)?MessageMedia)$/, pace.uploadMs],
  [/^/, pace.callMs],
];

/** Creates both ways. */
export function createApis(options: ApisOptions): Apis {
  const { token, apiUrl, closing, callBy } = options;
  const gate = floodGate(options);
  const retry = autoRetry({
    maxRetryAttempts: 3,
    maxDelaySeconds: longestWaitSeconds,
    rethrowHttpErrors: true,
  });
  const deadline = withDeadline(closing);
  const client = { apiRoot: apiUrl, ...optional({ fetch: callBy }) } as ApiClientOptions;
  const direct = new Api(token, client);
  const patient = new Api(token, client);
  direct.config.use(deadline, gate, withClearErrors);
  patient.config.use(deadline, gate, retry, withClearErrors);
  return { direct, patient };
}

function withDeadline(closing: AbortSignal): Transformer {
  return (call, method, payload, signal) => {
    const ms = deadlines.find(([name]) => name.test(method))?.[1] ?? pace.callMs;
    const given = signal ? [signal as AbortSignal] : [];
    const ending = AbortSignal.any([...given, closing, AbortSignal.timeout(ms)]);
    return call(method, payload, ending as Parameters<Transformer>[3]);
  };
}

// === Flood limits

/** The calls that Telegram counts: those that change what people see in a chat. */
const counted = /^(send(?!ChatAction)|edit|copy|forward)/;

/** Added to a flood limit, because a call must not be early by a difference of clocks. */
const marginMs = 30;

/**
 * Sends messages at the pace that Telegram allows: one after the other in each chat, and not too many overall. While a
 * chat has a flood limit, calls for it are answered here with 429 and the remaining time.
 */
function floodGate({ messageEveryMs }: Pick<ApisOptions, "messageEveryMs">): Transformer {
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
