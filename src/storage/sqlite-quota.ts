import type { QuotaStore } from "../../core/quota.ts";
import type { Database } from "./sqlite.ts";

/** Windows that began this long ago can refuse nobody any more. */
const forgottenAfterMs = 2 * 86_400_000;

/** Charged pictures in the embedded database, apart from the jobs: who erases his jobs keeps what he has used up. */
export function sqliteQuota(database: Database): QuotaStore {
  function used(requester: string, span: string, since: number): number {
    const sql = "SELECT count FROM charges WHERE requester = ? AND span = ? AND since = ?";
    return Number(database.statement(sql).get(requester, span, since)?.["count"] ?? 0);
  }

  function add(requester: string, span: string, since: number, count: number): void {
    const sql = `INSERT INTO charges (requester, span, since, count) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET count = count + excluded.count`;
    database.statement(sql).run(requester, span, since, count);
  }

  /** Where nothing was charged, as when quotas were set only afterwards, there is nothing to give back. */
  function takeOff(requester: string, span: string, since: number, count: number): void {
    const sql = `UPDATE charges SET count = max(0, count - ?)
      WHERE requester = ? AND span = ? AND since = ?`;
    database.statement(sql).run(count, requester, span, since);
  }

  function forgetOld(since: number): void {
    database.statement("DELETE FROM charges WHERE since < ?").run(since - forgottenAfterMs);
  }

  return {
    charge: (requester, charges) =>
      database.write(() => {
        const fits = charges.every(
          ({ window, since, count, limit }) => used(requester, window, since) + count <= limit,
        );
        if (!fits) return false;
        for (const { window, since, count } of charges) {
          if (used(requester, window, since) === 0) forgetOld(since);
          add(requester, window, since, count);
        }
        return true;
      }),

    giveBack: (requester, charges) =>
      database.write(() => {
        for (const { window, since, count } of charges) takeOff(requester, window, since, count);
      }),

    used: async (requester, window, since) => used(requester, window, since),
  };
}
