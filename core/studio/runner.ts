import { allEnded } from "../deadline.ts";
import { type AnyImageError, ImageError, isImageError, storedError } from "../errors.ts";
import { isFinished, type Job } from "../job.ts";
import { PromiseLost } from "../ledger.ts";
import { makePictures, type Outcome, type PipelineTools } from "../pipeline.ts";
import { Live, type LiveTools, type Ready } from "./live.ts";
import { Changes, type JobStanding, type JobStatus, standingOf } from "./watch.ts";
import type { Work } from "./work.ts";

/** What the runner needs beside the pipeline. */
export interface RunnerTools extends PipelineTools, LiveTools {}

/** Runs jobs from their acceptance to their end. */
export class JobRunner implements Work {
  readonly #tools: RunnerTools;
  readonly #onFinished: (job: Job) => void;
  readonly #live = new Map<string, Live>();
  /** Work until its last call has ended: calls of cancelled jobs that cannot be stopped run on, and their pictures are kept. */
  readonly #work = new Map<Live, Promise<void>>();

  /** `onFinished` is called once for each job that ends, before its waiters are told. */
  constructor(tools: RunnerTools, onFinished: (job: Job) => void) {
    this.#tools = tools;
    this.#onFinished = onFinished;
  }

  /** Takes a stored job, which then has a standing. */
  take(ready: Ready): void {
    this.#live.set(ready.job.code, new Live(ready, this.#tools));
  }

  /** Begins to work on a job that was taken: at once, or once `announced` has resolved. Resolves once its last call has ended. */
  start(code: string, announced?: Promise<void>): Promise<void> {
    const live = this.#live.get(code);
    if (!live) return Promise.resolve();
    const ended = this.#make(live, announced);
    this.#work.set(live, ended);
    return ended;
  }

  /** The job as this process knows it; undefined when it does not work on it. */
  find(code: string): Job | undefined {
    return this.#live.get(code)?.job;
  }

  /** The end of a job that is being worked on; undefined when it is not. */
  finished(code: string): Promise<Job> | undefined {
    return this.#live.get(code)?.finished;
  }

  /** What this process does not work on, no process does. */
  follow(): undefined {
    return undefined;
  }

  /** How a job stands that is being worked on; undefined when it is not. */
  status(code: string): JobStatus | undefined {
    return this.#live.get(code)?.status();
  }

  /** How a job stands that is being worked on, now and from now on; undefined when it is not. */
  standing(code: string): JobStanding | undefined {
    const live = this.#live.get(code);
    if (!live) return undefined;
    live.changes ??= new Changes();
    return standingOf(() => this.status(code), live.changes);
  }

  publish(code: string): void {
    const live = this.#live.get(code);
    if (live) live.job = { ...live.job, private: false };
  }

  erase(code: string): void {
    for (const live of this.#work.keys()) if (live.job.code === code) live.erase();
  }

  cancel(code: string): void {
    const live = this.#live.get(code);
    if (live) this.#abandon(live, new ImageError("cancelled", {}));
  }

  /**
   * Lets running calls end for `graceMs`, begins none, and leaves everything else on disk for the next process. Nothing
   * may be taken any more.
   */
  async stop(graceMs: number): Promise<void> {
    const stopped = new ImageError("restarting", {});
    for (const live of this.#live.values()) {
      if (live.begun) live.endTurns(stopped);
      else this.#abandon(live, stopped);
    }
    await allEnded([...this.#ends(), ...this.#work.values()], graceMs);
    for (const live of this.#live.values()) this.#abandon(live, stopped);
    await Promise.allSettled(this.#ends());
  }

  #ends(): Promise<Job>[] {
    return [...this.#live.values()].map(({ finished }) => finished);
  }

  async #make(live: Live, announced: Promise<void> | undefined): Promise<void> {
    let outcome: Outcome;
    try {
      if (announced) await announced;
      // It may have been ended meanwhile.
      if (announced) live.signal.throwIfAborted();
      outcome = await makePictures(live, this.#tools);
    } catch (error) {
      await this.#onFailed(live, error).finally(() => this.#work.delete(live));
      return;
    }
    await this.#onMade(live, outcome).finally(() => this.#work.delete(live));
  }

  // === Ending

  #onMade(live: Live, { recipe, notices }: Outcome): Promise<void> {
    if (live.ended) return this.#settleLate(live);
    return this.#finish(live, {
      state: "done",
      recipe,
      notices: live.notices.length > 0 ? [...live.notices, ...notices] : notices,
    });
  }

  async #onFailed(live: Live, error: unknown): Promise<void> {
    if (error instanceof PromiseLost) {
      this.#lose(live, error);
      return;
    }
    if (live.ended) return this.#settleLate(live);
    const known = isImageError(error);
    if (known && error.code === "restarting") return this.#leaveBegun(live, error);
    if (!known) this.#tools.log.error({ job: live.job.code, error }, "a job failed by a bug");
    const bug = { code: "internal", details: {}, message: "internal error" } as const;
    await this.#finish(live, { state: "failed", error: known ? storedError(error) : bug });
  }

  /** Ends a cancelled job at once; calls that cannot be stopped run on, and are charged if they succeed. */
  #abandon(live: Live, reason: AnyImageError): void {
    if (live.ended) return;
    live.end(reason);
    if (reason.code === "restarting") this.#leave(live, reason);
    else void this.#finish(live, { state: "cancelled", error: storedError(reason) });
  }

  /** Another process makes the job by now: what this one has of it counts for nothing. */
  #lose(live: Live, reason: PromiseLost): void {
    live.end(new ImageError("restarting", {}));
    this.#tools.log.warn({ job: live.job.code }, "a job was taken over by another process");
    this.#leave(live, reason);
  }

  /** Leaves a job of which no call is under way, but pictures are missing. */
  async #leaveBegun(live: Live, reason: AnyImageError): Promise<void> {
    live.end(reason);
    try {
      await live.unbegin();
    } catch (error) {
      this.#tools.log.warn({ job: live.job.code, error }, "a job that is left counts as cut off");
    }
    this.#leave(live, reason);
  }

  /** Leaves the job on disk as it is, for the next process. */
  #leave(live: Live, reason: Error): void {
    live.ticket.leave();
    this.#live.delete(live.job.code);
    live.reject(reason);
    live.changes?.tell();
  }

  async #finish(live: Live, changes: Partial<Job>): Promise<void> {
    live.ended = true;
    live.ticket.leave();
    live.job = { ...live.job, ...changes, finishedAt: this.#tools.now(), remotes: {} };
    if (!(await this.#settle(live, live.calls))) return;
    this.#live.delete(live.job.code);
    this.#onFinished(live.job);
    live.resolve(live.job);
    live.changes?.tell();
  }

  /**
   * Stores the end of a job; false where it is another process's by now. Where it cannot be stored its pictures are lost, so
   * a job that was done fails with that error.
   */
  async #settle(live: Live, running: number): Promise<boolean> {
    live.settled = live.job.pictures.length;
    try {
      await this.#tools.ledger.settle(live.job, live.charge?.returnRest(running));
    } catch (error) {
      if (error instanceof PromiseLost) {
        this.#lose(live, error);
        return false;
      }
      const { code } = live.job;
      this.#tools.log.error({ job: code, error }, "the end of a job could not be stored");
      if (live.job.state !== "done" || !isImageError(error)) return true;
      live.job = { ...live.job, state: "failed", error: storedError(paidFor(error)) };
    }
    return true;
  }

  /** Stores the pictures of a cancelled job that still came, and gives back the charge for the others. */
  async #settleLate(live: Live): Promise<void> {
    const late = live.job.pictures.length > live.settled || (live.charge?.open ?? 0) > 0;
    if (late && isFinished(live.job)) await this.#settle(live, 0);
  }
}

function paidFor(error: AnyImageError): AnyImageError {
  if (error.code !== "storage-failed") return error;
  return new ImageError("storage-failed", { ...error.details, paid: true }, { cause: error });
}
