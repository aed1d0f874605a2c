import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openPostgres } from "../../src/storage/postgres.ts";
import { startImageService } from "../fakes/image-service.ts";
import { startCluster } from "../fakes/postgres.ts";
import { type DrawbridgeProcess, startProcess } from "../fakes/process.ts";
import { quantile } from "./load.ts";
import { processorMs } from "./processor-time.ts";
import { storesTable } from "./scale-stores.ts";

// One installation over several processes, at an image service that takes 200 ms for a picture.

const serviceMs = 200;
/** Calls at once for each worker: so few that four of them leave two cores idle for half of the time. */
const slotsEach = 2;
const seconds = 8;
const key = "the-key-of-the-benchmark";

/** Processor time by kind of process, in milliseconds. */
type Used = Readonly<Record<string, number>>;

interface Measured {
  readonly perSecond: number;
  /** For each picture. */
  readonly used: Used;
  /** From acceptance to the call, in milliseconds, while a slot is free. */
  readonly toBegin: number;
}

type CleanUp = (task: () => void) => void;
type Cluster = Awaited<ReturnType<typeof startCluster>>;

/** Prints what 1, 2 and 4 workers behind two HTTP processes make beside the embedded version, and what stores alone do. */
export async function benchScale(): Promise<void> {
  const tasks: (() => void)[] = [];
  const cleanUp: CleanUp = (task) => tasks.push(task);
  const cluster = await startCluster({ durable: true });
  try {
    console.log(`An image service of ${serviceMs} ms, ${slotsEach} calls at once for each worker`);
    const rows: Record<string, object> = {};
    for (const workers of [1, 2, 4]) {
      rows[`SQLite, ${workers}×`] = row(workers, await embedded(workers, cleanUp));
      rows[`Postgres, ${workers} workers`] = row(workers, await spread(workers, cluster, cleanUp));
    }
    console.table(rows);
    console.log(
      "Processor time in ms for each picture. The image service and the clients are not counted.",
    );
    console.table(await storesTable(cluster.url));
  } finally {
    for (const task of tasks) task();
    await cluster.end();
  }
}

function row(workers: number, { perSecond, used, toBegin }: Measured) {
  const most = (workers * slotsEach * 1000) / serviceMs;
  const all = Object.values(used).reduce((sum, ms) => sum + ms, 0);
  const cores = (all * perSecond) / 1000;
  const times = Object.entries(used).map(([name, ms]) => [`${name}, ms`, ms.toFixed(1)] as const);
  return {
    "pictures/s": perSecond.toFixed(1),
    "of what the slots allow": `${Math.round((100 * perSecond) / most)} %`,
    "accept → begin, ms": Math.round(toBegin),
    ...Object.fromEntries(times),
    "cores busy": cores.toFixed(2),
    "limited by": limit(perSecond / most, cores / availableParallelism()),
  };
}

function limit(ofSlots: number, ofCores: number): string {
  if (ofSlots > 0.85) return "the slots";
  return ofCores > 0.75 ? "processors" : "waiting (other programs, disk or database)";
}

async function embedded(workers: number, cleanUp: CleanUp): Promise<Measured> {
  const { service, environment, end } = await anInstallation(workers);
  const one = await startProcess(environment, { cleanUp });
  const measured = await measure([one], workers, { one: [one.pid] });
  await one.kill();
  const database = new DatabaseSync(join(environment.DATA_DIR, "drawbridge.db"));
  const rows = database.prepare(
    "SELECT record, created_at FROM archive ORDER BY rowid DESC LIMIT ?",
  );
  const waits = rows.all(single).map(({ record, created_at }) => {
    return startOf(String(record)) - Number(created_at);
  });
  database.close();
  await service.close();
  end();
  return { ...measured, toBegin: quantile(waits, 0.5) };
}

async function spread(workers: number, { url, pid }: Cluster, cleanUp: CleanUp): Promise<Measured> {
  const { service, environment, end } = await anInstallation(workers);
  const start = (ROLES: string) =>
    startProcess({ ...environment, DATABASE_URL: url, ROLES }, { cleanUp });
  const doors = [await start("http"), await start("http")];
  const others: DrawbridgeProcess[] = [];
  for (let n = 0; n < workers; n++) others.push(await start("worker"));
  const pids = (all: readonly DrawbridgeProcess[]) => all.map((one) => one.pid);
  const kinds = { http: pids(doors), workers: pids(others), postgres: [pid()] };
  const measured = await measure(doors, workers, kinds);
  const database = await openPostgres({ url, connections: 1 });
  const sql = "SELECT record, created_at FROM archive ORDER BY created_at DESC LIMIT $1";
  const rows = await database.all<{ record: string; created_at: number }>(sql, single);
  const toBegin = quantile(
    rows.map(({ record, created_at }) => startOf(record) - created_at),
    0.5,
  );
  await database.run("DELETE FROM archive");
  await database.close();
  for (const process of [...doors, ...others]) await process.kill();
  await service.close();
  end();
  return { ...measured, toBegin };
}

function startOf(record: string): number {
  return (JSON.parse(record) as { startedAt: number }).startedAt;
}

async function anInstallation(workers: number) {
  const directory = mkdtempSync(join(tmpdir(), "drawbridge-scale-"));
  const service = await startImageService({
    paints: { width: 16, height: 16 },
    delayMs: serviceMs,
  });
  const environment = {
    DATA_DIR: directory,
    GATEWAY_API_KEY: key,
    SD_API_KEY: "sk-bench",
    SD_API_BASE_URL: service.url,
    SD_CONCURRENCY: `${slotsEach * workers}`,
    MAX_QUEUED: "100000",
    MAX_QUEUED_PER_USER: "100000",
    LOG_LEVEL: "warn",
  };
  const end = () => rmSync(directory, { recursive: true, force: true });
  return { service, environment, end };
}

/** So many pictures are asked for one after the other, for the time from acceptance to the call. */
const single = 10;

/** With half as many more clients as there are calls at once; after that with one client. */
async function measure(
  doors: readonly DrawbridgeProcess[],
  workers: number,
  kinds: Readonly<Record<string, readonly number[]>>,
): Promise<Omit<Measured, "toBegin">> {
  const clients = Math.ceil(slotsEach * workers * 1.5);
  await load(doors, clients, 2_000);
  const used = () => Object.entries(kinds).map(([, pids]) => sum(pids.map(processorMs)));
  const before = used();
  const since = performance.now();
  const made = await load(doors, clients, seconds * 1000);
  const tookMs = performance.now() - since;
  const after = used();
  const names = Object.keys(kinds);
  const each = names.map((name, n) => [name, ((after[n] ?? 0) - (before[n] ?? 0)) / made] as const);
  for (let n = 0; n < single; n++) await ask(doors, n);
  return { perSecond: (made * 1000) / tookMs, used: Object.fromEntries(each) };
}

/** How many pictures were made. */
async function load(
  doors: readonly DrawbridgeProcess[],
  clients: number,
  ms: number,
): Promise<number> {
  const until = performance.now() + ms;
  let made = 0;
  const client = async (number: number) => {
    while (performance.now() < until) if (await ask(doors, number)) made++;
  };
  await Promise.all(Array.from({ length: clients }, (_, n) => client(n)));
  return made;
}

async function ask(doors: readonly DrawbridgeProcess[], number: number): Promise<boolean> {
  const url = `${doors[number % doors.length]?.url}/v1/images/generations`;
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const body = JSON.stringify({ prompt: `a cat ${Math.random()}`, response_format: "url" });
  const response = await fetch(url, { method: "POST", headers, body });
  await response.arrayBuffer();
  return response.ok;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
