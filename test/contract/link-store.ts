import { describe, expect, test } from "vitest";
import type { LinkStore } from "../../core/people.ts";

/** What every LinkStore does. `create` answers an empty one. */
export function linkStoreContract(
  name: string,
  create: () => LinkStore | Promise<LinkStore>,
): void {
  describe(`${name}, as a LinkStore,`, () => {
    test("gives an account to one person, whoever had it before", async () => {
      const store = await create();
      await store.link("discord:1", "telegram:1");
      await store.link("discord:1", "telegram:2");
      expect(await store.find("discord:1", 0)).toBe("telegram:2");
      expect(await store.list("telegram:1", 0)).toEqual([]);
      expect(await store.find("discord:2", 0)).toBeUndefined();
    });

    test("lists the accounts of a person by their names", async () => {
      const store = await create();
      await store.link("key:zk-1", "telegram:1");
      await store.link("discord:1", "telegram:1");
      await store.link("discord:2", "telegram:2");
      expect(await store.list("telegram:1", 0)).toEqual(["discord:1", "key:zk-1"]);
    });

    test("forgets what has ended", async () => {
      const store = await create();
      await store.link("code:a", "telegram:1", 1000);
      expect(await store.find("code:a", 999)).toBe("telegram:1");
      expect(await store.find("code:a", 1000)).toBeUndefined();
      expect(await store.list("telegram:1", 999)).toEqual(["code:a"]);
      expect(await store.list("telegram:1", 1000)).toEqual([]);
    });

    test("makes what had an end last, where it is linked for good", async () => {
      const store = await create();
      await store.link("discord:1", "telegram:1", 1000);
      await store.link("discord:1", "telegram:1");
      expect(await store.find("discord:1", 2000)).toBe("telegram:1");
    });

    test("tells one of several that it took an account away", async () => {
      const store = await create();
      await store.link("code:a", "telegram:1", 1000);
      const told = await Promise.all([1, 2, 3].map(() => store.unlink("code:a")));
      expect(told.filter(Boolean)).toHaveLength(1);
      expect(await store.find("code:a", 0)).toBeUndefined();
    });
  });
}
