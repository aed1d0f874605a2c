import { AsyncLocalStorage } from "node:async_hooks";
import { hash } from "node:crypto";
import { join } from "node:path";
import type { Logger } from "pino";
import { aboutOf } from "./about.ts";
import { cautionsFor } from "./cautions.ts";
import { type ChatDoor, createChatDoors, invitesTo, statesOf } from "./chat-doors.ts";
import { createDoor, createPeople, createStudio, type Ground } from "./composition.ts";
import { type Config, readConfig } from "./config.ts";
import { environmentWithFile } from "./environment.ts";
import { createFetches } from "./fetches.ts";
import { imaging as labelling, rasterize, withoutLabels } from "./imaging.ts";
import { createApp } from "./http/app.ts";
import { docsFiles } from "./http/docs.ts";
import { createKeyCheck } from "./http/keys.ts";
import { LargeBodies } from "./http/large-bodies.ts";
import { pageFiles } from "./http/page.ts";
import { listen } from "./http/server.ts";
import { createLog } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { connectionsFor, openFilesCaution, openFilesLimit } from "./open-files.ts";
import { examineNames } from "./names.ts";
import { openingLines } from "./opening.ts";
import { explain, isEntryPoint, stopOnSignals } from "./process.ts";
import { generatedKey } from "./storage/data-dir.ts";
import { fileImages } from "./storage/files.ts";
import { keptIn } from "./storage/kept.ts";
import { fileSpool } from "./storage/spool.ts";
import { type FileDatabase, openDatabase } from "./storage/sqlite.ts";
import { freeBytesIn } from "./storage/room.ts";
import { sqliteArchive, sqlitePictures } from "./storage/sqlite-archive.ts";
import { sqliteLedger } from "./storage/sqlite-ledger.ts";
import { overviewOf } from "./storage/sqlite-overview.ts";
import { sqlitePlatformFiles, sqliteSettings } from "./storage/sqlite-chat.ts";
import { sqliteLinks } from "./storage/sqlite-links.ts";
import { sqlitePresets } from "./storage/sqlite-presets.ts";
import { sqliteQuota } from "./storage/sqlite-quota.ts";
import { storageLook } from "./storage/watch.ts";
import { sweepPictures } from "./sweep.ts";

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

interface Process {
  readonly log: Logger;
  /** The id of the HTTP request that the current work is for. */
  readonly requests: AsyncLocalStorage<string>;
  readonly database: FileDatabase;
}

async function startWith(config: Config, { log, requests, database }: Process): Promise<Running> {
  for (const { about, text } of cautionsFor(config)) log.warn({ variable: about }, text);
  const openFiles = openFilesLimit();
  const caution = openFilesCaution(openFiles);
  if (caution) log.warn({ openFiles }, caution);
  const made = await furnish(config, log, database);
  const { studio, catalogue, imaging, counters, images, sweep } = made;
  const storage = storageLook(images, database, log);
  await storage();
  const chatDoors = await openChatDoors(config, { log, database }, made);
  const largeBodies = new LargeBodies(fileSpool(join(config.DATA_DIR, "uploads")));
  const observe = counters.observeHttp;
  const door = createDoor(config, { studio, catalogue, imaging, log, largeBodies, observe });
  const keys = config.gatewayKeys ?? [{ name: "default", key: generatedKey(config.DATA_DIR) }];
  const app = createApp({
    door,
    checkKey: createKeyCheck(keys),
    people: made.people,
    files: [...docsFiles(), ...pageFiles()],
    doors: () => statesOf(chatDoors),
    about: aboutOf(config, {
      keep: keptIn(config.DATA_DIR),
      doors: () => statesOf(chatDoors),
      invites: () => invitesTo(chatDoors),
    }),
    overview: async () => overviewOf(database, await freeBytesIn(config.DATA_DIR)),
    guests: chatDoors.flatMap(({ guests }) => guests),
    storage,
    metrics: () => counters.text(),
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

type Made = Awaited<ReturnType<typeof furnish>>;

/** Builds the chat doors, which deliver the jobs that came through them. */
async function openChatDoors(
  config: Config,
  { log, database }: Pick<Process, "log" | "database">,
  { studio, catalogue, imaging, people, deliverers, fetches }: Made,
): Promise<readonly ChatDoor[]> {
  const settings = sqliteSettings(database);
  const files = sqlitePlatformFiles(database);
  const { web: fetch } = fetches;
  const tools = { studio, catalogue, imaging, people, settings, files, fetch, log };
  const doors = await createChatDoors(config, tools);
  for (const { name, deliverer } of doors) deliverers.set(name, deliverer);
  return doors;
}

async function furnish(config: Config, log: Logger, database: FileDatabase) {
  const fetches = createFetches(config.proxies);
  const pictures = sqlitePictures(database);
  const minFreeBytes = config.MIN_FREE_MB * 1e6;
  const images = fileImages(join(config.DATA_DIR, "images"), { minFreeBytes });
  const imaging = config.LABELS === "on" ? labelling : withoutLabels(labelling);
  const ground: Ground = {
    ledger: sqliteLedger(database),
    archive: sqliteArchive(database),
    pictures,
    images,
    quotas: sqliteQuota(database),
    imaging,
    presets: sqlitePresets(database),
    fetches,
    dialects: { rasterize, keep: keptIn(config.DATA_DIR) },
    // Without further options its answer is hex.
    digest: hash.bind(undefined, "sha256") as (text: string) => string,
    log,
  };
  const made = await createStudio(config, ground, createMetrics);
  const { IMAGE_RETENTION_DAYS: retentionDays, IMAGE_MAX_BYTES: maxBytes } = config;
  const now = Date.now;
  const sweep = () =>
    sweepPictures({ pictures, images, retentionDays, maxBytes, now, log }).catch((error: unknown) =>
      log.error({ error }, "sweeping pictures failed"),
    );
  const people = createPeople({ links: sqliteLinks(database), digest: ground.digest }, made.studio);
  return { ...made, imaging, images, people, sweep, fetches };
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
