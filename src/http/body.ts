import type { z } from "zod";
import { asciiBytes, asciiText, joined } from "#runtime";
import { invalidRequest } from "../../core/errors.ts";
import { BodyTooLarge } from "../../core/wire/fetch.ts";
import { takenApart } from "../../core/wire/markdown.ts";
import { readBytes, smallBody, textOf } from "./bytes.ts";
import { type Door, identify, type RequestContext } from "./context.ts";
import { messageToChange } from "./earlier.ts";
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
  return parsed(context, () => {
    const small = smallBody(context, fewBytes);
    return small ? small.then(plainJson) : largeBodies.use(context, 32 * mebibyte, parse);
  });
}

async function parsed(context: RequestContext, read: () => Promise<unknown>): Promise<unknown> {
  try {
    const body = await read();
    identify(context, body);
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
  const isUser = (one: unknown) => asObject(one)["role"] === "user" || isBarePart(one);
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

/** Whether what stands in the place of a message is a part of one: a text or a picture without a sender. */
export function isBarePart(value: unknown): boolean {
  if (typeof value === "string") return true;
  const { role, type } = asObject(value);
  return role === undefined && /^(?:input_)?(?:text|image|image_url|file)$/.test(String(type));
}

/** The text of one part of a message; nothing where the part has none or is of another kind. */
function textIn(part: unknown): string | [] {
  const { type = "text", text } = typeof part === "string" ? { text: part } : asObject(part);
  const isText = (type === "text" || type === "input_text") && typeof text === "string";
  return isText && text !== "" ? takenApart(text).words : [];
}

// === JSON

/** Bytes that are parsed as they are. */
const fewBytes = mebibyte;

/** Bytes that a body may have beside its pictures: a parser takes seconds and a gigabyte for what is nested deeply. */
const mostWords = 4 * mebibyte;

/** A text of so many bytes without a space is a picture in base64, or nothing that anyone reads. */
const leastRun = 16 * 1024;

/** Fields of a body: each step that copies one takes as long as reading it did. */
const mostFields = 1000;

/**
 * A body of JSON, however large its pictures are. Throws a `Refusal` for what is not UTF-8, has too many fields or too
 * much beside its pictures, and what `JSON.parse` throws.
 */
export function parseJson(bytes: Uint8Array<ArrayBuffer>): unknown {
  if (bytes.byteLength <= fewBytes) return plainJson(bytes);
  const { body, put } = parseApart(bytes);
  return mapTexts(body, put);
}

/** The same for the body of a chat or a response, without the pictures in its messages but for those that count. */
export function parseConversation(bytes: Uint8Array<ArrayBuffer>): unknown {
  if (bytes.byteLength <= fewBytes) return plainJson(bytes);
  const { body, put, drop } = parseApart(bytes);
  if (body === null || typeof body !== "object" || Array.isArray(body)) return mapTexts(body, put);
  const { messages, input, ...others } = asObject(body);
  const lightened = (list: unknown) => {
    if (!Array.isArray(list)) return mapTexts(list, put);
    const read = [...answeredMessages(list), messageToChange(list)];
    return list.map((one) => mapTexts(one, read.includes(one) ? put : drop));
  };
  return {
    ...asObject(mapTexts(others, put)),
    ...(messages === undefined ? {} : { messages: lightened(messages) }),
    ...(input === undefined ? {} : { input: lightened(input) }),
  };
}

function plainJson(bytes: Uint8Array<ArrayBuffer>): unknown {
  const body: unknown = JSON.parse(textOf(bytes));
  if (Object.keys(asObject(body)).length > mostFields) throw new Refusal("many-fields");
  return body;
}

interface Apart {
  /** With a mark in the place of each long run. */
  readonly body: unknown;
  /** A text with its runs in their places, or without them. */
  readonly put: (text: string) => string;
  readonly drop: (text: string) => string;
}

function parseApart(bytes: Uint8Array<ArrayBuffer>): Apart {
  const runs = longRuns(bytes);
  const mark = crypto.randomUUID();
  const marks = new RegExp(`${mark}-(\\d+)\\.`, "g");
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const [index, { start, end }] of runs.entries()) {
    pieces.push(bytes.subarray(from, start), asciiBytes(`${mark}-${index}.`));
    from = end;
  }
  const words = joined([...pieces, bytes.subarray(from)]);
  if (words.byteLength > mostWords) throw tooLarge(mostWords, " beside its pictures");
  const runOf = (_: string, index: string) => {
    const { start, end } = runs[Number(index)] ?? { start: 0, end: 0 };
    const text = asciiText(bytes.subarray(start, end));
    return text.includes("\\") ? String(JSON.parse(`"${text}"`)) : text;
  };
  return {
    body: plainJson(words),
    put: (text) => (text.includes(mark) ? text.replace(marks, runOf) : text),
    drop: (text) => (text.includes(mark) ? text.replace(marks, "") : text),
  };
}

interface Run {
  readonly start: number;
  readonly end: number;
}

const backslash = 0x5c;

/** What base64 is written with, also in the alphabet for URLs, percent-encoded, and with the escapes of JSON. */
const isOfRun = new Uint8Array(256);
for (const byte of asciiBytes("+/=_-%\\")) isOfRun[byte] = 1;
for (let byte = 0x30; byte < 0x7b; byte++)
  if (/[\da-z]/i.test(String.fromCharCode(byte))) isOfRun[byte] = 1;

/** In order. Each long run covers a multiple of its least length, so that no other byte needs a look. */
function longRuns(bytes: Uint8Array): Run[] {
  const runs: Run[] = [];
  const isRun = (at: number) => isOfRun[bytes[at] ?? 0] === 1;
  for (let at = 0; at < bytes.length; at += leastRun) {
    const before = runs.at(-1)?.end ?? 0;
    if (at < before || !isRun(at)) continue;
    let [start, end] = [at, at];
    while (start > before && isRun(start - 1)) start--;
    while (end < bytes.length && isRun(end)) end++;
    // What follows may be what it escapes.
    while (bytes[end - 1] === backslash) end--;
    if (end - start >= leastRun) runs.push({ start, end });
  }
  return runs;
}

/** Deeper than this no client puts a picture. */
const mostNested = 50;

/** The same value with other texts. */
function mapTexts(value: unknown, change: (text: string) => string, depth = 0): unknown {
  if (typeof value === "string") return change(value);
  if (typeof value !== "object" || value === null || depth > mostNested) return value;
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      change(name),
      mapTexts(inner, change, depth + 1),
    ]),
  );
}
