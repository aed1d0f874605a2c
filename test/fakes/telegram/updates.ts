import type { Json } from "./arguments.ts";
import type { Clock } from "./model.ts";

/** Something that the bot is to be told, until it confirms that it was. */
export interface PendingUpdate {
  readonly id: number;
  /** The update as the bot receives it. */
  readonly body: Json;
  /** Updates of one chat, or of one user's queries, are sent one after the other. */
  readonly queue: string;
}

export interface UpdateQueue {
  /** `ttlMs` later the update is forgotten if the bot has not fetched it. */
  push(type: string, content: Json, options: { queue: string; ttlMs: number }): void;
  /** Waiting updates, the oldest first. */
  readonly pending: readonly PendingUpdate[];
  /** Forgets the updates before this id. */
  confirmBefore(id: number): void;
  forget(id: number): void;
  /** Forgets all but the newest `kept`. */
  keepNewest(kept: number): void;
  /** Kinds that the bot wants; an empty list means the default ones. */
  allow(types: readonly string[]): void;
  readonly allowed: readonly string[];
  /** Calls back after each new update; returns how to stop that. */
  onPush(listener: () => void): () => void;
}

/** Kinds that are sent only to who asks for them. */
const onRequest = new Set(["chat_member", "message_reaction", "message_reaction_count"]);

export function createUpdateQueue(clock: Clock): UpdateQueue {
  const listeners = new Set<() => void>();
  let waiting: (PendingUpdate & { readonly expiresAt: number })[] = [];
  let allowed: readonly string[] = [];
  let nextId = 700_000_001;

  const wanted = (type: string): boolean =>
    allowed.length === 0 ? !onRequest.has(type) : allowed.includes(type);
  const fresh = () => {
    waiting = waiting.filter(({ expiresAt }) => expiresAt > clock.now());
    return waiting;
  };

  return {
    push(type, content, { queue, ttlMs }) {
      if (!wanted(type)) return;
      const id = nextId++;
      const body = { update_id: id, [type]: content };
      waiting.push({ id, body, queue, expiresAt: clock.now() + ttlMs });
      for (const listener of [...listeners]) listener();
    },
    get pending() {
      return fresh();
    },
    confirmBefore(id) {
      // An id from the far future is a mistake, not a confirmation.
      if (id <= nextId + 10) waiting = waiting.filter((update) => update.id >= id);
    },
    forget(id) {
      waiting = waiting.filter((update) => update.id !== id);
    },
    keepNewest(kept) {
      waiting = kept === 0 ? [] : waiting.slice(-kept);
    },
    allow(types) {
      allowed = types;
    },
    get allowed() {
      return allowed;
    },
    onPush(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
