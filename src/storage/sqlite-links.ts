import type { LinkStore } from "../../core/people.ts";
import type { Database } from "./database.ts";

/** What has ended is forgotten after this time, in milliseconds. */
const forgottenAfterMs = 86_400_000;

/** Which accounts belong to whom, in the embedded database. */
export function sqliteLinks(database: Database): LinkStore {
  const current = "(ends_at IS NULL OR ends_at > ?)";
  return {
    async find(account, now) {
      const sql = `SELECT person FROM links WHERE account = ? AND ${current}`;
      const row = database.statement(sql).get(account, now);
      return row ? String(row["person"]) : undefined;
    },

    async list(person, now) {
      const sql = `SELECT account FROM links WHERE person = ? AND ${current} ORDER BY account`;
      return database
        .statement(sql)
        .all(person, now)
        .map((row) => String(row["account"]));
    },

    link: (account, person, until) =>
      database.write(() => {
        const sql = `INSERT INTO links (account, person, ends_at) VALUES (?, ?, ?)
          ON CONFLICT DO UPDATE SET person = excluded.person, ends_at = excluded.ends_at`;
        database.run(sql, [account, person, until ?? null]);
        if (until === undefined) return;
        database.run("DELETE FROM links WHERE ends_at < ?", [until - forgottenAfterMs]);
      }),

    unlink: (account) =>
      database.write(() => database.run("DELETE FROM links WHERE account = ?", [account]) > 0),
  };
}
