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
import { createQuota, type QuotaStore } from "../core/quota.ts";
import { Studio, type StudioOptions } from "../core/studio.ts";
import { cautionsFor } from "./cautions.ts";
import { type ChatDoor, createChatDoors, electedDoor, statesOf } from "./chat-doors.ts";
import { type Config, environmentWithFile, readConfig } from "./config.ts";
import { createFetches } from "./fetches.ts";
import { imaging, rasterize } from "./imaging.ts";
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
import { keptIn } from "./storage/kept.ts";
import { fileSpool } from "./storage/spool.ts";
import { storageLook } from "./storage/watch.ts";
import { type Ground, openGround, openImages } from "./stores.ts";
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
  const ground = await openGround(config, log);
  try {
    return await startWith(config, { log, requests, ground });
  } catch (error) {
    await ground.close();
    throw error;
  }
}

interface Beginning {
  readonly log: Logger;
  /** The id of the HTTP request that the current work is for. */
  readonly requests: AsyncLocalStorage<string>;
  readonly ground: Ground;
}

async function startWith(config: Config, beginning: Beginning): Promise<Running> {
  const { log, requests, ground } = beginning;
  for (const { about, text } of cautionsFor(config)) log.warn({ variable: about }, text);
  const openFiles = openFilesLimit();
  const caution = openFilesCaution(openFiles);
  if (caution) log.warn({ openFiles }, caution);
  const made = await createStudio(config, log, ground);
  const { studio, metrics, images, sweep, stores } = made;
  const { fleet } = stores;
  const storage = storageLook(images, ground, log);
  await storage();
  const chatDoors = await openChatDoors(config, log, made);
  const door = httpDoorOf(config, log, made);
  const keys = config.gatewayKeys ?? [{ name: "default", key: generatedKey(config.DATA_DIR) }];
  const connected = chatDoors.map((chatDoor) => electedDoor(chatDoor, fleet));
  const app = createApp({
    door,
    checkKey: createKeyCheck(keys),
    doors: () => statesOf(connected, config),
    only: config.ROLES.has("http") ? undefined : "service",
    guests: chatDoors.flatMap(({ guests }) => guests),
    storage,
    metrics: () => metrics.text(),
    scope: requests,
  });
  const { promise: ready, resolve: begin } = Promise.withResolvers<undefined>();
  const maxConnections = connectionsFor(openFiles);
  const { HOST: host, PORT: port } = config;
  const server = await listen(app, { host, port, log, ready, maxConnections });
  const worker = fleet?.work(made.tools);
  const resume = async () => door.clients.adopt(await studio.resume());
  await resume();
  begin(undefined);
  for (const line of openingLines(config, server.url)) log.info({}, line);
  for (const one of connected) one.start();
  void sweep();
  const timers = [
    setInterval(() => void sweep(), sweepEveryMs),
    setInterval(() => void storage(), lookEveryMs),
    // The jobs of a process that has died are told of by another one.
    ...(fleet ? [setInterval(() => void resume().catch(() => undefined), lookEveryMs)] : []),
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
      await Promise.all(connected.map((one) => one.stop()));
      await Promise.all([studio.stop(grace.workMs), worker?.stop(grace.workMs)]);
      await closed;
      await ground.close();
    },
  };
}

type Made = Awaited<ReturnType<typeof createStudio>>;

function httpDoorOf(config: Config, log: Logger, made: Made): Door {
  const { studio, catalogue, metrics, stores, presign } = made;
  const { fleet } = stores;
  const shared = fleet && { elsewhere: fleet.clients };
  return {
    studio,
    ...optional({ presign }),
    clients: new Clients(studio, { graceMs: config.HANGUP_GRACE_MS, now: Date.now, ...shared }),
    catalogue,
    imaging,
    links: createLinks({ publicUrl: config.PUBLIC_URL, trustProxy: config.TRUST_PROXY }),
    underWay: answersUnderWay(),
    largeBodies: new LargeBodies(fileSpool(spoolDirectory(config, fleet !== undefined))),
    settings: doorSettings(config),
    observe: metrics.observeHttp,
    log,
    now: Date.now,
  };
}

/** Bodies under way; processes may share a data directory, and each empties its own at its start. */
function spoolDirectory({ DATA_DIR }: Config, isShared: boolean): string {
  return join(DATA_DIR, "uploads", ...(isShared ? [`${process.pid}`] : []));
}

/** Builds the chat doors, which deliver the jobs that came through them. */
async function openChatDoors(
  config: Config,
  log: Logger,
  { studio, catalogue, deliverers, fetches, stores }: Made,
): Promise<readonly ChatDoor[]> {
  const { settings, files } = stores;
  const { web: fetch } = fetches;
  const tools = { studio, catalogue, imaging, settings, files, fetch, log };
  const doors = await createChatDoors(config, tools);
  for (const { name, deliverer } of doors) deliverers.set(name, deliverer);
  return doors;
}

async function createStudio(config: Config, log: Logger, ground: Ground) {
  const fetches = createFetches(config.proxies);
  const machine = { fetch: fetches.any, rasterize, keep: keptIn(config.DATA_DIR), log };
  const providers = await createProviders(config, machine);
  const { images, presign } = await openImages(config, fetches.web);
  const catalogue = createCatalogue(config.models);
  const estimate = createEstimate();
  const now = Date.now;
  const stores = await ground.stores({
    slots: (id) => providers.get(id).slots,
    providers: [
      ...new Set(config.models.map(({ provider }) => providers.get(provider).provider.id)),
    ],
    maxWaitingPerRequester: (requester) => maxWaitingOf(requester, config),
    estimate,
  });
  const { ledger, archive, pictures, queue, fleet } = stores;
  const metrics = createMetrics({ waiting: stores.waiting });
  const ttlMs = config.JOB_TTL_MINUTES * 60_000;
  const deliverers = new Map<string, Deliverer>();
  const tools: StudioOptions = {
    catalogue,
    provider: providers.get,
    ...createEnhancer(config, fetches.any),
    ...(config.policyRules.length > 0 && { policy: createPolicy(config.policyRules) }),
    ledger,
    archive,
    pictures,
    images,
    imaging,
    estimate,
    queue,
    ...createQuotas(config, stores.quota),
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
  };
  const studio = new Studio({ ...tools, ...(fleet && { work: fleet.follow(tools) }) });
  const { IMAGE_RETENTION_DAYS: retentionDays, IMAGE_MAX_BYTES: maxBytes } = config;
  const sweepAll = () => sweepPictures({ pictures, images, retentionDays, maxBytes, now, log });
  const sweep = () =>
    (fleet ? fleet.alone("sweep", sweepAll) : sweepAll()).catch((error: unknown) =>
      log.error({ error }, "sweeping pictures failed"),
    );
  return { studio, tools, stores, presign, catalogue, metrics, images, deliverers, sweep, fetches };
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

function createQuotas(config: Config, store: QuotaStore) {
  const { QUOTA_IMAGES_PER_DAY: perDay, QUOTA_IMAGES_PER_MINUTE: perMinute } = config;
  if (perDay === 0 && perMinute === 0) return {};
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
