import { ImageError } from "./errors.ts";
import { type Entry, Line } from "./queue/line.ts";
import type { Pace } from "./queue/pace.ts";

/** One picture's right to be at the provider. Releasing it again does nothing. */
export interface Turn {
  release(): void;
}

/** A job's place in the line of its provider. */
export interface Place {
  /** Waits for the turn of the job's next picture. Rejects with the signal's reason. */
  turn(signal: AbortSignal): Promise<Turn>;
  /** undefined once its first picture has had its turn. */
  standing(): Standing | undefined;
  /** Gives up all turns that have not begun, in the same time however long the line is. */
  leave(): void;
}

export interface Standing {
  /** 1 for the job whose turn comes next. */
  readonly position: number;
  /** Until its first picture is there; undefined while nothing is known about the pace. */
  readonly etaMs: number | undefined;
}

export interface Joining {
  readonly requester: string;
  readonly provider: string;
  readonly model: string;
  /** Of one picture. */
  readonly pixels: number;
  readonly count: number;
  /** It was accepted before, so it joins even where the line is full. */
  readonly accepted?: boolean;
}

export interface FairQueueOptions {
  /** Calls at once, by provider. */
  readonly slots: (provider: string) => number;
  /** Jobs whose first picture has not had its turn. */
  readonly maxWaiting: number;
  readonly maxWaitingPerRequester: number;
  readonly pace: Pace;
}

/**
 * Lets requesters take turns at each provider, picture by picture: a requester with many jobs delays the first job of
 * another by no more than the pictures that are at the provider already. A job that is not ready for its turn keeps
 * its place and holds up nobody.
 */
export interface FairQueue {
  /** Throws `queue-full` when the requester, or everybody together, has too many jobs waiting. */
  join(joining: Joining): Place;
  /** Jobs whose first picture has not had its turn. */
  readonly waiting: number;
}

/** Where nothing is known about the pace, a refused requester is asked to wait this long. */
const unknownPaceMs = 30_000;

export function createFairQueue(options: FairQueueOptions): FairQueue {
  const lines = new Map<string, Line>();
  const waiting = new Tally();

  function lineOf(provider: string): Line {
    const line = lines.get(provider) ?? new Line(options.slots(provider));
    lines.set(provider, line);
    return line;
  }

  function refuseWhenFull({ requester, model, pixels }: Joining, line: Line): void {
    const full = (whose: "requester" | "everyone", limit: number) => {
      const paceMs = options.pace.expect(model, pixels) ?? unknownPaceMs;
      // The next turn makes room for anybody, but for this requester only their own next turn does.
      const turns = whose === "everyone" ? 1 : Math.max(1, line.requesters);
      const retryAfterMs = Math.ceil((paceMs * turns) / line.slots);
      return new ImageError("queue-full", { whose, limit, retryAfterMs });
    };
    const { maxWaiting, maxWaitingPerRequester } = options;
    if (waiting.of(requester) >= maxWaitingPerRequester) {
      throw full("requester", maxWaitingPerRequester);
    }
    if (waiting.total >= maxWaiting) throw full("everyone", maxWaiting);
  }

  function stopWaiting(entry: Entry): void {
    if (entry.begun) return;
    entry.begun = true;
    waiting.add(entry.requester, -1);
  }

  function join(joining: Joining): Place {
    const { requester, provider, count } = joining;
    const line = lineOf(provider);
    if (!joining.accepted) refuseWhenFull(joining, line);
    const entry: Entry = { requester, wanted: new Set(), left: count, begun: false };
    line.join(entry);
    waiting.add(requester, 1);
    return {
      turn: (signal) => takeTurn(line, entry, signal, stopWaiting),
      standing: () => (entry.begun ? undefined : standing(line, entry, joining)),
      leave() {
        stopWaiting(entry);
        line.leave(entry);
      },
    };
  }

  function standing(line: Line, entry: Entry, { model, pixels }: Joining): Standing {
    const ahead = line.aheadOf(entry);
    const paceMs = options.pace.expect(model, pixels);
    const rounds = Math.floor((ahead.pictures + line.running) / line.slots) + 1;
    return { position: ahead.jobs + 1, etaMs: paceMs === undefined ? undefined : rounds * paceMs };
  }

  return {
    join,
    get waiting() {
      return waiting.total;
    },
  };
}

function takeTurn(
  line: Line,
  entry: Entry,
  signal: AbortSignal,
  onBegin: (entry: Entry) => void,
): Promise<Turn> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      entry.wanted.delete(begin);
      reject(signal.reason as Error);
    };
    const begin = () => {
      signal.removeEventListener("abort", giveUp);
      onBegin(entry);
      resolve(turnOf(line, entry.requester));
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

function turnOf(line: Line, requester: string): Turn {
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
