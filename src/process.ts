import { readFileSync, realpathSync } from "node:fs";
import { constants } from "node:os";
import type { Log } from "../core/observe.ts";
import { ConfigError } from "./config.ts";
import { DataDirError } from "./storage/data-dir.ts";

/** Whether Node was told to run this file, also through a symbolic link. */
export function isEntryPoint(file: string): boolean {
  const [, script] = process.argv;
  return script !== undefined && realpathSync(script) === realpathSync(file);
}

// === Signals

/** A terminal, systemd and npm each pass one wish to stop on to the same process. */
const sameWishMs = 3_000;

/** How a process stops. */
export interface Stopping {
  /** Called once; ends the process. */
  readonly stop: () => Promise<void>;
  /** The process ends this long after the first signal in any case, with exit code 0. */
  readonly exitMs: number;
  readonly log: Log;
}

/**
 * Stops at the first SIGINT or SIGTERM. Further ones within three seconds are the same wish; a later one ends the
 * process at once, with the exit code that the signal stands for.
 */
export function stopOnSignals({ stop, exitMs, log }: Stopping): void {
  let firstAt: number | undefined;
  const onSignal = (signal: "SIGINT" | "SIGTERM") => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      log.info(
        { signal },
        "stopping: pictures under way are finished; a later signal ends at once",
      );
      void stop();
      setTimeout(() => process.exit(0), exitMs).unref();
    } else if (performance.now() - firstAt > sameWishMs) {
      console.error("Ended at once. What was under way is taken up by the next start.");
      process.exit(128 + constants.signals[signal]);
    }
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}

// === What went wrong

/** Why an address cannot be listened at, by the system's code. */
export const addressProblems: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use already. Stop what listens there, or set PORT to another port.",
  EACCES: "may not be used by this user. Set PORT to a port above 1023.",
  EADDRNOTAVAIL: "does not belong to this machine. Set HOST to an address that does.",
  ENOTFOUND: "cannot be found. Set HOST to an address of this machine.",
};

/** Prints what keeps the process from running, in a sentence where it is not a bug, and ends it with exit code 1. */
export function explain(error: unknown): void {
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

/** How many files this process may have open at once, connections included; undefined where the system tells nothing. */
export function openFilesLimit(): number | undefined {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8");
    const [, soft] = /^Max open files +(\d+)/m.exec(limits) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

/** What is open without any connection, and calls of services and platforms. */
const reserved = 128;
/** A connection, and the picture that is read or written for it. */
const filesPerConnection = 2;
/** Each connection costs memory, too. */
const mostConnections = 10_000;

/** How many connections may be open at once, so that calls of image services still find a file to open. */
export function connectionsFor(openFiles: number | undefined): number {
  if (openFiles === undefined) return 1_000;
  const left = Math.floor((openFiles - reserved) / filesPerConnection);
  return Math.min(mostConnections, Math.max(16, left));
}

/** Fewer connections than this are soon used up by people who leave the page open. */
const fewConnections = 1_000;

/** What to do about a limit that is low; undefined for one that is not. */
export function openFilesCaution(openFiles: number | undefined): string | undefined {
  const connections = connectionsFor(openFiles);
  if (openFiles === undefined || connections >= fewConnections) return undefined;
  return `This process may have ${openFiles} files open at once, so it takes ${connections} connections and drops others. Raise the limit (ulimit -n, or LimitNOFILE= of systemd) to 4096 at least.`;
}
