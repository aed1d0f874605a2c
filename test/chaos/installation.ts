import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Discord, startDiscord } from "../fakes/discord.ts";
import { aSmallDisk, mayMount, type SmallDisk } from "../fakes/disk.ts";
import { type ImageService, startImageService } from "../fakes/image-service.ts";
import { startTelegram, type Telegram } from "../fakes/telegram.ts";

/** The key of its one HTTP client. */
export const key = "a-key-of-the-chaos";

/** One life of its process. */
export interface Life {
  /** Its address once it listens; undefined where it ended before that. */
  readonly opened: Promise<string | undefined>;
  readonly ended: Promise<unknown>;
  /** Sends a signal, and resolves with its end. */
  end(signal: "SIGKILL" | "SIGTERM"): Promise<void>;
}

/** One Drawbridge through all its lives, and everything around it. */
export interface Installation {
  readonly service: ImageService;
  readonly discord: Discord;
  readonly telegram: Telegram;
  /** Where its data is; undefined where nothing may be mounted. */
  readonly disk: SmallDisk | undefined;
  readonly directory: string;
  /** Orders that came while the service failed, by their numbers: those were not painted. */
  readonly unpainted: Set<number>;
  /** Lines of its log that tell of a bug. */
  readonly bugs: readonly string[];
  start(): Life;
  /** From now on its clock is off by so much. */
  moveClock(ms: number): void;
  /** Of the database, seen from outside; nothing where it cannot be read now. */
  rows(sql: string): readonly Record<string, unknown>[];
}

const main = join(import.meta.dirname, "../../src/main.ts");
const before = join(main, "../before.cjs");
const movedClock = join(import.meta.dirname, "moved-clock.ts");
const diskBytes = 48 * 1024 * 1024;

/** An installation whose parts are gone once `cleanUp` is done. */
export async function anInstallation(
  cleanUp: (task: () => unknown) => void,
): Promise<Installation> {
  const root = mkdtempSync(join(tmpdir(), "drawbridge-chaos-"));
  cleanUp(() => rmSync(root, { recursive: true, force: true }));
  const disk = mayMount ? aSmallDisk(diskBytes, 4000, cleanUp) : undefined;
  const directory = disk?.directory ?? join(root, "data");
  const service = await startImageService({ paints: { width: 16, height: 16 } });
  const discord = await startDiscord();
  const telegram = await startTelegram({ lengthUnit: "utf-16" });
  for (const platform of [service, discord, telegram]) cleanUp(() => platform.close());
  const clock = join(root, "clock");
  writeFileSync(clock, "0");
  const environment = {
    PORT: "0",
    CLOCK_FILE: clock,
    DATA_DIR: directory,
    GATEWAY_API_KEY: key,
    SD_API_KEY: "sk-image-service",
    SD_API_BASE_URL: service.url,
    SD_CONCURRENCY: "4",
    SD_TIMEOUT_MS: "20000",
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_URL: telegram.url,
    MAX_QUEUED_PER_USER: "1000",
    QUOTA_IMAGES_PER_DAY: "1000000",
    // Clocks that move by hours make nothing too old here.
    JOB_TTL_MINUTES: "100000",
    HANGUP_GRACE_MS: "3600000",
    MIN_FREE_MB: "1",
    LOG_LEVEL: "warn",
  };
  const bugs: string[] = [];
  let newest: ChildProcess | undefined;
  return {
    service,
    discord,
    telegram,
    disk,
    directory,
    unpainted: new Set(),
    bugs,
    start() {
      newest = launch(root, environment);
      const child = newest;
      cleanUp(() => child.kill("SIGKILL"));
      return live(child, bugs);
    },
    moveClock(ms) {
      writeFileSync(clock, String(ms));
      if (newest?.exitCode === null) newest.kill("SIGUSR2");
    },
    rows: (sql) => rowsOf(join(directory, "drawbridge.db"), sql),
  };
}

/** Node itself strips the types here, with its cache of compiled code, so that it starts fast. */
function launch(cwd: string, environment: Readonly<Record<string, string>>): ChildProcess {
  const { PATH = "" } = process.env;
  const args = ["--require", before, "--import", movedClock, main];
  return spawn(process.execPath, args, {
    cwd,
    env: { PATH, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function live(child: ChildProcess, bugs: string[]): Life {
  const ended = once(child, "close");
  const { promise: opened, resolve } = Promise.withResolvers<string | undefined>();
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (piece: string) => {
      output += piece;
      const url = /Drawbridge is open: (http:\S+)\n/.exec(output)?.[1];
      if (url) resolve(url);
    });
  }
  void ended.then(() => {
    resolve(undefined);
    bugs.push(...output.split("\n").filter((line) => line.includes('"msg":"a bug')));
  });
  return {
    opened,
    ended,
    async end(signal) {
      child.kill(signal);
      await ended;
    },
  };
}

function rowsOf(file: string, sql: string): readonly Record<string, unknown>[] {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    return database.prepare(sql).all();
  } catch {
    return [];
  } finally {
    database?.close();
  }
}
