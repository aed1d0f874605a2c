import type { Delivery, Job } from "../../core/job.ts";
import {
  type Acceptance,
  type Begun,
  type Ledger,
  type Note,
  PromiseLost,
} from "../../core/ledger.ts";
import type { Joining } from "../../core/queue.ts";
import type { QuotaCharge } from "../../core/quota.ts";
import { goneAfter, patiently, type Postgres, type Queries, toColumn } from "./postgres.ts";
import { jobsWhere } from "./postgres-archive.ts";
import { takeCharges } from "./postgres-quota.ts";
import { endPromise, index, saidIn, settleIn } from "./postgres-settle.ts";
import { packBegun, packJob, tables } from "./record.ts";

/** Where a job is in line. */
export interface PlaceInLine {
  /** The engine's id of the work on it. */
  readonly work: string;
  readonly provider: string;
  /** The virtual time at which it starts. */
  readonly start: number;
  /** Its pictures. */
  readonly waiting: number;
}

/** A place in line for a job that is about to be accepted. */
export interface Reservation {
  readonly place: PlaceInLine;
  /** In the transaction that accepts the job. Throws `queue-full` where others have taken the last room meanwhile. */
  confirm(tx: Queries): Promise<void>;
  /** Puts the job in line in that transaction. */
  enlist(tx: Queries): Promise<unknown>;
  /** Gives the place up. */
  leave(): Promise<void>;
}

/** What a ledger in Postgres works with. */
export interface PostgresLedgerOptions {
  /** Reserves a place in line for a job. May throw `queue-full`. */
  readonly reserve?: (joining: Joining) => Promise<Reservation>;
  /** Called when it is in line for all to see. */
  readonly onEnlisted?: (joining: Joining) => void;
  /** The attempt by which this process holds a job. What workers write of a job that another attempt holds throws `PromiseLost`. */
  readonly holderOf?: (code: string) => string | undefined;
  /** Whether that attempt may begin its calls now; where it may not, `begin` throws `PromiseLost`. */
  readonly mayBegin?: (code: string) => Promise<boolean>;
  /** This process, and the doors whose jobs it tells of; where absent, it tells of all. */
  readonly courier?: { readonly id: string; readonly doors: readonly string[] };
}

/**
 * The open promises in Postgres. What ends or changes one is tried again while the database cannot be reached, and in the
 * order in which it was asked for.
 */
export function postgresLedger(database: Postgres, options: PostgresLedgerOptions = {}): Ledger {
  return new PostgresLedger(database, options);
}

class OverQuota extends Error {}

class PostgresLedger implements Ledger {
  readonly #database: Postgres;
  readonly #options: PostgresLedgerOptions;
  /** The last write of each job that has not ended. */
  readonly #writes = new Map<string, Promise<void>>();

  constructor(database: Postgres, options: PostgresLedgerOptions) {
    this.#database = database;
    this.#options = options;
  }

  async accept(
    job: Job,
    charges: readonly QuotaCharge[],
    keyTtlMs: number,
    joining?: Joining,
  ): Promise<Acceptance> {
    const { reserve, onEnlisted, courier } = this.#options;
    const reservation = joining && (await reserve?.(joining));
    const accept = async (tx: Queries): Promise<Acceptance> => {
      const known = await holderOfKey(tx, job, keyTtlMs);
      if (known) return { outcome: "known", job: known };
      if (!(await takeCharges(tx, charges))) throw new OverQuota();
      await reservation?.confirm(tx);
      const inserted = insert(tx, job, { place: reservation?.place, courier: courier?.id });
      await Promise.all([inserted, reservation?.enlist(tx)]);
      return { outcome: "accepted" };
    };
    try {
      const acceptance = await this.#database.transaction(accept);
      if (acceptance.outcome === "known") await reservation?.leave();
      else if (joining) onEnlisted?.(joining);
      return acceptance;
    } catch (error) {
      await reservation?.leave();
      if (error instanceof OverQuota) return { outcome: "over-quota" };
      throw error;
    }
  }

  begin(code: string, begun: Begun): Promise<void> {
    const sql = `UPDATE ledger SET state = 'running', begun = $1
      WHERE code = $2 AND NOT settled AND ($3::TEXT IS NULL OR holder = $3)`;
    const values = [packBegun(begun), code, this.#holderOf(code)] as const;
    return this.#inOrder(code, async () => {
      this.#kept(code, await this.#database.run(sql, ...values));
      if ((await this.#options.mayBegin?.(code)) === false) throw new PromiseLost(code);
    });
  }

  note(code: string, { sends, pictures, remotes }: Note): Promise<void> {
    const noted = `UPDATE ledger
      SET pictures = coalesce($1, pictures), remotes = coalesce($2, remotes)
      WHERE code = $3 AND NOT settled AND ($4::TEXT IS NULL OR holder = $4)`;
    return this.#inOrder(code, () =>
      this.#database.transaction(async (tx) => {
        if (sends) await this.#noteSends(tx, code, JSON.stringify(sends));
        if (!pictures && !remotes) return;
        const values = [toText(pictures), toText(remotes), code, this.#holderOf(code)] as const;
        const changed = await tx.run(noted, ...values);
        this.#kept(code, changed);
        if (changed > 0) for (const picture of pictures ?? []) await index(tx, code, picture);
      }),
    );
  }

  settle(job: Job, refunds: readonly QuotaCharge[] = []): Promise<void> {
    const holder = this.#holderOf(job.code);
    return this.#inOrder(job.code, async (again) => {
      if (!again && refunds.length === 0 && (await endPromise(this.#database, job, holder))) return;
      await this.#database.transaction(async (tx) => {
        const kept = await this.#lock(tx, job.code);
        // An earlier try came through, and its answer was lost.
        if (again && kept.record === packJob(job)) return;
        await settleIn(tx, job, { refunds, open: kept.open });
      });
    });
  }

  close(code: string, { state, sends }: Pick<Delivery, "state" | "sends">): Promise<void> {
    const text = JSON.stringify({ state, sends });
    return this.#inOrder(code, () =>
      this.#database.transaction(async (tx) => {
        const closed = `DELETE FROM ledger
          WHERE code = $1 AND settled AND ($2::TEXT IS NULL OR courier = $2)`;
        const mine = (await tx.run(closed, code, this.#courier)) > 0;
        if (!mine && this.#courier !== null) return;
        await tx.run("UPDATE archive SET delivery = $1 WHERE code = $2", text, code);
      }),
    );
  }

  async open(): Promise<readonly Job[]> {
    const { courier } = this.#options;
    if (!courier) {
      return jobsWhere(this.#database, "code IN (SELECT code FROM ledger) ORDER BY created_at");
    }
    const alive = `SELECT id FROM processes WHERE seen_at > now() - interval '${goneAfter}'`;
    const free = `SELECT code FROM ledger
      WHERE door = ANY($2) AND (courier IS NULL OR courier NOT IN (${alive}))
      ORDER BY created_at LIMIT 100 FOR UPDATE SKIP LOCKED`;
    const sql = `UPDATE ledger SET courier = $1 WHERE code IN (${free}) RETURNING code`;
    // What could not be read stays free: no process looks again for what a living one has taken.
    return this.#database.transaction(async (tx) => {
      const rows = await tx.all<{ code: string }>(sql, courier.id, courier.doors);
      if (rows.length === 0) return [];
      const codes = rows.map(({ code }) => code);
      return jobsWhere(tx, "code = ANY($1) ORDER BY created_at", codes);
    });
  }

  /** Writes of one job take the connections of a pool: begun one by one, none overtakes an earlier one. */
  #inOrder(code: string, work: (again: boolean) => Promise<void>): Promise<void> {
    const earlier = this.#writes.get(code)?.catch(() => undefined);
    const writing = earlier ? earlier.then(() => patiently(work)) : patiently(work);
    this.#writes.set(code, writing);
    return writing.finally(() => {
      if (this.#writes.get(code) === writing) this.#writes.delete(code);
    });
  }

  /** No send is made that another process may be making. */
  async #noteSends(tx: Queries, code: string, sends: string): Promise<void> {
    const sql = `UPDATE ledger SET sends = $1
      WHERE code = $2 AND ($3::TEXT IS NULL OR courier = $3)`;
    const noted = await tx.run(sql, sends, code, this.#courier);
    if (noted === 0 && this.#courier !== null) throw new PromiseLost(code);
  }

  get #courier(): string | null {
    return this.#options.courier?.id ?? null;
  }

  #holderOf(code: string): string | null {
    return this.#options.holderOf?.(code) ?? null;
  }

  /** Throws where this process believed to hold the job and changed nothing. */
  #kept(code: string, changed: number): void {
    if (changed === 0 && this.#holderOf(code) !== null) throw new PromiseLost(code);
  }

  /** Holds the rows of a job until the transaction ends; says whether it is still promised. */
  async #lock(tx: Queries, code: string): Promise<{ open: boolean; record: string | undefined }> {
    const promised = "SELECT settled, holder FROM ledger WHERE code = $1 FOR UPDATE";
    const [promise] = await tx.all<{ settled: boolean; holder: string | null }>(promised, code);
    const kept = "SELECT record, holder FROM archive WHERE code = $1 FOR UPDATE";
    const [record] = await tx.all<{ record: string; holder: string | null }>(kept, code);
    const holder = this.#holderOf(code);
    const of = record ?? promise;
    if (holder !== null && of && of.holder !== holder) throw new PromiseLost(code);
    return { open: promise?.settled === false, record: record?.record };
  }
}

/** The job that has this job's key. Takes the key from a job that is older than `keyTtlMs`. */
async function holderOfKey(tx: Queries, job: Job, keyTtlMs: number): Promise<Job | undefined> {
  if (job.key === null) return undefined;
  const [requester, key] = [toColumn(job.requester.id), toColumn(job.key)];
  // One after the other, so that simultaneous requests with the same key are one job.
  await tx.run("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", `${requester}\n${key}`);
  const [holder] = await jobsWhere(tx, "requester = $1 AND key = $2", requester, key);
  if (!holder || holder.createdAt > job.createdAt - keyTtlMs) return holder;
  for (const table of tables) {
    await tx.run(`UPDATE ${table} SET key = NULL WHERE code = $1`, holder.code);
  }
  return undefined;
}

interface Insertion {
  readonly place: PlaceInLine | undefined;
  readonly courier: string | undefined;
}

async function insert(tx: Queries, job: Job, { place, courier }: Insertion): Promise<void> {
  const { code, requester, key, fingerprint, state, createdAt, delivery } = job;
  await tx.run(
    `INSERT INTO ledger (code, requester, key, fingerprint, state, private, created_at, record, door, courier, model, said,
       work, provider, start, waiting)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::UUID, $14, $15, $16)`,
    code,
    toColumn(requester.id),
    key === null ? null : toColumn(key),
    fingerprint,
    state,
    job.private,
    createdAt,
    packJob(job),
    delivery.door,
    courier ?? null,
    toColumn(job.brief.model),
    saidIn(job),
    ...(place
      ? [place.work, place.provider, place.start, place.waiting]
      : [null, null, null, null]),
  );
  const source = "INSERT INTO sources (job, hash, bytes, created_at) VALUES ($1, $2, $3, $4)";
  for (const { hash, bytes } of job.sent ?? []) await tx.run(source, code, hash, bytes, createdAt);
}

function toText(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
