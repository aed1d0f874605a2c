import { UnderWay } from "../../core/deadline.ts";
import { isImageError } from "../../core/errors.ts";
import { isFinished, type Job, missingPictures } from "../../core/job.ts";
import type { Dispatch, Joining, Lease, Ticket } from "../../core/queue.ts";
import { type AcceptTools, giveUp, joiningOf, takeUp } from "../../core/studio/accept.ts";
import { routeOf } from "../../core/pipeline/plan.ts";
import { JobRunner } from "../../core/studio/runner.ts";
import type { Postgres } from "../storage/postgres.ts";
import { Repeated } from "./gathered.ts";
import { type Claimed, type Held, holderOf } from "./held.ts";
import type { Line } from "./line.ts";
import type { Signals } from "./signals.ts";
import { Standings } from "./standings.ts";
import { Turns } from "./turns.ts";

/** What a worker is made of. */
export interface WorkerOptions {
  readonly database: Postgres;
  readonly line: Line;
  readonly signals: Signals;
  readonly providers: readonly string[];
  /** How many pictures may be at a provider, of all workers and of this one. */
  readonly slots: (provider: string) => number;
  readonly share: (provider: string) => number;
  /** What the studio has; its ledger is fenced by `held`. */
  readonly tools: Omit<AcceptTools, "queue">;
  /** The jobs that this process holds, by their codes. */
  readonly held: Map<string, Held>;
}

/** How often a worker looks by itself, beats, and tells how its jobs stand, in milliseconds. */
const every = { lookMs: 1_000, beatMs: 2_000, tellMs: 400, lostMs: 5_000 } as const;

/** Works on the jobs of all doors: takes one from the line whenever its turn has come. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #turns: Turns;
  readonly #standings: Standings;
  readonly #runner: JobRunner;
  readonly #tools: AcceptTools;
  /** What the line is asked: each answer may bring a job that this process then holds. */
  readonly #asking = new UnderWay();
  readonly #claims: ReadonlyMap<string, Repeated>;
  readonly #timers: NodeJS.Timeout[] = [];
  #stopping = false;

  constructor(options: WorkerOptions) {
    const { tools, line, providers } = options;
    this.#options = options;
    this.#turns = new Turns(line, (turn, provider) =>
      this.#asking.add(this.#giveOn(turn, provider)),
    );
    this.#standings = new Standings(options);
    this.#tools = { ...tools, queue: this.#queue() };
    this.#runner = new JobRunner(this.#tools, () => undefined);
    this.#claims = new Map(
      providers.map((provider) => [
        provider,
        new Repeated(() => this.#asking.add(this.#claimAll(provider))),
      ]),
    );
  }

  /** Begins to take jobs. */
  start(): void {
    const { signals, line, held } = this.#options;
    signals.on("line", (provider) => this.#claims.get(provider)?.go());
    signals.on("words", (provider) => this.#claims.get(provider)?.go());
    signals.on("turn", () => void this.#turns.look());
    signals.on("wish", (code) => held.has(code) && void this.#fulfil());
    const lookAtAll = () => {
      for (const claim of this.#claims.values()) claim.go();
      void this.#turns.look();
      void this.#fulfil();
    };
    signals.onAgain(lookAtAll);
    this.#every(every.lookMs, async () => lookAtAll());
    this.#every(every.beatMs, () => line.beat([...held.values()]));
    this.#every(every.tellMs, () => this.#tellAll());
    this.#every(every.lostMs, () => this.#findLost());
  }

  /**
   * Begins nothing any more, and gives jobs back to the line: those that have not begun at once, and the others when their
   * running calls have ended, at the latest after `graceMs`.
   */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const { held, line } = this.#options;
    await this.#asking.ended(graceMs);
    await this.#runner.stop(graceMs);
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([...held.values()].map((one) => this.#handBack(one)));
    await line.settled();
  }

  // === Taking

  /** Takes what there is to take, and no more than this worker's share. */
  async #claimAll(provider: string): Promise<void> {
    const { line, tools } = this.#options;
    try {
      while (this.#mayEnhance(provider)) {
        const claimed = await line.claimWords(provider);
        if (!claimed) break;
        this.#take(claimed);
      }
      while (this.#mayBegin(provider)) {
        const claimed = await line.claim(provider);
        if (!claimed) break;
        this.#take(claimed);
      }
    } catch (error) {
      tools.log.warn({ error }, "no job could be taken from the line");
    }
  }

  #mayBegin(provider: string): boolean {
    return !this.#stopping && this.#turns.begun(provider) < this.#options.share(provider);
  }

  /** Words are enhanced for those alone whose turn comes soon. */
  #mayEnhance(provider: string): boolean {
    const { held, slots } = this.#options;
    const ahead = [...held.values()].filter(
      (one) => one.provider === provider && one.turn === undefined,
    );
    return !this.#stopping && ahead.length < 2 * slots(provider);
  }

  /** Gives on the slot of a turn that has ended: to what is next here, or to others where this worker has its share. */
  async #giveOn(turn: number, provider: string): Promise<void> {
    const { line, tools } = this.#options;
    if (!this.#mayBegin(provider)) return line.release(turn, provider);
    try {
      const claimed = await line.pass(turn, provider);
      if (claimed) this.#take(claimed);
      else if (await line.isWaiting(provider)) this.#claims.get(provider)?.go();
    } catch (error) {
      tools.log.warn({ error }, "a slot could not be given on");
      await line.release(turn, provider);
    }
  }

  /** What the line answers to a process that stops meanwhile is handed back. */
  #take({ held, job }: Claimed): void {
    const { log } = this.#options.tools;
    this.#options.held.set(held.code, held);
    const work = this.#stopping ? this.#handBack(held) : this.#work(held, job);
    work.catch((error: unknown) => {
      log.error({ job: held.code, error }, "the work on a job could not be ended");
      // Its silence lets another process find it.
      this.#drop(held);
    });
  }

  async #work(held: Held, job: Job): Promise<void> {
    const { tools, line, signals } = this.#options;
    try {
      this.#runner.take(takeUp(job, this.#tools));
      const work = this.#runner.start(job.code);
      const tell = () => signals.tell("end", held.code);
      void this.#runner.finished(held.code)?.then(tell, () => undefined);
      await work;
    } catch (error) {
      if (!isImageError(error)) throw error;
      tools.log.info({ job: held.code, outcome: error.code }, "a job is given up");
      await giveUp(job, error, this.#tools);
      signals.tell("end", held.code);
      if (held.turn !== undefined) await line.release(held.turn, held.provider);
    }
    if (this.#stopping && (await this.#isOpen(held))) return this.#handBack(held);
    this.#drop(held);
    line.end(held);
    if (held.turn === undefined) this.#claims.get(held.provider)?.go();
  }

  #drop({ code, work }: Held): void {
    const { held } = this.#options;
    if (held.get(code)?.work === work) held.delete(code);
    this.#standings.forget(code);
  }

  async #isOpen({ code }: Held): Promise<boolean> {
    const job = await this.#options.tools.archive.find(code);
    return job !== undefined && !isFinished(job);
  }

  async #handBack(held: Held): Promise<void> {
    const { archive, log } = this.#options.tools;
    try {
      const job = await archive.find(held.code);
      await this.#options.line.handBack(held, job ? missingPictures(job).length : 1);
      this.#drop(held);
    } catch (error) {
      log.warn({ job: held.code, error }, "a job is left to whoever finds it");
    }
  }

  // === Turns

  #queue(): Dispatch {
    return { waiting: 0, join: (joining) => this.#ticketOf(joining) };
  }

  /** The first picture of a job may have its turn with the job; each other one waits for its own. */
  #ticketOf({ code }: Joining): Ticket {
    const held = this.#options.held.get(code);
    if (!held) throw new Error(`Nobody gave this process the job ${code}.`);
    let first: Lease | undefined =
      held.turn === undefined ? undefined : this.#turns.leaseOf(held.turn, held.provider);
    let next = first ? 1 : 0;
    const taken = () => {
      const lease = first;
      first = undefined;
      return lease;
    };
    return {
      takeNow: () => undefined,
      position: () => undefined,
      leave: () => taken()?.release(),
      take: async (signal) => {
        signal.throwIfAborted();
        return taken() ?? this.#turns.take(held, next++, signal);
      },
    };
  }

  async #tellAll(): Promise<void> {
    const codes = [...this.#options.held.keys()];
    const found = codes.map((code) => [code, this.#runner.status(code)] as const);
    await this.#standings.tell(
      new Map(found.flatMap(([code, status]) => (status ? [[code, status]] : []))),
    );
  }

  // === Listening

  /** Does what people wish of the jobs that this process holds. */
  async #fulfil(): Promise<void> {
    const codes = [...this.#options.held.keys()];
    if (codes.length === 0) return;
    const sql = "DELETE FROM wishes WHERE code = ANY($1) RETURNING code, wish";
    const found = await this.#options.database
      .all<{ code: string; wish: string }>(sql, codes)
      .catch(() => []);
    for (const { code, wish } of found) {
      if (wish === "cancel") this.#runner.cancel(code);
      if (wish === "erase") this.#runner.erase(code);
    }
  }

  /** Puts jobs in line that are in none. */
  async #findLost(): Promise<void> {
    const { line, database, tools } = this.#options;
    for (const code of await line.lost()) {
      const job = await tools.archive.find(code);
      if (!job || isFinished(job)) continue;
      await database.transaction(async (tx) => {
        const sql = `SELECT 1 FROM ledger WHERE code = $1 AND NOT settled AND NOT EXISTS (
          SELECT 1 FROM pgboss.job WHERE id = ledger.work AND state < 'completed') FOR UPDATE SKIP LOCKED`;
        const [still] = await tx.all(sql, code);
        if (still) await line.again(joining(job, tools), tx);
      });
    }
  }

  #every(ms: number, work: () => Promise<void>): void {
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      const quietly = (error: unknown) =>
        this.#options.tools.log.debug({ error }, "a worker's look did not succeed");
      void work()
        .catch(quietly)
        .finally(() => (busy = false));
    }, ms);
    this.#timers.push(timer);
  }
}

function joining(job: Job, tools: WorkerOptions["tools"]): Joining {
  return joiningOf(job, { route: routeOf(job.brief, tools), accepted: true });
}

/** The attempt by which this process holds a job. */
export function attemptOf(held: ReadonlyMap<string, Held>): (code: string) => string | undefined {
  return (code) => {
    const found = held.get(code);
    return found && holderOf(found);
  };
}
