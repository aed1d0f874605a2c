import { randomUUID } from "node:crypto";
import type { Log } from "../core/observe.ts";
import type { Dispatch } from "../core/queue.ts";
import type { Estimate } from "../core/queue/estimate.ts";
import { type AcceptTools, chargeFor, joiningOf } from "../core/studio/accept.ts";
import { routeOf } from "../core/pipeline/route.ts";
import type { Job } from "../core/job.ts";
import type { StudioOptions } from "../core/studio.ts";
import type { Config } from "./config.ts";
import { openBoss } from "./fleet/boss.ts";
import { FollowedWork } from "./fleet/followed.ts";
import { type Held, Line } from "./fleet/line.ts";
import type { Place } from "./fleet/places.ts";
import { type Elected, Election, showPresence } from "./fleet/presence.ts";
import { Signals, tell } from "./fleet/signals.ts";
import { Wishes } from "./fleet/wishes.ts";
import { attemptOf, Worker } from "./fleet/worker.ts";
import { openPostgres, type Postgres } from "./storage/postgres.ts";
import { postgresArchive, postgresPictures } from "./storage/postgres-archive.ts";
import { postgresPlatformFiles, postgresSettings } from "./storage/postgres-chat.ts";
import { postgresLedger } from "./storage/postgres-ledger.ts";
import { postgresQuota } from "./storage/postgres-quota.ts";
import type { Ground, LineTools, Stores } from "./stores.ts";

/** What a process needs to be one of many. */
export interface Fleet {
  /** Lets a studio follow the jobs that workers make. */
  follow(tools: FollowTools): NonNullable<StudioOptions["work"]>;
  /** Begins to work on jobs, where that is a role of this process. */
  work(tools: AcceptTools): Pick<Worker, "stop"> | undefined;
  /** Has something done by one process of all. */
  elect(name: string, elected: Elected): Election;
  /** Which process the clients of a job are at: the last one that took it. */
  readonly clients: {
    take(code: string): Promise<void>;
    has(code: string): Promise<boolean>;
  };
  /** Does the work where no other process does it at the moment. */
  alone(name: string, work: () => Promise<void>): Promise<void>;
}

/** What following needs of the studio. */
export type FollowTools = Pick<
  AcceptTools,
  "catalogue" | "provider" | "operators" | "quota" | "estimate" | "now"
>;

/** Connects to the database that many processes share. Throws `DataDirError`. */
export async function openFleetGround(
  config: Config & { readonly DATABASE_URL: string },
  log: Log,
): Promise<Ground> {
  const { DATABASE_URL: url } = config;
  const database = await openPostgres({ url });
  const signals = new Signals(database, log);
  const id = randomUUID();
  const presence = await showPresence(id, database);
  const closing: (() => Promise<unknown>)[] = [() => presence.stop(), () => signals.close()];
  return {
    check: () => database.check(),
    async stores(tools) {
      const watches = config.ROLES.has("worker");
      const boss = await openBoss({ url, providers: tools.providers, watches, log });
      closing.unshift(() => boss.stop({ graceful: false, close: true }));
      const member = { id, config, database, signals, log };
      const stores = storesOf(member, tools, boss);
      signals.start();
      return stores;
    },
    async close() {
      for (const close of closing) await close().catch(() => undefined);
      await database.close();
    },
  };
}

interface Member {
  /** Of this process. */
  readonly id: string;
  readonly config: Config;
  readonly database: Postgres;
  readonly signals: Signals;
  readonly log: Log;
}

function storesOf(
  member: Member,
  tools: LineTools,
  boss: Awaited<ReturnType<typeof openBoss>>,
): Stores {
  const { id, config, database } = member;
  const { slots, maxWaitingPerRequester, estimate } = tools;
  const maxWaiting = config.MAX_QUEUED;
  const line = new Line({ database, boss, slots, maxWaiting, maxWaitingPerRequester, estimate });
  const doors = [...config.ROLES].filter((role) => role !== "worker");
  const ledger = postgresLedger(database, {
    enlist: (job, joining, tx) => line.enlist(job, joining, tx),
    courier: { id, doors },
  });
  return {
    ledger,
    archive: postgresArchive(database),
    pictures: postgresPictures(database),
    quota: postgresQuota(database),
    settings: postgresSettings(database),
    files: postgresPlatformFiles(database),
    queue: elsewhere,
    waiting: () => waitingIn(database),
    fleet: fleetOf(member, tools, line),
  };
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
  const sql = "SELECT count(*) AS jobs FROM ledger WHERE NOT settled AND holder IS NULL";
  const [row] = await database.all<{ jobs: number }>(sql);
  return row?.jobs ?? 0;
}

function fleetOf(member: Member, tools: LineTools, line: Line): Fleet {
  const { id, config, database, signals, log } = member;
  const { slots, providers, estimate } = tools;
  signals.on("made", (what) => record(what, estimate));
  return {
    follow: (studio) => (onFinished) => {
      const refundsOf = (job: Job) => chargeFor(job, studio)?.returnRest() ?? [];
      const wishes = new Wishes({ database, refundsOf, now: studio.now });
      const etaOf = (job: Job, place: Place) => etaFor(job, place, { ...studio, slots });
      const archive = postgresArchive(database);
      const options = { database, archive, signals, wishes, id, etaOf, log };
      return new FollowedWork(options, onFinished);
    },
    work(studio) {
      if (!config.ROLES.has("worker")) return undefined;
      const held = new Map<string, Held>();
      const ledger = postgresLedger(database, { holderOf: attemptOf(held) });
      const told = toldEstimate(studio.estimate, database);
      const worker = new Worker({
        database,
        line,
        signals,
        providers,
        tools: { ...studio, ledger, estimate: told },
        held,
      });
      worker.start();
      return worker;
    },
    elect: (name, elected) => new Election(name, elected, { database, log }),
    clients: {
      async take(code) {
        await database.run("UPDATE ledger SET courier = $1 WHERE code = $2", id, code);
      },
      async has(code) {
        const sql = "SELECT 1 FROM ledger WHERE code = $1 AND courier = $2";
        return (await database.all(sql, code, id)).length > 0;
      },
    },
    alone: (name, work) =>
      database.transaction(async (tx) => {
        const sql = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 4)) AS free";
        const [row] = await tx.all<{ free: boolean }>(sql, name);
        if (row?.free) await work();
      }),
  };
}

// === How long pictures take, as all processes know it

type Made = Parameters<Estimate["record"]>;

function record(what: string, estimate: Estimate): void {
  const [model, pixels, tookMs, mostMs] = JSON.parse(what) as Made;
  estimate.record(model, pixels, tookMs, mostMs);
}

/** Tells all processes, this one included, what one of them has measured. */
function toldEstimate(estimate: Estimate, database: Postgres): Estimate {
  return {
    expect: (model, pixels) => estimate.expect(model, pixels),
    record: (...made) => void tell(database, "made", JSON.stringify(made)).catch(() => undefined),
  };
}

function etaFor(
  job: Job,
  { provider, pictures, begun }: Place,
  tools: FollowTools & Pick<LineTools, "slots">,
): number | undefined {
  try {
    const { model, pixels } = joiningOf(job, { route: routeOf(job.brief, tools) });
    const eachMs = tools.estimate.expect(model, pixels);
    if (eachMs === undefined) return undefined;
    return (Math.floor((pictures + begun) / tools.slots(provider)) + 1) * eachMs;
  } catch {
    return undefined;
  }
}
