import type { Result, Router } from "hono/router";
import { TrieRouter } from "hono/router/trie-router";
import { routes } from "./routes.ts";

/** Endpoint paths that people paste as a base address. */
const endpoints = routes
  .filter(({ isPasted }) => isPasted)
  .map(({ path }) => path.replace(/\/\{.*/, ""));

/** Prefixes that are ignored before an endpoint. None of them is an endpoint itself. */
const prefixes: readonly RegExp[] = [
  /^\/v1(?=\/)/i,
  // Azure's: its clients name the model there.
  /^\/(?:openai\/)?deployments\/[^/]+(?=\/)/,
  // A whole address, as proxies accept it; its double slash was collapsed before.
  /^\/https?:\/[^/]+(?=\/)/i,
  // Base paths of other services that people leave in place: OpenRouter's, Azure's, LocalAI's.
  new RegExp(`^/(?:api|openai)(?=/(?:v1|api|openai|https?:|${namesOf(endpoints)})(?:/|$))`),
];

function namesOf(paths: readonly string[]): string {
  return paths.map((path) => path.slice(1)).join("|");
}

/** The most prefixes that are removed: each costs a pass over the whole path. */
const mostPrefixes = 10;

/** Usual spellings of paths, which need no further parsing. */
const usual = new Map(routes.flatMap(({ path }) => [path, `/v1${path}`].map((one) => [one, path])));

/** The path in a request's address, as the URL standard writes it. */
export function pathOf(url: string): string {
  const start = url.indexOf("/", "https://".length);
  const end = url.search(/[?#]/);
  return url.slice(start, end < 0 ? undefined : end);
}

/**
 * The path that a client means. People paste base addresses with and without `/v1`, with a slash at the end, or whole
 * endpoints, and their client adds its own path to that.
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

/** Remembers which routes a path matches: most requests use few paths. */
export class RememberingRouter<Handler> implements Router<Handler> {
  readonly name = "RememberingRouter";
  readonly #routes = new TrieRouter<Handler>();
  readonly #matches = new Map<string, Result<Handler>>();

  add(method: string, path: string, handler: Handler): void {
    this.#routes.add(method, path, handler);
  }

  match(method: string, path: string): Result<Handler> {
    const key = `${method} ${path}`;
    const known = this.#matches.get(key);
    if (known) return known;
    const [handlers, ...rest] = this.#routes.match(method, path);
    // No handler hands on to a next one.
    const found = [handlers.slice(0, 1), ...rest] as Result<Handler>;
    if (this.#matches.size >= mostMatches) this.#matches.clear();
    this.#matches.set(key, found);
    return found;
  }
}

const mostMatches = 200;
