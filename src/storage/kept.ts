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

/** Small things that are kept in a directory, each in a file of its name; the directory is made by the first of them. */
export function keptIn(directory: string): (name: string) => KeptFile {
  return (name) => {
    const file = join(directory, name);
    return {
      read() {
        try {
          return JSON.parse(readFileSync(file, "utf8")) as unknown;
        } catch {
          return undefined;
        }
      },
      write(value) {
        makeDirectory(directory);
        writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`);
        renameSync(`${file}.new`, file);
      },
    };
  };
}
