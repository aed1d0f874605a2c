import type { Delivery, Job, Picture } from "../../core/job.ts";
import type { Acceptance, Begun, Ledger, Note } from "../../core/ledger.ts";
import type { QuotaCharge } from "../../core/quota.ts";
import { packBegun, packDelivery, packJob, tables } from "./record.ts";
import type { Database } from "./database.ts";
import { jobsWhere } from "./sqlite-archive.ts";
import { giveBack, takeCharges } from "./sqlite-quota.ts";

/** The open promises in the embedded database. */
export function sqliteLedger(database: Database): Ledger {
  return new SqliteLedger(database);
}

class SqliteLedger implements Ledger {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  accept(job: Job, charges: readonly QuotaCharge[], keyTtlMs: number): Promise<Acceptance> {
    return this.#database.write((): Acceptance => {
      this.#database.check();
      const known = this.#holderOf(job, keyTtlMs);
      if (known) return { outcome: "known", job: known };
      if (charges.length > 0 && !takeCharges(this.#database, charges)) {
        return { outcome: "over-quota" };
      }
      this.#run(
        `INSERT INTO ledger (code, requester, key, fingerprint, state, private, created_at, record)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        ...keysOf(job),
        packJob(job),
      );
      for (const { hash, bytes } of job.sent ?? []) {
        const values = "INSERT INTO sources (job, hash, bytes, created_at) VALUES (?, ?, ?, ?)";
        this.#run(values, job.code, hash, bytes, job.createdAt);
      }
      return { outcome: "accepted" };
    });
  }

  begin(code: string, begun: Begun) {
    const text = packBegun(begun);
    return this.#database.write(() => {
      // What is under way may end; nothing more is paid for.
      this.#database.check();
      this.#run("UPDATE ledger SET state = 'running', begun = ? WHERE code = ?", text, code);
    });
  }

  note(code: string, { sends, pictures, remotes }: Note) {
    return this.#database.write(() => {
      if (sends) this.#run("UPDATE ledger SET sends = ? WHERE code = ?", toText(sends), code);
      if (!pictures && !remotes) return;
      const noted = this.#run(
        `UPDATE ledger SET pictures = ifnull(?, pictures), remotes = ifnull(?, remotes)
         WHERE code = ? AND settled = 0`,
        toText(pictures),
        toText(remotes),
        code,
      );
      if (noted > 0) for (const picture of pictures ?? []) this.#index(code, picture);
    });
  }

  settle(job: Job, refunds: readonly QuotaCharge[] = []) {
    return this.#database.write(() => {
      if (refunds.length > 0) giveBack(this.#database, refunds);
      if (!this.#endPromise(job) && !this.#replaceRecord(job)) return;
      for (const picture of job.pictures) this.#index(job.code, picture);
    });
  }

  close(code: string, { state, sends }: Pick<Delivery, "state" | "sends">) {
    return this.#database.write(() => {
      this.#run("DELETE FROM ledger WHERE code = ? AND settled = 1", code);
      const text = JSON.stringify({ state, sends });
      this.#run("UPDATE archive SET delivery = ? WHERE code = ?", text, code);
    });
  }

  async open() {
    return jobsWhere(this.#database, "code IN (SELECT code FROM ledger) ORDER BY created_at");
  }

  /** The job that has this job's key. Takes the key from a job that is older than `keyTtlMs`. */
  #holderOf({ key, requester, createdAt }: Job, keyTtlMs: number): Job | undefined {
    if (key === null) return undefined;
    const where = "requester = ? AND key = ?";
    const [holder] = jobsWhere(this.#database, where, requester.id, key);
    if (!holder || holder.createdAt > createdAt - keyTtlMs) return holder;
    for (const table of tables) {
      this.#run(`UPDATE ${table} SET key = NULL WHERE code = ?`, holder.code);
    }
    return undefined;
  }

  /** Replaces the promise to make a job by its record; false where there is no such promise any more. */
  #endPromise(job: Job): boolean {
    // The job may have lost its key meanwhile, or been published.
    const ended = this.#run(
      `INSERT INTO archive (code, requester, key, fingerprint, state, private, created_at, finished_at, record, delivery)
       SELECT code, requester, key, fingerprint, ?, private, created_at, ?, ?, ?
       FROM ledger WHERE code = ? AND settled = 0`,
      job.state,
      job.finishedAt,
      packJob(job),
      packDelivery(job),
      job.code,
    );
    if (ended === 0) return false;
    const onlyToShow = `UPDATE ledger SET settled = 1, key = NULL, record = '', begun = NULL, pictures = NULL,
      remotes = NULL WHERE code = ?`;
    const toShow = job.delivery.state === "open";
    this.#run(toShow ? onlyToShow : "DELETE FROM ledger WHERE code = ?", job.code);
    return true;
  }

  /** False where the job was forgotten meanwhile. */
  #replaceRecord(job: Job): boolean {
    const sql = "UPDATE archive SET state = ?, record = ? WHERE code = ?";
    return this.#run(sql, job.state, packJob(job), job.code) > 0;
  }

  #index(code: string, { id, hash, bytes }: Picture): void {
    this.#run(
      `INSERT INTO pictures (id, job, hash, bytes, created_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      id,
      code,
      hash,
      bytes,
      Date.now(),
    );
  }

  #run(sql: string, ...values: Parameters<Database["run"]>[1]): number {
    return this.#database.run(sql, values);
  }
}

function keysOf(job: Job) {
  const { code, requester, key, fingerprint, state, createdAt } = job;
  return [code, requester.id, key, fingerprint, state, Number(job.private), createdAt] as const;
}

function toText(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
