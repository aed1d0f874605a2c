import type { PictureIndex, SweepRow } from "../core/archive.ts";
import type { ImageStore } from "../core/images.ts";
import type { Log } from "../core/observe.ts";

/** What a sweep looks through, and which pictures it erases. */
export interface SweepOptions {
  readonly pictures: PictureIndex;
  readonly images: ImageStore;
  /** 0: for ever. */
  readonly retentionDays: number;
  /** The limit for all kept pictures together; 0: no limit. */
  readonly maxBytes: number;
  readonly now: () => number;
  readonly log: Log;
}

const batch = 200;
const dayMs = 86_400_000;

/** A file that no job uses is kept for this long: its job may not be stored yet. */
const orphanAgeMs = 3_600_000;

/** Erases the pictures that are too old or too many, oldest first, never one whose job is unfinished. */
export async function sweepPictures(options: SweepOptions): Promise<void> {
  const { pictures, images, log } = options;
  let kept = await pictures.keptBytes();
  let erased = 0;
  for (;;) {
    const expired = chooseExpired(await pictures.oldest(batch), kept, options);
    if (expired.length === 0) break;
    const gone = (await Promise.all(expired.map(({ code }) => pictures.remove(code)))).flat();
    await images.remove(gone);
    kept -= bytesOf(gone, expired);
    erased += expired.length;
  }
  const orphans = await sweepOrphans(options);
  if (erased + orphans > 0) log.info({ erased, orphans, kept }, "swept pictures");
}

/** Counts shared bytes as freed although another job keeps them, so it never chooses too many jobs. */
function chooseExpired(rows: readonly SweepRow[], kept: number, options: SweepOptions): SweepRow[] {
  const { retentionDays, maxBytes, now } = options;
  const oldest = retentionDays > 0 ? now() - retentionDays * dayMs : -Infinity;
  let left = kept;
  const spared = rows.findIndex(({ createdAt, pictures }) => {
    if (createdAt >= oldest && (maxBytes === 0 || left <= maxBytes)) return true;
    left -= sum(pictures);
    return false;
  });
  return spared === -1 ? [...rows] : rows.slice(0, spared);
}

/** The bytes of these hashes, each counted once. */
function bytesOf(hashes: readonly string[], rows: readonly SweepRow[]): number {
  const gone = new Set(hashes);
  const pictures = new Map(
    rows.flatMap((row) => row.pictures).map((picture) => [picture.hash, picture]),
  );
  return sum([...pictures.values()].filter(({ hash }) => gone.has(hash)));
}

function sum(pictures: SweepRow["pictures"]): number {
  return pictures.reduce((total, { bytes }) => total + bytes, 0);
}

/** Erases files that no job uses, such as those of a process that died before it stored their job. */
async function sweepOrphans({ pictures, images, now }: SweepOptions): Promise<number> {
  const hashes = await images.putBefore(now() - orphanAgeMs);
  let erased = 0;
  for (let from = 0; from < hashes.length; from += batch) {
    const some = hashes.slice(from, from + batch);
    const known = await pictures.known(some);
    const orphans = some.filter((hash) => !known.has(hash));
    await images.remove(orphans);
    erased += orphans.length;
    // Lets waiting requests run first.
    await new Promise((resolve) => setTimeout(resolve));
  }
  return erased;
}
