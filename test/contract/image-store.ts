import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type ImageStore, type KeptBytes, mostForms, pieceBytes } from "../../core/images.ts";

const inAMinute = () => Date.now() + 60_000;
const aMinuteAgo = () => Date.now() - 60_000;

/** What every ImageStore does. `create` answers an empty store. */
export function imageStoreContract(
  name: string,
  create: () => ImageStore | Promise<ImageStore>,
): void {
  describe(`${name}, as an ImageStore,`, () => {
    const picture = Buffer.from("the bytes of a picture");
    const other = Buffer.from("the bytes of another");

    test("gives back the bytes under their SHA-256", async () => {
      const store = await create();
      const hash = await store.put(picture);
      expect(hash).toBe(createHash("sha256").update(picture).digest("hex"));
      expect(picture.equals((await store.read(hash)) ?? Buffer.of())).toBe(true);
    });

    test("keeps megabytes of every value unharmed", async () => {
      const store = await create();
      const bytes = Buffer.alloc(
        3_000_001,
        Buffer.from(Array.from({ length: 256 }, (_, at) => at)),
      );
      const hash = await store.put(bytes);
      expect(bytes.equals((await store.read(hash)) ?? Buffer.of())).toBe(true);
    });

    test("knows nothing of bytes that were never put", async () => {
      expect(await (await create()).read("0".repeat(64))).toBeUndefined();
    });

    test("keeps the same bytes once", async () => {
      const store = await create();
      const hashes = await Promise.all(Array.from({ length: 10 }, () => store.put(picture)));
      expect(new Set(hashes).size).toBe(1);
      expect(await store.putBefore(inAMinute())).toEqual([hashes[0]]);
    });

    test("removes what it is told to and nothing else", async () => {
      const store = await create();
      const [gone, kept] = [await store.put(picture), await store.put(other)];
      await store.remove([gone, "0".repeat(64)]);
      expect(await store.read(gone)).toBeUndefined();
      expect(await store.read(kept)).toBeDefined();
      expect(await store.putBefore(inAMinute())).toEqual([kept]);
    });

    test("takes bytes again that were removed", async () => {
      const store = await create();
      await store.remove([await store.put(picture)]);
      expect(await store.read(await store.put(picture))).toBeDefined();
    });

    test("lists what was put before a time, and nothing younger", async () => {
      const store = await create();
      const hashes = [await store.put(picture), await store.put(other)];
      expect((await store.putBefore(inAMinute())).toSorted()).toEqual(hashes.toSorted());
      expect(await store.putBefore(aMinuteAgo())).toEqual([]);
    });

    const readAll = async (kept: KeptBytes | undefined) =>
      kept && Buffer.concat(await Array.fromAsync(kept.read()));

    test("lets bytes be read in pieces, as often as they are wanted", async () => {
      const store = await create();
      const bytes = Buffer.alloc(2 * pieceBytes + 7, Buffer.from("any bytes of a picture"));
      const kept = await store.open(await store.put(bytes));
      expect(kept?.size).toBe(bytes.length);
      for (let time = 0; time < 2; time++) expect(bytes.equals((await readAll(kept))!)).toBe(true);
      for await (const piece of kept?.read() ?? []) {
        expect(piece.byteLength).toBeLessThanOrEqual(pieceBytes);
      }
      expect(await store.open("0".repeat(64))).toBeUndefined();
    });

    test("keeps forms of a picture beside it, and removes them with it", async () => {
      const store = await create();
      const hash = await store.put(picture);
      await store.putForm(hash, "webp", other);
      await store.putForm(hash, "jpeg-80", picture);
      expect(await readAll(await store.open(hash, "webp"))).toEqual(other);
      expect(await store.open(hash, "jpeg")).toBeUndefined();
      expect(await store.putBefore(inAMinute())).toEqual([hash]);
      await store.remove([hash]);
      await store.put(picture);
      expect(await store.open(hash, "webp")).toBeUndefined();
    });

    test("keeps the newest form where one is made anew", async () => {
      const store = await create();
      const hash = await store.put(picture);
      for (const bytes of [picture, other]) await store.putForm(hash, "webp", bytes);
      expect(await readAll(await store.open(hash, "webp"))).toEqual(other);
    });

    test("keeps no form of a picture that is gone", async () => {
      const store = await create();
      const hash = await store.put(picture);
      await store.remove([hash]);
      await store.putForm(hash, "webp", other);
      expect(await store.open(hash, "webp")).toBeUndefined();
    });

    test("keeps only so many forms of one picture", async () => {
      const store = await create();
      const hash = await store.put(picture);
      const names = Array.from({ length: mostForms + 3 }, (_, quality) => `webp-${quality}`);
      for (const name of names) await store.putForm(hash, name, other);
      const kept = await Promise.all(names.map((name) => store.open(hash, name)));
      expect(kept.filter((form) => form !== undefined)).toHaveLength(mostForms);
      expect(kept.at(-1)).toBeDefined();
    });
  });
}
