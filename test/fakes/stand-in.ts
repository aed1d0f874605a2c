import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** An HTTP answer as data. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** How an answer reaches the client. */
export type Sending =
  | "whole"
  /** Not a byte, until the client gives up. */
  | "never"
  /** The headers, and then nothing. */
  | "headers-only"
  /** The connection is destroyed before the first byte. */
  | "cut-before-headers"
  /** The connection is destroyed after half of the body. */
  | "cut-in-body"
  /** A byte every 10 ms. */
  | "trickling"
  /** The body again and again, without end. */
  | "endless";

export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  /** The same as it came. */
  readonly bytes: Buffer<ArrayBuffer>;
}

export interface StandInServer {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** A handler may take its time; `gone` is aborted when the client has hung up or has been answered. */
export type Handler = (asked: Asked, response: ServerResponse, gone: AbortSignal) => Promise<void>;

/** A server on a free port of 127.0.0.1. Closing it cuts every connection, whatever it was doing. */
export async function startServer(handler: Handler): Promise<StandInServer> {
  const server = createServer((request, response) => {
    const closed = new AbortController();
    response.once("close", () => closed.abort());
    response.on("error", () => {});
    void read(request).then((asked) => handler(asked, response, closed.signal), ignoreHangUp);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function read(request: IncomingMessage): Promise<Asked> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const { method = "", url: path = "", headers } = request;
  const bytes = Buffer.concat(pieces);
  return { method, path, headers, bytes, text: bytes.toString() };
}

/** A client that goes away while it is still asking asked for nothing. */
function ignoreHangUp(): void {}

export function jsonAnswer(status: number, body: unknown, headers?: Answer["headers"]): Answer {
  return answer(status, "application/json", JSON.stringify(body), headers);
}

export function htmlAnswer(status: number, body: string, headers?: Answer["headers"]): Answer {
  return answer(status, "text/html; charset=UTF-8", body, headers);
}

function answer(
  status: number,
  type: string,
  body: Answer["body"],
  headers: Answer["headers"] = {},
): Answer {
  return { status, headers: { "content-type": type, ...headers }, body };
}

/** Sends the answer, well or badly. Resolves when nothing more will be sent. */
export async function send(
  response: ServerResponse,
  { status, headers, body }: Answer,
  sending: Sending,
  gone: AbortSignal,
): Promise<void> {
  const bytes = Buffer.from(body);
  const whole = { "content-length": String(bytes.length), ...headers };
  switch (sending) {
    case "whole":
      response.writeHead(status, whole).end(bytes);
      return;
    case "never":
      return untilGone(gone);
    case "headers-only":
      response.writeHead(status, headers).flushHeaders();
      return untilGone(gone);
    case "cut-before-headers":
      response.destroy();
      return;
    case "cut-in-body":
      response.writeHead(status, whole);
      response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
      return;
    case "trickling":
      response.writeHead(status, headers);
      return trickle(response, bytes, gone);
    case "endless":
      response.writeHead(status, headers);
      return repeat(response, bytes, gone);
  }
}

export async function untilGone(gone: AbortSignal): Promise<void> {
  if (!gone.aborted) await once(gone, "abort");
}

async function trickle(response: ServerResponse, bytes: Buffer, gone: AbortSignal): Promise<void> {
  for (const byte of bytes) {
    if (gone.aborted) return;
    response.write(Buffer.of(byte));
    await pause(10, gone);
  }
  response.end();
}

async function repeat(response: ServerResponse, bytes: Buffer, gone: AbortSignal): Promise<void> {
  while (!gone.aborted) {
    if (!response.write(bytes)) await once(response, "drain", { signal: gone }).catch(() => {});
  }
}

/** Resolves early when the client is gone. */
export async function pause(ms: number, gone: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: gone }).catch(() => {});
}
