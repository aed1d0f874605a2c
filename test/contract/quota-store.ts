import { describe, expect, test } from "vitest";
import type { QuotaStore } from "../../core/quota.ts";

/** What every QuotaStore does. `create` answers an empty store. */
export function quotaStoreContract(name: string, create: () => QuotaStore): void {
  const day = (count: number, limit = 10) => ({ window: "day", since: 0, count, limit }) as const;
  const minute = (count: number, limit: number) =>
    ({ window: "minute", since: 60_000, count, limit }) as const;

  describe(`${name}, as a QuotaStore,`, () => {
    test("counts up to the limit and no further", async () => {
      const store = create();
      expect(await store.charge("a", [day(9)])).toBe(true);
      expect(await store.charge("a", [day(2)])).toBe(false);
      expect(await store.charge("a", [day(1)])).toBe(true);
      expect(await store.used("a", "day", 0)).toBe(10);
    });

    test("charges all windows or none", async () => {
      const store = create();
      expect(await store.charge("a", [day(2), minute(2, 1)])).toBe(false);
      expect(await store.used("a", "day", 0)).toBe(0);
    });

    test("counts each requester and each window by itself", async () => {
      const store = create();
      await store.charge("a", [day(3)]);
      expect(await store.used("b", "day", 0)).toBe(0);
      expect(await store.used("a", "day", 86_400_000)).toBe(0);
      expect(await store.used("a", "minute", 0)).toBe(0);
    });

    test("gives back, never below nothing", async () => {
      const store = create();
      await store.charge("a", [day(3)]);
      await store.giveBack("a", [day(2)]);
      expect(await store.used("a", "day", 0)).toBe(1);
      await store.giveBack("a", [day(5)]);
      expect(await store.used("a", "day", 0)).toBe(0);
    });

    test("gives back nothing to whoever was charged nothing", async () => {
      const store = create();
      await store.giveBack("a", [day(5)]);
      expect(await store.used("a", "day", 0)).toBe(0);
      expect(await store.charge("a", [day(11)])).toBe(false);
    });

    test("lets simultaneous charges not exceed the limit together", async () => {
      const store = create();
      const charges = Array.from({ length: 20 }, () => store.charge("a", [day(1)]));
      expect((await Promise.all(charges)).filter(Boolean)).toHaveLength(10);
    });
  });
}
