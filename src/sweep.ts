import type { ImageStore } from "../core/image-store.ts";
import type { JobStore } from "../core/job.ts";
import type { Log } from "../core/observe.ts";

export interface SweepOptions {
  readonly jobs: JobStore;
  readonly images: ImageStore;
  /** 0: for ever. */
  readonly retentionDays: number;
  /** Of all kept pictures together; 0: no limit. */
  readonly maxBytes: number;
  readonly now: () => number;
  readonly log: Log;
}

const batch = 100;
const dayMs = 86_400_000;

/** A file that no job points to is left alone for this long: its job may be about to. */
const orphanAgeMs = 3_600_000;

/** Erases the pictures that are too old or too many, oldest first, never one whose job is unfinished. */
export async function sweepPictures(options: SweepOptions): Promise<void> {
  const { jobs, images, retentionDays, maxBytes, now, log } = options;
  let kept = await jobs.keptBytes();
  let erased = 0;
  const tooOld = (createdAt: number) =>
    retentionDays > 0 && createdAt < now() - retentionDays * dayMs;
  const tooMany = () => maxBytes > 0 && kept > maxBytes;
  for (;;) {
    const rows = await jobs.oldestPictures(batch);
    const doomed = rows.filter(({ createdAt }) => tooOld(createdAt) || tooMany());
    if (doomed.length === 0) break;
    for (const { code, createdAt } of doomed) {
      if (!tooOld(createdAt) && !tooMany()) break;
      await images.remove(await jobs.removePictures(code));
      kept = await jobs.keptBytes();
      erased++;
    }
  }
  const orphans = await sweepOrphans(options);
  if (erased + orphans > 0) log.info({ erased, orphans, kept }, "swept pictures");
}

/** Erases files that no job points to, such as those of a process that died before it could write them down. */
async function sweepOrphans({ jobs, images, now }: SweepOptions): Promise<number> {
  const hashes = await images.putBefore(now() - orphanAgeMs);
  const known = await jobs.knownHashes(hashes);
  const orphans = hashes.filter((hash) => !known.has(hash));
  await images.remove(orphans);
  return orphans.length;
}
