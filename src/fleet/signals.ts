import type { Client } from "pg";
import type { Log } from "../../core/observe.ts";
import type { Postgres } from "../storage/postgres.ts";
import { Gathered } from "./gathered.ts";

/**
 * What processes tell each other about: how a job stands, its end, a free slot in a line, words to be enhanced, a turn, a
 * wish, how long a picture took. Each has a channel of its own.
 */
export type Subject = "job" | "end" | "line" | "words" | "turn" | "wish" | "made";

type Listener = (what: string) => void;

interface Told {
  readonly subject: Subject;
  readonly what: string;
}

/** A lost connection is tried again after this pause, in milliseconds. */
const pauseMs = 500;

/**
 * Tells other processes and hears them. What is told while there is no connection is not heard, so everybody also looks
 * for themselves from time to time, and at once when `onAgain` is called.
 */
export class Signals {
  readonly #database: Postgres;
  readonly #log: Log;
  readonly #listeners = new Map<Subject, Set<Listener>>();
  readonly #again = new Set<() => void>();
  readonly #telling: Gathered<Told>;
  #client: Client | undefined;
  #closed = false;

  constructor(database: Postgres, log: Log) {
    this.#database = database;
    this.#log = log;
    this.#telling = new Gathered((things) => this.#tellAll(things));
  }

  /**
   * Tells of something that is stored already. Never in the transaction that stores it: all transactions that tell commit
   * one after the other, each with its wait for the disk.
   */
  tell(subject: Subject, what: string): void {
    this.#telling.add({ subject, what });
  }

  on(subject: Subject, listener: Listener): void {
    const listeners = this.#listeners.get(subject) ?? new Set();
    const isFirst = listeners.size === 0;
    this.#listeners.set(subject, listeners.add(listener));
    if (isFirst && this.#client) void listenTo([subject], this.#client).catch(() => undefined);
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
    await this.#telling.done();
    await this.#client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    if (this.#closed) return;
    try {
      const client = await this.#database.session();
      this.#client = client;
      client.on("notification", ({ channel, payload = "" }) => this.#hear(channel, payload));
      client.on("error", () => undefined);
      client.on("end", () => this.#later());
      await listenTo([...this.#listeners.keys()], client);
      for (const listener of this.#again) listener();
    } catch (error) {
      this.#log.debug({ error }, "nothing is heard of other processes for the moment");
      this.#later();
    }
  }

  #later(): void {
    this.#client = undefined;
    if (!this.#closed) setTimeout(() => void this.#connect(), pauseMs).unref();
  }

  #hear(channel: string, what: string): void {
    for (const listener of this.#listeners.get(channel.slice(prefix.length) as Subject) ?? []) {
      listener(what);
    }
  }

  async #tellAll(things: readonly Told[]): Promise<void> {
    const once = new Map(things.map((told) => [`${told.subject} ${told.what}`, told]));
    const all = [...once.values()];
    const sql =
      "SELECT pg_notify($1 || subject, what) FROM unnest($2::TEXT[], $3::TEXT[]) AS told (subject, what)";
    const [subjects, whats] = [all.map(({ subject }) => subject), all.map(({ what }) => what)];
    await this.#database.run(sql, prefix, subjects, whats).catch(() => undefined);
  }
}

const prefix = "drawbridge_";

async function listenTo(subjects: readonly Subject[], client: Client): Promise<void> {
  await client.query(subjects.map((subject) => `LISTEN ${prefix}${subject}`).join("; "));
}
