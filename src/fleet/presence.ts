import type { Client } from "pg";
import type { Log } from "../../core/observe.ts";
import { goneAfter, type Postgres } from "../storage/postgres.ts";

/** How often a process shows that it lives, in milliseconds. */
const beatMs = 2_000;

/** How a process shows that it lives. */
export interface Presence {
  readonly id: string;
  /** How many processes work on jobs, as of the last beat; 1 at least. */
  readonly workers: number;
  stop(): Promise<void>;
}

/** Shows the others that this process lives, so that they leave its jobs to it. Resolves once it is shown. */
export async function showPresence(
  { id, works }: { readonly id: string; readonly works: boolean },
  database: Postgres,
): Promise<Presence> {
  let workers = 1;
  const beat = async () => {
    const sql = `INSERT INTO processes (id, seen_at, works) VALUES ($1, now(), $2)
      ON CONFLICT (id) DO UPDATE SET seen_at = now()
      RETURNING (SELECT count(*) FROM processes
        WHERE works AND id <> $1 AND seen_at > now() - interval '${goneAfter}') AS others`;
    const [row] = await database.all<{ others: number }>(sql, id, works);
    workers = (row?.others ?? 0) + 1;
  };
  await beat();
  const timer = setInterval(() => void beat().catch(() => undefined), beatMs);
  return {
    id,
    get workers() {
      return workers;
    },
    async stop() {
      clearInterval(timer);
      await database.run("DELETE FROM processes WHERE id = $1", id).catch(() => undefined);
    },
  };
}

/** What only one process does at a time. */
export interface Elected {
  start(): void;
  /** Stops it so that it may be started again. */
  pause(): Promise<void>;
}

/** How often a process tries to be the one, in milliseconds. */
const tryMs = 1_000;

/** A look at the connection that holds the election, in milliseconds. */
const sureMs = 2_000;

/** Has something done by one process of all: by the one that holds a lock, which the database takes back when that one dies. */
export class Election {
  readonly #name: string;
  readonly #elected: Elected;
  readonly #database: Postgres;
  readonly #log: Log;
  #session: Client | undefined;
  #won = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(name: string, elected: Elected, tools: { database: Postgres; log: Log }) {
    this.#name = name;
    this.#elected = elected;
    this.#database = tools.database;
    this.#log = tools.log;
  }

  /** Whether this process is the one. */
  get won(): boolean {
    return this.#won;
  }

  start(): void {
    void this.#try();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const session = this.#session;
    this.#session = undefined;
    this.#won = false;
    await session?.end().catch(() => undefined);
  }

  async #try(): Promise<void> {
    if (this.#stopped) return;
    try {
      const session = (this.#session ??= await this.#open());
      const sql = "SELECT pg_try_advisory_lock(hashtextextended($1, 3)) AS won";
      const { rows } = await session.query<{ won: boolean }>(sql, [this.#name]);
      if (rows[0]?.won && !this.#won) {
        this.#won = true;
        this.#log.info({}, `this process has the connection to ${this.#name}`);
        this.#elected.start();
      }
    } catch (error) {
      this.#log.debug({ error }, "no election is possible for the moment");
    }
    if (!this.#isStopped()) {
      this.#timer = setTimeout(() => void this.#try(), this.#won ? sureMs : tryMs);
    }
  }

  #isStopped(): boolean {
    return this.#stopped;
  }

  async #open(): Promise<Client> {
    const session = await this.#database.session();
    session.on("error", () => undefined);
    session.once("end", () => void this.#lose(session));
    return session;
  }

  /** The lock went with its connection: another process may have it by now. */
  async #lose(session: Client): Promise<void> {
    if (this.#session !== session) return;
    this.#session = undefined;
    if (!this.#won) return;
    this.#won = false;
    this.#log.warn({}, `this process has lost the connection to ${this.#name}`);
    await this.#elected.pause();
  }
}
