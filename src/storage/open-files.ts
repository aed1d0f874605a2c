import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";

/** What stands in the first bytes of a database file: https://www.sqlite.org/fileformat.html#the_database_header */
const header = { length: 100, magic: "SQLite format 3\0", mark: 68 } as const;

/** How the file of the newest writes begins, but for its last bit: https://www.sqlite.org/fileformat2.html#the_wal_file */
const walMagic = 0x377f0682;

/**
 * What connections share says how many frames the newest writes are, and how many of these were brought to their place, in the
 * order of bytes of the machine: https://www.sqlite.org/walformat.html#the_wal_index_file_format
 */
const index = { length: 100, pageSize: 14, frames: 16, broughtIn: 96 } as const;
const largestPage = 65_536;
const walHead = { file: 32, frame: 24 } as const;

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
  /** Of what connections share; undefined where there is no such file. */
  readonly #shared: number | undefined;
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
    const opened = (path: string) => (this.#inodes.has(path) ? openSync(path, "r") : undefined);
    this.#wal = opened(`${file}-wal`);
    this.#shared = opened(`${file}-shm`);
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
    if (this.#shared !== undefined) closeSync(this.#shared);
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

  /** One that was emptied after its writes were brought to their place has nothing to lose. */
  #isWalLost(): boolean {
    if (this.#wal === undefined) return false;
    if (fstatSync(this.#wal).size < this.#leastWal()) return true;
    const bytes = Buffer.alloc(4);
    if (readSync(this.#wal, bytes, 0, bytes.length, 0) < bytes.length) return false;
    return (bytes.readUInt32BE() & ~1) !== walMagic;
  }

  /** How long the file of the newest writes has to be for those that are in no other file. */
  #leastWal(): number {
    if (this.#shared === undefined) return 0;
    const words = new Uint32Array(index.length / 4);
    readSync(this.#shared, words, 0, index.length, 0);
    const { [index.frames / 4]: frames = 0, [index.broughtIn / 4]: broughtIn } = words;
    if (frames === broughtIn) return 0;
    const pageSize = new Uint16Array(words.buffer)[index.pageSize / 2] ?? 0;
    // The largest size does not fit, and is written as 1.
    return walHead.file + frames * (walHead.frame + (pageSize === 1 ? largestPage : pageSize));
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
