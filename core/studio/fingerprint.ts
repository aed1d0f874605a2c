import { createHash } from "node:crypto";

/** The same for the same requester and request, whatever the order of its keys: SHA-256 in hex. */
export function fingerprintOf(requester: string, request: object): string {
  return createHash("sha256")
    .update(requester)
    .update("\n")
    .update(canonical(request))
    .digest("hex");
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
