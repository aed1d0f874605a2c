import { describe, expect, test } from "vitest";
import type { QuotaCharge } from "../../core/quota.ts";
import { aJob } from "../builders.ts";
import type { Stores } from "./ledger.ts";

const dayMs = 86_400_000;

/** What every Ledger and its QuotaStore do with charges. `create` answers empty stores. */
export function quotaStoreContract(
  name: string,
  create: () => Pick<Stores, "ledger" | "quota"> | Promise<Pick<Stores, "ledger" | "quota">>,
): void {
  const day = (count: number, limit = 10): QuotaCharge => {
    return { requester: "a", window: "day", since: 0, count, limit };
  };
  const minute = (count: number, limit: number): QuotaCharge => {
    return { requester: "a", window: "minute", since: 60_000, count, limit };
  };

  async function aQuota() {
    const { ledger, quota } = await create();
    return {
      used: quota.used.bind(quota),
      /** Whether a job was accepted for these charges. */
      charge: async (...charges: readonly QuotaCharge[]) =>
        (await ledger.accept(aJob(), charges, dayMs)).outcome === "accepted",
      /** Settles a job that cost nothing itself. */
      giveBack: async (...refunds: readonly QuotaCharge[]) => {
        const job = aJob();
        await ledger.accept(job, [], dayMs);
        await ledger.settle({ ...job, state: "cancelled", finishedAt: 1 }, refunds);
      },
    };
  }

  describe(`${name}, as a QuotaStore,`, () => {
    test("counts up to the limit and no further", async () => {
      const { charge, used } = await aQuota();
      expect(await charge(day(9))).toBe(true);
      expect(await charge(day(2))).toBe(false);
      expect(await charge(day(1))).toBe(true);
      expect(await used("a", "day", 0)).toBe(10);
    });

    test("charges all windows or none", async () => {
      const { charge, used } = await aQuota();
      expect(await charge(day(2), minute(2, 1))).toBe(false);
      expect(await used("a", "day", 0)).toBe(0);
      expect(await used("a", "minute", 60_000)).toBe(0);
      expect(await charge(day(2), minute(2, 2))).toBe(true);
      expect(await used("a", "minute", 60_000)).toBe(2);
    });

    test("counts each requester and each window by itself", async () => {
      const { charge, used } = await aQuota();
      await charge(day(3));
      expect(await used("b", "day", 0)).toBe(0);
      expect(await used("a", "day", dayMs)).toBe(0);
      expect(await used("a", "minute", 0)).toBe(0);
    });

    test("gives back, never below nothing", async () => {
      const { charge, giveBack, used } = await aQuota();
      await charge(day(3));
      await giveBack(day(2));
      expect(await used("a", "day", 0)).toBe(1);
      await giveBack(day(5));
      expect(await used("a", "day", 0)).toBe(0);
    });

    test("gives back nothing to a requester who was charged nothing", async () => {
      const { charge, giveBack, used } = await aQuota();
      await giveBack(day(5));
      expect(await used("a", "day", 0)).toBe(0);
      expect(await charge(day(11))).toBe(false);
    });

    test("lets simultaneous charges not exceed the limit together", async () => {
      const { charge } = await aQuota();
      const charges = Array.from({ length: 20 }, () => charge(day(1)));
      expect((await Promise.all(charges)).filter(Boolean)).toHaveLength(10);
    });
  });
}
