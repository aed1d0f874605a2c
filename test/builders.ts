import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Job, newCode, type Picture } from "../core/job.ts";
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
