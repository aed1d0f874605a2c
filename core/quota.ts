import { ImageError } from "./errors.ts";

/** Pictures charged to one requester in one window of time. */
export interface Charge {
  readonly window: QuotaWindow;
  /** When the window began, Unix milliseconds. */
  readonly since: number;
  readonly count: number;
}

export type QuotaWindow = "minute" | "day";

/** Counts of charged pictures; what a method has promised when it resolves survives `kill -9`. */
export interface QuotaStore {
  /** Charges all or nothing: answers false, and charges nothing, when a charge would exceed its limit. */
  charge(
    requester: string,
    charges: readonly (Charge & { readonly limit: number })[],
  ): Promise<boolean>;
  giveBack(requester: string, charges: readonly Charge[]): Promise<void>;
  /** Pictures charged in the window that began then. */
  used(requester: string, window: QuotaWindow, since: number): Promise<number>;
}

export interface QuotaState {
  readonly window: QuotaWindow;
  readonly limit: number;
  readonly left: number;
  /** Unix milliseconds. */
  readonly resetsAt: number;
}

/** How many pictures a requester may ask for per minute and per UTC day. */
export interface Quota {
  /** Throws `quota-exceeded`, having charged nothing. */
  reserve(requester: string, count: number, at: number): Promise<void>;
  /** Gives back pictures that were reserved at that time and not made. */
  giveBack(requester: string, count: number, reservedAt: number): Promise<void>;
  /** Nothing when no quota is set. */
  state(requester: string): Promise<readonly QuotaState[]>;
}

export interface QuotaOptions {
  /** 0 or absent: no limit. */
  readonly perMinute?: number;
  readonly perDay?: number;
  readonly store: QuotaStore;
  readonly now: () => number;
}

const lengths: Record<QuotaWindow, number> = { minute: 60_000, day: 86_400_000 };

export function createQuota({ perMinute = 0, perDay = 0, store, now }: QuotaOptions): Quota {
  const limits = [
    { window: "minute" as const, limit: perMinute },
    { window: "day" as const, limit: perDay },
  ].filter(({ limit }) => limit > 0);

  const beginning = (window: QuotaWindow, at: number) => at - (at % lengths[window]);

  function charges(count: number, at: number) {
    return limits.map(({ window, limit }) => ({
      window,
      limit,
      since: beginning(window, at),
      count,
    }));
  }

  async function stateOf(requester: string): Promise<QuotaState[]> {
    return Promise.all(
      limits.map(async ({ window, limit }) => {
        const since = beginning(window, now());
        const used = await store.used(requester, window, since);
        return {
          window,
          limit,
          left: Math.max(0, limit - used),
          resetsAt: since + lengths[window],
        };
      }),
    );
  }

  return {
    state: stateOf,

    async reserve(requester, count, at) {
      if (limits.length === 0) return;
      if (await store.charge(requester, charges(count, at))) return;
      const states = await stateOf(requester);
      const short = states.filter(({ left }) => left < count);
      const last = short.at(-1) ?? states.at(-1);
      if (!last) return;
      const { window, limit, left, resetsAt } = last;
      throw new ImageError("quota-exceeded", { window, limit, left, resetsAt });
    },

    async giveBack(requester, count, reservedAt) {
      if (limits.length > 0 && count > 0)
        await store.giveBack(requester, charges(count, reservedAt));
    },
  };
}
