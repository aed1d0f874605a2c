import type { Observer } from "../../core/observe.ts";
import type { DoorObserver } from "../http/context.ts";

/** What is counted since this object woke, and how it is read. */
export interface Counters {
  readonly observe: Observer;
  readonly observeHttp: DoorObserver;
  /** Everything counted so far, in Prometheus' text format. */
  text(): Promise<string>;
}

type Labels = Readonly<Record<string, string>>;

/** The counters of a Worker: those of the Node version under the same names, without histograms. */
export function createCounters({
  waiting,
}: {
  readonly waiting: () => number | Promise<number>;
}): Counters {
  const values = new Map<string, number>();
  const named = (name: string, labels: Labels) => {
    const pairs = Object.entries(labels).map(
      ([label, value]) => `${label}=${JSON.stringify(value)}`,
    );
    return pairs.length > 0 ? `drawbridge_${name}{${pairs.join(",")}}` : `drawbridge_${name}`;
  };
  const add = (name: string, labels: Labels, amount = 1) => {
    const key = named(name, labels);
    values.set(key, (values.get(key) ?? 0) + amount);
  };
  /** A sum and a count, as a histogram has them. */
  const time = (name: string, model: string, ms: number) => {
    add(`${name}_sum`, { model }, ms / 1000);
    add(`${name}_count`, { model });
  };
  return {
    async text() {
      const lines = [...values, [named("jobs_waiting", {}), await waiting()] as const];
      return `${lines.map(([key, value]) => `${key} ${value}`).join("\n")}\n`;
    },
    observe: {
      jobFinished: (labels) => add("jobs_total", { ...labels }),
      turnBegan: (model, waitedMs) => time("wait_seconds", model, waitedMs),
      pictureMade: (model, tookMs) => time("make_seconds", model, tookMs),
      wordsEnhanced: (outcome) => add("enhancements_total", { outcome }),
      providerFailed: (provider, kind) => add("provider_errors_total", { provider, kind }),
      pointsLeft: (provider, left) => {
        values.set(named("provider_points_left", { provider }), left);
      },
    },
    observeHttp: { taskAnswered: (client, kind) => add("auxiliary_total", { client, kind }) },
  };
}
