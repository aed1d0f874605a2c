import { randomUUID } from "node:crypto";
import type { Log } from "../core/observe.ts";
import type { Dispatch, Estimate, Joining } from "../core/queue.ts";
import { type AcceptTools, chargeFor, joiningOf } from "../core/studio/accept.ts";
import { routeOf } from "../core/pipeline/plan.ts";
import type { Job } from "../core/job.ts";
import type { StudioOptions } from "../core/studio.ts";
import type { TurnTools } from "./composition.ts";
import type { Config } from "./config.ts";
import { openBoss } from "./fleet/boss.ts";
import { FollowedWork } from "./fleet/followed.ts";
import { type Held, mayBegin } from "./fleet/held.ts";
import { Line } from "./fleet/line.ts";
import type { Place } from "./fleet/places.ts";
import { type Elected, Election, type Presence, showPresence } from "./fleet/presence.ts";
import { type Parts, Shares } from "./fleet/shares.ts";
import { Signals } from "./fleet/signals.ts";
import { Wishes } from "./fleet/wishes.ts";
import { attemptOf, Worker } from "./fleet/worker.ts";
import type { ClientsOptions } from "./http/clients.ts";
import { freeBytesIn } from "./storage/room.ts";
import { openPostgres, type Postgres } from "./storage/postgres.ts";
import {
  overviewIn,
  postgresArchive,
  postgresPictures,
  postgresPlatformFiles,
} from "./storage/postgres-archive.ts";
import { postgresLinks, postgresPresets, postgresSettings } from "./storage/postgres-people.ts";
import { postgresLedger } from "./storage/postgres-ledger.ts";
import { postgresQuota } from "./storage/postgres-quota.ts";
import type { Kept, Stores } from "./stores.ts";

/** What a process does as one of many. */
export interface Fleet {
  /** Begins to work on jobs, where that is a role of this process. */
  work(tools: AcceptTools): Pick<Worker, "stop"> | undefined;
  /** Has something done by one process of all. */
  elect(name: string, elected: Elected): Election;
  /** Shares the parts of something among the processes that do it. */
  share<Part extends Elected>(name: string, parts: Parts<Part>): Shares<Part>;
  /** Which process the clients of a job are at: the last one that took it. */
  readonly clients: NonNullable<ClientsOptions["elsewhere"]>;
  /** Does the work where no other process does it at the moment. */
  alone(name: string, work: () => Promise<void>): Promise<void>;
}

type FleetConfig = Config & { readonly DATABASE_URL: string };

/** Connects to the database that many processes share. Throws `DataDirError`. */
export async function openFleet(config: FleetConfig, log: Log): Promise<Stores> {
  const database = await openPostgres({ url: config.DATABASE_URL });
  const own = { id: randomUUID(), works: config.ROLES.has("worker") };
  const presence = await showPresence(own, database);
  const member = new Member(config, { database, presence, log });
  return {
    kept: member.kept,
    settings: postgresSettings(database),
    files: postgresPlatformFiles(database),
    links: postgresLinks(database),
    overview: async () => overviewIn(database, await freeBytesFor(config)),
    fleet: member,
    check: () => database.check(),
    async close() {
      await presence.stop();
      await member.close();
      await database.close();
    },
  };
}

/** A bucket has no limit. */
async function freeBytesFor({ S3_BUCKET, DATA_DIR }: Config): Promise<number | null> {
  return S3_BUCKET === undefined ? freeBytesIn(DATA_DIR) : null;
}

/** What following needs of a studio. */
type FollowTools = Pick<
  StudioOptions,
  "catalogue" | "provider" | "operators" | "quota" | "estimate" | "now"
>;

class Member implements Fleet {
  readonly kept: Kept;
  readonly #config: FleetConfig;
  readonly #presence: Presence;
  readonly #database: Postgres;
  readonly #signals: Signals;
  readonly #log: Log;
  #line: Line | undefined;
  #turnTools: TurnTools | undefined;
  #closeBoss: (() => Promise<void>) | undefined;

  constructor(config: FleetConfig, tools: { database: Postgres; presence: Presence; log: Log }) {
    const { database, presence, log } = tools;
    const { id } = presence;
    this.#config = config;
    this.#presence = presence;
    this.#database = database;
    this.#log = log;
    this.#signals = new Signals(database, log);
    const doors = [...config.ROLES].filter((role) => role !== "worker");
    this.kept = {
      ledger: postgresLedger(database, {
        reserve: (joining) => this.#inLine.reserve(joining),
        onEnlisted: (joining) => this.#announce(joining),
        courier: { id, doors },
      }),
      archive: postgresArchive(database),
      pictures: postgresPictures(database),
      quotas: postgresQuota(database),
      presets: postgresPresets(database),
      turns: (turnTools) => this.#open(turnTools),
    };
  }

  readonly clients = {
    take: async (code: string) => {
      await this.#database.run(
        "UPDATE ledger SET courier = $1 WHERE code = $2",
        this.#presence.id,
        code,
      );
    },
    has: async (code: string) => {
      const sql = "SELECT 1 FROM ledger WHERE code = $1 AND courier = $2";
      return (await this.#database.all(sql, code, this.#presence.id)).length > 0;
    },
  };

  work(tools: AcceptTools): Worker | undefined {
    if (!this.#config.ROLES.has("worker")) return undefined;
    const held = new Map<string, Held>();
    const database = this.#database;
    const ledger = postgresLedger(database, {
      holderOf: attemptOf(held),
      mayBegin: (code) => mayBegin(held.get(code), database),
    });
    const estimate = toldEstimate(tools.estimate, this.#signals);
    const { providers = [], slots = () => 0 } = this.#turnTools ?? {};
    const worker = new Worker({
      database,
      line: this.#inLine,
      signals: this.#signals,
      providers,
      slots,
      share: (provider) => Math.ceil(slots(provider) / this.#presence.workers),
      tools: { ...tools, ledger, estimate },
      held,
    });
    worker.start();
    return worker;
  }

  elect(name: string, elected: Elected): Election {
    return new Election(name, elected, { database: this.#database, log: this.#log });
  }

  share<Part extends Elected>(name: string, parts: Parts<Part>): Shares<Part> {
    return new Shares(name, parts, { database: this.#database, log: this.#log });
  }

  async alone(name: string, work: () => Promise<void>): Promise<void> {
    const session = await this.#database.session();
    session.on("error", () => undefined);
    try {
      const sql = "SELECT pg_try_advisory_lock(hashtextextended($1, 4)) AS free";
      const { rows } = await session.query<{ free: boolean }>(sql, [name]);
      if (rows[0]?.free) await work();
    } finally {
      await session.end();
    }
  }

  async close(): Promise<void> {
    await this.#closeBoss?.().catch(() => undefined);
    await this.#signals.close();
  }

  get #inLine(): Line {
    if (!this.#line) throw new Error("There is a line once it is known who paints.");
    return this.#line;
  }

  /** Tells workers of a job that was accepted here. */
  #announce({ provider, ready }: Joining): void {
    if (ready) this.#inLine.wake(provider);
    else this.#signals.tell("words", provider);
  }

  async #open(tools: TurnTools) {
    const database = this.#database;
    const { DATABASE_URL: url, ROLES } = this.#config;
    const { providers } = tools;
    const watches = ROLES.has("worker");
    const boss = await openBoss({ url, providers, watches, log: this.#log });
    this.#closeBoss = () => boss.stop({ graceful: false, close: true });
    this.#turnTools = tools;
    this.#line = new Line({ ...tools, database, boss, signals: this.#signals });
    await this.#line.open(providers);
    this.#signals.on("made", (what) => record(what, tools.estimate));
    this.#signals.start();
    return {
      queue: elsewhere,
      waiting: () => waitingIn(database),
      follow: (studio: FollowTools) => this.#follow(studio, tools),
    };
  }

  /** Lets a studio follow the jobs that workers make. */
  #follow(studio: FollowTools, { slots }: TurnTools): NonNullable<StudioOptions["work"]> {
    const [database, signals, log] = [this.#database, this.#signals, this.#log];
    const { id } = this.#presence;
    const refundsOf = (job: Job) => chargeFor(job, studio)?.returnRest() ?? [];
    const wishes = new Wishes({ database, signals, refundsOf, now: studio.now });
    const etaOf = (job: Job, place: Place) => etaFor(job, place, { ...studio, slots });
    const options = { database, signals, wishes, id, etaOf, log };
    return (onFinished) => new FollowedWork(options, onFinished);
  }
}

/** A door's line: jobs join it with their acceptance, and no turn is taken here. */
const elsewhere: Dispatch = {
  waiting: 0,
  join: () => ({
    take: () => Promise.reject(new Error("Workers take turns, doors do not.")),
    takeNow: () => undefined,
    position: () => undefined,
    leave: () => undefined,
  }),
};

async function waitingIn(database: Postgres): Promise<number> {
  const sql = "SELECT count(*) AS jobs FROM ledger WHERE NOT settled AND NOT turned";
  const [row] = await database.all<{ jobs: number }>(sql);
  return row?.jobs ?? 0;
}

// === How long pictures take, as all processes know it

type Made = Parameters<Estimate["record"]>;

function record(what: string, estimate: Estimate): void {
  const [model, pixels, tookMs, mostMs] = JSON.parse(what) as Made;
  estimate.record(model, pixels, tookMs, mostMs);
}

/** How often the others are told how long pictures of one kind take, in milliseconds. */
const tellMadeMs = 500;

/** Tells all processes, this one included, what one of them has measured. */
function toldEstimate(estimate: Estimate, signals: Signals): Estimate {
  const toldAt = new Map<string, number>();
  return {
    expect: (model, pixels) => estimate.expect(model, pixels),
    record(...made) {
      const kind = `${made[0]} ${made[1]}`;
      const now = performance.now();
      if (now - (toldAt.get(kind) ?? -Infinity) < tellMadeMs) return;
      toldAt.set(kind, now);
      signals.tell("made", JSON.stringify(made));
    },
  };
}

function etaFor(
  job: Job,
  { provider, pictures, begun }: Place,
  tools: FollowTools & Pick<TurnTools, "slots">,
): number | undefined {
  try {
    const { model, pixels } = joiningOf(job, { route: routeOf(job.brief, tools) });
    const eachMs = tools.estimate.expect(model, pixels);
    if (eachMs === undefined) return undefined;
    return (Math.floor((pictures + begun) / tools.slots(provider)) + 1) * eachMs;
  } catch {
    // Its model has left the catalogue.
    return undefined;
  }
}
