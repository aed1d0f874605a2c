import { createHash } from "node:crypto";
import sharp from "sharp";
import { onTestFinished } from "vitest";
import { createCatalogue, modelSchema } from "../../core/catalogue.ts";
import { noEnhancer } from "../../core/enhance.ts";
import type { ImageStore } from "../../core/image-store.ts";
import type { Job } from "../../core/job.ts";
import { type Deliverer, Outbox } from "../../core/studio/outbox.ts";
import { createPace } from "../../core/queue/pace.ts";
import { allowEverything } from "../../core/policy.ts";
import type { Capabilities, GenerateContext, ImageProvider, Order } from "../../core/provider.ts";
import { createFairQueue } from "../../core/queue.ts";
import { createQuota } from "../../core/quota.ts";
import { Studio, type StudioOptions } from "../../core/studio.ts";
import { imaging } from "../../src/imaging.ts";
import { openDatabase } from "../../src/storage/sqlite.ts";
import { sqliteJobs } from "../../src/storage/sqlite-jobs.ts";
import { sqliteQuota } from "../../src/storage/sqlite-quota.ts";
import { aDirectory, noObserver, silentLog } from "../builders.ts";

/** A picture store in memory. */
export function memoryImages(): ImageStore & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    async put(bytes) {
      const hash = createHash("sha256").update(bytes).digest("hex");
      kept.set(hash, bytes);
      return hash;
    },
    read: async (hash) => kept.get(hash),
    async remove(hashes) {
      for (const hash of hashes) kept.delete(hash);
    },
    putBefore: async () => [],
  };
}

const everything: Capabilities = {
  seed: true,
  negative: true,
  steps: true,
  guidance: true,
  edit: false,
  progress: false,
  preview: false,
  cancel: false,
  paid: true,
};

/** An image service whose pictures are finished by hand, or at once. */
export interface Easel extends ImageProvider {
  readonly orders: Order[];
  readonly contexts: GenerateContext[];
  /** Calls that have begun and not ended. */
  readonly open: number;
  /** Ends the oldest open call, with a picture or this failure. */
  finish(failure?: Error): void;
  /** Waits until so many calls have begun in all. */
  begun(count: number): Promise<void>;
}

/** `auto` finishes each picture at once. */
export function easel(options: Partial<Capabilities> & { auto?: boolean } = {}): Easel {
  const { auto = false, ...capabilities } = options;
  const waiting: ((failure?: Error) => void)[] = [];
  const orders: Order[] = [];
  const contexts: GenerateContext[] = [];
  const watchers: (() => void)[] = [];
  return {
    id: "easel",
    capabilities: { ...everything, ...capabilities },
    orders,
    contexts,
    get open() {
      return waiting.length;
    },
    finish: (failure) => waiting.shift()?.(failure),
    async begun(count) {
      while (orders.length < count) {
        await new Promise<void>((resolve) => watchers.push(resolve));
      }
    },
    async generate(order, context) {
      orders.push(order);
      contexts.push(context);
      for (const watcher of watchers.splice(0)) watcher();
      if (!auto) {
        await new Promise<void>((resolve, reject) => {
          const end = (failure?: Error) => (failure ? reject(failure) : resolve());
          waiting.push(end);
          context.signal.addEventListener("abort", () => reject(context.signal.reason as Error));
        });
      }
      return { image: await paint(order), notices: [], facts: {} };
    },
  };
}

async function paint({ width, height, seed }: Order): Promise<Uint8Array> {
  const background = { r: seed % 256, g: (seed >> 8) % 256, b: (seed >> 16) % 256 };
  return sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
}

/** Paints at once, pictures of so many bytes that have hardly anything in them. */
export function padded(size: number): ImageProvider["generate"] {
  return async (order) => {
    const image = Buffer.concat([await paint(order), Buffer.alloc(size)]).subarray(0, size);
    return { image, notices: [], facts: {} };
  };
}

export interface TestStudioOptions extends Partial<StudioOptions> {
  readonly easel?: Easel;
  readonly directory?: string;
  readonly slots?: number;
  readonly perDay?: number;
  readonly perUser?: number;
  readonly deliverers?: Map<string, Deliverer>;
}

/** A whole studio on a database of its own; `crash` leaves it as `kill -9` would. */
export function aStudio(options: TestStudioOptions = {}) {
  const { easel: painter = easel({ auto: true }), slots = 2, perDay = 0, perUser = 50 } = options;
  const directory = options.directory ?? aDirectory();
  const database = openDatabase(directory);
  const jobs = sqliteJobs(database);
  const images = memoryImages();
  const pace = createPace();
  const now = options.now ?? Date.now;
  const ttlMs = options.ttlMs ?? 3_600_000;
  const limits = { maxWaiting: 500, maxWaitingPerRequester: perUser };
  const model = modelSchema.parse({
    id: "Z-Image",
    provider: "easel",
    sizes: { "1:1": "64x64", "16:9": "128x72", "3:4": "96x128" },
    quality: {},
  });
  const deliverers = options.deliverers ?? new Map<string, Deliverer>();
  const studio = new Studio({
    catalogue: createCatalogue([model]),
    provider: () => painter,
    enhance: noEnhancer,
    policy: allowEverything,
    images,
    imaging,
    jobs,
    pace,
    queue: createFairQueue({ slots: () => slots, pace, ...limits }),
    quota: createQuota({ perDay, store: sqliteQuota(database), now }),
    outbox: new Outbox({ jobs, deliverers, ttlMs, firstRetryMs: 5, now, log: silentLog }),
    operators: new Set(["http:boss"]),
    fetchPicture: () => Promise.reject(new Error("there is nothing to fetch")),
    handOnLinks: false,
    publicUrl: () => undefined,
    timeoutMs: 10_000,
    ttlMs,
    keyTtlMs: 86_400_000,
    newSeed: (() => {
      let seed = 1000;
      return () => ++seed;
    })(),
    observe: noObserver,
    now,
    log: silentLog,
    ...options,
  });
  let open = true;
  const crash = () => {
    if (open) database.close();
    open = false;
  };
  onTestFinished(crash);
  return { studio, jobs, images, easel: painter, directory, crash };
}

export const http = { door: "http", place: null } as const;

/** Submits as this user, over HTTP. */
export function submission(id = "http:anna", key?: string) {
  return { requester: { id }, delivery: http, ...(key === undefined ? {} : { key }) };
}

export function seedsOf(job: Job): number[] {
  return job.pictures.map(({ seed }) => seed);
}
