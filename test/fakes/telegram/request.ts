import type { IncomingMessage } from "node:http";
import { type Arguments, createArguments, isObject, type Upload } from "./arguments.ts";
import { BotApiError, badRequest } from "./errors.ts";

/** A bot uploads at most 50 MB; a little more for the other fields of the form. */
const maxUploadBytes = 50 * 1024 * 1024;
const maxBodyBytes = maxUploadBytes + 64 * 1024;

const tooLarge = (): BotApiError => new BotApiError(413, "Request Entity Too Large");

/** Reads the arguments of a call from the URL and the body. Throws BotApiError 400 or 413. */
export async function readCall(message: IncomingMessage, query: URLSearchParams) {
  const body = await readBody(message);
  const values = new Map<string, string>(query);
  const uploads = new Map<string, Upload>();
  const type = message.headers["content-type"] ?? "";
  if (body.length === 0) return createArguments(values, uploads);
  if (type.startsWith("application/json")) readJson(body, values);
  else await readForm(body, type, { values, uploads });
  return createArguments(values, uploads) satisfies Arguments;
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // An oversized body is read to its end, or the client would see a broken pipe in place of the answer.
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= maxBodyBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (length > maxBodyBytes) throw tooLarge();
  return Buffer.concat(chunks);
}

function readJson(body: Buffer, values: Map<string, string>): void {
  let content: unknown;
  try {
    content = JSON.parse(body.toString(), wellFormed);
  } catch {
    throw badRequest("can't parse JSON object");
  }
  if (!isObject(content)) throw badRequest("can't parse JSON object");
  for (const [name, value] of Object.entries(content)) {
    if (value === null || value === undefined) continue;
    values.set(name, typeof value === "string" ? value : JSON.stringify(value));
  }
}

/** Half a character is no text. */
function wellFormed(_: string, value: unknown): unknown {
  if (typeof value === "string" && !value.isWellFormed()) throw new RangeError("half a character");
  return value;
}

interface Form {
  readonly values: Map<string, string>;
  readonly uploads: Map<string, Upload>;
}

async function readForm(body: Buffer, type: string, form: Form): Promise<void> {
  for (const [name, value] of await parseForm(body, type)) {
    if (typeof value === "string") {
      form.values.set(name, value);
      continue;
    }
    if (value.size > maxUploadBytes) throw tooLarge();
    const bytes = new Uint8Array(await value.arrayBuffer());
    form.uploads.set(name, { name: value.name, type: value.type, bytes });
  }
}

/** Node's own parser buffers everything, which is right here: the size was limited before. */
interface FormReader {
  formData(): Promise<FormData>;
}

async function parseForm(body: Buffer, type: string): Promise<FormData> {
  const reader: FormReader = new Response(new Uint8Array(body), {
    headers: { "content-type": type },
  });
  try {
    return await reader.formData();
  } catch {
    throw badRequest("can't parse the form of the request");
  }
}
