import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { promptOf, seedOf } from "../../core/brief.ts";
import { inspectImage } from "../../core/imaging.ts";
import { isFinished, type Job } from "../../core/job.ts";
import { randomNumbers } from "../chaos/random.ts";
import { type ImageService, startImageService } from "../fakes/image-service.ts";
import { openStores } from "../fakes/studio.ts";

/** More are worth their time now and then; a run of all tests has no time for them. */
const kills = Number(process.env.CRASH_KILLS ?? 6);
/** The same seed is the same plan of jobs and moments; the machine decides what a moment meets. */
const planSeed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000_007);

const cleanups: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup();
});

// === The process

const main = join(import.meta.dirname, "../../src/main.ts");
const before = join(main, "../before.cjs");
const key = "a-key-of-the-crash-test";

interface Life {
  /** Rejects when it ends before it listens. */
  readonly opened: Promise<string>;
  /** SIGKILL, and then its end. */
  kill(): Promise<void>;
  /** SIGTERM, and then its end. */
  stop(): Promise<void>;
}

/** A Drawbridge in a process of its own. */
function aLife(environment: Readonly<Record<string, string>>): Life {
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, ["--require", before, main], {
    cwd: environment.DATA_DIR,
    env: { PATH, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  const { promise: opened, resolve, reject } = Promise.withResolvers<string>();
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    output += piece;
    const url = /Drawbridge is open: (http:\S+)\n/.exec(output)?.[1];
    if (url) resolve(url);
  });
  void ended.then(() => reject(new Error(`ended before it listened:\n${output}`)));
  opened.catch(() => {});
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  cleanups.push(() => child.kill("SIGKILL"));
  return { opened, kill: () => end("SIGKILL"), stop: () => end("SIGTERM") };
}

/** One installation through all its lives, and the image service that it asks. */
async function anInstallation() {
  const directory = mkdtempSync(join(tmpdir(), "drawbridge-crash-"));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  const service = await startImageService({ paints: { width: 16, height: 16 } });
  cleanups.push(() => service.close());
  const environment = {
    PORT: "0",
    DATA_DIR: directory,
    GATEWAY_API_KEY: key,
    SD_API_KEY: "sk-image-service",
    SD_API_BASE_URL: service.url,
    SD_CONCURRENCY: "3",
    MAX_QUEUED_PER_USER: "1000",
    // Nobody but a retry ends a job whose client was cut off.
    HANGUP_GRACE_MS: "3600000",
    LOG_LEVEL: "warn",
  };
  return { service, directory, start: () => aLife(environment) };
}

type Installation = Awaited<ReturnType<typeof anInstallation>>;

// === Its clients

interface Wish {
  readonly words: string;
  readonly how: "chat" | "chat-stream" | "images";
  readonly count: number;
  readonly key: string | undefined;
}

/** What a client has been told of its wish, in all lives together. */
interface Told {
  readonly wish: Wish;
  /** The codes that came with the first byte of an answer. */
  readonly codes: Set<string>;
  tries: number;
  /** The status of an answer that came whole. */
  status: number | undefined;
}

const paths = {
  chat: "/v1/chat/completions",
  "chat-stream": "/v1/chat/completions",
  images: "/v1/images/generations",
} as const;

function bodyOf({ words, how, count }: Wish): object {
  if (how === "images") return { prompt: words, n: count, response_format: "b64_json" };
  return {
    messages: [{ role: "user", content: words }],
    n: count,
    stream: how === "chat-stream",
  };
}

/** Asks as clients do: with the same key again, or, without one, saying that it is a retry. */
async function ask(url: string, told: Told): Promise<Response | undefined> {
  const { wish } = told;
  const retry = told.tries++ > 0 ? { "x-stainless-retry-count": String(told.tries) } : undefined;
  const headers = {
    authorization: `Bearer ${key}`,
    "content-type": "application/json",
    ...(wish.key === undefined ? retry : { "idempotency-key": wish.key }),
  };
  try {
    const init = { method: "POST", headers, body: JSON.stringify(bodyOf(wish)) };
    const response = await fetch(url + paths[wish.how], init);
    const code = response.headers.get("x-drawbridge-code");
    if (code) told.codes.add(code);
    await response.text();
    told.status = response.status;
    return response;
  } catch {
    // The process died while it was asked.
    return undefined;
  }
}

// === What is on disk

function databaseOf(directory: string): string {
  return join(directory, "drawbridge.db");
}

/** Seen from outside, while the process lives. */
function rows(directory: string, sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(databaseOf(directory), { readOnly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

function unfinished(directory: string): number {
  return rows(directory, "SELECT 1 FROM jobs WHERE state IN ('queued', 'running')").length;
}

/** Every job, once no process lives. */
async function readJobs(directory: string): Promise<Job[]> {
  const { database, archive } = openStores(directory);
  try {
    const codes = database.statement("SELECT code FROM jobs ORDER BY created_at").all();
    const found = await Promise.all(codes.map(({ code }) => archive.find(String(code))));
    return found.filter((job) => job !== undefined);
  } finally {
    database.close();
  }
}

/** How often the service was asked for each picture of a job, whichever of them came to be. */
function ordersFor(service: ImageService, job: Job): number[] {
  const { brief } = job;
  const numbers = Array.from({ length: brief.count }, (_, index) => index + 1);
  return numbers.map((number) =>
    service.ordersOf({ prompt: promptOf(brief, number), seed: seedOf(brief.seed, number) }),
  );
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

// === The history of one installation

/** What is known when all is over. */
interface History {
  readonly all: readonly Told[];
  readonly jobs: ReadonlyMap<string, Job>;
  /** The codes of the jobs that were on disk before the keys came back. */
  readonly before: ReadonlySet<string>;
  /** What each key was answered in the end. */
  readonly replays: readonly { readonly told: Told; readonly response: Response | undefined }[];
  /** How often each picture was ordered, by the code of its job. */
  readonly orders: ReadonlyMap<string, readonly number[]>;
  readonly ordersInAll: number;
  readonly wholePictures: number;
  readonly killedWithWork: number;
}

async function liveThrough(installation: Installation): Promise<History> {
  const { service, directory } = installation;
  const { all, killedWithWork, ...figures } = await liveAndDie(installation);
  service.setDelay(0);
  const { life, url } = await open(installation);
  const isOver = () => unfinished(directory) === 0;
  await vi.waitUntil(isOver, { timeout: 60_000, interval: 50 });
  const before = new Set(rows(directory, "SELECT code FROM jobs").map(({ code }) => String(code)));
  const replays = [];
  for (const told of all) {
    if (told.wish.key === undefined) continue;
    replays.push({ told, response: await ask(url, told) });
  }
  const wholePictures = await readPictures(url, installation);
  await life.stop();
  const jobs = new Map((await readJobs(directory)).map((job) => [job.code, job]));
  const orders = new Map([...jobs.values()].map((job) => [job.code, ordersFor(service, job)]));
  const ordersInAll = service.requests.length;
  const known = { all, jobs, before, replays, orders, ordersInAll, wholePictures, killedWithWork };
  report(figures, known);
  return known;
}

async function open({ start }: Installation) {
  const startedAt = performance.now();
  const life = start();
  const url = await life.opened;
  return { life, url, tookMs: performance.now() - startedAt };
}

/** Lives until a random moment, now and then one before it listens, again and again. */
async function liveAndDie(installation: Installation) {
  const random = randomNumbers(planSeed);
  const all: Told[] = [];
  const startsMs: number[] = [];
  let killedStarting = 0;
  let killedWithWork = 0;
  const longestMs = await timeToStart(installation);

  async function dieStarting(afterMs: number): Promise<void> {
    const life = installation.start();
    await sleep(afterMs);
    await life.kill();
    killedStarting++;
  }

  /** Without a time it dies as soon as it works. */
  async function dieWorking(afterMs?: number): Promise<void> {
    const { life, url, tookMs } = await open(installation);
    startsMs.push(tookMs);
    const unanswered = all.filter(({ status }) => status === undefined);
    const fresh = Array.from({ length: 3 }, (_, at) => aWish(all.length + at + 1, random));
    all.push(...fresh);
    const asked = [...unanswered, ...fresh].map((told) => ask(url, told));
    const works = () => unfinished(installation.directory) > 0;
    await (afterMs === undefined ? vi.waitUntil(works, { timeout: 60_000 }) : sleep(afterMs));
    if (works()) killedWithWork++;
    await life.kill();
    await Promise.all(asked);
  }

  for (let n = 1; n < kills; n++) {
    installation.service.setDelay(random() * 300);
    const die = random() < 0.15 ? dieStarting : dieWorking;
    await die(random() * longestMs);
  }
  installation.service.setDelay(300);
  await dieWorking();
  return { all, startsMs, killedStarting, killedWithWork };
}

/** How fast this machine is. The first start fills the cache of compiled code, and does not count. */
async function timeToStart(installation: Installation): Promise<number> {
  await (await open(installation)).life.stop();
  const { life, tookMs } = await open(installation);
  await life.kill();
  return Math.min(2000, tookMs);
}

function aWish(number: number, random: () => number): Told {
  const words = random() < 0.3 ? `wish ${number} {red|blue|green}` : `wish ${number}`;
  const how = (["chat", "chat-stream", "images"] as const)[Math.floor(random() * 3)] ?? "chat";
  const count = random() < 0.2 ? 2 : 1;
  const wish = { words, how, count, key: random() < 0.6 ? words : undefined };
  return { wish, codes: new Set(), tries: 0, status: undefined };
}

/** Gets every picture over HTTP; answers how many are, byte for byte, what the service painted. */
async function readPictures(url: string, { directory, service }: Installation): Promise<number> {
  const painted = new Set([...service.pictures.values()].map(digest));
  let whole = 0;
  const sql = `SELECT pictures.id, made.value ->> 'format' AS format
    FROM pictures, archive, json_each(archive.record, '$.pictures') AS made
    WHERE archive.code = pictures.job AND made.value ->> 'id' = pictures.id`;
  for (const { id, format } of rows(directory, sql)) {
    const response = await fetch(`${url}/images/${String(id)}.${String(format)}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    inspectImage(bytes);
    if (painted.has(digest(bytes))) whole++;
  }
  return whole;
}

function report(
  figures: { readonly startsMs: readonly number[]; readonly killedStarting: number },
  { all, jobs, replays, orders, ordersInAll, wholePictures, killedWithWork }: History,
): void {
  const ended = [...jobs.values()];
  const pictures = [...orders.values()].flat();
  const table = {
    "seed of this plan (CRASH_SEED)": planSeed,
    "kills (CRASH_KILLS)": kills,
    "… before it listened": figures.killedStarting,
    "… with unfinished jobs": killedWithWork,
    "start-up, median ms": Math.round(
      figures.startsMs.toSorted((a, b) => a - b)[figures.startsMs.length >> 1] ?? 0,
    ),
    "requests, retries included": all.reduce((sum, { tries }) => sum + tries, 0),
    wishes: all.length,
    "… acknowledged": all.filter(({ codes }) => codes.size > 0).length,
    "jobs on disk": ended.length,
    "… done": ended.filter(({ state }) => state === "done").length,
    "… failed, cut off twice": ended.filter(({ error }) => error?.code === "interrupted").length,
    "keys asked again": replays.length,
    "… answered with the same code": replays.filter(({ told }) => told.codes.size === 1).length,
    "orders at the image service": ordersInAll,
    "… pictures ordered once": pictures.filter((count) => count === 1).length,
    "… pictures ordered twice": pictures.filter((count) => count === 2).length,
    "… pictures ordered more often": pictures.filter((count) => count > 2).length,
    "pictures read, whole": wholePictures,
  };
  const lines = Object.entries(table).map(([name, value]) => `  ${name.padEnd(32)}${value}`);
  console.log(`kill -9:\n${lines.join("\n")}`);
}

describe(`after kill -9 at ${kills} random moments`, () => {
  let history: History;
  beforeAll(
    async () => {
      history = await liveThrough(await anInstallation());
    },
    60_000 + kills * 10_000,
  );

  const jobsOf = () => [...history.jobs.values()];

  test("every job is done, or failed because it was cut off twice", () => {
    expect(history.killedWithWork).toBeGreaterThan(0);
    for (const job of jobsOf()) {
      expect(isFinished(job), `${job.code} is ${job.state}`).toBe(true);
      if (job.state === "done") expect(job.pictures).toHaveLength(job.brief.count);
      else expect(job.error).toMatchObject({ code: "interrupted" });
    }
  });

  test("every job that was acknowledged is there", () => {
    const acknowledged = history.all.flatMap(({ codes }) => [...codes]);
    expect(acknowledged.filter((code) => !history.jobs.has(code))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(0);
  });

  test("no key has two jobs, and asking again gives the same one, replayed", () => {
    const keys = jobsOf().flatMap((job) => job.key ?? []);
    expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
    for (const { told, response } of history.replays) {
      expect([...told.codes]).toHaveLength(1);
      const job = history.jobs.get([...told.codes][0] ?? "");
      expect(job?.key).toBe(told.wish.key);
      // A stream has begun with 200 before anything can be said of a failure.
      const good = job?.state === "done" || told.wish.how === "chat-stream";
      expect(response?.status).toBe(good ? 200 : 502);
      const replayed = response?.headers.get("idempotent-replayed") === "true";
      expect(replayed).toBe(history.before.has(job?.code ?? ""));
    }
  });

  test("no picture was ordered more than twice, and who paid twice is told", () => {
    for (const job of jobsOf()) {
      const orders = history.orders.get(job.code) ?? [];
      expect(Math.max(...orders), `orders for a picture of ${job.code}`).toBeLessThanOrEqual(2);
      if (job.state !== "done" || !orders.includes(2)) continue;
      expect(job.notices).toContainEqual({ code: "asked-twice" });
    }
  });

  test("every order was for a job that is known", () => {
    const known = [...history.orders.values()].flat().reduce((sum, count) => sum + count, 0);
    expect(known).toBe(history.ordersInAll);
  });

  test("every picture is there and whole", () => {
    const pictures = jobsOf().flatMap((job) => job.pictures);
    expect(history.wholePictures).toBe(pictures.length);
  });
});

describe("after kill -9 between the picture and the answer", () => {
  /** The request of a client that reads no byte of its answer. */
  async function askAndLookAway(url: string, { wish }: Told): Promise<void> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname).pause();
    socket.on("error", () => {});
    await once(socket, "connect");
    const body = JSON.stringify(bodyOf(wish));
    const lines = [
      `POST ${paths[wish.how]} HTTP/1.1`,
      `host: ${hostname}:${port}`,
      `authorization: Bearer ${key}`,
      "content-type: application/json",
      `content-length: ${body.length}`,
      `idempotency-key: ${wish.key ?? ""}`,
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n${body}`);
  }

  test.each([
    ["and the job's end is on disk", "SELECT 1"],
    [
      "and only the picture is on disk",
      `INSERT INTO ledger (code, requester, key, fingerprint, state, private, created_at, record, pictures)
       SELECT code, requester, key, fingerprint, 'running', private, created_at,
         json_set(record, '$.finishedAt', NULL, '$.decisions', NULL, '$.pictures', json('[]')),
         json_extract(record, '$.pictures') FROM archive;
       DELETE FROM archive`,
    ],
  ])("%s, the picture is answered without another order", async (_, setBack) => {
    const installation = await anInstallation();
    const { directory, service } = installation;
    const told = aWish(1, () => 0.5);
    const first = await open(installation);
    await askAndLookAway(first.url, told);
    const isDone = () => rows(directory, "SELECT code FROM jobs WHERE state = 'done'").length;
    await expect.poll(isDone, { interval: 5 }).toBe(1);
    await first.life.kill();
    const database = new DatabaseSync(databaseOf(directory));
    database.exec(setBack);
    database.close();

    const second = await open(installation);
    const response = await ask(second.url, told);
    expect(response?.status).toBe(200);
    expect(await readPictures(second.url, installation)).toBe(1);
    await second.life.stop();
    expect(service.requests).toHaveLength(1);
    const [job, ...others] = await readJobs(directory);
    expect(job).toMatchObject({ state: "done", pictures: [{ number: 1 }] });
    expect(job?.notices).not.toContainEqual({ code: "asked-twice" });
    expect([...told.codes]).toEqual([job?.code]);
    expect(others).toEqual([]);
  });
});
