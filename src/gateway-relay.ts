import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Dispatcher } from "undici";
import { throughProxies } from "./fetches/undici.ts";
import type { Proxies } from "./proxies.ts";

/** Opens WebSockets through a proxy for a client that cannot: it connects here, on this machine, instead. */
export interface Relay {
  /** Where an address is reached. What is one of the relay's own stays as it is. */
  readonly through: (url: string) => string;
  close(): void;
}

/** Listens for such clients. Its addresses hold a secret, so that no other program of this machine goes through it. */
export async function openRelay(proxies: Proxies): Promise<Relay> {
  const dispatcher = throughProxies(proxies, { proxyTunnel: true });
  const secret = `/${randomUUID()}/`;
  const server = createServer((_, response) => response.writeHead(404).end());
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const target = targetOf(request.url ?? "", secret);
    socket.on("error", () => socket.destroy());
    if (!target) socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
    else void connect(target, { dispatcher, request, socket, head });
  });
  server.listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  const own = `ws://127.0.0.1:${(server.address() as AddressInfo).port}${secret}`;
  return {
    through: (url) => (url.startsWith(own) ? url : own + encodeURIComponent(url)),
    close() {
      server.close();
      server.closeAllConnections();
      void dispatcher.destroy();
    },
  };
}

/** The address that was given to `through`, with the query that the client added. */
function targetOf(url: string, secret: string): URL | undefined {
  const [path = "", query = ""] = url.split("?");
  if (!path.startsWith(secret)) return undefined;
  const target = new URL(decodeURIComponent(path.slice(secret.length)));
  target.search = query;
  // Undici knows WebSockets by the protocol that they begin as.
  return new URL(target.href.replace(/^ws/, "http"));
}

interface Caller {
  readonly dispatcher: Dispatcher;
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

async function connect(target: URL, { dispatcher, request, socket, head }: Caller): Promise<void> {
  const asked = Object.entries(request.headers).filter(([name]) => /^sec-|^user-agent$/.test(name));
  try {
    const options = {
      origin: target.origin,
      path: target.pathname + target.search,
      method: "GET",
      protocol: "websocket",
      headers: Object.fromEntries(asked) as Record<string, string>,
    };
    const upgrading: Promise<Dispatcher.UpgradeData> = dispatcher.upgrade(options);
    const { headers, socket: far } = await upgrading;
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("")}\r\n`);
    far.write(head);
    far.pipe(socket).pipe(far);
    far.on("error", () => socket.destroy()).on("close", () => socket.destroy());
    socket.on("close", () => far.destroy());
  } catch {
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  }
}
