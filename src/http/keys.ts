import { createHash, timingSafeEqual } from "node:crypto";

/** A key, and the name under which its requests are counted. */
export interface NamedKey {
  readonly name: string;
  readonly key: string;
}

/** Answers the name of the key in an Authorization header; "none" and "unknown" say why there is none. */
export type KeyCheck = (
  header: string | undefined,
) => { readonly name: string } | { readonly missing: "none" | "unknown" };

/** The header that holds a request's key: Azure's clients send theirs as `api-key`, without a scheme. */
export function keyHeader(headers: Headers): string | undefined {
  const authorization = headers.get("authorization");
  if (authorization !== null) return authorization;
  const bare = headers.get("api-key");
  return bare === null ? undefined : `Bearer ${bare}`;
}

/** How many accepted headers are remembered; each key usually has one spelling. */
const mostRemembered = 1000;

/** Compares in constant time, so that the time reveals nothing about the keys. Accepted headers are remembered. */
export function createKeyCheck(keys: readonly NamedKey[]): KeyCheck {
  const digests = keys.map(({ name, key }) => ({ name, digest: digestOf(key) }));
  const good = new Map<string, { readonly name: string }>();
  return (header = "") => {
    const remembered = good.get(header);
    if (remembered) return remembered;
    const token = /^Bearer +(.+)$/i.exec(header.trim())?.[1]?.trim();
    if (!token) return { missing: "none" };
    const digest = digestOf(token);
    // All keys are compared, even after a match.
    const [known] = digests.filter((one) => timingSafeEqual(one.digest, digest));
    if (!known) return { missing: "unknown" };
    if (good.size < mostRemembered) good.set(header, known);
    return known;
  };
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
