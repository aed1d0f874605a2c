import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Observer } from "../core/observe.ts";
import type { DoorObserver } from "./http/context.ts";

/** The metrics: what fills them, and how they are read. */
export interface Metrics {
  readonly observe: Observer;
  readonly observeHttp: DoorObserver;
  /** Everything counted so far, in Prometheus' text format. */
  text(): Promise<string>;
}

/** What the metrics read at the moment they are asked for. */
export interface MetricsOptions {
  /** Jobs whose first picture has not had its turn. */
  readonly waiting: () => number | Promise<number>;
}

const secondsBuckets = [0.1, 0.5, 1, 2, 5, 10, 20, 40, 80, 160, 320];

const named = {
  jobs: {
    name: "drawbridge_jobs_total",
    help: "Jobs that ended, by door, model and outcome (done, cancelled or the code of the error).",
    labelNames: ["door", "model", "outcome"],
  },
  waiting: {
    name: "drawbridge_jobs_waiting",
    help: "Jobs whose first picture has not had its turn.",
  },
  waited: {
    name: "drawbridge_wait_seconds",
    help: "Time from asking to the turn of each picture.",
    labelNames: ["model"],
    buckets: secondsBuckets,
  },
  making: {
    name: "drawbridge_make_seconds",
    help: "Time of the image service for each picture.",
    labelNames: ["model"],
    buckets: secondsBuckets,
  },
  enhanced: {
    name: "drawbridge_enhancements_total",
    help: "What became of each request to enhance words.",
    labelNames: ["outcome"],
  },
  failures: {
    name: "drawbridge_provider_errors_total",
    help: "Failed calls to image services, by kind.",
    labelNames: ["provider", "kind"],
  },
  tasks: {
    name: "drawbridge_auxiliary_total",
    help: "Questions of chat clients themselves that were answered without a picture, by client and kind.",
    labelNames: ["client", "kind"],
  },
  points: {
    name: "drawbridge_provider_points_left",
    help: "What the image service said is left on its account.",
    labelNames: ["provider"],
  },
};

/** Caches metrics by label: looking one up costs more than counting in it. */
function remembered<Found>(find: (name: string) => Found): (name: string) => Found {
  const known = new Map<string, Found>();
  return (name) => {
    const found = known.get(name) ?? find(name);
    known.set(name, found);
    return found;
  };
}

/** Counts what the core and the doors report. Names begin with `drawbridge_`; times are seconds. */
export function createMetrics({ waiting }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const jobs = new Counter({ ...named.jobs, registers });
  const waited = new Histogram({ ...named.waited, registers });
  const making = new Histogram({ ...named.making, registers });
  const enhanced = new Counter({ ...named.enhanced, registers });
  const failures = new Counter({ ...named.failures, registers });
  const tasks = new Counter({ ...named.tasks, registers });
  const points = new Gauge({ ...named.points, registers });
  new Gauge({
    ...named.waiting,
    registers,
    async collect() {
      this.set(await waiting());
    },
  });
  const endedAs = remembered((labels) => {
    const [door = "", model = "", outcome = ""] = labels.split("\n");
    return jobs.labels({ door, model, outcome });
  });
  const enhancedAs = remembered((outcome) => enhanced.labels({ outcome }));
  const pointsAt = remembered((provider) => points.labels({ provider }));
  const waitedFor = remembered((model) => waited.labels({ model }));
  const makingOf = remembered((model) => making.labels({ model }));
  return {
    text: () => registry.metrics(),
    observe: {
      jobFinished: ({ door, model, outcome }) => endedAs(`${door}\n${model}\n${outcome}`).inc(),
      turnBegan: (model, waitedMs) => waitedFor(model).observe(waitedMs / 1000),
      pictureMade: (model, tookMs) => makingOf(model).observe(tookMs / 1000),
      wordsEnhanced: (outcome) => enhancedAs(outcome).inc(),
      providerFailed: (provider, kind) => failures.inc({ provider, kind }),
      pointsLeft: (provider, left) => pointsAt(provider).set(left),
    },
    observeHttp: { taskAnswered: (client, kind) => tasks.inc({ client, kind }) },
  };
}
