import { describe, expect, test } from "vitest";
import type { SettingsStore } from "../../core/settings.ts";

/** What every SettingsStore does. `create` answers an empty one. */
export function settingsContract(
  name: string,
  create: () => SettingsStore | Promise<SettingsStore>,
): void {
  describe(`${name}, as a SettingsStore,`, () => {
    test("has nothing where nothing was ever set", async () => {
      expect(await (await create()).get("telegram:1")).toEqual({});
    });

    test("changes what it is given and leaves the rest", async () => {
      const settings = await create();
      await settings.set("telegram:1", { ratio: "16:9", enhance: false });
      await settings.set("telegram:1", { ratio: undefined, originals: true });
      await settings.set("telegram:2", { ratio: "1:1" });
      expect(await settings.get("telegram:1")).toEqual({ enhance: false, originals: true });
    });

    test("keeps scopes and values of every kind apart and unharmed", async () => {
      const settings = await create();
      const scopes = ["http:a\u0000", "http:a", 'http:a"\\', "http:猫 🐈‍⬛"];
      for (const [index, scope] of scopes.entries()) {
        await settings.set(scope, { model: `${scope}'; -- ${index}` });
      }
      for (const [index, scope] of scopes.entries()) {
        expect(await settings.get(scope)).toEqual({ model: `${scope}'; -- ${index}` });
      }
    });

    test("loses none of several changes of the same moment", async () => {
      const settings = await create();
      await Promise.all([
        settings.set("telegram:1", { ratio: "16:9" }),
        settings.set("telegram:1", { enhance: true }),
        settings.set("telegram:1", { originals: true }),
      ]);
      const all = { ratio: "16:9", enhance: true, originals: true };
      expect(await settings.get("telegram:1")).toEqual(all);
    });

    test("forgets a scope and no other", async () => {
      const settings = await create();
      await settings.set("telegram:1", { ratio: "16:9" });
      await settings.set("telegram:2", { ratio: "16:9" });
      await settings.forget("telegram:1");
      expect(await settings.get("telegram:1")).toEqual({});
      expect(await settings.get("telegram:2")).toEqual({ ratio: "16:9" });
    });
  });
}
