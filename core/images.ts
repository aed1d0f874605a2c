/**
 * Where the bytes of pictures live, found by their content: the same bytes are kept once. What `put` has promised
 * when it resolves survives `kill -9`.
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
  remove(hashes: readonly string[]): Promise<void>;
  /** Hashes of everything put before that time (Unix milliseconds), to find what no job points to. */
  putBefore(time: number): Promise<readonly string[]>;
}
