import { describe, expect, test } from "vitest";
import {
  createEstimate,
  createFairQueue,
  type FairQueueOptions,
  type Lease,
  type Ticket,
} from "../../core/queue.ts";

const picture = { code: "zi-0000000000", provider: "p", model: "m", pixels: 100, count: 1 };
const never = new AbortController().signal;

function aQueue(options: Partial<FairQueueOptions> = {}) {
  const estimate = createEstimate();
  const limits = { maxWaiting: 500, maxWaitingPerRequester: 100 };
  return { queue: createFairQueue({ slots: () => 2, ...limits, estimate, ...options }), estimate };
}

/** Joins and asks for turns at once; the turns end one after another when `finishAll` is called. */
function aLine(slots: number) {
  const { queue } = aQueue({ slots: () => slots });
  const running: Lease[] = [];
  const begun: string[] = [];
  const begin = (requester: string, lease: Lease) => {
    begun.push(requester);
    running.push(lease);
  };
  const join = (requester: string, count = 1): Ticket => {
    const ticket = queue.join({ ...picture, requester, count });
    for (let n = 0; n < count; n++) {
      void ticket.take(never).then((lease) => begin(requester, lease));
    }
    return ticket;
  };
  /** Takes the first turn at once where that is possible; answers whether it was. */
  const joinNow = (requester: string, count = 1): boolean => {
    const ticket = queue.join({ ...picture, requester, count });
    const lease = ticket.takeNow();
    if (lease) begin(requester, lease);
    for (let n = lease ? 1 : 0; n < count; n++) {
      void ticket.take(never).then((next) => begin(requester, next));
    }
    return lease !== undefined;
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const finishAll = async () => {
    await settle();
    while (running.length > 0) {
      running.shift()?.release();
      await settle();
    }
    return begun;
  };
  return { queue, join, joinNow, begun, finishAll, settle };
}

describe("FairQueue", () => {
  test("serves three users with 60, 3 and 1 jobs on 2 slots in turn", async () => {
    const { join, finishAll } = aLine(2);
    for (let n = 0; n < 60; n++) join("many");
    for (let n = 0; n < 3; n++) join("few");
    join("one");
    const order = await finishAll();
    expect(order.slice(0, 10)).toEqual([
      ...["many", "many"], // nobody else was there yet
      ...["few", "one", "many", "few", "many", "few", "many", "many"],
    ]);
    expect(order.length).toBe(64);
  });

  test.each([1, 2, 5])(
    "delays a newcomer by no more than the pictures that are running on %i slots",
    async (slots) => {
      const { join, finishAll, settle } = aLine(slots);
      for (let n = 0; n < 50; n++) join("many");
      await settle();
      join("new");
      const order = await finishAll();
      expect(order.indexOf("new")).toBe(slots);
    },
  );

  test("does not starve a user with many jobs when newcomers keep coming", async () => {
    const { join, begun, finishAll, settle } = aLine(1);
    for (let n = 0; n < 10; n++) join("many");
    await settle();
    for (let n = 0; n < 10; n++) join(`new-${n}`);
    await finishAll();
    expect(begun.slice(0, 3)).toEqual(["many", "new-0", "new-1"]);
    expect(begun.indexOf("many", 1)).toBeLessThan(13);
  });

  test("counts turns in pictures: four pictures of one job are four turns", async () => {
    const { join, finishAll } = aLine(1);
    join("a", 4);
    join("b", 1);
    expect(await finishAll()).toEqual(["a", "b", "a", "a", "a"]);
  });

  test("lets a job that is not ready keep its place without holding up anybody", async () => {
    const { queue, join, begun, settle } = aLine(1);
    const slow = queue.join({ ...picture, requester: "slow" });
    join("quick");
    await settle();
    expect(begun).toEqual(["quick"]);
    expect(slow.position()?.place).toBe(1);
  });

  test("has a line of its own for each provider", async () => {
    const { queue } = aQueue({ slots: () => 1 });
    const [a, b] = ["x", "y"].map((provider) =>
      queue.join({ ...picture, requester: "r", provider }),
    );
    await expect(Promise.all([a?.take(never), b?.take(never)])).resolves.toHaveLength(2);
  });

  test("refuses a requester's job beyond the limit, and takes it again when one has begun", async () => {
    const { queue } = aQueue({ slots: () => 1, maxWaitingPerRequester: 2 });
    const first = queue.join({ ...picture, requester: "a" });
    queue.join({ ...picture, requester: "a" });
    expect(() => queue.join({ ...picture, requester: "a" })).toThrow(
      expect.objectContaining({
        code: "queue-full",
        details: expect.objectContaining({ whose: "requester", limit: 2 }),
      }),
    );
    await first.take(never);
    expect(() => queue.join({ ...picture, requester: "a" })).not.toThrow();
  });

  test("tells whose line is full how long it takes until a turn of theirs", () => {
    const { queue, estimate } = aQueue({ slots: () => 1, maxWaitingPerRequester: 1 });
    estimate.record("m", 100, 10_000);
    const refusal = (requester: string) => {
      try {
        queue.join({ ...picture, requester });
        return undefined;
      } catch (error) {
        return (error as { details: { retryAfterMs: number } }).details.retryAfterMs;
      }
    };
    expect(refusal("anna")).toBeUndefined();
    expect(refusal("anna")).toBe(10_000);
    expect([refusal("ben"), refusal("eve")]).toEqual([undefined, undefined]);
    expect(refusal("anna")).toBe(30_000);
  });

  test("refuses everybody beyond the limit of all, but not a job that was accepted before", () => {
    const { queue } = aQueue({ maxWaiting: 1 });
    queue.join({ ...picture, requester: "a" });
    expect(() => queue.join({ ...picture, requester: "b" })).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ whose: "everyone" }) }),
    );
    expect(() => queue.join({ ...picture, requester: "b", accepted: true })).not.toThrow();
  });

  test("frees the place of a job that leaves, and the turn it waited for goes to the next", async () => {
    const { queue, join, begun, settle } = aLine(1);
    join("running");
    const leaving = join("leaving");
    join("next");
    await settle();
    leaving.leave();
    expect(queue.waiting).toBe(1);
    expect(begun).toEqual(["running"]);
  });

  test("rejects a wait for a turn with the reason of its signal", async () => {
    const { queue } = aQueue({ slots: () => 1 });
    await queue.join({ ...picture, requester: "a" }).take(never);
    const controller = new AbortController();
    const waiting = queue.join({ ...picture, requester: "b" }).take(controller.signal);
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });

  test("gives a slot back once, however often its turn is released", async () => {
    const { queue } = aQueue({ slots: () => 1 });
    const lease = await queue.join({ ...picture, requester: "a" }).take(never);
    lease.release();
    lease.release();
    await queue.join({ ...picture, requester: "a" }).take(never);
    let got = false;
    void queue
      .join({ ...picture, requester: "a" })
      .take(never)
      .then(() => {
        got = true;
      });
    await new Promise((resolve) => setImmediate(resolve));
    expect(got).toBe(false);
  });

  test("tells the place in jobs and, once it is known how long pictures take, when the picture will be there", async () => {
    const { queue, estimate } = aQueue({ slots: () => 2 });
    const tickets = ["a", "b", "c", "d"].map((requester) =>
      queue.join({ ...picture, requester, provider: "p" }),
    );
    await Promise.all(tickets.slice(0, 2).map((ticket) => ticket.take(never)));
    expect(tickets[3]?.position()).toEqual({ place: 2, etaMs: undefined });
    estimate.record("m", 100, 1000);
    expect(tickets.slice(1).map((ticket) => ticket.position())).toEqual([
      undefined,
      { place: 1, etaMs: 2000 },
      { place: 2, etaMs: 2000 },
    ]);
  });

  describe("asked for a turn at once", () => {
    test("gives one only where a slot is free", () => {
      const { queue } = aQueue({ slots: () => 2 });
      const tickets = ["a", "b", "c"].map((requester) => queue.join({ ...picture, requester }));
      const leases = tickets.map((ticket) => ticket.takeNow());
      expect(leases.map((lease) => lease !== undefined)).toEqual([true, true, false]);
      leases[0]?.release();
      expect(tickets[2]?.takeNow()).toBeDefined();
    });

    test("gives none while another picture waits for its turn", async () => {
      const { join, joinNow, begun, settle } = aLine(1);
      join("running");
      join("waiting");
      await settle();
      expect(joinNow("new")).toBe(false);
      expect(begun).toEqual(["running"]);
    });

    test("counts it as the first turn of the job", async () => {
      const { queue } = aQueue({ slots: () => 1, maxWaitingPerRequester: 1 });
      const ticket = queue.join({ ...picture, requester: "a" });
      expect([queue.waiting, ticket.position()?.place]).toEqual([1, 1]);
      const lease = ticket.takeNow();
      expect([queue.waiting, ticket.position()]).toEqual([0, undefined]);
      expect(() => queue.join({ ...picture, requester: "a" })).not.toThrow();
      lease?.release();
      lease?.release();
      expect(queue.join({ ...picture, requester: "b" }).takeNow()).toBeDefined();
      expect(queue.join({ ...picture, requester: "c" }).takeNow()).toBeUndefined();
    });

    test("gives one turn alone of a job with several pictures", async () => {
      const { joinNow, begun, settle, finishAll } = aLine(2);
      expect(joinNow("a", 3)).toBe(true);
      await settle();
      expect(begun).toEqual(["a", "a"]);
      expect(await finishAll()).toEqual(["a", "a", "a"]);
    });

    test("gives none of a job that has left or has had all its turns", () => {
      const { queue } = aQueue({ slots: () => 2 });
      const [had, left] = [1, 2].map(() => queue.join({ ...picture, requester: "a" }));
      had?.takeNow()?.release();
      left?.leave();
      expect([had?.takeNow(), left?.takeNow()]).toEqual([undefined, undefined]);
      const next = [1, 2, 3].map(() => queue.join({ ...picture, requester: "b" }).takeNow());
      expect(next.map((lease) => lease !== undefined)).toEqual([true, true, false]);
    });

    test("still lets requesters take turns", async () => {
      const { joinNow, finishAll } = aLine(1);
      expect(joinNow("many")).toBe(true);
      for (let n = 0; n < 3; n++) expect(joinNow("many")).toBe(false);
      expect(joinNow("new")).toBe(false);
      expect(joinNow("one more")).toBe(false);
      expect(await finishAll()).toEqual(["many", "new", "one more", "many", "many", "many"]);
    });

    test("frees its slot for the next when a job leaves that had its turn at once", async () => {
      const { queue, join, begun, settle } = aLine(1);
      const ticket = queue.join({ ...picture, requester: "a", count: 2 });
      const lease = ticket.takeNow();
      join("next");
      ticket.leave();
      await settle();
      expect([begun, queue.waiting]).toEqual([[], 1]);
      lease?.release();
      await settle();
      expect([begun, queue.waiting]).toEqual([["next"], 0]);
    });
  });
});

describe("An estimate", () => {
  test("knows nothing of a model that it has not seen", () => {
    expect(createEstimate().expect("m", 100)).toBeUndefined();
  });

  test("moves towards the newest times of the same size", () => {
    const estimate = createEstimate();
    estimate.record("m", 100, 1000);
    estimate.record("m", 100, 2000);
    expect(estimate.expect("m", 100)).toBeCloseTo(1300);
  });

  test("judges a size that it has not seen by the number of its pixels", () => {
    const estimate = createEstimate();
    estimate.record("m", 100, 1000);
    expect(estimate.expect("m", 400)).toBeCloseTo(4000);
  });

  test("believes no more than the deadline, for any size", () => {
    const estimate = createEstimate();
    estimate.record("m", 100, 86_400_000, 180_000);
    expect(estimate.expect("m", 100)).toBe(180_000);
    expect(estimate.expect("m", 400)).toBe(180_000);
  });
});
