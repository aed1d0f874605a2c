import { isImageError } from "../../core/errors.ts";
import { isFinished, type Job, missingPictures } from "../../core/job.ts";
import type { Dispatch, Joining, Lease, Ticket } from "../../core/queue.ts";
import { type AcceptTools, giveUp, joiningOf, takeUp } from "../../core/studio/accept.ts";
import { routeOf } from "../../core/pipeline/route.ts";
import { JobRunner } from "../../core/studio/runner.ts";
import type { JobStatus } from "../../core/studio/watch.ts";
import type { Postgres } from "../storage/postgres.ts";
import { type Held, holderOf, type Line } from "./line.ts";
import { type Signals, tell } from "./signals.ts";
import { Turns } from "./turns.ts";

/** What a worker is made of. */
export interface WorkerOptions {
  readonly database: Postgres;
  readonly line: Line;
  readonly signals: Signals;
  readonly providers: readonly string[];
  /** What the studio has; its ledger is fenced by `held`. */
  readonly tools: Omit<AcceptTools, "queue">;
  /** The jobs that this process holds, by their codes. */
  readonly held: Map<string, Held>;
}

/** How often a worker looks by itself, beats, and tells how its jobs stand, in milliseconds. */
const every = { lookMs: 1_000, beatMs: 2_000, tellMs: 400, lostMs: 5_000 } as const;

/** Previews larger than this are not told of. */
const largestPreview = 300_000;

/** Works on the jobs of all doors: takes one from the line whenever its turn has come. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #turns: Turns;
  readonly #runner: JobRunner;
  readonly #tools: AcceptTools;
  readonly #under = new Set<Promise<void>>();
  readonly #claiming = new Map<string, { again: boolean }>();
  readonly #told = new Map<string, string>();
  readonly #timers: NodeJS.Timeout[] = [];
  #stopping = false;

  constructor(options: WorkerOptions) {
    const { tools, line } = options;
    this.#options = options;
    this.#turns = new Turns(line);
    this.#tools = { ...tools, queue: this.#queue() };
    this.#runner = new JobRunner(this.#tools, () => undefined);
  }

  /** Begins to take jobs. */
  start(): void {
    const { signals, providers } = this.#options;
    signals.on("line", (provider) => void this.#claim(provider));
    signals.on("turn", () => void this.#turns.look());
    signals.on("wish", () => void this.#fulfil());
    const lookAtAll = () => {
      for (const provider of providers) void this.#claim(provider);
      void this.#turns.look();
      void this.#fulfil();
    };
    signals.onAgain(lookAtAll);
    this.#every(every.lookMs, async () => lookAtAll());
    this.#every(every.beatMs, () => this.#options.line.beat([...this.#options.held.values()]));
    this.#every(every.tellMs, () => this.#tellAll());
    this.#every(every.lostMs, () => this.#findLost());
  }

  /** Takes no more jobs, lets running calls end for `graceMs`, and gives the others back to the line. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    await this.#runner.stop(graceMs);
    await Promise.allSettled(this.#under);
    for (const timer of this.#timers) clearInterval(timer);
    for (const held of this.#options.held.values()) await this.#handBack(held);
  }

  // === Taking

  /** Takes what there is to take. A call that comes meanwhile makes it look once more. */
  async #claim(provider: string): Promise<void> {
    if (this.#stopping || !this.#options.providers.includes(provider)) return;
    const running = this.#claiming.get(provider);
    if (running) {
      running.again = true;
      return;
    }
    const state = { again: true };
    this.#claiming.set(provider, state);
    try {
      while (state.again && !this.#isStopping()) {
        state.again = false;
        const held = await this.#options.line.claim(provider);
        if (!held) continue;
        state.again = true;
        this.#take(held);
      }
    } catch (error) {
      this.#options.tools.log.warn({ error }, "no job could be taken from the line");
    } finally {
      this.#claiming.delete(provider);
    }
  }

  #isStopping(): boolean {
    return this.#stopping;
  }

  #take(held: Held): void {
    const { log } = this.#options.tools;
    this.#options.held.set(held.code, held);
    const work = this.#work(held).catch((error: unknown) => {
      log.error({ job: held.code, error }, "the work on a job could not be ended");
    });
    this.#under.add(work);
    void work.finally(() => this.#under.delete(work));
  }

  async #work(held: Held): Promise<void> {
    const { archive, log } = this.#options.tools;
    const job = await archive.find(held.code);
    if (job && !isFinished(job)) {
      try {
        this.#runner.take(takeUp(job, this.#tools));
        const work = this.#runner.start(job.code);
        void this.#tellEnd(held.code);
        await work;
      } catch (error) {
        if (!isImageError(error)) throw error;
        log.info({ job: held.code, outcome: error.code }, "a job is given up");
        await giveUp(job, error, this.#tools);
        await this.#tell(held.code);
      }
    }
    // What is left when the process ends is handed back.
    if (this.#stopping && (await this.#isOpen(held))) return;
    this.#drop(held);
    await this.#options.line.end(held);
  }

  #drop({ code, work }: Held): void {
    const { held } = this.#options;
    if (held.get(code)?.work === work) held.delete(code);
    this.#told.delete(code);
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

  /** The first picture has its turn with the job; each further one waits for its own. */
  #ticketOf({ code }: Joining): Ticket {
    const held = this.#options.held.get(code);
    if (!held) throw new Error(`Nobody gave this process the job ${code}.`);
    let first: Lease | undefined = this.#turns.leaseOf(held.turn, held.provider);
    let further = 0;
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
        return taken() ?? this.#turns.take(held, ++further, signal);
      },
    };
  }

  // === Telling

  /** Tells how each job stands, where that has changed. */
  async #tellAll(): Promise<void> {
    for (const code of this.#options.held.keys()) {
      const status = this.#runner.status(code);
      if (!status) continue;
      const standing = toText(status);
      if (this.#told.get(code) === standing) continue;
      this.#told.set(code, standing);
      const sql = `INSERT INTO standings (code, standing) VALUES ($1, $2)
        ON CONFLICT (code) DO UPDATE SET standing = excluded.standing`;
      await this.#options.database.run(sql, code, standing);
      await this.#tell(code);
    }
  }

  async #tellEnd(code: string): Promise<void> {
    await this.#runner.finished(code)?.catch(() => undefined);
    const sql = "DELETE FROM standings WHERE code = $1";
    await this.#options.database.run(sql, code).catch(() => undefined);
    await this.#tell(code);
  }

  async #tell(code: string): Promise<void> {
    await tell(this.#options.database, "job", code).catch(() => undefined);
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
        if (still) await line.again(job, joining(job, tools), tx);
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

function toText({ state, stage, startedAt, progress }: JobStatus): string {
  const { preview, ...rest } = progress ?? {};
  const small = preview && preview.byteLength <= largestPreview;
  const shown = small ? { preview: Buffer.from(preview).toString("base64") } : {};
  return JSON.stringify({ state, stage, startedAt, progress: progress && { ...rest, ...shown } });
}
