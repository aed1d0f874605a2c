import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A disk of a few megabytes. */
export interface SmallDisk {
  readonly directory: string;
  /** Takes all its room, but for so many bytes; answers the function that gives it back. */
  fill(butBytes?: number): () => void;
  /** Lets nobody write on it any more. */
  makeReadOnly(): void;
}

/** Mounts a disk in memory, gone when the test ends. Only where `mayMount`. */
export function aSmallDisk(bytes: number): SmallDisk {
  const directory = mount(bytes);
  onTestFinished(() => unmount(directory));
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
    makeReadOnly: () => void execFileSync("mount", ["-o", "remount,ro", directory]),
  };
}

function mount(bytes: number): string {
  const directory = mkdtempSync(join(tmpdir(), "drawbridge-disk-"));
  try {
    const options = ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", directory];
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
    for (let written = 0; written < bytes; ) written += writeSync(file, page);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(file);
  }
}

/** Root may mount on most machines, but not in every container. */
export const mayMount: boolean = (() => {
  try {
    unmount(mount(4096));
    return true;
  } catch {
    return false;
  }
})();
