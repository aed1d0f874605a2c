/** A value of a column, as this program uses them. */
export type SqlValue = string | number | null;

/** A prepared statement. */
export interface Statement {
  get(...values: SqlValue[]): Record<string, unknown> | undefined;
  all(...values: SqlValue[]): Record<string, unknown>[];
  run(...values: SqlValue[]): unknown;
}

/** An SQLite database that this process alone has open. */
export interface Database {
  /** The prepared statement; prepared once and kept. */
  statement(sql: string): Statement;
  /** Runs a statement that changes something; answers how many rows it changed. */
  run(sql: string, values: readonly SqlValue[]): number;
  /**
   * Runs the work inside a transaction and resolves once that is on disk. If other work in the same transaction fails,
   * this work is run again, so it must change nothing but the database. Throws `storage-failed`.
   */
  write<T>(work: () => T): Promise<T>;
  /** Throws `storage-failed` where the next process would not find what this one writes. */
  check(): void;
}

/** What a migration works with. */
export interface Connection {
  exec(sql: string): unknown;
  prepare(sql: string): Pick<Statement, "all" | "run"> & {
    iterate(...values: SqlValue[]): Iterable<Record<string, unknown>>;
  };
}
