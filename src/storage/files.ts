import { createHash, randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ImageError } from "../../core/errors.ts";
import type { ImageStore } from "../../core/image-store.ts";
import { DataDirError } from "./sqlite.ts";

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
    const message = `The picture directory ${directory} cannot be made. Give this user the right to write there, or set DATA_DIR to another directory.`;
    throw new DataDirError(message, { cause });
  }

  return {
    async put(bytes) {
      const hash = createHash("sha256").update(bytes).digest("hex");
      const path = pathOf(hash);
      try {
        // Being put again makes it young again, so that a sweep passes it over.
        await utimes(path, new Date(), new Date()).catch((error: unknown) => {
          if (reasonOf(error) !== "ENOENT") throw error;
          return writeWhole(path, bytes);
        });
      } catch (cause) {
        const full = ["ENOSPC", "EDQUOT"].includes(reasonOf(cause));
        const problem = full ? "full" : "unwritable";
        throw new ImageError("storage-failed", { problem, paid: true }, { cause });
      }
      return hash;
    },

    async read(hash) {
      try {
        return await readFile(pathOf(hash));
      } catch (error) {
        if (reasonOf(error) === "ENOENT") return undefined;
        throw error;
      }
    },

    async remove(hashes) {
      await Promise.all(hashes.map((hash) => rm(pathOf(hash), { force: true })));
    },

    async putBefore(time) {
      const hashes: string[] = [];
      for (const folder of await readdir(directory)) {
        for (const name of await readdir(join(directory, folder))) {
          const path = join(directory, folder, name);
          const { mtimeMs } = await stat(path);
          if (!name.endsWith(".tmp")) {
            if (mtimeMs < time) hashes.push(folder + name);
          } else if (mtimeMs < Date.now() - staleTemporaryMs) {
            await rm(path, { force: true });
          }
        }
      }
      return hashes;
    },
  };
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "";
}
