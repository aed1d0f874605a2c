import { asciiBytes, asciiText, joined } from "#runtime";
import { answeredMessages, asObject } from "./body.ts";
import { textOf } from "./bytes.ts";
import { messageToChange } from "./earlier.ts";
import { Refusal, tooLarge } from "./refusals.ts";

const mebibyte = 1024 * 1024;

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
  if (bytes.byteLength <= fewBytes) return parsed(bytes);
  const { body, put } = parseApart(bytes);
  return mapTexts(body, put);
}

/** The same for the body of a chat or a response, without the pictures in its messages but for those that count. */
export function parseConversation(bytes: Uint8Array<ArrayBuffer>): unknown {
  if (bytes.byteLength <= fewBytes) return parsed(bytes);
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

function parsed(bytes: Uint8Array<ArrayBuffer>): unknown {
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
    body: parsed(words),
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
