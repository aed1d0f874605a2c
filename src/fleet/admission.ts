import { randomUUID } from "node:crypto";
import type { PgBoss } from "pg-boss";
import { ImageError } from "../../core/errors.ts";
import type { Estimate, Joining } from "../../core/queue.ts";
import { type Queries, toColumn } from "../storage/postgres.ts";
import type { PlaceInLine, Reservation } from "../storage/postgres-ledger.ts";
import { engineOf, queuesOf } from "./boss.ts";

/** What the line works with, and its limits. */
export interface AdmissionOptions {
  readonly boss: PgBoss;
  /** Calls at once, by provider, of all processes together. */
  readonly slots: (provider: string) => number;
  readonly maxWaiting: number;
  readonly maxWaitingPerRequester: (requester: string) => number;
  readonly estimate: Estimate;
}

/** Without an estimate a refused requester is asked to wait this long, and never longer than the second, in milliseconds. */
const waits = { unknownMs: 30_000, longestMs: 600_000 } as const;

/** So few more and a requester's limit is reached: then jobs that are accepted at the same time are counted one by one. */
const closeToLimit = 64;

interface Counted {
  readonly own: number;
  readonly everyone: number;
  readonly begun: number;
}

const counts = `SELECT count(*) FILTER (WHERE requester = $2) AS own, count(*) AS everyone,
    (SELECT count(*) FROM turns WHERE provider = $1 AND begun) AS begun
  FROM ledger WHERE NOT settled AND NOT turned`;

/**
 * Reserves a place in line for a job that is about to be accepted: a requester's next job starts where the last one ended, and
 * never before the line's own time. No lock is held from here to the acceptance. Throws `queue-full`.
 */
export async function reserve(
  joining: Joining,
  database: Queries,
  options: AdmissionOptions,
): Promise<Reservation> {
  const { code, provider, count, ready = true, accepted = false } = joining;
  const requester = toColumn(joining.requester);
  const sql = `WITH place AS (
      INSERT INTO members AS member (provider, requester, ends)
      SELECT $1, $2, virtual + $3::BIGINT FROM lines WHERE provider = $1
      ON CONFLICT (provider, requester)
        DO UPDATE SET ends = greatest(member.ends, excluded.ends - $3::BIGINT) + $3::BIGINT
      RETURNING ends - $3::BIGINT AS start)
    SELECT start, counted.* FROM place, (${counts}) AS counted`;
  const [found] = await database.all<Counted & { start: number }>(sql, provider, requester, count);
  const { start = 0, own = 0 } = found ?? {};
  const leave = async () => {
    const back = "UPDATE members SET ends = ends - $3 WHERE provider = $1 AND requester = $2";
    await database.run(back, provider, requester, count).catch(() => undefined);
  };
  const refused = (counted: Counted | undefined) =>
    counted && !accepted ? refusal(joining, counted, options) : undefined;
  const error = refused(found);
  if (error) {
    await leave();
    throw error;
  }
  const isClose = own + closeToLimit >= options.maxWaitingPerRequester(joining.requester);
  const queue = queuesOf(provider)[ready ? "turns" : "words"];
  const place = { work: randomUUID(), provider, start, waiting: count };
  return {
    place,
    leave,
    async confirm(tx) {
      if (accepted || !isClose) return;
      await tx.run("SELECT pg_advisory_xact_lock(hashtextextended($1, 2))", requester);
      const late = refused((await tx.all<Counted>(counts, provider, requester))[0]);
      if (late) throw late;
    },
    enlist: (tx) => sendTo(queue, { code, ...place }, { tx, boss: options.boss }),
  };
}

/** Puts work into one of the line's queues. */
export function sendTo(
  queue: string,
  { code, work, start }: Pick<PlaceInLine, "work" | "start"> & { readonly code: string },
  { tx, boss }: { readonly tx: Queries; readonly boss: PgBoss },
): Promise<unknown> {
  const priority = Math.max(-(2 ** 31), -start);
  return boss.send(queue, { code }, { id: work, priority, db: engineOf(tx) });
}

/** undefined where there is room. */
function refusal(joining: Joining, counted: Counted, options: AdmissionOptions) {
  const { own, everyone, begun } = counted;
  const { maxWaiting, maxWaitingPerRequester, slots } = options;
  // Those for which a slot is free do not wait.
  const free = Math.max(0, slots(joining.provider) - begun);
  const limit = maxWaitingPerRequester(joining.requester);
  if (own - free >= limit) return full("requester", limit, joining, options);
  if (everyone - free >= maxWaiting) return full("everyone", maxWaiting, joining, options);
  return undefined;
}

function full(
  whose: "requester" | "everyone",
  limit: number,
  { provider, model, pixels }: Joining,
  { estimate, slots }: AdmissionOptions,
): ImageError<"queue-full"> {
  const eachMs = estimate.expect(model, pixels) ?? waits.unknownMs;
  const retryAfterMs = Math.min(waits.longestMs, Math.ceil(eachMs / slots(provider)));
  return new ImageError("queue-full", { whose, limit, retryAfterMs });
}
