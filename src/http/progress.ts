import { revivedError } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import type { Studio } from "../../core/studio.ts";
import type { JobStatus } from "../../core/studio/watch.ts";
import type { Hold } from "./clients.ts";
import type { Door } from "./context.ts";
import { invitesRetry } from "./errors.ts";

// Everything that this door learns of a job while it is worked on goes through this file.

/** The job when it is done; throws its error when it failed. */
export async function finishedJob({ studio }: Door, hold: Hold): Promise<Job> {
  const job = await studio.finished(hold.job.code);
  if (!job.error) return job;
  const error = revivedError(job.error);
  if (invitesRetry(error)) hold.refused();
  throw error;
}

/** Whether a job is still being worked on. */
export function isUnderWay(studio: Studio, { code }: Job): boolean {
  return studio.view(code) !== undefined;
}

/** One line about a job that is being worked on; it holds only what is known. */
export function progressLine(status: JobStatus, elapsedMs: number): string {
  const elapsed = `${seconds(elapsedMs)} so far`;
  const { position, progress } = status;
  if (position) {
    const left = position.etaMs === undefined ? "" : `, about ${seconds(position.etaMs)} to go`;
    return `Waiting in line, place ${position.place}${left} (${elapsed})`;
  }
  const fraction = progress?.fraction;
  const done = fraction === undefined ? "" : `, ${Math.floor(fraction * 100)} % done`;
  return `${status.state === "running" ? "Painting" : "Getting ready"}${done} (${elapsed})`;
}

function seconds(ms: number): string {
  return `${Math.max(0, Math.round(ms / 1000))} s`;
}

/** A timer may end this much early. */
const timerSlackMs = 2;

/** Reports progress at once and at intervals; answers the job when it is done. Throws like `finishedJob`. */
export async function finishedWithProgress(
  door: Door,
  hold: Hold,
  everyMs: number,
  tell: (status: JobStatus) => void,
): Promise<Job> {
  let nextAt = performance.now();
  for await (const status of door.studio.watch(hold.job.code, everyMs)) {
    if (status.state === "ended") break;
    if (performance.now() + timerSlackMs < nextAt) continue;
    tell(status);
    nextAt = performance.now() + everyMs;
  }
  return finishedJob(door, hold);
}

/**
 * Shows each new preview of the picture, at most `most`, one after the other; answers the job when it is done. A
 * preview that cannot be shown is left out. Throws like `finishedJob`.
 */
export async function finishedWithPreviews(
  door: Door,
  hold: Hold,
  most: number,
  show: (preview: Uint8Array, index: number) => Promise<void>,
): Promise<Job> {
  const shown = new Set<Uint8Array>();
  if (most > 0) {
    for await (const status of door.studio.watch(hold.job.code)) {
      if (status.state === "ended") break;
      const preview = status.progress?.preview;
      if (!preview || shown.has(preview) || shown.size === most) continue;
      shown.add(preview);
      await show(preview, shown.size - 1).catch(() => undefined);
    }
  }
  return finishedJob(door, hold);
}
