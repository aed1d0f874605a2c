import { randomInt } from "node:crypto";
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { ImageError } from "../../core/errors.ts";
import { claimDirectory, DataDirError, type DirectoryLock, unwritable } from "./data-dir.ts";
import { isBusy, isUnwritable, reasonOf, storageFailure } from "./errors.ts";
import type { Database, SqlValue } from "./database.ts";
import { migrations } from "./migrations.ts";
import { OpenFiles } from "./open-files.ts";

/** Files up to this size are checked whole at every start. */
const checkedBytes = 100 * 1024 * 1024;

/** The embedded database, whose writes share transactions. What `check` found is believed for a moment. */
export interface FileDatabase extends Database {
  /** Writes what is waiting, then lets go of the directory. */
  close(): void;
}

/**
 * Opens `drawbridge.db` in this directory, makes both where they are missing, and migrates an older file. Locks
 * the directory while it is open. Throws `DataDirError`.
 */
export function openDatabase(directory: string): FileDatabase {
  const lock = claimDirectory(directory);
  try {
    return new BatchingDatabase(...openConnection(fileIn(directory)), lock);
  } catch (error) {
    lock.close();
    throw error;
  }
}

/** Checks the database of a directory that is not in use, if it has one. Changes nothing. Throws `DataDirError`. */
export function inspectDatabase(directory: string): void {
  const file = fileIn(directory);
  for (const part of [file, `${file}-wal`, `${file}-shm`]) checkWritable(part);
  if (!existsSync(file)) return;
  // Immutable: SQLite makes no files beside it, which a later start under another user could not open.
  const url = new URL("?immutable=1", pathToFileURL(file));
  const connection = explained(file, () => new DatabaseSync(url, { readOnly: true }));
  try {
    explained(file, () => {
      check(connection, file);
      versionOf(connection, file);
    });
  } finally {
    connection.close();
  }
}

/** Not opened: closing a file lets go of this process's locks on it. */
function checkWritable(file: string): void {
  if (!existsSync(file)) return;
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
    if (!statSync(file).isFile()) throw new Error(`${file} is no file`);
  } catch (cause) {
    throw unwritable(dirname(file), cause);
  }
}

/** For so long another program may be writing before this one gives up. */
const patienceMs = 5000;

function fileIn(directory: string): string {
  return join(directory, "drawbridge.db");
}

function openConnection(file: string): [DatabaseSync, OpenFiles] {
  const connection = explained(file, () => new DatabaseSync(file, { timeout: patienceMs }));
  try {
    explained(file, () => {
      // With WAL and NORMAL a commit survives the death of the process; a power failure may lose the last commits.
      connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
      connection.exec("PRAGMA foreign_keys = ON");
      // Pages; 16 MB of each: what is written again and again is brought to the database less often.
      connection.exec("PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = 4000");
      claim(connection, file);
      check(connection, file);
      migrate(connection, file);
    });
    return [connection, explained(file, () => marked(connection, file))];
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * Makes sure that no other process has the database open. An open one holds a shared lock on the file itself to its end:
 * only where there is no other can this one have the exclusive lock, which it then lowers to a shared one without ever
 * letting go, so that others may read. https://www.sqlite.org/pragma.html#pragma_locking_mode
 */
function claim(connection: DatabaseSync, file: string): void {
  try {
    // Without a first read the lock could not be lowered.
    connection.prepare("SELECT count(*) FROM sqlite_schema").get();
    connection.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT");
    connection.exec("PRAGMA locking_mode = NORMAL; BEGIN IMMEDIATE; COMMIT");
  } catch (cause) {
    if (!isBusy(cause)) throw cause;
    const message = `Another Drawbridge, or another program that has it open, is using the database ${file}. Stop it, or set DATA_DIR to another directory.`;
    throw new DataDirError(message, { cause });
  }
}

/** Gives the file a mark of this opening, by which it can be told from every other one. */
function marked(connection: DatabaseSync, file: string): OpenFiles {
  const mark = randomInt(1, 2 ** 31);
  connection.exec(`PRAGMA application_id = ${mark}; PRAGMA wal_checkpoint(PASSIVE)`);
  return new OpenFiles(file, mark);
}

/** Whatever SQLite says becomes something that the owner of the file can act upon. */
function explained<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof DataDirError) throw cause;
    if (isUnwritable(cause)) throw unwritable(dirname(file), cause);
    const message = `The database ${file} cannot be used: ${reasonOf(cause)}. It was left as it is. Restore it from a backup, or move it away to begin anew.`;
    throw new DataDirError(message, { cause });
  }
}

function check(connection: DatabaseSync, file: string): void {
  if (statSync(file).size > checkedBytes) return;
  const result = connection.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
  if (result !== "ok")
    throw new Error(`the file is damaged (${String(result).replace(/\s+/g, " ")})`);
}

function migrate(connection: DatabaseSync, file: string): void {
  const version = versionOf(connection, file);
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue;
    connection.exec("BEGIN");
    if (typeof migration === "string") connection.exec(migration);
    else migration(connection);
    connection.exec(`PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}

/** Throws `DataDirError` when it is newer than this program. */
function versionOf(connection: DatabaseSync, file: string): number {
  const version = Number(connection.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (version <= migrations.length) return version;
  const message = `The database ${file} was written by a newer version of Drawbridge (format ${version}, this one knows ${migrations.length}). It was left as it is. Run the newer version, or set DATA_DIR to another directory.`;
  throw new DataDirError(message);
}

interface Waiting {
  readonly work: () => unknown;
  readonly since: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** For so long a look at the files is believed: a write after a pause looks anew. */
const freshMs = 1000;

/** How soon a write is tried again that another program keeps out. */
const retryMs = 50;

/** Gathers the writes of one turn of the event loop into one transaction. */
class BatchingDatabase implements FileDatabase {
  readonly #connection: DatabaseSync;
  readonly #files: OpenFiles;
  readonly #lock: DirectoryLock;
  #problem: string | undefined;
  #lookedAt = -Infinity;
  readonly #statements = new Map<string, StatementSync>();
  #batch: Waiting[] = [];

  constructor(connection: DatabaseSync, files: OpenFiles, lock: DirectoryLock) {
    this.#connection = connection;
    this.#files = files;
    this.#lock = lock;
    this.#wait(0);
  }

  /** For how long SQLite waits for other programs, with the whole process. */
  #wait(ms: number): void {
    this.#connection.exec(`PRAGMA busy_timeout = ${ms}`);
  }

  statement(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#connection.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  run(sql: string, values: readonly SqlValue[]): number {
    return Number(this.statement(sql).run(...values).changes);
  }

  write<T>(work: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (this.#batch.length === 0) setImmediate(() => this.#flush());
    const since = performance.now();
    this.#batch.push({ work, since, resolve: resolve as Waiting["resolve"], reject });
    return promise;
  }

  check(): void {
    if (performance.now() - this.#lookedAt >= freshMs) {
      this.#problem = this.#files.problem();
      this.#lookedAt = performance.now();
    }
    if (this.#problem === undefined) return;
    throw unusable(this.#problem);
  }

  close(): void {
    this.#wait(patienceMs);
    this.#flush();
    this.#connection.close();
    this.#files.close();
    this.#lock.close();
  }

  #flush(): void {
    const batch = this.#batch;
    this.#batch = [];
    if (!this.#connection.isOpen) {
      for (const { reject } of batch) reject(unusable("the database is closed"));
    } else if (batch.length > 0) {
      this.#perform(batch);
    }
  }

  /** Runs all work in one transaction. Where some fails, each is run again in its own transaction. */
  #perform(batch: readonly Waiting[]): void {
    try {
      this.statement("BEGIN IMMEDIATE").run();
    } catch (error) {
      this.#hold(batch, error);
      return;
    }
    try {
      const results = batch.map(({ work }) => work());
      this.statement("COMMIT").run();
      for (const [index, { resolve }] of batch.entries()) resolve(results[index]);
    } catch (error) {
      if (this.#connection.isTransaction) this.statement("ROLLBACK").run();
      if (batch.length > 1) for (const waiting of batch) this.#perform([waiting]);
      else for (const { reject } of batch) reject(storageFailure(error));
    }
  }

  /** Tries again soon what another program keeps out; rejects what has waited long enough, or failed otherwise. */
  #hold(batch: readonly Waiting[], error: unknown): void {
    const until = performance.now() - patienceMs;
    const rest = batch.filter(({ since }) => isBusy(error) && since > until);
    for (const waiting of batch) {
      if (!rest.includes(waiting)) waiting.reject(storageFailure(error));
    }
    if (rest.length === 0) return;
    if (this.#batch.length === 0) setTimeout(() => this.#flush(), retryMs);
    this.#batch.unshift(...rest);
  }
}

/** Nothing can be written; what is on disk stays as it is. */
function unusable(message: string): ImageError {
  const details = { problem: "unwritable", paid: false } as const;
  return new ImageError("storage-failed", details, { message });
}
