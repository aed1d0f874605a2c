import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { ImageStore } from "../../core/images.ts";

const inAMinute = () => Date.now() + 60_000;
const aMinuteAgo = () => Date.now() - 60_000;

/** What every ImageStore does. `create` answers an empty store. */
export function imageStoreContract(name: string, create: () => ImageStore): void {
  describe(`${name}, as an ImageStore,`, () => {
    const picture = Buffer.from("the bytes of a picture");
    const other = Buffer.from("the bytes of another");

    test("gives back the bytes under their SHA-256", async () => {
      const store = create();
      const hash = await store.put(picture);
      expect(hash).toBe(createHash("sha256").update(picture).digest("hex"));
      expect(picture.equals((await store.read(hash)) ?? Buffer.of())).toBe(true);
    });

    test("keeps megabytes of every value unharmed", async () => {
      const store = create();
      const bytes = Buffer.alloc(
        3_000_001,
        Buffer.from(Array.from({ length: 256 }, (_, at) => at)),
      );
      const hash = await store.put(bytes);
      expect(bytes.equals((await store.read(hash)) ?? Buffer.of())).toBe(true);
    });

    test("knows nothing of bytes that were never put", async () => {
      expect(await create().read("0".repeat(64))).toBeUndefined();
    });

    test("keeps the same bytes once", async () => {
      const store = create();
      const hashes = await Promise.all(Array.from({ length: 10 }, () => store.put(picture)));
      expect(new Set(hashes).size).toBe(1);
      expect(await store.putBefore(inAMinute())).toEqual([hashes[0]]);
    });

    test("removes what it is told to and nothing else", async () => {
      const store = create();
      const [gone, kept] = [await store.put(picture), await store.put(other)];
      await store.remove([gone, "0".repeat(64)]);
      expect(await store.read(gone)).toBeUndefined();
      expect(await store.read(kept)).toBeDefined();
      expect(await store.putBefore(inAMinute())).toEqual([kept]);
    });

    test("takes bytes again that were removed", async () => {
      const store = create();
      await store.remove([await store.put(picture)]);
      expect(await store.read(await store.put(picture))).toBeDefined();
    });

    test("lists what was put before a time, and nothing younger", async () => {
      const store = create();
      const hashes = [await store.put(picture), await store.put(other)];
      expect((await store.putBefore(inAMinute())).toSorted()).toEqual(hashes.toSorted());
      expect(await store.putBefore(aMinuteAgo())).toEqual([]);
    });
  });
}
