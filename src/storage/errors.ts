import { ImageError } from "../../core/errors.ts";

// https://www.sqlite.org/rescode.html
const sqlite = { permission: 3, busy: 5, readOnly: 8, io: 10, full: 13, cannotOpen: 14 } as const;
/** There is no room for the memory that connections share. */
const noRoomToShare = 4874;

function extendedCodeOf(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === "number" ? code : undefined;
}

function codeOf(error: unknown): number | undefined {
  const code = extendedCodeOf(error);
  // The low byte is the primary code; the rest says more about it.
  return code === undefined ? undefined : code & 0xff;
}

/** Another process holds the lock. */
export function isBusy(error: unknown): boolean {
  return codeOf(error) === sqlite.busy;
}

/** The disk is full, as reported by SQLite or the system. */
export function isFull(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT") return true;
  return codeOf(error) === sqlite.full || extendedCodeOf(error) === noRoomToShare;
}

/** There is no such file. */
export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === "ENOENT";
}

/** The disk or its permissions are the problem, not the content of a file. */
export function isUnwritable(error: unknown): boolean {
  const { permission, readOnly, io, cannotOpen } = sqlite;
  const code = codeOf(error);
  return isFull(error) || [permission, readOnly, io, cannotOpen].some((known) => known === code);
}

/** Turns an error of the disk into `storage-failed`; an error in our own SQL stays a bug. */
export function storageFailure(cause: unknown): unknown {
  const code = codeOf(cause);
  const ours = [1, 19, 20, 21, 25]; // SQL error, constraint, datatype, misuse, range
  if (code === undefined || ours.includes(code)) return cause;
  return notKept(cause);
}

/** What the disk refused, as `storage-failed`; `paid`: a picture was lost by it. */
export function notKept(cause: unknown, paid = false): ImageError<"storage-failed"> {
  const problem = isFull(cause) ? "full" : "unwritable";
  return new ImageError("storage-failed", { problem, paid }, { cause });
}

/** The system's own text for an error. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
