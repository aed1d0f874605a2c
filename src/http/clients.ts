import { later } from "#runtime";
import { ImageError, revivedError } from "../../core/errors.ts";
import type { Defaults } from "../../core/brief.ts";
import { isFinished, type Job } from "../../core/job.ts";
import type { ImageRequest, Requester } from "../../core/request.ts";
import type { Studio } from "../../core/studio.ts";
import type { Submission } from "../../core/studio/accept.ts";
import { type Door, headerOf, onGone, type RequestContext } from "./context.ts";
import { invitesRetry } from "./errors.ts";
import { isUnderWay } from "./progress.ts";

/** The name of this door among the doors that take jobs. */
export const httpDoor = "http";

/**
 * For this long a retry can take over a finished job, a refused client is expected to retry, and the client of a job
 * that goes on after a restart is expected to come back for it.
 */
const takeoverMs = 120_000;

/** The most times that are remembered for one request. */
const maxNoted = 16;

/** What a client wants: two wishes with the same identity, at the same endpoint, are the same request. */
export interface Wish {
  readonly identity: object;
  submit(submission: Submission): Promise<Job>;
}

/** The client that asks for a picture, and how it asks. */
export interface Asking {
  readonly requester: Requester;
  /** The endpoint: equal requests at different endpoints are different requests. */
  readonly endpoint: string;
  /** Used for what neither the request nor its words say. */
  readonly defaults?: Defaults | undefined;
  /** The client's Idempotency-Key. */
  readonly key: string | undefined;
  /** The client marks the request as a retry. */
  readonly isRetry: boolean;
}

/** Submits a request, or takes over the job of an earlier try; releases it when the client is gone. */
export function askFor(
  door: Door,
  context: RequestContext,
  request: ImageRequest,
  how: Pick<Asking, "endpoint" | "defaults">,
): Promise<Hold> {
  const submit = (submission: Submission) => door.studio.submit(request, submission);
  return askForWish(door, context, { identity: request, submit }, how);
}

/** The same for what is submitted in another way. */
export async function askForWish(
  door: Door,
  context: RequestContext,
  wish: Wish,
  { endpoint, defaults }: Pick<Asking, "endpoint" | "defaults">,
): Promise<Hold> {
  const hold = await door.clients.ask(wish, {
    requester: context.get("requester"),
    endpoint,
    defaults,
    key: headerOf(context, "idempotency-key") || undefined,
    isRetry: Number(headerOf(context, "x-stainless-retry-count") ?? 0) >= 1,
  });
  context.set("held", { code: hold.job.code, replayed: hold.replayed });
  onGone(context, (answered) => hold.release(answered));
  return hold;
}

/** A client's hold on a job. */
export interface Hold {
  readonly job: Job;
  /** The job had ended before this client asked. */
  readonly replayed: boolean;
  /** To be called when the client is told that the job failed and that it may retry. */
  refused(): void;
  /** To be called once when the client is gone, with its answer or without. */
  release(answered: boolean): void;
}

/** `graceMs`: how long a job waits for a client that has hung up. */
export interface ClientsOptions {
  readonly graceMs: number;
  readonly now: () => number;
  /** Where clients may be at other processes: the last one that took a job has its clients. */
  readonly elsewhere?: {
    take(code: string): Promise<void>;
    has(code: string): Promise<boolean>;
  };
}

/**
 * The HTTP clients that wait for their jobs. When all clients of a job have hung up, it waits for a retry to take it
 * over and is then cancelled. A job with an idempotency key goes on, because its client can come back with that key.
 */
export class Clients {
  readonly #studio: Studio;
  readonly #elsewhere: ClientsOptions["elsewhere"];
  readonly #graceMs: number;
  readonly #now: () => number;
  /** How many clients hold a job. */
  readonly #holders = new Map<string, number>();
  /** When retries took over a job, oldest first. */
  readonly #takeovers = new Map<string, readonly number[]>();
  /** Jobs whose clients hung up before the answer; a retry may take them over. */
  readonly #orphans = new Map<string, () => void>();
  /** When clients were told to retry, by request. */
  readonly #refusals = new Map<string, readonly number[]>();

  constructor(studio: Studio, options: ClientsOptions) {
    this.#studio = studio;
    this.#elsewhere = options.elsewhere;
    this.#graceMs = options.graceMs;
    this.#now = options.now;
  }

  /** Takes over the job of an earlier try of this wish, or submits a new one. */
  async ask(wish: Wish, asking: Asking): Promise<Hold> {
    const refused = () => this.#note(this.#refusals, this.#identityOf(wish, asking));
    if (asking.key === undefined && (asking.isRetry || this.#orphans.size > 0)) {
      const earlier = await this.#takeOver(wish, asking);
      if (earlier) await this.#elsewhere?.take(earlier.code);
      if (earlier) return this.#hold(earlier, asking.isRetry, false, refused);
    }
    const askedAt = this.#now();
    try {
      const job = await this.#submit(wish, asking);
      if (job.createdAt < askedAt) await this.#elsewhere?.take(job.code);
      return this.#hold(job, false, endedBefore(job, askedAt), refused);
    } catch (error) {
      if (invitesRetry(error)) refused();
      throw error;
    }
  }

  /** Cancels what its requester asked for with this key, where it has not ended yet. Throws `not-found`. */
  async cancel(requester: Requester, key: string): Promise<Job> {
    const job = await this.#newestOfKey(requester, key);
    if (!job) throw new ImageError("not-found", { code: key.slice(0, 40) });
    return this.#studio.cancel(job.code, requester);
  }

  /** Treats the jobs of an earlier process as jobs whose clients hung up; these have longer to come back. */
  adopt(jobs: readonly Job[]): void {
    const graceMs = Math.max(this.#graceMs, takeoverMs);
    for (const job of jobs) {
      if (job.delivery.door === httpDoor) this.#orphan(job, graceMs);
    }
  }

  /** Forgets the jobs that wait for a retry; they stay as they are. */
  stop(): void {
    for (const stop of this.#orphans.values()) stop();
    this.#orphans.clear();
  }

  // === Asking

  /** Submits under the client's key. Where that key's job failed and may be retried, a key derived from it is used. */
  #submit(wish: Wish, { requester, endpoint, key, defaults }: Asking): Promise<Job> {
    const delivery = { door: httpDoor, place: { endpoint }, direct: true };
    const submission = { requester, delivery, ...(defaults && { defaults: [defaults] }) };
    return key === undefined ? wish.submit(submission) : this.#submitOnce(wish, submission, key);
  }

  async #submitOnce(wish: Wish, submission: Submission, key: string): Promise<Job> {
    const askedAt = this.#now();
    for (let current = key; ; ) {
      const job = await wish.submit({ ...submission, key: current });
      const error = endedBefore(job, askedAt) && job.error;
      if (!error || !invitesRetry(revivedError(error))) return job;
      current = nextKey(key, job);
    }
  }

  async #newestOfKey(requester: Requester, key: string): Promise<Job | undefined> {
    let newest: Job | undefined;
    for (let current = key; ; ) {
      const job = await this.#studio.findByKey(requester, current);
      if (!job) return newest;
      newest = job;
      current = nextKey(key, job);
    }
  }

  /**
   * Orphans first. A retry may also take over a job that a client still holds or has got, because the end of its own
   * connection may be unnoticed; not so where its earlier try was refused, which a retry has to make again.
   */
  async #takeOver(wish: Wish, asking: Asking): Promise<Job | undefined> {
    const since = this.#now() - takeoverMs;
    const sameRequests = await this.#studio.sameRequests(asking.requester, wish.identity, since);
    const own = sameRequests.filter(
      ({ key, delivery }) =>
        key === null && (delivery.place as { endpoint?: unknown }).endpoint === asking.endpoint,
    );
    const eligible = own.filter((job) => this.#mayBeTakenOver(job));
    const orphan = eligible.find(({ code }) => this.#orphans.has(code));
    if (orphan) return orphan;
    if (!asking.isRetry || this.#wasRefused(wish, asking)) return undefined;
    const retries = (job: Job) => this.#takeovers.get(job.code)?.length ?? 0;
    return eligible.sort(
      (a, b) => Number(isFinished(a)) - Number(isFinished(b)) || retries(a) - retries(b),
    )[0];
  }

  #mayBeTakenOver(job: Job): boolean {
    if (!isFinished(job)) return true;
    return job.state === "done" && this.#isRecent(job.finishedAt ?? 0);
  }

  // === Refusals: one retry follows each

  /** True where this retry follows a refusal rather than a broken connection. Uses that refusal up. */
  #wasRefused(wish: Wish, asking: Asking): boolean {
    const identity = this.#identityOf(wish, asking);
    const times = this.#refusals.get(identity) ?? [];
    const [first, ...left] = times.filter((time) => this.#isRecent(time));
    if (left.length > 0) this.#refusals.set(identity, left);
    else this.#refusals.delete(identity);
    return first !== undefined;
  }

  /** Adds the present time under this name, and forgets names with only old times. */
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

  #identityOf({ identity }: Wish, { requester, endpoint }: Asking): string {
    return this.#studio.fingerprint(requester, { endpoint, request: identity });
  }

  // === Holding

  #hold(job: Job, isRetry: boolean, replayed: boolean, refused: () => void): Hold {
    this.#orphans.get(job.code)?.();
    this.#orphans.delete(job.code);
    this.#holders.set(job.code, (this.#holders.get(job.code) ?? 0) + 1);
    if (isRetry) this.#note(this.#takeovers, job.code);
    let held = true;
    return {
      job,
      replayed,
      refused,
      release: (answered) => {
        if (!held) return;
        held = false;
        const others = (this.#holders.get(job.code) ?? 1) - 1;
        if (others > 0) this.#holders.set(job.code, others);
        else this.#holders.delete(job.code);
        if (others === 0 && !answered) this.#orphan(job, this.#graceMs);
      },
    };
  }

  #orphan(job: Job, graceMs: number): void {
    if (job.key !== null) return;
    this.#orphans.set(
      job.code,
      later(graceMs, () => void this.#endGrace(job)),
    );
  }

  /** Cancels an unfinished job; one that has ended meanwhile can still be taken over. */
  async #endGrace(job: Job): Promise<void> {
    if (isUnderWay(this.#studio, job)) {
      this.#orphans.delete(job.code);
      // Its client may have come back to another process.
      if ((await this.#elsewhere?.has(job.code).catch(() => false)) === false) return;
      await this.#studio.cancel(job.code, job.requester).catch(() => {});
      return;
    }
    this.#orphans.set(
      job.code,
      later(takeoverMs, () => this.#orphans.delete(job.code)),
    );
  }
}

/** The key of the job that follows this one, which its client was invited to ask for again. */
function nextKey(key: string, { code }: Job): string {
  return `${key} ${code}`;
}

function endedBefore(job: Job, time: number): boolean {
  return isFinished(job) && job.createdAt < time;
}
