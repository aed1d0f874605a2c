import { settingsIn, type SettingsStore } from "../../core/settings.ts";
import { fromColumn, type Postgres, type Queries, toColumn } from "./postgres.ts";
import { type Preset, presetIn, type PresetStore } from "../../core/presets.ts";
import { endedLinkMs, type LinkStore } from "../../core/people.ts";

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
      await database.run("DELETE FROM links WHERE ends_at < $1", until - endedLinkMs);
    },

    async unlink(account) {
      return (await database.run("DELETE FROM links WHERE account = $1", toColumn(account))) > 0;
    },
  };
}
