import { isSame, sha256 } from "#runtime";
import { hexOf } from "../../core/wire/hex.ts";

/** A key, and the name under which its requests are counted. */
export interface NamedKey extends KnownKey {
  readonly key: string;
}

/** What is known of a key. */
export interface KnownKey {
  readonly name: string;
  /** Several people use it, each named by the program that they use it with. */
  readonly shared?: boolean;
}

/** The account of everything that is asked for with this key. */
export function accountOf({ name }: KnownKey): string {
  return `http:${name}`;
}

/** Answers the name of the key in an Authorization header as `keyHeader` gives it; "none" and "unknown" say why there is none. */
export type KeyCheck = (
  header: string | undefined,
) => KnownKey | { readonly missing: "none" | "unknown" };

/** Where clients put their key, beside `authorization`, which counts first. */
const keyHeaders = ["api-key", "x-api-key"];

/** What a request says about its key, as an Authorization header: that header, or another one where that holds no key. */
export function keyHeader(headers: Headers): string | undefined {
  const authorization = headers.get("authorization") ?? undefined;
  if (authorization !== undefined && usual.test(authorization)) return authorization;
  const key = keyIn(authorization ?? "");
  if (key !== undefined && !blank.test(key)) return authorization;
  const bare = keyHeaders.map((name) => headers.get(name) ?? "").find((value) => keyIn(value));
  return bare === undefined ? authorization : `Bearer ${bare}`;
}

/** How almost every key is sent, that needs no further reading. */
const usual = /^Bearer [^\s"':]{10,}$/;

/** What programs write that hold no key. */
const blank = /^(?:null|undefined|none)$/i;

/**
 * The key in a header: behind `Bearer`, once or more often, another word for a key, or alone. Nothing in one of another scheme: no key holds a
 * space.
 */
export function keyIn(header: string): string | undefined {
  const rest = header
    .trim()
    .replace(/^(?:(?:Bearer(?::\s*|\s+|$))+|(?:Token|Key|Api-?Key)\s+)/i, "");
  const key = rest.replace(/^(["'])(.*)\1$/, "$2");
  return /^\S+$/.test(key) ? key : undefined;
}

/** How many accepted headers are remembered; each key usually has one spelling. */
const mostRemembered = 1000;

/** Compares in constant time, so that the time reveals nothing about the keys. Accepted headers are remembered. */
export function createKeyCheck(keys: readonly NamedKey[]): KeyCheck {
  const digests = keys.map(({ key, ...known }) => ({ ...known, digest: sha256(key) }));
  const good = new Map<string, KnownKey>();
  return (header = "") => {
    const remembered = good.get(header);
    if (remembered) return remembered;
    const token = keyIn(header);
    if (!token) return { missing: "none" };
    const digest = sha256(token);
    // All keys are compared, even after a match.
    const [known] = digests.filter((one) => isSame(one.digest, digest));
    if (!known) return { missing: "unknown" };
    if (good.size < mostRemembered) good.set(header, known);
    return known;
  };
}

// === People behind a key

/** The header in which Open WebUI names its user. */
const personHeader = "x-openwebui-user-id";

/** Who a program says that it asks for: in a header, or in the fields of OpenAI's that LibreChat fills, too. */
export function personIn(headers: Headers, body: unknown) {
  const { safety_identifier, user } = Object(body) as Readonly<Record<string, unknown>>;
  const said = [headers.get(personHeader), safety_identifier, user];
  return said.map(textIn).find((text) => text !== "");
}

function textIn(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? `${value}`.trim() : "";
}

/** The requester's id of a person behind a shared key. Of a long or a strange name it holds a digest. */
export function idOfPerson(key: string, person: string): string {
  const isPlain = /^[\w.@+-]{1,64}$/.test(person);
  return `http:${key}:${isPlain ? person : `~${hexOf(sha256(person).subarray(0, 16))}`}`;
}

/** Whether a requester's id is that of a key, with however many people behind it, rather than of one person. */
export function isOfKey(requester: string): boolean {
  return /^http:[^:]+$/.test(requester);
}
