import type { HistoryPage } from "./archive.ts";
import { type Brief, type BriefTools, readBrief } from "./brief.ts";
import { UnderWay } from "./deadline.ts";
import { ImageError, isImageError } from "./errors.ts";
import { isFinished, type Job } from "./job.ts";
import { wordingOf } from "./pipeline.ts";
import { Presets, type PresetTools } from "./presets.ts";
import { type ImageRequest, idsOf, type Requester, type Viewer } from "./request.ts";
import { findSource, type KeptSource, type SentPicture, takeSource } from "./sources.ts";
import {
  type AcceptTools,
  accept,
  type Digest,
  fingerprintOf,
  giveUp,
  jobOfKey,
  type Submission,
  takeUp,
  viewerOf,
} from "./studio/accept.ts";
import { askAgain, type Changes, checkChanges } from "./studio/again.ts";
import { CodeGuard, guesserOf } from "./studio/code-guard.ts";
import { Gallery } from "./studio/gallery.ts";
import { KeptPictures, type KeptPicturesTools } from "./studio/kept-pictures.ts";
import { originOf } from "./studio/origin.ts";
import { Outbox, type OutboxOptions } from "./studio/outbox.ts";
import type { Ready } from "./studio/live.ts";
import { JobRunner } from "./studio/runner.ts";
import { tellEnd } from "./observe.ts";
import type { JobEnded, JobStatus } from "./studio/watch.ts";
import { endingOf, follows, type Work } from "./studio/work.ts";

/** What a studio needs beside the options of its parts. */
export interface StudioOptions extends AcceptTools, OutboxOptions, BriefTools, PresetTools {
  readonly imaging: KeptPicturesTools["imaging"];
  readonly refetchMs?: number;
  readonly digest: Digest;
  /** Who works on accepted jobs; this process where it is absent. `onFinished` is called once for each that ends. */
  readonly work?: (onFinished: (job: Job) => void) => Work;
}

/** The interface between doors and core: accepts requests and finishes the jobs that it accepted. */
export class Studio {
  /** Pictures to be read in pieces, and in other forms. */
  readonly kept: KeptPictures;
  readonly gallery: Gallery;
  readonly presets: Presets;
  readonly #options: StudioOptions;
  readonly #work: Work;
  readonly #outbox: Outbox;
  readonly #codes: CodeGuard;
  readonly #accepting = new UnderWay();
  #stopping = false;

  constructor(options: StudioOptions) {
    this.#options = options;
    this.#codes = new CodeGuard(options.elapsed);
    this.kept = new KeptPictures(options);
    this.gallery = new Gallery({
      ...options,
      owned: (code, by) => this.own(code, by),
      cancel: (code, by) => this.cancel(code, by),
    });
    this.presets = new Presets(options, this.#codes);
    this.#outbox = new Outbox(options);
    const onFinished = (job: Job) => this.#finished(job);
    this.#work = options.work?.(onFinished) ?? new JobRunner(options, onFinished);
  }

  /**
   * Accepts a request: when this resolves the job is on disk and has its place in line. Throws what `readBrief` and
   * `accept` throw, `unknown-preset`, `not-found` (of what it edits) and `restarting`; then nothing was charged.
   */
  async submit(request: ImageRequest, submission: Submission): Promise<Job> {
    const preset = await this.presets.namedIn(request, submission);
    const brief = readBrief(request, submission.defaults ?? [], this.#options, preset);
    return this.#accept(brief, request, submission);
  }

  /** What a request's words would be painted as. Nothing is painted or charged. Throws what `submit` throws. */
  async wordingOf(request: ImageRequest, requester: Requester, signal: AbortSignal) {
    const preset = await this.presets.namedIn(request, { requester });
    return wordingOf(readBrief(request, [], this.#options, preset), signal, this.#options);
  }

  /** Makes a job again, changed or not. Throws what `find` and `submit` throw. */
  async again(code: string, changes: Changes, submission: Submission): Promise<Job> {
    const parent = await this.find(code, viewerOf(submission));
    checkChanges(parent, changes);
    const brief = askAgain(parent, changes, this.#options.newSeed);
    return this.#accept(brief, { code, changes }, submission, code);
  }

  /**
   * The job in its final state. Rejects with `not-found`, and with `restarting` when this process stops before the end or
   * does not work on it.
   */
  finished(code: string): Promise<Job> {
    return this.#work.finished(code) ?? this.#ending(code).then(({ end }) => end);
  }

  /**
   * How a job stands: at once, whenever that changes, and at least every `everyMs`; last of all its end. Throws what
   * `finished` throws.
   */
  async *watch(code: string, everyMs = 1000): AsyncGenerator<JobStatus | JobEnded, void> {
    const { end } = await this.#ending(code);
    // A watcher that leaves early does not await this; its rejection is ignored.
    end.catch(() => undefined);
    const standing = this.#work.standing(code);
    if (standing) yield* standing.watch(everyMs);
    yield { state: "ended", job: await end };
  }

  /** How a job stands now; undefined once it has ended. */
  view(code: string): JobStatus | undefined {
    return this.#work.status(code);
  }

  /** The job with this code, unless it is private and another's. Throws `not-found` and `too-many-lookups`. */
  async find(code: string, viewer: Viewer): Promise<Job> {
    const job = this.#work.find(code) ?? (await this.#options.archive.find(code));
    if (job && !isFinished(job)) follows(job, this.#work);
    // An owner who looks up an own job is not guessing codes.
    if (job && this.#owns(job, viewer)) return job;
    const guesser = guesserOf(viewer);
    this.#codes.check(guesser);
    if (job && !job.private) return job;
    this.#codes.record(guesser);
    throw new ImageError("not-found", { code });
  }

  /** The same where it is the viewer's own, or the viewer an operator. Throws what `find` throws, and `not-yours`. */
  async own(code: string, viewer: Viewer): Promise<Job> {
    const job = await this.find(code, viewer);
    if (!this.#owns(job, viewer)) throw new ImageError("not-yours", { code });
    return job;
  }

  /** A requester's own job with this idempotency key. */
  findByKey(requester: Requester, key: string) {
    return jobOfKey(requester, key, this.#options);
  }

  /** The newest job with a picture of exactly these bytes (by SHA-256), among those that this viewer may see. */
  findByHash(hash: string, viewer: Requester): Promise<Job | undefined> {
    const owner = this.#isOperator(viewer) ? undefined : viewer.id;
    return this.#options.pictures.findByHash(hash, owner);
  }

  /** Ends an unfinished job. Throws `not-found`, and `not-yours` unless `by` is its owner or an operator. */
  async cancel(code: string, by: Requester): Promise<Job> {
    const job = await this.own(code, by);
    const ended = this.#work.finished(code);
    this.#work.cancel(code);
    return ended ?? job;
  }

  /** A requester's own jobs, newest first. */
  history(requester: Requester, page: HistoryPage) {
    return this.gallery.page(requester, page);
  }

  /** The same requester's jobs with the same request that are unfinished or ended after this time. */
  async sameRequests(requester: Requester, request: object, endedAfter: number) {
    const { archive } = this.#options;
    const prints = idsOf(requester).map((id) => this.fingerprint({ id }, request));
    return (await Promise.all(prints.map((one) => archive.sameRequests(one, endedAfter)))).flat();
  }

  /** Equal for equal requester and request; the order of keys does not matter. */
  fingerprint(requester: Requester, request: object) {
    return fingerprintOf(requester.id, request, this.#options.digest);
  }

  /** Keeps a picture to edit, for `request.sources` and `mask`. Throws `invalid-request` and `storage-failed`. */
  keepSource(sent: Uint8Array | URL): Promise<SentPicture> {
    return takeSource(sent, this.#options);
  }

  /** A picture to edit by its id; undefined when there is none (any more). */
  source(id: string): Promise<KeptSource | undefined> {
    return findSource(id, this.#options);
  }

  /** A picture by the id in its link, with its job. */
  picture(id: string) {
    return this.#options.pictures.find(id);
  }

  /** Erases a job's pictures here, not at the service. Throws like `cancel`. */
  async erasePictures(code: string, by: Requester): Promise<void> {
    await this.cancel(code, by);
    this.#work.erase(code);
    await this.#options.images.remove(await this.#options.pictures.remove(code));
  }

  /** Erases all jobs and pictures of a requester, unfinished jobs included. Charges stay. */
  forget(requester: Requester): Promise<void> {
    return this.gallery.forget(requester);
  }

  /** Shows a private job to all who have its code. Throws like `cancel`. */
  async publish(code: string, by: Requester): Promise<Job> {
    const job = await this.own(code, by);
    this.#work.publish(code);
    await this.#options.archive.publish(code);
    return { ...job, private: false };
  }

  /** Whether there are quotas at all. */
  get hasQuotas(): boolean {
    return this.#options.quota !== undefined;
  }

  /** What is left of the requester's quotas; nothing where there are none. */
  async quotaOf(requester: Requester) {
    if (this.#isOperator(requester)) return [];
    return (await this.#options.quota?.state(requester.id)) ?? [];
  }

  /**
   * Resumes the jobs of an earlier process and ends those that are too old; where others work on them, only to tell of
   * them. Answers the resumed jobs.
   */
  async resume(): Promise<readonly Job[]> {
    const resumed: Job[] = [];
    for (const job of await this.#options.ledger.open()) {
      if (isFinished(job)) this.#outbox.add(job);
      else if (follows(job, this.#work)) resumed.push(this.#accompanied(job).job);
      else if (await this.#takeUp(job)) resumed.push(job);
    }
    return resumed;
  }

  /** Stops accepting work, lets running calls end for `graceMs`, and leaves the rest on disk. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    await this.#accepting.ended(graceMs);
    await this.#work.stop(graceMs);
    await this.#outbox.stop();
  }

  /** `identity`: requests that are equal in it are the same request. */
  async #accept(brief: Brief, identity: object, submission: Submission, parent?: string) {
    if (this.#stopping) throw new ImageError("restarting", {});
    const fingerprint = (of: Requester) => this.fingerprint(of, identity);
    const find = (name: string) => this.find(name, viewerOf(submission));
    const origin = () => originOf(brief, { ...this.#options, find, kept: this.kept });
    const draft = { fingerprint, brief, origin, parent };
    const accepting = accept(draft, submission, this.#options).then(({ job, ready }) => {
      if (ready) this.#begin(ready);
      return job;
    });
    return this.#accepting.add(accepting);
  }

  #ending(code: string) {
    return endingOf(code, { work: this.#work, archive: this.#options.archive });
  }

  #begin(ready: Ready): void {
    this.#work.take(ready);
    const { job, announced } = this.#accompanied(ready.job);
    this.#work.start(job.code, announced);
  }

  /** Lets its door show how a job stands, where that is to be shown. */
  #accompanied(job: Job) {
    const standing = job.delivery.state === "open" ? this.#work.standing(job.code) : undefined;
    return { job, announced: standing && this.#outbox.accompany(job, standing) };
  }

  // === Resuming after a restart

  /** Resumes one job; false where it ended instead. */
  async #takeUp(job: Job): Promise<boolean> {
    try {
      this.#begin(takeUp(job, this.#options));
      return true;
    } catch (error) {
      if (!isImageError(error)) throw error;
      this.#finished(await giveUp(job, error, this.#options));
      return false;
    }
  }

  #finished(job: Job): void {
    tellEnd(job, this.#options);
    if (job.delivery.state === "open") this.#outbox.add(job);
  }

  #owns(job: Job, viewer: Requester): boolean {
    return idsOf(viewer).includes(job.requester.id) || this.#isOperator(viewer);
  }

  #isOperator(requester: Requester): boolean {
    return idsOf(requester).some((id) => this.#options.operators.has(id));
  }
}
