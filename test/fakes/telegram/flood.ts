import { tooManyRequests } from "./errors.ts";
import type { ChatRecord, Clock } from "./model.ts";

/** So many messages and edits in so much time. */
export interface FloodRule {
  readonly limit: number;
  readonly windowMs: number;
}

export interface FloodRules {
  /** Of one chat; a short burst is let through, as the platform does. */
  readonly perChat: FloodRule;
  readonly perGroup: FloodRule;
  readonly overall: FloodRule;
}

/** About one message a second in a chat, twenty a minute in a group, thirty a second overall; edits count too. */
export const platformRules: FloodRules = {
  perChat: { limit: 5, windowMs: 5_000 },
  perGroup: { limit: 20, windowMs: 60_000 },
  overall: { limit: 30, windowMs: 1_000 },
};

export interface FloodOptions {
  readonly rules?: FloodRules;
  /** Multiplies the windows: with 0.01 a minute takes 600 ms. */
  readonly scale?: number;
  /** Told to the bot instead of the time that is really left, which the platform rounds up to whole seconds. */
  readonly retryAfterSeconds?: number;
}

/** A call that was refused. `early`: the bot had been told to wait, and did not. */
export interface FloodRefusal {
  readonly chatId: number;
  readonly at: number;
  readonly retryAfterSeconds: number;
  readonly early: boolean;
}

export interface Flood {
  enable(options?: FloodOptions): void;
  disable(): void;
  readonly refusals: readonly FloodRefusal[];
  /** Counts a message or an edit. Throws 429 where there were too many. */
  charge(chat: ChatRecord, cost?: number): void;
}

export function createFlood(clock: Clock): Flood {
  const spent = new Map<string, number[]>();
  const blockedUntil = new Map<number, number>();
  const refusals: FloodRefusal[] = [];
  let options: FloodOptions | undefined;

  function refuse(chat: ChatRecord, waitMs: number, early: boolean): never {
    const whole = Math.max(1, Math.ceil(waitMs / 1000));
    const retryAfterSeconds = options?.retryAfterSeconds ?? whole;
    const at = clock.now();
    refusals.push({ chatId: chat.id, at, retryAfterSeconds, early });
    if (!early) blockedUntil.set(chat.id, at + retryAfterSeconds * 1000);
    throw tooManyRequests(retryAfterSeconds);
  }

  /** Milliseconds until there is room for `cost`, 0 if there is now. */
  function waitFor(key: string, { limit, windowMs }: FloodRule, cost: number): number {
    const window = windowMs * (options?.scale ?? 1);
    const times = (spent.get(key) ?? []).filter((at) => at > clock.now() - window);
    spent.set(key, times);
    const over = times.length + cost - limit;
    if (over <= 0 || times.length === 0) return 0;
    return (times[Math.min(over, times.length) - 1] ?? 0) + window - clock.now();
  }

  return {
    enable(chosen = {}) {
      options = chosen;
    },
    disable() {
      options = undefined;
      spent.clear();
      blockedUntil.clear();
    },
    refusals,
    charge(chat, cost = 1) {
      if (!options) return;
      const blockedMs = (blockedUntil.get(chat.id) ?? 0) - clock.now();
      if (blockedMs > 0) refuse(chat, blockedMs, true);
      const rules = rulesFor(chat, options.rules ?? platformRules);
      const waits = rules.map(({ key, rule }) => waitFor(key, rule, cost));
      const waitMs = Math.max(...waits);
      if (waitMs > 0) refuse(chat, waitMs, false);
      const now = Array.from({ length: cost }, () => clock.now());
      for (const { key } of rules) spent.get(key)?.push(...now);
    },
  };
}

function rulesFor(chat: ChatRecord, rules: FloodRules) {
  const ofChat = [{ key: `chat ${chat.id}`, rule: rules.perChat }];
  if (chat.type !== "private") ofChat.push({ key: `group ${chat.id}`, rule: rules.perGroup });
  return [...ofChat, { key: "overall", rule: rules.overall }];
}
