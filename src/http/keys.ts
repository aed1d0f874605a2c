import { createHash, timingSafeEqual } from "node:crypto";

export interface NamedKey {
  readonly name: string;
  readonly key: string;
}

/** Answers the name of the key in an Authorization header; "none" and "unknown" say why there is none. */
export type KeyCheck = (
  header: string | undefined,
) => { readonly name: string } | { readonly missing: "none" | "unknown" };

/** The header that holds a request's key: Azure's clients send theirs as `api-key`, without a scheme. */
export function keyHeader(header: (name: string) => string | undefined): string | undefined {
  const bare = header("api-key");
  return header("authorization") ?? (bare === undefined ? undefined : `Bearer ${bare}`);
}

/** Compares in a time that tells nothing about the keys. */
export function createKeyCheck(keys: readonly NamedKey[]): KeyCheck {
  const digests = keys.map(({ name, key }) => ({ name, digest: digestOf(key) }));
  return (header) => {
    const token = /^Bearer +(.+)$/i.exec(header?.trim() ?? "")?.[1]?.trim();
    if (!token) return { missing: "none" };
    const digest = digestOf(token);
    // All are compared, whichever matches first.
    const matching = digests.filter((known) => timingSafeEqual(known.digest, digest));
    return matching[0] ? { name: matching[0].name } : { missing: "unknown" };
  };
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
