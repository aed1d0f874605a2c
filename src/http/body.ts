import type { z } from "zod";
import { invalidRequest } from "../../core/errors.ts";
import { BodyTooLarge } from "../../core/wire/fetch.ts";
import { readBytes, textOf } from "./bytes.ts";
import type { RequestContext } from "./context.ts";
import { Refusal, tooLarge } from "./refusals.ts";

const mebibyte = 1024 * 1024;

/**
 * The body as JSON, of any content type. Throws a `Refusal` where it is longer than `maxBytes` (1 MiB unless it is said),
 * is not JSON or is not UTF-8.
 */
export async function readJson(context: RequestContext, maxBytes = mebibyte): Promise<unknown> {
  try {
    return JSON.parse(textOf(await readBytes(context, maxBytes)));
  } catch (error) {
    throw refusalFor(error);
  }
}

/** The refusal of a body that is too large or no JSON; any other error is handed on. */
export function refusalFor(error: unknown): unknown {
  if (error instanceof BodyTooLarge) return tooLarge(error.maxBytes);
  return error instanceof SyntaxError ? new Refusal("not-json") : error;
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
  const { content } = asObject(lastOfUser(messages));
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return undefined;
  return content.flatMap(textIn).join(" ");
}

/** The last message of a user. */
export function lastOfUser(messages: readonly unknown[]): unknown {
  return messages.findLast((one) => asObject(one)["role"] === "user");
}

/** The text of one part of a message; nothing where the part has none or is of another kind. */
function textIn(part: unknown): string | [] {
  const { type = "text", text } = asObject(part);
  const isText = (type === "text" || type === "input_text") && typeof text === "string";
  return isText && text !== "" ? text : [];
}
