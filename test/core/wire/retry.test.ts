import { describe, expect, test, vi } from "vitest";
import { ImageError } from "../../../core/errors.ts";
import { type RetryOptions, retry, waitFor } from "../../../core/wire/retry.ts";

function busy(retryAfterMs = 0) {
  return new ImageError("provider-busy", { provider: "p", retryAfterMs });
}

/** Fails with each of the errors in turn, and then succeeds. */
function failing(...errors: readonly Error[]) {
  const left = [...errors];
  return vi.fn(async () => {
    const error = left.shift();
    if (error) throw error;
    return "done";
  });
}

function setUp(options: Partial<RetryOptions> = {}) {
  const pauses: number[] = [];
  return {
    pauses,
    options: {
      attempts: 3,
      baseDelayMs: 100,
      maxDelayMs: 1_000,
      pauseAfter: (error) =>
        error.code === "provider-busy" ? error.details.retryAfterMs : undefined,
      signal: new AbortController().signal,
      wait: async (ms) => void pauses.push(ms),
      random: () => 0.5,
      ...options,
    } satisfies RetryOptions,
  };
}

describe("retry", () => {
  test("answers with a first success without a pause", async () => {
    const { options, pauses } = setUp();
    expect(await retry(failing(), options)).toBe("done");
    expect(pauses).toEqual([]);
  });

  test("pauses twice as long after each failure", async () => {
    const { options, pauses } = setUp({ attempts: 5 });
    expect(await retry(failing(busy(), busy(), busy(), busy()), options)).toBe("done");
    expect(pauses).toEqual([100, 200, 400, 800]);
  });

  test("spreads the pauses by half to either side", async () => {
    for (const [random, pause] of [
      [0, 50],
      [1, 150],
    ] as const) {
      const { options, pauses } = setUp({ random: () => random });
      await retry(failing(busy()), options);
      expect(pauses).toEqual([pause]);
    }
  });

  test("never pauses for less than it is asked to, nor for longer than it may", async () => {
    const { options, pauses } = setUp({ baseDelayMs: 800 });
    await retry(failing(busy(900), busy(10)), options);
    expect(pauses).toEqual([900, 1_000]);
  });

  test("gives up at once when it is asked to stay away for too long", async () => {
    const { options } = setUp();
    const error = busy(1_001);
    const work = failing(error);
    await expect(retry(work, options)).rejects.toBe(error);
    expect(work).toHaveBeenCalledTimes(1);
  });

  test("throws the last error after the last attempt, with all of them as its cause", async () => {
    const { options } = setUp();
    const errors = [busy(1), busy(2), busy(3)];
    const work = failing(...errors);
    const error = await retry(work, options).catch((thrown: unknown) => thrown);
    expect(work).toHaveBeenCalledTimes(3);
    expect(error).toMatchObject({
      code: "provider-busy",
      details: { retryAfterMs: 3 },
      cause: { errors },
    });
    expect((error as Error).cause).toBeInstanceOf(AggregateError);
  });

  test("throws what is final, and what is no ImageError, as it is", async () => {
    const { options } = setUp();
    for (const error of [new ImageError("unknown-model", { model: "x" }), new TypeError("a bug")]) {
      const work = failing(error);
      await expect(retry(work, options)).rejects.toBe(error);
      expect(work).toHaveBeenCalledTimes(1);
    }
  });

  test("throws the signal's reason when it is aborted during the work", async () => {
    const controller = new AbortController();
    const reason = new ImageError("timed-out", { afterMs: 1 });
    const { options } = setUp({ signal: controller.signal });
    const work = vi.fn(async () => {
      controller.abort(reason);
      throw busy();
    });
    await expect(retry(work, options)).rejects.toBe(reason);
    expect(work).toHaveBeenCalledTimes(1);
  });

  test("throws the signal's reason when it is aborted during a pause", async () => {
    const controller = new AbortController();
    const reason = new ImageError("cancelled", {});
    const { signal } = controller;
    const { options } = setUp({ signal, baseDelayMs: 60_000, maxDelayMs: 60_000, wait: waitFor });
    const work = failing(busy());
    const result = retry(work, options);
    setTimeout(() => controller.abort(reason), 1);
    await expect(result).rejects.toBe(reason);
    expect(work).toHaveBeenCalledTimes(1);
  });

  test("throws what failed last when the time is up during a pause", async () => {
    const failure = busy(50_000);
    const wait = async () => {
      throw new ImageError("timed-out", { afterMs: 1 });
    };
    const { options } = setUp({ maxDelayMs: 60_000, wait });
    await expect(retry(failing(failure), options)).rejects.toBe(failure);
  });
});

describe("waitFor", () => {
  test("resolves after its time and leaves nothing at the signal", async () => {
    vi.useFakeTimers();
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, "removeEventListener");
    const waiting = waitFor(5_000, signal);
    await vi.advanceTimersByTimeAsync(5_000);
    await waiting;
    expect(remove).toHaveBeenCalledTimes(1);
    vi.useRealTimers();
  });

  test("rejects at once, and leaves no timer, when the signal is aborted already", async () => {
    vi.useFakeTimers();
    const reason = new Error("stop");
    await expect(waitFor(5_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
});
