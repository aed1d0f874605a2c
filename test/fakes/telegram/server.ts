import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Arguments, Json } from "./arguments.ts";
import type { Call } from "./call.ts";
import { BotApiError, errorBody } from "./errors.ts";
import type { FaultQueue } from "./faults.ts";
import { findMethod } from "./methods/table.ts";
import type { World } from "./model.ts";
import { readCall } from "./request.ts";

/** One call as the bot made it. */
export interface LoggedCall {
  readonly method: string;
  readonly payload: Json;
  readonly at: number;
  /** Undefined while it runs, and after a success. */
  readonly error: string | undefined;
  /** Set as soon as it was answered. */
  readonly endedAt: number | undefined;
}

export interface ServerOptions {
  readonly token: string;
  readonly world: World;
  readonly faults: FaultQueue;
  readonly calls: LoggedCall[];
  /** The rest of what a method needs. */
  call(args: Arguments, hungUp: AbortSignal): Call;
}

/** The HTTP side, on a port that stays the same over `down` and `up`. */
export interface FakeServer {
  readonly url: string;
  /** New connections are refused, and the open ones are cut. */
  down(): Promise<void>;
  up(): Promise<void>;
}

export async function startServer(options: ServerOptions): Promise<FakeServer> {
  const server = createHttpServer({ keepAliveTimeout: 60_000 }, (message, response) => {
    void handle(message, response, options);
  });
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    down: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    up: () => listen(server, port),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function handle(
  message: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
): Promise<void> {
  try {
    const url = new URL(message.url ?? "/", "http://127.0.0.1");
    const path = decodeURIComponent(url.pathname);
    const { token } = options;
    if (path.startsWith("/file/bot")) await sendFile(path, response, options);
    else if (!/^\/bot[^/]+\/\w+$/.test(path)) throw new BotApiError(404, "Not Found");
    else if (!path.startsWith(`/bot${token}/`)) throw new BotApiError(401, "Unauthorized");
    else {
      const args = await readCall(message, url.searchParams);
      await run(path.slice(`/bot${token}/`.length), args, { response, options });
    }
  } catch (error) {
    if (!response.destroyed) answerError(response, error);
  }
}

interface Exchange {
  readonly response: ServerResponse;
  readonly options: ServerOptions;
}

async function run(name: string, args: Arguments, exchange: Exchange): Promise<void> {
  const { response, options } = exchange;
  const found = findMethod(name);
  const logged = log(options, found?.name ?? name, args.payload);
  try {
    if (!found) throw new BotApiError(404, "Not Found: method not found");
    const fault = options.faults.take(found.name) ?? {};
    if (fault.delayMs !== undefined) await sleep(fault.delayMs);
    if (fault.failure) throw fault.failure;
    if (fault.cut === "before") return void response.destroy();
    const result = await found.method(options.call(args, hangUpOf(response)));
    if (fault.cut === "after") return void response.destroy();
    answer(response, 200, { ok: true, result });
  } catch (error) {
    logged.error = error instanceof Error ? error.message : String(error);
    throw error;
  } finally {
    logged.endedAt = options.world.clock.now();
    options.world.changed();
  }
}

function log({ calls, world }: ServerOptions, method: string, payload: Json) {
  const call: { -readonly [Name in keyof LoggedCall]: LoggedCall[Name] } = {
    method,
    payload,
    at: world.clock.now(),
    error: undefined,
    endedAt: undefined,
  };
  calls.push(call);
  return call;
}

function hangUpOf(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => {
    controller.abort();
  });
  return controller.signal;
}

async function sendFile(
  path: string,
  response: ServerResponse,
  { token, world }: ServerOptions,
): Promise<void> {
  const prefix = `/file/bot${token}/`;
  if (!path.startsWith(prefix)) throw new BotApiError(401, "Unauthorized");
  const file = world.files.byPath(path.slice(prefix.length));
  if (!file) throw new BotApiError(404, "Not Found");
  const bytes = await file.bytes();
  response.writeHead(200, { "content-type": "application/octet-stream" }).end(bytes);
}

function answerError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof BotApiError
      ? error
      : new BotApiError(500, `Internal Server Error: ${String(error)}`);
  const retryAfter = known.parameters?.retry_after;
  if (retryAfter !== undefined) response.setHeader("retry-after", Math.ceil(retryAfter));
  answer(response, known.code, errorBody(known));
}

function answer(response: ServerResponse, status: number, body: Json): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
