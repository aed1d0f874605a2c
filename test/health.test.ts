import { describe, expect, test } from "vitest";
import { watchHealth } from "../src/health.ts";
import { noObserver } from "./builders.ts";

/** Two models of one provider, watched by a clock that is set by hand. */
function watched() {
  const clock = { now: 1_000 };
  const watch = watchHealth({
    models: [
      { id: "Z-Image", provider: "exacg" },
      { id: "Anima", provider: "exacg" },
    ],
    providerOf: (id) => ({ id, slots: 2 }),
    observe: noObserver,
    now: () => clock.now,
  });
  return { ...watch, clock };
}

describe("how a provider fares", () => {
  test("is not known before it was asked", () => {
    expect(watched().states()).toEqual([
      {
        id: "exacg",
        slots: 2,
        failuresInRow: 0,
        lastFault: null,
        lastFailedAt: null,
        lastMadeAt: null,
      },
    ]);
  });

  test("counts the failures since the last picture of any of its models", () => {
    const { observe, states, clock } = watched();
    observe.providerFailed("exacg", "unreachable");
    observe.providerFailed("exacg", "timed-out");
    expect(states()).toMatchObject([
      { failuresInRow: 2, lastFault: "timed-out", lastFailedAt: 1_000 },
    ]);
    clock.now = 2_000;
    observe.pictureMade("Anima", 10);
    expect(states()).toMatchObject([{ failuresInRow: 0, lastMadeAt: 2_000 }]);
  });

  test("is no worse for words that were refused, and for a provider that is not served", () => {
    const { observe, states } = watched();
    observe.providerFailed("exacg", "refused");
    observe.providerFailed("other", "unreachable");
    expect(states()).toMatchObject([{ failuresInRow: 0 }]);
  });
});
