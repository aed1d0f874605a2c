import { Hono } from "hono";
import type { Result, Router } from "hono/router";
import { TrieRouter } from "hono/router/trie-router";
import type { Requester } from "../../core/request.ts";
import { type Answer, refusalOf } from "./answer.ts";
import {
  type Door,
  type Env,
  identify,
  nodeOf,
  type RequestContext,
  type ServedDoor,
} from "./context.ts";
import { docsFiles } from "./docs.ts";
import { problemOf } from "./errors.ts";
import { type KeyCheck, keyHeader } from "./keys.ts";
import { pageFiles } from "./page.ts";
import { canonicalPath, pathOf } from "./paths.ts";
import { Refusal } from "./refusals.ts";
import { type Route, routes } from "./routes.ts";
import { answerFile } from "./static-files.ts";

/** What the HTTP door is made of. */
export interface AppOptions extends Pick<ServedDoor, "doors" | "metrics"> {
  readonly door: Door;
  readonly checkKey: KeyCheck;
  /** Makes the id of a request known to everything that is done for it, so that log lines can name it. */
  readonly scope?: RequestScope;
  /** Routes of other doors, such as a webhook; they check their callers themselves. */
  readonly guests?: readonly {
    readonly path: string;
    readonly handle: (request: Request) => Promise<Response>;
  }[];
}

/** An `AsyncLocalStorage` is one. */
export interface RequestScope {
  run<Result>(requestId: string, work: () => Result): Result;
}

/** The HTTP door. Every answer has CORS headers and an `x-request-id`; every error has OpenAI's envelope. */
export function createApp(options: AppOptions): Hono<Env> {
  const { guests = [], door } = options;
  const app = new Hono<Env>({
    router: new RememberingRouter(),
    getPath: ({ url }) => canonicalPath(pathOf(url)),
  });
  const respond = responding(options);
  const serve = (method: string, path: string, work: Work) =>
    app.on(method, path, (context) => respond(context, work));
  serve("OPTIONS", "*", preflight);
  for (const { path, handle } of guests) {
    serve("POST", path, async ({ req }) => answerOf(await handle(req.raw)));
  }
  for (const file of [...docsFiles(), ...pageFiles()]) {
    serve("GET", file.path, (context) => answerFile(file, context));
  }
  const served = { ...door, doors: options.doors, metrics: options.metrics };
  for (const path of new Set(routes.map(patternOf))) {
    const here = routes.filter((route) => patternOf(route) === path);
    for (const route of here) serve(route.method, path, handling(route, served, options));
    serve("ALL", path, refusing("bad-method", { allow: allowed(here) }));
  }
  app.notFound((context) => respond(context, refusing("no-route")));
  return app;
}

type Work = (context: RequestContext) => Answer | Promise<Answer>;

function refusing(...refusal: ConstructorParameters<typeof Refusal>): Work {
  const answer = refusalOf(new Refusal(...refusal).problem);
  return () => answer;
}

function patternOf({ pattern, path }: Route): string {
  return pattern ?? path;
}

/** Remembers which routes a path matches: most requests are for a few paths. */
class RememberingRouter<Handler> implements Router<Handler> {
  readonly name = "RememberingRouter";
  readonly #routes = new TrieRouter<Handler>();
  readonly #matches = new Map<string, Result<Handler>>();

  add(method: string, path: string, handler: Handler): void {
    this.#routes.add(method, path, handler);
  }

  match(method: string, path: string): Result<Handler> {
    const key = `${method} ${path}`;
    const known = this.#matches.get(key);
    if (known) return known;
    const found = this.#routes.match(method, path);
    if (this.#matches.size >= mostMatches) this.#matches.clear();
    this.#matches.set(key, found);
    return found;
  }
}

const mostMatches = 200;

// === What every answer has

/** What pages of every origin may read, errors included. */
const exposedHeaders = [
  "x-request-id",
  "x-drawbridge-code",
  "x-drawbridge-auxiliary",
  "idempotent-replayed",
  "retry-after",
  "x-should-retry",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
].join(",");

const jsonHeaders = { "content-type": "application/json" };

/** Turns what is done for a request into its response: failures become answers, and each answer is logged. */
function responding({ door, scope }: AppOptions) {
  return async (context: RequestContext, work: Work): Promise<Response> => {
    const request = crypto.randomUUID();
    const startedAt = door.now();
    const settle = () => settled(door, context, work);
    const answer = await (scope ? scope.run(request, settle) : settle());
    const { method, path } = context.req;
    const quota =
      method === "POST" ? await quotaHeaders(door, context.get("requester")) : undefined;
    const { status = 200, body = null, reason } = answer;
    const { outgoing } = nodeOf(context);
    if (reason && outgoing && !outgoing.headersSent) outgoing.statusMessage = reason;
    const held = context.get("held");
    const facts = { request, method, path, status, tookMs: door.now() - startedAt };
    door.log.info(held ? { ...facts, job: held.code } : facts, "answered");
    // A plain object of headers is sent by Node as it is.
    const headers = { ...answer.headers, ...quota, ...usualHeaders(request, held) };
    return new Response(body, { status, headers });
  };
}

function usualHeaders(request: string, held: Env["Variables"]["held"]): Record<string, string> {
  const headers: Record<string, string> = {
    "access-control-allow-origin": "*",
    "access-control-expose-headers": exposedHeaders,
    "x-request-id": request,
  };
  if (held) headers["x-drawbridge-code"] = held.code;
  if (held?.replayed) headers["idempotent-replayed"] = "true";
  return headers;
}

/** What is left of the tightest quota of a client that was let in, on refusals too. */
async function quotaHeaders({ studio, log }: Door, requester?: Requester) {
  if (!requester) return undefined;
  try {
    const states = await studio.quotaOf(requester);
    const [tightest] = states.toSorted((a, b) => a.left - b.left);
    return (
      tightest && {
        "x-ratelimit-limit": `${tightest.limit}`,
        "x-ratelimit-remaining": `${tightest.left}`,
        "x-ratelimit-reset": `${Math.ceil((tightest.resetsAt - Date.now()) / 1000)}`,
      }
    );
  } catch (error) {
    log.error({ error }, "what is left of a quota cannot be read");
    return undefined;
  }
}

async function settled({ log }: Door, context: RequestContext, work: Work): Promise<Answer> {
  try {
    return asText(await work(context));
  } catch (error) {
    return asText(refusalOf(problemOf(error, log, { path: context.req.path })));
  }
}

function asText(answer: Answer): Answer {
  const { json, headers } = answer;
  if (json === undefined) return answer;
  return { ...answer, headers: { ...jsonHeaders, ...headers }, body: JSON.stringify(json) };
}

function answerOf({ status, headers, body }: Response): Answer {
  return { status, headers: Object.fromEntries(headers), body };
}

// === Methods

function allowed(here: readonly Route[]): string {
  const methods = new Set(here.map(({ method }) => method));
  return [methods.has("get") ? "GET, HEAD" : "", methods.has("post") ? "POST" : "", "OPTIONS"]
    .filter((method) => method !== "")
    .join(", ");
}

const preflightHeaders = {
  "access-control-max-age": "86400",
  "access-control-allow-methods": allowed(routes).replaceAll(", ", ","),
  vary: "Access-Control-Request-Headers, Access-Control-Request-Private-Network",
};

/** Allows a page of any origin to send what it asks to send, from a public address to a private one, too. */
function preflight({ req }: RequestContext): Answer {
  const asked = req.header("access-control-request-headers");
  const isInward = req.header("access-control-request-private-network") === "true";
  const headers = {
    ...preflightHeaders,
    ...(asked ? { "access-control-allow-headers": asked.replace(/\s*,\s*/g, ",") } : {}),
    ...(isInward ? { "access-control-allow-private-network": "true" } : {}),
  };
  return { status: 204, headers };
}

// === Routes

/** What a route does for those that it lets in. */
function handling(route: Route, door: ServedDoor, { checkKey }: AppOptions): Work {
  const { access, handle } = route;
  return (context) => {
    const isOpen = access === "open" || (access === "local" && isLocal(context));
    if (!isOpen) letIn(context, checkKey);
    return handle(door, context);
  };
}

/** Throws a `Refusal` where the key is missing or unknown. */
function letIn(context: RequestContext, checkKey: KeyCheck): void {
  const checked = checkKey(keyHeader(context.req.raw.headers));
  if ("missing" in checked) throw new Refusal(checked.missing === "none" ? "no-key" : "bad-key");
  context.set("requester", { id: `http:${checked.name}` });
  if (!checked.shared) return;
  context.set("sharedKey", checked.name);
  identify(context, {});
}

/** Whether the request comes from this machine itself, and not through a reverse proxy on it. */
function isLocal(context: RequestContext): boolean {
  const forwarded = ["x-forwarded-for", "x-real-ip", "forwarded"];
  if (forwarded.some((name) => context.req.header(name) !== undefined)) return false;
  const address = nodeOf(context).incoming?.socket.remoteAddress ?? "";
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}
