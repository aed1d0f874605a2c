import { onTestFinished, describe, expect, test } from "vitest";
import { createQuota, type QuotaStore } from "../../core/quota.ts";
import { openDatabase } from "../../src/storage/sqlite.ts";
import { sqliteQuota } from "../../src/storage/sqlite-quota.ts";
import { aDirectory } from "../builders.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Ten minutes before the end of a UTC day. */
const lateEvening = 20_000 * dayMs - 10 * minuteMs;

function aStore(): QuotaStore {
  const database = openDatabase(aDirectory());
  onTestFinished(() => database.close());
  return sqliteQuota(database);
}

/** A quota whose clock stands at `lateEvening` until it is moved. */
function aQuota(limits: { perDay?: number; perMinute?: number }, store = aStore()) {
  let time = lateEvening;
  const quota = createQuota({ ...limits, store, now: () => time });
  return {
    quota,
    now: () => time,
    pass: (ms: number) => void (time += ms),
    reserve: (count: number, requester = "anna") => quota.reserve(requester, count, time),
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
    await expect(reserve(1)).resolves.toBeUndefined();
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
    await expect(reserve(1, "ben")).resolves.toBeUndefined();
    expect([await left("anna"), await left("ben"), await left("eve")]).toEqual([
      { day: 0 },
      { day: 0 },
      { day: 1 },
    ]);
  });

  test("takes back pictures that were not made", async () => {
    const { quota, reserve, left, now } = aQuota({ perDay: 5, perMinute: 5 });
    await reserve(4);
    await quota.giveBack("anna", 3, now());
    expect(await left()).toEqual({ day: 4, minute: 4 });
  });

  test("takes them back into the windows that they were charged to, not into later ones", async () => {
    const { quota, reserve, left, now, pass } = aQuota({ perDay: 5, perMinute: 5 });
    await reserve(3);
    const reservedAt = now();
    pass(minuteMs);
    await reserve(1);
    await quota.giveBack("anna", 2, reservedAt);
    expect(await left()).toEqual({ day: 3, minute: 4 });
    pass(dayMs);
    await reserve(1);
    await quota.giveBack("anna", 1, reservedAt);
    expect(await left()).toEqual({ day: 4, minute: 4 });
  });

  test("gives nobody more than the limit for pictures that were free when they were asked for", async () => {
    const store = aStore();
    const before = aQuota({}, store);
    await before.reserve(4);
    const after = aQuota({ perDay: 2 }, store);
    await after.quota.giveBack("anna", 4, before.now());
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
    const { quota, reserve, now } = aQuota({});
    await reserve(1_000_000);
    await quota.giveBack("anna", 1, now());
    expect(await quota.state("anna")).toEqual([]);
  });
});
