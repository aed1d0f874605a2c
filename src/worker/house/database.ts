import type { DurableObjectStorage } from "@cloudflare/workers-types";
import { ImageError } from "../../../core/errors.ts";
import type { Connection, Database, SqlValue } from "../../storage/database.ts";
import { migrations } from "../../storage/migrations.ts";

type Storage = Pick<DurableObjectStorage, "sql" | "transactionSync">;

/**
 * The SQLite of a Durable Object, migrated. What it has written is durable before anything leaves the object: answers
 * and calls wait for it (https://developers.cloudflare.com/durable-objects/reference/in-memory-state/).
 */
export function objectDatabase(storage: Storage): Database {
  const { sql } = storage;
  const rowsOf = (text: string, values: readonly SqlValue[]) => sql.exec(text, ...values).toArray();
  const statement = (text: string) => ({
    get: (...values: SqlValue[]) => rowsOf(text, values)[0],
    all: (...values: SqlValue[]) => rowsOf(text, values),
    run: (...values: SqlValue[]) => rowsOf(text, values),
  });
  return {
    statement,
    run(text, values) {
      rowsOf(text, values);
      return Number(rowsOf("SELECT changes() AS changes", [])[0]?.["changes"]);
    },
    async write(work) {
      try {
        return storage.transactionSync(work);
      } catch (error) {
        throw storageFailure(error);
      }
    },
    check: () => undefined,
  };
}

/** Brings the database of an object to the present version. Its SQLite has no `user_version`, so a table holds it. */
export function migrateObject(storage: Storage): void {
  const { sql } = storage;
  sql.exec("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT");
  const version = Number(
    sql.exec("SELECT max(version) AS version FROM schema_version").one()["version"],
  );
  const connection: Connection = {
    exec: (text) => sql.exec(text),
    prepare: (text) => ({
      all: (...values) => sql.exec(text, ...values).toArray(),
      run: (...values) => sql.exec(text, ...values).toArray(),
      iterate: (...values) => sql.exec(text, ...values).toArray(),
    }),
  };
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue;
    storage.transactionSync(() => {
      if (typeof migration === "string") sql.exec(migration);
      else migration(connection);
      sql.exec("INSERT INTO schema_version (version) VALUES (?)", index + 1);
    });
  }
}

/** A full or failing store as `storage-failed`; anything else is a bug. */
function storageFailure(cause: unknown): unknown {
  const text = cause instanceof Error ? cause.message : "";
  if (!/SQLITE_(?:FULL|IOERR|TOOBIG)|storage/i.test(text)) return cause;
  const problem = /SQLITE_FULL/.test(text) ? "full" : "unwritable";
  return new ImageError("storage-failed", { problem, paid: false }, { cause });
}
