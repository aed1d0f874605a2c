import type { Catalogue } from "../catalogue.ts";
import { ImageError } from "../errors.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { type Asked, type Delivery, type Job, type JobStore, newCode } from "../job.ts";
import type { Policy } from "../policy.ts";
import type { FairQueue, Place } from "../queue.ts";
import type { ImageRequest, Requester } from "../request.ts";
import { resolveSize } from "../size.ts";

/** Where a request comes from and where its pictures go. */
export interface Submission {
  readonly requester: Requester;
  /** The same key from the same requester is the same job. */
  readonly key?: string;
  readonly private?: boolean;
  readonly delivery: Pick<Delivery, "door" | "place">;
}

/** A job before it has a code. `identity` is what makes two requests the same one. */
export interface Draft {
  readonly request: ImageRequest;
  readonly asked: Asked;
  readonly identity: object;
  readonly parent: string | null;
}

export interface IntakeOptions {
  readonly catalogue: Catalogue;
  readonly queue: FairQueue;
  readonly policy: Policy;
  readonly jobs: JobStore;
  readonly now: () => number;
  /** How long an idempotency key is remembered. */
  readonly keyTtlMs: number;
  /** What a job costs its requester, all of it. */
  readonly charges: { reserve(job: Job): Promise<void>; giveBack(job: Job): Promise<void> };
}

/** Decides whether a request becomes a job, and puts it on disk before anybody is told that it did. */
export class Intake {
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /**
   * Answers the job with its place in line, or without one when its key is that of an earlier job. Throws
   * `content-refused`, `quota-exceeded`, `queue-full`, `key-reused` or `storage-failed`, having charged nothing.
   */
  async accept(draft: Draft, submission: Submission): Promise<{ job: Job; place?: Place }> {
    const job = this.#draftJob(draft, submission);
    const earlier = await this.#earlier(job);
    if (earlier) return { job: earlier };
    const place = this.join(job, false);
    try {
      await this.#options.charges.reserve(job);
      const stored = await this.#insert(job);
      if (stored.created) return { job, place };
      place.leave();
      return { job: stored.job };
    } catch (error) {
      place.leave();
      throw error;
    }
  }

  #draftJob({ request, asked, identity, parent }: Draft, submission: Submission): Job {
    const { policy, now } = this.#options;
    const { spoiler } = policy.judge(`${asked.words}\n${asked.negative}`);
    const { requester, key = null, private: isPrivate = false, delivery } = submission;
    return {
      code: newCode(),
      requester,
      request,
      asked: spoiler ? { ...asked, spoiler } : asked,
      state: "queued",
      recipe: null,
      pictures: [],
      notices: [],
      error: null,
      delivery: { ...delivery, state: "open", sends: {} },
      parent,
      private: isPrivate,
      key,
      fingerprint: fingerprintOf(requester.id, identity),
      attempts: 0,
      createdAt: now(),
      startedAt: null,
      finishedAt: null,
    };
  }

  async #earlier(job: Job): Promise<Job | undefined> {
    const { jobs, now, keyTtlMs } = this.#options;
    if (job.key === null) return undefined;
    const earlier = await jobs.findByKey(job.requester.id, job.key, now() - keyTtlMs);
    return earlier && sameRequest(earlier, job);
  }

  /** A place in line for what is left to make; `accepted` jobs join even where the line is full. */
  join(job: Job, accepted: boolean): Place {
    const { queue, catalogue } = this.#options;
    const { asked, requester, pictures } = job;
    const model = catalogue.models.find(({ id }) => id === asked.model) ?? catalogue.find();
    const { width, height } = resolveSize(asked.size, undefined, model, asked.quality);
    const count = asked.count - pictures.length;
    const { id, provider } = model;
    const joining = { requester: requester.id, provider, model: id, pixels: width * height, count };
    return queue.join({ ...joining, accepted });
  }

  async #insert(job: Job): Promise<{ job: Job; created: boolean }> {
    try {
      const stored = await this.#options.jobs.insert(job, this.#options.keyTtlMs);
      if (stored.created) return stored;
      await this.#options.charges.giveBack(job);
      return { job: sameRequest(stored.job, job), created: false };
    } catch (error) {
      await this.#options.charges.giveBack(job);
      throw error;
    }
  }
}

function sameRequest(earlier: Job, job: Job): Job {
  if (earlier.fingerprint === job.fingerprint) return earlier;
  throw new ImageError("key-reused", {});
}
