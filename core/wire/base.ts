import { dropBody, type Fetch, type FetchResponse } from "./fetch.ts";

/** The address of a path under a base address, whose query stays: some services want their version there. */
export function addressUnder(base: string, path: string): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  url.hash = "";
  return url;
}

/**
 * A fetch for addresses under a base that may lack its `/v1`, as services' own pages often give it. Until something was
 * found, what is not found or not allowed is asked once more under `/v1`; where an answer came from is asked from then
 * on. The answer is the first one where neither has anything.
 */
export function orUnderV1(fetch: Fetch, base: string): Fetch {
  const { pathname } = new URL(base);
  if (/\/v\d/.test(pathname)) return fetch;
  const path = pathname.replace(/\/+$/, "");
  const versioned = (address: string | URL) => {
    const url = new URL(address);
    url.pathname = `${path}/v1${url.pathname.slice(path.length)}`;
    return url;
  };
  let found: "as given" | "under v1" | undefined;
  return async (url, init) => {
    if (found === "under v1") return fetch(versioned(url), init);
    const plain = await fetch(url, init);
    if (plain.ok && !isPage(plain)) found = "as given";
    if (found === "as given" || !mayBeElsewhere(plain)) return plain;
    const other = await fetch(versioned(url), init).catch((error: unknown) => {
      dropBody(plain);
      throw error;
    });
    const isThere = isMissing(plain) ? !isMissing(other) : other.ok && !isPage(other);
    if (isThere) found = "under v1";
    dropBody(isThere ? plain : other);
    return isThere ? other : plain;
  };
}

/** Also what services answer to paths that they do not know: a bad request, a key that is asked for, a refusal. */
function mayBeElsewhere(response: FetchResponse): boolean {
  return isMissing(response) || [400, 401, 403].includes(response.status);
}

/** Nothing is there, or a page for people, which many services show wherever nothing else is. */
function isMissing(response: FetchResponse): boolean {
  return [404, 405, 501].includes(response.status) || (response.ok && isPage(response));
}

function isPage({ headers }: FetchResponse): boolean {
  return /^text\/html/i.test(headers.get("content-type") ?? "");
}
