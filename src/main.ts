import { AsyncLocalStorage } from "node:async_hooks";
import { hash } from "node:crypto";
import { join } from "node:path";
import type { Logger } from "pino";
import { randomSeed } from "../core/brief.ts";
import { createCatalogue } from "../core/catalogue.ts";
import { download } from "../core/wire/download.ts";
import { openaiEnhancer } from "../core/enhance.ts";
import type { Fetch } from "../core/wire/fetch.ts";
import { optional } from "../core/optional.ts";
import type { Deliverer } from "../core/studio/outbox.ts";
import { createEstimate } from "../core/queue/estimate.ts";
import { createPolicy } from "../core/policy.ts";
import { createFairQueue } from "../core/queue.ts";
import { createQuota } from "../core/quota.ts";
import { Studio } from "../core/studio.ts";
import { cautionsFor } from "./cautions.ts";
import { type ChatDoor, createChatDoors } from "./chat-doors.ts";
import { type Config, environmentWithFile, readConfig } from "./config.ts";
import { createFetches } from "./fetches.ts";
import { imaging as labelling, rasterize, withoutLabels } from "./imaging.ts";
import { createApp } from "./http/app.ts";
import { Clients } from "./http/clients.ts";
import {
  answersUnderWay,
  createLinks,
  type Door,
  type DoorSettings,
  standardSettings,
} from "./http/context.ts";
import { createKeyCheck, isOfKey } from "./http/keys.ts";
import { LargeBodies } from "./http/large-bodies.ts";
import { listen } from "./http/server.ts";
import { createLog } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { connectionsFor, openFilesCaution, openFilesLimit } from "./open-files.ts";
import { examineNames } from "./names.ts";
import { openingLines } from "./opening.ts";
import { explain, isEntryPoint, stopOnSignals } from "./process.ts";
import { createProviders } from "./providers.ts";
import { generatedKey } from "./storage/data-dir.ts";
import { fileImages } from "./storage/files.ts";
import { keptIn } from "./storage/kept.ts";
import { fileSpool } from "./storage/spool.ts";
import { type Database, openDatabase } from "./storage/sqlite.ts";
import { sqliteArchive, sqlitePictures } from "./storage/sqlite-archive.ts";
import { sqliteLedger } from "./storage/sqlite-ledger.ts";
import { sqlitePlatformFiles, sqliteSettings } from "./storage/sqlite-chat.ts";
import { sqliteQuota } from "./storage/sqlite-quota.ts";
import { storageLook } from "./storage/watch.ts";
import { sweepPictures } from "./sweep.ts";
import { standardPerPerson } from "./variables.ts";

const keyTtlMs = 86_400_000;
const sweepEveryMs = 3_600_000;
const lookEveryMs = 3_000;

/** From SIGTERM to exit at most 15 s, in these parts. */
const grace = { workMs: 9_000, answersMs: 3_000, exitMs: 14_500 } as const;

/** A running Drawbridge. */
export interface Running {
  readonly url: string;
  /** Where a person opens the page; with the key in it when the key was generated. */
  readonly pageUrl: string;
  readonly log: Logger;
  /** Stops accepting work, lets running work end for a while, and leaves the rest on disk. */
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
  /** The id of the HTTP request that the current work is for. */
  readonly requests: AsyncLocalStorage<string>;
  readonly database: Database;
}

async function startWith(config: Config, ground: Ground): Promise<Running> {
  const { log, requests, database } = ground;
  for (const { about, text } of cautionsFor(config)) log.warn({ variable: about }, text);
  const openFiles = openFilesLimit();
  const caution = openFilesCaution(openFiles);
  if (caution) log.warn({ openFiles }, caution);
  const made = await createStudio(config, log, database);
  const { studio, metrics, images, sweep } = made;
  const storage = storageLook(images, database, log);
  await storage();
  const chatDoors = await openChatDoors(config, { log, database }, made);
  const door = httpDoorOf(config, log, made);
  const keys = config.gatewayKeys ?? [{ name: "default", key: generatedKey(config.DATA_DIR) }];
  const app = createApp({
    door,
    checkKey: createKeyCheck(keys),
    doors: () => statesOf(chatDoors),
    guests: chatDoors.flatMap(({ guests }) => guests),
    storage,
    metrics: () => metrics.text(),
    scope: requests,
  });
  const { promise: ready, resolve: begin } = Promise.withResolvers<undefined>();
  const maxConnections = connectionsFor(openFiles);
  const { HOST: host, PORT: port } = config;
  const server = await listen(app, { host, port, log, ready, maxConnections });
  door.clients.adopt(await studio.resume());
  begin(undefined);
  for (const line of openingLines(config, server.url)) log.info({}, line);
  for (const chatDoor of chatDoors) chatDoor.start();
  void sweep();
  const timers = [
    setInterval(() => void sweep(), sweepEveryMs),
    setInterval(() => void storage(), lookEveryMs),
  ];
  const [key] = config.gatewayKeys ? [] : keys;
  return {
    url: server.url,
    pageUrl: key ? `${server.url}/#key=${key.key}` : server.url,
    log,
    async stop() {
      for (const timer of timers) clearInterval(timer);
      door.clients.stop();
      const closed = server.close(grace.workMs + grace.answersMs);
      await Promise.all(chatDoors.map((chatDoor) => chatDoor.stop()));
      await studio.stop(grace.workMs);
      await closed;
      database.close();
    },
  };
}

type Made = Awaited<ReturnType<typeof createStudio>>;

function httpDoorOf(config: Config, log: Logger, made: Made): Door {
  const { studio, catalogue, imaging, metrics } = made;
  return {
    studio,
    clients: new Clients(studio, { graceMs: config.HANGUP_GRACE_MS, now: Date.now }),
    catalogue,
    imaging,
    links: createLinks({ publicUrl: config.PUBLIC_URL, trustProxy: config.TRUST_PROXY }),
    underWay: answersUnderWay(),
    largeBodies: new LargeBodies(fileSpool(join(config.DATA_DIR, "uploads"))),
    settings: doorSettings(config),
    observe: metrics.observeHttp,
    log,
    now: Date.now,
  };
}

function statesOf(chatDoors: readonly ChatDoor[]): Record<string, string> {
  const states = chatDoors.map(({ name, state }) => [name, state()] as const);
  return { http: "connected", ...Object.fromEntries(states) };
}

/** Builds the chat doors, which deliver the jobs that came through them. */
async function openChatDoors(
  config: Config,
  { log, database }: Pick<Ground, "log" | "database">,
  { studio, catalogue, imaging, deliverers, fetches }: Made,
): Promise<readonly ChatDoor[]> {
  const settings = sqliteSettings(database);
  const files = sqlitePlatformFiles(database);
  const { web: fetch } = fetches;
  const tools = { studio, catalogue, imaging, settings, files, fetch, log };
  const doors = await createChatDoors(config, tools);
  for (const { name, deliverer } of doors) deliverers.set(name, deliverer);
  return doors;
}

async function createStudio(config: Config, log: Logger, database: Database) {
  const fetches = createFetches(config.proxies);
  const machine = { fetch: fetches.any, rasterize, keep: keptIn(config.DATA_DIR), log };
  const providers = await createProviders(config, machine);
  const pictures = sqlitePictures(database);
  const minFreeBytes = config.MIN_FREE_MB * 1e6;
  const images = fileImages(join(config.DATA_DIR, "images"), { minFreeBytes });
  const catalogue = createCatalogue(config.models);
  const imaging = config.LABELS === "on" ? labelling : withoutLabels(labelling);
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
    provider: providers.get,
    ...createEnhancer(config, fetches.any),
    ...(config.policyRules.length > 0 && { policy: createPolicy(config.policyRules) }),
    ledger: sqliteLedger(database),
    archive: sqliteArchive(database),
    pictures,
    images,
    imaging,
    estimate,
    queue,
    ...createQuotas(config, database),
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
    // Without further options its answer is hex.
    digest: hash.bind(undefined, "sha256") as (text: string) => string,
    observe: metrics.observe,
    now,
    elapsed: () => performance.now(),
    log,
  });
  const { IMAGE_RETENTION_DAYS: retentionDays, IMAGE_MAX_BYTES: maxBytes } = config;
  const sweep = () =>
    sweepPictures({ pictures, images, retentionDays, maxBytes, now, log }).catch((error: unknown) =>
      log.error({ error }, "sweeping pictures failed"),
    );
  return { studio, catalogue, metrics, images, deliverers, sweep, fetches };
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
    trustProxy: config.TRUST_PROXY,
  };
}

function createQuotas(config: Config, database: Database) {
  const { QUOTA_IMAGES_PER_DAY: perDay, QUOTA_IMAGES_PER_MINUTE: perMinute } = config;
  if (perDay === 0 && perMinute === 0) return {};
  const store = sqliteQuota(database);
  return { quota: createQuota({ perDay, perMinute, store, now: Date.now }) };
}

function createEnhancer({ enhancer, instruction, ENHANCE_TIMEOUT_MS }: Config, fetch: Fetch) {
  if (!enhancer) return {};
  const timeoutMs = ENHANCE_TIMEOUT_MS;
  const options = { ...enhancer, timeoutMs, fetch, ...optional({ instruction }) };
  return { enhance: openaiEnhancer(options) };
}

/** The process: starts, prints where the page is, stops on SIGTERM and SIGINT. */
async function main(): Promise<void> {
  const environment = environmentWithFile();
  const running = await start(readConfig(environment));
  const { log } = running;
  for (const { about, text } of examineNames(environment)) log.warn({}, `${about} ${text}`);
  stopOnSignals({
    stop: () => running.stop().then(() => process.exit(0), explain),
    log,
    // Everything is on disk: what hangs after all is left to the next process.
    exitMs: grace.exitMs,
  });
  // A promise that a library forgot is no reason to drop everybody's pictures.
  process.on("unhandledRejection", (error) => log.error({ error }, "a bug"));
  // Whoever reads this may send a signal at once.
  console.log(`Drawbridge is open: ${running.pageUrl}`);
}

if (isEntryPoint(import.meta.filename)) await main().catch(explain);
