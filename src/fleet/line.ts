import { randomUUID } from "node:crypto";
import type { Joining } from "../../core/queue.ts";
import { patiently, type Postgres, type Queries } from "../storage/postgres.ts";
import type { PlaceInLine, Reservation } from "../storage/postgres-ledger.ts";
import { type AdmissionOptions, reserve, sendTo } from "./admission.ts";
import { engineOf, queuesOf } from "./boss.ts";
import { Gathered } from "./gathered.ts";
import {
  begunAt,
  type Claimed,
  firstWaiting,
  grant,
  type Held,
  hold,
  holderOf,
  holdOnly,
  putBack,
  standingTurns,
  type Waiting,
} from "./held.ts";
import type { Signals } from "./signals.ts";

/** What the line works with, and its limits. */
export interface LineOptions extends AdmissionOptions {
  readonly database: Postgres;
  readonly signals: Pick<Signals, "tell">;
}

/** Whatever hurries here is followed by what is durable: the beginning of a paid call, and the end of its job. */
const durable = false;

/** The line of all processes: which job is begun next, and which of the further pictures of those that have begun. */
export class Line {
  readonly #options: LineOptions;
  readonly #wakes: Gathered<string>;
  readonly #ends: Gathered<Held>;

  constructor(options: LineOptions) {
    this.#options = options;
    this.#wakes = new Gathered((providers) => this.#wakeAll(new Set(providers)));
    this.#ends = new Gathered((all) => this.#endAll(all));
  }

  /** Makes the lines of providers that never had one. */
  async open(providers: readonly string[]): Promise<void> {
    const sql = `INSERT INTO lines (provider, virtual) SELECT unnest($1::TEXT[]), 0
      ON CONFLICT DO NOTHING`;
    await this.#options.database.run(sql, providers);
  }

  // === Joining

  /** Reserves a place for a job that is about to be accepted. Throws `queue-full`. */
  reserve(joining: Joining): Promise<Reservation> {
    return reserve(joining, this.#options.database, this.#options);
  }

  /** Puts a job in line again that is in no line any more, at its old place if it had one. */
  async again(joining: Joining, tx: Queries): Promise<void> {
    const sql = "SELECT start FROM ledger WHERE code = $1 AND start IS NOT NULL";
    const { code, provider, count, ready = true } = joining;
    const [before] = await tx.all<{ start: number }>(sql, code);
    if (before) {
      const queue = queuesOf(provider)[ready ? "turns" : "words"];
      await this.#send(queue, { code, provider, waiting: count, ...before }, tx);
      return;
    }
    const reservation = await this.reserve({ ...joining, accepted: true });
    await Promise.all([reservation.enlist(tx), putBack(reservation.place, code, tx)]);
  }

  async #send(
    queue: string,
    { code, ...at }: Omit<PlaceInLine, "work"> & { readonly code: string },
    tx: Queries,
  ): Promise<void> {
    const place = { work: randomUUID(), ...at };
    const sent = sendTo(queue, { code, ...place }, { tx, boss: this.#options.boss });
    await Promise.all([sent, putBack(place, code, tx)]);
  }

  /**
   * Tells workers of what waits at a provider, where a slot is free. Where none is, the worker that frees the next one looks
   * once more after that, so either finds the other.
   */
  wake(provider: string): void {
    this.#wakes.add(provider);
  }

  async #wakeAll(providers: ReadonlySet<string>): Promise<void> {
    const { database, signals, slots } = this.#options;
    const sql = "SELECT count(*) AS begun FROM turns WHERE provider = $1 AND begun";
    for (const provider of providers) {
      const [row] = await database.all<{ begun: number }>(sql, provider).catch(() => []);
      if (row && row.begun < slots(provider)) signals.tell("line", provider);
    }
  }

  // === Turns

  /**
   * Gives out what is free at a provider, in the order of the line: further pictures to those who wait for them, and one
   * job, where its turn has come, to this process. undefined: nothing is to be begun here now.
   */
  claim(provider: string): Promise<Claimed | undefined> {
    const { database, slots } = this.#options;
    const lock = { kind: 1, name: provider };
    const claim = async (tx: Queries) => {
      const [begun, first] = await Promise.all([begunAt(provider, tx), firstWaiting(provider, tx)]);
      let waiting = first;
      for (let free = slots(provider) - begun; free > 0; free--) {
        const next = await this.#next(tx, provider, waiting);
        if (next !== "granted") return next;
        waiting = await firstWaiting(provider, tx);
      }
      return undefined;
    };
    return database.transaction(claim, { lock, durable });
  }

  /**
   * Ends a turn and gives its slot to what is next: a job to this process, or to a picture that waits. undefined: this
   * process has nothing to begin. No lock is needed, for there are no more turns than before.
   */
  pass(turn: number, provider: string): Promise<Claimed | undefined> {
    const pass = async (tx: Queries) => {
      const [ended, waiting] = await Promise.all([
        tx.run("DELETE FROM turns WHERE id = $1 AND begun", turn),
        firstWaiting(provider, tx),
      ]);
      const next = ended > 0 ? await this.#next(tx, provider, waiting) : undefined;
      return next === "granted" ? undefined : next;
    };
    return this.#options.database.transaction(pass, { durable });
  }

  /** Whether anything waits for a slot at a provider. */
  async isWaiting(provider: string): Promise<boolean> {
    const sql = `SELECT 1 WHERE EXISTS (SELECT 1 FROM turns WHERE provider = $1 AND NOT begun)
      OR EXISTS (SELECT 1 FROM pgboss.job WHERE name = $2 AND state < 'active')`;
    const found = await this.#options.database.all(sql, provider, queuesOf(provider).turns);
    return found.length > 0;
  }

  /** What comes next for one slot. A job that was cancelled while it waited leaves its place to another. */
  async #next(
    tx: Queries,
    provider: string,
    waiting: Waiting | undefined,
  ): Promise<Claimed | "granted" | undefined> {
    const before = waiting && { minPriority: 1 - waiting.start };
    for (;;) {
      const fetched = await this.#fetch(tx, provider, queuesOf(provider).turns, before);
      if (!fetched) break;
      const claimed = await hold(fetched, tx);
      if (claimed) return claimed;
      await this.#drop(fetched, tx);
    }
    if (!waiting) return undefined;
    await grant(waiting, provider, tx);
    this.#options.signals.tell("turn", `${waiting.id}`);
    return "granted";
  }

  /** A job whose words are to be enhanced before it has its turn: it needs no slot for that. */
  claimWords(provider: string): Promise<Claimed | undefined> {
    const claim = async (tx: Queries): Promise<Claimed | undefined> => {
      for (;;) {
        const fetched = await this.#fetch(tx, provider, queuesOf(provider).words);
        if (!fetched) return undefined;
        const claimed = await holdOnly(fetched, tx);
        if (claimed) return claimed;
        await this.#drop(fetched, tx);
      }
    };
    return this.#options.database.transaction(claim, { durable });
  }

  async #fetch(
    tx: Queries,
    provider: string,
    queue: string,
    range: { minPriority?: number } = {},
  ): Promise<Held | undefined> {
    const options = { includeMetadata: true, db: engineOf(tx), ...range } as const;
    const [fetched] = await this.#options.boss.fetch<{ code: string }>(queue, options);
    if (!fetched) return undefined;
    const { id: work, retryCount: attempt, priority, data } = fetched;
    return { code: data.code, provider, queue, work, attempt, start: -priority };
  }

  async #drop({ queue, work: id, attempt: retryCount }: Held, tx: Queries): Promise<void> {
    await this.#options.boss.complete(queue, { id, retryCount }, null, { db: engineOf(tx) });
  }

  /** Puts a further picture of a job in line, and answers the id of its turn. */
  async addTurn({ provider, code, work, attempt, start }: Held, nth: number): Promise<number> {
    const sql = `INSERT INTO turns (provider, code, work, attempt, start, begun)
      VALUES ($1, $2, $3::UUID, $4, $5, false) RETURNING id`;
    const values = [provider, code, work, attempt, start + nth] as const;
    const { database } = this.#options;
    const [row] = await patiently(() => database.all<{ id: number }>(sql, ...values));
    this.wake(provider);
    return row?.id ?? 0;
  }

  /** Of these turns those that there are, and whether they have begun: see `standingTurns`. */
  async turns(ids: readonly number[]): Promise<ReadonlyMap<number, boolean>> {
    const rows = await standingTurns(ids, this.#options.database);
    return new Map(rows.map(({ id, begun }) => [id, begun]));
  }

  /** Ends a turn, or the wait for it, and lets others have its slot. */
  async release(turn: number, provider: string): Promise<void> {
    const { database } = this.#options;
    await patiently(() => database.run("DELETE FROM turns WHERE id = $1", turn));
    this.wake(provider);
  }

  // === Holding

  /** Shows that this process lives and works on these. */
  async beat(all: readonly Held[]): Promise<void> {
    for (const [queue, attempts] of byQueue(all)) await this.#options.boss.touch(queue, attempts);
  }

  /** Ends the work on a job whose end is stored, or which is another's, soon. */
  end(held: Held): void {
    this.#ends.add(held);
  }

  /** Resolves when the engine knows the ends of all that were ended. */
  settled(): Promise<void> {
    return this.#ends.done();
  }

  /** What fails here is found by the next worker, who sees that the job has ended. */
  async #endAll(all: readonly Held[]): Promise<void> {
    const { boss, database } = this.#options;
    const codes = all.map(({ code }) => code);
    const told = database.run("DELETE FROM standings WHERE code = ANY($1)", codes);
    const ended = byQueue(all).map(([queue, attempts]) => boss.complete(queue, attempts));
    await Promise.allSettled([told, ...ended]);
  }

  /** Gives a job that is not made yet to the one who takes it next, at its old place. */
  async handBack(held: Held, count: number): Promise<void> {
    const { code, provider, queue, start } = held;
    await this.#options.database.transaction(async (tx) => {
      const mine =
        "SELECT 1 FROM ledger WHERE code = $1 AND holder = $2 AND NOT settled FOR UPDATE";
      const [row] = await tx.all(mine, code, holderOf(held));
      if (row) await this.#send(queue, { code, provider, start, waiting: count }, tx);
      await tx.run("DELETE FROM turns WHERE work = $1::UUID", held.work);
      await this.#drop(held, tx);
    });
    this.#options.signals.tell("line", provider);
    this.#options.signals.tell("words", provider);
  }

  /** Unfinished jobs that are in no line and at no worker: their worker died twice, or they came from elsewhere. */
  async lost(): Promise<readonly string[]> {
    const sql = `SELECT code FROM ledger WHERE NOT settled AND NOT EXISTS (
      SELECT 1 FROM pgboss.job WHERE id = ledger.work AND state < 'completed') LIMIT 100`;
    const rows = await this.#options.database.all<{ code: string }>(sql);
    return rows.map(({ code }) => code);
  }
}

function byQueue(all: readonly Held[]) {
  const attempts = Map.groupBy(all, ({ queue }) => queue);
  return [...attempts].map(([queue, held]) => {
    return [queue, held.map(({ work: id, attempt: retryCount }) => ({ id, retryCount }))] as const;
  });
}
