import type { DeliveryState, Job, JsonValue, SendRecord } from "../job.ts";
import { type Ledger, PromiseLost } from "../ledger.ts";
import { allEnded } from "../deadline.ts";
import type { Log } from "../observe.ts";
import { backoffMs } from "../wire/backoff.ts";
import type { JobStanding } from "./watch.ts";

/** How a door shows a job to its person, from its acceptance to its end. */
export interface Deliverer {
  /**
   * Shows an accepted job for the first time, before anything is painted or enhanced for it. Ends the job itself where
   * its place takes no messages. Absent where painting need not wait.
   */
  announce?(job: Job, sends: Sends, standing: JobStanding): Promise<void>;
  /**
   * Shows the state of an accepted job until `ended` is aborted. Called once in each process, also for a resumed job.
   * An error is logged, and the job goes on.
   */
  accompany(job: Job, sends: Sends, standing: JobStanding, ended: AbortSignal): Promise<void>;
  /**
   * Shows a finished job, in words when it failed; may be called again for the same job. Edits may be
   * repeated; sends that must not be repeated go through `sends`. After `DeliveryDelayed` it is called again at that
   * time, after any other error with a growing pause.
   */
  deliver(job: Job, sends: Sends): Promise<"delivered" | "gone">;
  /** Says once that a finished job came too late to be shown; it can still be found by its code. */
  apologise(job: Job, sends: Sends): Promise<void>;
}

/** Sends that happen at most once, also when the process dies in the middle. */
export interface Sends {
  /**
   * Sends, with a record on disk before and after. Answers what the platform answered, also to an earlier process;
   * undefined when an earlier process began the send and it is unknown whether it arrived.
   */
  once(name: string, send: () => Promise<JsonValue>): Promise<JsonValue | undefined>;
  /** What is recorded about a send; undefined when it never began. */
  find(name: string): SendRecord | undefined;
}

/** Thrown by a send or a delivery that the platform refused for now: it did not arrive. */
export class DeliveryDelayed extends Error {
  override readonly name = "DeliveryDelayed";
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number, cause?: unknown) {
    super(`delivery put off for ${retryAfterMs} ms`, { cause });
    this.retryAfterMs = retryAfterMs;
  }
}

/** Thrown by a send that did not arrive, so that it may be repeated. */
export class NotSent extends Error {
  override readonly name = "NotSent";
}

/** What the outbox needs. */
export interface OutboxOptions {
  readonly ledger: Ledger;
  /** How each chat door shows jobs, by the door's name. */
  readonly deliverers: ReadonlyMap<string, Deliverer>;
  /** Jobs older than this are not delivered. */
  readonly ttlMs: number;
  /** The pause after a first failed delivery, in milliseconds; it doubles with each further one. */
  readonly firstRetryMs: number;
  readonly now: () => number;
  readonly log: Log;
}

const longestRetryMs = 60_000;

/** How long painting waits for a door to announce its job. */
const announceMs = 5_000;

/** A job whose progress its door shows in this process. */
interface Company {
  readonly sends: SendLog;
  readonly ended: AbortController;
  readonly shown: Promise<void>;
}

/** Delivers jobs. A finished job is retried until it is delivered, its place is gone, or it is too old. */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #sending = new Map<string, Promise<void>>();
  readonly #companies = new Map<string, Company>();
  #stopped = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /**
   * Lets the job's door show its state until it is finished. Ignores jobs of doors without a deliverer. Where painting
   * has to wait for the door, resolves when it may begin.
   */
  accompany(job: Job, standing: JobStanding): Promise<void> | undefined {
    const deliverer = this.#options.deliverers.get(job.delivery.door);
    if (!deliverer || this.#stopped || this.#companies.has(job.code)) {
      return undefined;
    }
    const sends = new SendLog(job, this.#options);
    const ended = new AbortController();
    const accompany = () => deliverer.accompany(job, sends, standing, ended.signal);
    const announced = deliverer.announce?.(job, sends, standing);
    const shown = (announced ? announced.then(accompany) : accompany()).catch((error: unknown) => {
      if (!ended.signal.aborted && !(error instanceof PromiseLost)) {
        this.#options.log.warn({ job: job.code, error }, "the progress of a job cannot be shown");
      }
    });
    this.#companies.set(job.code, { sends, ended, shown });
    return announced && allEnded([announced], announceMs);
  }

  /** Delivers a finished job. */
  add(job: Job): void {
    if (job.delivery.state === "open" && this.#options.deliverers.has(job.delivery.door)) {
      this.#attempt(job, 0);
    }
  }

  /** Waits for running deliveries; the others stay on disk for the next process. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const { ended } of this.#companies.values()) ended.abort();
    await Promise.all([...this.#companies.values()].map(({ shown }) => shown));
    await Promise.allSettled(this.#sending.values());
  }

  #attempt(job: Job, failures: number): void {
    if (this.#stopped || this.#sending.has(job.code)) return;
    const sending = this.#deliver(job, failures).finally(() => this.#sending.delete(job.code));
    this.#sending.set(job.code, sending);
  }

  async #deliver(job: Job, failures: number): Promise<void> {
    const { deliverers, now, ttlMs, log } = this.#options;
    const deliverer = deliverers.get(job.delivery.door);
    if (!deliverer) return;
    const sends = await this.#sendsOf(job);
    try {
      if (now() - job.createdAt > ttlMs && job.state === "done") {
        await sends.close("expired");
        await deliverer.apologise(job, sends);
      } else {
        await sends.close(await deliverer.deliver(job, sends));
      }
    } catch (error) {
      // Another process tells of it by now.
      if (error instanceof PromiseLost) return;
      if (now() - job.createdAt > 2 * ttlMs) {
        await sends.close("expired");
        return;
      }
      const retryMs = retryAfter(error, failures, this.#options.firstRetryMs);
      log.warn({ job: job.code, error, failures, retryMs }, "a delivery failed; trying again");
      this.#later(sends.job, failures + 1, retryMs);
    }
  }

  /** The sends of a job so far, once its door has stopped showing its progress. */
  async #sendsOf(job: Job): Promise<SendLog> {
    const company = this.#companies.get(job.code);
    if (!company) return new SendLog(job, this.#options);
    company.ended.abort();
    await company.shown;
    this.#companies.delete(job.code);
    return new SendLog({ ...job, delivery: company.sends.job.delivery }, this.#options);
  }

  #later(job: Job, failures: number, afterMs: number): void {
    if (this.#stopped) return;
    const timer = setTimeout(() => {
      this.#timers.delete(job.code);
      this.#attempt(job, failures);
    }, afterMs);
    this.#timers.set(job.code, timer);
  }
}

function retryAfter(error: unknown, failures: number, firstMs: number): number {
  if (error instanceof DeliveryDelayed) return error.retryAfterMs;
  return backoffMs(failures + 1, { firstMs, longestMs: longestRetryMs });
}

/** The sends of one job, as they are on disk. */
class SendLog implements Sends {
  job: Job;
  readonly #options: OutboxOptions;

  constructor(job: Job, options: OutboxOptions) {
    this.job = job;
    this.#options = options;
  }

  find(name: string): SendRecord | undefined {
    return this.job.delivery.sends[name];
  }

  async once(name: string, send: () => Promise<JsonValue>): Promise<JsonValue | undefined> {
    const record = this.find(name);
    if (record) {
      const facts = { job: this.job.code, send: name };
      const isKnown = record.answer !== undefined;
      if (!isKnown) this.#options.log.warn(facts, "it may not have arrived, and is not sent again");
      return record.answer;
    }
    await this.#record(name, { begunAt: this.#options.now() });
    try {
      const answer = await send();
      await this.#record(name, { begunAt: this.#options.now(), answer });
      return answer;
    } catch (error) {
      if (error instanceof NotSent || error instanceof DeliveryDelayed) {
        await this.#record(name, undefined);
      }
      throw error;
    }
  }

  async close(state: DeliveryState): Promise<void> {
    const delivery = { ...this.job.delivery, state };
    this.job = { ...this.job, delivery };
    await this.#options.ledger.close(this.job.code, delivery);
  }

  async #record(name: string, record: SendRecord | undefined): Promise<void> {
    const { [name]: _, ...others } = this.job.delivery.sends;
    const sends = record ? { ...others, [name]: record } : others;
    this.job = { ...this.job, delivery: { ...this.job.delivery, sends } };
    await this.#options.ledger.note(this.job.code, { sends });
  }
}
