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
    const read = readValue(text, key.lastIndex, after);
    if (read === "unended") unended++;
    else if (read) {
      fields.push({ value: read.value, start: match.index, end: read.end });
      key.lastIndex = read.end;
    }
  }
  return fields;
}

type Read<Value> = { readonly value: Value; readonly end: number } | "unended" | undefined;

function readValue(
  text: string,
  start: number,
  after: AfterString,
): Read<string | readonly string[]> {
  return text[start] === "[" ? readList(text, start + 1) : readString(text, start, after);
}

function readList(text: string, start: number): Read<readonly string[]> {
  const value: string[] = [];
  const separator = new RegExp(`${gap}(?:${comma}${gap})?`, "y");
  let end = start;
  for (;;) {
    separator.lastIndex = end;
    separator.test(text);
    end = separator.lastIndex;
    if (text[end] === "]") return { value, end: end + 1 };
    const item = readString(text, end, "list");
    if (item === undefined || item === "unended") return item;
    value.push(item.value);
    end = item.end;
  }
}

/** undefined where no string begins at `start`. */
function readString(text: string, start: number, after: AfterString): Read<string> {
  const opening = /"""|'''|["'“”‘’`]/y;
  opening.lastIndex = start;
  const mark = opening.exec(text)?.[0];
  if (mark === undefined) return undefined;
  let value = "";
  for (let at = start + mark.length; at < text.length; ) {
    const closer = closers[mark]?.find((one) => text.startsWith(one, at));
    if (closer !== undefined && follows(text, at + closer.length, after)) {
      return { value, end: at + closer.length };
    }
    const piece = text[at] === "\\" ? unescaped(text, at) : { value: text.charAt(at), length: 1 };
    value += piece.value;
    at += piece.length;
  }
  return "unended";
}

function follows(text: string, at: number, after: AfterString): boolean {
  const pattern = afterString[after];
  pattern.lastIndex = at;
  return pattern.test(text);
}

/** What the escape at `at` stands for. An unknown escape stands for its own letter. */
function unescaped(text: string, at: number): { readonly value: string; readonly length: number } {
  const code = /\\(?:u([\da-f]{4})|x([\da-f]{2}))/iy;
  code.lastIndex = at;
  const [all, unit, byte] = code.exec(text) ?? [];
  if (all !== undefined) {
    return {
      value: String.fromCharCode(Number.parseInt(unit ?? byte ?? "", 16)),
      length: all.length,
    };
  }
  const letter = text.charAt(at + 1);
  return { value: escapes[letter] ?? letter, length: 2 };
}
