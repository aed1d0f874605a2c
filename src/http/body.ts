import type { z } from "zod";
import { invalidRequest } from "../../core/errors.ts";
import { BodyTooLarge } from "../../core/wire/fetch.ts";
import { takenApart } from "../../core/wire/markdown.ts";
import { readBytes } from "./bytes.ts";
import { type Door, identify, type RequestContext } from "./context.ts";
import { parseConversation, parseJson } from "./json.ts";
import { Refusal, tooLarge } from "./refusals.ts";

const mebibyte = 1024 * 1024;

/**
 * The body as JSON, of any content type. Throws a `Refusal` where it is longer than 1 MiB, is not JSON or is not UTF-8.
 */
export function readJson(context: RequestContext): Promise<unknown> {
  return parsed(context, async () => parseJson(await readBytes(context, mebibyte)));
}

/** The same of a conversation, which may bring 32 MiB of pictures: only those of its user's last message are read. */
export function readConversation(
  { largeBodies }: Pick<Door, "largeBodies">,
  context: RequestContext,
): Promise<unknown> {
  const parse = async (bytes: Uint8Array<ArrayBuffer>) => parseConversation(bytes);
  return parsed(context, () => largeBodies.use(context, 32 * mebibyte, parse));
}

async function parsed(context: RequestContext, read: () => Promise<unknown>): Promise<unknown> {
  try {
    const body = await read();
    identify(context, asObject(body));
    return body;
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
 * The text of the last user message, its text parts joined, without the pictures in it; undefined where there is no
 * readable one. Reads messages of chats and items of responses.
 */
export function lastUserText(messages: readonly unknown[]): string | undefined {
  const { content } = asObject(lastOfUser(messages));
  if (typeof content === "string") return takenApart(content).words;
  if (typeof content !== "object" || content === null) return undefined;
  return [content].flat().flatMap(textIn).join(" ");
}

function lastOfUser(messages: readonly unknown[]): unknown {
  return messages.findLast((one) => asObject(one)["role"] === "user");
}

/**
 * The messages that are answered: the last one of a user, those right before it that say nothing, as of people who send
 * a picture first, what tools and the like answered behind it, and what steers the conversation.
 */
export function answeredMessages(messages: readonly unknown[]): readonly unknown[] {
  const isUser = (one: unknown) => asObject(one)["role"] === "user";
  const last = messages.findLastIndex(isUser);
  const spoken = messages.findLastIndex(
    (one, at) => at < last && !(isUser(one) && !lastUserText([one])?.trim()),
  );
  return messages.filter((one, at) => {
    const { role, type } = asObject(one);
    if (role === "system" || role === "developer") return true;
    return at > spoken && last >= 0 && role !== "assistant" && type !== "image_generation_call";
  });
}

/** The text of one part of a message; nothing where the part has none or is of another kind. */
function textIn(part: unknown): string | [] {
  const { type = "text", text } = asObject(part);
  const isText = (type === "text" || type === "input_text") && typeof text === "string";
  return isText && text !== "" ? takenApart(text).words : [];
}
