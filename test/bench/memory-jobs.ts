import { isFinished, type Job, type JobStore } from "../../core/job.ts";

/** What more jobs would cost is the price of memory, not of storing. */
const most = 1000;

/**
 * Jobs that no disk ever sees: a store that costs next to nothing, to measure what the real one costs. It bears the
 * name of the one in whose place it is put.
 */
export function sqliteJobs(): JobStore {
  const jobs = new Map<string, Job>();
  const byFingerprint = new Map<string, Job>();
  const change = (code: string, changes: (job: Job) => Partial<Job>) => {
    const job = jobs.get(code);
    if (job) jobs.set(code, { ...job, ...changes(job) });
  };
  const where = (fits: (job: Job) => boolean) => [...jobs.values()].filter(fits);
  const none = async () => [];

  function forgetOldest(): void {
    const [oldest] = jobs.values();
    if (!oldest) return;
    jobs.delete(oldest.code);
    byFingerprint.delete(oldest.fingerprint);
  }

  return {
    async insert(job) {
      jobs.set(job.code, job);
      byFingerprint.set(job.fingerprint, job);
      if (jobs.size > most) forgetOldest();
      return { job, created: true };
    },
    update: async (code, changes) => change(code, () => changes),
    addPicture: async (code, picture) =>
      change(code, ({ pictures }) => ({ pictures: [...pictures, picture] })),
    find: async (code) => jobs.get(code),
    findByKey: async (requester, key) =>
      where((job) => job.requester.id === requester && job.key === key)[0],
    async findTwins(fingerprint) {
      const twin = byFingerprint.get(fingerprint);
      return twin ? [twin] : [];
    },
    findPicture: async () => undefined,
    findByHash: async () => undefined,
    unfinished: async () => where((job) => !isFinished(job)),
    undelivered: none,
    history: none,
    remove: none,
    removePictures: none,
    oldestPictures: none,
    knownHashes: async () => new Set<string>(),
    keptBytes: async () => 0,
  };
}
