import type { Job } from "../../core/job.ts";
import type { Queries } from "../storage/postgres.ts";
import { type JobRow, toJob } from "../storage/postgres-archive.ts";
import type { PlaceInLine } from "../storage/postgres-ledger.ts";
import { queuesOf } from "./boss.ts";

/** A job that this process works on. */
export interface Held {
  readonly code: string;
  readonly provider: string;
  /** The engine's queue and id of the work, and how often it was begun before. */
  readonly queue: string;
  readonly work: string;
  readonly attempt: number;
  readonly start: number;
  /** The turn of its first picture; absent where its words are enhanced first, and that turn is waited for. */
  readonly turn?: number;
}

/** A job that this process has just taken, as it is stored. */
export interface Claimed {
  readonly held: Held;
  readonly job: Job;
}

/** Names an attempt: what is written of a job has to come from the one that holds it. */
export function holderOf({ work, attempt }: Pick<Held, "work" | "attempt">): string {
  return `${work}:${attempt}`;
}

/** How many pictures are at a provider. The turns of attempts that are over are given back. */
export async function begunAt(provider: string, tx: Queries): Promise<number> {
  const { turns, words } = queuesOf(provider);
  const sql = `WITH stale AS (
      DELETE FROM turns WHERE provider = $1 AND NOT EXISTS (
        SELECT 1 FROM pgboss.job WHERE name IN ($2, $3) AND id = turns.work AND state = 'active'
          AND retry_count = turns.attempt)
      RETURNING begun)
    SELECT (SELECT count(*) FROM turns WHERE provider = $1 AND begun)
      - (SELECT count(*) FROM stale WHERE begun) AS begun`;
  const [row] = await tx.all<{ begun: number }>(sql, provider, turns, words);
  return row?.begun ?? 0;
}

const jobColumns = `code, key, fingerprint, state, private, created_at,
  record, begun, pictures, remotes, NULL::TEXT AS delivery, sends`;

/** Holds a job and begins the turn of its first picture. undefined where the job is not to be made any more. */
export async function hold(held: Held, tx: Queries): Promise<Claimed | undefined> {
  const { code, provider, work, attempt, start } = held;
  const sql = `WITH taken AS (
      UPDATE ledger SET holder = $1, turned = true
        WHERE code = $2 AND work = $3::UUID AND NOT settled RETURNING ${jobColumns}),
    turn AS (
      INSERT INTO turns (provider, code, work, attempt, start, begun)
        SELECT $4, code, $3::UUID, $5, $6::BIGINT, true FROM taken RETURNING id),
    advanced AS (
      UPDATE lines SET virtual = $6::BIGINT
        WHERE provider = $4 AND virtual < $6::BIGINT AND EXISTS (SELECT 1 FROM taken))
    SELECT taken.*, turn.id AS turn FROM taken, turn`;
  const values = [holderOf(held), code, work, provider, attempt, start] as const;
  const [row] = await tx.all<JobRow & { turn: number }>(sql, ...values);
  return row && { held: { ...held, turn: row.turn }, job: toJob(row) };
}

/** Holds a job that has no turn yet. undefined where it is not to be made any more. */
export async function holdOnly(held: Held, tx: Queries): Promise<Claimed | undefined> {
  const sql = `UPDATE ledger SET holder = $1
    WHERE code = $2 AND work = $3::UUID AND NOT settled RETURNING ${jobColumns}`;
  const [row] = await tx.all<JobRow>(sql, holderOf(held), held.code, held.work);
  return row && { held, job: toJob(row) };
}

/** A picture, of a job that has begun, which waits for its turn. */
export interface Waiting {
  readonly id: number;
  readonly start: number;
}

/** The one that comes next among those that no other worker is about to begin. */
export async function firstWaiting(provider: string, tx: Queries): Promise<Waiting | undefined> {
  const sql = `SELECT id, start FROM turns WHERE provider = $1 AND NOT begun
    ORDER BY start, id LIMIT 1 FOR UPDATE SKIP LOCKED`;
  return (await tx.all<Waiting>(sql, provider))[0];
}

/**
 * Whether an attempt may begin a call. It may not where its process was silent for too long, even if no other one has its
 * job yet, for its slot may be another's; otherwise it has all its time before it again. A process that sleeps longer than
 * that between here and its call makes one too many, which no database can prevent.
 */
export async function mayBegin(held: Held | undefined, queries: Queries): Promise<boolean> {
  if (!held) return true;
  const sql = `UPDATE pgboss.job SET heartbeat_on = pgboss.job_now()
    WHERE name = $1 AND id = $2::UUID AND retry_count = $3 AND state = 'active'`;
  return (await queries.run(sql, held.queue, held.work, held.attempt)) > 0;
}

/** Of these turns those that there are, and whether they have begun: one whose attempt is over is none. See `mayBegin`. */
export function standingTurns(ids: readonly number[], queries: Queries) {
  const sql = `WITH asked AS (SELECT id, work, attempt, begun FROM turns WHERE id = ANY($1)),
    held AS (
      UPDATE pgboss.job SET heartbeat_on = pgboss.job_now() WHERE state = 'active'
        AND (id, retry_count) IN (SELECT work, attempt FROM asked WHERE begun) RETURNING id)
    SELECT id, begun FROM asked WHERE NOT begun OR work IN (SELECT id FROM held)`;
  return queries.all<{ id: number; begun: boolean }>(sql, ids);
}

/** Begins a turn that waits. */
export async function grant({ id, start }: Waiting, provider: string, tx: Queries): Promise<void> {
  const sql = `WITH granted AS (UPDATE turns SET begun = true WHERE id = $1 RETURNING code),
    first AS (
      UPDATE ledger SET turned = true
        WHERE code IN (SELECT code FROM granted) AND NOT turned)
    UPDATE lines SET virtual = $2::BIGINT WHERE provider = $3 AND virtual < $2::BIGINT`;
  await tx.run(sql, id, start, provider);
}

/** Puts a job where the next one takes it. */
export async function putBack(
  { work, provider, start, waiting }: PlaceInLine,
  code: string,
  tx: Queries,
): Promise<void> {
  const sql = `UPDATE ledger SET work = $1::UUID, provider = $2, start = $3, waiting = $4,
      holder = NULL, turned = false WHERE code = $5`;
  await tx.run(sql, work, provider, start, waiting, code);
}
