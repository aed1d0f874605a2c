import { DurableObject } from "cloudflare:workers";
import type { DurableObjectNamespace, DurableObjectState } from "@cloudflare/workers-types";
import { isImageError } from "../../core/errors.ts";
import { sqliteArchive, sqlitePictures } from "../../src/storage/sqlite-archive.ts";
import { sqliteLedger } from "../../src/storage/sqlite-ledger.ts";
import { sqliteLinks, sqlitePresets } from "../../src/storage/sqlite-people.ts";
import { sqliteQuota } from "../../src/storage/sqlite-quota.ts";
import { migrateObject, objectDatabase } from "../../src/worker/house/database.ts";

/** A call of a store's method, as JSON. */
export interface StoreCall {
  readonly store: "ledger" | "archive" | "pictures" | "quota" | "presets" | "links";
  readonly method: string;
  readonly args: readonly unknown[];
}

/** The stores of one object, to be called from outside. */
export class House extends DurableObject<object> {
  readonly #stores: Record<StoreCall["store"], object>;

  constructor(state: DurableObjectState, environment: object) {
    super(state, environment);
    migrateObject(state.storage);
    const database = objectDatabase(state.storage);
    this.#stores = {
      ledger: sqliteLedger(database),
      archive: sqliteArchive(database),
      pictures: sqlitePictures(database),
      quota: sqliteQuota(database),
      presets: sqlitePresets(database),
      links: sqliteLinks(database),
    };
  }

  override async fetch(request: Request): Promise<Response> {
    const { store, method, args } = (await request.json()) as StoreCall;
    const methods = this.#stores[store] as Record<string, (...args: unknown[]) => unknown>;
    try {
      const value = await methods[method]?.(...args);
      return Response.json(value instanceof Set ? { set: [...value] } : { value });
    } catch (error) {
      if (!isImageError(error)) throw error;
      return Response.json({ error: { code: error.code, details: error.details } });
    }
  }
}

const worker = {
  async fetch(request: Request, { HOUSE }: { HOUSE: DurableObjectNamespace<House> }) {
    const object = HOUSE.getByName(new URL(request.url).pathname);
    return (await object.fetch(request as never)) as unknown as Response;
  },
};
export default worker;
