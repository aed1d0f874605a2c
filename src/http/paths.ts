import { routes } from "./routes.ts";

/** Paths that people paste where a base address belongs, without what may follow them. */
const endpoints = routes
  .filter(({ isPasted }) => isPasted)
  .map(({ path }) => path.replace(/\/\{.*/, ""));

/** What may stand before an endpoint without changing what is meant, and is no endpoint itself. */
const prefixes: readonly RegExp[] = [
  /^\/v1(?=\/)/i,
  // Azure's, whose clients name the model there.
  /^\/(?:openai\/)?deployments\/[^/]+(?=\/)/,
  // The whole address of some server, as proxies take it; its slashes were made one.
  /^\/https?:\/[^/]+(?=\/)/i,
  // Base paths of other services that people leave in place: OpenRouter's, Azure's, LocalAI's.
  new RegExp(`^/(?:api|openai)(?=/(?:v1|api|openai|https?:|${namesOf(endpoints)})(?:/|$))`),
];

function namesOf(paths: readonly string[]): string {
  return paths.map((path) => path.slice(1)).join("|");
}

/** More than this is not pasted one behind the other; each costs a look at the whole path. */
const mostPrefixes = 10;

/** How clients usually spell a path; anything else takes a closer look. */
const usual = new Map(routes.flatMap(({ path }) => [path, `/v1${path}`].map((one) => [one, path])));

/** The path in a request's address, as the URL standard writes it. */
export function pathOf(url: string): string {
  const start = url.indexOf("/", "https://".length);
  const end = url.search(/[?#]/);
  return url.slice(start, end < 0 ? undefined : end);
}

/**
 * The path that a client means: people paste base addresses with and without `/v1`, with a slash at the end, or whole
 * endpoints, and clients add theirs to whatever was pasted.
 */
export function canonicalPath(path: string): string {
  return usual.get(path) ?? withoutPrefixes(path);
}

function withoutPrefixes(path: string): string {
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
