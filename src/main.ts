import { AsyncLocalStorage } from "node:async_hooks";
import { hash } from "node:crypto";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { aboutOf } from "./about.ts";
import { cautionsFor } from "./cautions.ts";
import { type ChatDoor, createChatDoors, electedDoor, invitesTo, statesOf } from "./chat-doors.ts";
import { createDoor, createPeople, createStudio, type Ground } from "./composition.ts";
import { type Config, readConfig } from "./config.ts";
import { environmentWithFile } from "./environment.ts";
import { createFetches } from "./fetches.ts";
import { optional } from "../core/optional.ts";
import { imaging as labelling, rasterize, withoutLabels } from "./imaging.ts";
import { createApp } from "./http/app.ts";
import { docsFiles } from "./http/docs.ts";
import { createKeyCheck } from "./http/keys.ts";
import { LargeBodies } from "./http/large-bodies.ts";
import { pageFiles } from "./http/page.ts";
import { routes } from "./http/routes.ts";
import { type HttpServer, listen } from "./http/server.ts";
import { createLog } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { examineFile, examineNames } from "./names.ts";
import { openingLines } from "./opening.ts";
import {
  connectionsFor,
  explain,
  isEntryPoint,
  openFilesCaution,
  openFilesLimit,
  stopOnSignals,
} from "./process.ts";
import { generatedKey } from "./storage/data-dir.ts";
import { keptIn } from "./storage/kept.ts";
import { fileSpool } from "./storage/spool.ts";
import { isSetInBrowser, openSetup, type Setup } from "./setup.ts";
import { storageLook } from "./storage/room.ts";
import { openImages, openStores, type Stores } from "./stores.ts";
import { sweepPictures } from "./sweep.ts";

const sweepEveryMs = 3_600_000;
const lookEveryMs = 3_000;

/** From SIGTERM to exit at most 15 s, in these parts: what hangs after all is on disk, and left to the next process. */
const grace = { workMs: 9_000, answersMs: 3_000, exitMs: 14_500 } as const;

/**
 * One of many processes says so long that it is not ready before it refuses connections, so that balancers send to others;
 * and so long it reads what was sent on the last connections, before it refuses work. In milliseconds.
 */
const leaving = { unreadyMs: 1_500, readingMs: 500 } as const;

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
export async function start(config: Config, setup?: Setup): Promise<Running> {
  const requests = new AsyncLocalStorage<string>();
  const log = createLog(config, requests);
  for (const { about, text } of cautionsFor(config)) log.warn({ variable: about }, text);
  const stores = await openStores(config, log);
  try {
    return await startWith(config, { log, requests, stores, setup });
  } catch (error) {
    await stores.close();
    throw error;
  }
}

interface Process {
  readonly log: Logger;
  /** The id of the HTTP request that the current work is for. */
  readonly requests: AsyncLocalStorage<string>;
  readonly stores: Stores;
  readonly setup: Setup | undefined;
}

async function startWith(config: Config, ground: Process): Promise<Running> {
  const { log, requests, stores, setup } = ground;
  const { fleet, overview } = stores;
  const made = await furnish(config, log, stores);
  const { studio, counters, images, people, sweep } = made;
  const storage = storageLook(images, stores, log);
  await storage();
  const chatDoors = await openChatDoors(config, { log, stores }, made);
  const connections = chatDoors.map((chatDoor) => electedDoor(chatDoor, fleet));
  const balanced = behindBalancer(fleet !== undefined && config.ROLES.has("http"));
  const doors = () => ({ ...statesOf(connections, config), ...balanced.state() });
  const door = openHttpDoor(config, { log, stores }, made);
  const keys = config.gatewayKeys ?? [{ name: "default", key: generatedKey(config.DATA_DIR) }];
  const app = createApp({
    door,
    checkKey: createKeyCheck(keys),
    people,
    ...servedBy(config),
    doors,
    about: aboutHere(config, { doors, chatDoors }),
    overview,
    providers: made.providers,
    guests: [...chatDoors.flatMap(({ guests }) => guests), ...(setup?.guests ?? [])],
    storage,
    metrics: () => counters.text(),
    scope: requests,
  });
  const { promise: ready, resolve: begin } = Promise.withResolvers<undefined>();
  const { HOST: host, PORT: port } = config;
  const maxConnections = connectionsFor(openFilesOf(log));
  const server = await listen(app, { host, port, log, ready, maxConnections });
  const worker = fleet?.work(made.tools);
  const resume = async () => door.clients.adopt(await studio.resume());
  await resume();
  begin(undefined);
  for (const line of openingLines(config, server.url)) log.info({}, line);
  for (const connection of connections) connection.start();
  void sweep();
  const timers = [
    setInterval(() => void sweep(), sweepEveryMs),
    setInterval(() => void storage(), lookEveryMs),
    // What another process promised and cannot keep any more.
    ...(fleet ? [setInterval(() => void resume().catch(() => undefined), lookEveryMs)] : []),
  ];
  const [key] = config.gatewayKeys ? [] : keys;
  return {
    url: server.url,
    pageUrl: key ? `${server.url}/#key=${key.key}` : server.url,
    log,
    async stop() {
      // No client waits at a worker for an answer.
      const worked = worker?.stop(grace.workMs + grace.answersMs);
      const { closed } = await balanced.close(server);
      for (const timer of timers) clearInterval(timer);
      door.clients.stop();
      await Promise.all(connections.map((connection) => connection.stop()));
      await Promise.all([studio.stop(grace.workMs), worked]);
      await closed;
      await stores.close();
    },
  };
}

/** What a process shows to a balancer in front of it, where there is one. */
function behindBalancer(balanced: boolean) {
  let leaves = false;
  return {
    state: () => (leaves ? { http: "leaving" } : {}),
    /** Resolves when no more requests come; `closed` when all are answered, or their time is up. */
    async close(server: HttpServer) {
      const close = () => server.close(grace.workMs + grace.answersMs);
      if (!balanced) return { closed: close() };
      leaves = true;
      server.drain();
      await sleep(leaving.unreadyMs);
      const closed = close();
      await sleep(leaving.readingMs);
      return { closed };
    },
  };
}

interface Doors {
  /** The states of all, by their names. */
  readonly doors: () => Readonly<Record<string, string>>;
  readonly chatDoors: readonly ChatDoor[];
}

function aboutHere(config: Config, { doors, chatDoors }: Doors) {
  const invites = () => invitesTo(chatDoors);
  return aboutOf(config, { keep: keptIn(config.DATA_DIR), doors, invites });
}

/** How many files may be open; warns where that is few. */
function openFilesOf(log: Logger) {
  const openFiles = openFilesLimit();
  const caution = openFilesCaution(openFiles);
  if (caution) log.warn({ openFiles }, caution);
  return openFiles;
}

type Made = Awaited<ReturnType<typeof furnish>>;

/** Builds the chat doors, which deliver the jobs that came through them. */
async function openChatDoors(
  config: Config,
  { log, stores: { settings, files } }: Pick<Process, "log" | "stores">,
  { studio, catalogue, imaging, people, deliverers, fetches }: Made,
): Promise<readonly ChatDoor[]> {
  const { web: fetch } = fetches;
  const tools = { studio, catalogue, imaging, people, settings, files, fetch, log };
  const doors = await createChatDoors(config, tools);
  for (const { name, deliverer } of doors) deliverers.set(name, deliverer);
  return doors;
}

/** Makes the HTTP door. Processes may share a data directory: each empties a folder of its own at its start. */
function openHttpDoor(
  config: Config,
  { log, stores }: Pick<Process, "log" | "stores">,
  made: Made,
) {
  const { studio, catalogue, imaging, counters, presign } = made;
  const own = stores.fleet ? [`${process.pid}`] : [];
  const largeBodies = new LargeBodies(fileSpool(join(config.DATA_DIR, "uploads", ...own)));
  const observe = counters.observeHttp;
  const elsewhere = optional({ elsewhere: stores.fleet?.clients });
  const ground = { studio, catalogue, imaging, log, presign, largeBodies, observe, ...elsewhere };
  return createDoor(config, ground);
}

const servicePaths: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"]);

/** Who is no HTTP door tells no more than how it is. */
function servedBy({ ROLES }: Config) {
  return ROLES.has("http")
    ? { files: [...docsFiles(), ...pageFiles()] }
    : { files: [], routes: routes.filter(({ path }) => servicePaths.has(path)) };
}

async function furnish(config: Config, log: Logger, { kept, links, fleet }: Stores) {
  const fetches = createFetches(config.proxies);
  const { pictures } = kept;
  const { images, presign } = await openImages(config, fetches.web);
  const imaging = config.LABELS === "on" ? labelling : withoutLabels(labelling);
  const ground: Ground = {
    ...kept,
    images,
    imaging,
    fetches,
    dialects: { rasterize, keep: keptIn(config.DATA_DIR) },
    // Without further options its answer is hex.
    digest: hash.bind(undefined, "sha256") as (text: string) => string,
    log,
  };
  const made = await createStudio(config, ground, createMetrics);
  const { IMAGE_RETENTION_DAYS: retentionDays, IMAGE_MAX_BYTES: maxBytes } = config;
  const now = Date.now;
  const sweepAll = () => sweepPictures({ pictures, images, retentionDays, maxBytes, now, log });
  const sweep = () =>
    (fleet?.alone("sweep", sweepAll) ?? sweepAll()).catch((error: unknown) =>
      log.error({ error }, "sweeping pictures failed"),
    );
  const people = createPeople({ links, digest: ground.digest }, made.studio);
  return { ...made, imaging, images, presign, people, sweep, fetches };
}

/** The process: starts, prints where the page is, stops on SIGTERM and SIGINT. */
async function main(): Promise<void> {
  const environment = environmentWithFile();
  const config = readConfig(environment);
  const setup = openSetup({
    probes: { fetch: createFetches(config.proxies).any, timeoutMs: 5_000 },
    pageUrl: () => running.pageUrl,
    restart: () => void restart().catch(explain),
  });
  let running = await start(config, setup);
  async function restart(): Promise<void> {
    await running.stop();
    // Where pages look for it, also where any free port was wanted.
    const PORT = Number(new URL(running.url).port);
    running = await start({ ...readConfig(environmentWithFile()), PORT }, setup);
    setup.started();
  }
  for (const { about, text } of [...examineFile(), ...examineNames(environment)]) {
    running.log.warn({}, `${about} ${text}`);
  }
  const stop = () => running.stop().then(() => process.exit(0), explain);
  stopOnSignals({ stop, log: running.log, exitMs: grace.exitMs });
  // A promise that a library forgot is no reason to drop everybody's pictures.
  process.on("unhandledRejection", (error) => running.log.error({ error }, "a bug"));
  // The reader of this may send a signal at once.
  console.log(`Drawbridge is open: ${running.pageUrl}`);
  if (isSetInBrowser(config)) console.log(`Set it up: ${running.url}/setup#once=${setup.key}`);
  // Also what is killed has compiled for the next start.
  setImmediate(flushCompileCache);
}

if (isEntryPoint(import.meta.filename)) await main().catch(explain);
