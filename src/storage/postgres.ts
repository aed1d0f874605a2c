import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { ImageError } from "../../core/errors.ts";
import { DataDirError } from "./data-dir.ts";
import { reasonOf } from "./errors.ts";
import { migrate } from "./postgres-migrations.ts";

/** A value that a statement is given. */
export type SqlValue = string | number | boolean | null | readonly (string | number)[];

/** Statements, alone or in a transaction. Both throw `storage-failed` where the database cannot be reached. */
export interface Queries {
  all<Row extends object>(sql: string, ...values: readonly SqlValue[]): Promise<Row[]>;
  /** Answers how many rows it changed. */
  run(sql: string, ...values: readonly SqlValue[]): Promise<number>;
}

/** How a transaction begins and ends. */
export interface TransactionOptions {
  /** Held from its beginning to its end: one transaction at a time has a lock of this kind and name. */
  readonly lock?: { readonly kind: number; readonly name: string };
  /**
   * False: its commit does not wait for the disk, so it is lost where the database's machine fails before the next commit
   * that does wait. What follows from it and waits for the disk makes it durable, too.
   */
  readonly durable?: boolean;
}

/** A process that was not heard of for this long has died. Its jobs are then told of by another one. */
export const goneAfter = "10 seconds";

/** A database that many processes share. */
export interface Postgres extends Queries {
  /** Runs the work in a transaction of its own, which is undone where the work throws. */
  transaction<T>(work: (tx: Queries) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Throws `storage-failed` where it cannot be reached. */
  check(): Promise<void>;
  /** A connection outside of the pool, for locks and notifications that live as long as it does. */
  session(): Promise<pg.Client>;
  close(): Promise<void>;
}

/** How a process connects. */
export interface PostgresOptions {
  /** `postgres://user:password@host/database` */
  readonly url: string;
  /** Connections at once; 10 unless it is said. */
  readonly connections?: number;
}

/** A process waits this long for a connection before it says that there is none, in milliseconds. */
const connectMs = 3_000;

/** A statement that takes longer has met a problem, in milliseconds. */
const statementMs = 30_000;

/** A process that falls asleep in a transaction gives up its locks after so long, in milliseconds. */
export const asleepMs = 4_000;

/** BIGINT comes as text, because it may be too large for a number; what is kept here never is. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.INT8 && format !== "binary"
      ? Number
      : (pg.types.getTypeParser(oid, format) as (text: string) => unknown),
};

/**
 * Connects, and brings the tables to this program's version where no other process has done so yet. Throws `DataDirError`
 * with what is to be done.
 */
export async function openPostgres(options: PostgresOptions): Promise<Postgres> {
  const database = new PooledPostgres(options);
  try {
    await migrate(database);
    return database;
  } catch (cause) {
    await database.close();
    throw unusable(options.url, cause);
  }
}

/** The address without its password. */
export function shownAddress(url: string): string {
  const { host, pathname } = URL.canParse(url) ? new URL(url) : { host: "?", pathname: "" };
  return `${host}${pathname}`;
}

function unusable(url: string, cause: unknown): DataDirError {
  if (cause instanceof DataDirError) return cause;
  const reason = reasonOf(cause instanceof ImageError ? cause.cause : cause);
  const message = `The database at ${shownAddress(url)} cannot be used: ${reason}. Start it, or set DATABASE_URL to another one.`;
  return new DataDirError(message, { cause });
}

class PooledPostgres implements Postgres {
  readonly #config: pg.PoolConfig;
  readonly #pool: pg.Pool;

  constructor({ url, connections = 10 }: PostgresOptions) {
    this.#config = {
      connectionString: url,
      application_name: "drawbridge",
      connectionTimeoutMillis: connectMs,
      keepAlive: true,
      // Statements of one transaction that do not wait for each other share a way to the database and back.
      pipeline: true,
      idle_in_transaction_session_timeout: asleepMs,
      types,
    };
    this.#pool = new pg.Pool({ ...this.#config, max: connections, query_timeout: statementMs });
    // An idle connection that breaks is replaced by the next one that is needed.
    this.#pool.on("error", () => undefined);
  }

  all<Row extends object>(sql: string, ...values: readonly SqlValue[]): Promise<Row[]> {
    return told(async () => (await this.#pool.query<Row>(prepared(sql, values))).rows);
  }

  run(sql: string, ...values: readonly SqlValue[]): Promise<number> {
    return told(async () => (await this.#pool.query(prepared(sql, values))).rowCount ?? 0);
  }

  async transaction<T>(
    work: (tx: Queries) => Promise<T>,
    options: TransactionOptions = {},
  ): Promise<T> {
    const client = await told(() => this.#pool.connect());
    const tx = queriesOf(client);
    let broken: Error | undefined;
    const onError = (error: Error) => (broken = error);
    client.on("error", onError);
    try {
      // Not awaited: the first statement is sent right behind it.
      const begun = tx.run(beginning(options));
      begun.catch((error: unknown) => (broken ??= error as Error));
      const result = await work(tx);
      await begun;
      await tx.run("COMMIT");
      return result;
    } catch (error) {
      await tx.run("ROLLBACK").catch((cause: unknown) => (broken = cause as Error));
      throw error;
    } finally {
      client.off("error", onError);
      client.release(broken);
    }
  }

  async check(): Promise<void> {
    await this.run("SELECT 1");
  }

  session(): Promise<pg.Client> {
    return told(async () => {
      const client = new pg.Client(this.#config);
      await client.connect();
      return client;
    });
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}

function queriesOf(client: pg.PoolClient): Queries {
  return {
    all: <Row extends object>(sql: string, ...values: readonly SqlValue[]) =>
      told(async () => (await client.query<Row>(prepared(sql, values))).rows),
    run: (sql, ...values) =>
      told(async () => (await client.query(prepared(sql, values))).rowCount ?? 0),
  };
}

/** All in one message, so that a lock is not held while the next statement is on its way. */
function beginning({ lock, durable = true }: TransactionOptions): string {
  const statements = ["BEGIN"];
  if (!durable) statements.push("SET LOCAL synchronous_commit = off");
  if (lock) {
    const name = pg.escapeLiteral(lock.name);
    statements.push(`SELECT pg_advisory_xact_lock(hashtextextended(${name}, ${lock.kind}))`);
  }
  return statements.join("; ");
}

/** The names of statements, by their texts. */
const names = new Map<string, string>();

/** Each connection parses and plans at most so many statements once for all. */
const mostNames = 500;

/** A statement that a connection parses and plans once, where it has values. */
function prepared(text: string, values: readonly SqlValue[]): pg.QueryConfig {
  if (values.length === 0) return { text };
  const name = names.get(text) ?? (names.size < mostNames ? `s${names.size}` : undefined);
  if (name !== undefined) names.set(text, name);
  return { text, values: [...values], ...(name !== undefined && { name }) };
}

// === What goes wrong

/** Classes of errors that are not ours: connection, resources, operator's intervention, system. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const notOurs = /^(?:08|53|57|58|25006)/;

/** Turns what keeps the database from answering into `storage-failed`; an error in our own SQL stays a bug. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof pg.DatabaseError && !notOurs.test(cause.code ?? "")) throw cause;
    const full = cause instanceof pg.DatabaseError && cause.code === "53100";
    const problem = full ? "full" : "unreachable";
    throw new ImageError("storage-failed", { problem, paid: false }, { cause });
  }
}

/** How long a write that must not be lost is tried again, and how often, in milliseconds. */
const patience = { mostMs: 60_000, everyMs: 250 } as const;

/** Repeats the work while the database cannot be reached; `again` says that an earlier try may have come through. */
export async function patiently<T>(work: (again: boolean) => Promise<T>): Promise<T> {
  const since = performance.now();
  for (let again = false; ; again = true) {
    try {
      return await work(again);
    } catch (error) {
      if (!isUnreachable(error) || performance.now() - since > patience.mostMs) throw error;
      await sleep(patience.everyMs);
    }
  }
}

/** Whether the database could not be reached. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof ImageError) || error.code !== "storage-failed") return false;
  return (error as ImageError<"storage-failed">).details.problem === "unreachable";
}

// === Texts in columns of their own

/** A text as a column can hold it: no NUL, no half of a surrogate pair. Equal for equal texts alone. */
export function toColumn(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** The text that `toColumn` was given. */
export function fromColumn(column: string): string {
  return JSON.parse(`"${column}"`) as string;
}
