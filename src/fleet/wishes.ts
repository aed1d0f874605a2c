import { ImageError, storedError } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import type { QuotaCharge } from "../../core/quota.ts";
import type { Postgres, Queries } from "../storage/postgres.ts";
import { jobsWhere } from "../storage/postgres-archive.ts";
import { settleIn } from "../storage/postgres-settle.ts";
import type { Signals } from "./signals.ts";

/** What wishes need. */
export interface WishesOptions {
  readonly database: Postgres;
  readonly signals: Pick<Signals, "tell">;
  /** What a job that was not begun gives back. */
  readonly refundsOf: (job: Job) => readonly QuotaCharge[];
  readonly now: () => number;
}

/** What people want of jobs that other processes work on. */
export class Wishes {
  readonly #options: WishesOptions;

  constructor(options: WishesOptions) {
    this.#options = options;
  }

  /** Ends a job that waits at once, and otherwise asks the process that works on it to. */
  async cancel(code: string): Promise<void> {
    const { database, signals } = this.#options;
    await database.transaction(async (tx) => {
      const sql = "SELECT holder FROM ledger WHERE code = $1 AND NOT settled FOR UPDATE";
      const [row] = await tx.all<{ holder: string | null }>(sql, code);
      if (row?.holder === null) await this.#end(code, tx);
      else if (row) await tx.run(wish, code, "cancel");
    });
    signals.tell("wish", code);
    signals.tell("end", code);
  }

  /** Asks the process that works on a job to forget the pictures that it has so far. */
  async erase(code: string): Promise<void> {
    const { database, signals } = this.#options;
    await database.run(wish, code, "erase");
    signals.tell("wish", code);
  }

  async #end(code: string, tx: Queries): Promise<void> {
    const [job] = await jobsWhere(tx, "code = $1", code);
    if (!job) return;
    const error = storedError(new ImageError("cancelled", {}));
    const ended = { state: "cancelled", error, finishedAt: this.#options.now() } as const;
    const refunds = this.#options.refundsOf(job);
    await settleIn(tx, { ...job, ...ended, remotes: {} }, { refunds, open: true });
  }
}

const wish = "INSERT INTO wishes (code, wish) VALUES ($1, $2) ON CONFLICT DO NOTHING";
