import type { R2Bucket } from "@cloudflare/workers-types";

/** The objects of a bucket whose keys begin so, as if they were a whole one. */
export function partOf(whole: R2Bucket, before: string): R2Bucket {
  const named = (key: string) => before + key;
  const part = {
    head: (key: string) => whole.head(named(key)),
    get: (key: string) => whole.get(named(key)),
    put: (key: string, value: Uint8Array, options?: object) =>
      whole.put(named(key), value as never, options as never),
    delete: (keys: string | string[]) => whole.delete([keys].flat().map(named)),
    async list({ prefix = "", ...options }: { prefix?: string }) {
      const page = await whole.list({ ...options, prefix: named(prefix) });
      const objects = page.objects.map(({ key, size, uploaded }) => ({
        key: key.slice(before.length),
        size,
        uploaded,
      }));
      return { ...page, objects };
    },
  };
  return part as unknown as R2Bucket;
}
