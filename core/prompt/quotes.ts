/**
 * A regular expression's source for one letter or digit of a script that puts spaces between words. Han, kana and
 * hangul do not count: every character there is a word boundary.
 */
export const wordCharacter = String.raw`(?![\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}])[\p{Alphabetic}\p{N}_]`;

/** Stands for every UTF-16 unit inside quotation marks: a code that is no character, no space and no letter. */
export const masked = "\uffff";

/** Opening marks whose closing mark is another one; they nest. */
const partners: ReadonlyMap<string, string> = new Map([
  ["“", "”"],
  ["‘", "’"],
  ["「", "」"],
  ["『", "』"],
]);

const allMarks = "“”‘’「」『』\"'";

// Words that are written with an apostrophe at their front: '90s, 'tis.
const elided = String.raw`(?:\d\ds|tis|twas|em|til)(?![\p{L}\p{N}_])`;

// A straight mark after a digit and before no letter means inches: 24" wide.
const opening = new RegExp(
  String.raw`[“「『]|‘(?!${elided})|(?<!\d)"|"(?=[\p{L}\p{N}])|(?<!${wordCharacter})'(?=\S)(?!'${elided})(?!${elided})`,
  "iuy",
);

// An apostrophe between two letters, as in don't, closes nothing.
const closing = new RegExp(
  String.raw`[”」』"]|(?<!${wordCharacter})’|’(?!${wordCharacter})|(?<=\S)'(?!${wordCharacter})`,
  "uy",
);

/**
 * The text with everything inside quotation marks masked, unit for unit; the marks themselves stay. Quotes are “”,
 * ‘’, 「」, 『』, "" and '', the last only at the edges of words, so that apostrophes are none. A mark without its
 * partner quotes nothing, and other marks within a quote are ignored. Takes linear time.
 */
export function maskQuotes(text: string): string {
  let result = "";
  let last = -1;
  for (const [start, end] of quotesOf(text)) {
    // Inside the previous quote, or the mark that closed it.
    if (start <= last) continue;
    result += text.slice(Math.max(0, last), start + 1) + masked.repeat(end - start - 1);
    last = end;
  }
  return result + text.slice(Math.max(0, last));
}

/** Each mark that could open a quote, in order, with the one that would close it. */
function quotesOf(text: string): readonly (readonly [number, number])[] {
  const ahead = new Map<string, number[]>();
  const quotes: [number, number][] = [];
  for (let at = text.length - 1; at >= 0; at--) {
    const mark = text.charAt(at);
    if (!allMarks.includes(mark)) continue;
    const end = isAt(opening, text, at) ? closingAfter(at, mark, ahead) : undefined;
    if (end !== undefined) quotes.push([at, end]);
    if (isAt(closing, text, at)) {
      const known = ahead.get(mark) ?? [];
      known.push(at);
      ahead.set(mark, known);
    }
  }
  return quotes.reverse();
}

/** `ahead` holds the closing marks after a place, by mark, the nearest last. */
function closingAfter(at: number, mark: string, ahead: ReadonlyMap<string, number[]>) {
  const partner = partners.get(mark);
  if (partner !== undefined) return ahead.get(partner)?.pop();
  const known = ahead.get(mark);
  // Two apostrophes side by side are one mark, not an empty quote.
  return mark === "'" && known?.at(-1) === at + 1 ? known.at(-2) : known?.at(-1);
}

function isAt(sticky: RegExp, text: string, at: number): boolean {
  sticky.lastIndex = at;
  return sticky.test(text);
}
