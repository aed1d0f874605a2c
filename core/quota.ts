import { ImageError } from "./errors.ts";

/** The windows of time that quotas count in, in UTC. */
export type QuotaWindow = "minute" | "day";

/** Pictures charged to one requester in one window of time. */
export interface QuotaCharge {
  readonly requester: string;
  readonly window: QuotaWindow;
  /** When the window began, Unix milliseconds. */
  readonly since: number;
  readonly count: number;
  /** The most that the window may hold. */
  readonly limit: number;
}

/** A store may forget windows that began so long ago, in milliseconds: they are over. */
export const endedWindowMs = 2 * 86_400_000;

/** Reads what the ledger has charged. */
export interface QuotaStore {
  /** Pictures charged in the window that began then. */
  used(requester: string, window: QuotaWindow, since: number): Promise<number>;
}

/** What is left of one quota. */
export interface QuotaState {
  readonly window: QuotaWindow;
  readonly limit: number;
  readonly left: number;
  /** Unix milliseconds. */
  readonly resetsAt: number;
}

/** How many pictures a requester may ask for per minute and per UTC day. */
export interface Quota {
  /** The charge for `count` pictures that were requested at this time; the ledger charges all of it or nothing. */
  charge(requester: string, count: number, at: number): Charge;
  /** Nothing when no quota is set. */
  state(requester: string): Promise<readonly QuotaState[]>;
  /** The error for a refused charge of `count` pictures: `quota-exceeded`. */
  refusal(requester: string, count: number): Promise<ImageError>;
}

/** The limits of a quota, in pictures for each requester. */
export interface QuotaOptions {
  /** 0 or absent: no limit. */
  readonly perMinute?: number;
  readonly perDay?: number;
  readonly store: QuotaStore;
  readonly now: () => number;
}

const lengths: Record<QuotaWindow, number> = { minute: 60_000, day: 86_400_000 };

/**
 * The charge of one job. Each picture is open until it is kept (it was made, or may have been) or returned.
 */
export class Charge {
  readonly #perPicture: readonly QuotaCharge[];
  #open: number;

  /** `perPicture` is what each of the `count` pictures costs. */
  constructor(perPicture: readonly QuotaCharge[], count: number) {
    this.#perPicture = perPicture;
    this.#open = count;
  }

  /** Pictures that are neither kept nor returned. */
  get open(): number {
    return this.#open;
  }

  /** What the ledger has to charge: all open pictures. */
  get whole(): readonly QuotaCharge[] {
    return this.#times(this.#open);
  }

  /** Keeps the charge for `count` of the open pictures. */
  keep(count: number): void {
    this.#open = Math.max(0, this.#open - count);
  }

  /** What the ledger has to give back: all open pictures except `running`, whose calls cannot be stopped. */
  returnRest(running = 0): readonly QuotaCharge[] {
    const rest = Math.max(0, this.#open - running);
    this.#open -= rest;
    return this.#times(rest);
  }

  #times(count: number): readonly QuotaCharge[] {
    if (count === 0) return [];
    return this.#perPicture.map((charge) => ({ ...charge, count }));
  }
}

/** A quota with windows of a UTC minute and a UTC day. A window without a limit charges nothing. */
export function createQuota({ perMinute = 0, perDay = 0, store, now }: QuotaOptions): Quota {
  const limits = [
    { window: "minute" as const, limit: perMinute },
    { window: "day" as const, limit: perDay },
  ].filter(({ limit }) => limit > 0);

  const beginning = (window: QuotaWindow, at: number) => at - (at % lengths[window]);

  async function state(requester: string): Promise<QuotaState[]> {
    return Promise.all(
      limits.map(async ({ window, limit }) => {
        const since = beginning(window, now());
        const used = await store.used(requester, window, since);
        const left = Math.max(0, limit - used);
        return { window, limit, left, resetsAt: since + lengths[window] };
      }),
    );
  }

  return {
    state,

    charge(requester, count, at) {
      const perPicture = limits.map(({ window, limit }) => ({
        requester,
        window,
        limit,
        since: beginning(window, at),
        count: 1,
      }));
      return new Charge(perPicture, count);
    },

    async refusal(requester, count) {
      const states = await state(requester);
      const last = states.filter(({ left }) => left < count).at(-1) ?? states.at(-1);
      if (!last) throw new Error("Without a quota nothing is over it.");
      const { window, limit, left, resetsAt } = last;
      return new ImageError("quota-exceeded", { window, limit, left, resetsAt });
    },
  };
}
