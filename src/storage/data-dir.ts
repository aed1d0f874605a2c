import { randomBytes } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isBusy, isFull, reasonOf } from "./errors.ts";

/** A problem with the data directory that its owner has to fix; `message` says how. */
export class DataDirError extends Error {
  override readonly name = "DataDirError";
}

/** A process's lock on a directory; the system releases it when the process ends in any way. */
export interface DirectoryLock {
  close(): void;
}

/** How long to wait for another process to end, in milliseconds. */
const lockWaitMs = 3000;

/** Makes the directory if it is missing, and locks it. Throws `DataDirError`, also when another process has the lock. */
export function claimDirectory(directory: string): DirectoryLock {
  makeDirectory(directory);
  checkFolder(directory);
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(lockFileIn(directory), { timeout: lockWaitMs });
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    return lock;
  } catch (cause) {
    lock?.close();
    throw isBusy(cause) ? inUse(directory, cause) : unwritable(directory, cause);
  }
}

/** Why a start refuses a directory that another process holds. */
export function inUse(directory: string, cause?: unknown): DataDirError {
  const message = `Another Drawbridge is using the data directory ${directory}. Stop it, or set DATA_DIR to another directory.`;
  return new DataDirError(message, { cause });
}

/** What a start would find there: nothing yet, a directory to use, or one that is in use. */
export type DirectoryState = "new" | "free" | "in-use";

/** Inspects the directory without changing it. Throws `DataDirError` when a start would. */
export function inspectDirectory(directory: string): DirectoryState {
  if (existsSync(directory)) {
    if (isLocked(directory)) return "in-use";
    tryWriting(directory, directory);
    checkFolder(directory);
    return "free";
  }
  tryWriting(directory, placeFor(directory));
  return "new";
}

/** The pictures have a folder of this name. */
function checkFolder(directory: string): void {
  const folder = join(directory, "images");
  const isFile = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false;
  if (isFile) throw unwritable(directory, new Error(`${folder} is a file`));
}

/** A problem that says why the directory cannot be written to: a full disk, or missing rights. */
export function unwritable(directory: string, cause: unknown): DataDirError {
  const message = isFull(cause)
    ? `The disk of the data directory ${directory} is full. Make room on it, or set DATA_DIR to another directory.`
    : `The data directory ${directory} cannot be written to: ${reasonOf(cause)}. Give this user the right to write there, or set DATA_DIR to another directory.`;
  return new DataDirError(message, { cause });
}

/** Makes the directory where it is missing. Throws `DataDirError`. */
export function makeDirectory(directory: string): void {
  try {
    makeSteps(resolve(directory));
  } catch (cause) {
    throw unmakeable(directory, cause);
  }
}

/** Step by step: Node's recursive mkdir never ends below a file system that takes no directories, such as /proc. */
function makeSteps(directory: string): void {
  if (isThere(directory)) {
    if (!statSync(directory).isDirectory()) throw new Error(`${directory} is a file`);
    return;
  }
  makeSteps(dirname(directory));
  try {
    mkdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Throws where there is a link and nothing behind it. */
function isThere(path: string): boolean {
  if (existsSync(path)) return true;
  if (!lstatSync(path, { throwIfNoEntry: false })) return false;
  throw new Error(`${path} is a link that leads nowhere`);
}

function unmakeable(directory: string, cause: unknown): DataDirError {
  const message = `The data directory ${directory} cannot be made: ${reasonOf(cause)}. Set DATA_DIR to a directory that this user may write to.`;
  return new DataDirError(message, { cause });
}

function lockFileIn(directory: string): string {
  return join(directory, "lock.db");
}

/** A process that holds the lock also blocks readers, so a read that fails shows the lock. Throws `DataDirError`. */
function isLocked(directory: string): boolean {
  const file = lockFileIn(directory);
  if (!existsSync(file)) return false;
  let reader: DatabaseSync | undefined;
  try {
    reader = new DatabaseSync(file, { readOnly: true });
    reader.prepare("SELECT count(*) FROM sqlite_schema").get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw unwritable(directory, error);
  } finally {
    reader?.close();
  }
}

/** The nearest directory above, where the first missing one would be made. Throws `DataDirError`. */
function placeFor(directory: string): string {
  try {
    return nearestAbove(resolve(directory));
  } catch (cause) {
    throw unmakeable(directory, cause);
  }
}

function nearestAbove(directory: string): string {
  const above = dirname(directory);
  return isThere(directory) || above === directory ? directory : nearestAbove(above);
}

function tryWriting(directory: string, place: string): void {
  try {
    if (!statSync(place).isDirectory()) throw new Error(`${place} is a file`);
    writeProbe(join(place, `.drawbridge-probe-${process.pid}`));
  } catch (cause) {
    throw place === directory ? unwritable(directory, cause) : unmakeable(directory, cause);
  }
}

function writeProbe(file: string): void {
  try {
    writeFileSync(file, "Is there room, and the right to write?");
  } finally {
    rmSync(file, { force: true });
  }
}

// === The generated key

/**
 * The key of an installation that configured none: made at the first start and kept in the data directory. Throws
 * `DataDirError`.
 */
export function generatedKey(directory: string): string {
  const kept = inspectKey(directory);
  if (kept) return kept;
  const file = keyFileIn(directory);
  const key = `db-${randomBytes(24).toString("base64url")}`;
  attempt("written", file, () => writeFileSync(file, `${key}\n`, { mode: 0o600 }));
  return key;
}

/** The key that was generated, if one was. Throws `DataDirError` where it cannot be read. */
export function inspectKey(directory: string): string | undefined {
  const file = keyFileIn(directory);
  return attempt("read", file, () => readIfThere(file)?.trim());
}

function keyFileIn(directory: string): string {
  return join(directory, "gateway-key");
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function attempt<T>(done: "read" | "written", file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? "unknown";
    const message = `The file ${file}, which keeps the generated key, cannot be ${done} (${reason}). Put that right, or set GATEWAY_API_KEY.`;
    throw new DataDirError(message, { cause });
  }
}
