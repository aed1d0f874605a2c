/**
 * Stores the bytes of pictures under their hash; the same bytes are kept once. Bytes survive `kill -9` once `put` has
 * resolved.
 */
export interface ImageStore {
  /** Answers the SHA-256 of the bytes in hex. Throws `storage-failed` when there is no room or no right to write. */
  put(bytes: Uint8Array): Promise<string>;
  /** undefined when there are no such bytes (any more). */
  read(hash: string): Promise<Uint8Array | undefined>;
  remove(hashes: readonly string[]): Promise<void>;
  /** Hashes of everything put before that time (Unix milliseconds), to find those that no job uses. */
  putBefore(time: number): Promise<readonly string[]>;
}
