import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ledger } from "../../core/ledger.ts";
import { openDatabase } from "../../src/storage/sqlite.ts";
import { sqliteLedger } from "../../src/storage/sqlite-ledger.ts";
import { aJob, aPicture } from "../builders.ts";
import { type Server, startServer, type Usage } from "./children.ts";
import { idleStudio } from "./idle-studio.ts";
import { type Burst, type Load, quantile, send } from "./load.ts";

// === What is measured

interface Endpoint {
  readonly name: string;
  readonly path: string;
  readonly body: (number: number) => string;
}

const words = (number: number) => `a cat in the snow ${number}`;

const chat: Endpoint = {
  name: "chat",
  path: "/v1/chat/completions",
  body: (number) => JSON.stringify({ messages: [{ role: "user", content: words(number) }] }),
};
const links: Endpoint = {
  name: "images, url",
  path: "/v1/images/generations",
  body: (number) => JSON.stringify({ prompt: words(number), response_format: "url" }),
};
const bytes: Endpoint = {
  name: "images, base64",
  path: "/v1/images/generations",
  body: (number) => JSON.stringify({ prompt: words(number), response_format: "b64_json" }),
};

/** Both servers of a setting get the same pictures from the same image service. */
const settings = [
  { name: "links handed on", picture: "tiny", links: "upstream", endpoints: [chat, links] },
  { name: "tiny, kept", picture: "tiny", links: "kept", endpoints: [chat, bytes] },
  { name: "2 MB, kept", picture: "2mb", links: "kept", endpoints: [chat, bytes] },
] as const;

const key = "the-key-of-the-benchmark";
const headers = { authorization: `Bearer ${key}` };
const warmUpSeconds = 1;
/** The servers take turns, so that whatever else the machine does disturbs all alike. */
const rounds = 3;
const roundSeconds = 1;

// === How it is measured

interface Measured extends Burst {
  /** Microseconds of processor time for each request. */
  readonly cpu: number;
  readonly usage: Usage;
}

async function compare(
  servers: readonly Server[],
  { path, body }: Endpoint,
  connections: number,
): Promise<Measured[]> {
  const bursts = servers.map((): Burst[] => []);
  const before = await Promise.all(servers.map((server) => server.usage()));
  for (let round = 0; round < rounds; round++) {
    for (const [index, { url }] of servers.entries()) {
      const load: Load = { url, path, headers, body };
      bursts[index]?.push(await send(load, connections, roundSeconds));
    }
  }
  return Promise.all(
    servers.map(async (server, index) => {
      const usage = await server.usage();
      const burst = together(bursts[index] ?? []);
      const cpu = (usage.cpu - (before[index]?.cpu ?? 0)) / burst.requests;
      return { ...burst, usage, cpu };
    }),
  );
}

function together(bursts: readonly Burst[]): Burst {
  const sum = (read: (burst: Burst) => number) =>
    bursts.reduce((total, burst) => total + read(burst), 0);
  return {
    requests: sum(({ requests }) => requests),
    failures: sum(({ failures }) => failures),
    seconds: sum(({ seconds }) => seconds),
    times: bursts.flatMap(({ times }) => times),
  };
}

const perSecond = ({ requests, seconds }: Burst) => requests / seconds;

// === The servers

const cleanups: (() => unknown)[] = [];

function aDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "drawbridge-bench-"));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function launch(program: string, environment: Readonly<Record<string, string>> = {}) {
  const server = await startServer(program, environment);
  cleanups.push(() => server.stop());
  return server;
}

function launchOurs(service: string, more: Readonly<Record<string, string>> = {}) {
  return launch("drawbridge.ts", {
    PORT: "0",
    DATA_DIR: aDirectory(),
    GATEWAY_API_KEY: key,
    SD_API_KEY: "sk-image-service",
    SD_API_BASE_URL: service,
    SD_CONCURRENCY: "64",
    MAX_QUEUED: "100000",
    MAX_QUEUED_PER_USER: "100000",
    LOG_LEVEL: "warn",
    ...more,
  });
}

async function warmUp(servers: readonly Server[], { path, body }: Endpoint): Promise<void> {
  for (const { url } of servers) await send({ url, path, headers, body }, 16, warmUpSeconds);
}

// === The parts

async function besidePassThrough(service: string): Promise<void> {
  const rows: Record<string, Row> = {};
  for (const { name, picture, links: IMAGE_LINKS, endpoints } of settings) {
    const SD_API_BASE_URL = `${service}/${picture}`;
    const ours = await launchOurs(SD_API_BASE_URL, { IMAGE_LINKS });
    const DATA_DIR = aDirectory();
    const bare = await launch("pass-through.ts", { SD_API_BASE_URL, IMAGE_LINKS, DATA_DIR });
    const servers = [ours, bare];
    for (const endpoint of endpoints) {
      await warmUp(servers, endpoint);
      for (const connections of [1, 64]) {
        const [our, their] = await compare(servers, endpoint, connections);
        if (our && their) rows[`${name}: ${endpoint.name}, ${connections}`] = row(our, their);
      }
    }
    for (const server of servers) await server.stop();
  }
  show("Drawbridge beside a bare pass-through (ratios: Drawbridge's share)", rows);
}

type Row = Readonly<Record<string, string | number>>;

function row(ours: Measured, bare: Measured): Row {
  const [p99, bareP99] = [quantile(ours.times, 0.99), quantile(bare.times, 0.99)];
  return {
    "req/s": Math.round(perSecond(ours)),
    bare: Math.round(perSecond(bare)),
    ratio: share(perSecond(ours), perSecond(bare)),
    "p99 ms": p99.toFixed(1),
    "bare ms": bareP99.toFixed(1),
    "p99 ratio": share(p99, bareP99),
    "cpu ms": (ours.cpu / 1000).toFixed(2),
    "bare cpu": (bare.cpu / 1000).toFixed(2),
    "cpu ratio": share(ours.cpu, bare.cpu),
    "peak MB": megabytes(ours.usage.peakMemory),
    "bare MB": megabytes(bare.usage.peakMemory),
    failed: ours.failures + bare.failures,
  };
}

async function costOfStoring(service: string): Promise<void> {
  const environment = { IMAGE_LINKS: "upstream" };
  const onDisk = await launchOurs(`${service}/tiny`, environment);
  const inMemory = await launchOurs(`${service}/tiny`, { ...environment, JOBS: "memory" });
  const servers = [onDisk, inMemory];
  await warmUp(servers, chat);
  const rows: Record<string, Row> = {};
  for (const connections of [1, 64]) {
    const [disk, memory] = await compare(servers, chat, connections);
    if (!disk || !memory) continue;
    const cost = 1 - perSecond(disk) / perSecond(memory);
    rows[`chat, ${connections}`] = {
      "on disk, req/s": Math.round(perSecond(disk)),
      "in memory": Math.round(perSecond(memory)),
      "cost of storing": `${(cost * 100).toFixed(0)} %`,
      "cpu ms": (disk.cpu / 1000).toFixed(2),
      "in memory, ms": (memory.cpu / 1000).toFixed(2),
    };
  }
  for (const server of servers) await server.stop();
  show("What storing every job costs", rows);
}

/** Submits with everything that looks for earlier jobs: a key, the same request and a quota. */
async function submitting(): Promise<void> {
  const installations = [];
  for (const count of [10, 10_000, 10]) installations.push(await anInstallation(count));
  const [few, many, warm] = installations;
  if (!few || !many || !warm) return;
  await warm.submit(500);
  for (let round = 0; round < 10; round++) for (const { submit } of [few, many]) await submit(20);
  for (const { close } of installations) await close();
  const [short, long] = [quantile(few.times, 0.5), quantile(many.times, 0.5)];
  show("Submitting a job", {
    "median ms": {
      "10 finished jobs": short.toFixed(3),
      "10,000 finished jobs": long.toFixed(3),
      ratio: share(long, short),
    },
  });
}

/** A studio whose image service never answers, with so many finished jobs in its archive. */
async function anInstallation(finished: number) {
  const database = openDatabase(aDirectory());
  const ledger = sqliteLedger(database);
  await fill(ledger, finished);
  const studio = idleStudio(database, ledger);
  const times: number[] = [];
  let submitted = 0;
  async function submitOne(): Promise<void> {
    const startedAt = performance.now();
    const request = { prompt: `a cat in the snow ${++submitted}` };
    await studio.sameRequests(requester, request, Date.now() - 120_000);
    const delivery = { door: "http", place: { endpoint: "chat" }, direct: true };
    await studio.submit(request, { requester, delivery, key: `key ${submitted}` });
    times.push(performance.now() - startedAt);
  }
  const submit = async (count: number) => {
    for (let n = 0; n < count; n++) await submitOne();
  };
  const close = async () => {
    await studio.stop(0);
    database.close();
  };
  return { submit, times, close };
}

const requester = { id: "http:default" };

async function fill(ledger: Ledger, count: number): Promise<void> {
  const made = Array.from({ length: count }, (_, index) =>
    aJob({
      requester,
      fingerprint: `fingerprint ${index}`,
      key: `old ${index}`,
      state: "done",
      finishedAt: 1,
      pictures: [aPicture({ hash: `hash ${index}` })],
    }),
  );
  await Promise.all(made.map((job) => ledger.accept(job, [], 1)));
  await Promise.all(made.map((job) => ledger.settle(job)));
}

async function growthOfMemory(service: string): Promise<void> {
  const server = await launchOurs(`${service}/tiny`);
  const { path, body } = chat;
  const load = { url: server.url, path, headers, body };
  const rows: Record<string, Row> = {};
  await warmUp([server], chat);
  let served = 0;
  for (let part = 0; part < 4; part++) {
    const { heldMemory, peakMemory } = await server.usage();
    rows[`after ${served} more requests`] = {
      "held MB": (heldMemory / 2 ** 20).toFixed(1),
      "peak MB": megabytes(peakMemory),
    };
    served += (await send(load, 64, 3)).requests;
  }
  await server.stop();
  show("Memory, pictures kept", rows);
}

// === What is shown

function share(ours: number, others: number): string {
  return (ours / others).toFixed(2);
}

function megabytes(count: number): number {
  return Math.round(count / 2 ** 20);
}

function show(title: string, rows: Readonly<Record<string, Row>>): void {
  console.log(`\n${title}`);
  console.table(rows);
}

const parts = { besidePassThrough, costOfStoring, submitting, growthOfMemory };

const startedAt = performance.now();
try {
  const { url } = await launch("image-service.ts");
  const wanted = process.argv.slice(2);
  if (wanted.includes("--scale")) await (await import("./scale.ts")).benchScale();
  for (const [name, part] of Object.entries(parts)) {
    if (wanted.length === 0 || wanted.includes(name)) await part(url);
  }
} finally {
  for (const cleanup of cleanups.toReversed()) await cleanup();
}
console.log(`\nIn ${Math.round((performance.now() - startedAt) / 1000)} s.`);
// A service that never answers is waited for by its studio.
process.exit();
