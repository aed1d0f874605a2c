import { hash as digest } from "node:crypto";
import pLimit from "p-limit";
import { type ImageStore, type KeptBytes, mostForms, pieceBytes } from "../../core/images.ts";
import { ImageError } from "../../core/errors.ts";
import { Bucket, type BucketOptions, type Listed } from "./s3-bucket.ts";

/** Removals at a time. */
const removalsAtOnce = 16;

/** For so long a bucket that answered is believed to answer, in milliseconds. */
const freshMs = 5_000;

/** Forms whose picture is gone are removed when they are older than this: the picture may be on its way. */
const staleFormMs = 3_600_000;

/**
 * Pictures in a bucket, `images/<hash>`, and their other forms, `forms/<hash>/<name>`. The same bytes are written again, which
 * makes them young. No two requests contradict each other, so many processes may use the bucket.
 */
export function s3Images(options: BucketOptions): ImageStore {
  const bucket = new Bucket(options);
  const limit = pLimit(removalsAtOnce);
  let answeredAt = -Infinity;

  async function write(key: string, bytes: Uint8Array, paid: boolean): Promise<void> {
    try {
      await bucket.put(key, bytes);
    } catch (cause) {
      answeredAt = -Infinity;
      throw refused(cause, paid);
    }
  }

  async function remove(hash: string): Promise<void> {
    const forms = await bucket.list(formsOf(hash));
    for (const key of [keyOf(hash), ...forms.map((form) => form.key)]) await bucket.remove(key);
  }

  return {
    async check() {
      if (performance.now() - answeredAt < freshMs) return;
      await bucket.check().catch((cause: unknown) => {
        throw refused(cause, false);
      });
      answeredAt = performance.now();
    },

    async put(bytes) {
      const hash = digest("sha256", bytes);
      await write(keyOf(hash), bytes, true);
      return hash;
    },

    async read(hash) {
      const response = await bucket.get(keyOf(hash));
      return response && new Uint8Array(await response.arrayBuffer());
    },

    async open(hash, form) {
      const key = form === undefined ? keyOf(hash) : `${formsOf(hash)}${form}`;
      const size = await bucket.sizeOf(key);
      return size === undefined ? undefined : keptAt(bucket, key, size);
    },

    async putForm(hash, form, bytes) {
      if ((await bucket.sizeOf(keyOf(hash))) === undefined) return;
      const key = `${formsOf(hash)}${form}`;
      await write(key, bytes, false);
      const others = (await bucket.list(formsOf(hash))).filter((other) => other.key !== key);
      const surplus = others.toSorted((a, b) => b.at - a.at).slice(mostForms - 1);
      for (const old of surplus) await bucket.remove(old.key);
    },

    async remove(hashes) {
      await Promise.all(hashes.map((hash) => limit(() => remove(hash))));
    },

    async putBefore(time) {
      const all = await bucket.list(images);
      const known = new Set(all.map(({ key }) => key));
      for (const form of await bucket.list(forms)) {
        if (isStale(form, known)) await bucket.remove(form.key);
      }
      return all.filter(({ at }) => at < time).map(({ key }) => key.slice(images.length));
    },
  };
}

/** Where a picture can be fetched from the bucket itself for a while; its link is no permission for anything else. */
export function presignedLinks(
  options: BucketOptions,
): (hash: string, contentType: string) => Promise<string> {
  const bucket = new Bucket(options);
  return (hash, contentType) => bucket.presign(keyOf(hash), contentType);
}

const images = "images/";
const forms = "forms/";

function keyOf(hash: string): string {
  return `${images}${hash}`;
}

function formsOf(hash: string): string {
  return `${forms}${hash}/`;
}

function isStale({ key, at }: Listed, known: ReadonlySet<string>): boolean {
  const [, hash = ""] = key.split("/");
  return at < Date.now() - staleFormMs && !known.has(keyOf(hash));
}

function keptAt(bucket: Bucket, key: string, size: number): KeptBytes {
  return {
    size,
    async *read() {
      const response = await bucket.get(key);
      if (!response?.body) throw new Error(`${key} was removed while it was read`);
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        for (let at = 0; at < chunk.byteLength; at += pieceBytes) {
          yield chunk.subarray(at, at + pieceBytes);
        }
      }
    },
  };
}

function refused(cause: unknown, paid: boolean): ImageError {
  return new ImageError("storage-failed", { problem: "unwritable", paid }, { cause });
}
