import type { Delivery, Job, JsonValue, Picture, Recipe, SendRecord } from "./job.ts";
import type { Notice } from "./notices.ts";
import type { Joining } from "./queue.ts";
import type { QuotaCharge } from "./quota.ts";

/** How long an idempotency key is remembered, in milliseconds. */
export const keyTtlMs = 86_400_000;

/** What `accept` did. */
export type Acceptance =
  | { readonly outcome: "accepted" }
  /** A job has the key already: nothing was stored or charged. */
  | { readonly outcome: "known"; readonly job: Job }
  /** A charge would exceed its limit: nothing was stored or charged. */
  | { readonly outcome: "over-quota" };

/** What a process writes down before it calls a paid service. */
export interface Begun {
  readonly attempts: number;
  readonly startedAt: number;
  readonly recipe: Recipe;
  readonly notices: readonly Notice[];
}

/**
 * A change to an open promise; what is absent stays as it was. For a settled job only sends are noted, because its
 * record already lists its pictures.
 */
export interface Note {
  readonly sends?: Readonly<Record<string, SendRecord>>;
  readonly pictures?: readonly Picture[];
  readonly remotes?: Readonly<Record<string, JsonValue>>;
}

/**
 * Thrown by a ledger that many processes share: another one makes this job by now. What was made of it here counts for
 * nothing, and no door is told of it.
 */
export class PromiseLost extends Error {
  override readonly name = "PromiseLost";
}

/**
 * The open promises: jobs that are not made yet, or made and not shown yet. A change survives `kill -9` once its method
 * has resolved. Unknown codes are ignored: the job was forgotten meanwhile. Each method throws `storage-failed`.
 */
export interface Ledger {
  /**
   * Stores a job and charges for it, unless one with its key is there already (and younger than `keyTtlMs`). Where the line
   * is kept with the promises, it joins that as well, or throws `queue-full`.
   */
  accept(
    job: Job,
    charges: readonly QuotaCharge[],
    keyTtlMs: number,
    joining?: Joining,
  ): Promise<Acceptance>;
  begin(code: string, begun: Begun): Promise<void>;
  note(code: string, note: Note): Promise<void>;
  /**
   * Writes the record of a finished job and gives back these charges. What is left of the promise is to show the job,
   * where its delivery is open. May be called again for the same job, whose record is replaced. Its key and whether it
   * is private are not overwritten: they may have changed meanwhile.
   */
  settle(job: Job, refunds?: readonly QuotaCharge[]): Promise<void>;
  /** Ends the promise of a settled job that was shown, or that will never be shown. */
  close(code: string, delivery: Pick<Delivery, "state" | "sends">): Promise<void>;
  /** All open promises, oldest first. */
  open(): Promise<readonly Job[]>;
}
