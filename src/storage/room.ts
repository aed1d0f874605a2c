import { access, constants, mkdir, statfs } from "node:fs/promises";
import { ImageError } from "../../core/errors.ts";
import { isFull, isMissing, reasonOf } from "./errors.ts";
import type { Log } from "../../core/observe.ts";

/** What is watched for room. */
export interface RoomOptions {
  /** A directory, which is made again where it is removed. */
  readonly directory: string;
  /** Less free room than this on its disk is too little; 0: no floor. */
  readonly minFreeBytes: number;
  /** Writes so many bytes as pictures are written, and removes them again. */
  readonly probe: (bytes: number) => Promise<void>;
}

/** For so long a look at the disk is believed. */
const freshMs = 1000;

/** A probe is no larger than this, whatever was refused. */
const largestProbe = 16 * 1024 * 1024;

/** A disk with fewer files left than this is as good as full, where there is a floor. */
const minFreeFiles = 100;

const thereIsRoom = Promise.resolve();

/** Whether there is room for pictures: more than the floor, and, once a write was refused, for one of its size. */
export class Room {
  readonly #options: RoomOptions;
  /** The largest write that was refused since one last succeeded; 0 for none. */
  #refusedBytes = 0;
  #problem: ImageError | undefined;
  #lookedAt = -Infinity;
  #looking: Promise<void> | undefined;

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  /** A write of so many bytes was refused: until one like it succeeds, there is no room. */
  refused(bytes: number): void {
    this.#refusedBytes = Math.min(largestProbe, Math.max(this.#refusedBytes, bytes, 1));
  }

  /** As `ImageStore.check`. Looks that are asked for at once share one. */
  check(): Promise<void> {
    const believed = performance.now() - this.#lookedAt < freshMs;
    if (believed && this.#refusedBytes === 0 && !this.#problem) return thereIsRoom;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    try {
      await this.#measure();
      const bytes = this.#refusedBytes;
      if (bytes > 0) await this.#options.probe(bytes);
      if (bytes === this.#refusedBytes) this.#refusedBytes = 0;
      this.#problem = undefined;
      this.#lookedAt = performance.now();
    } catch (error) {
      this.#problem = noRoom(error);
      throw this.#problem;
    }
  }

  async #measure(): Promise<void> {
    const { directory, minFreeBytes } = this.#options;
    await access(directory, constants.W_OK).catch(async (error: unknown) => {
      if (!isMissing(error)) throw error;
      await mkdir(directory, { recursive: true });
    });
    if (minFreeBytes === 0) return;
    const { bavail, bsize, files, ffree } = await statfs(directory);
    if (bavail * bsize < minFreeBytes) throw new Low(`${Math.floor((bavail * bsize) / 1e6)} MB`);
    // Some file systems do not count their files.
    if (files > 0 && ffree < minFreeFiles) throw new Low(`room for ${ffree} files`);
  }
}

/** There is less left than the floor. */
class Low extends Error {
  constructor(left: string) {
    super(`only ${left} left on the disk, which is less than MIN_FREE_MB asks for`);
  }
}

function noRoom(cause: unknown): ImageError {
  const problem = cause instanceof Low || isFull(cause) ? "full" : "unwritable";
  const told = { full: "the disk is full", unwritable: "the disk cannot be written to" } as const;
  const message = cause instanceof Low ? cause.message : told[problem];
  return new ImageError("storage-failed", { problem, paid: false }, { message, cause });
}

/** Bytes that are free on a directory's disk. */
export async function freeBytesIn(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

/** What jobs are kept in. Throws `storage-failed` where nothing can be written. */
interface Checked {
  check(): void | Promise<void>;
}

/** Looks at what jobs are kept in; answers why nothing new can be kept, undefined where it can. */
export type StorageLook = () => Promise<string | undefined>;

/** A look that says in the log when what it finds has changed. */
export function storageLook(images: Checked, database: Checked, log: Log): StorageLook {
  let known: string | undefined;
  return async () => {
    const error = await failureOf(images, database);
    const problem = error === undefined ? undefined : reasonOf(error);
    if (problem !== undefined && problem !== known) {
      log.error({ error }, `nothing new is taken: ${problem}`);
    } else if (problem === undefined && known !== undefined) {
      log.info({}, "jobs are taken again");
    }
    known = problem;
    return problem;
  };
}

async function failureOf(images: Checked, database: Checked): Promise<unknown> {
  try {
    await database.check();
    await images.check();
    return undefined;
  } catch (error) {
    return error;
  }
}
