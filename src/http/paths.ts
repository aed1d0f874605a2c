/** Paths of the API, without the `/v1` that may stand before them. */
const endpoints = [
  "/models",
  "/chat/completions",
  "/images/generations",
  "/images/edits",
  "/images/variations",
  "/responses",
];

/**
 * The path that a client means: people paste base addresses with and without `/v1`, with a slash at the end, or whole
 * endpoints, and clients add theirs to whatever was pasted.
 */
export function canonicalPath(path: string): string {
  let rest = path.replace(/\/{2,}/g, "/").replace(/(?<=.)\/$/, "");
  for (;;) {
    const shorter = withoutPrefix(rest);
    if (shorter === rest) return rest;
    rest = shorter;
  }
}

function withoutPrefix(path: string): string {
  if (path.startsWith("/v1/")) return path.slice(3);
  const pasted = endpoints.find((endpoint) => path.startsWith(`${endpoint}/`));
  if (!pasted) return path;
  const added = path.slice(pasted.length);
  const isEndpoint = endpoints.some(
    (e) => `${added}/`.startsWith(`${e}/`) || added.startsWith("/v1/"),
  );
  return isEndpoint ? added : path;
}
