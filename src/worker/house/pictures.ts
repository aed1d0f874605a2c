import type { R2Bucket, R2Object } from "@cloudflare/workers-types";
import { ImageError } from "../../../core/errors.ts";
import { type ImageStore, type KeptBytes, mostForms, pieceBytes } from "../../../core/images.ts";
import { hexOf } from "../../../core/wire/hex.ts";

/** R2 deletes so many objects at a time. */
const mostAtOnce = 1000;

const isHash = /^[0-9a-f]{64}$/;

/** Pictures in R2 under their SHA-256; other forms of a picture under its name and `.forms/`. */
export function r2Images(bucket: R2Bucket): ImageStore {
  return {
    check: async () => undefined,

    async put(bytes) {
      const copy = new Uint8Array(bytes);
      const digest = await crypto.subtle.digest("SHA-256", copy);
      const hash = hexOf(new Uint8Array(digest));
      await bucket.put(hash, copy, { sha256: digest }).catch(lost);
      return hash;
    },

    async read(hash) {
      const found = await bucket.get(hash);
      return found ? new Uint8Array(await found.arrayBuffer()) : undefined;
    },

    async open(hash, form) {
      const key = form === undefined ? hash : keyOf(hash, form);
      const found = await bucket.head(key);
      return found ? kept(bucket, key, found.size) : undefined;
    },

    async putForm(hash, form, bytes) {
      if (!(await bucket.head(hash))) return;
      await bucket.put(keyOf(hash, form), new Uint8Array(bytes)).catch(lost);
      const forms = await all(bucket, `${hash}${formsUnder}`);
      const surplus = forms
        .toSorted((a, b) => b.uploaded.getTime() - a.uploaded.getTime())
        .slice(mostForms);
      if (surplus.length > 0) await bucket.delete(surplus.map(({ key }) => key));
    },

    async remove(hashes) {
      const keys: string[] = [];
      for (const hash of hashes) {
        const forms = await all(bucket, `${hash}${formsUnder}`);
        keys.push(hash, ...forms.map(({ key }) => key));
      }
      for (let at = 0; at < keys.length; at += mostAtOnce) {
        await bucket.delete(keys.slice(at, at + mostAtOnce));
      }
    },

    async putBefore(time) {
      const pictures = (await all(bucket)).filter(({ key }) => isHash.test(key));
      return pictures.filter(({ uploaded }) => uploaded.getTime() < time).map(({ key }) => key);
    },
  };
}

const formsUnder = ".forms/";

function keyOf(hash: string, form: string): string {
  return `${hash}${formsUnder}${form}`;
}

/** As one stream: each call to R2 counts among the few that a request may make. */
function kept(bucket: R2Bucket, key: string, size: number): KeptBytes {
  return {
    size,
    async *read() {
      const found = await bucket.get(key);
      if (!found) throw new Error(`${key} was removed before it was read`);
      for await (const chunk of found.body as AsyncIterable<Uint8Array>) {
        for (let at = 0; at < chunk.byteLength; at += pieceBytes) {
          yield chunk.subarray(at, at + pieceBytes);
        }
      }
    },
  };
}

async function all(bucket: R2Bucket, prefix = ""): Promise<R2Object[]> {
  const found: R2Object[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.objects);
    if (!page.truncated) return found;
    cursor = page.cursor;
  }
}

function lost(cause: unknown): never {
  throw new ImageError("storage-failed", { problem: "unwritable", paid: true }, { cause });
}
