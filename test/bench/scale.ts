import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPostgres } from "../../src/storage/postgres.ts";
import { startImageService } from "../fakes/image-service.ts";
import { startCluster } from "../fakes/postgres.ts";
import { type DrawbridgeProcess, startProcess } from "../fakes/process.ts";

// Throughput of one installation over several processes, at an image service that takes 200 ms for a picture.

const serviceMs = 200;
/** Calls at once for each worker. */
const slotsEach = 4;
const seconds = 8;
const key = "the-key-of-the-benchmark";

interface Measured {
  readonly perSecond: number;
  /** From acceptance to the call, in milliseconds; undefined where it was not looked up. */
  readonly toBegin?: number;
}

type CleanUp = (task: () => void) => void;

/** Prints a table: the embedded version, and 1, 2 and 4 workers behind two HTTP processes. */
export async function benchScale(): Promise<void> {
  const tasks: (() => void)[] = [];
  const cleanUp: CleanUp = (task) => tasks.push(task);
  const cluster = await startCluster({ durable: true });
  try {
    console.log(
      `an image service of ${serviceMs} ms, ${slotsEach} calls at once for each worker\n`,
    );
    console.log("workers    pictures/s   most at this many calls   accept → begin, median");
    for (const workers of [1, 2, 4]) {
      show(`SQLite ×${workers}`, workers, await embedded(workers, cleanUp));
      show(`${workers}`, workers, await spread(workers, cluster.url, cleanUp));
    }
  } finally {
    for (const task of tasks) task();
    await cluster.end();
  }
}

function show(name: string, workers: number, { perSecond, toBegin }: Measured): void {
  const most = (workers * slotsEach * 1000) / serviceMs;
  const waited = toBegin === undefined ? "–" : `${Math.round(toBegin)} ms`;
  const columns = [name.padEnd(11), perSecond.toFixed(1).padEnd(13), `${most}`.padEnd(26), waited];
  console.log(columns.join(""));
}

async function embedded(workers: number, cleanUp: CleanUp): Promise<Measured> {
  const { service, environment, end } = await anInstallation(workers);
  const one = await startProcess(environment, { cleanUp });
  const perSecond = await load([one], workers);
  await one.kill();
  await service.close();
  end();
  return { perSecond };
}

async function spread(workers: number, url: string, cleanUp: CleanUp): Promise<Measured> {
  const { service, environment, end } = await anInstallation(workers);
  const database = await openPostgres({ url, connections: 1 });
  const start = (ROLES: string) =>
    startProcess({ ...environment, DATABASE_URL: url, ROLES }, { cleanUp });
  const doors = [await start("http"), await start("http")];
  const others: DrawbridgeProcess[] = [];
  for (let n = 0; n < workers; n++) others.push(await start("worker"));
  await database.run("DELETE FROM archive");
  const perSecond = await load(doors, workers);
  const sql = `SELECT percentile_cont(0.5) WITHIN GROUP
    (ORDER BY (record::json ->> 'startedAt')::BIGINT - created_at) AS waited FROM archive`;
  const [row] = await database.all<{ waited: number }>(sql);
  for (const process of [...doors, ...others]) await process.kill();
  await database.close();
  await service.close();
  end();
  return { perSecond, ...(row && { toBegin: row.waited }) };
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

/** Pictures for each second, with half as many more clients as there are calls at once. */
async function load(doors: readonly DrawbridgeProcess[], workers: number): Promise<number> {
  const until = performance.now() + seconds * 1000;
  let made = 0;
  const client = async (number: number) => {
    const url = `${doors[number % doors.length]?.url}/v1/images/generations`;
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    while (performance.now() < until) {
      const body = JSON.stringify({ prompt: `a cat ${Math.random()}`, response_format: "url" });
      const response = await fetch(url, { method: "POST", headers, body });
      await response.arrayBuffer();
      if (response.ok) made++;
    }
  };
  const since = performance.now();
  await Promise.all(Array.from({ length: slotsEach * workers * 1.5 }, (_, n) => client(n)));
  return (made * 1000) / (performance.now() - since);
}
