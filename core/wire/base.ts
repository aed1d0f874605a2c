import { dropBody, type Fetch, type FetchResponse } from "./fetch.ts";

/** The address of a path under a base address, whose query stays: some services want their version there. */
export function addressUnder(base: string, path: string): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  url.hash = "";
  return url;
}

/**
 * A fetch for addresses under a base that may lack its `/v1`, as services' own pages often give it. Where nothing is
 * found, the same is asked once under `/v1`; what answers there is asked there from then on. The answer is the first
 * one where neither has anything.
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
  let isVersioned = false;
  return async (url, init) => {
    if (isVersioned) return fetch(versioned(url), init);
    const plain = await fetch(url, init);
    if (!isMissing(plain)) return plain;
    const other = await fetch(versioned(url), init).catch((error: unknown) => {
      dropBody(plain);
      throw error;
    });
    isVersioned = !isMissing(other);
    dropBody(isVersioned ? plain : other);
    return isVersioned ? other : plain;
  };
}

/** Nothing is there, or a page for people, which many services show wherever nothing else is. */
function isMissing({ ok, status, headers }: FetchResponse): boolean {
  return status === 404 || status === 405 || (ok && isPage(headers.get("content-type")));
}

function isPage(type: string | null): boolean {
  return type?.startsWith("text/html") === true;
}
