import type { Environment } from "./config.ts";

/** The proxies that lead to the internet, as the usual variables name them. */
export interface Proxies {
  /** For http:// addresses, and for https:// ones where `https` is undefined. */
  readonly http: string | undefined;
  readonly https: string | undefined;
  /** What is reached without them: names, suffixes of names and addresses, separated by commas. */
  readonly except: string;
}

/** This machine itself is never behind a proxy. */
const always = "localhost,127.0.0.1,::1";

/** The proxies in an environment, undefined where there are none. Lower case goes before upper case, as in curl. */
export function proxiesIn(environment: Environment): Proxies | undefined {
  const valueOf = (name: string) =>
    environment[name.toLowerCase()]?.trim() || environment[name]?.trim() || undefined;
  const [http, https] = [valueOf("HTTP_PROXY"), valueOf("HTTPS_PROXY")].map(withScheme);
  if (http === undefined && https === undefined) return undefined;
  return { http, https, except: [valueOf("NO_PROXY"), always].filter(Boolean).join(",") };
}

/** A proxy is often named by its host and port alone. */
function withScheme(address: string | undefined): string | undefined {
  return address === undefined || address.includes("://") ? address : `http://${address}`;
}

/** What is wrong with the variables, without any password in them. */
export function proxyProblems(
  proxies: Proxies | undefined,
): readonly (readonly [string, string])[] {
  return named(proxies).flatMap(([name, address]) => {
    const protocol = URL.parse(address)?.protocol ?? "";
    return /^https?:$/.test(protocol)
      ? []
      : [[name, "must be the address of an HTTP proxy, such as http://127.0.0.1:3128"] as const];
  });
}

/** Each proxy with the variable that names it, and without its user name and password. */
export function shownProxies(proxies: Proxies | undefined): readonly (readonly [string, string])[] {
  return named(proxies).map(([name, address]) => [name, new URL(address).origin]);
}

function named(proxies: Proxies | undefined): readonly (readonly [string, string])[] {
  const { http, https } = proxies ?? {};
  return Object.entries({ HTTP_PROXY: http, HTTPS_PROXY: https }).flatMap(([name, address]) =>
    address === undefined ? [] : [[name, address] as const],
  );
}
