import { join } from "node:path";
import type { Archive, PictureIndex } from "../core/archive.ts";
import type { ImageStore } from "../core/images.ts";
import type { Ledger } from "../core/ledger.ts";
import type { Log } from "../core/observe.ts";
import type { PlatformFiles } from "../core/platform-files.ts";
import { createFairQueue, type Dispatch } from "../core/queue.ts";
import type { Estimate } from "../core/queue/estimate.ts";
import type { QuotaStore } from "../core/quota.ts";
import type { SettingsStore } from "../core/settings.ts";
import type { Config } from "./config.ts";
import type { Fleet } from "./fleet.ts";
import { bucketOf } from "./fleet-config.ts";
import { fileImages } from "./storage/files.ts";
import { openDatabase } from "./storage/sqlite.ts";
import { sqliteArchive, sqlitePictures } from "./storage/sqlite-archive.ts";
import { sqlitePlatformFiles, sqliteSettings } from "./storage/sqlite-chat.ts";
import { sqliteLedger } from "./storage/sqlite-ledger.ts";
import { sqliteQuota } from "./storage/sqlite-quota.ts";

/** Where everything but pictures is kept, and the line that jobs wait in. */
export interface Stores {
  readonly ledger: Ledger;
  readonly archive: Archive;
  readonly pictures: PictureIndex;
  readonly quota: QuotaStore;
  readonly settings: SettingsStore;
  readonly files: PlatformFiles;
  readonly queue: Dispatch;
  /** Jobs whose first picture has not had its turn. */
  readonly waiting: () => number | Promise<number>;
  /** Present where many processes share the stores. */
  readonly fleet?: Fleet;
}

/** What the line needs to know. */
export interface LineTools {
  /** Calls at once, by provider. */
  readonly slots: (provider: string) => number;
  readonly providers: readonly string[];
  readonly maxWaitingPerRequester: (requester: string) => number;
  readonly estimate: Estimate;
}

/** What the stores are on: opened before anything else, closed after it. */
export interface Ground {
  /** Throws `storage-failed` where nothing can be written. */
  check(): void | Promise<void>;
  stores(tools: LineTools): Promise<Stores>;
  close(): void | Promise<void>;
}

/** Opens the embedded database, or connects to the one that many processes share. Throws `DataDirError`. */
export async function openGround(config: Config, log: Log): Promise<Ground> {
  const { DATABASE_URL: url } = config;
  if (url === undefined) return embedded(config);
  // Whoever needs no Postgres does not load it.
  const { openFleetGround } = await import("./fleet.ts");
  return openFleetGround({ ...config, DATABASE_URL: url }, log);
}

function embedded(config: Config): Ground {
  const database = openDatabase(config.DATA_DIR);
  return {
    check: () => database.check(),
    close: () => database.close(),
    async stores({ slots, maxWaitingPerRequester, estimate }) {
      const maxWaiting = config.MAX_QUEUED;
      const queue = createFairQueue({ slots, maxWaiting, maxWaitingPerRequester, estimate });
      return {
        ledger: sqliteLedger(database),
        archive: sqliteArchive(database),
        pictures: sqlitePictures(database),
        quota: sqliteQuota(database),
        settings: sqliteSettings(database),
        files: sqlitePlatformFiles(database),
        queue,
        waiting: () => queue.waiting,
      };
    },
  };
}

/** Where pictures are kept, and, where they may be fetched from there, a link for a while. */
export interface KeptImages {
  readonly images: ImageStore;
  readonly presign?: (hash: string, contentType: string) => Promise<string>;
}

/** Pictures in a bucket where one is set, otherwise in the data directory. */
export async function openImages(
  config: Config,
  fetch: typeof globalThis.fetch,
): Promise<KeptImages> {
  const bucket = bucketOf(config, fetch);
  if (!bucket) {
    const minFreeBytes = config.MIN_FREE_MB * 1e6;
    return { images: fileImages(join(config.DATA_DIR, "images"), { minFreeBytes }) };
  }
  const { presignedLinks, s3Images } = await import("./storage/s3.ts");
  const presign = config.IMAGE_LINKS === "presigned" && presignedLinks(bucket);
  return { images: s3Images(bucket), ...(presign && { presign }) };
}
