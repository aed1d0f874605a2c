import { setTimeout as sleep } from "node:timers/promises";
import { vi } from "vitest";
import type { Job } from "../../core/job.ts";
import type { Postgres } from "../../src/storage/postgres.ts";
import { jobsWhere } from "../../src/storage/postgres-archive.ts";
import type { Role } from "../../src/variables.ts";
import { type Discord, startDiscord } from "../fakes/discord.ts";
import { aFleet, countBegun } from "../fakes/fleet.ts";
import type { ImageService } from "../fakes/image-service.ts";
import type { Cluster } from "../fakes/postgres.ts";
import type { DrawbridgeProcess } from "../fakes/process.ts";
import { startTelegram, type Telegram } from "../fakes/telegram.ts";
import { key } from "./installation.ts";
import { People } from "./people.ts";
import { oneOf, type Random } from "./random.ts";
import { paintedOf } from "./story.ts";

/** Six processes on one database, and everything around them. */
interface Six {
  readonly service: ImageService;
  readonly discord: Discord;
  readonly telegram: Telegram;
  readonly database: Postgres;
  readonly processes: Map<string, DrawbridgeProcess>;
  readonly mostBegun: () => Promise<number>;
  start(name: string): Promise<void>;
}

const parts: Readonly<Record<string, Role>> = {
  "http 1": "http",
  "http 2": "http",
  "worker 1": "worker",
  "worker 2": "worker",
  discord: "discord",
  telegram: "telegram",
};

/** Calls at once, of both workers together. */
export const slots = 4;

/** A worker that sleeps for longer than this has lost its jobs, in milliseconds. */
const leaseMs = 14_000;

/** What is known when all is over. */
export interface FleetStory {
  readonly people: People;
  readonly jobs: ReadonlyMap<string, Job>;
  /** How often each picture was ordered, by the code of its job. */
  readonly painted: ReadonlyMap<string, readonly number[]>;
  readonly kills: Readonly<Record<string, number>>;
  /** Pictures that were at the service when a worker was killed or put to sleep. */
  readonly cutOff: number;
  /** The statuses of what each wish over HTTP was answered in the end. */
  readonly replays: readonly (number | undefined)[];
  readonly openPromises: number;
  /** The most turns that had begun at once, as the database counted them, and the most calls at the service. */
  readonly mostBegun: number;
  readonly mostAtOnce: number;
  readonly picturesLost: number;
  readonly discord: Discord;
  readonly telegram: Telegram;
}

export interface FleetPlan {
  readonly kills: number;
  readonly random: Random;
  readonly settleMs: number;
}

/** Lets six processes be killed under load, one worker sleep for too long and the database restart, and waits for the end of all. */
export async function liveAsSix(cluster: Cluster, plan: FleetPlan): Promise<FleetStory> {
  const six = await sixProcesses(cluster);
  const { database, service, discord, telegram } = six;
  const people = new People(six);
  const kills = Object.fromEntries(Object.keys(parts).map((name) => [name, 0]));
  let cutOff = 0;
  const load = new Load(six, people, plan.random);
  for (let n = 0; n < plan.kills; n++) {
    await sleep(200 + plan.random() * 1_500);
    const name = oneOf(Object.keys(parts), plan.random);
    if (parts[name] === "worker") cutOff += await atService(database);
    await six.processes.get(name)?.kill();
    kills[name] = (kills[name] ?? 0) + 1;
    await six.start(name);
    if (n === Math.floor(plan.kills / 3)) cutOff += await oversleep(six);
    if (n === Math.floor((2 * plan.kills) / 3)) cutOff += await restartDatabase(six, cluster);
  }
  await load.stop();
  service.setDelay(0);
  const isOver = async () => (await openPromises(database)) === 0;
  const settled = { timeout: plan.settleMs, interval: 500 };
  await vi.waitUntil(isOver, settled).catch(() => undefined);
  const url = six.processes.get("http 1")?.url ?? "";
  const replays: (number | undefined)[] = [];
  for (const wish of people.wishes) replays.push((await people.askHttp(url, wish))?.status);
  await vi.waitUntil(isOver, settled).catch(() => undefined);
  const all = await jobsWhere(database, "true");
  const tools = { service, unpainted: new Set<number>() };
  return {
    ...{ people, kills, cutOff, replays, discord, telegram },
    jobs: new Map(all.map((job) => [job.code, job])),
    painted: new Map(all.map((job) => [job.code, paintedOf(job, tools)])),
    openPromises: await openPromises(database),
    mostBegun: await six.mostBegun(),
    mostAtOnce: service.mostAtOnce,
    picturesLost: await lostPictures(all, url),
  };
}

async function sixProcesses(cluster: Cluster): Promise<Six> {
  const discord = await startDiscord();
  const telegram = await startTelegram({ lengthUnit: "utf-16" });
  const fleet = await aFleet(cluster.url, {
    GATEWAY_API_KEY: key,
    SD_CONCURRENCY: `${slots}`,
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_URL: telegram.url,
    HANGUP_GRACE_MS: "3600000",
    JOB_TTL_MINUTES: "100000",
    LOG_LEVEL: "warn",
  });
  const mostBegun = await countBegun(fleet.database);
  const processes = new Map<string, DrawbridgeProcess>();
  const start = async (name: string) => {
    processes.set(name, await fleet.start([parts[name] ?? "worker"]));
  };
  await Promise.all(Object.keys(parts).map(start));
  await discord.until(() => discord.commands().length > 0, { timeoutMs: 30_000 });
  return { ...fleet, discord, telegram, processes, mostBegun, start };
}

/** People who ask at all doors until it is stopped. */
class Load {
  readonly #ended: Promise<void>;
  #stopped = false;

  constructor(six: Six, people: People, random: Random) {
    this.#ended = this.#askOn(six, people, random);
  }

  stop(): Promise<void> {
    this.#stopped = true;
    return this.#ended;
  }

  /** Ends when everything that was asked has been answered. */
  async #askOn({ service, processes }: Six, people: People, random: Random): Promise<void> {
    const asked: Promise<number>[] = [];
    while (!this.#stopped) {
      service.setDelay(100 + random() * 500);
      const door = processes.get(random() < 0.5 ? "http 1" : "http 2");
      // A wish over HTTP may wait for a worker that is dead for some seconds: the next ones do not wait for it.
      asked.push(people.ask(door?.url ?? "", random));
      await sleep(800);
    }
    await Promise.all(asked);
  }
}

async function atService(database: Postgres): Promise<number> {
  const sql = "SELECT count(*) AS begun FROM turns WHERE begun";
  return (await database.all<{ begun: number }>(sql))[0]?.begun ?? 0;
}

async function openPromises(database: Postgres): Promise<number> {
  const sql = "SELECT count(*) AS open FROM ledger";
  return (await database.all<{ open: number }>(sql))[0]?.open ?? 0;
}

/** A worker sleeps until others have its jobs, and wakes. */
async function oversleep({ processes, database }: Six): Promise<number> {
  const pid = processes.get("worker 1")?.pid ?? 0;
  const cutOff = await atService(database);
  process.kill(pid, "SIGSTOP");
  await sleep(leaseMs);
  process.kill(pid, "SIGCONT");
  return cutOff;
}

/** What was at the service then may be ordered again where its worker was silent for too long. */
async function restartDatabase({ database }: Six, cluster: Cluster): Promise<number> {
  const cutOff = await atService(database);
  await cluster.stop();
  await sleep(1_000);
  await cluster.start();
  return cutOff;
}

async function lostPictures(jobs: readonly Job[], url: string): Promise<number> {
  let lost = 0;
  for (const { id, format } of jobs.flatMap(({ pictures }) => pictures)) {
    const response = await fetch(`${url}/images/${id}.${format}`);
    await response.arrayBuffer();
    if (!response.ok) lost++;
  }
  return lost;
}
