import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import type { Hono } from "hono";
import type { Env } from "./context.ts";

export interface HttpServer {
  /** Where it listens, such as `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Stops listening, and ends once the answers under way have gone out or the time is over. */
  close(graceMs: number): Promise<void>;
}

/** Listens; port 0 takes any free one. Rejects when the address cannot be had. */
export function listen(app: Hono<Env>, host: string, port: number): Promise<HttpServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (info) => {
      resolve({ url: urlOf(info, host), close });
    });
    server.once("error", reject);

    async function close(graceMs: number): Promise<void> {
      const { promise: closed, resolve: onClosed } = Promise.withResolvers<undefined>();
      server.close(() => onClosed(undefined));
      if ("closeIdleConnections" in server) server.closeIdleConnections();
      const timer = setTimeout(() => {
        if ("closeAllConnections" in server) server.closeAllConnections();
      }, graceMs);
      await closed;
      clearTimeout(timer);
    }
  });
}

function urlOf({ port }: AddressInfo, host: string): string {
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}
