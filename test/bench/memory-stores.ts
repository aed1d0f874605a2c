import type { Archive, PictureIndex } from "../../core/archive.ts";
import { isFinished, type Job } from "../../core/job.ts";
import type { Ledger } from "../../core/ledger.ts";

/** What more jobs would cost is the price of memory, not of storing. */
const most = 1000;

const jobs = new Map<string, Job>();

function change(code: string, changes: Partial<Job>): void {
  const job = jobs.get(code);
  if (job) jobs.set(code, { ...job, ...changes });
}

const none = async () => [];

/**
 * Promises that no disk ever sees: they cost next to nothing, to measure what the real ones cost. Each store bears the
 * name of the one in whose place it is put.
 */
export function sqliteLedger(): Ledger {
  return {
    async accept(job) {
      jobs.set(job.code, job);
      const [oldest] = jobs.keys();
      if (jobs.size > most && oldest) jobs.delete(oldest);
      return { outcome: "accepted" };
    },
    begin: async (code, begun) => change(code, begun),
    note: async (code, { pictures, remotes }) =>
      change(code, { ...(pictures && { pictures }), ...(remotes && { remotes }) }),
    async settle(job) {
      jobs.set(job.code, job);
    },
    close: async () => undefined,
    open: async () => [...jobs.values()].filter((job) => !isFinished(job)),
  };
}

/** What is asked for is not looked for: the other stores of the embedded database are not measured. */
export function jobsWhere(): Job[] {
  return [];
}

/** Records in memory. */
export function sqliteArchive(): Archive {
  return {
    find: async (code) => jobs.get(code),
    findByKey: async () => undefined,
    sameRequests: none,
    history: none,
    publish: async () => undefined,
    forget: none,
  };
}

/** An index of nothing. */
export function sqlitePictures(): PictureIndex {
  return {
    find: async () => undefined,
    findByHash: async () => undefined,
    remove: none,
    oldest: none,
    known: async () => new Set<string>(),
    favor: async () => undefined,
    favorites: async () => new Set(),
    keptBytes: async () => 0,
  };
}
