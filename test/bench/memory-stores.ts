import type { Archive, PictureIndex } from "../../core/archive.ts";
import { isFinished, type Job } from "../../core/job.ts";
import type { Ledger } from "../../core/ledger.ts";

// What is not said here is the same as on disk.
export * from "../../src/storage/sqlite-archive.ts";
export * from "../../src/storage/sqlite-ledger.ts";

/** What more jobs would cost is the price of memory, not of storing. */
const most = 1000;

const jobs = new Map<string, Job>();
/** The codes of these, in a ring: to look for the oldest in a map takes longer the more were deleted from it. */
const codes: string[] = [];
let accepted = 0;

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
      const place = accepted++ % most;
      jobs.delete(codes[place] ?? "");
      codes[place] = job.code;
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
