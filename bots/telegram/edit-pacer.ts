/** Lets edits of progress take turns in each chat, with a pause between any two. */
export interface EditPacer {
  /** Resolves when it is this edit's turn; rejects when the signal is aborted before. */
  turn(chat: string, everyMs: number, signal: AbortSignal): Promise<void>;
  /** Something was just written there: the pause begins anew. */
  wrote(chat: string): void;
}

interface Line {
  lastAt: number;
  readonly waiting: Set<() => void>;
  timer: NodeJS.Timeout | undefined;
}

/** Chats that were quiet for this long are forgotten. */
const quietMs = 60_000;

export function createEditPacer(now: () => number): EditPacer {
  const lines = new Map<string, Line>();

  function lineOf(chat: string): Line {
    const line = lines.get(chat) ?? { lastAt: 0, waiting: new Set(), timer: undefined };
    lines.set(chat, line);
    return line;
  }

  function schedule(chat: string, line: Line, inMs: number, everyMs: number): void {
    clearTimeout(line.timer);
    line.timer = setTimeout(() => next(chat, line, everyMs), inMs).unref();
  }

  function next(chat: string, line: Line, everyMs: number): void {
    const [first] = line.waiting;
    if (!first) {
      lines.delete(chat);
      return;
    }
    const early = line.lastAt + everyMs - now();
    if (early > 0) {
      schedule(chat, line, early, everyMs);
      return;
    }
    line.waiting.delete(first);
    line.lastAt = now();
    first();
    schedule(chat, line, line.waiting.size === 0 ? quietMs : everyMs, everyMs);
  }

  return {
    wrote(chat) {
      const line = lineOf(chat);
      line.lastAt = now();
      if (line.waiting.size === 0) schedule(chat, line, quietMs, 0);
    },
    turn(chat, everyMs, signal) {
      const line = lineOf(chat);
      return new Promise((resolve, reject) => {
        const leave = () => {
          line.waiting.delete(go);
          reject(signal.reason as Error);
        };
        const go = () => {
          signal.removeEventListener("abort", leave);
          resolve();
        };
        if (signal.aborted) {
          leave();
          return;
        }
        signal.addEventListener("abort", leave, { once: true });
        line.waiting.add(go);
        schedule(chat, line, Math.max(0, line.lastAt + everyMs - now()), everyMs);
      });
    },
  };
}
