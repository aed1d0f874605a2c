import { randomUUID } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readEnvFile } from "./env-file.ts";
import { makeDirectory, unwritable } from "./storage/data-dir.ts";

/** Variables by their names. */
export type Values = Readonly<Record<string, string | undefined>>;

function fileIn(directory: string): string {
  return join(directory, "settings.env");
}

/** What was set in the browser, kept in the data directory; none where nothing was. Throws EnvFileError. */
export function readSettings(directory: string): Values {
  return readEnvFile(fileIn(directory));
}

/** Whether a value can be written: one line, without quotation marks and backslashes. */
export function isWritable(value: string): boolean {
  return !/[\p{Cc}"'`\\]/u.test(value);
}

/**
 * Keeps these values and those that were kept before; undefined removes one. Only the user of this process may read
 * them. Throws `DataDirError` where the file cannot be written.
 */
export function writeSettings(directory: string, changes: Values): void {
  const kept = Object.entries({ ...readSettings(directory), ...changes });
  const lines = kept.flatMap(([name, value]) => (value ? [`${name}="${value}"`] : []));
  makeDirectory(directory);
  const unfinished = join(directory, `settings-${randomUUID()}.tmp`);
  try {
    writeFileSync(unfinished, `${lines.join("\n")}\n`, { mode: 0o600 });
    renameSync(unfinished, fileIn(directory));
  } catch (cause) {
    throw unwritable(directory, cause);
  }
}
