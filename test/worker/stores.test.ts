import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { ImageError } from "../../core/errors.ts";
import type { LinkStore } from "../../core/people.ts";
import type { PresetStore } from "../../core/presets.ts";
import { r2Images } from "../../src/worker/house/pictures.ts";
import { archiveContract } from "../contract/archive.ts";
import { imageStoreContract } from "../contract/image-store.ts";
import { ledgerContract, type Stores } from "../contract/ledger.ts";
import { linkStoreContract } from "../contract/link-store.ts";
import { presetPicturesContract, presetStoreContract } from "../contract/preset-store.ts";
import { quotaStoreContract } from "../contract/quota-store.ts";
import { partOf } from "../fakes/bucket-part.ts";
import { startWorkerd, type Workerd } from "../fakes/workerd.ts";
import type { StoreCall } from "./stores-object.ts";

let workerd: Workerd;
let bucket: Parameters<typeof r2Images>[0];

beforeAll(async () => {
  workerd = await startWorkerd({
    file: join(import.meta.dirname, "stores-object.ts") as `/${string}`,
  });
  bucket = (await workerd.runtime.getR2Bucket("PICTURES")) as unknown as typeof bucket;
});

afterAll(() => workerd.close());

const names = ["ledger", "archive", "pictures", "quota", "presets", "links"] as const;

/** The stores of an object that is as new as the test. */
function someStores() {
  const object = randomUUID();
  const store = (name: StoreCall["store"]) =>
    new Proxy(
      {},
      {
        get: (_, method) =>
          // Whoever awaits the stores looks whether they are a promise.
          method === "then"
            ? undefined
            : (...args: readonly unknown[]) =>
                call(object, { store: name, method: String(method), args }),
      },
    );
  const stores = Object.fromEntries(names.map((name) => [name, store(name)]));
  return stores as unknown as Stores & { readonly presets: PresetStore; readonly links: LinkStore };
}

async function call(object: string, body: StoreCall): Promise<unknown> {
  const response = await fetch(`${workerd.url}/${object}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as {
    value?: unknown;
    set?: unknown[];
    error?: { code: "storage-failed"; details: { problem: "full"; paid: boolean } };
  };
  if (answer.error) throw new ImageError(answer.error.code, answer.error.details);
  return answer.set ? new Set(answer.set) : answer.value;
}

ledgerContract("a Durable Object", someStores);
archiveContract("a Durable Object", someStores);
quotaStoreContract("a Durable Object", someStores);
presetStoreContract("a Durable Object", () => someStores().presets);
presetPicturesContract("a Durable Object", someStores);
linkStoreContract("a Durable Object", () => someStores().links);

let buckets = 0;

imageStoreContract("R2", () => r2Images(partOf(bucket, `${buckets++}/`)));
