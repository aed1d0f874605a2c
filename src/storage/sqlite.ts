import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { ImageError } from "../../core/errors.ts";

/** A problem with the data directory that its owner has to solve; `message` says how. */
export class DataDirError extends Error {
  override readonly name = "DataDirError";
}

/** How long to wait for another process that is about to end. */
const lockWaitMs = 3000;

/** Files up to this size are checked whole at every start. */
const checkedBytes = 100 * 1024 * 1024;

/** Each entry takes the database from the version of its index to the next; entries are never changed. */
const migrations: readonly string[] = [
  `
  CREATE TABLE jobs (
    code TEXT PRIMARY KEY,
    requester TEXT NOT NULL,
    key TEXT,
    fingerprint TEXT NOT NULL,
    door TEXT NOT NULL,
    parent TEXT,
    accepted TEXT NOT NULL,
    state TEXT NOT NULL,
    recipe TEXT,
    notices TEXT NOT NULL,
    error TEXT,
    delivery TEXT NOT NULL,
    delivery_state TEXT NOT NULL,
    private INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX jobs_by_key ON jobs (requester, key) WHERE key IS NOT NULL;
  CREATE INDEX jobs_by_fingerprint ON jobs (fingerprint, created_at);
  CREATE INDEX jobs_by_requester ON jobs (requester, created_at);
  CREATE INDEX jobs_unfinished ON jobs (created_at) WHERE state IN ('queued', 'running');
  CREATE INDEX jobs_undelivered ON jobs (door, created_at)
    WHERE delivery_state = 'open' AND finished_at IS NOT NULL;

  CREATE TABLE pictures (
    id TEXT PRIMARY KEY,
    job TEXT NOT NULL REFERENCES jobs (code) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    hash TEXT,
    link TEXT,
    format TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (job, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX pictures_by_hash ON pictures (hash) WHERE hash IS NOT NULL;
  CREATE INDEX pictures_by_age ON pictures (created_at) WHERE hash IS NOT NULL;

  CREATE TABLE charges (
    requester TEXT NOT NULL,
    span TEXT NOT NULL,
    since INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (requester, span, since)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE settings (
    scope TEXT PRIMARY KEY,
    values_json TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];

export interface Database {
  /** Prepared once, kept for ever. */
  statement(sql: string): StatementSync;
  /** Runs the work inside the next transaction and resolves once that is on disk. Throws `storage-failed`. */
  write<T>(work: () => T): Promise<T>;
  /** Writes what is waiting, then lets go of the directory. */
  close(): void;
}

/**
 * Opens `drawbridge.db` in this directory, makes both where they are missing, and brings an older file up to date.
 * Holds the directory against a second process for as long as it is open. Throws `DataDirError`.
 */
export function openDatabase(directory: string): Database {
  makeDirectory(directory);
  const lock = lockDirectory(directory);
  try {
    const connection = openConnection(join(directory, "drawbridge.db"));
    return new BatchingDatabase(connection, lock);
  } catch (error) {
    lock.close();
    throw error;
  }
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (cause) {
    const message = `The data directory ${directory} cannot be made: ${reasonOf(cause)}. Set DATA_DIR to a directory that this user may write to.`;
    throw new DataDirError(message, { cause });
  }
}

/** A file that this process holds a lock on; the system drops the lock however the process ends. */
function lockDirectory(directory: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(directory, "lock.db"), { timeout: lockWaitMs });
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    return lock;
  } catch (cause) {
    lock?.close();
    throw new DataDirError(
      isBusy(cause)
        ? `Another Drawbridge is using the data directory ${directory}. Stop it, or set DATA_DIR to another directory.`
        : `The data directory ${directory} cannot be written to: ${reasonOf(cause)}. Give this user the right to write there, or set DATA_DIR to another directory.`,
      { cause },
    );
  }
}

function openConnection(file: string): DatabaseSync {
  let connection: DatabaseSync | undefined;
  try {
    connection = new DatabaseSync(file, { timeout: 5000 });
    // With WAL and NORMAL a commit survives the death of the process; a power failure may cost the last moments.
    connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    connection.exec("PRAGMA foreign_keys = ON");
    check(connection, file);
    migrate(connection, file);
    return connection;
  } catch (cause) {
    connection?.close();
    if (cause instanceof DataDirError) throw cause;
    throw new DataDirError(
      `The database ${file} cannot be used: ${reasonOf(cause)}. It was left as it is. Restore it from a backup, or move it away to begin anew.`,
      { cause },
    );
  }
}

function check(connection: DatabaseSync, file: string): void {
  if (statSync(file).size > checkedBytes) return;
  const result = connection.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
  if (result !== "ok") throw new Error(`the file is damaged (${String(result)})`);
}

function migrate(connection: DatabaseSync, file: string): void {
  const version = Number(connection.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (version > migrations.length) {
    const message = `The database ${file} was written by a newer version of Drawbridge (format ${version}, this one knows ${migrations.length}). It was left as it is. Run the newer version, or set DATA_DIR to another directory.`;
    throw new DataDirError(message);
  }
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    connection.exec(`BEGIN; ${sql}; PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}

interface Waiting {
  readonly work: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers the writes of one turn of the event loop into one transaction. */
class BatchingDatabase implements Database {
  readonly #connection: DatabaseSync;
  readonly #lock: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #batch: Waiting[] = [];

  constructor(connection: DatabaseSync, lock: DatabaseSync) {
    this.#connection = connection;
    this.#lock = lock;
  }

  statement(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#connection.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  write<T>(work: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (this.#batch.length === 0) setImmediate(() => this.#flush());
    this.#batch.push({ work, resolve: resolve as Waiting["resolve"], reject });
    return promise;
  }

  close(): void {
    this.#flush();
    this.#connection.close();
    this.#lock.close();
  }

  #flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length === 0) return;
    if (!this.#connection.isOpen) {
      for (const { reject } of batch) reject(closed());
      return;
    }
    try {
      this.#connection.exec("BEGIN IMMEDIATE");
      const tell = batch.map((waiting) => this.#perform(waiting));
      this.#connection.exec("COMMIT");
      for (const told of tell) told();
    } catch (error) {
      if (this.#connection.isTransaction) this.#connection.exec("ROLLBACK");
      for (const { reject } of batch) reject(storageFailure(error));
    }
  }

  /** One piece of work may fail alone, unless the failure has ended the transaction. */
  #perform({ work, resolve, reject }: Waiting): () => void {
    try {
      const result = work();
      return () => resolve(result);
    } catch (error) {
      if (!this.#connection.isTransaction) throw error;
      return () => reject(storageFailure(error));
    }
  }
}

/** Work that ends after everything was closed stays as it was on disk. */
function closed(): ImageError {
  const details = { problem: "unwritable", paid: false } as const;
  return new ImageError("storage-failed", details, { message: "the database is closed" });
}

const sqliteFull = 13;
const sqliteBusy = 5;

function codeOf(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  // The low byte is the primary code; the rest says more about it.
  return typeof code === "number" ? code & 0xff : undefined;
}

function isBusy(error: unknown): boolean {
  return codeOf(error) === sqliteBusy;
}

/** What the disk refused becomes an expected failure; a mistake of ours stays a bug. */
function storageFailure(cause: unknown): unknown {
  const code = codeOf(cause);
  const ours = [1, 19, 20, 21, 25]; // SQL error, constraint, datatype, misuse, range
  if (code === undefined || ours.includes(code)) return cause;
  const problem = code === sqliteFull ? "full" : "unwritable";
  return new ImageError("storage-failed", { problem, paid: false }, { cause });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
