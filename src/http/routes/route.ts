import type { z } from "zod";
import type { Answer } from "../answer.ts";
import type { RequestContext, ServedDoor } from "../context.ts";

/** Answers a request. Throws a `Refusal` or an `ImageError`; anything else is a bug. */
export type Handler = (door: ServedDoor, context: RequestContext) => Answer | Promise<Answer>;

/** One endpoint: how it is served, and how it is described. */
export interface Route {
  readonly method: "get" | "post" | "put" | "delete";
  /** The path in OpenAPI's form, without the optional `/v1`. */
  readonly path: string;
  /** The path in Hono's form, where it has parameters. */
  readonly pattern?: string;
  readonly handle: Handler;
  /** Access without a key: "open" for everyone, "local" for this machine only. Absent: a key is needed. */
  readonly access?: "open" | "local";
  /** Pages of other origins may not read it. */
  readonly sameOrigin?: true;
  /** Asked for so often, by machines, that the log tells of it at `debug` alone. */
  readonly isFrequent?: boolean;
  /** People paste this whole address where a base address belongs, and clients add theirs to it. */
  readonly isPasted?: boolean;
  readonly id: string;
  readonly summary: string;
  /** The schema that validates the body, and in which forms the body may come. */
  readonly body?: z.ZodObject;
  readonly forms?: readonly string[];
  /** Headers and query parameters. */
  readonly parameters?: readonly Parameter[];
  readonly answer: string;
  readonly streams?: boolean;
  /** The content type of the answer, where it is not JSON. */
  readonly type?: string;
}

/** A header or a query parameter of a route. */
export interface Parameter {
  readonly name: string;
  readonly place: "header" | "query";
  readonly meaning: string;
}

/** A header of a route. */
export const header = (name: string, meaning: string): Parameter => ({
  name,
  place: "header",
  meaning,
});

/** A query parameter of a route. */
export const query = (name: string, meaning: string): Parameter => ({
  name,
  place: "query",
  meaning,
});

/** For routes that make pictures. */
export const once = header(
  "Idempotency-Key",
  "The same key and the same request are one picture, for a day, however often they are sent.",
);

/** For routes whose picture takes its time. */
export const async = header(
  "Prefer",
  "respond-async: answered at once with 202 and how the picture stands; its code is where to look on.",
);
