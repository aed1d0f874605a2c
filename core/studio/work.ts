import type { Archive } from "../archive.ts";
import { ImageError } from "../errors.ts";
import { isFinished, type Job } from "../job.ts";
import type { Ready } from "./live.ts";
import type { JobStanding, JobStatus } from "./watch.ts";

/** The work on accepted jobs, as a studio sees it: done in this process, or followed from here while others do it. */
export interface Work {
  /** Takes a stored job, which then has a standing. */
  take(ready: Ready): void;
  /** Begins the work on a job that was taken, here at the latest when `announced` has resolved. Its answer is for its own caller. */
  start(code: string, announced?: Promise<void>): unknown;
  /** The job as it is known here; undefined when it is neither worked on nor followed. */
  find(code: string): Job | undefined;
  /** The end of such a job; undefined when there is none. Rejects only when this process stops before it. */
  finished(code: string): Promise<Job> | undefined;
  status(code: string): JobStatus | undefined;
  /** How such a job stands, now and from now on. */
  standing(code: string): JobStanding | undefined;
  /**
   * The end of a stored, unfinished job that another process works on; undefined where none does, and it is to be
   * taken up here.
   */
  follow(job: Job): Promise<Job> | undefined;
  /** Makes a private job public. */
  publish(code: string): void;
  /** Forgets the pictures that a job has so far, because they were erased. */
  erase(code: string): void;
  /** Ends a job: waiting pictures leave the line, calls are stopped where the provider can stop them. */
  cancel(code: string): void;
  /** Lets running calls end for `graceMs`, and leaves everything else on disk. */
  stop(graceMs: number): Promise<void>;
}

/** True where another process works on this unfinished job, whose end is then known here, too. */
export function follows(job: Job, work: Work): boolean {
  const end = work.finished(job.code) ?? work.follow(job);
  end?.catch(() => undefined);
  return end !== undefined;
}

/** The end of a job, once it is known whose it is. Throws `not-found`, and `restarting` where no process works on it. */
export async function endingOf(
  code: string,
  { work, archive }: { readonly work: Work; readonly archive: Archive },
): Promise<{ readonly end: Promise<Job> }> {
  const known = work.finished(code);
  if (known) return { end: known };
  const job = await archive.find(code);
  if (!job) throw new ImageError("not-found", { code });
  if (isFinished(job)) return { end: Promise.resolve(job) };
  const end = work.finished(code) ?? work.follow(job);
  if (!end) throw new ImageError("restarting", {});
  return { end };
}
