import { endedWindowMs, type QuotaCharge, type QuotaStore } from "../../core/quota.ts";
import { type Queries, toColumn } from "./postgres.ts";

/** Charged pictures in Postgres, apart from the jobs: forgetting jobs gives back no quota. */
export function postgresQuota(database: Queries): QuotaStore {
  return {
    async used(requester, window, since) {
      const sql = "SELECT count FROM charges WHERE requester = $1 AND span = $2 AND since = $3";
      const [row] = await database.all<{ count: number }>(sql, toColumn(requester), window, since);
      return row?.count ?? 0;
    },
  };
}

/** Charges in a transaction; false where one would exceed its limit, and then the transaction is to be undone. */
export async function takeCharges(tx: Queries, charges: readonly QuotaCharge[]): Promise<boolean> {
  const sql = `INSERT INTO charges AS held (requester, span, since, count) VALUES ($1, $2, $3, $4)
    ON CONFLICT (requester, span, since) DO UPDATE SET count = held.count + excluded.count
      WHERE held.count + excluded.count <= $5
    RETURNING count`;
  for (const { requester, window, since, count, limit } of charges) {
    if (count > limit) return false;
    const values = [toColumn(requester), window, since, count, limit] as const;
    const [charged] = await tx.all<{ count: number }>(sql, ...values);
    if (!charged) return false;
    if (charged.count === count) await forgetOld(tx, since);
  }
  return true;
}

/** Gives charges back in a transaction; ignores charges that were never made. */
export async function giveBack(tx: Queries, refunds: readonly QuotaCharge[]): Promise<void> {
  for (const { requester, window, since, count } of refunds) {
    const sql = `UPDATE charges SET count = greatest(0, count - $1)
      WHERE requester = $2 AND span = $3 AND since = $4`;
    await tx.run(sql, count, toColumn(requester), window, since);
  }
}

/** Leaves alone what other transactions hold. */
async function forgetOld(tx: Queries, since: number): Promise<void> {
  const old = `SELECT requester, span, since FROM charges WHERE since < $1
    LIMIT 100 FOR UPDATE SKIP LOCKED`;
  const sql = `DELETE FROM charges WHERE (requester, span, since) IN (${old})`;
  await tx.run(sql, since - endedWindowMs);
}
