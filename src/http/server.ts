import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import type { Log } from "../../core/observe.ts";
import type { Env } from "./context.ts";
import type { ApiProblem } from "./errors.ts";
import { refusals } from "./refusals.ts";

/** A server that listens. */
export interface HttpServer {
  /** Where it listens, such as `http://127.0.0.1:8787`. */
  readonly url: string;
  /** From now on each answer is the last one of its connection: clients that keep theirs go elsewhere by themselves. */
  drain(): void;
  /** Stops listening, and ends once the answers under way have gone out or the time is over. */
  close(graceMs: number): Promise<void>;
}

/** Where a server listens, and when it begins to answer. */
export interface ListenOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly log: Log;
  /** Requests that come before this wait for it. */
  readonly ready: Promise<unknown>;
  /** Connections above so many are dropped. */
  readonly maxConnections?: number;
  /** For how long the head of a request may arrive; 20 s unless it is said. */
  readonly headMs?: number;
  /** For how long a request's body may stand still, and half as long as an answer may; 30 s unless it is said. */
  readonly idleMs?: number;
}

/** Balancers keep idle connections for 60 s; one that this server closed first would make them answer 502. */
const keepAliveTimeout = 75_000;

const idleCheckMs = 50;

/** For how long a client that was refused may read why, and close its side. */
const lingerMs = 2_000;

/** How often dropped connections are spoken of. */
const dropLogMs = 60_000;

/** Listens. Rejects when the address cannot be had. What never becomes a request has OpenAI's envelope as well. */
export function listen(app: Hono<Env>, options: ListenOptions): Promise<HttpServer> {
  const { host, port, log, ready, maxConnections, headMs = 20_000, idleMs = 30_000 } = options;
  const answer = getRequestListener(app.fetch, { errorHandler: () => refusedResponse(log) });
  let isReady = false;
  void ready.then(() => (isReady = true));
  // Answered like any request: an unknown expectation is ignored.
  const handle = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    mend(incoming);
    exchanges.begin(incoming, outgoing);
    if (isReady) void answer(incoming, outgoing);
    else void ready.then(() => answer(incoming, outgoing));
  };
  // Node counts from the connection or from the first byte of a further request: a connection may idle longer.
  const times = { headersTimeout: headMs, connectionsCheckingInterval: headMs / 4 };
  const server = createServer({ requireHostHeader: false, keepAliveTimeout, ...times }, handle)
    .on("connection", (socket: Socket) => exchanges.open(socket))
    .on("checkExpectation", handle)
    .on("checkContinue", (incoming, outgoing) => {
      // The client sends its body when it is wanted: what its head tells is refused before that.
      incoming.once("resume", () => !outgoing.headersSent && outgoing.writeContinue());
      handle(incoming, outgoing);
    })
    .on(
      "drop",
      seldom(dropLogMs, () => log.warn({ maxConnections }, "connections are dropped")),
    )
    .on("clientError", refuse);
  const exchanges = new Exchanges(idleMs, (socket) =>
    refuse({ code: "ERR_HTTP_REQUEST_TIMEOUT" }, socket),
  );

  function refuse(error: Pick<NodeJS.ErrnoException, "code">, socket: Duplex): void {
    const answer = exchanges.answerOn(socket);
    const isMidAnswer = answer?.headersSent === true && !answer.writableFinished;
    if (socket.writable && !isMidAnswer) endWith(rawRefusal(error, log), socket);
    else socket.destroy();
  }

  if (maxConnections !== undefined) server.maxConnections = maxConnections;

  async function close(graceMs: number): Promise<void> {
    exchanges.drain();
    const { promise: closed, resolve } = Promise.withResolvers<undefined>();
    server.close(() => resolve(undefined));
    // A connection stays open after its answer, for a next request: those that are idle are closed.
    const idling = setInterval(() => server.closeIdleConnections(), idleCheckMs);
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    await closed;
    clearInterval(idling);
    clearTimeout(timer);
    exchanges.stop();
  }

  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      server.on("error", (error) => log.error({ error }, "the HTTP server has a problem"));
      resolve({
        url: urlOf(server.address() as AddressInfo, host),
        close,
        drain: () => exchanges.drain(),
      });
    });
  });
}

/** Says this, and lets go of the connection soon, also where the client never closes its side. */
function endWith(text: string, socket: Duplex): void {
  socket.end(text);
  // At once, what the client still sends would cut the text off.
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

/** Does it at most once in so many milliseconds. */
function seldom(everyMs: number, work: () => void): () => void {
  let nextAt = 0;
  return () => {
    if (performance.now() < nextAt) return;
    nextAt = performance.now() + everyMs;
    work();
  };
}

/** `OPTIONS *` asks about the server as a whole; HTTP/1.0 names no host. */
function mend(incoming: IncomingMessage): void {
  if (incoming.url === "*") incoming.url = "/";
  incoming.headers.host ??= ownAddress(incoming.socket);
}

function ownAddress({ localAddress = "127.0.0.1", localPort = 80 }: Socket): string {
  const plain = localAddress.replace(/^::ffff:/, "");
  return `${plain.includes(":") ? `[${plain}]` : plain}:${localPort}`;
}

/** The response to a request whose address cannot be parsed. */
function refusedResponse(log: Log): Response {
  const { status, body, headers } = noted(refusals["bad-request"], log);
  return new Response(JSON.stringify(body), { status, headers });
}

const unreadable: Readonly<Record<string, ApiProblem>> = {
  HPE_HEADER_OVERFLOW: refusals["long-headers"],
  ERR_HTTP_REQUEST_TIMEOUT: refusals["slow-request"],
};

/** The bytes of the answer to a malformed request. */
function rawRefusal(error: Pick<NodeJS.ErrnoException, "code">, log: Log): string {
  const refusal = unreadable[error.code ?? ""] ?? refusals["bad-request"];
  const { status, body, headers } = noted(refusal, log);
  const content = JSON.stringify(body);
  const lines = Object.entries({
    ...headers,
    "content-length": String(Buffer.byteLength(content)),
    connection: "close",
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${body.error.message}\r\n${lines.join("")}\r\n${content}`;
}

/** Logs the refusal and adds the headers of every answer. */
function noted({ status, body, headers }: ApiProblem, log: Log): ApiProblem {
  const request = crypto.randomUUID();
  log.info({ request, status }, "answered a malformed request");
  const always = {
    "content-type": "application/json",
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "x-request-id",
    "x-request-id": request,
  };
  return { status, body, headers: { ...headers, ...always } };
}

function urlOf({ port }: AddressInfo, host: string): string {
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}

// === What stands still

/** The last request of a connection, and when how much had gone through its socket. */
interface Exchange {
  incoming: IncomingMessage | undefined;
  outgoing: ServerResponse | undefined;
  received: number;
  sent: number;
  since: number;
}

/** What each connection is about. Ends requests whose bodies stand still: they hold memory, and places that others wait for. */
class Exchanges {
  readonly #afterMs: number;
  readonly #refuse: (socket: Socket) => void;
  readonly #open = new Map<Duplex, Exchange>();
  readonly #timer: NodeJS.Timeout;
  #isDraining = false;

  /** `refuse` answers a request that does not arrive; one whose answer is not taken has twice the time. */
  constructor(afterMs: number, refuse: (socket: Socket) => void) {
    this.#afterMs = afterMs;
    this.#refuse = refuse;
    this.#timer = setInterval(() => this.#look(), afterMs / 4);
    this.#timer.unref();
  }

  open(socket: Socket): void {
    const nothing = { incoming: undefined, outgoing: undefined, received: 0, sent: 0, since: 0 };
    this.#open.set(socket, nothing);
    socket.once("close", () => this.#open.delete(socket));
  }

  begin(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const exchange = this.#open.get(incoming.socket);
    if (!exchange) return;
    exchange.incoming = incoming;
    exchange.outgoing = outgoing;
    exchange.since = performance.now();
    if (this.#isDraining) closeAfter(outgoing);
  }

  /** From now on each answer whose head is not out yet tells its client to close the connection after it. */
  drain(): void {
    this.#isDraining = true;
    for (const { outgoing } of this.#open.values()) if (outgoing) closeAfter(outgoing);
  }

  /** The last answer on a connection. */
  answerOn(socket: Duplex): ServerResponse | undefined {
    return this.#open.get(socket)?.outgoing;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const exchange of this.#open.values()) {
      const { incoming, outgoing } = exchange;
      if (!incoming || !outgoing || outgoing.closed) continue;
      const { socket } = incoming;
      const stillMs = stillFor(exchange, socket);
      if (!incoming.complete && stillMs >= this.#afterMs) this.#refuse(socket);
      else if (socket.writableLength > 0 && stillMs >= 2 * this.#afterMs) socket.destroy();
    }
  }
}

function closeAfter(answer: ServerResponse): void {
  if (!answer.headersSent) answer.setHeader("connection", "close");
}

/** For how long no byte has gone either way. What the system has taken for the client counts as sent. */
function stillFor(exchange: Exchange, socket: Socket): number {
  const { bytesRead: received, bytesWritten, writableLength } = socket;
  const sent = bytesWritten - writableLength;
  const moved = received !== exchange.received || sent !== exchange.sent;
  if (moved) Object.assign(exchange, { received, sent, since: performance.now() });
  return performance.now() - exchange.since;
}
