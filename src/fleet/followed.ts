import { isFinished, type Job } from "../../core/job.ts";
import type { Ready } from "../../core/studio/live.ts";
import { Changes, type JobStanding, type JobStatus, standingOf } from "../../core/studio/watch.ts";
import type { Work } from "../../core/studio/work.ts";
import { allEnded } from "../../core/deadline.ts";
import { ImageError } from "../../core/errors.ts";
import type { Log } from "../../core/observe.ts";
import type { Postgres } from "../storage/postgres.ts";
import { jobsWhere } from "../storage/postgres-archive.ts";
import { Gathered } from "./gathered.ts";
import { type Place, placesOf } from "./places.ts";
import type { Signals } from "./signals.ts";
import type { Wishes } from "./wishes.ts";

/** What following the jobs of workers needs. */
export interface FollowedOptions {
  readonly database: Postgres;
  readonly signals: Signals;
  readonly wishes: Wishes;
  /** This process, as the jobs name it that it tells of. */
  readonly id: string;
  /** Milliseconds until a waiting job's first picture is done. */
  readonly etaOf: (job: Job, place: Place) => number | undefined;
  readonly log: Log;
}

interface Followed {
  job: Job;
  status: JobStatus;
  readonly changes: Changes;
  readonly end: Promise<Job>;
  readonly resolve: (job: Job) => void;
  readonly reject: (error: Error) => void;
}

interface Row {
  readonly code: string;
  readonly turned: boolean;
  readonly standing: string | null;
}

/** Followed jobs are looked at this often without being told, in milliseconds. */
const lookMs = 1_000;

/** Jobs that workers make, as this process sees them: it looks at those that have changed, and at all from time to time. */
export class FollowedWork implements Work {
  readonly #options: FollowedOptions;
  readonly #onFinished: (job: Job) => void;
  readonly #jobs = new Map<string, Followed>();
  readonly #timer: NodeJS.Timeout;
  readonly #looks: Gathered<string>;
  readonly #ends: Gathered<string>;

  /** `onFinished` is called for the jobs that this process tells of. */
  constructor(options: FollowedOptions, onFinished: (job: Job) => void) {
    this.#options = options;
    this.#onFinished = onFinished;
    const { signals } = options;
    this.#looks = new Gathered((codes) => this.#quietly(this.#look(this.#still(codes))));
    this.#ends = new Gathered((codes) => this.#quietly(this.#end(this.#still(codes))));
    signals.on("job", (code) => this.#jobs.has(code) && this.#looks.add(code));
    signals.on("end", (code) => this.#jobs.has(code) && this.#ends.add(code));
    const lookAtAll = () => this.#looks.add(...this.#jobs.keys());
    signals.onAgain(lookAtAll);
    this.#timer = setInterval(lookAtAll, lookMs);
    this.#timer.unref();
  }

  take({ job }: Ready): void {
    void this.#add(job);
  }

  /** Workers begin by themselves. */
  start(): void {
    // Whatever the door announces, they do not wait for it.
  }

  follow(job: Job): Promise<Job> {
    const known = this.#jobs.get(job.code);
    if (known) return known.end;
    // It may have ended before this process knew of it.
    this.#looks.add(job.code);
    return this.#add(job);
  }

  #add(job: Job): Promise<Job> {
    const { promise: end, resolve, reject } = Promise.withResolvers<Job>();
    end.catch(() => undefined);
    const status = waiting;
    this.#jobs.set(job.code, { job, status, changes: new Changes(), end, resolve, reject });
    return end;
  }

  find(code: string): Job | undefined {
    return this.#jobs.get(code)?.job;
  }

  finished(code: string): Promise<Job> | undefined {
    return this.#jobs.get(code)?.end;
  }

  status(code: string): JobStatus | undefined {
    return this.#jobs.get(code)?.status;
  }

  standing(code: string): JobStanding | undefined {
    const followed = this.#jobs.get(code);
    // Its place is to be shown soon.
    if (followed) this.#looks.add(code);
    return followed && standingOf(() => this.status(code), followed.changes);
  }

  publish(code: string): void {
    const followed = this.#jobs.get(code);
    if (followed) followed.job = { ...followed.job, private: false };
  }

  erase(code: string): void {
    this.#wish(code, () => this.#options.wishes.erase(code));
  }

  cancel(code: string): void {
    this.#wish(code, () => this.#options.wishes.cancel(code));
  }

  async stop(graceMs: number): Promise<void> {
    const ends = [...this.#jobs.values()].map(({ end }) => end);
    await allEnded(ends, graceMs);
    clearInterval(this.#timer);
    for (const [code, followed] of this.#jobs) this.#leave(code, followed);
  }

  #leave(code: string, followed: Followed): void {
    this.#jobs.delete(code);
    followed.reject(new ImageError("restarting", {}));
    followed.changes.tell();
  }

  #wish(code: string, work: () => Promise<void>): void {
    const failed = (error: unknown) =>
      this.#options.log.error({ job: code, error }, "a wish did not reach the worker of a job");
    work().then(() => this.#looks.add(code), failed);
  }

  /** Those of these that are followed still, each once. */
  #still(codes: readonly string[]): string[] {
    return [...new Set(codes)].filter((code) => this.#jobs.has(code));
  }

  async #quietly(look: Promise<void>): Promise<void> {
    await look.catch((error: unknown) => {
      this.#options.log.debug({ error }, "jobs could not be looked at; trying again");
    });
  }

  async #look(codes: readonly string[]): Promise<void> {
    if (codes.length === 0) return;
    const { database } = this.#options;
    const sql = `SELECT ledger.code, turned, standing FROM ledger
      LEFT JOIN standings USING (code) WHERE ledger.code = ANY($1) AND NOT settled`;
    const rows = await database.all<Row>(sql, codes);
    const open = new Set(rows.map(({ code }) => code));
    const inLine = rows.filter(({ turned }) => !turned).map(({ code }) => code);
    const places = await placesOf(inLine, database);
    for (const row of rows) this.#update(row, places.get(row.code));
    await this.#end(codes.filter((code) => !open.has(code)));
  }

  #update({ code, turned, standing }: Row, place: Place | undefined): void {
    const followed = this.#jobs.get(code);
    if (!followed) return;
    const { etaOf } = this.#options;
    const position = place && { place: place.jobs + 1, etaMs: etaOf(followed.job, place) };
    const status = turned ? atWork(standing) : { ...atWork(standing), position };
    const changed = JSON.stringify(status) !== JSON.stringify(followed.status);
    followed.status = status;
    if (changed) followed.changes.tell();
  }

  /** Tells of jobs that are promised no more. */
  async #end(codes: readonly string[]): Promise<void> {
    if (codes.length === 0) return;
    const { database, id } = this.#options;
    const found = await jobsWhere(database, "code = ANY($1)", codes);
    const jobs = new Map(found.map((job) => [job.code, job]));
    const toShow = found.filter(({ delivery }) => delivery.state !== "direct");
    const mine = await courierOf(toShow, id, database);
    for (const code of codes) {
      const job = jobs.get(code);
      // Between the two looks it may have been put in line again.
      if (job && !isFinished(job)) continue;
      const followed = this.#jobs.get(code);
      if (followed && !job) this.#leave(code, followed);
      if (!followed || !job) continue;
      this.#jobs.delete(code);
      if (job.delivery.state === "direct" || mine.has(code)) this.#onFinished(job);
      followed.resolve(job);
      followed.changes.tell();
    }
  }
}

/** Those of these jobs that this process tells of. */
async function courierOf(
  jobs: readonly Job[],
  id: string,
  database: Postgres,
): Promise<ReadonlySet<string>> {
  if (jobs.length === 0) return new Set();
  const sql = "SELECT code FROM ledger WHERE code = ANY($1) AND courier = $2";
  const rows = await database.all<{ code: string }>(
    sql,
    jobs.map(({ code }) => code),
    id,
  );
  return new Set(rows.map(({ code }) => code));
}

const waiting: JobStatus = {
  state: "queued",
  stage: "waiting",
  position: undefined,
  startedAt: undefined,
  progress: undefined,
};

interface Told extends Omit<JobStatus, "position" | "progress"> {
  readonly progress?: Omit<NonNullable<JobStatus["progress"]>, "preview"> & { preview?: string };
}

function atWork(standing: string | null): JobStatus {
  if (standing === null) return waiting;
  const { state, stage, startedAt, progress } = JSON.parse(standing) as Told;
  const { preview, ...rest } = progress ?? {};
  const bytes = preview === undefined ? {} : { preview: Buffer.from(preview, "base64") };
  return {
    state,
    stage,
    position: undefined,
    startedAt,
    progress: progress && { ...rest, ...bytes },
  };
}
