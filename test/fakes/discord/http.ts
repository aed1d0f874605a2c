import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { Refusal, type RefusalBody, refusal } from "./errors.ts";
import type { createFaults } from "./faults.ts";
import { type UploadedFile, readBody } from "./files.ts";
import type { Platform } from "./platform.ts";
import type { Verdict } from "./rate-limits.ts";
import type { Answer, Match, createRouter } from "./router.ts";

/** A request that came, and what it was answered. */
export interface LoggedCall {
  readonly method: string;
  /** Without `/api/v10`, with the query. */
  readonly path: string;
  /** The route's name; the empty string where there is none. */
  readonly route: string;
  /** When it began to arrive, by the stand-in's clock. */
  readonly at: number;
  json: unknown;
  files: readonly UploadedFile[];
  /** Undefined until it is answered, and where the connection was cut. */
  status: number | undefined;
  /** Discord's code, of a refusal. */
  code: number | undefined;
}

export interface RestTools {
  readonly platform: Platform;
  readonly route: ReturnType<typeof createRouter>;
  readonly limit: (match: Match) => Verdict;
  readonly faults: ReturnType<typeof createFaults>;
  readonly isDown: () => boolean;
  readonly changed: () => void;
  /** Hears of each failure of the stand-in itself. */
  readonly broke: (error: unknown) => void;
}

/** The whole request may have 25 MiB: https://docs.discord.com/developers/resources/message#create-message */
const MAX_REQUEST_BYTES = 25 * 1024 * 1024;
const API = /^\/api(?:\/v(?<version>\d+))?(?<path>\/.*)$/;

/** The REST API and the links to files. The server does not listen yet. */
export function createRestServer(tools: RestTools): {
  readonly server: Server;
  readonly calls: LoggedCall[];
} {
  const calls: LoggedCall[] = [];
  const server = createServer((request, response) => {
    if (tools.isDown()) {
      request.socket.destroy();
      return;
    }
    const url = new URL(request.url ?? "/", tools.platform.origin());
    const work = /^\/(ephemeral-)?attachments\//.test(url.pathname)
      ? serveFile(tools, url, response)
      : serveApi({ tools, request, response, url, calls });
    work.catch(tools.broke).finally(tools.changed);
  });
  return { server, calls };
}

async function serveFile(
  { platform }: RestTools,
  url: URL,
  response: ServerResponse,
): Promise<void> {
  const file = platform.files.open(url);
  if (!file) {
    response.writeHead(404, { "content-type": "text/plain" });
    response.end("This content is no longer available.");
    return;
  }
  response.writeHead(200, { "content-type": file.contentType });
  response.end(file.bytes);
}

interface Exchange {
  readonly tools: RestTools;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly calls: LoggedCall[];
}

async function serveApi(exchange: Exchange): Promise<void> {
  const { tools, request, response, url, calls } = exchange;
  const { version, path = "/" } = API.exec(url.pathname)?.groups ?? {};
  const method = request.method ?? "GET";
  const match = tools.route(method, path);
  const route = match instanceof Refusal ? "" : match.route.name;
  const at = tools.platform.clock.now();
  const call: LoggedCall = {
    method,
    path: `${path}${url.search}`,
    route,
    at,
    json: undefined,
    files: [],
    status: undefined,
    code: undefined,
  };
  calls.push(call);
  tools.changed();

  const body = await readAll(request);
  if (body === "cut") return;
  const planned = tools.faults.take(route, `${method} ${path}`);
  const heldSince = tools.platform.clock.now();
  await planned.hold("before");
  const receivedAt = at + tools.platform.clock.now() - heldSince;
  if (planned.cut === "before") {
    request.socket.destroy();
    return;
  }
  const outcome = await answer(async () => {
    if (version !== undefined && version !== "10") throw refusal("invalid-api-version");
    if (planned.failure) throw planned.failure;
    return serveMatch(exchange, { match, body, call, receivedAt });
  }, tools);
  await planned.hold("after");
  if (planned.cut === "after") request.socket.destroy();
  else respond(response, call, outcome);
}

interface Outcome extends Answer {
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the work answers, or the refusal it threw; 500 where the stand-in itself failed. */
async function answer(work: () => Promise<Outcome>, tools: RestTools): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, json: error.body };
    tools.broke(error);
    const { status, body } = refusal("server-error");
    return { status, json: body };
  }
}

interface Arrived {
  readonly match: Match | Refusal;
  readonly body: Uint8Array | "too-large";
  readonly call: LoggedCall;
  /** When it was there as far as deadlines go: what a test held it for counts. */
  readonly receivedAt: number;
}

async function serveMatch({ tools, request, url }: Exchange, arrived: Arrived): Promise<Outcome> {
  const { match, body, call, receivedAt } = arrived;
  if (match instanceof Refusal) throw match;
  const { platform } = tools;
  const authorised = request.headers.authorization === `Bot ${platform.token}`;
  if (match.route.needsToken && !authorised) throw refusal("unauthorized");
  const { refusal: limited, headers } = tools.limit(match);
  if (limited) return { status: limited.status, json: limited.body, headers };
  if (body === "too-large") throw refusal("too-large");
  Object.assign(call, await readBody(request.headers["content-type"], body));
  const { parameters, route } = match;
  const { json, files } = call;
  const handle = async () =>
    route.handle({ platform, parameters, query: url.searchParams, json, files, receivedAt });
  return { ...(await answer(handle, tools)), headers };
}

/** The request's body; no more of it is kept than Discord reads, and nothing of one that its sender gave up. */
async function readAll(request: IncomingMessage): Promise<Uint8Array | "too-large" | "cut"> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size <= MAX_REQUEST_BYTES) chunks.push(chunk);
    }
  } catch (error) {
    if (request.destroyed) return "cut";
    throw error;
  }
  return size <= MAX_REQUEST_BYTES ? Buffer.concat(chunks) : "too-large";
}

function respond(
  response: ServerResponse,
  call: LoggedCall,
  { status, json, headers }: Outcome,
): void {
  call.status = status;
  const refused = status >= 400 ? (json as RefusalBody) : undefined;
  call.code = refused?.code;
  const retry = refused?.retry_after;
  const waiting = retry === undefined ? {} : { "retry-after": String(retry) };
  const everywhere = refused?.global === true ? { "x-ratelimit-global": "true" } : {};
  response.writeHead(status, {
    ...(json === undefined ? {} : { "content-type": "application/json" }),
    ...headers,
    ...waiting,
    ...everywhere,
  });
  response.end(json === undefined ? undefined : JSON.stringify(json));
}
