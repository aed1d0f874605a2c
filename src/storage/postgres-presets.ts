import { type Preset, presetIn, type PresetStore } from "../../core/presets.ts";
import { type Postgres, toColumn } from "./postgres.ts";

/** Presets in Postgres. */
export function postgresPresets(database: Postgres): PresetStore {
  async function presetsWhere(clause: string, value: string): Promise<readonly Preset[]> {
    const sql = `SELECT values_json FROM presets WHERE ${clause}`;
    const rows = await database.all<{ values_json: string }>(sql, value);
    return rows.flatMap((row) => presetIn(row.values_json) ?? []);
  }

  return {
    list: (scope) => presetsWhere('scope = $1 ORDER BY name COLLATE "C"', toColumn(scope)),

    find: async (code) => (await presetsWhere("code = $1", code))[0],

    put: (scope, preset, most) =>
      database.transaction(async (tx) => {
        const [of, name] = [toColumn(scope), toColumn(preset.name)];
        // One after the other, so that a scope never has more than it may.
        await tx.run("SELECT pg_advisory_xact_lock(hashtextextended($1, 5))", of);
        const sql = `INSERT INTO presets (scope, name, code, values_json) SELECT $1, $2, $3, $4
          WHERE (SELECT count(*) FROM presets WHERE scope = $1 AND name <> $2) < $5::BIGINT
          ON CONFLICT (scope, name) DO UPDATE
            SET code = excluded.code, values_json = excluded.values_json`;
        const values = [of, name, preset.code ?? null, JSON.stringify(preset), most] as const;
        return (await tx.run(sql, ...values)) > 0;
      }),

    async remove(scope, name) {
      const sql = "DELETE FROM presets WHERE scope = $1 AND ($2::TEXT IS NULL OR name = $2)";
      const which = name === undefined ? null : toColumn(name);
      return (await database.run(sql, toColumn(scope), which)) > 0;
    },
  };
}
