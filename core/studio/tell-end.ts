import type { Job } from "../job.ts";
import type { Log, Observer } from "../observe.ts";

/** Tells the log and the metrics how a job has ended. */
export function tellEnd(
  job: Job,
  { log, observe }: { readonly log: Log; readonly observe: Observer },
): void {
  const outcome = job.state === "failed" ? (job.error?.code ?? "internal") : job.state;
  const tookMs = (job.finishedAt ?? 0) - job.createdAt;
  const { door } = job.delivery;
  log.info({ job: job.code, requester: job.requester.id, door, outcome, tookMs }, "job ended");
  if (outcome !== "queued" && outcome !== "running") {
    observe.jobFinished({ door, model: job.brief.model, outcome });
  }
}
