import { describe, expect, test } from "vitest";
import { createEstimate } from "../../core/queue/estimate.ts";
import { createFairQueue, type FairQueueOptions, type Place, type Turn } from "../../core/queue.ts";

const picture = { provider: "p", model: "m", pixels: 100, count: 1 };
const never = new AbortController().signal;

function aQueue(options: Partial<FairQueueOptions> = {}) {
  const pace = createEstimate();
  const limits = { maxWaiting: 500, maxWaitingPerRequester: 100 };
  return { queue: createFairQueue({ slots: () => 2, ...limits, pace, ...options }), pace };
}

/** Joins and asks for turns at once; the turns end one after another when `finishAll` is called. */
function aLine(slots: number) {
  const { queue } = aQueue({ slots: () => slots });
  const running: { name: string; turn: Turn }[] = [];
  const begun: string[] = [];
  const join = (requester: string, count = 1): Place => {
    const place = queue.join({ ...picture, requester, count });
    for (let n = 0; n < count; n++) {
      void place.turn(never).then((turn) => {
        begun.push(requester);
        running.push({ name: requester, turn });
      });
    }
    return place;
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const finishAll = async () => {
    await settle();
    while (running.length > 0) {
      running.shift()?.turn.release();
      await settle();
    }
    return begun;
  };
  return { queue, join, begun, finishAll, settle };
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
    expect(slow.standing()?.position).toBe(1);
  });

  test("has a line of its own for each provider", async () => {
    const { queue } = aQueue({ slots: () => 1 });
    const [a, b] = ["x", "y"].map((provider) =>
      queue.join({ ...picture, requester: "r", provider }),
    );
    await expect(Promise.all([a?.turn(never), b?.turn(never)])).resolves.toHaveLength(2);
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
    await first.turn(never);
    expect(() => queue.join({ ...picture, requester: "a" })).not.toThrow();
  });

  test("tells whose line is full how long it takes until a turn of theirs", () => {
    const { queue, pace } = aQueue({ slots: () => 1, maxWaitingPerRequester: 1 });
    pace.record("m", 100, 10_000);
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
    await queue.join({ ...picture, requester: "a" }).turn(never);
    const controller = new AbortController();
    const waiting = queue.join({ ...picture, requester: "b" }).turn(controller.signal);
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });

  test("gives a slot back once, however often its turn is released", async () => {
    const { queue } = aQueue({ slots: () => 1 });
    const turn = await queue.join({ ...picture, requester: "a" }).turn(never);
    turn.release();
    turn.release();
    await queue.join({ ...picture, requester: "a" }).turn(never);
    let got = false;
    void queue
      .join({ ...picture, requester: "a" })
      .turn(never)
      .then(() => {
        got = true;
      });
    await new Promise((resolve) => setImmediate(resolve));
    expect(got).toBe(false);
  });

  test("tells the position in jobs and, once the pace is known, when the picture will be there", async () => {
    const { queue, pace } = aQueue({ slots: () => 2 });
    const places = ["a", "b", "c", "d"].map((requester) =>
      queue.join({ ...picture, requester, provider: "p" }),
    );
    await Promise.all(places.slice(0, 2).map((place) => place.turn(never)));
    expect(places[3]?.standing()).toEqual({ position: 2, etaMs: undefined });
    pace.record("m", 100, 1000);
    expect(places.slice(1).map((place) => place.standing())).toEqual([
      undefined,
      { position: 1, etaMs: 2000 },
      { position: 2, etaMs: 2000 },
    ]);
  });
});

describe("Pace", () => {
  test("knows nothing of a model that it has not seen", () => {
    expect(createEstimate().expect("m", 100)).toBeUndefined();
  });

  test("moves towards the newest times of the same size", () => {
    const pace = createEstimate();
    pace.record("m", 100, 1000);
    pace.record("m", 100, 2000);
    expect(pace.expect("m", 100)).toBeCloseTo(1300);
  });

  test("judges a size that it has not seen by the number of its pixels", () => {
    const pace = createEstimate();
    pace.record("m", 100, 1000);
    expect(pace.expect("m", 400)).toBeCloseTo(4000);
  });
});
