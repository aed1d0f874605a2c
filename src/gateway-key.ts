import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DataDirError } from "./storage/data-dir.ts";

/**
 * The key of an installation that configured none: made at the first start and kept in the data directory. Throws
 * `DataDirError`.
 */
export function generatedKey(directory: string): string {
  const file = join(directory, "gateway-key");
  const kept = attempt("read", file, () => readIfThere(file)?.trim());
  if (kept) return kept;
  const key = `db-${randomBytes(24).toString("base64url")}`;
  attempt("written", file, () => writeFileSync(file, `${key}\n`, { mode: 0o600 }));
  return key;
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
