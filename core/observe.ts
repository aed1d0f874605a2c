import type { EnhanceFailure, Enhancement } from "./enhance.ts";
import type { ErrorCode, ProviderFault } from "./errors.ts";

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
