import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { aDirectory } from "../builders.ts";
import { post, startStandIns } from "../fakes/drawbridge.ts";
import type { Environment } from "../fakes/process.ts";

interface Process {
  readonly url: string;
  /** Ends the process and the runtime that it started, as a power failure would. */
  kill(): Promise<void>;
}

async function houseIn(directory: string, environment: Environment): Promise<Process> {
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

describe("a house whose runtime is killed at work", () => {
  test("finishes the picture without being asked, and has it for who asks again", async () => {
    const standIns = await startStandIns({ enhancer: false });
    const { service } = standIns;
    onTestFinished(standIns.close);
    const environment = { ...standIns.environment, LOG_LEVEL: "silent" };
    const directory = aDirectory();
    const wish = { prompt: "a cat" };
    const key = { headers: { "idempotency-key": "k" } };
    const first = await houseIn(directory, environment);
    const release = service.hold();
    const given = post(first.url, "/v1/images/generations", wish, key).catch(() => undefined);
    await service.arrived(1);
    await first.kill();
    await given;
    release();

    const second = await houseIn(directory, environment);
    await service.arrived(2);
    await expect.poll(() => service.running, { timeout: 30_000 }).toBe(0);

    const answer = await post(second.url, "/v1/images/generations", wish, key);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain("b64_json");
    expect(service.requests).toHaveLength(2);
  });
});
