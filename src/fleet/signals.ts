import type { Client } from "pg";
import type { Log } from "../../core/observe.ts";
import type { Postgres, Queries } from "../storage/postgres.ts";

/** What processes tell each other about: a job, a line, a turn, a wish, how long a picture took. */
export type Subject = "job" | "line" | "turn" | "wish" | "made";

/** Tells of something, at once or with a transaction's commit. */
export function tell(queries: Queries, subject: Subject, what: string): Promise<number> {
  return queries.run("SELECT pg_notify('drawbridge', $1)", `${subject} ${what}`);
}

type Listener = (what: string) => void;

/** A lost connection is tried again after this pause, in milliseconds. */
const pauseMs = 500;

/**
 * Hears what other processes tell. What is told while there is no connection is not heard, so everybody also looks for
 * themselves from time to time, and at once when `onAgain` is called.
 */
export class Signals {
  readonly #database: Postgres;
  readonly #log: Log;
  readonly #listeners = new Map<Subject, Set<Listener>>();
  readonly #again = new Set<() => void>();
  #client: Client | undefined;
  #closed = false;

  constructor(database: Postgres, log: Log) {
    this.#database = database;
    this.#log = log;
  }

  on(subject: Subject, listener: Listener): void {
    const listeners = this.#listeners.get(subject) ?? new Set();
    this.#listeners.set(subject, listeners.add(listener));
  }

  /** Called when something may have been missed. */
  onAgain(listener: () => void): void {
    this.#again.add(listener);
  }

  /** Connects in the background, and stays connected. */
  start(): void {
    void this.#connect();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    if (this.#closed) return;
    try {
      const client = await this.#database.session();
      this.#client = client;
      client.on("notification", ({ payload = "" }) => this.#hear(payload));
      client.on("error", () => undefined);
      client.on("end", () => this.#later());
      await client.query("LISTEN drawbridge");
      for (const listener of this.#again) listener();
    } catch (error) {
      this.#log.debug({ error }, "nothing is heard of other processes for the moment");
      this.#later();
    }
  }

  #later(): void {
    if (!this.#closed) setTimeout(() => void this.#connect(), pauseMs).unref();
  }

  #hear(payload: string): void {
    const space = payload.indexOf(" ");
    const listeners = this.#listeners.get(payload.slice(0, space) as Subject) ?? [];
    for (const listener of listeners) listener(payload.slice(space + 1));
  }
}
