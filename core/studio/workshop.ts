import { allEnded, orAborted } from "../deadline.ts";
import { type AnyImageError, ImageError, isImageError, storedError } from "../errors.ts";
import { isFinished, type Job, type JobChanges, type Picture, type Recipe } from "../job.ts";
import type { Run } from "../pipeline/make-picture.ts";
import type { Notice } from "../notices.ts";
import { makePictures, type PipelineTools } from "../pipeline.ts";
import type { Progress } from "../provider.ts";
import type { Place, Standing } from "../queue.ts";

/** What can be told of a job that is being worked on. */
export interface JobView {
  readonly state: "queued" | "running";
  /** While it waits for its first turn. */
  readonly standing: Standing | undefined;
  /** When its first picture's turn began, Unix milliseconds. */
  readonly startedAt: number | undefined;
  /** From the provider itself, of the picture that is furthest from done; absent where it tells nothing. */
  readonly progress: Progress | undefined;
}

export interface WorkshopOptions extends PipelineTools {
  /** Called once for each job that ends, before anybody who waits for it is told. */
  readonly onFinished: (job: Job) => Promise<void>;
  /** Pictures that will not be made after all. */
  readonly onUnmade: (job: Job, count: number) => Promise<void>;
}

interface Live {
  job: Job;
  readonly place: Place;
  readonly controller: AbortController;
  readonly progress: Map<number, Progress>;
  /** Pictures that are at the service now. */
  calls: number;
  /** Set when this process calls the service for it; resolves when that is on disk. */
  called: Promise<void> | undefined;
  givenBack: number;
  /** The job in its final state; rejects only when the process stops before that. */
  readonly finished: Promise<Job>;
}

/** The jobs that this process works on, from their first step to their last. */
export class Workshop {
  readonly #options: WorkshopOptions;
  readonly #live = new Map<string, Live>();
  /** Calls of cancelled jobs that could not be stopped: they run on, and their pictures are kept. */
  readonly #leftovers = new Set<Promise<unknown>>();

  constructor(options: WorkshopOptions) {
    this.#options = options;
  }

  /** Begins to work on a stored job. `notices` are added to those of the work itself. */
  start(job: Job, place: Place, notices: readonly Notice[] = []): void {
    const { promise, resolve, reject } = Promise.withResolvers<Job>();
    const live: Live = {
      job,
      place,
      controller: new AbortController(),
      progress: new Map(),
      calls: 0,
      called: undefined,
      givenBack: 0,
      finished: promise,
    };
    promise.catch(() => {});
    this.#live.set(job.code, live);
    this.#work(live, notices)
      .finally(() => this.#live.delete(job.code))
      .then(resolve, reject);
  }

  /** The end of a job that is being worked on; undefined when it is not. */
  finished(code: string): Promise<Job> | undefined {
    return this.#live.get(code)?.finished;
  }

  view(code: string): JobView | undefined {
    const live = this.#live.get(code);
    if (!live) return undefined;
    const done = ({ fraction = 0 }: Progress) => fraction;
    const furthest = [...live.progress.values()].sort((a, b) => done(a) - done(b))[0];
    return {
      state: live.called ? "running" : "queued",
      standing: live.place.standing(),
      startedAt: live.job.startedAt ?? undefined,
      progress: furthest,
    };
  }

  /** Ends a job: waiting pictures leave the line, calls are stopped where the provider can stop them. */
  cancel(code: string): boolean {
    const live = this.#live.get(code);
    live?.controller.abort(new ImageError("cancelled", { by: "caller" }));
    return live !== undefined;
  }

  /**
   * Lets the calls that are under way end, for so long; all else is left on disk as it is, to go on in the next
   * process. Afterwards nothing runs any more.
   */
  async stop(graceMs: number): Promise<void> {
    const stopped = new ImageError("cancelled", { by: "shutdown" });
    for (const live of this.#live.values()) if (!live.called) live.controller.abort(stopped);
    await allEnded([...this.#ends(), ...this.#leftovers], graceMs);
    for (const live of this.#live.values()) live.controller.abort(stopped);
    await Promise.allSettled(this.#ends());
  }

  #ends(): Promise<Job>[] {
    return [...this.#live.values()].map(({ finished }) => finished);
  }

  async #work(live: Live, before: readonly Notice[]): Promise<Job> {
    const making = makePictures(this.#run(live, before), this.#options);
    try {
      const { recipe, notices } = await orAborted(making, live.controller.signal);
      await this.#giveBack(live, unmade(live));
      return await this.#finish(live, { state: "done", recipe, notices: [...before, ...notices] });
    } catch (error) {
      live.place.leave();
      if (live.controller.signal.aborted) return await this.#abandon(live, making);
      await this.#giveBack(live, unmade(live));
      return await this.#finish(live, this.#failure(live, error));
    }
  }

  #run(live: Live, before: readonly Notice[]): Run {
    return {
      job: live.job,
      place: live.place,
      signal: live.controller.signal,
      onCall: (recipe, notices) => this.#begin(live, recipe, [...before, ...notices]),
      onProgress: (number, progress) => void live.progress.set(number, progress),
      onCallEnded(picture) {
        live.calls--;
        if (picture) live.job = withPicture(live.job, picture);
      },
    };
  }

  /** No call of this process is made before it is on disk that the job is at the service now. */
  async #begin(live: Live, recipe: Recipe, notices: readonly Notice[]): Promise<void> {
    live.calls++;
    live.called ??= this.#recordCall(live, recipe, notices);
    await live.called;
  }

  #recordCall(live: Live, recipe: Recipe, notices: readonly Notice[]): Promise<void> {
    const startedAt = live.job.startedAt ?? this.#options.now();
    const attempts = live.job.attempts + 1;
    return this.#update(live, { state: "running", recipe, notices, attempts, startedAt });
  }

  /** Ends a cancelled job at once; calls that cannot be stopped run on, and are charged if they succeed. */
  async #abandon(live: Live, making: Promise<unknown>): Promise<Job> {
    const reason = live.controller.signal.reason as AnyImageError;
    const runsOn = live.calls;
    const leftover = making
      .catch(() => {})
      .then(() => this.#giveBack(live, runsOn === 0 ? 0 : unmade(live)));
    this.#leftovers.add(leftover);
    void leftover.finally(() => this.#leftovers.delete(leftover));
    if (reason.code === "cancelled" && reason.details.by === "shutdown") throw reason;
    await this.#giveBack(live, unmade(live) - runsOn);
    return this.#finish(live, { state: "cancelled", error: storedError(reason) });
  }

  #failure(live: Live, error: unknown): JobChanges {
    if (isImageError(error)) return { state: "failed", error: storedError(error) };
    this.#options.log.error({ job: live.job.code, error }, "a bug made this job fail");
    const message = "internal error";
    return { state: "failed", error: { code: "internal", details: {}, message } };
  }

  async #finish(live: Live, changes: JobChanges): Promise<Job> {
    await this.#update(live, { ...changes, finishedAt: this.#options.now() });
    await this.#options.onFinished(live.job);
    return live.job;
  }

  async #giveBack(live: Live, count: number): Promise<void> {
    const more = count - live.givenBack;
    if (more <= 0) return;
    live.givenBack += more;
    await this.#options.onUnmade(live.job, more);
  }

  /** The job in memory is right even when the disk refuses it: whoever waits is told the truth. */
  async #update(live: Live, changes: JobChanges): Promise<void> {
    live.job = { ...live.job, ...changes };
    try {
      await this.#options.jobs.update(live.job.code, changes);
    } catch (error) {
      if (!isFinished(live.job)) throw error;
      this.#options.log.error({ job: live.job.code, error }, "the end of this job is not on disk");
    }
  }
}

function withPicture(job: Job, picture: Picture): Job {
  const pictures = [...job.pictures, picture].sort((a, b) => a.number - b.number);
  return { ...job, pictures };
}

function unmade({ job }: Live): number {
  return job.asked.count - job.pictures.length;
}
