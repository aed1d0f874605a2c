import { type Refusal, refusal } from "./errors.ts";
import type { UploadedFile } from "./files.ts";
import type { Platform } from "./platform.ts";

/** A request that reached its route. */
export interface Call {
  readonly platform: Platform;
  /** The parts of the path that the route names, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly json: unknown;
  readonly files: readonly UploadedFile[];
  /** When it arrived, by the stand-in's clock. */
  readonly receivedAt: number;
}

/** What goes back: a status, and JSON where there is something to say. */
export interface Answer {
  readonly status: number;
  readonly json?: unknown;
}

export type Handler = (call: Call) => Answer | Promise<Answer>;

/** A route: how it is written down, and what it does. */
export interface Route {
  /** `METHOD /path/with/:parameters`. */
  readonly name: string;
  /** Whether it needs the app's token. Routes of interactions carry their own. */
  readonly needsToken: boolean;
  readonly handle: Handler;
}

/** `{ "GET /users/@me": handler }` as routes. */
export function routes(
  needsToken: boolean,
  table: Readonly<Record<string, Handler>>,
): readonly Route[] {
  return Object.entries(table).map(([name, handle]) => ({ name, needsToken, handle }));
}

/** A request's route and what its path says. */
export interface Match {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Finds the route of a path. Returns the refusal where there is none. */
export function createRouter(
  table: readonly Route[],
): (method: string, path: string) => Match | Refusal {
  const parsed = table.map((route) => {
    const [method = "", path = ""] = route.name.split(" ");
    return { route, method, segments: path.split("/") };
  });

  return (method, path) => {
    const given = path.split("/").map(decodeSegment);
    const fitting = parsed.filter(({ segments }) => fits(segments, given));
    const found = fitting.find((candidate) => candidate.method === method);
    if (!found) return refusal(fitting.length > 0 ? "method-not-allowed" : "not-found");
    const named = found.segments.map((segment, index) => [segment, given[index] ?? ""] as const);
    const parameters = named
      .filter(([segment]) => segment.startsWith(":"))
      .map(([segment, value]) => [segment.slice(1), value] as const);
    return { route: found.route, parameters: Object.fromEntries(parameters) };
  };
}

/** discord.js writes `@original` as `%40original`. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function fits(segments: readonly string[], given: readonly string[]): boolean {
  return (
    segments.length === given.length &&
    segments.every((segment, index) => segment.startsWith(":") || segment === given[index])
  );
}

/** A named part of the path. */
export function parameter({ parameters }: Call, name: string): string {
  const value = parameters[name];
  if (value === undefined) throw new Error(`The route has no parameter ${name}`);
  return value;
}
