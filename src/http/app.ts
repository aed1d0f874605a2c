import { Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { isImageError } from "../../core/errors.ts";
import { completeChat } from "./chat.ts";
import { type Door, type Env, nodeOf, type RequestContext } from "./context.ts";
import { refusals } from "./errors.ts";
import { servePicture } from "./files.ts";
import { generateImages } from "./images.ts";
import type { KeyCheck } from "./keys.ts";
import { getModel, listModels } from "./models.ts";
import { pageRoutes } from "./page.ts";
import { canonicalPath } from "./paths.ts";
import { makeAgain, showRecipe } from "./recipes.ts";
import { refuse, refuseError } from "./refuse.ts";

export interface AppOptions {
  readonly door: Door;
  readonly checkKey: KeyCheck;
  /** The state of each configured door, by name; all have to be "connected". */
  readonly doors: () => Readonly<Record<string, string>>;
  /** The metrics in Prometheus' text format. */
  readonly metrics: () => Promise<string>;
  /** Routes of other doors, such as a webhook; they check their callers themselves. */
  readonly guests?: readonly {
    readonly path: string;
    readonly handle: (request: Request) => Promise<Response>;
  }[];
}

type Handler = (door: Door, context: RequestContext) => Response | Promise<Response>;
type JsonHandler = (door: Door, context: RequestContext, json: unknown) => Promise<Response>;

/** The API: each path also answers with `/v1` before it. */
const gets: readonly (readonly [string, Handler])[] = [
  ["/models", listModels],
  ["/models/:id{.+}", getModel],
  ["/images/:code{[^./]+}", showRecipe],
];
const posts: readonly (readonly [string, JsonHandler])[] = [
  ["/chat/completions", completeChat],
  ["/images/generations", generateImages],
  ["/images/:code{[^./]+}/again", makeAgain],
];

const maxBodyBytes = 1024 * 1024;

/** The HTTP door. Every answer has CORS headers and an `x-request-id`; every error has OpenAI's envelope. */
export function createApp(options: AppOptions): Hono<Env> {
  const { door } = options;
  const app = new Hono<Env>({ getPath: (request) => canonicalPath(new URL(request.url).pathname) });
  app.use(withRequestId(door), openToEveryOrigin());
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
  app.get("/healthz", (context) => context.json({ status: "ok" }));
  app.get("/readyz", (context) => {
    const states = doors();
    const ready = Object.values(states).every((state) => state === "connected");
    return context.json(
      { status: ready ? "ready" : "not ready", doors: states },
      ready ? 200 : 503,
    );
  });
  app.get("/metrics", async (context) => {
    const allowed = isLoopback(context) || "name" in checkKey(context.req.header("authorization"));
    if (!allowed) return refuse(context, refusals["no-key"]);
    return context.text(await metrics());
  });
  app.get("/images/:file{[^/]+\\.[a-z]+}", (context) => servePicture(door, context));
  for (const { path, handle } of guests) app.post(path, (context) => handle(context.req.raw));
  app.route("/", pageRoutes());
}

function apiRoutes(app: Hono<Env>, { door, checkKey }: AppOptions): void {
  const withKey = requireKey(checkKey);
  const limit = bodyLimit({
    maxSize: maxBodyBytes,
    onError: (context) => refuse(context as RequestContext, refusals["too-large"]),
  });
  for (const [path, handle] of gets) app.get(path, withKey, (context) => handle(door, context));
  for (const [path, handle] of posts) {
    app.post(path, withKey, withQuota(door), limit, async (context) => {
      const json = await readJson(context);
      return json === notJson
        ? refuse(context, refusals["not-json"])
        : await handle(door, context, json);
    });
  }
  for (const [path] of [...gets, ...posts]) {
    app.all(path, (context) => refuse(context, refusals["bad-method"]));
  }
}

const notJson = Symbol("not JSON");

async function readJson(context: RequestContext): Promise<unknown> {
  const text = await context.req.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return notJson;
  }
}

function requireKey(checkKey: KeyCheck): MiddlewareHandler<Env> {
  return async (context, next) => {
    const checked = checkKey(context.req.header("authorization"));
    if ("missing" in checked) {
      return refuse(context, refusals[checked.missing === "none" ? "no-key" : "bad-key"]);
    }
    context.set("requester", { id: `http:${checked.name}` });
    return next();
  };
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

function withRequestId(door: Door): MiddlewareHandler<Env> {
  return async (context, next) => {
    const requestId = crypto.randomUUID();
    const startedAt = door.now();
    context.set("requestId", requestId);
    await next();
    context.res.headers.set("x-request-id", requestId);
    const { method, path } = context.req;
    const { status } = context.res;
    const code = context.res.headers.get("x-drawbridge-code");
    const facts = { request: requestId, method, path, status, tookMs: door.now() - startedAt };
    door.log.info(code ? { ...facts, job: code } : facts, "answered");
  };
}

function openToEveryOrigin(): MiddlewareHandler<Env> {
  return cors({
    origin: "*",
    allowMethods: ["GET", "HEAD", "POST", "OPTIONS"],
    exposeHeaders: [
      "x-request-id",
      "x-drawbridge-code",
      "idempotent-replayed",
      "retry-after",
      "x-should-retry",
      "x-ratelimit-limit",
      "x-ratelimit-remaining",
      "x-ratelimit-reset",
    ],
    maxAge: 86_400,
  });
}

function isLoopback(context: RequestContext): boolean {
  const address = nodeOf(context).incoming?.socket.remoteAddress ?? "";
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}
