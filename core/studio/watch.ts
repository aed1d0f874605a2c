import type { Job } from "../job.ts";
import type { Progress } from "../provider.ts";
import type { Position } from "../queue.ts";

/** How an unfinished job stands. */
export interface JobStatus {
  readonly state: "queued" | "running";
  /** While it waits for its first turn. */
  readonly position: Position | undefined;
  /** When its first picture's turn began, Unix milliseconds. */
  readonly startedAt: number | undefined;
  /** From the provider itself, of the picture that is least far; absent where it tells nothing. */
  readonly progress: Progress | undefined;
}

/** The last word about a job. */
export interface JobEnded {
  readonly state: "ended";
  readonly job: Job;
}

/** Tells watchers that something has changed; one that looks away meanwhile is told when it looks again. */
export class Changes {
  #version = 0;
  readonly #waiting = new Set<() => void>();

  get version(): number {
    return this.#version;
  }

  tell(): void {
    this.#version++;
    for (const wake of this.#waiting) wake();
  }

  /** Resolves once the version is another one, and at the latest after this time. */
  since(version: number, withinMs: number): Promise<void> {
    if (version !== this.#version) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, withinMs);
      this.#waiting.add(wake);
    });
  }
}

/** How one unfinished job stands. */
export interface JobStanding {
  /** undefined once it has ended. */
  now(): JobStatus | undefined;
  /** At once, whenever it changes, and at least every `everyMs`, until it has ended. */
  watch(everyMs: number): AsyncIterable<JobStatus>;
}

/** The standing of a job whose changes are told to `changes`. */
export function standingOf(now: () => JobStatus | undefined, changes: Changes): JobStanding {
  return {
    now,
    async *watch(everyMs) {
      for (;;) {
        const { version } = changes;
        const status = now();
        if (!status) return;
        yield status;
        await changes.since(version, everyMs);
      }
    },
  };
}
