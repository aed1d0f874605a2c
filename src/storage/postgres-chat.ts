import type { PlatformFiles } from "../../core/platform-files.ts";
import { settingsIn, type SettingsStore } from "../../core/settings.ts";
import { fromColumn, type Postgres, type Queries, toColumn } from "./postgres.ts";

/** Settings in Postgres, one JSON text for each scope. */
export function postgresSettings(database: Postgres): SettingsStore {
  async function read(queries: Queries, scope: string, lock = "") {
    const sql = `SELECT values_json FROM settings WHERE scope = $1 ${lock}`;
    const [row] = await queries.all<{ values_json: string }>(sql, toColumn(scope));
    return settingsIn(row?.values_json);
  }

  return {
    get: (scope) => read(database, scope),

    set: (scope, changes) =>
      database.transaction(async (tx) => {
        const first = "INSERT INTO settings (scope, values_json) VALUES ($1, '{}')";
        await tx.run(`${first} ON CONFLICT DO NOTHING`, toColumn(scope));
        const values = JSON.stringify({ ...(await read(tx, scope, "FOR UPDATE")), ...changes });
        const sql = "UPDATE settings SET values_json = $1 WHERE scope = $2";
        await tx.run(sql, values, toColumn(scope));
      }),

    async forget(scope) {
      await database.run("DELETE FROM settings WHERE scope = $1", toColumn(scope));
    },
  };
}

/** References to files at chat platforms in Postgres. */
export function postgresPlatformFiles(database: Queries): PlatformFiles {
  return {
    async find(picture, use) {
      const sql = "SELECT reference FROM platform_files WHERE picture = $1 AND use = $2";
      const [row] = await database.all<{ reference: string }>(sql, picture, use);
      return row && fromColumn(row.reference);
    },

    async keep(picture, use, reference) {
      // Locked, so that the picture does not go in between.
      const sql = `INSERT INTO platform_files (picture, use, reference)
        SELECT id, $1, $2 FROM pictures WHERE id = $3 FOR KEY SHARE
        ON CONFLICT (picture, use) DO UPDATE SET reference = excluded.reference`;
      await database.run(sql, use, toColumn(reference), picture);
    },
  };
}
