import { hash } from "node:crypto";
import { randomSeed } from "../../core/brief.ts";
import { createCatalogue } from "../../core/catalogue.ts";
import type { Ledger } from "../../core/ledger.ts";
import { allowEverything } from "../../core/policy.ts";
import type { ImageProvider } from "../../core/provider.ts";
import { createEstimate, createFairQueue } from "../../core/queue.ts";
import { createQuota } from "../../core/quota.ts";
import { Studio } from "../../core/studio.ts";
import { readConfig } from "../../src/config.ts";
import type { Database } from "../../src/storage/database.ts";
import { sqliteArchive, sqlitePictures } from "../../src/storage/sqlite-archive.ts";
import { sqlitePresets } from "../../src/storage/sqlite-people.ts";
import { sqliteQuota } from "../../src/storage/sqlite-quota.ts";
import { imaging } from "../../src/imaging.ts";
import { noObserver, silentLog } from "../builders.ts";
import { painting } from "../fakes/studio.ts";

/** An image service that takes every order and answers none. */
const silent: ImageProvider = {
  id: "silent",
  capabilities: painting,
  generate: () => new Promise(() => undefined),
};

/** A studio that accepts jobs and never finishes one. */
export function idleStudio(database: Database, ledger: Ledger): Studio {
  const estimate = createEstimate();
  const now = Date.now;
  const limits = { maxWaiting: Infinity, maxWaitingPerRequester: Infinity };
  return new Studio({
    catalogue: createCatalogue(readConfig({}).models),
    provider: () => ({ provider: silent, timeoutMs: 3_600_000 }),
    policy: allowEverything,
    ledger,
    archive: sqliteArchive(database),
    pictures: sqlitePictures(database),
    images: {
      check: async () => undefined,
      put: async () => "",
      read: async () => undefined,
      open: async () => undefined,
      putForm: async () => undefined,
      remove: async () => undefined,
      putBefore: async () => [],
    },
    imaging,
    estimate,
    queue: createFairQueue({ ...limits, slots: () => 1, estimate }),
    presets: sqlitePresets(database),
    quota: createQuota({ perDay: 1e6, store: sqliteQuota(database), now }),
    deliverers: new Map(),
    firstRetryMs: 1000,
    operators: new Set(),
    fetchPicture: () => Promise.reject(new Error("there is nothing to fetch")),
    fetchSources: false,
    handOnLinks: false,
    sourceUrl: () => undefined,
    ttlMs: 3_600_000,
    keyTtlMs: 86_400_000,
    newSeed: randomSeed,
    digest: (text) => hash("sha256", text, "hex"),
    observe: noObserver,
    now,
    elapsed: () => performance.now(),
    log: silentLog,
  });
}
