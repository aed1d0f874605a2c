import { type Preset, presetIn, type PresetStore } from "../../core/presets.ts";
import type { Database } from "./database.ts";

/** Presets in the embedded database. */
export function sqlitePresets(database: Database): PresetStore {
  const presetsWhere = (clause: string, value: string): readonly Preset[] =>
    database
      .statement(`SELECT values_json FROM presets WHERE ${clause}`)
      .all(value)
      .flatMap((row) => presetIn(String(row["values_json"])) ?? []);

  return {
    list: async (scope) => presetsWhere("scope = ? ORDER BY name", scope),

    find: async (code) => presetsWhere("code = ?", code)[0],

    put: (scope, preset, most) =>
      database.write(() => {
        const { name, code = null } = preset;
        const sql = `INSERT INTO presets (scope, name, code, values_json) SELECT ?, ?, ?, ?
          WHERE (SELECT count(*) FROM presets WHERE scope = ? AND name <> ?) < ?
          ON CONFLICT (scope, name) DO UPDATE SET code = excluded.code, values_json = excluded.values_json`;
        const values = [scope, name, code, JSON.stringify(preset), scope, name, most];
        return database.run(sql, values) > 0;
      }),

    remove: (scope, name) =>
      database.write(() => {
        const sql = "DELETE FROM presets WHERE scope = ? AND (? IS NULL OR name = ?)";
        return database.run(sql, [scope, name ?? null, name ?? null]) > 0;
      }),
  };
}
