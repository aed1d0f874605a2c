import type { EnhanceFailure, Enhancement } from "./enhance.ts";
import type { ErrorCode, ProviderFault } from "./errors.ts";
import type { Job } from "./job.ts";

/** Receives what the metrics count. All times are milliseconds. */
export interface Observer {
  jobFinished(job: {
    door: string;
    model: string;
    outcome: "done" | "cancelled" | ErrorCode;
  }): void;
  turnBegan(model: string, waitedMs: number): void;
  pictureMade(model: string, tookMs: number): void;
  wordsEnhanced(outcome: Exclude<Enhancement["status"], "failed"> | EnhanceFailure): void;
  providerFailed(provider: string, fault: ProviderFault | "timed-out" | "busy" | "refused"): void;
  pointsLeft(provider: string, points: number): void;
}

/** The slice of pino that the core uses. A line at `info` or above names jobs, never what they show. */
export interface Log {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

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
