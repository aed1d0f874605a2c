import { allEnded } from "../deadline.ts";
import { type AnyImageError, ImageError, isImageError, storedError } from "../errors.ts";
import { isFinished, type Job, missingPictures, type Picture } from "../job.ts";
import { type Ledger, PromiseLost } from "../ledger.ts";
import type { Run } from "../pipeline/make-picture.ts";
import type { Plan } from "../pipeline/plan.ts";
import { makePictures, type Outcome, type PipelineTools } from "../pipeline.ts";
import { type Live, type Ready, statusOf, toLive } from "./live.ts";
import { Changes, type JobStanding, type JobStatus, standingOf } from "./watch.ts";
import type { Work } from "./work.ts";

/** What the runner needs beside the pipeline. */
export interface RunnerTools extends PipelineTools {
  readonly ledger: Ledger;
}

/** Runs jobs from their acceptance to their end. */
export class JobRunner implements Work {
  readonly #tools: RunnerTools;
  readonly #onFinished: (job: Job) => void;
  readonly #live = new Map<string, Live>();
  /** Work until its last call has ended: calls of cancelled jobs that cannot be stopped run on, and their pictures are kept. */
  readonly #work = new Map<string, { readonly live: Live; readonly ended: Promise<void> }>();

  /** `onFinished` is called once for each job that ends, before its waiters are told. */
  constructor(tools: RunnerTools, onFinished: (job: Job) => void) {
    this.#tools = tools;
    this.#onFinished = onFinished;
  }

  /** Takes a stored job, which then has a standing. */
  take(ready: Ready): void {
    const { now, elapsed } = this.#tools;
    this.#live.set(ready.job.code, toLive(ready, { now: now(), since: elapsed() }));
  }

  /** Begins to work on a job that was taken: at once, or once `announced` has resolved. Resolves once its last call has ended. */
  async start(code: string, announced?: Promise<void>): Promise<void> {
    const live = this.#live.get(code);
    if (!live) return;
    const make = () => makePictures(this.#runOf(live), this.#tools);
    const made = announced ? announced.then(() => unlessEnded(live, make)) : make();
    const ended = made.then(
      (outcome) => this.#onMade(live, outcome),
      (error: unknown) => this.#onFailed(live, error),
    );
    this.#work.set(live.job.code, { live, ended });
    await ended.finally(() => this.#work.delete(live.job.code));
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
    const live = this.#live.get(code);
    return live && statusOf(live, this.#jumpSince(live));
  }

  /** How far the clock has moved by itself since then. */
  #jumpSince({ taken: { now, since } }: Live): number {
    return this.#tools.now() - now - (this.#tools.elapsed() - since);
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
    const live = this.#work.get(code)?.live;
    if (!live) return;
    live.job = { ...live.job, pictures: [] };
    live.settled = 0;
  }

  cancel(code: string): void {
    const live = this.#live.get(code);
    if (live) this.#abandon(live, new ImageError("cancelled", {}));
  }

  /**
   * Lets running calls end for `graceMs` and leaves everything else on disk for the next process. Afterwards nothing
   * runs any more.
   */
  async stop(graceMs: number): Promise<void> {
    const stopped = new ImageError("restarting", {});
    for (const live of this.#live.values()) if (!live.begun) this.#abandon(live, stopped);
    const work = [...this.#work.values()].map(({ ended }) => ended);
    await allEnded([...this.#ends(), ...work], graceMs);
    for (const live of this.#live.values()) this.#abandon(live, stopped);
    await Promise.allSettled(this.#ends());
  }

  #ends(): Promise<Job>[] {
    return [...this.#live.values()].map(({ finished }) => finished);
  }

  #runOf(live: Live): Run {
    const { job, route, ticket, start, controller, taken } = live;
    return {
      job,
      since: taken.since,
      route,
      ticket,
      start,
      signal: controller.signal,
      onCall: (plan) => this.#begin(live, plan),
      onAccepted: (number, remote) => {
        live.job = { ...live.job, remotes: { ...live.job.remotes, [number]: remote } };
        return this.#tools.ledger.note(live.job.code, { remotes: live.job.remotes });
      },
      onProgress(number, progress) {
        live.progress.set(number, progress);
        live.changes?.tell();
      },
      onPicture: (picture) => this.#keep(live, picture),
      onEnhancing(isAtWork) {
        live.enhancing = isAtWork;
        live.changes?.tell();
      },
      onAnswered() {
        live.unanswered--;
        live.changes?.tell();
      },
      onCallEnded() {
        live.calls--;
      },
    };
  }

  /** Records on disk that the job is at the service; no call is made before that. */
  #begin(live: Live, plan: Plan): Promise<void> | undefined {
    live.calls++;
    live.unanswered++;
    if (live.begun) return live.begun;
    live.begun = this.#recordBegin(live, plan);
    live.changes?.tell();
    return live.begun;
  }

  #recordBegin(live: Live, { recipe, notices: planned }: Plan): Promise<void> {
    const { job, route, start, resumed } = live;
    const startedAt = job.startedAt ?? this.#tools.now();
    const notices = [...live.notices, ...planned];
    // A job that began with its acceptance is recorded already; a call that costs nothing may be repeated.
    const known = start?.lease !== undefined || !(route.provider.capabilities.paid || resumed);
    const attempts = job.attempts + (known ? 0 : 1);
    live.job = { ...job, state: "running", recipe, notices, attempts, startedAt };
    if (known) return Promise.resolve();
    return this.#tools.ledger.begin(job.code, { attempts, startedAt, recipe, notices });
  }

  /** Stores a picture; the last one is stored with the end of its job, and a late one after that. */
  #keep(live: Live, picture: Picture): Promise<void> | undefined {
    const pictures = [...live.job.pictures, picture].sort((a, b) => a.number - b.number);
    live.job = { ...live.job, pictures };
    live.charge?.keep(1);
    const last = !live.ended && missingPictures(live.job).length === 0;
    return last || isFinished(live.job)
      ? undefined
      : this.#tools.ledger.note(live.job.code, { pictures });
  }

  // === Ending

  async #onMade(live: Live, { recipe, notices }: Outcome): Promise<void> {
    if (live.ended) return this.#settleLate(live);
    const job = { ...live.job, recipe, notices: [...live.notices, ...notices] };
    await this.#finish(live, { ...job, state: "done" });
  }

  async #onFailed(live: Live, error: unknown): Promise<void> {
    if (error instanceof PromiseLost) {
      this.#lose(live, error);
      return;
    }
    if (live.ended) return this.#settleLate(live);
    const known = isImageError(error);
    if (!known) this.#tools.log.error({ job: live.job.code, error }, "a job failed by a bug");
    const bug = { code: "internal", details: {}, message: "internal error" } as const;
    await this.#finish(live, {
      ...live.job,
      state: "failed",
      error: known ? storedError(error) : bug,
    });
  }

  /** Ends a cancelled job at once; calls that cannot be stopped run on, and are charged if they succeed. */
  #abandon(live: Live, reason: AnyImageError): void {
    if (live.ended) return;
    live.ended = true;
    live.controller.abort(reason);
    if (reason.code === "restarting") this.#leave(live, reason);
    else void this.#finish(live, { ...live.job, state: "cancelled", error: storedError(reason) });
  }

  /** Another process makes the job by now: what this one has of it counts for nothing. */
  #lose(live: Live, reason: PromiseLost): void {
    live.ended = true;
    live.controller.abort(new ImageError("restarting", {}));
    this.#tools.log.warn({ job: live.job.code }, "a job was taken over by another process");
    this.#leave(live, reason);
  }

  /** Leaves the job on disk as it is, for the next process. */
  #leave(live: Live, reason: Error): void {
    live.ticket.leave();
    this.#live.delete(live.job.code);
    live.reject(reason);
    live.changes?.tell();
  }

  async #finish(live: Live, job: Job): Promise<void> {
    live.ended = true;
    live.ticket.leave();
    live.job = { ...job, finishedAt: this.#tools.now(), remotes: {} };
    if (!(await this.#settle(live, live.calls))) return;
    this.#live.delete(job.code);
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

/** Makes nothing for a job that was ended before its work began. */
function unlessEnded<Result>({ controller: { signal } }: Live, make: () => Promise<Result>) {
  return signal.aborted ? Promise.reject(signal.reason as Error) : make();
}

function paidFor(error: AnyImageError): AnyImageError {
  if (error.code !== "storage-failed") return error;
  return new ImageError("storage-failed", { ...error.details, paid: true }, { cause: error });
}
