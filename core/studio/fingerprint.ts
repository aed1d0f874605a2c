/** SHA-256 of a text, in hex. */
export type Digest = (text: string) => string;

/** The same for the same requester and request, whatever the order of its keys. */
export function fingerprintOf(requester: string, request: object, digest: Digest): string {
  return digest(`${requester}\n${canonical(request)}`);
}

/** JSON whose keys are in order. */
function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one ?? null)).join(",")}]`;
  const fields = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
  return `{${fields.join(",")}}`;
}
