import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job, Recipe } from "../../core/job.ts";
import type { Begun, Ledger } from "../../core/ledger.ts";
import { createEstimate } from "../../core/queue.ts";
import { openBoss } from "../../src/fleet/boss.ts";
import { type Held, holderOf } from "../../src/fleet/held.ts";
import { Line } from "../../src/fleet/line.ts";
import { openPostgres } from "../../src/storage/postgres.ts";
import { postgresLedger } from "../../src/storage/postgres-ledger.ts";
import { openDatabase } from "../../src/storage/sqlite.ts";
import { sqliteLedger } from "../../src/storage/sqlite-ledger.ts";
import { aJob, aPicture, silentLog } from "../builders.ts";

// What a ledger and its line do without anything around them.

const jobs = 1_000;
const atOnce = 16;
const provider = "bench";

const recipe: Recipe = {
  words: "a cat",
  prompt: "a cat",
  negative: "",
  model: "Z-Image",
  provider,
  wording: { prompt: "a cat", enhancement: { status: "off" } },
  width: 1024,
  height: 1024,
  seed: 42,
  ratio: "1:1",
  steps: 8,
  guidance: 1,
  extras: {},
};

const begun: Begun = { attempts: 1, startedAt: 1, recipe, notices: [] };

/** Jobs that are submitted for each second, and such that are begun and ended, at so many at once. */
export async function storesTable(url: string): Promise<Record<string, object>> {
  return { SQLite: await ofSqlite(), Postgres: await ofPostgres(url) };
}

async function ofSqlite() {
  const directory = mkdtempSync(join(tmpdir(), "drawbridge-bench-"));
  const database = openDatabase(directory);
  const ledger = sqliteLedger(database);
  const all = someJobs();
  const submitted = await perSecond(all, (job) => ledger.accept(job, [], 1));
  const ended = await perSecond(all, async (job) => {
    await ledger.begin(job.code, begun);
    await ledger.settle(made(job));
  });
  database.close();
  rmSync(directory, { recursive: true, force: true });
  return shown(submitted, ended);
}

async function ofPostgres(url: string) {
  const database = await openPostgres({ url, connections: atOnce });
  const boss = await openBoss({ url, providers: [provider], watches: false, log: silentLog });
  const line = new Line({
    database,
    boss,
    signals: { tell: () => undefined },
    slots: () => atOnce,
    maxWaiting: 1e6,
    maxWaitingPerRequester: () => 1e6,
    estimate: createEstimate(),
  });
  await line.open([provider]);
  const held = new Map<string, Held>();
  const holderOfCode = (code: string) => {
    const found = held.get(code);
    return found && holderOf(found);
  };
  const door = postgresLedger(database, { reserve: (joining) => line.reserve(joining) });
  const worker = postgresLedger(database, { holderOf: holderOfCode });
  const all = someJobs();
  const submitted = await perSecond(all, (job) => door.accept(job, [], 1, joiningOf(job)));
  const end = (one: Held) => endJob(one, { line, worker, held });
  const ended = await claimed(all.length, line, end);
  await line.settled();
  await boss.stop({ graceful: false, close: true });
  await database.close();
  return shown(submitted, ended);
}

function joiningOf({ code, requester }: Job) {
  return { code, requester: requester.id, provider, model: "m", pixels: 1, count: 1 };
}

interface Ending {
  readonly line: Line;
  readonly worker: Ledger;
  readonly held: Map<string, Held>;
}

/** As a worker does it: the slot goes to the next job, and then the end is stored. */
async function endJob(one: Held, { line, worker, held }: Ending): Promise<Held | undefined> {
  held.set(one.code, one);
  await worker.begin(one.code, begun);
  const next = await line.pass(one.turn ?? 0, provider);
  await worker.settle(made(aJob({ code: one.code })));
  line.end(one);
  held.delete(one.code);
  return next?.held;
}

async function claimed(
  count: number,
  line: Line,
  end: (one: Held) => Promise<Held | undefined>,
): Promise<number> {
  const since = performance.now();
  const slot = async () => {
    let one = (await line.claim(provider))?.held;
    while (one) one = await end(one);
  };
  await Promise.all(Array.from({ length: atOnce }, slot));
  return (count * 1000) / (performance.now() - since);
}

function someJobs(): Job[] {
  return Array.from({ length: jobs }, (_, n) => aJob({ requester: { id: `http:${n % 8}` } }));
}

function made(job: Job): Job {
  return { ...job, state: "done", finishedAt: 1, pictures: [aPicture({ hash: job.code })] };
}

async function perSecond(all: readonly Job[], work: (job: Job) => Promise<unknown>) {
  const left = [...all];
  const since = performance.now();
  const one = async () => {
    for (let job = left.pop(); job; job = left.pop()) await work(job);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return (all.length * 1000) / (performance.now() - since);
}

function shown(submitted: number, ended: number) {
  return {
    "submitted/s": Math.round(submitted),
    "begun and ended/s": Math.round(ended),
    "at once": atOnce,
  };
}
