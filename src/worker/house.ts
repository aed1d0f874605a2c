import { DurableObject } from "cloudflare:workers";
import type { DurableObjectState, Fetcher, R2Bucket } from "@cloudflare/workers-types";
import { aboutOf } from "../about.ts";
import { createApp } from "../http/app.ts";
import { docsFiles } from "../http/docs.ts";
import { createKeyCheck } from "../http/keys.ts";
import { pageFiles } from "../http/page.ts";
import type { People } from "../../core/people.ts";
import { createPeople, createDoor, createStudio } from "../composition.ts";
import type { Log } from "../../core/observe.ts";
import type { ChatDoorTools } from "../chat-doors.ts";
import type { Config } from "../config.ts";
import type { Database } from "../storage/database.ts";
import { sqliteLinks, sqlitePresets, sqliteSettings } from "../storage/sqlite-people.ts";
import {
  overviewOf,
  sqliteArchive,
  sqlitePictures,
  sqlitePlatformFiles,
} from "../storage/sqlite-archive.ts";
import { sqliteLedger } from "../storage/sqlite-ledger.ts";
import { sqliteQuota } from "../storage/sqlite-quota.ts";
import { sweepPictures } from "../sweep.ts";
import { carry } from "./carrier.ts";
import { adminRoutes } from "./house/admin.ts";
import { migrateObject, objectDatabase } from "./house/database.ts";
import { discordHouse } from "./house/discord.ts";
import { r2Images } from "./house/pictures.ts";
import { telegramHouse } from "./house/telegram.ts";
import { consoleLog } from "./log.ts";
import { keepsNothing, largeBodiesInMemory, machine } from "./machine.ts";
import { type Counters, createCounters } from "./metrics.ts";
import { type OwnFiles, provideOwnFiles } from "./own-files.ts";
import { closedResponse, openingOf } from "./opening.ts";

/** The bindings of the Worker beside its variables. */
export interface HouseEnvironment {
  readonly PICTURES: R2Bucket;
  /** Holds what the build wrote to `assets/`. */
  readonly ASSETS: Pick<Fetcher, "fetch">;
}

/** How long after a request, or after the last look, the alarm looks whether anything is left to do. */
const alarmMs = 10_000;
const sweepEveryMs = 3_600_000;

/**
 * The whole of Drawbridge in one object: its SQLite is the ledger and the archive, its alarm the supervisor. Whatever
 * ends it, the alarm wakes a new one, which goes on with what was promised.
 */
export class House extends DurableObject<HouseEnvironment> {
  /** undefined where the variables do not allow it. */
  protected readonly furnished: Promise<Furnished | undefined>;
  readonly #state: DurableObjectState;
  #alarmAt = 0;
  #sweptAt = 0;

  constructor(state: DurableObjectState, environment: HouseEnvironment) {
    super(state, environment);
    this.#state = state;
    const opening = openingOf(environment);
    this.furnished = state.blockConcurrencyWhile(async () =>
      "closed" in opening ? undefined : furnish(opening.config, state, environment),
    );
  }

  override async fetch(request: Request): Promise<Response> {
    const furnished = await this.furnished;
    if (!furnished) return closedResponse(request, closedNow(this.env));
    await this.#watch();
    const carried = carry(request);
    return carried.watched(await furnished.app.fetch(request, carried.bindings));
  }

  /** Looks after what was promised: as long as there is any, the object is woken again. */
  override async alarm(): Promise<void> {
    this.#alarmAt = 0;
    const furnished = await this.furnished;
    if (!furnished) return;
    if ((await furnished.open()) > 0) await this.#watch();
    if (Date.now() - this.#sweptAt < sweepEveryMs) return;
    this.#sweptAt = Date.now();
    await furnished.sweep();
  }

  async #watch(): Promise<void> {
    if (this.#alarmAt > Date.now()) return;
    this.#alarmAt = Date.now() + alarmMs;
    await this.#state.storage.setAlarm(this.#alarmAt);
  }
}

function closedNow(environment: object) {
  const opening = openingOf(environment);
  return "closed" in opening ? opening.closed : { status: 503 as const, message: "Not ready." };
}

type Furnished = Awaited<ReturnType<typeof furnish>>;

async function fetchOwnFiles(assets: HouseEnvironment["ASSETS"]): Promise<void> {
  const found = await assets.fetch("https://assets/own-files.json");
  provideOwnFiles(await found.json<OwnFiles>());
}

/** Opens the stores, takes up what an earlier object left, and makes the door. */
async function furnish(
  config: Config,
  { storage }: DurableObjectState,
  { PICTURES, ASSETS }: HouseEnvironment,
) {
  await fetchOwnFiles(ASSETS);
  migrateObject(storage);
  const log = consoleLog(config.LOG_LEVEL);
  const database = objectDatabase(storage);
  const ledger = sqliteLedger(database);
  const pictures = sqlitePictures(database);
  const images = r2Images(PICTURES);
  const stores = {
    ledger,
    archive: sqliteArchive(database),
    pictures,
    images,
    quotas: sqliteQuota(database),
    presets: sqlitePresets(database),
  };
  const made = await createStudio(config, { ...machine, ...stores, log }, createCounters);
  const { studio, catalogue, counters, providers } = made;
  const { imaging, digest } = machine;
  const people = createPeople({ links: sqliteLinks(database), digest }, studio);
  const observe = counters.observeHttp;
  const largeBodies = largeBodiesInMemory();
  const door = createDoor(config, { studio, catalogue, imaging, log, largeBodies, observe });
  const chat = chatTools({ ...made, people }, database, log);
  const bots = {
    telegram: await telegramHouse(config, chat, storage),
    discord: await discordHouse(config, chat, storage),
  };
  const opened = Object.entries(bots).flatMap(([name, bot]) => (bot ? [{ name, ...bot }] : []));
  for (const { name, door: bot } of opened) made.deliverers.set(name, bot.deliverer);
  const states = () => opened.map(({ name, door: bot }) => [name, bot.state] as const);
  const doors = () => ({ http: "connected", ...Object.fromEntries(states()) });
  const checkKey = createKeyCheck(config.gatewayKeys ?? []);
  const app = createApp({
    door,
    checkKey,
    people,
    guests: [
      ...adminRoutes({ config, checkKey, database, bots }),
      ...opened.flatMap(({ path, door: { webhook: handle } }) =>
        handle ? [{ path, handle }] : [],
      ),
    ],
    files: [...docsFiles(), ...pageFiles()],
    doors,
    about: aboutOf(config, { keep: keepsNothing, doors, invites: () => ({}) }),
    overview: () => overviewOf(database, null),
    providers,
    metrics: () => counters.text(),
  });
  door.clients.adopt(await studio.resume());
  const sweep = sweeping(config, { pictures, images, log });
  return { app, sweep, open: async () => (await ledger.open()).length, stores, chat };
}

function sweeping(
  { IMAGE_RETENTION_DAYS: retentionDays, IMAGE_MAX_BYTES: maxBytes }: Config,
  tools: Pick<Parameters<typeof sweepPictures>[0], "pictures" | "images" | "log">,
) {
  return () =>
    sweepPictures({ ...tools, retentionDays, maxBytes, now: Date.now }).catch((error: unknown) =>
      tools.log.error({ error }, "sweeping pictures failed"),
    );
}

type Made = Awaited<ReturnType<typeof createStudio<Counters>>> & { readonly people: People };

/** What a chat door is built from. */
function chatTools(
  { studio, catalogue, people }: Made,
  database: Database,
  log: Log,
): ChatDoorTools {
  const { imaging } = machine;
  const settings = sqliteSettings(database);
  const files = sqlitePlatformFiles(database);
  const fetch: ChatDoorTools["fetch"] = (...request) => globalThis.fetch(...request);
  return { studio, catalogue, imaging, people, settings, files, fetch, log };
}
