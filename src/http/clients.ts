import { isFinished, type Job } from "../../core/job.ts";
import type { ImageRequest, Requester } from "../../core/request.ts";
import type { Studio } from "../../core/studio.ts";

/** The name of this door among the doors that take jobs. */
export const httpDoor = "http";

/** A finished job can still be taken over by a retry for this long. */
const takeoverMs = 120_000;

export interface Asking {
  readonly requester: Requester;
  /** The endpoint: the same request at another one is not the same. */
  readonly endpoint: string;
  /** The client's Idempotency-Key. */
  readonly key: string | undefined;
  /** The client says that it asks once more for what it asked for before. */
  readonly isRetry: boolean;
}

/** A client's hold on a job. */
export interface Hold {
  readonly job: Job;
  /** The job had ended before this client asked. */
  readonly replayed: boolean;
  /** The client is gone: with its answer, or without. To be called once. */
  release(answered: boolean): void;
}

/**
 * The HTTP clients that wait for their jobs. A job whose clients have all hung up waits for a retry to take it over,
 * then it is cancelled, unless its client gave it a key to come back with.
 */
export class Clients {
  readonly #studio: Studio;
  readonly #graceMs: number;
  readonly #now: () => number;
  /** How many clients hold a job, and how many of those took it over as a retry. */
  readonly #holds = new Map<string, { clients: number; retries: number }>();
  /** Jobs that nobody waits for and nobody got: a retry may have them. */
  readonly #orphans = new Map<string, NodeJS.Timeout>();

  constructor(studio: Studio, options: { graceMs: number; now: () => number }) {
    this.#studio = studio;
    this.#graceMs = options.graceMs;
    this.#now = options.now;
  }

  /** Takes over the job that this client, or an earlier try of it, has asked for already, or submits a new one. */
  async ask(request: ImageRequest, asking: Asking): Promise<Hold> {
    const { requester, endpoint, key } = asking;
    const twin = key === undefined ? await this.#findTwin(request, asking) : undefined;
    if (twin) return this.#hold(twin, asking.isRetry);
    const askedAt = this.#now();
    const job = await this.#studio.submit(request, {
      requester,
      ...(key === undefined ? {} : { key }),
      delivery: { door: httpDoor, place: { endpoint } },
    });
    const replayed = isFinished(job) && job.createdAt < askedAt;
    return { ...this.#hold(job, false), replayed };
  }

  /** Holds a job that was submitted in another way. */
  hold(job: Job): Hold {
    return this.#hold(job, false);
  }

  /** Takes charge of the jobs that an earlier process left without their clients. */
  adopt(jobs: readonly Job[]): void {
    for (const job of jobs) {
      if (job.delivery.door === httpDoor) this.#orphan(job);
    }
  }

  stop(): void {
    for (const timer of this.#orphans.values()) clearTimeout(timer);
    this.#orphans.clear();
  }

  /** Orphans first; for a retry also what another client holds or has got, as its own hanging up may go unnoticed. */
  async #findTwin(request: ImageRequest, asking: Asking): Promise<Job | undefined> {
    const twins = await this.#studio.twins(asking.requester, request, this.#now() - 86_400_000);
    const eligible = twins.filter(
      (job) =>
        job.key === null &&
        (job.delivery.place as { endpoint?: unknown }).endpoint === asking.endpoint &&
        this.#mayBeTakenOver(job),
    );
    const orphan = eligible.find(({ code }) => this.#orphans.has(code));
    if (orphan || !asking.isRetry) return orphan;
    const retries = (job: Job) => this.#holds.get(job.code)?.retries ?? 0;
    return eligible.sort(
      (a, b) => Number(isFinished(a)) - Number(isFinished(b)) || retries(a) - retries(b),
    )[0];
  }

  #mayBeTakenOver(job: Job): boolean {
    if (!isFinished(job)) return true;
    return job.state === "done" && this.#now() - (job.finishedAt ?? 0) < takeoverMs;
  }

  #hold(job: Job, isRetry: boolean): Hold {
    clearTimeout(this.#orphans.get(job.code));
    this.#orphans.delete(job.code);
    const hold = this.#holds.get(job.code) ?? { clients: 0, retries: 0 };
    hold.clients++;
    if (isRetry) hold.retries++;
    this.#holds.set(job.code, hold);
    let held = true;
    return {
      job,
      replayed: false,
      release: (answered) => {
        if (!held) return;
        held = false;
        if (--hold.clients > 0) return;
        this.#holds.delete(job.code);
        if (!answered) this.#orphan(job);
      },
    };
  }

  #orphan(job: Job): void {
    if (job.key !== null) return;
    const timer = setTimeout(() => void this.#endGrace(job), this.#graceMs);
    timer.unref();
    this.#orphans.set(job.code, timer);
  }

  /** A job that has ended meanwhile stays to be taken over; an unfinished one is cancelled. */
  async #endGrace(job: Job): Promise<void> {
    if (this.#studio.view(job.code)) {
      this.#orphans.delete(job.code);
      await this.#studio.cancel(job.code, job.requester).catch(() => {});
      return;
    }
    const timer = setTimeout(() => this.#orphans.delete(job.code), takeoverMs);
    timer.unref();
    this.#orphans.set(job.code, timer);
  }
}
