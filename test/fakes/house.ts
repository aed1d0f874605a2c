import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Environment } from "./process.ts";

/** A house in a process of its own. */
export interface HouseProcess {
  readonly url: string;
  /** Ends the process and the runtime that it started, as a power failure would. */
  kill(): Promise<void>;
}

/** Starts one on the data in this directory. */
export async function houseIn(directory: string, environment: Environment): Promise<HouseProcess> {
  const given = JSON.stringify({ directory, environment });
  const child = spawn(process.execPath, [join(import.meta.dirname, "house-process.ts"), given], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const kill = () => killWhole(child);
  onTestFinished(kill);
  const [url] = (await once(child.stdout, "data")) as [Buffer];
  return { url: String(url).trim(), kill };
}

async function killWhole(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "exit");
  for (const pid of [...childrenOf(child.pid), child.pid]) process.kill(pid, "SIGKILL");
  await ended;
}

function childrenOf(parent: number): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const [, ppid] = /\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, "utf8")) ?? [];
      return Number(ppid) === parent ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}
