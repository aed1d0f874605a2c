import { hash as hashOf, randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { ImageError } from "../../core/errors.ts";
import type { ImageStore } from "../../core/images.ts";
import { unwritable } from "./data-dir.ts";
import { isFull } from "./errors.ts";
import { Room } from "./room.ts";

/** Temporary files older than this were left by a process that died. */
const staleTemporaryMs = 3_600_000;

/** How pictures are kept as files. */
export interface FileImagesOptions {
  /** Less free room than this on the disk is too little for new pictures; 0: no floor. */
  readonly minFreeBytes?: number;
}

/**
 * Pictures as files named by their content, `ab/cdef…`, in this directory. A file appears under its name only when
 * all of it is written. Nothing waits for the disk itself, so a power failure may cost the newest files, or cut them
 * short; the death of the process costs none. Throws `DataDirError` when the directory cannot be made.
 */
export function fileImages(
  directory: string,
  { minFreeBytes = 0 }: FileImagesOptions = {},
): ImageStore {
  const pathOf = (hash: string) => join(directory, hash.slice(0, 2), hash.slice(2));
  try {
    mkdirSync(directory, { recursive: true });
  } catch (cause) {
    throw unwritable(directory, cause);
  }

  /** The folder whose file was refused last: it may be the only one that is in disorder. */
  let refusing = directory;
  const probe = (bytes: number) => writeProbe(refusing, bytes);
  const room = new Room({ directory, minFreeBytes, probe });

  return {
    check: () => room.check(),

    async put(bytes) {
      const hash = hashOf("sha256", bytes);
      const path = pathOf(hash);
      try {
        if (!(await renew(path, bytes.byteLength))) await writeWhole(path, bytes);
      } catch (cause) {
        refusing = dirname(path);
        room.refused(bytes.byteLength);
        const problem = isFull(cause) ? "full" : "unwritable";
        throw new ImageError("storage-failed", { problem, paid: true }, { cause });
      }
      return hash;
    },

    async read(hash) {
      return readFile(pathOf(hash)).catch(ignoreMissing);
    },

    async remove(hashes) {
      await Promise.all(hashes.map((hash) => rm(pathOf(hash), { force: true })));
    },

    async putBefore(time) {
      const hashes: string[] = [];
      for (const name of await filesIn(directory)) {
        const path = join(directory, name);
        const { mtimeMs } = (await stat(path).catch(ignoreMissing)) ?? { mtimeMs: Infinity };
        const hash = name.replace(sep, "");
        if (isHash.test(hash) && mtimeMs < time) hashes.push(hash);
        const stale = name.endsWith(temporary) && mtimeMs < Date.now() - staleTemporaryMs;
        if (stale) await rm(path, { force: true });
      }
      return hashes;
    },
  };
}

const isHash = /^[0-9a-f]{64}$/;
const temporary = ".tmp";

/** As paths from the directory; what is no file, or lies directly in it, is none of ours. */
async function filesIn(directory: string): Promise<string[]> {
  const names: string[] = [];
  for (const folder of await readdir(directory, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    const files = await readdir(join(directory, folder.name));
    names.push(...files.map((name) => join(folder.name, name)));
  }
  return names;
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

/** A file may go while a list of files is worked through. */
function ignoreMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

/** Makes a file young again, so that a sweep passes it over. Answers false where there is none of this size. */
async function renew(path: string, size: number): Promise<boolean> {
  try {
    if ((await stat(path)).size !== size) return false;
    await utimes(path, new Date(), new Date());
    return true;
  } catch (error) {
    if (!isMissing(error)) throw error;
    return false;
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  const unfinished = join(folder, `${randomUUID()}${temporary}`);
  const write = () => writeFile(unfinished, bytes, { flag: "wx" });
  try {
    await write().catch(async (error: unknown) => {
      if (!isMissing(error)) throw error;
      await mkdir(folder, { recursive: true });
      await write();
    });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function writeProbe(folder: string, bytes: number): Promise<void> {
  const path = join(folder, `probe-${randomUUID()}${temporary}`);
  await writeWhole(path, new Uint8Array(bytes));
  await rm(path, { force: true });
}
