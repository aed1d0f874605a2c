/** Paths of the API, without the `/v1` that may stand before them. */
const endpoints = [
  "/models",
  "/chat/completions",
  "/images/generations",
  "/images/edits",
  "/images/variations",
  "/responses",
  "/dashboard/billing",
];

/** What may stand before an endpoint without changing what is meant, and is no endpoint itself. */
const prefixes: readonly RegExp[] = [
  /^\/v1(?=\/)/i,
  // Azure's, whose clients name the model there.
  /^\/(?:openai\/)?deployments\/[^/]+(?=\/)/,
  // The whole address of some server, as proxies take it; its slashes were made one.
  /^\/https?:\/[^/]+(?=\/)/i,
  // Base paths of other services that people leave in place: OpenRouter's, Azure's, LocalAI's.
  /^\/(?:api|openai)(?=\/(?:v1|api|openai|https?:|models|chat|images\/(?:generations|edits|variations)|responses|dashboard)(?:\/|$))/,
];

/** Nobody pastes more than this one behind the other; each costs a look at the whole path. */
const mostPrefixes = 10;

/** The name in a path such as `/openai/deployments/{name}/images/generations`: Azure's clients need no other. */
export function deploymentIn(address: string): string | undefined {
  const [, name] = /\/deployments\/([^/?#]+)\//.exec(address) ?? [];
  if (name === undefined) return undefined;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/**
 * The path that a client means: people paste base addresses with and without `/v1`, with a slash at the end, or whole
 * endpoints, and clients add theirs to whatever was pasted.
 */
export function canonicalPath(path: string): string {
  let rest = path.replace(/\/{2,}/g, "/").replace(/(?<=.)\/$/, "");
  for (let found = 0; found < mostPrefixes; found++) {
    const shorter = withoutPrefix(rest);
    if (shorter === rest) return rest;
    rest = shorter;
  }
  return rest;
}

function withoutPrefix(path: string): string {
  const prefix = prefixes.find((one) => one.test(path));
  if (prefix) return path.replace(prefix, "");
  const pasted = endpoints.find((endpoint) => path.startsWith(`${endpoint}/`));
  if (!pasted) return path;
  const added = path.slice(pasted.length);
  const isEndpoint =
    endpoints.some((endpoint) => `${added}/`.startsWith(`${endpoint}/`)) || isPrefixed(added);
  return isEndpoint ? added : path;
}

function isPrefixed(path: string): boolean {
  return path.startsWith("/v1/") || /^\/https?:\//i.test(path);
}
