import { matchAt } from "../prompt/quotes.ts";

/** A value found behind its key, in a text that was meant to be JSON. */
export interface LooseField {
  /** The string, or the strings of a list. */
  readonly value: string | readonly string[];
  /** Where the key begins and the value ends, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

const quote = "[\"'“”‘’`]";
/** Space and up to two comments. Every repetition is bounded, so that hostile text cannot make it slow. */
const gap = String.raw`(?:\s{0,200}(?:\/\/[^\n]{0,200}(?:\n|$)|\/\*(?:[^*]|\*(?!\/)){0,200}\*\/)){0,2}\s{0,200}`;
const quotedKey = String.raw`${quote}[\w -]{1,40}${quote}\s{0,20}[:：]`;
const bareKey = String.raw`\w{1,40}\s{0,20}[:：=]`;
const comma = String.raw`[,，;]`;

/**
 * What follows the mark that ends a string: the end of the object, the next key, or the end of a reply that was cut
 * off. Any other mark inside a string was not escaped and belongs to it.
 */
const afterString = {
  quotedKeys: new RegExp(
    `${gap}(?:[}\\])]|\`\`\`|$|${quotedKey}|${comma}${gap}(?:[}\\]]|${quotedKey}|$|${quote}[\\w -]{0,40}$))`,
    "y",
  ),
  bareKeys: new RegExp(
    `${gap}(?:[}\\])]|\`\`\`|$|(?:${comma}${gap})?(?:[}\\]]|${quotedKey}|${bareKey}|$))`,
    "y",
  ),
  list: new RegExp(`${gap}(?:\\]|$|${comma}${gap}(?:${quote}|\\]))`, "y"),
};
type AfterString = keyof typeof afterString;

/** The marks that may close a string, by the one that opened it. */
const closers: Readonly<Record<string, readonly string[]>> = {
  '"': ['"'],
  "'": ["'"],
  "`": ["`"],
  "“": ["”", "“", '"'],
  "”": ["”", "“", '"'],
  "‘": ["’", "‘", "'"],
  "’": ["’", "‘", "'"],
  '"""': ['"""'],
  "'''": ["'''"],
};

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

/** After this many strings without an end the search stops, which keeps the time linear. */
const maxUnended = 4;

/**
 * The strings behind a key, in the order of the text, read the way they were meant: with any kind of quotation
 * marks, unescaped ones inside, line breaks, comments, missing and trailing commas, Python's and JavaScript's
 * spellings. The text around them does not matter. A string without an end is left out. `keys` matches a key's name. Takes time
 * linear in the text.
 */
export function looseFields(text: string, keys: string): readonly LooseField[] {
  const key = new RegExp(
    `(?:${quote}(?:${keys})${quote}|(?<=[{,(]\\s{0,20}|^\\s{0,20})(?<bare>${keys}))\\s{0,20}[:：=]\\s{0,20}`,
    "gimu",
  );
  const fields: LooseField[] = [];
  let unended = 0;
  for (let match = key.exec(text); match && unended < maxUnended; match = key.exec(text)) {
    const after = match.groups?.["bare"] === undefined ? "quotedKeys" : "bareKeys";
    const at = key.lastIndex;
    const read = text[at] === "[" ? readList(text, at + 1) : readString(text, at, after);
    if (read === "unended") unended++;
    else if (read) {
      fields.push({ value: read.value, start: match.index, end: read.end });
      key.lastIndex = read.end;
    }
  }
  return fields;
}

type Read<Value> = { readonly value: Value; readonly end: number } | "unended" | undefined;

const separator = new RegExp(`${gap}(?:${comma}${gap})?`, "y");

function readList(text: string, start: number): Read<readonly string[]> {
  const value: string[] = [];
  for (let end = start; ; ) {
    end += matchAt(separator, text, end)?.[0].length ?? 0;
    if (text[end] === "]") return { value, end: end + 1 };
    const item = readString(text, end, "list");
    if (item === undefined || item === "unended") return item;
    value.push(item.value);
    end = item.end;
  }
}

const opening = /"""|'''|["'“”‘’`]/y;

/** Ordinary characters, an escape, or one that might close the string. */
const piece = /[^\\"'“”‘’`]+|\\(?:u([\da-f]{4})|x([\da-f]{2})|([^])?)|[^]/iy;

/** undefined where no string begins at `start`. */
function readString(text: string, start: number, after: AfterString): Read<string> {
  const mark = matchAt(opening, text, start)?.[0];
  if (mark === undefined) return undefined;
  let value = "";
  for (let at = start + mark.length; at < text.length; ) {
    const closer = closers[mark]?.find((one) => text.startsWith(one, at));
    const end = at + (closer?.length ?? 0);
    if (closer !== undefined && matchAt(afterString[after], text, end)) return { value, end };
    const match = matchAt(piece, text, at);
    value += match ? meaningOf(match) : "";
    at += match?.[0].length ?? 1;
  }
  return "unended";
}

/** An unknown escape stands for its own letter. */
function meaningOf([whole, unit, byte = unit, letter = ""]: RegExpExecArray): string {
  if (byte !== undefined) return String.fromCharCode(Number.parseInt(byte, 16));
  return whole.startsWith("\\") ? (escapes[letter] ?? letter) : whole;
}
