import { ImageError, storedError } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import type { QuotaCharge } from "../../core/quota.ts";
import type { Postgres, Queries } from "../storage/postgres.ts";
import { jobsWhere } from "../storage/postgres-archive.ts";
import { settleIn } from "../storage/postgres-ledger.ts";
import { tell } from "./signals.ts";

/** What wishes need. */
export interface WishesOptions {
  readonly database: Postgres;
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
    const { database } = this.#options;
    await database.transaction(async (tx) => {
      const sql = "SELECT holder FROM ledger WHERE code = $1 AND NOT settled FOR UPDATE";
      const [row] = await tx.all<{ holder: string | null }>(sql, code);
      if (row?.holder === null) await this.#end(code, tx);
      else if (row) await wish(code, "cancel", tx);
    });
    await tell(database, "job", code);
  }

  /** Asks the process that works on a job to forget the pictures that it has so far. */
  erase(code: string): Promise<void> {
    return wish(code, "erase", this.#options.database);
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

async function wish(code: string, what: "cancel" | "erase", queries: Queries): Promise<void> {
  const sql = "INSERT INTO wishes (code, wish) VALUES ($1, $2) ON CONFLICT DO NOTHING";
  await queries.run(sql, code, what);
  await tell(queries, "wish", code);
}
