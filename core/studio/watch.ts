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

/** What there is to watch about one job. */
export interface Watched {
  /** undefined once it has ended. */
  readonly status: () => JobStatus | undefined;
  readonly changes: Changes;
}

/** How a job stands: at once, whenever that changes, and at least every `everyMs`; last of all its end. */
export async function* watch(
  watched: Watched | undefined,
  end: () => Promise<Job>,
  everyMs: number,
): AsyncGenerator<JobStatus | JobEnded, void> {
  for (;;) {
    const version = watched?.changes.version ?? 0;
    const status = watched?.status();
    if (!watched || !status) break;
    yield status;
    await watched.changes.since(version, everyMs);
  }
  yield { state: "ended", job: await end() };
}
