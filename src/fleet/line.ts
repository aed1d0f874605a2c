import type { PgBoss } from "pg-boss";
import { ImageError } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import type { Joining } from "../../core/queue.ts";
import type { Estimate } from "../../core/queue/estimate.ts";
import { patiently, type Postgres, type Queries, toColumn } from "../storage/postgres.ts";
import { engineOf, queueOf } from "./boss.ts";
import { tell } from "./signals.ts";

/** What the line works with, and its limits. */
export interface LineOptions {
  readonly database: Postgres;
  readonly boss: PgBoss;
  /** Calls at once, by provider, of all processes together. */
  readonly slots: (provider: string) => number;
  readonly maxWaiting: number;
  readonly maxWaitingPerRequester: (requester: string) => number;
  readonly estimate: Estimate;
}

/** A job that this process works on, and the turn of its first picture. */
export interface Held {
  readonly code: string;
  readonly provider: string;
  /** The engine's id of the work, and how often it was begun before. */
  readonly work: string;
  readonly attempt: number;
  readonly start: number;
  readonly turn: number;
}

/** Names an attempt: what is written of a job has to come from the one that holds it. */
export function holderOf({ work, attempt }: Pick<Held, "work" | "attempt">): string {
  return `${work}:${attempt}`;
}

/** Without an estimate a refused requester is asked to wait this long, and never longer than the second, in milliseconds. */
const waits = { unknownMs: 30_000, longestMs: 600_000 } as const;

/** The line of all processes: which job is begun next, and which of the further pictures of those that have begun. */
export class Line {
  readonly #options: LineOptions;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  // === Joining

  /** Puts a job in line with its acceptance. Throws `queue-full`. */
  async enlist(job: Job, joining: Joining, tx: Queries): Promise<void> {
    if (!joining.accepted) await this.#refuseWhenFull(joining, tx);
    const { provider, count } = joining;
    const requester = toColumn(joining.requester);
    const first = "INSERT INTO lines (provider, virtual) VALUES ($1, 0) ON CONFLICT DO NOTHING";
    await tx.run(first, provider);
    const sql = `INSERT INTO members AS member (provider, requester, ends)
      SELECT $1, $2, virtual + $3::BIGINT FROM lines WHERE provider = $1
      ON CONFLICT (provider, requester)
        DO UPDATE SET ends = greatest(member.ends, excluded.ends - $3::BIGINT) + $3::BIGINT
      RETURNING ends - $3::BIGINT AS start`;
    const [place] = await tx.all<{ start: number }>(sql, provider, requester, count);
    await this.#send(tx, { code: job.code, provider, start: place?.start ?? 0, count });
  }

  /** Puts a job in line again that is in no line any more. */
  async again(job: Job, joining: Joining, tx: Queries): Promise<void> {
    const sql = "SELECT start FROM ledger WHERE code = $1 AND start IS NOT NULL";
    const [before] = await tx.all<{ start: number }>(sql, job.code);
    const { code, provider, count } = { ...joining, code: job.code };
    if (before) await this.#send(tx, { code, provider, start: before.start, count });
    else await this.enlist(job, { ...joining, accepted: true }, tx);
  }

  async #send(
    tx: Queries,
    at: { code: string; provider: string; start: number; count: number },
  ): Promise<void> {
    const { code, provider, start, count } = at;
    const options = { priority: Math.max(-(2 ** 31), -start), db: engineOf(tx) };
    const work = await this.#options.boss.send(queueOf(provider), { code }, options);
    const sql = `UPDATE ledger SET work = $1::UUID, provider = $2, start = $3, waiting = $4, holder = NULL
      WHERE code = $5`;
    await tx.run(sql, work, provider, start, count, code);
    await tell(tx, "line", provider);
  }

  async #refuseWhenFull(joining: Joining, tx: Queries): Promise<void> {
    const requester = toColumn(joining.requester);
    // One after the other, so that simultaneous requests of one requester are counted.
    await tx.run("SELECT pg_advisory_xact_lock(hashtextextended($1, 2))", requester);
    const sql = `SELECT count(*) FILTER (WHERE requester = $1) AS own, count(*) AS everyone,
        (SELECT count(*) FROM turns WHERE provider = $2 AND begun) AS begun
      FROM ledger WHERE NOT settled AND holder IS NULL`;
    const [counted] = await tx.all<{ own: number; everyone: number; begun: number }>(
      sql,
      requester,
      joining.provider,
    );
    const { own = 0, everyone = 0, begun = 0 } = counted ?? {};
    const { maxWaiting, maxWaitingPerRequester, slots } = this.#options;
    // Those for which a slot is free do not wait, and the job itself is counted.
    const free = Math.max(0, slots(joining.provider) - begun) + 1;
    const limit = maxWaitingPerRequester(joining.requester);
    if (own - free >= limit) throw this.#full("requester", limit, joining);
    if (everyone - free >= maxWaiting) throw this.#full("everyone", maxWaiting, joining);
  }

  #full(whose: "requester" | "everyone", limit: number, { provider, model, pixels }: Joining) {
    const { estimate, slots } = this.#options;
    const eachMs = estimate.expect(model, pixels) ?? waits.unknownMs;
    const retryAfterMs = Math.min(waits.longestMs, Math.ceil(eachMs / slots(provider)));
    return new ImageError("queue-full", { whose, limit, retryAfterMs });
  }

  // === Turns

  /**
   * Gives out what is free at a provider, in the order of the line: further pictures to those who wait for them, and one
   * job, where its turn has come, to this process. undefined: nothing is to be begun here now.
   */
  claim(provider: string): Promise<Held | undefined> {
    return this.#options.database.transaction(async (tx) => {
      await tx.run("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", provider);
      for (let free = await this.#free(tx, provider); free > 0; free--) {
        const start = await this.#nextStart(tx, provider);
        if (await grantNext(tx, provider, start)) continue;
        if (start === undefined) return undefined;
        const held = await this.#fetch(tx, provider);
        if (held) return held;
        // It was cancelled while it waited: its place is another's.
        free++;
      }
      return undefined;
    });
  }

  /** How many more pictures may be at a provider. The turns of attempts that are over are given back. */
  async #free(tx: Queries, provider: string): Promise<number> {
    const stale = `DELETE FROM turns WHERE provider = $1 AND NOT EXISTS (
      SELECT 1 FROM pgboss.job WHERE name = $2 AND id = turns.work AND state = 'active'
        AND retry_count = turns.attempt)`;
    await tx.run(stale, provider, queueOf(provider));
    const sql = "SELECT count(*) AS begun FROM turns WHERE provider = $1 AND begun";
    const [row] = await tx.all<{ begun: number }>(sql, provider);
    return this.#options.slots(provider) - (row?.begun ?? 0);
  }

  /** The virtual start of the job that comes next. */
  async #nextStart(tx: Queries, provider: string): Promise<number | undefined> {
    const sql = `SELECT -priority::BIGINT AS start FROM pgboss.job
      WHERE name = $1 AND state < 'active' AND start_after <= now()
      ORDER BY priority DESC, created_on, id LIMIT 1`;
    const [row] = await tx.all<{ start: number }>(sql, queueOf(provider));
    return row?.start;
  }

  /** undefined where the job is not to be made any more. */
  async #fetch(tx: Queries, provider: string): Promise<Held | undefined> {
    const { boss } = this.#options;
    const options = { includeMetadata: true, db: engineOf(tx) } as const;
    const [fetched] = await boss.fetch<{ code: string }>(queueOf(provider), options);
    if (!fetched) return undefined;
    const { id: work, retryCount: attempt, priority, data } = fetched;
    const { code } = data;
    const start = -priority;
    const taken = `UPDATE ledger SET holder = $1 WHERE code = $2 AND work = $3::UUID AND NOT settled`;
    if ((await tx.run(taken, holderOf({ work, attempt }), code, work)) === 0) {
      const one = { id: work, retryCount: attempt };
      await boss.complete(queueOf(provider), one, null, { db: engineOf(tx) });
      return undefined;
    }
    const held = { code, provider, work, attempt, start };
    const turn = await addTurn(tx, held, true);
    await tx.run(
      "UPDATE lines SET virtual = greatest(virtual, $1) WHERE provider = $2",
      start,
      provider,
    );
    return { ...held, turn };
  }

  /** Waits for no one: puts a further picture of a job in line, and answers the id of its turn. */
  addTurn(held: Held, nth: number): Promise<number> {
    const { database } = this.#options;
    return patiently(() => addTurn(database, { ...held, start: held.start + nth }, false));
  }

  /** Those of these turns that have begun. */
  async begun(turns: readonly number[]): Promise<readonly number[]> {
    const sql = "SELECT id FROM turns WHERE id = ANY($1) AND begun";
    const rows = await this.#options.database.all<{ id: number }>(sql, turns);
    return rows.map(({ id }) => id);
  }

  /** Ends a turn, or the wait for it. */
  async release(turn: number, provider: string): Promise<void> {
    const { database } = this.#options;
    await patiently(() => database.run("DELETE FROM turns WHERE id = $1", turn));
    await tell(database, "line", provider).catch(() => undefined);
  }

  // === Holding

  /** Shows that this process lives and works on these. */
  async beat(all: readonly Held[]): Promise<void> {
    for (const [provider, held] of Map.groupBy(all, (one) => one.provider)) {
      const attempts = held.map(({ work: id, attempt: retryCount }) => ({ id, retryCount }));
      await this.#options.boss.touch(queueOf(provider), attempts);
    }
  }

  /** Ends the work on a job whose end is stored, or which is another's. */
  async end({ provider, work: id, attempt: retryCount }: Held): Promise<void> {
    const { boss, database } = this.#options;
    const sql = "DELETE FROM turns WHERE work = $1::UUID AND attempt = $2";
    const left = await patiently(() => database.run(sql, id, retryCount));
    await boss.complete(queueOf(provider), { id, retryCount });
    if (left > 0) await tell(database, "line", provider).catch(() => undefined);
  }

  /** Gives a job that is not made yet to the one who takes it next, at its old place. */
  async handBack(held: Held, count: number): Promise<void> {
    const { database, boss } = this.#options;
    const { code, provider, start, work: id, attempt: retryCount } = held;
    await database.transaction(async (tx) => {
      const mine =
        "SELECT 1 FROM ledger WHERE code = $1 AND holder = $2 AND NOT settled FOR UPDATE";
      const [row] = await tx.all(mine, code, holderOf(held));
      if (row) await this.#send(tx, { code, provider, start, count });
      const options = { db: engineOf(tx) };
      await boss.complete(queueOf(provider), { id, retryCount }, null, options);
    });
  }

  /** Unfinished jobs that are in no line and at no worker: their worker died twice, or they came from elsewhere. */
  async lost(): Promise<readonly string[]> {
    const sql = `SELECT code FROM ledger WHERE NOT settled AND NOT EXISTS (
      SELECT 1 FROM pgboss.job WHERE id = ledger.work AND state < 'completed') LIMIT 100`;
    const rows = await this.#options.database.all<{ code: string }>(sql);
    return rows.map(({ code }) => code);
  }
}

async function addTurn(
  queries: Queries,
  { code, provider, work, attempt, start }: Omit<Held, "turn">,
  begun: boolean,
): Promise<number> {
  const sql = `INSERT INTO turns (provider, code, work, attempt, start, begun)
    VALUES ($1, $2, $3::UUID, $4, $5, $6) RETURNING id`;
  const [row] = await queries.all<{ id: number }>(
    sql,
    ...[provider, code, work, attempt, start, begun],
  );
  if (!begun) await tell(queries, "line", provider);
  return row?.id ?? 0;
}

/** Begins the next waiting picture of a job that has begun, unless the next job comes before it. */
async function grantNext(
  tx: Queries,
  provider: string,
  before: number | undefined,
): Promise<boolean> {
  const next = `SELECT id FROM turns WHERE provider = $1 AND NOT begun
    AND ($2::BIGINT IS NULL OR start <= $2) ORDER BY start, id LIMIT 1`;
  const sql = `UPDATE turns SET begun = true WHERE id = (${next}) RETURNING id, start`;
  const [granted] = await tx.all<{ id: number; start: number }>(sql, provider, before ?? null);
  if (!granted) return false;
  const advance = "UPDATE lines SET virtual = greatest(virtual, $1) WHERE provider = $2";
  await tx.run(advance, granted.start, provider);
  await tell(tx, "turn", `${granted.id}`);
  return true;
}
