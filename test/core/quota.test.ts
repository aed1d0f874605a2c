import { describe, expect, onTestFinished, test } from "vitest";
import { createQuota } from "../../core/quota.ts";
import { aDirectory, aJob } from "../builders.ts";
import { openStores } from "../fakes/studio.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Ten minutes before the end of a UTC day. */
const lateEvening = 20_000 * dayMs - 10 * minuteMs;

function someStores() {
  const stores = openStores(aDirectory());
  onTestFinished(() => stores.database.close());
  return stores;
}

/** A quota whose clock stands at `lateEvening` until it is moved. */
function aQuota(limits: { perDay?: number; perMinute?: number }, stores = someStores()) {
  const { ledger, quota: store } = stores;
  let time = lateEvening;
  const quota = createQuota({ ...limits, store, now: () => time });

  /** Asks for so many pictures, as a studio does. */
  async function reserve(count: number, requester = "anna") {
    const charge = quota.charge(requester, count, time);
    const job = aJob({ requester: { id: requester } });
    const { outcome } = await ledger.accept(job, charge.whole, dayMs);
    if (outcome === "over-quota") throw await quota.refusal(requester, count);
    return { job, charge };
  }

  /** Ends a job after so many of its pictures were made. */
  async function end({ job, charge }: Awaited<ReturnType<typeof reserve>>, made: number) {
    charge.keep(made);
    await ledger.settle({ ...job, state: "cancelled", finishedAt: time }, charge.returnRest());
  }

  return {
    quota,
    reserve,
    end,
    pass: (ms: number) => void (time += ms),
    left: async (requester = "anna") =>
      Object.fromEntries(
        (await quota.state(requester)).map(({ window, left }) => [window, left] as const),
      ),
  };
}

const refusal = (details: object) => ({
  code: "quota-exceeded",
  details: expect.objectContaining(details),
});

describe("a quota", () => {
  test("lets pictures pass up to its limit, and says when it starts anew", async () => {
    const { reserve, left } = aQuota({ perDay: 3 });
    await reserve(2);
    await reserve(1);
    await expect(reserve(1)).rejects.toMatchObject(
      refusal({ window: "day", limit: 3, left: 0, resetsAt: lateEvening + 10 * minuteMs }),
    );
    expect(await left()).toEqual({ day: 0 });
  });

  test("refuses more pictures than are left, and charges nothing for them", async () => {
    const { reserve, left } = aQuota({ perDay: 3, perMinute: 3 });
    await reserve(2);
    await expect(reserve(2)).rejects.toMatchObject(refusal({ left: 1 }));
    expect(await left()).toEqual({ day: 1, minute: 1 });
    await expect(reserve(1)).resolves.toBeDefined();
  });

  test("starts anew with each minute and each UTC day", async () => {
    const { reserve, left, pass } = aQuota({ perDay: 3, perMinute: 2 });
    await reserve(2);
    pass(minuteMs);
    expect(await left()).toEqual({ day: 1, minute: 2 });
    await expect(reserve(2)).rejects.toMatchObject(refusal({ window: "day", left: 1 }));
    pass(9 * minuteMs);
    expect(await left()).toEqual({ day: 3, minute: 2 });
  });

  test("names the window that keeps the requester away for longest", async () => {
    const { reserve } = aQuota({ perDay: 2, perMinute: 2 });
    await reserve(2);
    await expect(reserve(1)).rejects.toMatchObject(
      refusal({ window: "day", resetsAt: lateEvening + 10 * minuteMs }),
    );
  });

  test("names the minute where only the minute is used up", async () => {
    const { reserve, pass } = aQuota({ perDay: 9, perMinute: 2 });
    pass(30_000);
    await reserve(2);
    await expect(reserve(1)).rejects.toMatchObject(
      refusal({ window: "minute", limit: 2, left: 0, resetsAt: lateEvening + minuteMs }),
    );
  });

  test("counts each requester alone", async () => {
    const { reserve, left } = aQuota({ perDay: 1 });
    await reserve(1, "anna");
    await expect(reserve(1, "ben")).resolves.toBeDefined();
    expect([await left("anna"), await left("ben"), await left("eve")]).toEqual([
      { day: 0 },
      { day: 0 },
      { day: 1 },
    ]);
  });

  test("takes back pictures that were not made", async () => {
    const { reserve, end, left } = aQuota({ perDay: 5, perMinute: 5 });
    await end(await reserve(4), 1);
    expect(await left()).toEqual({ day: 4, minute: 4 });
  });

  test("takes them back into the windows that they were charged to, not into later ones", async () => {
    const { reserve, end, left, pass } = aQuota({ perDay: 5, perMinute: 5 });
    const [first, second] = [await reserve(2), await reserve(1)];
    pass(minuteMs);
    await reserve(1);
    await end(first, 0);
    expect(await left()).toEqual({ day: 3, minute: 4 });
    pass(dayMs);
    await reserve(1);
    await end(second, 0);
    expect(await left()).toEqual({ day: 4, minute: 4 });
  });

  test("gives nobody more than the limit for pictures that were free when they were asked for", async () => {
    const stores = someStores();
    const { job } = await aQuota({}, stores).reserve(4);
    const after = aQuota({ perDay: 2 }, stores);
    await after.end({ job, charge: after.quota.charge("anna", 4, lateEvening) }, 0);
    await after.reserve(2);
    await expect(after.reserve(1)).rejects.toMatchObject(refusal({ left: 0 }));
  });

  test("holds against requests of the same moment", async () => {
    const { reserve, left } = aQuota({ perDay: 10, perMinute: 7 });
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => reserve(1)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(7);
    expect(await left()).toEqual({ day: 3, minute: 0 });
  });

  test("is off where no limit is set", async () => {
    const { quota, reserve, end } = aQuota({});
    await end(await reserve(1_000_000), 1);
    expect(await quota.state("anna")).toEqual([]);
  });
});

describe("a charge", () => {
  const aCharge = (count: number) => {
    const { quota } = aQuota({ perDay: 9, perMinute: 9 });
    return quota.charge("anna", count, lateEvening + 1234);
  };
  const counts = (charges: readonly { window: string; count: number }[]) =>
    charges.map(({ window, count }) => [window, count]);

  test("names each window that it counts in, from its beginning", () => {
    expect(aCharge(3).whole).toEqual([
      { requester: "anna", window: "minute", since: lateEvening, count: 3, limit: 9 },
      {
        requester: "anna",
        window: "day",
        since: lateEvening + 10 * minuteMs - dayMs,
        count: 3,
        limit: 9,
      },
    ]);
  });

  test("returns what was not kept, once", () => {
    const charge = aCharge(5);
    charge.keep(2);
    expect(charge.open).toBe(3);
    expect(counts(charge.returnRest())).toEqual([
      ["minute", 3],
      ["day", 3],
    ]);
    expect([charge.open, charge.returnRest()]).toEqual([0, []]);
  });

  test("holds on to pictures that are being made, until they are kept or returned", () => {
    const charge = aCharge(5);
    charge.keep(1);
    expect(counts(charge.returnRest(2))).toEqual([
      ["minute", 2],
      ["day", 2],
    ]);
    charge.keep(1);
    expect(counts(charge.returnRest())).toEqual([
      ["minute", 1],
      ["day", 1],
    ]);
  });

  test("returns nothing while more pictures are being made than are open", () => {
    const charge = aCharge(1);
    expect([charge.returnRest(2), charge.open]).toEqual([[], 1]);
  });

  test("keeps no more than it has", () => {
    const charge = aCharge(1);
    charge.keep(3);
    expect([charge.open, charge.returnRest()]).toEqual([0, []]);
  });
});
