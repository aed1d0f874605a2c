import { askAgain, type Changes, checkChanges } from "./studio/again.ts";
import { type AskedTools, readAsked } from "./asked.ts";
import { createDeadline } from "./deadline.ts";
import { type AnyImageError, ImageError, storedError } from "./errors.ts";
import { fingerprintOf } from "./studio/fingerprint.ts";
import { type Draft, Intake, type IntakeOptions, type Submission } from "./studio/intake.ts";
import type { Delivery, HistoryPage, Job, JobChanges, Picture } from "./job.ts";
import { FailedLookups } from "./studio/lookups.ts";
import type { Notice } from "./notices.ts";
import type { Outbox } from "./studio/outbox.ts";
import type { Place } from "./queue.ts";
import type { Quota, QuotaState } from "./quota.ts";
import { type ImageRequest, imageRequest, type Requester } from "./request.ts";
import { findSource, type KeptSource, keepSource, type SentPicture } from "./studio/source.ts";
import { type JobView, Workshop, type WorkshopOptions } from "./studio/workshop.ts";

export interface StudioOptions
  extends Omit<WorkshopOptions, "onFinished" | "onUnmade">,
    Omit<IntakeOptions, "charges">,
    Pick<AskedTools, "newSeed"> {
  readonly quota: Quota;
  readonly outbox: Outbox;
  /** Ids of requesters who may see and cancel everything and have no quota. */
  readonly operators: ReadonlySet<string>;
  /** Unfinished jobs older than this are not taken up again. */
  readonly ttlMs: number;
}

/** The one thing a door talks to: takes requests, keeps their promises. */
export class Studio {
  readonly #options: StudioOptions;
  readonly #workshop: Workshop;
  readonly #lookups: FailedLookups;
  readonly #intake: Intake;
  #stopping = false;

  constructor(options: StudioOptions) {
    this.#options = options;
    this.#lookups = new FailedLookups(options.now);
    this.#intake = new Intake({
      ...options,
      charges: {
        reserve: (job) => this.#reserve(job),
        giveBack: (job) => this.#giveBack(job, job.asked.count),
      },
    });
    this.#workshop = new Workshop({
      ...options,
      onFinished: (job) => this.#finished(job),
      onUnmade: (job, count) => this.#giveBack(job, count),
    });
  }

  /**
   * Accepts a request: when this resolves the job is on disk and has its place in line. Throws `invalid-request`,
   * `unknown-model`, `unsupported`, `content-refused`, `quota-exceeded`, `queue-full`, `key-reused` or
   * `storage-failed`, and then nothing was charged.
   */
  async submit(request: ImageRequest, submission: Submission): Promise<Job> {
    const parsed = imageRequest.parse(request);
    const asked = readAsked(parsed, this.#options);
    return this.#accept({ request: parsed, asked, identity: parsed, parent: null }, submission);
  }

  /** Makes a job again, changed or not. Throws what `find` and `submit` throw. */
  async again(code: string, changes: Changes, submission: Submission): Promise<Job> {
    const parent = await this.find(code, submission.requester);
    checkChanges(parent, changes);
    const asked = askAgain(parent, changes, this.#options.newSeed);
    const { request } = parent;
    return this.#accept({ request, asked, identity: { code, changes }, parent: code }, submission);
  }

  /** The job in its final state. Rejects with the signal's reason, or `cancelled` when the process stops before. */
  async finished(code: string): Promise<Job> {
    const job = (await this.#workshop.finished(code)) ?? (await this.#options.jobs.find(code));
    if (!job) throw new ImageError("not-found", { code });
    return job;
  }

  /** Whoever has a code may see its job, unless it is private. Throws `not-found` and `too-many-lookups`. */
  async find(code: string, viewer: Requester): Promise<Job> {
    const job = await this.#options.jobs.find(code);
    // Who asks for what is his own guesses at nothing.
    if (job && this.#owns(job, viewer)) return job;
    this.#lookups.check(viewer.id);
    if (job && !job.private) return job;
    this.#lookups.record(viewer.id);
    throw new ImageError("not-found", { code });
  }

  /** Of the jobs that this viewer may see, the newest with a picture of exactly these bytes, by their SHA-256. */
  findByHash(hash: string, viewer: Requester): Promise<Job | undefined> {
    const { jobs } = this.#options;
    return this.#isOperator(viewer) ? jobs.findByHash(hash) : jobs.findByHash(hash, viewer.id);
  }

  /** What can be told of a job while it is worked on; undefined once it has ended. */
  view(code: string): JobView | undefined {
    return this.#workshop.view(code);
  }

  /** Ends an unfinished job. Throws `not-found` and, for others than its owner and operators, `not-yours`. */
  async cancel(code: string, by: Requester): Promise<Job> {
    const job = await this.#owned(code, by);
    if (!this.#workshop.cancel(code)) return job;
    return this.finished(code);
  }

  /** A requester's own jobs, newest first. */
  history(requester: Requester, page: HistoryPage): Promise<readonly Job[]> {
    return this.#options.jobs.history(requester.id, page);
  }

  /** The same requester's jobs with the same request, oldest first. */
  twins(requester: Requester, request: ImageRequest, newerThan: number): Promise<readonly Job[]> {
    return this.#options.jobs.findTwins(fingerprintOf(requester.id, request), newerThan);
  }

  /** The bytes of a picture, within the time of one call; undefined when they were swept or deleted. */
  async bytesOf(picture: Picture, job: Job, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const { images, fetchPicture, timeoutMs } = this.#options;
    if (picture.hash) return images.read(picture.hash);
    if (!picture.link) return undefined;
    const deadline = createDeadline(timeoutMs);
    deadline.follow(signal);
    const bytes = fetchPicture(picture.link, job.recipe?.provider ?? "", deadline.signal);
    return bytes.finally(() => deadline.clear());
  }

  /** Takes in a picture to edit: `request.source` is its id. Throws `invalid-request` and `storage-failed`. */
  keepSource(bytes: Uint8Array): Promise<SentPicture> {
    return keepSource(bytes, this.#options);
  }

  /** A picture to edit by its id; undefined when it is not here (any more). */
  source(id: string): Promise<KeptSource | undefined> {
    return findSource(id, this.#options);
  }

  /** A picture by the id in its link. */
  picture(id: string) {
    return this.#options.jobs.findPicture(id);
  }

  /** Erases a job's pictures, here at least. Throws like `cancel`. */
  async erasePictures(code: string, by: Requester): Promise<void> {
    await this.#owned(code, by);
    this.#workshop.cancel(code);
    await this.#options.images.remove(await this.#options.jobs.removePictures(code));
  }

  /** Erases all of a requester's jobs and pictures, unfinished ones included; what they were charged stays. */
  async forget(requester: Requester): Promise<void> {
    const { jobs, images } = this.#options;
    for (;;) {
      const page = await jobs.history(requester.id, { limit: 100 });
      if (page.length === 0) return;
      for (const { code } of page) {
        if (this.#workshop.cancel(code)) await this.finished(code).catch(() => {});
      }
      await images.remove(await jobs.remove(page.map(({ code }) => code)));
    }
  }

  /** A door's own change to a job that is its business alone, such as that its answer has arrived. */
  async delivered(code: string): Promise<void> {
    const job = await this.#options.jobs.find(code);
    if (!job) return;
    const delivery: Delivery = { ...job.delivery, state: "delivered" };
    await this.#options.jobs.update(code, { delivery });
  }

  /** Shows a private job to whoever has its code. Throws like `cancel`. */
  async publish(code: string, by: Requester): Promise<Job> {
    const job = await this.#owned(code, by);
    await this.#options.jobs.update(code, { private: false });
    return { ...job, private: false };
  }

  quotaOf(requester: Requester): Promise<readonly QuotaState[]> {
    return this.#isOperator(requester)
      ? Promise.resolve([])
      : this.#options.quota.state(requester.id);
  }

  /** Takes up what an earlier process left, and ends what is too old. Answers the jobs that go on. */
  async resume(): Promise<readonly Job[]> {
    const resumed: Job[] = [];
    for (const job of await this.#options.jobs.unfinished()) {
      const reason = this.#reasonToGiveUp(job);
      if (reason) await this.#giveUp(job, reason);
      else resumed.push(job);
    }
    for (const job of resumed) this.#begin(job, this.#intake.join(job, true), this.#repeats(job));
    await this.#options.outbox.resume();
    return resumed;
  }

  /** Takes no more work, lets calls that are under way end for so long, and leaves the rest on disk. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    await this.#workshop.stop(graceMs);
    await this.#options.outbox.stop();
  }

  async #accept(draft: Draft, submission: Submission): Promise<Job> {
    if (this.#stopping) throw new ImageError("cancelled", { by: "shutdown" });
    const { job, place } = await this.#intake.accept(draft, submission);
    if (place) this.#begin(job, place, []);
    return job;
  }

  #begin(job: Job, place: Place, notices: readonly Notice[]): void {
    this.#workshop.start(job, place, notices);
    this.#options.outbox.accompany(job, () => this.view(job.code));
  }

  // === Going on after a restart

  #reasonToGiveUp(job: Job): AnyImageError | undefined {
    const { now, ttlMs } = this.#options;
    if (job.pictures.length === job.asked.count) return undefined;
    if (now() - job.createdAt > ttlMs) return new ImageError("expired", { afterMs: ttlMs });
    return job.attempts >= 2 ? new ImageError("interrupted", {}) : undefined;
  }

  async #giveUp(job: Job, reason: AnyImageError): Promise<void> {
    const changes: JobChanges = {
      state: "failed",
      error: storedError(reason),
      finishedAt: this.#options.now(),
    };
    await this.#options.jobs.update(job.code, changes);
    await this.#giveBack(job, job.asked.count - job.pictures.length);
    this.#count({ ...job, ...changes });
  }

  /** A paid call that was under way when the process died is made once more, and the result says so. */
  #repeats(job: Job): Notice[] {
    const { catalogue, provider } = this.#options;
    const model = catalogue.models.find(({ id }) => id === job.asked.model);
    const paid = model && provider(model.provider).capabilities.paid;
    const missing = job.pictures.length < job.asked.count;
    return paid && missing && job.attempts > 0 ? [{ code: "asked-twice" }] : [];
  }

  // === Ending

  async #finished(job: Job): Promise<void> {
    this.#count(job);
    this.#options.outbox.add(job);
  }

  #count(job: Job): void {
    const { log, observe } = this.#options;
    const outcome = job.state === "failed" ? (job.error?.code ?? "internal") : job.state;
    const tookMs = (job.finishedAt ?? 0) - job.createdAt;
    const { door } = job.delivery;
    log.info({ job: job.code, requester: job.requester.id, door, outcome, tookMs }, "job ended");
    if (outcome === "queued" || outcome === "running") return;
    observe.jobFinished({ door, model: job.asked.model, outcome });
  }

  async #reserve({ requester, asked, createdAt }: Job): Promise<void> {
    if (this.#isOperator(requester)) return;
    await this.#options.quota.reserve(requester.id, asked.count, createdAt);
  }

  async #giveBack(job: Job, count: number): Promise<void> {
    if (this.#isOperator(job.requester)) return;
    await this.#options.quota.giveBack(job.requester.id, count, job.createdAt);
  }

  // === Rights

  async #owned(code: string, by: Requester): Promise<Job> {
    const job = await this.find(code, by);
    if (!this.#owns(job, by)) throw new ImageError("not-yours", { code });
    return job;
  }

  #owns(job: Job, viewer: Requester): boolean {
    return job.requester.id === viewer.id || this.#isOperator(viewer);
  }

  #isOperator({ id }: Requester): boolean {
    return this.#options.operators.has(id);
  }
}
