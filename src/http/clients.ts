import { revivedError } from "../../core/errors.ts";
import type { Defaults } from "../../core/brief.ts";
import { isFinished, type Job } from "../../core/job.ts";
import type { ImageRequest, Requester } from "../../core/request.ts";
import type { Studio } from "../../core/studio.ts";
import { type Door, onGone, type RequestContext } from "./context.ts";
import { invitesRetry } from "./errors.ts";
import { isUnderWay } from "./progress.ts";

/** The name of this door among the doors that take jobs. */
export const httpDoor = "http";

/** For this long a finished job can still be taken over by a retry, and a refused client is expected to ask again. */
const takeoverMs = 120_000;

/** A request is seldom tried so often at once; more is not worth remembering. */
const maxNoted = 16;

/** Who asks for a picture, and how. */
export interface Asking {
  readonly requester: Requester;
  /** The endpoint: the same request at another one is not the same. */
  readonly endpoint: string;
  /** What counts where neither the request nor its words say anything. */
  readonly defaults?: Defaults | undefined;
  /** The client's Idempotency-Key. */
  readonly key: string | undefined;
  /** The client says that it asks once more for what it asked for before. */
  readonly isRetry: boolean;
}

/** Submits a request, or takes over the job of an earlier try, and lets it go when the client is gone. */
export async function askFor(
  door: Door,
  context: RequestContext,
  request: ImageRequest,
  { endpoint, defaults }: Pick<Asking, "endpoint" | "defaults">,
): Promise<Hold> {
  const { req } = context;
  const hold = await door.clients.ask(request, {
    requester: context.get("requester"),
    endpoint,
    defaults,
    key: req.header("idempotency-key") || undefined,
    isRetry: Number(req.header("x-stainless-retry-count") ?? 0) >= 1,
  });
  return holdFor(context, hold);
}

/** The same hold, named in the answer and let go when the client is gone. */
export function holdFor(context: RequestContext, hold: Hold): Hold {
  context.set("held", { code: hold.job.code, replayed: hold.replayed });
  onGone(context, (answered) => hold.release(answered));
  return hold;
}

/** A client's hold on a job. */
export interface Hold {
  readonly job: Job;
  /** The job had ended before this client asked. */
  readonly replayed: boolean;
  /** The client is told that the job failed, and that it may ask again. */
  refused(): void;
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
  /** How many clients hold a job. */
  readonly #holders = new Map<string, number>();
  /** When retries took over a job, the last of them last. */
  readonly #takeovers = new Map<string, readonly number[]>();
  /** Jobs whose clients hung up before the answer; a retry may take them over. */
  readonly #orphans = new Map<string, NodeJS.Timeout>();
  /** When clients were told to ask again, by what they asked for. */
  readonly #refusals = new Map<string, readonly number[]>();

  constructor(studio: Studio, options: { graceMs: number; now: () => number }) {
    this.#studio = studio;
    this.#graceMs = options.graceMs;
    this.#now = options.now;
  }

  /** Takes over the job that this client, or an earlier try of it, has asked for already, or submits a new one. */
  async ask(request: ImageRequest, asking: Asking): Promise<Hold> {
    const refused = () => this.#note(this.#refusals, this.#identityOf(request, asking));
    const mayTakeOver = asking.isRetry || this.#orphans.size > 0;
    if (asking.key === undefined && mayTakeOver) {
      const earlier = await this.#takeOver(request, asking);
      if (earlier) return { ...earlier, refused };
    }
    const askedAt = this.#now();
    try {
      const job = await this.#submit(request, asking);
      return { ...this.#hold(job, false), replayed: endedBefore(job, askedAt), refused };
    } catch (error) {
      if (invitesRetry(error)) refused();
      throw error;
    }
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

  /** Forgets the jobs that wait for a retry; they stay as they are. */
  stop(): void {
    for (const timer of this.#orphans.values()) clearTimeout(timer);
    this.#orphans.clear();
  }

  // === Asking

  /** What its client may ask for again has a further place under the same key, and so on. */
  async #submit(request: ImageRequest, asking: Asking): Promise<Job> {
    const { requester, endpoint, key, defaults } = asking;
    const askedAt = this.#now();
    const delivery = { door: httpDoor, place: { endpoint }, direct: true };
    const submission = { requester, delivery, ...(defaults && { defaults: [defaults] }) };
    if (key === undefined) return this.#studio.submit(request, submission);
    for (let current = key; ; ) {
      const job = await this.#studio.submit(request, { ...submission, key: current });
      const error = endedBefore(job, askedAt) && job.error;
      if (!error || !invitesRetry(revivedError(error))) return job;
      current = `${key} ${job.code}`;
    }
  }

  /**
   * Orphans first; for a retry also what another client holds or has got, as its own hanging up may go unnoticed,
   * unless its earlier try was refused and asks for nothing but to be made again.
   */
  async #takeOver(request: ImageRequest, asking: Asking): Promise<Hold | undefined> {
    const since = this.#now() - takeoverMs;
    const sameRequests = await this.#studio.sameRequests(asking.requester, request, since);
    const own = sameRequests.filter(
      ({ key, delivery }) =>
        key === null && (delivery.place as { endpoint?: unknown }).endpoint === asking.endpoint,
    );
    const eligible = own.filter((job) => this.#mayBeTakenOver(job));
    const orphan = eligible.find(({ code }) => this.#orphans.has(code));
    if (orphan) return this.#hold(orphan, asking.isRetry);
    if (!asking.isRetry || this.#wasRefused(request, asking)) return undefined;
    const retries = (job: Job) => this.#takeovers.get(job.code)?.length ?? 0;
    const [first] = eligible.sort(
      (a, b) => Number(isFinished(a)) - Number(isFinished(b)) || retries(a) - retries(b),
    );
    return first && this.#hold(first, true);
  }

  #mayBeTakenOver(job: Job): boolean {
    if (!isFinished(job)) return true;
    return job.state === "done" && this.#isRecent(job.finishedAt ?? 0);
  }

  // === Refusals: one retry follows each

  /** Whether this retry follows a refusal, which is then used up, rather than a broken connection. */
  #wasRefused(request: ImageRequest, asking: Asking): boolean {
    const identity = this.#identityOf(request, asking);
    const times = this.#refusals.get(identity) ?? [];
    const [first, ...left] = times.filter((time) => this.#isRecent(time));
    if (left.length > 0) this.#refusals.set(identity, left);
    else this.#refusals.delete(identity);
    return first !== undefined;
  }

  /** Adds the time to those of this name, and forgets the names that have only old ones. */
  #note(times: Map<string, readonly number[]>, name: string): void {
    const before = times.get(name) ?? [];
    times.delete(name);
    times.set(name, [...before, this.#now()].slice(-maxNoted));
    for (const [old, all] of times) {
      if (this.#isRecent(all.at(-1) ?? 0)) return;
      times.delete(old);
    }
  }

  #isRecent(time: number): boolean {
    return this.#now() - time < takeoverMs;
  }

  #identityOf(request: ImageRequest, { requester, endpoint }: Asking): string {
    return this.#studio.fingerprint(requester, { endpoint, request });
  }

  // === Holding

  #hold(job: Job, isRetry: boolean): Hold {
    clearTimeout(this.#orphans.get(job.code));
    this.#orphans.delete(job.code);
    this.#holders.set(job.code, (this.#holders.get(job.code) ?? 0) + 1);
    if (isRetry) this.#note(this.#takeovers, job.code);
    let held = true;
    return {
      job,
      replayed: false,
      refused() {},
      release: (answered) => {
        if (!held) return;
        held = false;
        const others = (this.#holders.get(job.code) ?? 1) - 1;
        if (others > 0) this.#holders.set(job.code, others);
        else this.#holders.delete(job.code);
        if (others === 0 && !answered) this.#orphan(job);
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
    if (isUnderWay(this.#studio, job)) {
      this.#orphans.delete(job.code);
      await this.#studio.cancel(job.code, job.requester).catch(() => {});
      return;
    }
    const timer = setTimeout(() => this.#orphans.delete(job.code), takeoverMs);
    timer.unref();
    this.#orphans.set(job.code, timer);
  }
}

function endedBefore(job: Job, time: number): boolean {
  return isFinished(job) && job.createdAt < time;
}
