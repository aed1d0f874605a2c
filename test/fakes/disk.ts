import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A disk of a few megabytes. */
export interface SmallDisk {
  readonly directory: string;
  /** Takes all its room, but for so many bytes; answers the function that gives it back. */
  fill(butBytes?: number): () => void;
  /** Takes all the files that it can have, though not its room; answers the function that gives them back. */
  takeFiles(): () => void;
  /** Lets nobody write on it any more. */
  makeReadOnly(): void;
}

/** Mounts a disk in memory for at most so many files, gone when the test ends or what `cleanUp` says. Only where `mayMount`. */
export function aSmallDisk(
  bytes: number,
  files = 1000,
  cleanUp: (task: () => void) => void = onTestFinished,
): SmallDisk {
  const directory = mount(bytes, files);
  cleanUp(() => unmount(directory));
  return {
    directory,
    fill(butBytes = 0) {
      const filler = join(directory, "filler");
      const reserve = join(directory, "reserve");
      if (butBytes > 0) writeZeros(reserve, butBytes);
      writeZeros(filler, Infinity);
      rmSync(reserve, { force: true });
      return () => rmSync(filler);
    },
    takeFiles() {
      const folder = join(directory, "fillers");
      mkdirSync(folder);
      untilFull(() => {
        for (let n = 0; ; n++) closeSync(openSync(join(folder, String(n)), "w"));
      });
      return () => rmSync(folder, { recursive: true });
    },
    makeReadOnly: () => void execFileSync("mount", ["-o", "remount,ro", directory]),
  };
}

function mount(bytes: number, files: number): string {
  const directory = mkdtempSync(join(tmpdir(), "drawbridge-disk-"));
  try {
    const options = ["-t", "tmpfs", "-o", `size=${bytes},nr_inodes=${files}`, "tmpfs", directory];
    execFileSync("mount", options, { stdio: "ignore" });
    return directory;
  } catch (error) {
    rmdirSync(directory);
    throw error;
  }
}

function unmount(directory: string): void {
  // Lazily: a process that is about to end may still hold a file there.
  execFileSync("umount", ["--lazy", directory]);
  rmdirSync(directory);
}

/** Writes so many bytes, or until there is no room. */
function writeZeros(path: string, bytes: number): void {
  const page = Buffer.alloc(4096);
  const file = openSync(path, "w");
  try {
    untilFull(() => {
      for (let written = 0; written < bytes; ) written += writeSync(file, page);
    });
  } finally {
    closeSync(file);
  }
}

function untilFull(work: () => void): void {
  try {
    work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}

/** Root may mount on most machines, but not in every container. */
export const mayMount: boolean = (() => {
  try {
    unmount(mount(4096, 10));
    return true;
  } catch {
    return false;
  }
})();
