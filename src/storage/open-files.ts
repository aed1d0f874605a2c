import { closeSync, openSync, readSync, statSync } from "node:fs";

/** What stands in the first bytes of a database file: https://www.sqlite.org/fileformat.html#the_database_header */
const header = { length: 100, magic: "SQLite format 3\0", mark: 68 } as const;

/** How the file of the newest writes begins, but for its last bit: https://www.sqlite.org/fileformat2.html#the_wal_file */
const walMagic = 0x377f0682;

/**
 * The files of an open database, to tell whether the next process will find in them what this one writes: deleted,
 * replaced or overwritten ones hold something else, and SQLite does not notice.
 */
export class OpenFiles {
  readonly #file: string;
  readonly #mark: number;
  /** Kept open: closing any descriptor of the file would drop SQLite's locks on it. https://www.sqlite.org/howtocorrupt.html */
  readonly #descriptor: number;
  /** Of the newest writes; undefined where there is no such file. */
  readonly #wal: number | undefined;
  readonly #inodes: ReadonlyMap<string, string>;
  /** Seen in the file, which the mark reaches with a checkpoint. */
  #marked = false;

  /** `mark` is the `application_id` that was given to the database when it was opened. */
  constructor(file: string, mark: number) {
    this.#file = file;
    this.#mark = mark;
    this.#descriptor = openSync(file, "r");
    const inodes = ["", "-wal", "-shm"].flatMap((ending) => {
      const inode = inodeOf(file + ending);
      return inode === undefined ? [] : [[file + ending, inode] as const];
    });
    this.#inodes = new Map(inodes);
    this.#wal = this.#inodes.has(`${file}-wal`) ? openSync(`${file}-wal`, "r") : undefined;
    this.#isOverwritten();
  }

  /** What has become of the files, as a sentence; undefined where they are the same. */
  problem(): string | undefined {
    for (const [path, inode] of this.#inodes) {
      const now = inodeOf(path);
      if (now === undefined) return toldOf(path, "deleted");
      if (now !== inode) return toldOf(path, "replaced");
    }
    if (this.#isOverwritten()) return toldOf(this.#file, "overwritten");
    return this.#isWalLost() ? toldOf(`${this.#file}-wal`, "overwritten") : undefined;
  }

  /** Only after the database was closed. */
  close(): void {
    closeSync(this.#descriptor);
    if (this.#wal !== undefined) closeSync(this.#wal);
  }

  #isOverwritten(): boolean {
    const bytes = Buffer.alloc(header.length);
    const length = readSync(this.#descriptor, bytes, 0, header.length, 0);
    const isDatabase = bytes.toString("latin1", 0, header.magic.length) === header.magic;
    if (length < header.length || !isDatabase) return true;
    const isMarked = bytes.readUInt32BE(header.mark) === this.#mark;
    this.#marked ||= isMarked;
    return this.#marked && !isMarked;
  }

  /** An empty one has nothing to lose. One that was emptied begins with zeros once more is written to it. */
  #isWalLost(): boolean {
    if (this.#wal === undefined) return false;
    const bytes = Buffer.alloc(4);
    if (readSync(this.#wal, bytes, 0, bytes.length, 0) < bytes.length) return false;
    return (bytes.readUInt32BE() & ~1) !== walMagic;
  }
}

function inodeOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino}`;
}

function toldOf(path: string, what: "deleted" | "replaced" | "overwritten"): string {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  return `${name} was ${what} while it was in use. Stop Drawbridge, put the right file there (without the -wal and -shm of another one), and start it again`;
}
