import { type Settings, settingsIn, type SettingsStore } from "../../core/settings.ts";
import type { Database } from "./database.ts";
import { type Preset, presetIn, type PresetStore } from "../../core/presets.ts";
import { endedLinkMs, type LinkStore } from "../../core/people.ts";

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
        database.run("DELETE FROM links WHERE ends_at < ?", [until - endedLinkMs]);
      }),

    unlink: (account) =>
      database.write(() => database.run("DELETE FROM links WHERE account = ?", [account]) > 0),
  };
}
