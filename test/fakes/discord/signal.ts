/** Tells whoever waits that something changed. */
export interface Signal {
  /** To be called after each change. */
  readonly changed: () => void;
  /**
   * What `check` finds, once it finds something; looked at now and after each change.
   * Rejects after `timeoutMs` of real time (60 s) with what was waited for.
   */
  readonly until: <Found>(
    check: () => Found | undefined | null | false,
    options?: { readonly what?: string; readonly timeoutMs?: number },
  ) => Promise<Found>;
}

/** A signal on which nobody waits yet. */
export function createSignal(): Signal {
  const waiting = new Set<() => void>();

  return {
    changed() {
      for (const look of [...waiting]) look();
    },
    until(check, { what = check.toString(), timeoutMs = 60_000 } = {}) {
      return new Promise((resolve, reject) => {
        const finish = (settle: () => void) => {
          clearTimeout(timer);
          waiting.delete(look);
          settle();
        };
        const look = () => {
          try {
            const found = check();
            if (found !== undefined && found !== null && found !== false) {
              finish(() => resolve(found));
            }
          } catch (error) {
            finish(() => reject(error instanceof Error ? error : new Error(String(error))));
          }
        };
        const timer = setTimeout(() => {
          finish(() => reject(new Error(`Waited ${timeoutMs} ms in vain for: ${what}`)));
        }, timeoutMs);
        waiting.add(look);
        look();
      });
    },
  };
}
