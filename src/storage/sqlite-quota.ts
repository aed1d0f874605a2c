import { endedWindowMs, type QuotaCharge, type QuotaStore } from "../../core/quota.ts";
import type { Database } from "./database.ts";

/** Charged pictures in the embedded database, apart from the jobs: forgetting jobs gives back no quota. */
export function sqliteQuota(database: Database): QuotaStore {
  return { used: async (...window) => used(database, ...window) };
}

/** Charges all or nothing, inside a write; false where a charge would exceed its limit. */
export function takeCharges(database: Database, charges: readonly QuotaCharge[]): boolean {
  const fits = charges.every(
    ({ requester, window, since, count, limit }) =>
      used(database, requester, window, since) + count <= limit,
  );
  if (!fits) return false;
  for (const { requester, window, since, count } of charges) {
    if (used(database, requester, window, since) === 0) forgetOld(database, since);
    const sql = `INSERT INTO charges (requester, span, since, count) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET count = count + excluded.count`;
    database.run(sql, [requester, window, since, count]);
  }
  return true;
}

/** Gives charges back, inside a write; ignores charges that were never made. */
export function giveBack(database: Database, refunds: readonly QuotaCharge[]): void {
  for (const { requester, window, since, count } of refunds) {
    const sql = `UPDATE charges SET count = max(0, count - ?)
      WHERE requester = ? AND span = ? AND since = ?`;
    database.run(sql, [count, requester, window, since]);
  }
}

function used(database: Database, requester: string, span: string, since: number): number {
  const sql = "SELECT count FROM charges WHERE requester = ? AND span = ? AND since = ?";
  return Number(database.statement(sql).get(requester, span, since)?.["count"] ?? 0);
}

function forgetOld(database: Database, since: number): void {
  database.run("DELETE FROM charges WHERE since < ?", [since - endedWindowMs]);
}
