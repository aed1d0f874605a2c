/**
 * A chat platform's references to pictures that were uploaded before, so that they need not be sent again. A reference
 * is removed with its picture.
 */
export interface PlatformFiles {
  /** `use` names the platform, the account and the kind of file, such as `telegram:110201543:photo`. */
  find(picture: string, use: string): Promise<string | undefined>;
  /** Replaces an earlier reference; does nothing for a picture that is gone. */
  keep(picture: string, use: string, reference: string): Promise<void>;
}
