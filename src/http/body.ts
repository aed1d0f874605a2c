import type { z } from "zod";
import { invalidRequest } from "../../core/errors.ts";
import { BodyTooLarge, readCapped } from "../../core/wire/fetch.ts";
import type { RequestContext } from "./context.ts";
import { Refusal } from "./errors.ts";

const maxBytes = 1024 * 1024;

/**
 * The body as JSON, of any content type. Throws a `Refusal`; a body that announces too large a length is not read.
 */
export async function readJson(context: RequestContext): Promise<unknown> {
  try {
    return JSON.parse(await readText(context));
  } catch (error) {
    if (error instanceof BodyTooLarge) throw new Refusal("too-large");
    throw new Refusal(error instanceof SyntaxError ? "not-json" : "cut-off");
  }
}

async function readText({ req }: RequestContext): Promise<string> {
  const length = req.header("content-length");
  if (Number(length) > maxBytes) throw new BodyTooLarge(maxBytes);
  // The server reads at most the announced length, so no further limit is needed.
  if (length !== undefined && req.header("transfer-encoding") === undefined) return req.raw.text();
  return new TextDecoder().decode(await readCapped(req.raw, maxBytes));
}

/** A value's fields, unchecked; empty where it is not an object. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : {};
}

/** Checks a body. Throws `invalid-request` that names the first field at fault. */
export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(body, { error: problemOf });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue && issue.path.length > 0 ? issue.path.map(String).join(".") : null;
  const problem = `${field ?? "The body"}: ${issue?.message ?? "is not valid"}.`;
  throw invalidRequest(field, problem, parsed.error);
}

const kinds: Readonly<Record<string, string>> = {
  string: "has to be a string",
  number: "has to be a number",
  int: "has to be a whole number",
  boolean: "has to be true or false",
  array: "has to be a list",
  object: "has to be a JSON object",
};

/** The problem with a field, as a text that follows its name; undefined where zod's own text is used. */
function problemOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return kinds[issue.expected];
    case "invalid_value":
      return `has to be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    case "too_small":
      return `has to ${limitOf(issue.origin, "at least", Number(issue.minimum))}`;
    case "too_big":
      return `has to ${limitOf(issue.origin, "at most", Number(issue.maximum))}`;
    default:
      return undefined;
  }
}

function limitOf(origin: string, bound: "at least" | "at most", limit: number): string {
  switch (origin) {
    case "string":
      return `have ${bound} ${limit} character${limit === 1 ? "" : "s"}`;
    case "array":
      return `have ${bound} ${limit} entr${limit === 1 ? "y" : "ies"}`;
    default:
      return `be ${bound} ${limit}`;
  }
}

// === Conversations

/**
 * The text of the last user message, its text parts joined; undefined where there is no readable one. Reads messages of
 * chats and items of responses.
 */
export function lastUserText(messages: readonly unknown[]): string | undefined {
  const { content } = asObject(messages.findLast((one) => asObject(one)["role"] === "user"));
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return undefined;
  return content.flatMap(textIn).join(" ");
}

/** The text of one part of a message; an empty list where the part has none. */
function textIn(part: unknown): string | [] {
  const { type = "text", text } = asObject(part);
  const isText = (type === "text" || type === "input_text") && typeof text === "string";
  return isText && text !== "" ? text : [];
}
