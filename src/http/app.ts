import { Hono, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { isImageError } from "../../core/errors.ts";
import { showBill } from "./billing.ts";
import { readJson } from "./body.ts";
import { completeChat } from "./chat.ts";
import { type Door, type Env, nodeOf, type RequestContext } from "./context.ts";
import { docsRoutes } from "./docs.ts";
import { editImages, varyImages } from "./edits.ts";
import { refusals } from "./errors.ts";
import { servePicture } from "./files.ts";
import { generateImages } from "./images.ts";
import { type KeyCheck, keyHeader } from "./keys.ts";
import { getModel, listModels } from "./models.ts";
import { pageRoutes } from "./page.ts";
import { canonicalPath } from "./paths.ts";
import { makeAgain, showRecipe } from "./recipes.ts";
import { refuse, refuseError } from "./refuse.ts";
import { createResponse } from "./responses.ts";

export interface AppOptions {
  readonly door: Door;
  readonly checkKey: KeyCheck;
  /** The state of each configured door, by name; all have to be "connected". */
  readonly doors: () => Readonly<Record<string, string>>;
  /** The metrics in Prometheus' text format. */
  readonly metrics: () => Promise<string>;
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

type Handler = (door: Door, context: RequestContext) => Response | Promise<Response>;
type JsonHandler = (door: Door, context: RequestContext, json: unknown) => Promise<Response>;

interface Route {
  readonly path: string;
  readonly get?: Handler;
  readonly post?: JsonHandler;
  /** A POST that reads its body itself, because it brings pictures. */
  readonly upload?: Handler;
}

/** The API: each path also answers with `/v1` before it. Of two that fit a request the first counts. */
const routes: readonly Route[] = [
  { path: "/models", get: listModels },
  { path: "/models/:id{.+}", get: getModel },
  { path: "/chat/completions", post: completeChat },
  { path: "/images/generations", post: generateImages },
  { path: "/images/edits", upload: editImages },
  { path: "/images/variations", upload: varyImages },
  { path: "/responses", post: createResponse },
  { path: "/dashboard/billing/:what{.+}", get: showBill },
  { path: "/images/:code{[^./]+}/again", post: makeAgain },
  { path: "/images/:code{[^./]+}", get: showRecipe },
];

/** The HTTP door. Every answer has CORS headers and an `x-request-id`; every error has OpenAI's envelope. */
export function createApp(options: AppOptions): Hono<Env> {
  const { door } = options;
  const app = new Hono<Env>({ getPath: (request) => canonicalPath(new URL(request.url).pathname) });
  app.use(withRequestId(options));
  app.options("*", cors({ origin: "*", allowMethods, maxAge: 86_400 }));
  app.onError((error, context) => {
    if (!isImageError(error)) {
      door.log.error({ request: context.get("requestId"), error }, "a bug in the HTTP door");
    }
    return refuseError(context, error);
  });
  app.notFound((context) => refuse(context, refusals["no-route"]));
  publicRoutes(app, options);
  apiRoutes(app, options);
  return app;
}

function publicRoutes(
  app: Hono<Env>,
  { door, doors, metrics, checkKey, guests = [] }: AppOptions,
): void {
  const open = (
    path: string,
    handle: (context: RequestContext) => Response | Promise<Response>,
  ) => {
    app.get(path, handle);
    app.all(path, refuseMethod("GET, HEAD, OPTIONS"));
  };
  open("/healthz", (context) => context.json({ status: "ok" }));
  open("/readyz", (context) => {
    const states = doors();
    const ready = Object.values(states).every((state) => state === "connected");
    return context.json(
      { status: ready ? "ready" : "not ready", doors: states },
      ready ? 200 : 503,
    );
  });
  open("/metrics", async (context) => {
    const allowed = isLocal(context) || "name" in checkKey(keyIn(context));
    if (!allowed) return refuse(context, refusals["no-key"]);
    return context.text(await metrics());
  });
  open("/images/:file{[^/]+\\.[a-z]+}", (context) => servePicture(door, context));
  for (const { path, handle } of guests) app.post(path, (context) => handle(context.req.raw));
  app.route("/", docsRoutes());
  app.route("/", pageRoutes());
}

function apiRoutes(app: Hono<Env>, { door, checkKey }: AppOptions): void {
  const withKey = requireKey(checkKey);
  for (const { path, get, post, upload } of routes) {
    if (get) app.get(path, withKey, (context) => get(door, context));
    if (post) {
      app.post(path, withKey, withQuota(door), async (context) => {
        const { json, refusal } = await readJson(context);
        return refusal ? refuse(context, refusals[refusal]) : await post(door, context, json);
      });
    }
    if (upload) app.post(path, withKey, withQuota(door), (context) => upload(door, context));
    app.all(path, refuseMethod(`${get ? "GET, HEAD" : "POST"}, OPTIONS`));
  }
}

function refuseMethod(allow: string) {
  const refusal = refusals["bad-method"];
  const headers = { ...refusal.headers, allow };
  return (context: RequestContext) => refuse(context, { ...refusal, headers });
}

function requireKey(checkKey: KeyCheck): MiddlewareHandler<Env> {
  return async (context, next) => {
    const checked = checkKey(keyIn(context));
    if ("missing" in checked) {
      return refuse(context, refusals[checked.missing === "none" ? "no-key" : "bad-key"]);
    }
    context.set("requester", { id: `http:${checked.name}` });
    return next();
  };
}

function keyIn({ req }: RequestContext): string | undefined {
  return keyHeader((name) => req.header(name));
}

/** Says what is left of the tightest quota, on refusals too. */
function withQuota({ studio }: Door): MiddlewareHandler<Env> {
  return async (context, next) => {
    await next();
    const states = await studio.quotaOf(context.get("requester"));
    const tightest = states.toSorted((a, b) => a.left - b.left)[0];
    if (!tightest) return;
    const { headers } = context.res;
    headers.set("x-ratelimit-limit", `${tightest.limit}`);
    headers.set("x-ratelimit-remaining", `${tightest.left}`);
    headers.set("x-ratelimit-reset", `${Math.ceil((tightest.resetsAt - Date.now()) / 1000)}`);
  };
}

const allowMethods = ["GET", "HEAD", "POST", "OPTIONS"];

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

function withRequestId({ door, scope }: AppOptions): MiddlewareHandler<Env> {
  return async (context, next) => {
    const requestId = crypto.randomUUID();
    const startedAt = door.now();
    context.set("requestId", requestId);
    await (scope ? scope.run(requestId, next) : next());
    const { headers, status } = context.res;
    headers.set("access-control-allow-origin", "*");
    headers.set("access-control-expose-headers", exposedHeaders);
    headers.set("x-request-id", requestId);
    const held = context.get("held");
    if (held) headers.set("x-drawbridge-code", held.code);
    if (held?.replayed) headers.set("idempotent-replayed", "true");
    const { method, path } = context.req;
    const facts = { request: requestId, method, path, status, tookMs: door.now() - startedAt };
    door.log.info(held ? { ...facts, job: held.code } : facts, "answered");
  };
}

/** Whether the request comes from this machine itself, and not through a reverse proxy on it. */
function isLocal(context: RequestContext): boolean {
  const forwarded = ["x-forwarded-for", "x-real-ip", "forwarded"];
  if (forwarded.some((name) => context.req.header(name) !== undefined)) return false;
  const address = nodeOf(context).incoming?.socket.remoteAddress ?? "";
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}
