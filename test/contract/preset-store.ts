import { describe, expect, test } from "vitest";
import type { PictureIndex } from "../../core/archive.ts";
import type { Preset, PresetStore } from "../../core/presets.ts";

const fox: Preset = { name: "fox", words: "a fox, {prompt}", ratio: "3:2", code: "zp-0000000001" };
const ink: Preset = { name: "ink", words: "{prompt}, in ink", code: "zp-0000000002" };

/** Of the stores that keep pictures and presets. `create` answers empty ones. */
export function presetPicturesContract(name: string, create: () => Promise<Kept> | Kept): void {
  test(`${name} knows the pictures that were sent for a preset, as long as there is that preset`, async () => {
    const { presets, pictures } = await create();
    const [own, other] = ["a".repeat(64), "b".repeat(64)] as const;
    await presets.put("http:anna", { ...fox, words: `"${other}"`, pictures: [own] }, 50);
    expect(await pictures.known([own, other])).toEqual(new Set([own]));
    await presets.remove("http:anna");
    expect(await pictures.known([own])).toEqual(new Set());
  });
}

interface Kept {
  readonly presets: PresetStore;
  readonly pictures: Pick<PictureIndex, "known">;
}

/** What every PresetStore does. `create` answers an empty one. */
export function presetStoreContract(
  name: string,
  create: () => PresetStore | Promise<PresetStore>,
): void {
  describe(`${name}, as a PresetStore,`, () => {
    test("lists the presets of a scope by their names, and none of another", async () => {
      const store = await create();
      await store.put("http:anna", ink, 50);
      await store.put("http:anna", fox, 50);
      await store.put("http:ben", { ...fox, code: "zp-0000000003" }, 50);
      expect(await store.list("http:anna")).toEqual([fox, ink]);
      expect(await store.list("http:carl")).toEqual([]);
    });

    test("replaces the preset of the same name, share code included", async () => {
      const store = await create();
      await store.put("http:anna", fox, 50);
      const newer: Preset = { name: "fox", words: "an old fox", code: "zp-0000000009" };
      expect(await store.put("http:anna", newer, 50)).toBe(true);
      expect(await store.list("http:anna")).toEqual([newer]);
      expect(await store.find("zp-0000000001")).toBeUndefined();
      expect(await store.find("zp-0000000009")).toEqual(newer);
    });

    test("finds a preset by its share code, whosever it is", async () => {
      const store = await create();
      await store.put("http:anna", fox, 50);
      expect(await store.find("zp-0000000001")).toEqual(fox);
      expect(await store.find("zp-0000000002")).toBeUndefined();
    });

    test("stores no more than it is told, also of several at once, and still replaces", async () => {
      const store = await create();
      const put = (number: number) => {
        const own = { ...fox, name: `fox-${number}`, code: `zp-000000001${number}` };
        return store.put("http:anna", own, 2);
      };
      const stored = await Promise.all([put(1), put(2), put(3)]);
      expect(stored.filter(Boolean)).toHaveLength(2);
      expect(await store.list("http:anna")).toHaveLength(2);
      expect(await put(1)).toBe(true);
    });

    test("removes one by its name, or all of a scope", async () => {
      const store = await create();
      await store.put("http:anna", fox, 50);
      await store.put("http:anna", ink, 50);
      await store.put("http:ben", { ...fox, code: "zp-0000000003" }, 50);
      expect(await store.remove("http:anna", "fox")).toBe(true);
      expect(await store.remove("http:anna", "fox")).toBe(false);
      expect(await store.list("http:anna")).toEqual([ink]);
      expect(await store.remove("http:anna")).toBe(true);
      expect(await store.remove("http:anna")).toBe(false);
      expect(await store.list("http:anna")).toEqual([]);
      expect(await store.list("http:ben")).toHaveLength(1);
    });
  });
}
