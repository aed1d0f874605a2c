import { missingPictures, type Job } from "../job.ts";
import type { Notice } from "../notices.ts";
import type { Run } from "../pipeline/make-picture.ts";
import type { Progress } from "../provider.ts";
import type { Charge } from "../quota.ts";
import type { Changes, JobStage, JobStatus } from "./watch.ts";

/** A stored job that is ready to be worked on. */
export interface Ready extends Pick<Run, "route" | "ticket" | "start"> {
  readonly job: Job;
  /** Absent where there are no quotas. */
  readonly charge: Charge | undefined;
  /** Added to the notices of the work itself. */
  readonly notices: readonly Notice[];
  /** An earlier process accepted it. */
  readonly resumed: boolean;
}

/** A job as this process works on it. */
export interface Live extends Ready {
  job: Job;
  readonly controller: AbortController;
  readonly progress: Map<number, Progress>;
  /** When this process took it, by both clocks. */
  readonly taken: { readonly now: number; readonly since: number };
  /** Calls to the service that are running now. */
  calls: number;
  /** Calls that the service has not answered. */
  unanswered: number;
  /** The enhancer is at work. */
  enhancing: boolean;
  /** Set before this process first calls the service for it; resolves when that is on disk. */
  begun: Promise<void> | undefined;
  /** The end is decided; calls that could not be stopped may run on. */
  ended: boolean;
  /** How many of its pictures are on disk with its end. */
  settled: number;
  /** Made for the first watcher. */
  changes: Changes | undefined;
  /** The job in its final state; rejects only when the process stops before that. */
  readonly finished: Promise<Job>;
  readonly resolve: (job: Job) => void;
  readonly reject: (error: Error) => void;
}

/** A job on which work begins; `taken` is when that is. */
export function toLive(ready: Ready, taken: Live["taken"]): Live {
  const { promise: finished, resolve, reject } = Promise.withResolvers<Job>();
  finished.catch(() => {});
  return {
    ...ready,
    taken,
    controller: new AbortController(),
    progress: new Map(),
    calls: 0,
    unanswered: 0,
    enhancing: false,
    begun: undefined,
    ended: false,
    settled: 0,
    changes: undefined,
    finished,
    resolve,
    reject,
  };
}

/** How it stands. `jump`: what is to be added to times of this job, so that durations until now are true. */
export function statusOf(live: Live, jump: number): JobStatus {
  const { job, begun, ticket, progress } = live;
  const done = ({ fraction = 0 }: Progress) => fraction;
  const [least] = [...progress.values()].sort((a, b) => done(a) - done(b));
  return {
    state: begun ? "running" : "queued",
    stage: stageOf(live),
    position: ticket.position(),
    startedAt: job.startedAt === null ? undefined : Math.round(job.startedAt + jump),
    progress: least,
  };
}

/** While one picture of several is at the service or waits for its turn, the job is being painted. */
function stageOf({ job, begun, enhancing, calls, unanswered }: Live): JobStage {
  if (!begun) return enhancing ? "enhancing" : "waiting";
  const isAnswered = unanswered === 0 && calls >= missingPictures(job).length;
  return isAnswered ? "finishing" : "painting";
}
