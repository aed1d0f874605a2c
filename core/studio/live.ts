import { isFinished, type Job, type JsonValue, missingPictures, type Picture } from "../job.ts";
import type { Ledger } from "../ledger.ts";
import type { Notice } from "../notices.ts";
import type { Run } from "../pipeline/make-picture.ts";
import type { Plan } from "../pipeline/plan.ts";
import type { Progress } from "../provider.ts";
import type { Charge } from "../quota.ts";
import type { Changes, JobStage, JobStatus } from "./watch.ts";

/** A stored job that is ready to be worked on. */
export interface Ready extends Pick<Run, "route" | "ticket" | "start"> {
  readonly job: Job;
  /** Absent where there are no quotas. */
  readonly charge: Charge | undefined;
  /** Added to the notices of the work itself. */
  readonly notices: readonly Notice[];
  /** An earlier process accepted it. */
  readonly resumed: boolean;
}

/** What a job under way writes to, and the clocks: one may jump, the other never does. */
export interface LiveTools {
  readonly ledger: Ledger;
  readonly now: () => number;
  readonly elapsed: () => number;
}

/** A job as this process works on it: what becomes of it is written down here, and told to who watches it. */
export class Live implements Run {
  job: Job;
  readonly route: Run["route"];
  readonly ticket: Run["ticket"];
  readonly start: Run["start"];
  readonly charge: Ready["charge"];
  readonly notices: Ready["notices"];
  readonly since: number;
  /** Calls to the service that are running now. */
  calls = 0;
  /** The first call to the service has begun, in this process. */
  begun = false;
  /** The end is decided; calls that could not be stopped may run on. */
  ended = false;
  /** How many of its pictures are on disk with its end. */
  settled = 0;
  /** Made for the first watcher. */
  changes: Changes | undefined;
  /** The job in its final state; rejects only when the process stops before that. */
  readonly finished: Promise<Job>;
  readonly resolve: (job: Job) => void;
  readonly reject: (error: Error) => void;
  readonly #tools: LiveTools;
  readonly #resumed: boolean;
  readonly #takenAt: number;
  readonly #progress = new Map<number, Progress>();
  #controller: AbortController | undefined;
  #turns: AbortController | undefined;
  /** Resolves when it is on disk that the job is at the service. */
  #recorded: Promise<void> | undefined;
  /** Calls that the service has not answered. */
  #unanswered = 0;
  /** The enhancer is at work. */
  #enhancing = false;

  constructor(ready: Ready, tools: LiveTools) {
    this.job = ready.job;
    this.route = ready.route;
    this.ticket = ready.ticket;
    this.start = ready.start;
    this.charge = ready.charge;
    this.notices = ready.notices;
    this.since = tools.elapsed();
    this.#tools = tools;
    this.#resumed = ready.resumed;
    this.#takenAt = tools.now();
    const { promise, resolve, reject } = Promise.withResolvers<Job>();
    promise.catch(() => {});
    [this.finished, this.resolve, this.reject] = [promise, resolve, reject];
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  get turns(): AbortSignal {
    this.#turns ??= new AbortController();
    return this.#turns.signal;
  }

  /** Lets no further call begin. */
  endTurns(reason: Error): void {
    this.#turns ??= new AbortController();
    this.#turns.abort(reason);
  }

  /** Decides the end: what can be stopped is stopped, with this reason. */
  end(reason: Error): void {
    this.ended = true;
    this.endTurns(reason);
    this.#controller ??= new AbortController();
    this.#controller.abort(reason);
  }

  /** Forgets its pictures so far, because they were erased. */
  erase(): void {
    this.job = { ...this.job, pictures: [] };
    this.settled = 0;
  }

  status(): JobStatus {
    const { job, begun, ticket, since } = this;
    const { now, elapsed } = this.#tools;
    // How far the clock has moved by itself: with it, durations until now are true.
    const jump = now() - this.#takenAt - (elapsed() - since);
    const done = ({ fraction = 0 }: Progress) => fraction;
    const [least] = [...this.#progress.values()].sort((a, b) => done(a) - done(b));
    return {
      state: begun ? "running" : "queued",
      stage: this.#stage(),
      position: ticket.position(),
      startedAt: job.startedAt === null ? undefined : Math.round(job.startedAt + jump),
      progress: least,
    };
  }

  /** While one picture of several is at the service or waits for its turn, the job is being painted. */
  #stage(): JobStage {
    if (!this.begun) return this.#enhancing ? "enhancing" : "waiting";
    const isAnswered = this.#unanswered === 0 && this.calls >= missingPictures(this.job).length;
    return isAnswered ? "finishing" : "painting";
  }

  // === What its run tells

  /** Records on disk that the job is at the service; no call is made before that. */
  onCall(plan: Plan): Promise<void> | undefined {
    this.calls++;
    this.#unanswered++;
    if (this.begun) return this.#recorded;
    this.begun = true;
    this.#recorded = this.#recordBegin(plan);
    this.changes?.tell();
    return this.#recorded;
  }

  #recordBegin({ recipe, notices: planned }: Plan): Promise<void> | undefined {
    const { job, route, start } = this;
    // It began with its acceptance, as its record says.
    if (start?.lease) return undefined;
    const startedAt = job.startedAt ?? this.#tools.now();
    const notices = [...this.notices, ...planned];
    // A call that costs nothing may be repeated.
    const known = !(route.provider.capabilities.paid || this.#resumed);
    const attempts = job.attempts + (known ? 0 : 1);
    this.job = { ...job, state: "running", recipe, notices, attempts, startedAt };
    return known
      ? undefined
      : this.#tools.ledger.begin(job.code, { attempts, startedAt, recipe, notices });
  }

  /**
   * Takes back that it was begun here, on disk: a process that stops leaves it without a call under way, so the next one
   * repeats none.
   */
  async unbegin(): Promise<void> {
    const { code, attempts, startedAt, recipe, notices } = this.job;
    if (attempts === 0 || startedAt === null || !recipe) return;
    const begun = { attempts: attempts - 1, startedAt, recipe, notices };
    await this.#tools.ledger.begin(code, begun);
  }

  onAccepted(number: number, remote: JsonValue): Promise<void> {
    const remotes = { ...this.job.remotes, [number]: remote };
    this.job = { ...this.job, remotes };
    return this.#tools.ledger.note(this.job.code, { remotes });
  }

  onProgress(number: number, progress: Progress): void {
    this.#progress.set(number, progress);
    this.changes?.tell();
  }

  onEnhancing(isAtWork: boolean): void {
    this.#enhancing = isAtWork;
    this.changes?.tell();
  }

  onAnswered(): void {
    this.#unanswered--;
    this.changes?.tell();
  }

  /** Stores a picture; the last one is stored with the end of its job, and a late one after that. */
  onPicture(picture: Picture): Promise<void> | undefined {
    const pictures = [...this.job.pictures, picture].sort((a, b) => a.number - b.number);
    this.job = { ...this.job, pictures };
    this.charge?.keep(1);
    const last = !this.ended && missingPictures(this.job).length === 0;
    return last || isFinished(this.job)
      ? undefined
      : this.#tools.ledger.note(this.job.code, { pictures });
  }

  onCallEnded(): void {
    this.calls--;
  }
}
