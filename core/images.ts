/** Kept bytes that are read as they are needed. */
export interface KeptBytes {
  readonly size: number;
  /** All of them in order, in pieces of at most `pieceBytes`. Fails where they were removed meanwhile. */
  readonly read: () => AsyncIterable<Uint8Array>;
}

/** Small enough to have many of them in memory, and a multiple of 3, so that each piece is whole groups of base64. */
export const pieceBytes = 192 * 1024;

/** More forms of one picture are not worth their room: the oldest goes. */
export const mostForms = 8;

/**
 * Stores the bytes of pictures under their hash; the same bytes are kept once. Bytes survive `kill -9` once `put` has
 * resolved.
 */
export interface ImageStore {
  /**
   * Resolves where a picture can be kept, as far as that can be known without one. Throws `storage-failed`, unpaid,
   * where too little room is left, and from a failed `put` on until the like of it would succeed.
   */
  check(): Promise<void>;
  /** Answers the SHA-256 of the bytes in hex. Throws `storage-failed` when there is no room or no right to write. */
  put(bytes: Uint8Array): Promise<string>;
  /** undefined when there are no such bytes (any more). */
  read(hash: string): Promise<Uint8Array | undefined>;
  /** The same to be read in pieces; with `form`, what was kept under that name beside them. */
  open(hash: string, form?: string): Promise<KeptBytes | undefined>;
  /**
   * Keeps another form of a picture beside it until the picture is removed, under a name of letters, digits and "-"; of
   * a picture that is gone nothing is kept. Throws `storage-failed`.
   */
  putForm(hash: string, form: string, bytes: Uint8Array): Promise<void>;
  /** Removes these and all their forms. */
  remove(hashes: readonly string[]): Promise<void>;
  /** Hashes of everything put before that time (Unix milliseconds), to find those that no job uses. */
  putBefore(time: number): Promise<readonly string[]>;
}

/** Kept bytes in memory: for what is small. */
export async function wholeOf({ size, read }: KeptBytes): Promise<Uint8Array> {
  const whole = new Uint8Array(size);
  let at = 0;
  for await (const piece of read()) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}

/** Bytes in memory as if they were kept. */
export function inMemory(bytes: Uint8Array): KeptBytes {
  return {
    size: bytes.byteLength,
    async *read() {
      for (let at = 0; at < bytes.byteLength; at += pieceBytes) {
        yield bytes.subarray(at, at + pieceBytes);
      }
    },
  };
}
