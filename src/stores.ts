import { join } from "node:path";
import type { ImageStore } from "../core/images.ts";
import type { Log } from "../core/observe.ts";
import type { LinkStore } from "../core/people.ts";
import type { PlatformFiles } from "../core/platform-files.ts";
import type { SettingsStore } from "../core/settings.ts";
import type { Ground } from "./composition.ts";
import type { Config } from "./config.ts";
import type { Fleet } from "./fleet.ts";
import { bucketOf } from "./fleet-config.ts";
import type { ServedDoor } from "./http/context.ts";
import { fileImages } from "./storage/files.ts";
import { freeBytesIn } from "./storage/room.ts";
import { openDatabase } from "./storage/sqlite.ts";
import {
  overviewOf,
  sqliteArchive,
  sqlitePictures,
  sqlitePlatformFiles,
} from "./storage/sqlite-archive.ts";
import { sqliteLinks, sqlitePresets, sqliteSettings } from "./storage/sqlite-people.ts";
import { sqliteLedger } from "./storage/sqlite-ledger.ts";
import { sqliteQuota } from "./storage/sqlite-quota.ts";

/** What a studio keeps its jobs in, and who takes turns. */
export type Kept = Pick<Ground, "ledger" | "archive" | "pictures" | "quotas" | "presets" | "turns">;

/** Where everything but pictures is kept. */
export interface Stores {
  readonly kept: Kept;
  readonly settings: SettingsStore;
  readonly files: PlatformFiles;
  readonly links: LinkStore;
  readonly overview: ServedDoor["overview"];
  /** Present where many processes share the stores. */
  readonly fleet?: Fleet;
  /** Throws `storage-failed` where nothing can be written. */
  check(): void | Promise<void>;
  close(): void | Promise<void>;
}

/** Opens the embedded database, or connects to the one that many processes share. Throws `DataDirError`. */
export async function openStores(config: Config, log: Log): Promise<Stores> {
  const { DATABASE_URL: url } = config;
  if (url === undefined) return embedded(config);
  // Without Postgres it is not loaded.
  const { openFleet } = await import("./fleet.ts");
  return openFleet({ ...config, DATABASE_URL: url }, log);
}

function embedded({ DATA_DIR: directory }: Config): Stores {
  const database = openDatabase(directory);
  return {
    kept: {
      ledger: sqliteLedger(database),
      archive: sqliteArchive(database),
      pictures: sqlitePictures(database),
      quotas: sqliteQuota(database),
      presets: sqlitePresets(database),
    },
    settings: sqliteSettings(database),
    files: sqlitePlatformFiles(database),
    links: sqliteLinks(database),
    overview: async () => overviewOf(database, await freeBytesIn(directory)),
    check: () => database.check(),
    close: () => database.close(),
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
