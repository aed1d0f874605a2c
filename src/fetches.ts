import type { Fetch } from "../core/wire/fetch.ts";
import type { Proxies } from "./proxies.ts";

/** The ways out of this process; where there are proxies, all of them lead through those. */
export interface Fetches {
  /** Reaches every address, for services that the owner configured. */
  readonly any: Fetch;
  /** Reaches no private address. */
  readonly public: Fetch;
  /** As browsers have it, for the libraries of other services. */
  readonly web: typeof globalThis.fetch;
}

/** Makes the ways out. What they are made of is loaded when the first of them is taken: it is large. */
export function createFetches(proxies?: Proxies): Fetches {
  let opened: Fetches | undefined;
  let opening: Promise<Fetches> | undefined;
  const open = () =>
    (opening ??= import("./fetches/undici.ts").then((to) => (opened = to.openFetches(proxies))));
  return {
    any: (url, init) => (opened ? opened.any(url, init) : open().then((to) => to.any(url, init))),
    public: async (url, init) => (await open()).public(url, init),
    web: proxies ? async (input, init) => (await open()).web(input, init) : globalThis.fetch,
  };
}
