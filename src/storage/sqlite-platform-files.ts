import type { PlatformFiles } from "../../core/platform-files.ts";
import type { Database } from "./sqlite.ts";

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
