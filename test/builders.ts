import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { isFinished, type Job, newCode, type Picture } from "../core/job.ts";
import type { Ledger } from "../core/ledger.ts";
import type { Log, Observer } from "../core/observe.ts";

/** A directory of the test's own, gone when the test ends. */
export function aDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "drawbridge-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function aJob(changes: Partial<Job> = {}): Job {
  const requester = changes.requester ?? { id: "http:test" };
  return {
    code: newCode(),
    requester,
    brief: {
      words: "a cat",
      prompt: "a cat",
      negative: "",
      model: "Z-Image",
      size: { kind: "open" },
      seed: 42,
      count: 1,
      enhance: true,
      extras: {},
      given: [],
      notices: [],
    },
    state: "queued",
    recipe: null,
    pictures: [],
    notices: [],
    error: null,
    delivery: { door: "http", place: null, state: "direct", sends: {} },
    parent: null,
    private: false,
    key: null,
    fingerprint: "f",
    attempts: 0,
    remotes: {},
    createdAt: 1_000_000,
    startedAt: null,
    finishedAt: null,
    ...changes,
  };
}

/** Stores a job as its life would have: promised, as far as it has come, and settled where it is finished. */
export async function store(job: Job, ledger: Ledger): Promise<Job> {
  const { code, pictures } = job;
  const finished = isFinished(job);
  const promise: Job = { ...job, state: finished ? "queued" : job.state, pictures: [] };
  await ledger.accept(promise, [], 86_400_000);
  if (finished) await ledger.settle(job);
  else if (pictures.length > 0) await ledger.note(code, { pictures });
  return job;
}

let pictures = 0;

export function aPicture(changes: Partial<Picture> = {}): Picture {
  return {
    number: 1,
    id: `picture${++pictures}`,
    hash: "ab12",
    link: null,
    format: "png",
    width: 64,
    height: 64,
    bytes: 100,
    seed: 42,
    ...changes,
  };
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

export const noObserver: Observer = {
  jobFinished() {},
  turnBegan() {},
  pictureMade() {},
  wordsEnhanced() {},
  providerFailed() {},
  pointsLeft() {},
};

/** Processor time of the work in milliseconds, so that the other work of the machine does not count. */
export function processorMs(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
