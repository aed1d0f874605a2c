import { revivedError } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import type { Studio } from "../../core/studio.ts";
import type { JobView } from "../../core/studio/workshop.ts";
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

/** One line about a job that is being worked on: what is known, and not a word more. */
export function progressLine(view: JobView, elapsedMs: number): string {
  const elapsed = `${seconds(elapsedMs)} so far`;
  const { standing, progress } = view;
  if (standing) {
    const left = standing.etaMs === undefined ? "" : `, about ${seconds(standing.etaMs)} to go`;
    return `Waiting in line, place ${standing.position}${left} (${elapsed})`;
  }
  const done = progress ? `, ${Math.floor(progress.fraction * 100)} % done` : "";
  return `${view.state === "running" ? "Painting" : "Getting ready"}${done} (${elapsed})`;
}

function seconds(ms: number): string {
  return `${Math.max(0, Math.round(ms / 1000))} s`;
}

/**
 * Looks at a job at once and then every so often, until `work` has settled, and answers what that came to. `look` is
 * not called any more once the job has ended.
 */
export async function watching<T>(
  { studio }: Door,
  { job }: Hold,
  { everyMs, look, work }: Watch<T>,
): Promise<T> {
  const tick = () => {
    const view = studio.view(job.code);
    if (view) look(view);
  };
  tick();
  const timer = setInterval(tick, everyMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

interface Watch<T> {
  readonly everyMs: number;
  readonly look: (view: JobView) => void;
  readonly work: Promise<T>;
}

/**
 * The job when it is done; until then each new preview of its picture is shown, `most` of them, one after the other.
 * A preview that cannot be shown is left out: the picture will be there.
 */
export async function finishedWithPreviews(
  door: Door,
  hold: Hold,
  most: number,
  show: (preview: Uint8Array, index: number) => Promise<void>,
): Promise<Job> {
  const work = finishedJob(door, hold);
  if (most === 0) return work;
  const shown = new Set<Uint8Array>();
  let showing = Promise.resolve();
  const job = await watching(door, hold, {
    work,
    everyMs: door.settings.previewEveryMs,
    look({ progress }) {
      const preview = progress?.preview;
      if (!preview || shown.has(preview) || shown.size === most) return;
      const index = shown.size;
      shown.add(preview);
      showing = showing.then(() => show(preview, index)).catch(() => undefined);
    },
  });
  await showing;
  return job;
}
