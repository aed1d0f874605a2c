import { createHash, hash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { onTestFinished } from "vitest";
import type { Archive, PictureIndex } from "../../core/archive.ts";
import { createCatalogue, modelSchema } from "../../core/catalogue.ts";
import { type ImageStore, inMemory, mostForms } from "../../core/images.ts";
import { isFinished, type Job } from "../../core/job.ts";
import type { Ledger } from "../../core/ledger.ts";
import { People } from "../../core/people.ts";
import { CodeGuard } from "../../core/studio/code-guard.ts";
import type { Deliverer } from "../../core/studio/outbox.ts";
import { createEstimate, createFairQueue } from "../../core/queue.ts";
import { allowEverything } from "../../core/policy.ts";
import type { Capabilities, GenerateContext, ImageProvider, Order } from "../../core/provider.ts";
import { createQuota } from "../../core/quota.ts";
import { Studio, type StudioOptions } from "../../core/studio.ts";
import { imaging } from "../../src/imaging.ts";
import { openDatabase } from "../../src/storage/sqlite.ts";
import { sqliteArchive, sqlitePictures } from "../../src/storage/sqlite-archive.ts";
import { sqliteLedger } from "../../src/storage/sqlite-ledger.ts";
import { sqliteLinks, sqlitePresets } from "../../src/storage/sqlite-people.ts";
import { sqliteQuota } from "../../src/storage/sqlite-quota.ts";
import { aDirectory, noObserver, silentLog } from "../builders.ts";

/** A picture store in memory; `forms` has those of each picture by their names. */
export function memoryImages(): ImageStore & {
  readonly kept: Map<string, Uint8Array>;
  readonly forms: Map<string, Map<string, Uint8Array>>;
} {
  const kept = new Map<string, Uint8Array>();
  const forms = new Map<string, Map<string, Uint8Array>>();
  return {
    kept,
    forms,
    check: async () => undefined,
    async put(bytes) {
      const hash = createHash("sha256").update(bytes).digest("hex");
      kept.set(hash, bytes);
      return hash;
    },
    read: async (hash) => kept.get(hash),
    async open(hash, form) {
      const bytes = form === undefined ? kept.get(hash) : forms.get(hash)?.get(form);
      return bytes && inMemory(bytes);
    },
    async putForm(hash, form, bytes) {
      if (!kept.has(hash)) return;
      const all = forms.get(hash) ?? new Map<string, Uint8Array>();
      forms.set(hash, all.set(form, bytes));
      const [oldest = ""] = all.keys();
      if (all.size > mostForms) all.delete(oldest);
    },
    async remove(hashes) {
      for (const hash of hashes) {
        kept.delete(hash);
        forms.delete(hash);
      }
    },
    putBefore: async () => [],
  };
}

/** Of an image service that is paid for and tells nothing of its progress. */
export const painting: Capabilities = {
  seed: true,
  negative: true,
  steps: true,
  guidance: true,
  edit: "no",
  progress: false,
  preview: false,
  cancel: "never",
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
    capabilities: { ...painting, ...capabilities },
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
  /** An image service in place of the easel. */
  readonly painter?: ImageProvider;
  /** One deadline for call, retries and download, in milliseconds. */
  readonly timeoutMs?: number;
  readonly directory?: string;
  readonly slots?: number;
  readonly perDay?: number;
  readonly perUser?: number;
  readonly deliverers?: Map<string, Deliverer>;
}

/** Where a studio finds its jobs. */
export interface Stores {
  readonly ledger: Ledger;
  readonly archive: Archive;
  readonly pictures: PictureIndex;
}

/** Jobs that are promised and not made yet. */
export async function unfinished({ ledger }: Pick<Stores, "ledger">): Promise<readonly Job[]> {
  return (await ledger.open()).filter((job) => !isFinished(job));
}

/** Jobs of this door that are made and not shown yet. */
export async function undelivered(
  { ledger }: Pick<Stores, "ledger">,
  door: string,
): Promise<readonly Job[]> {
  return (await ledger.open()).filter((job) => isFinished(job) && job.delivery.door === door);
}

let newDatabase: Uint8Array | undefined;

/** A database in which nothing is kept yet, whose tables are made once for all tests. */
function aNewDatabase(): Uint8Array {
  if (newDatabase) return newDatabase;
  const directory = mkdtempSync(join(tmpdir(), "drawbridge-new-"));
  openDatabase(directory).close();
  newDatabase = readFileSync(join(directory, "drawbridge.db"));
  rmSync(directory, { recursive: true });
  return newDatabase;
}

/** Everything that a studio keeps on disk, in a directory. */
export function openStores(directory: string) {
  const file = join(directory, "drawbridge.db");
  if (existsSync(directory) && !existsSync(file)) writeFileSync(file, aNewDatabase());
  const database = openDatabase(directory);
  // The machine stays on while it is tested.
  database.run("PRAGMA synchronous = OFF", []);
  const ledger = sqliteLedger(database);
  const archive = sqliteArchive(database);
  const pictures = sqlitePictures(database);
  const presets = sqlitePresets(database);
  const links = sqliteLinks(database);
  return { database, ledger, archive, pictures, presets, links, quota: sqliteQuota(database) };
}

/** A whole studio on a database of its own; `crash` leaves it as `kill -9` would. */
export function aStudio(options: TestStudioOptions = {}) {
  const { slots = 2, perDay = 0, perUser = 50, timeoutMs = 120_000, ...overrides } = options;
  const painter = options.easel ?? easel({ auto: true });
  const directory = options.directory ?? aDirectory();
  const { database, quota, links, ...stores } = openStores(directory);
  const images = memoryImages();
  const estimate = createEstimate();
  const now = options.now ?? Date.now;
  const limits = { maxWaiting: 500, maxWaitingPerRequester: perUser };
  const model = modelSchema.parse({
    id: "Z-Image",
    provider: "easel",
    sizes: { "1:1": "64x64", "16:9": "128x72", "3:4": "96x128" },
    quality: {},
  });
  let seed = 1000;
  const studio = new Studio({
    catalogue: createCatalogue([model]),
    provider: () => ({ provider: options.painter ?? painter, timeoutMs }),
    policy: allowEverything,
    images,
    ...stores,
    imaging,
    estimate,
    queue: createFairQueue({ slots: () => slots, estimate, ...limits }),
    quota: createQuota({ perDay, store: quota, now }),
    deliverers: new Map(),
    firstRetryMs: 5,
    operators: new Set(["http:boss"]),
    fetchPicture: () => Promise.reject(new Error("there is nothing to fetch")),
    fetchSources: false,
    handOnLinks: false,
    sourceUrl: () => undefined,
    ttlMs: 3_600_000,
    keyTtlMs: 86_400_000,
    newSeed: () => ++seed,
    digest: (text) => hash("sha256", text, "hex"),
    observe: noObserver,
    now,
    elapsed: () => performance.now(),
    log: silentLog,
    ...overrides,
  });
  const people = new People({
    links,
    presets: studio.presets,
    codes: new CodeGuard(() => performance.now()),
    digest: (text) => hash("sha256", text, "hex"),
    now,
  });
  let open = true;
  const crash = () => {
    if (open) database.close();
    open = false;
  };
  onTestFinished(crash);
  return { studio, people, ...stores, database, images, easel: painter, directory, crash };
}

export const http = { door: "http", place: null, direct: true } as const;

/** Submits as this user, over HTTP. */
export function submission(id = "http:anna", key?: string) {
  return { requester: { id }, delivery: http, ...(key === undefined ? {} : { key }) };
}

export function seedsOf(job: Job): number[] {
  return job.pictures.map(({ seed }) => seed);
}
