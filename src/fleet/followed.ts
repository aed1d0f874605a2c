import { isFinished, type Job } from "../../core/job.ts";
import type { Ready } from "../../core/studio/live.ts";
import { Changes, type JobStanding, type JobStatus, standingOf } from "../../core/studio/watch.ts";
import type { Work } from "../../core/studio/work.ts";
import { allEnded } from "../../core/deadline.ts";
import { ImageError } from "../../core/errors.ts";
import type { Archive } from "../../core/archive.ts";
import type { Log } from "../../core/observe.ts";
import type { Postgres } from "../storage/postgres.ts";
import type { Wishes } from "./wishes.ts";
import type { Signals } from "./signals.ts";
import { type Place, placesOf } from "./places.ts";

/** What following the jobs of workers needs. */
export interface FollowedOptions {
  readonly database: Postgres;
  readonly archive: Archive;
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
  readonly held: boolean;
  readonly standing: string | null;
}

/** Followed jobs are looked at this often without being told, in milliseconds. */
const lookMs = 1_000;

/** Jobs that workers make, as this process sees them: it looks at all of them at once, whenever one has changed. */
export class FollowedWork implements Work {
  readonly #options: FollowedOptions;
  readonly #onFinished: (job: Job) => void;
  readonly #jobs = new Map<string, Followed>();
  readonly #timer: NodeJS.Timeout;
  #looking = false;
  #again = false;

  /** `onFinished` is called for the jobs that this process tells of. */
  constructor(options: FollowedOptions, onFinished: (job: Job) => void) {
    this.#options = options;
    this.#onFinished = onFinished;
    const { signals } = options;
    signals.on("job", (code) => this.#jobs.has(code) && void this.#look());
    signals.onAgain(() => void this.#look());
    this.#timer = setInterval(() => void this.#look(), lookMs);
    this.#timer.unref();
  }

  take({ job }: Ready): void {
    void this.follow(job);
  }

  /** Workers begin by themselves. */
  start(): void {
    // Whatever the door announces, they do not wait for it.
  }

  follow(job: Job): Promise<Job> {
    const known = this.#jobs.get(job.code);
    if (known) return known.end;
    const { promise: end, resolve, reject } = Promise.withResolvers<Job>();
    end.catch(() => undefined);
    const status = waiting(undefined);
    this.#jobs.set(job.code, { job, status, changes: new Changes(), end, resolve, reject });
    void this.#look();
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
    work().then(() => this.#look(), failed);
  }

  /** Looks at all followed jobs; a call that comes meanwhile makes it look once more. */
  async #look(): Promise<void> {
    this.#again = true;
    if (this.#looking) return;
    this.#looking = true;
    try {
      while (this.#again && this.#jobs.size > 0) {
        this.#again = false;
        await this.#lookOnce();
      }
    } catch (error) {
      this.#options.log.debug({ error }, "jobs could not be looked at; trying again");
    } finally {
      this.#looking = false;
    }
  }

  async #lookOnce(): Promise<void> {
    const { database } = this.#options;
    const codes = [...this.#jobs.keys()];
    const sql = `SELECT ledger.code, holder IS NOT NULL AS held, standing FROM ledger
      LEFT JOIN standings USING (code) WHERE ledger.code = ANY($1) AND NOT settled`;
    const rows = await database.all<Row>(sql, codes);
    const open = new Map(rows.map((row) => [row.code, row]));
    const inLine = rows.filter(({ held }) => !held).map(({ code }) => code);
    const places = await placesOf(inLine, database);
    for (const code of codes) {
      const row = open.get(code);
      if (row) this.#update(row, places.get(code));
      else await this.#end(code);
    }
  }

  #update({ code, held, standing }: Row, place: Place | undefined): void {
    const followed = this.#jobs.get(code);
    if (!followed) return;
    const { etaOf } = this.#options;
    const status = held
      ? atWork(standing)
      : waiting(place && { place: place.jobs + 1, etaMs: etaOf(followed.job, place) });
    const changed = JSON.stringify(status) !== JSON.stringify(followed.status);
    followed.status = status;
    if (changed) followed.changes.tell();
  }

  async #end(code: string): Promise<void> {
    const followed = this.#jobs.get(code);
    if (!followed) return;
    const { archive, database, id } = this.#options;
    const job = await archive.find(code);
    // Between the two looks it may have been put in line again.
    if (job && !isFinished(job)) return;
    if (!job) {
      this.#leave(code, followed);
      return;
    }
    const mine = "SELECT 1 FROM ledger WHERE code = $1 AND courier = $2";
    const direct = job.delivery.state === "direct";
    const tells = direct || (await database.all(mine, code, id)).length > 0;
    this.#jobs.delete(code);
    if (tells) this.#onFinished(job);
    followed.resolve(job);
    followed.changes.tell();
  }
}

function waiting(position: JobStatus["position"]): JobStatus {
  return {
    state: "queued",
    stage: "waiting",
    position,
    startedAt: undefined,
    progress: undefined,
  };
}

interface Told extends Omit<JobStatus, "position" | "progress"> {
  readonly progress?: Omit<NonNullable<JobStatus["progress"]>, "preview"> & { preview?: string };
}

function atWork(standing: string | null): JobStatus {
  if (standing === null) return waiting(undefined);
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
