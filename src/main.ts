import { AsyncLocalStorage } from "node:async_hooks";
import { hash } from "node:crypto";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { type Logger, pino, stdSerializers } from "pino";
import { randomSeed } from "../core/brief.ts";
import { createCatalogue } from "../core/catalogue.ts";
import { download } from "../core/wire/download.ts";
import { openaiEnhancer } from "../core/enhance.ts";
import type { Fetch } from "../core/wire/fetch.ts";
import type { Deliverer } from "../core/studio/outbox.ts";
import { createEstimate } from "../core/queue/estimate.ts";
import { createPolicy } from "../core/policy.ts";
import { createFairQueue } from "../core/queue.ts";
import { createQuota } from "../core/quota.ts";
import { Studio } from "../core/studio.ts";
import { cautionsFor } from "./cautions.ts";
import { type ChatDoor, createChatDoors } from "./chat-doors.ts";
import { type Config, ConfigError, environmentWithFile, readConfig } from "./config.ts";
import { createFetches } from "./fetches.ts";
import { imaging, rasterize } from "./imaging.ts";
import { createApp } from "./http/app.ts";
import { Clients } from "./http/clients.ts";
import { createLinks, type Door, type DoorSettings, standardSettings } from "./http/context.ts";
import { createKeyCheck, isOfKey } from "./http/keys.ts";
import { listen } from "./http/server.ts";
import { createMetrics } from "./metrics.ts";
import { createProviders } from "./providers.ts";
import { DataDirError, generatedKey } from "./storage/data-dir.ts";
import { fileImages } from "./storage/files.ts";
import { type Database, openDatabase } from "./storage/sqlite.ts";
import { sqliteArchive, sqlitePictures } from "./storage/sqlite-archive.ts";
import { sqliteLedger } from "./storage/sqlite-ledger.ts";
import { sqlitePlatformFiles, sqliteSettings } from "./storage/sqlite-chat.ts";
import { sqliteQuota } from "./storage/sqlite-quota.ts";
import { sweepPictures } from "./sweep.ts";
import { standardPerPerson } from "./variables.ts";

const keyTtlMs = 86_400_000;
const sweepEveryMs = 3_600_000;

/** SIGTERM to exit takes no longer than 15 s; these are the parts of it. */
const grace = { workMs: 9_000, answersMs: 3_000, exitMs: 14_500 } as const;

/** A running Drawbridge. */
export interface Running {
  readonly url: string;
  /** Where a person opens the page; with the key in it when the key was generated. */
  readonly pageUrl: string;
  readonly log: Logger;
  /** Stops taking work, lets what is under way end for a while, and leaves the rest on disk. */
  stop(): Promise<void>;
}

/** Starts everything that the configuration asks for. Throws DataDirError, or the system's error for an address in use. */
export async function start(config: Config): Promise<Running> {
  const requests = new AsyncLocalStorage<string>();
  const log = createLog(config, requests);
  const database = openDatabase(config.DATA_DIR);
  try {
    return await startWith(config, { log, requests, database });
  } catch (error) {
    database.close();
    throw error;
  }
}

interface Ground {
  readonly log: Logger;
  /** The id of the HTTP request that something is done for. */
  readonly requests: AsyncLocalStorage<string>;
  readonly database: Database;
}

async function startWith(config: Config, { log, requests, database }: Ground): Promise<Running> {
  for (const { about, text } of cautionsFor(config)) log.warn({ variable: about }, text);
  const made = await createStudio(config, log, database);
  const { studio, catalogue, metrics, sweep } = made;
  const chatDoors = await openChatDoors(config, { log, database }, made);
  const clients = new Clients(studio, { graceMs: config.HANGUP_GRACE_MS, now: Date.now });
  const links = createLinks({ publicUrl: config.PUBLIC_URL, trustProxy: config.TRUST_PROXY });
  const settings = doorSettings(config);
  const observe = metrics.observeHttp;
  const door: Door = {
    studio,
    clients,
    catalogue,
    imaging,
    links,
    settings,
    observe,
    log,
    now: Date.now,
  };
  const keys = config.gatewayKeys ?? [{ name: "default", key: generatedKey(config.DATA_DIR) }];
  const app = createApp({
    door,
    checkKey: createKeyCheck(keys),
    doors: () => ({
      http: "connected",
      ...Object.fromEntries(chatDoors.map(({ name, state }) => [name, state()])),
    }),
    guests: chatDoors.flatMap(({ guests }) => guests),
    metrics: () => metrics.text(),
    scope: requests,
  });
  const { promise: ready, resolve: begin } = Promise.withResolvers<undefined>();
  const server = await listen(app, { host: config.HOST, port: config.PORT, log, ready });
  clients.adopt(await studio.resume());
  begin(undefined);
  for (const chatDoor of chatDoors) chatDoor.start();
  void sweep();
  const sweeping = setInterval(() => void sweep(), sweepEveryMs);
  const [key] = config.gatewayKeys ? [] : keys;
  return {
    url: server.url,
    pageUrl: key ? `${server.url}/#key=${key.key}` : server.url,
    log,
    async stop() {
      clearInterval(sweeping);
      clients.stop();
      const closed = server.close(grace.workMs + grace.answersMs);
      await Promise.all(chatDoors.map((chatDoor) => chatDoor.stop()));
      await studio.stop(grace.workMs);
      await closed;
      database.close();
    },
  };
}

/** The chat doors, which deliver what was asked for by them. */
async function openChatDoors(
  config: Config,
  { log, database }: Pick<Ground, "log" | "database">,
  { studio, catalogue, deliverers }: Awaited<ReturnType<typeof createStudio>>,
): Promise<readonly ChatDoor[]> {
  const settings = sqliteSettings(database);
  const files = sqlitePlatformFiles(database);
  const tools = { studio, catalogue, imaging, settings, files, log };
  const doors = await createChatDoors(config, tools);
  for (const { name, deliverer } of doors) deliverers.set(name, deliverer);
  return doors;
}

async function createStudio(config: Config, log: Logger, database: Database) {
  const fetches = createFetches();
  const providers = await createProviders(config, { fetch: fetches.any, rasterize });
  const pictures = sqlitePictures(database);
  const images = fileImages(join(config.DATA_DIR, "images"));
  const catalogue = createCatalogue(config.models);
  const estimate = createEstimate();
  const now = Date.now;
  const queue = createFairQueue({
    slots: (id) => providers.get(id).slots,
    maxWaiting: config.MAX_QUEUED,
    maxWaitingPerRequester: (requester) => maxWaitingOf(requester, config),
    estimate,
  });
  const metrics = createMetrics({ waiting: () => queue.waiting });
  const ttlMs = config.JOB_TTL_MINUTES * 60_000;
  const deliverers = new Map<string, Deliverer>();
  const studio = new Studio({
    catalogue,
    provider: (id) => providers.get(id),
    ...createEnhancer(config, fetches.any),
    policy: createPolicy(config.policyRules),
    ledger: sqliteLedger(database),
    archive: sqliteArchive(database),
    pictures,
    images,
    imaging,
    estimate,
    queue,
    quota: createQuota({
      perDay: config.QUOTA_IMAGES_PER_DAY,
      perMinute: config.QUOTA_IMAGES_PER_MINUTE,
      store: sqliteQuota(database),
      now,
    }),
    deliverers,
    firstRetryMs: 1000,
    operators: config.operators,
    fetchPicture: (link, provider, signal) =>
      download(link, { provider, fetch: fetches.any, publicFetch: fetches.public, signal }),
    handOnLinks: config.IMAGE_LINKS === "upstream",
    publicUrl: ({ id, format }) =>
      config.PUBLIC_URL && `${config.PUBLIC_URL}/images/${id}.${format}`,
    ttlMs,
    keyTtlMs,
    newSeed: randomSeed,
    digest: (text) => hash("sha256", text, "hex"),
    observe: metrics.observe,
    now,
    log,
  });
  const { IMAGE_RETENTION_DAYS: retentionDays, IMAGE_MAX_BYTES: maxBytes } = config;
  const sweep = () =>
    sweepPictures({ pictures, images, retentionDays, maxBytes, now, log }).catch((error: unknown) =>
      log.error({ error }, "sweeping pictures failed"),
    );
  return { studio, catalogue, metrics, deliverers, sweep };
}

/** Jobs of a key that may wait where it was not set how many of a person may: several people may sit behind it. */
const standardPerKey = 20;

function maxWaitingOf(requester: string, { MAX_QUEUED_PER_USER: perPerson }: Config): number {
  return perPerson === standardPerPerson && isOfKey(requester) ? standardPerKey : perPerson;
}

function doorSettings(config: Config): DoorSettings {
  return {
    ...standardSettings,
    answerTasks: config.ANSWER_AUXILIARY,
    streamProgress: config.STREAM_PROGRESS,
    keepImagesAlive: config.IMAGES_KEEP_ALIVE,
  };
}

function createEnhancer({ enhancer, instruction, ENHANCE_TIMEOUT_MS }: Config, fetch: Fetch) {
  if (!enhancer) return {};
  const timeoutMs = ENHANCE_TIMEOUT_MS;
  const options = { ...enhancer, timeoutMs, fetch, ...(instruction ? { instruction } : {}) };
  return { enhance: openaiEnhancer(options) };
}

/** Each line that is written for an HTTP request names it. */
function createLog({ LOG_LEVEL }: Config, requests: AsyncLocalStorage<string>): Logger {
  return pino({
    level: LOG_LEVEL,
    serializers: { error: stdSerializers.err },
    mixin() {
      const request = requests.getStore();
      return request === undefined ? {} : { request };
    },
  });
}

/** The process: starts, prints where the page is, stops on SIGTERM and SIGINT. */
async function main(): Promise<void> {
  const running = await start(readConfig(environmentWithFile()));
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= running.stop().then(() => process.exit(0), explain);
    // Everything is on disk: what hangs after all is left to the next process.
    setTimeout(() => process.exit(0), grace.exitMs).unref();
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  // A promise that a library forgot is no reason to drop everybody's pictures.
  process.on("unhandledRejection", (error) => running.log.error({ error }, "a bug"));
  // Whoever reads this may send a signal at once.
  console.log(`Drawbridge is open: ${running.pageUrl}`);
}

/** Why an address cannot be listened at, by the system's code. */
const addressProblems: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use already. Stop what listens there, or set PORT to another port.",
  EACCES: "may not be used by this user. Set PORT to a port above 1023.",
  EADDRNOTAVAIL: "does not belong to this machine. Set HOST to an address that does.",
  ENOTFOUND: "cannot be found. Set HOST to an address of this machine.",
};

function explain(error: unknown): void {
  console.error(explanationOf(error));
  process.exit(1);
}

function explanationOf(error: unknown): unknown {
  if (error instanceof ConfigError || error instanceof DataDirError) return error.message;
  const { code = "", address, hostname, port } = error as Partial<Record<string, string>>;
  const problem = addressProblems[code];
  const place = [address ?? hostname, port].filter((part) => part !== undefined).join(":");
  return problem && place ? `The address ${place} ${problem}` : error;
}

/** Whether Node was told to run this file, also through a symbolic link. */
function isEntryPoint(): boolean {
  const [, script] = process.argv;
  return script !== undefined && realpathSync(script) === import.meta.filename;
}

if (isEntryPoint()) await main().catch(explain);
