import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDirectory } from "./data-dir.ts";

/** A value of JSON in a file of the data directory. */
interface KeptFile {
  /** undefined where there is none, or one that cannot be read. */
  read(): unknown;
  /** Replaces the file whole. Throws the system's error. */
  write(value: object): void;
}

/** For so long what was read is believed; another process, such as doctor, may write the file meanwhile. */
const freshMs = 1000;

/** Small things that are kept in a directory, each in a file of its name; the directory is made by the first of them. */
export function keptIn(directory: string): (name: string) => KeptFile {
  return (name) => {
    const file = join(directory, name);
    let value: unknown;
    let readAt = -Infinity;
    return {
      read() {
        if (performance.now() - readAt < freshMs) return value;
        readAt = performance.now();
        return (value = readJson(file));
      },
      write(changed) {
        makeDirectory(directory);
        writeFileSync(`${file}.new`, `${JSON.stringify(changed, null, 2)}\n`);
        renameSync(`${file}.new`, file);
        readAt = -Infinity;
      },
    };
  };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as unknown;
  } catch {
    return undefined;
  }
}
