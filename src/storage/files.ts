import { hash, randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import {
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { type ImageStore, mostForms, pieceBytes } from "../../core/images.ts";
import { unwritable } from "./data-dir.ts";
import { isMissing, notKept } from "./errors.ts";
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
 * short; the death of the process costs none. Other forms of a picture lie in a folder beside it, `ab/cdef….forms`.
 * Throws `DataDirError` when the directory cannot be made.
 */
export function fileImages(
  directory: string,
  { minFreeBytes = 0 }: FileImagesOptions = {},
): ImageStore {
  const pathOf = (hash: string) => join(directory, hash.slice(0, 2), hash.slice(2));
  const formsOf = (hash: string) => `${pathOf(hash)}${forms}`;
  try {
    mkdirSync(directory, { recursive: true });
  } catch (cause) {
    throw unwritable(directory, cause);
  }

  const { room, keep } = keeping(directory, minFreeBytes);

  return {
    check: () => room.check(),

    async put(bytes) {
      const hash = await sha256Of(bytes);
      await keep(pathOf(hash), bytes);
      return hash;
    },

    async read(hash) {
      return readFile(pathOf(hash)).catch(ignoreMissing);
    },

    async open(hash, form) {
      const path = form === undefined ? pathOf(hash) : join(formsOf(hash), form);
      const found = await stat(path).catch(ignoreMissing);
      return found && { size: found.size, read: () => piecesOf(path, found.size) };
    },

    async putForm(hash, form, bytes) {
      try {
        if (!(await stat(pathOf(hash)).catch(ignoreMissing))) return;
        await writeWhole(join(formsOf(hash), form), bytes);
        await dropOldest(formsOf(hash));
      } catch (cause) {
        throw notKept(cause);
      }
    },

    async remove(hashes) {
      const paths = hashes.flatMap((hash) => [pathOf(hash), formsOf(hash)]);
      await Promise.all(paths.map((path) => rm(path, { force: true, recursive: true })));
    },

    async putBefore(time) {
      const hashes: string[] = [];
      const names = await filesIn(directory);
      for (const name of formsWithoutPicture(names)) {
        await rm(join(directory, name), { force: true, recursive: true });
      }
      for (const name of names) {
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

/** Bytes whose SHA-256 is computed at once; that of more takes tens of milliseconds, in which nothing else happens. */
const quickBytes = 1024 * 1024;

async function sha256Of(bytes: Uint8Array): Promise<string> {
  if (bytes.byteLength <= quickBytes) return hash("sha256", bytes);
  // No thread shares these bytes.
  const own = bytes as Uint8Array<ArrayBuffer>;
  return Buffer.from(await crypto.subtle.digest("SHA-256", own)).toString("hex");
}

/** Keeps files under their whole names as long as there is room for them. */
function keeping(directory: string, minFreeBytes: number) {
  /** The folder whose file was refused last: it may be the only one that is in disorder. */
  let refusing = directory;
  const probe = (bytes: number) => writeProbe(refusing, bytes);
  const room = new Room({ directory, minFreeBytes, probe });

  async function keep(path: string, bytes: Uint8Array): Promise<void> {
    try {
      if (!(await renew(path, bytes.byteLength))) await writeWhole(path, bytes);
    } catch (cause) {
      refusing = dirname(path);
      room.refused(bytes.byteLength);
      throw notKept(cause, true);
    }
  }
  return { room, keep };
}

const isHash = /^[0-9a-f]{64}$/;
const temporary = ".tmp";
const forms = ".forms";

async function* piecesOf(path: string, size: number): AsyncGenerator<Uint8Array, void> {
  const file = await open(path);
  try {
    for (let at = 0; at < size; ) {
      const piece = Buffer.allocUnsafe(Math.min(pieceBytes, size - at));
      const { bytesRead } = await file.read(piece, 0, piece.byteLength, at);
      if (bytesRead === 0) throw new Error(`${path} became shorter while it was read`);
      at += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Removes the oldest forms of a picture that has too many. */
async function dropOldest(folder: string): Promise<void> {
  const paths = (await readdir(folder)).map((name) => join(folder, name));
  if (paths.length <= mostForms) return;
  const ages = await Promise.all(
    paths.map(async (path) => ({
      path,
      at: (await stat(path).catch(ignoreMissing))?.mtimeMs ?? 0,
    })),
  );
  const surplus = ages.toSorted((a, b) => b.at - a.at).slice(mostForms);
  await Promise.all(surplus.map(({ path }) => rm(path, { force: true })));
}

/** Folders of forms whose picture went while one of them was made. */
function formsWithoutPicture(names: readonly string[]): string[] {
  const known = new Set(names);
  return names.filter((name) => name.endsWith(forms) && !known.has(name.slice(0, -forms.length)));
}

/** Paths relative to the directory. Ignores folders, and files directly in it, which are not ours. */
async function filesIn(directory: string): Promise<string[]> {
  const names: string[] = [];
  for (const folder of await readdir(directory, { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    const files = await readdir(join(directory, folder.name));
    names.push(...files.map((name) => join(folder.name, name)));
  }
  return names;
}

/** A listed file may be removed before it is read. */
function ignoreMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

/** Renews a file's time, so that a sweep keeps it. Answers false where there is no file of this size. */
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
