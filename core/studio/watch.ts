import type { Job } from "../job.ts";
import type { Progress } from "../provider.ts";
import type { Position } from "../queue.ts";

/**
 * What is done for a job: the enhancer writes its prompt, it waits for its first turn, the service paints, or what the
 * service has answered is fetched, verified and kept.
 */
export type JobStage = "enhancing" | "waiting" | "painting" | "finishing";

/** The state of an unfinished job. */
export interface JobStatus {
  readonly state: "queued" | "running";
  readonly stage: JobStage;
  /** While it waits for its first turn. */
  readonly position: Position | undefined;
  /** When its first picture's turn began, Unix milliseconds. */
  readonly startedAt: number | undefined;
  /** As the provider reports it, for the picture with the least progress; undefined where it reports nothing. */
  readonly progress: Progress | undefined;
}

/** The last event of a watch. */
export interface JobEnded {
  readonly state: "ended";
  readonly job: Job;
}

/** Tells watchers about changes. A change between two calls of `since` is not missed. */
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

  /** Resolves once the version differs, at the latest after `withinMs`. */
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

/** The state of one unfinished job, now and over time. */
export interface JobStanding {
  /** undefined once it has ended. */
  now(): JobStatus | undefined;
  /** Yields the state at once, at each change, and at least every `everyMs`, until the job has ended. */
  watch(everyMs: number): AsyncIterable<JobStatus>;
}

/** The standing of a job; `changes` has to announce each of its changes. */
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
