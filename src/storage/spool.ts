import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { type FileHandle, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { ImageError } from "../../core/errors.ts";
import { BodyTooLarge } from "../../core/wire/fetch.ts";
import { unwritable } from "./data-dir.ts";
import { isFull } from "./errors.ts";

/**
 * A directory of temporary files, emptied now: what lies there was left by a process that died. Throws `DataDirError`
 * when it cannot be made.
 */
export function fileSpool(directory: string) {
  try {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
  } catch (cause) {
    throw unwritable(directory, cause);
  }

  return {
    /**
     * Writes what arrives to a file, no faster than the disk takes it. Throws `BodyTooLarge`, `storage-failed` and what
     * the chunks throw, and then nothing is left.
     */
    async receive(chunks: AsyncIterable<Uint8Array>, maxBytes: number) {
      const path = join(directory, randomUUID());
      const remove = () => rm(path, { force: true });
      try {
        await write(path, chunks, maxBytes);
      } catch (error) {
        await remove();
        throw error;
      }
      return { read: () => readFile(path), remove };
    },
  };
}

async function write(path: string, chunks: AsyncIterable<Uint8Array>, maxBytes: number) {
  const file = await open(path, "wx").catch(failing);
  try {
    let written = 0;
    for await (const chunk of chunks) {
      written += chunk.byteLength;
      if (written > maxBytes) throw new BodyTooLarge(maxBytes);
      await writeAll(file, chunk).catch(failing);
    }
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.byteLength; ) {
    at += (await file.write(bytes, at)).bytesWritten;
  }
}

function failing(cause: unknown): never {
  const problem = isFull(cause) ? "full" : "unwritable";
  throw new ImageError("storage-failed", { problem, paid: false }, { cause });
}
