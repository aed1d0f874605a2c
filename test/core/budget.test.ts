import { describe, expect, test } from "vitest";
import { Budget } from "../../core/budget.ts";

/** Lets everything that is ready go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Takes a share and notes under this name when it has it. */
function aTaker(budget: Budget) {
  const began: string[] = [];
  const take = async (name: string, amount: number, signal?: AbortSignal) => {
    const giveBack = await budget.take(amount, signal);
    began.push(name);
    return giveBack;
  };
  return { began, take };
}

describe("a budget", () => {
  test("is given out as far as it goes, then in the order of asking", async () => {
    const { began, take } = aTaker(new Budget({ total: 3 }));
    const [first, second] = [await take("a", 2), await take("b", 1)];
    void take("c", 3);
    void take("d", 1);
    first();
    await turn();
    // The smaller one behind it would fit, and does not go first.
    expect(began).toEqual(["a", "b"]);
    second();
    await turn();
    expect(began).toEqual(["a", "b", "c"]);
  });

  test("gives all of it to one who wants more than there is", async () => {
    const { began, take } = aTaker(new Budget({ total: 2 }));
    const giveBack = await take("huge", 1000);
    void take("small", 1);
    await turn();
    expect(began).toEqual(["huge"]);
    giveBack();
    await turn();
    expect(began).toEqual(["huge", "small"]);
  });

  test("counts a share that is given back twice once", async () => {
    const { began, take } = aTaker(new Budget({ total: 1 }));
    const giveBack = await take("a", 1);
    giveBack();
    giveBack();
    await take("b", 1);
    void take("c", 1);
    await turn();
    expect(began).toEqual(["a", "b"]);
  });

  test("refuses those who would wait behind too many, and those who have waited too long", async () => {
    const budget = new Budget({ total: 1, mostWaiting: 1, waitMs: 30 });
    const giveBack = await budget.take(1);
    const tooLong = expect(budget.take(1)).rejects.toMatchObject({
      code: "overloaded",
      details: { retryAfterMs: 30 },
    });
    await expect(budget.take(1)).rejects.toMatchObject({ code: "overloaded" });
    await tooLong;
    giveBack();
    await expect(budget.take(1)).resolves.toBeTypeOf("function");
  });

  test("forgets who gives up waiting, and lets the next one go on", async () => {
    const { began, take } = aTaker(new Budget({ total: 2 }));
    const giveBack = await take("a", 1);
    const controller = new AbortController();
    const gone = expect(take("b", 2, controller.signal)).rejects.toThrow("gone");
    void take("c", 1);
    controller.abort(new Error("gone"));
    await gone;
    expect(began).toEqual(["a", "c"]);
    await expect(take("d", 1, AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
    giveBack();
  });

  test("keeps nothing for one who gives up in the moment of being served", async () => {
    const budget = new Budget({ total: 1 });
    const giveBack = await budget.take(1);
    const controller = new AbortController();
    const waiting = budget.take(1, controller.signal);
    controller.abort(new Error("gone"));
    giveBack();
    await expect(waiting).rejects.toThrow("gone");
    await expect(budget.take(1)).resolves.toBeTypeOf("function");
  });
});
