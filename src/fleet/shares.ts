import type { Client } from "pg";
import type { Log } from "../../core/observe.ts";
import type { Postgres } from "../storage/postgres.ts";
import type { Elected } from "./presence.ts";

/** Parts of a work that processes share, numbered from 0. */
export interface Parts<Part extends Elected = Elected> {
  readonly count: number;
  readonly part: (id: number) => Part;
}

/** How often a process looks whether it has its share, in milliseconds. */
const lookMs = 1_000;

/**
 * Shares the parts of a work among the processes that take part, evenly. Each part is done by the one that holds its lock;
 * the database takes the locks of a process back when that dies, and the others take its parts.
 */
export class Shares<Part extends Elected> {
  readonly #name: string;
  readonly #parts: Parts<Part>;
  readonly #database: Postgres;
  readonly #log: Log;
  readonly #held = new Map<number, Part>();
  #session: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #stopped = false;

  constructor(name: string, parts: Parts<Part>, tools: { database: Postgres; log: Log }) {
    this.#name = name;
    this.#parts = parts;
    this.#database = tools.database;
    this.#log = tools.log;
  }

  /** The parts that this process does. */
  get held(): ReadonlyMap<number, Part> {
    return this.#held;
  }

  start(): void {
    this.#looking = this.#look();
  }

  /** Leaves its parts to the others. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
    const session = this.#session;
    this.#session = undefined;
    await this.#pauseAll();
    await session?.end().catch(() => undefined);
  }

  async #look(): Promise<void> {
    try {
      const session = (this.#session ??= await this.#open());
      const share = Math.ceil(this.#parts.count / (await this.#sharers(session)));
      for (const id of [...this.#held.keys()].slice(share)) await this.#giveUp(id, session);
      for (let id = 0; id < this.#parts.count && this.#held.size < share; id++) {
        if (!this.#stopped && !this.#held.has(id)) await this.#claim(id, session);
      }
    } catch (error) {
      this.#log.debug({ error }, "no parts can be shared for the moment");
    }
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.start(), lookMs);
  }

  /** How many processes take part: each holds the same lock together with the others. */
  async #sharers(session: Client): Promise<number> {
    const sql = `SELECT count(*)::INTEGER AS sharers FROM pg_locks
      WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND ((classid::BIGINT << 32) | objid::BIGINT) = hashtextextended($1, 6)`;
    const { rows } = await session.query<{ sharers: number }>(sql, [this.#name]);
    return Math.max(1, rows[0]?.sharers ?? 1);
  }

  async #claim(id: number, session: Client): Promise<void> {
    const sql = "SELECT pg_try_advisory_lock(hashtextextended($1, 3)) AS won";
    const { rows } = await session.query<{ won: boolean }>(sql, [`${this.#name} ${id}`]);
    if (!rows[0]?.won || this.#session !== session) return;
    const part = this.#parts.part(id);
    this.#held.set(id, part);
    this.#log.info({ part: id }, `this process has a part of ${this.#name}`);
    part.start();
  }

  /** To a process that has less. */
  async #giveUp(id: number, session: Client): Promise<void> {
    await this.#held.get(id)?.pause();
    this.#held.delete(id);
    const sql = "SELECT pg_advisory_unlock(hashtextextended($1, 3))";
    await session.query(sql, [`${this.#name} ${id}`]);
    this.#log.info({ part: id }, `this process leaves a part of ${this.#name} to another`);
  }

  async #open(): Promise<Client> {
    const session = await this.#database.session();
    session.on("error", () => undefined);
    session.once("end", () => void this.#lose(session));
    await session.query("SELECT pg_advisory_lock_shared(hashtextextended($1, 6))", [this.#name]);
    return session;
  }

  /** The locks went with their connection: other processes may have them by now. */
  async #lose(session: Client): Promise<void> {
    if (this.#session !== session) return;
    this.#session = undefined;
    this.#log.warn({}, `this process has lost its parts of ${this.#name}`);
    await this.#pauseAll();
  }

  async #pauseAll(): Promise<void> {
    const parts = [...this.#held.values()];
    this.#held.clear();
    await Promise.all(parts.map((part) => part.pause()));
  }
}
