/**
 * What a chat platform calls the pictures that it already has, so that they need not be sent to it again. Each reference
 * goes when its picture goes.
 */
export interface PlatformFiles {
  /** `use` names the platform, the account and the kind of file, such as `telegram:110201543:photo`. */
  find(picture: string, use: string): Promise<string | undefined>;
  /** Replaces an earlier reference; does nothing for a picture that is gone. */
  keep(picture: string, use: string, reference: string): Promise<void>;
}
