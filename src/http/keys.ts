import { createHash, timingSafeEqual } from "node:crypto";

/** A key, and the name under which its requests are counted. */
export interface NamedKey {
  readonly name: string;
  readonly key: string;
}

/** Answers the name of the key in an Authorization header as `keyHeader` gives it; "none" and "unknown" say why there is none. */
export type KeyCheck = (
  header: string | undefined,
) => { readonly name: string } | { readonly missing: "none" | "unknown" };

/** Where clients put their key, beside `authorization`, which counts first. */
const keyHeaders = ["api-key", "x-api-key"];

/** What a request says about its key, as an Authorization header: that header, or another one where that holds no key. */
export function keyHeader(headers: Headers): string | undefined {
  const authorization = headers.get("authorization") ?? undefined;
  if (authorization !== undefined && keyIn(authorization)) return authorization;
  const bare = keyHeaders.map((name) => headers.get(name) ?? "").find((value) => keyIn(value));
  return bare === undefined ? authorization : `Bearer ${bare}`;
}

/**
 * The key in a header: behind `Bearer`, once or more often, or alone. Nothing in one of another scheme: no key holds a
 * space.
 */
function keyIn(header: string): string | undefined {
  const rest = header.trim().replace(/^(?:Bearer(?::\s*|\s+|$))+/i, "");
  const key = rest.replace(/^(["'])(.*)\1$/, "$2");
  return /^\S+$/.test(key) ? key : undefined;
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
    const token = keyIn(header);
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
