import { connect } from "node:net";
import type { Line } from "./findings.ts";
import { type Proxies, shownProxies } from "./proxies.ts";

/** Whether the proxies can be connected to, in a finding for each. */
export function examineProxies(
  proxies: Proxies | undefined,
  timeoutMs: number,
): Promise<readonly Line[]> {
  const asked = shownProxies(proxies).map(async ([about, address]): Promise<Line> => {
    const code = await tryConnecting(new URL(address), timeoutMs);
    return code === undefined
      ? { level: "fine", about, text: `${address} is the proxy that services are reached through.` }
      : { level: "problem", about, text: `${address} cannot be reached: ${code}.` };
  });
  return Promise.all(asked);
}

/** The code of what goes wrong. */
function tryConnecting({ protocol, hostname, port }: URL, timeoutMs: number) {
  return new Promise<string | undefined>((resolve) => {
    const standard = protocol === "https:" ? 443 : 80;
    const host = hostname.replace(/^\[(.+)\]$/, "$1");
    const socket = connect({ host, port: Number(port) || standard, timeout: timeoutMs });
    const end = (code?: string) => {
      socket.destroy();
      resolve(code);
    };
    socket
      .once("connect", () => end())
      .once("timeout", () => end("no answer"))
      .once("error", (error: NodeJS.ErrnoException) => end(error.code ?? "unknown"));
  });
}
