import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, request } from "node:http";
import { type AddressInfo, connect, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";

/** An HTTP proxy, and the only one that knows where certain names are. */
export interface Proxy {
  readonly url: string;
  /** The host and port of each connection and request that it was asked for. */
  readonly asked: readonly string[];
  /** The certificate that its names are trusted by, for NODE_EXTRA_CA_CERTS. */
  readonly certificate: string;
  close(): void;
}

/**
 * Starts one on 127.0.0.1. `names` are hosts with the addresses behind them; each is reached by http:// and, with a
 * certificate of its own, by https://. All else is refused.
 */
export async function startProxy(names: Readonly<Record<string, string>>): Promise<Proxy> {
  const directory = mkdtempSync(join(tmpdir(), "proxy-"));
  const certificate = join(directory, "certificate.pem");
  const key = join(directory, "key.pem");
  const hosts = Object.keys(names).map((host) => `DNS:${host}`);
  const subject = ["-subj", "/CN=proxy", "-addext", `subjectAltName=${hosts.join(",")}`];
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const files = ["-nodes", "-days", "2", "-keyout", key, "-out", certificate];
  execFileSync("openssl", [...made, ...files, ...subject], { stdio: "ignore" });
  const asked: string[] = [];
  const servers: Server[] = [];
  const secured = new Map<string, number>();

  const listen = async (server: Server) => {
    servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  };
  const portOf = (host: string) => Number(new URL(names[host] ?? "http://127.0.0.1:9").port);
  for (const host of Object.keys(names)) {
    const pair = { key: readFileSync(key), cert: readFileSync(certificate) };
    const server = createTlsServer(pair, (socket) => {
      const far = connect(portOf(host), "127.0.0.1");
      socket.pipe(far).pipe(socket);
      for (const one of [socket, far]) one.on("error", () => one.destroy());
    });
    secured.set(host, await listen(server));
  }

  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? "");
    asked.push(url.host);
    if (!(url.hostname in names)) return void outgoing.writeHead(403).end();
    const { method, headers } = incoming;
    const to = { host: "127.0.0.1", port: portOf(url.hostname), path: url.pathname + url.search };
    const further = request({ ...to, method: method ?? "GET", headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(further);
  });
  server.on("connect", (incoming, socket, head: Buffer) => {
    asked.push(incoming.url ?? "");
    const [host = "", port] = (incoming.url ?? "").split(":");
    if (!(host in names)) return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    const far = connect(port === "443" ? (secured.get(host) ?? 9) : portOf(host), "127.0.0.1");
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    far.write(head);
    socket.pipe(far).pipe(socket);
    for (const one of [socket, far]) one.on("error", () => one.destroy());
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    certificate,
    close() {
      for (const one of servers) one.close();
      server.closeAllConnections();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
