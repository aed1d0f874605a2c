import { Hono } from "hono";
import type { People } from "../../core/people.ts";
import type { Requester } from "../../core/request.ts";
import { type Answer, jsonHeaders, refusalOf } from "./answer.ts";
import {
  type Door,
  type Env,
  identify,
  carrierOf,
  type RequestContext,
  type ServedDoor,
} from "./context.ts";
import { problemOf } from "./errors.ts";
import { servedDoor } from "./about.ts";
import { KeyPeople } from "./key-people.ts";
import { accountOf, type KeyCheck, keyHeader, keyIn } from "./keys.ts";
import { canonicalPath, pathOf, RememberingRouter } from "./paths.ts";
import { inPieces, textPieces } from "./pieces.ts";
import { Refusal } from "./refusals.ts";
import { type Route, routes } from "./routes.ts";
import { answerFile, type StaticFile } from "./static-files.ts";

/** What the HTTP door is made of. */
export interface AppOptions extends Pick<ServedDoor, "doors" | "metrics"> {
  /** As the door is served with it; where absent, all can be kept. */
  readonly storage?: ServedDoor["storage"];
  readonly about?: ServedDoor["about"];
  readonly overview?: ServedDoor["overview"];
  readonly providers?: ServedDoor["providers"];
  readonly door: Door;
  readonly checkKey: KeyCheck;
  /** Finds whose a key is; without it each key of the configuration is its own person, and there are no others. */
  readonly people?: People;
  /** What is served as it is, such as the page. */
  readonly files: readonly StaticFile[];
  /** What of the API is served; all of it where it is absent. */
  readonly routes?: readonly Route[];
  /** Carries the id of a request through all work for it, so that log lines can name it. */
  readonly scope?: RequestScope;
  /** Routes of other doors, such as a webhook; they check their callers themselves. */
  readonly guests?: readonly {
    readonly path: string;
    /** POST where it is absent. */
    readonly method?: "GET" | "POST";
    readonly handle: (request: Request) => Promise<Response>;
  }[];
}

/** An `AsyncLocalStorage` is one. */
export interface RequestScope {
  run<Result>(requestId: string, work: () => Result): Result;
}

/** The HTTP door. Every answer has CORS headers and an `x-request-id`; every error has OpenAI's envelope. */
export function createApp(options: AppOptions): Hono<Env> {
  const { guests = [], files, routes: served = routes } = options;
  const app = new Hono<Env>({
    router: new RememberingRouter(),
    getPath: ({ url }) => canonicalPath(pathOf(url)),
  });
  const respond = responding(options);
  const serve = (method: string, path: string, work: Work, isFrequent = false) =>
    app.on(method, path, (context) => respond(context, work, isFrequent));
  serve("OPTIONS", "*", preflight);
  for (const { path, method = "POST", handle } of guests) {
    serve(method, path, async ({ req }) => answerOf(await handle(req.raw)));
  }
  for (const file of files) {
    serve("GET", file.path, (context) => answerFile(file, context));
  }
  const people = options.people && new KeyPeople(options.people);
  const whole = servedDoor(options, people);
  for (const path of new Set(served.map(patternOf))) {
    const here = served.filter((route) => patternOf(route) === path);
    for (const route of here) {
      serve(route.method, path, handling(route, whole, options.checkKey), route.isFrequent);
    }
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

// === What every answer has

/** Headers that pages of any origin may read, on errors too. */
const exposedHeaders = [
  "x-request-id",
  "x-drawbridge-code",
  "x-drawbridge-problem",
  "x-drawbridge-auxiliary",
  "idempotent-replayed",
  "retry-after",
  "x-should-retry",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
].join(",");

/** Turns what is done for a request into its response: failures become answers, and each answer is logged. */
function responding({ door, scope }: AppOptions) {
  return async (context: RequestContext, work: Work, isFrequent = false): Promise<Response> => {
    const request = crypto.randomUUID();
    const startedAt = performance.now();
    const settle = () => settled(door, context, work);
    const answer = await (scope ? scope.run(request, settle) : settle());
    const { method, path } = context.req;
    const { status = 200, body = null } = answer;
    if (answer.reason) sayReason(context, answer.reason);
    const held = context.get("held");
    const tookMs = Math.round(performance.now() - startedAt);
    const facts = { request, method, path, status, tookMs };
    door.log[isFrequent ? "debug" : "info"](
      held ? { ...facts, job: held.code } : facts,
      "answered",
    );
    const quota =
      method === "POST" && door.studio.hasQuotas
        ? await quotaHeaders(door, context.get("requester"))
        : undefined;
    // A plain object of headers is sent by Node as it is.
    const headers = { ...answer.headers, ...quota, ...usualHeaders(path, request, held) };
    return new Response(body, { status, headers });
  };
}

function sayReason(context: RequestContext, reason: string): void {
  const { outgoing } = carrierOf(context);
  if (outgoing && !outgoing.headersSent) outgoing.statusMessage = reason;
}

/** The canonical paths that pages of other origins may not read. */
const sameOriginPaths = new Set(
  routes.filter(({ sameOrigin }) => sameOrigin).map(({ path }) => path),
);

function usualHeaders(path: string, request: string, held: Env["Variables"]["held"]) {
  const headers: Record<string, string> = { "x-request-id": request };
  if (!sameOriginPaths.has(path)) {
    headers["access-control-allow-origin"] = "*";
    headers["access-control-expose-headers"] = exposedHeaders;
  }
  if (held) headers["x-drawbridge-code"] = held.code;
  if (held?.replayed) headers["idempotent-replayed"] = "true";
  return headers;
}

/** The rest of the client's tightest quota, as headers; refusals have them too. */
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
    log.error({ error }, "a quota could not be read");
    return undefined;
  }
}

async function settled(door: Door, context: RequestContext, work: Work): Promise<Answer> {
  try {
    const answer = written(await work(context));
    return answer.pieces ? await inPieces(door, context, answer, answer.pieces) : answer;
  } catch (error) {
    return written(refusalOf(problemOf(error, door.log, { path: context.req.path })));
  }
}

/** The answer with its JSON as its body, in pieces where that is long. */
function written(answer: Answer): Answer {
  if (!answer.json) return answer;
  const body = JSON.stringify(answer.json);
  const headers = { ...jsonHeaders, ...answer.headers };
  const pieces = textPieces(body);
  return pieces ? { ...answer, headers, pieces } : { ...answer, headers, body };
}

function answerOf({ status, headers, body }: Response): Answer {
  return { status, headers: Object.fromEntries(headers), body };
}

// === Methods

function allowed(here: readonly Route[]): string {
  const methods = new Set(here.map(({ method }) => method));
  const others = ["post", "put", "delete"] as const;
  return [
    ...(methods.has("get") ? ["GET, HEAD"] : []),
    ...others.filter((method) => methods.has(method)).map((method) => method.toUpperCase()),
    "OPTIONS",
  ].join(", ");
}

const preflightHeaders = {
  "access-control-max-age": "86400",
  "access-control-allow-methods": allowed(routes).replaceAll(", ", ","),
  vary: "Access-Control-Request-Headers, Access-Control-Request-Private-Network",
};

/** Allows a page of any origin to send what it asks to send, from a public address to a private one, too. */
function preflight({ req }: RequestContext): Answer {
  if (sameOriginPaths.has(req.path)) return { status: 204 };
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

/** The work of a route behind its check of access. */
function handling(route: Route, door: ServedDoor, checkKey: KeyCheck): Work {
  const { access, handle } = route;
  return (context) => {
    const isOpen = access === "open" || (access === "local" && isLocal(context));
    const later = isOpen ? undefined : letIn(context, checkKey, door.people);
    return later ? later.then(() => handle(door, context)) : handle(door, context);
  };
}

/** Throws a `Refusal` where the key is missing or unknown. Whose it is may take a moment to be found. */
function letIn(
  context: RequestContext,
  checkKey: KeyCheck,
  people: KeyPeople | undefined,
): Promise<void> | undefined {
  const header = keyHeader(context.req.raw.headers);
  const checked = checkKey(header);
  if ("missing" in checked) {
    if (checked.missing === "none") throw new Refusal("no-key");
    return letInPerson(context, keyIn(header ?? "") ?? "", people);
  }
  context.set("key", checked);
  const account = accountOf(checked);
  const requester = (!checked.shared && people?.of(account)) || { id: account };
  if (requester instanceof Promise) return requester.then((one) => context.set("requester", one));
  context.set("requester", requester);
  identify(context, {});
  return undefined;
}

async function letInPerson(context: RequestContext, key: string, people: KeyPeople | undefined) {
  const requester = await people?.ofKey(key);
  if (!requester) throw new Refusal("bad-key");
  context.set("requester", requester);
}

/** "localhost" and what ends in it (RFC 6761) and loopback addresses, with or without a port. */
const localHost = /^(?:(?:[\w-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * Whether the request comes from this machine itself: not through a reverse proxy on it, and not from a page whose name
 * was made to lead here (DNS rebinding), which sends that name as its host.
 */
function isLocal(context: RequestContext): boolean {
  const forwarded = ["x-forwarded-for", "x-real-ip", "forwarded"];
  if (forwarded.some((name) => context.req.header(name) !== undefined)) return false;
  if (!localHost.test(context.req.header("host") ?? "")) return false;
  const address = carrierOf(context).incoming?.socket.remoteAddress ?? "";
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}
