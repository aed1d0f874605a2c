import type { LinkStore } from "../../core/people.ts";
import { fromColumn, type Queries, toColumn } from "./postgres.ts";

/** What has ended is forgotten after this time, in milliseconds. */
const forgottenAfterMs = 86_400_000;

/** Which accounts belong to whom, in Postgres. */
export function postgresLinks(database: Queries): LinkStore {
  const current = "(ends_at IS NULL OR ends_at > $2)";
  return {
    async find(account, now) {
      const sql = `SELECT person FROM links WHERE account = $1 AND ${current}`;
      const [row] = await database.all<{ person: string }>(sql, toColumn(account), now);
      return row && fromColumn(row.person);
    },

    async list(person, now) {
      const sql = `SELECT account FROM links WHERE person = $1 AND ${current}
        ORDER BY account COLLATE "C"`;
      const rows = await database.all<{ account: string }>(sql, toColumn(person), now);
      return rows.map(({ account }) => fromColumn(account));
    },

    async link(account, person, until) {
      const sql = `INSERT INTO links (account, person, ends_at) VALUES ($1, $2, $3)
        ON CONFLICT (account) DO UPDATE SET person = excluded.person, ends_at = excluded.ends_at`;
      await database.run(sql, toColumn(account), toColumn(person), until ?? null);
      if (until === undefined) return;
      await database.run("DELETE FROM links WHERE ends_at < $1", until - forgottenAfterMs);
    },

    async unlink(account) {
      return (await database.run("DELETE FROM links WHERE account = $1", toColumn(account))) > 0;
    },
  };
}
