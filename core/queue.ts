import { ImageError } from "./errors.ts";
import { type Entry, Line } from "./queue/line.ts";

/** One picture's right to be at the provider. Releasing it again does nothing. */
export interface Lease {
  release(): void;
}

/** A job's place in the line of its provider. */
export interface Ticket {
  /** Waits for the turn of the job's next picture. Rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<Lease>;
  /** The turn of the job's next picture, where a slot is free at once. */
  takeNow(): Lease | undefined;
  /** undefined once its first picture has had its turn. */
  position(): Position | undefined;
  /** Gives up all turns that have not begun. Takes constant time. */
  leave(): void;
}

/** Where a job stands in line. */
export interface Position {
  /** 1 for the job whose turn comes next. */
  readonly place: number;
  /** Milliseconds until its first picture is done; undefined without an estimate. */
  readonly etaMs: number | undefined;
}

/** A job that wants a place in line. */
export interface Joining {
  readonly code: string;
  readonly requester: string;
  readonly provider: string;
  readonly model: string;
  /** Of one picture. */
  readonly pixels: number;
  readonly count: number;
  /** It was accepted before, so it joins even when the line is full. */
  readonly accepted?: boolean;
  /** Its words are final, and everything it needs is at hand but its turn. */
  readonly ready?: boolean;
}

/** Decides which picture is at its provider next. */
export interface Dispatch {
  /** Throws `queue-full` when the requester has too many jobs waiting, or all requesters together have. */
  join(joining: Joining): Ticket;
  /** Jobs whose first picture has not had its turn. */
  readonly waiting: number;
}

/** The limits of the queue. A job counts as waiting until its first picture has had its turn. */
export interface FairQueueOptions {
  /** Calls at once, by provider. */
  readonly slots: (provider: string) => number;
  /** Jobs whose first picture has not had its turn. */
  readonly maxWaiting: number;
  readonly maxWaitingPerRequester: number | ((requester: string) => number);
  readonly estimate: Estimate;
}

/** Without an estimate a refused requester is asked to wait this long. */
const unknownMs = 30_000;

/** No refused requester is asked to wait longer. */
const longestMs = 600_000;

/**
 * Lets requesters take turns at each provider, picture by picture: a requester with many jobs delays the first job of
 * another by no more than the pictures that are at the provider already. A job that is not ready for its turn keeps
 * its place without blocking others.
 */
export function createFairQueue(options: FairQueueOptions): Dispatch {
  const lines = new Map<string, Line>();
  const waiting = new Tally();

  function lineOf(provider: string): Line {
    const line = lines.get(provider) ?? new Line(options.slots(provider));
    lines.set(provider, line);
    return line;
  }

  function refuseWhenFull({ requester, model, pixels }: Joining, line: Line): void {
    const full = (whose: "requester" | "everyone", limit: number) => {
      const eachMs = options.estimate.expect(model, pixels) ?? unknownMs;
      // Any turn makes room in the whole queue; only a turn of this requester makes room under their own limit.
      const turns = whose === "everyone" ? 1 : Math.max(1, line.requesters);
      const retryAfterMs = Math.min(longestMs, Math.ceil((eachMs * turns) / line.slots));
      return new ImageError("queue-full", { whose, limit, retryAfterMs });
    };
    const { maxWaiting, maxWaitingPerRequester: limit } = options;
    const own = typeof limit === "number" ? limit : limit(requester);
    if (waiting.of(requester) >= own) throw full("requester", own);
    if (waiting.total >= maxWaiting) throw full("everyone", maxWaiting);
  }

  function stopWaiting(entry: Entry): void {
    if (entry.begun) return;
    entry.begun = true;
    waiting.add(entry.requester, -1);
  }

  function join(joining: Joining): Ticket {
    const { requester, provider, count } = joining;
    const line = lineOf(provider);
    if (!joining.accepted) refuseWhenFull(joining, line);
    const entry: Entry = { requester, wanted: new Set(), left: count, begun: false };
    line.join(entry);
    waiting.add(requester, 1);
    return {
      take: (signal) => take(line, entry, signal, stopWaiting),
      takeNow() {
        if (!line.takeNow(entry)) return undefined;
        stopWaiting(entry);
        return leaseOf(line, requester);
      },
      position: () => (entry.begun ? undefined : positionOf(line, entry, joining)),
      leave() {
        stopWaiting(entry);
        line.leave(entry);
      },
    };
  }

  function positionOf(line: Line, entry: Entry, { model, pixels }: Joining): Position {
    const ahead = line.aheadOf(entry);
    const eachMs = options.estimate.expect(model, pixels);
    const rounds = Math.floor((ahead.pictures + line.running) / line.slots) + 1;
    return { place: ahead.jobs + 1, etaMs: eachMs === undefined ? undefined : rounds * eachMs };
  }

  return {
    join,
    get waiting() {
      return waiting.total;
    },
  };
}

function take(
  line: Line,
  entry: Entry,
  signal: AbortSignal,
  onBegin: (entry: Entry) => void,
): Promise<Lease> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      entry.wanted.delete(begin);
      reject(signal.reason as Error);
    };
    const begin = () => {
      signal.removeEventListener("abort", giveUp);
      onBegin(entry);
      resolve(leaseOf(line, entry.requester));
    };
    if (signal.aborted) {
      giveUp();
      return;
    }
    signal.addEventListener("abort", giveUp, { once: true });
    entry.wanted.add(begin);
    line.fill();
  });
}

function leaseOf(line: Line, requester: string): Lease {
  let held = true;
  return {
    release() {
      if (!held) return;
      held = false;
      line.release(requester);
    },
  };
}

/** Counts by name, remembering only the names that have a count. */
class Tally {
  total = 0;
  readonly #counts = new Map<string, number>();

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  add(name: string, change: number): void {
    this.total += change;
    const count = this.of(name) + change;
    if (count === 0) this.#counts.delete(name);
    else this.#counts.set(name, count);
  }
}

// === How long pictures take

/** How long pictures are expected to take. */
export interface Estimate {
  /** Records that a picture of this model and size took `tookMs` at its provider, which is given up after `mostMs`. */
  record(model: string, pixels: number, tookMs: number, mostMs?: number): void;
  /** Milliseconds for one picture; undefined while nothing is known about the model. */
  expect(model: string, pixels: number): number | undefined;
}

/** The weight of the newest picture in the moving average. */
const newest = 0.3;

/** Averages by model and number of pixels; a size not seen yet is judged by the model's time per pixel. */
export function createEstimate(): Estimate {
  const bySize = new Map<string, number>();
  const perPixel = new Map<string, number>();
  const most = new Map<string, number>();

  function blend(averages: Map<string, number>, key: string, value: number): void {
    const average = averages.get(key);
    averages.set(key, average === undefined ? value : average + newest * (value - average));
  }

  return {
    record(model, pixels, tookMs, mostMs = Infinity) {
      most.set(model, mostMs);
      blend(bySize, `${model} ${pixels}`, tookMs);
      blend(perPixel, model, tookMs / pixels);
    },
    expect(model, pixels) {
      const rate = perPixel.get(model);
      if (rate === undefined) return undefined;
      const known = bySize.get(`${model} ${pixels}`) ?? rate * pixels;
      return Math.min(known, most.get(model) ?? Infinity);
    },
  };
}
