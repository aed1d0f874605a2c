import { createHash, randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { ImageError } from "../../core/errors.ts";
import type { ImageStore } from "../../core/images.ts";
import { unwritable } from "./data-dir.ts";
import { isFull } from "./errors.ts";

/** Temporary files older than this were left by a process that died. */
const staleTemporaryMs = 3_600_000;

/**
 * Pictures as files named by their content, `ab/cdef…`, in this directory. A file appears under its name only when
 * all of it is on disk. Throws `DataDirError` when the directory cannot be made.
 */
export function fileImages(directory: string): ImageStore {
  const pathOf = (hash: string) => join(directory, hash.slice(0, 2), hash.slice(2));
  try {
    mkdirSync(directory, { recursive: true });
  } catch (cause) {
    throw unwritable(directory, cause);
  }

  return {
    async put(bytes) {
      const hash = createHash("sha256").update(bytes).digest("hex");
      const path = pathOf(hash);
      try {
        // Being put again makes it young again, so that a sweep passes it over.
        await utimes(path, new Date(), new Date()).catch((error: unknown) => {
          if (!isMissing(error)) throw error;
          return writeWhole(path, bytes);
        });
      } catch (cause) {
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

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const unfinished = join(folder, `${randomUUID()}${temporary}`);
  try {
    const file = await open(unfinished, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
