import type { PlatformFiles } from "../../core/platform-files.ts";
import { type Settings, settingsIn, type SettingsStore } from "../../core/settings.ts";
import type { Database } from "./database.ts";

/** Settings in the embedded database, one JSON text for each scope. */
export function sqliteSettings(database: Database): SettingsStore {
  function read(scope: string): Settings {
    const row = database.statement("SELECT values_json FROM settings WHERE scope = ?").get(scope);
    return settingsIn(row?.["values_json"] as string | undefined);
  }

  return {
    get: async (scope) => read(scope),

    set: (scope, changes) =>
      database.write(() => {
        const values = JSON.stringify({ ...read(scope), ...changes });
        const sql =
          "INSERT INTO settings (scope, values_json) VALUES (?, ?) ON CONFLICT DO UPDATE SET values_json = excluded.values_json";
        database.statement(sql).run(scope, values);
      }),

    forget: (scope) =>
      database.write(() => {
        database.statement("DELETE FROM settings WHERE scope = ?").run(scope);
      }),
  };
}

/** References to files at chat platforms in the embedded database. */
export function sqlitePlatformFiles(database: Database): PlatformFiles {
  return {
    async find(picture, use) {
      const sql = "SELECT reference FROM platform_files WHERE picture = ? AND use = ?";
      const row = database.statement(sql).get(picture, use);
      return row ? String(row["reference"]) : undefined;
    },

    keep: (picture, use, reference) =>
      database.write(() => {
        const sql =
          "INSERT INTO platform_files (picture, use, reference) SELECT id, ?, ? FROM pictures WHERE id = ? ON CONFLICT DO UPDATE SET reference = excluded.reference";
        database.statement(sql).run(use, reference, picture);
      }),
  };
}
