/**
 * A regular expression's source for one letter or digit of a script that puts spaces between words. Han, kana and
 * hangul do not count: every character there is a word boundary.
 */
export const wordCharacter = String.raw`(?![\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}])[\p{Alphabetic}\p{N}_]`;

/** Matches a sticky pattern at one place of a text. */
export function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Stands for every UTF-16 unit inside quotation marks: a code that is no character, no space and no letter. */
export const masked = "\uffff";

/** Opening marks with the marks that close them; they nest. */
const nesting = pairs(
  "“” ‘’ 「」 『』 ｢｣ 《》 〈〉 【】 〖〗 〔〕 〘〙 〚〛 ⟦⟧ ⟨⟩ ⟪⟫ ❝❞ ❛❜ ❮❯ «» ‹› 〝〟 〝〞 ﹁﹂ ﹃﹄ ︽︾ ︿﹀",
);

// Without the pair that is written for apostrophes, too.
const opens = [...nesting.keys()].join("").replace("‘", "");
const closes = [...nesting.values()].join("").replace("’", "");

/**
 * Marks that open close to a word and close close to one: straight ones, accents, Swedish ”…”, German »…« and ›…‹, and
 * what keyboards make of “…”. None of them nests.
 */
const hugging = pairs("\"\" '' `` `´ `' ´´ “” ““ ”” ”“ »« »» ›‹ ››");

/** Marks at the foot of the line, with all that closes them. */
const low = new RegExp(
  String.raw`[„‟][^„‟“”"]*[“”"]|(?<!${wordCharacter})‚(?=\S)(?:[^‚‘’]|’(?=${wordCharacter}))*(?:‘|’(?!${wordCharacter}))`,
  "gu",
);

/** Every mark that opens or closes a quote. */
export const quotationMarks = `${opens}${closes}„‟‘’‚"'\u0060´`;

const anyMark = new RegExp(`[${quotationMarks}]`, "g");

function pairs(text: string): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const [open = "", close = ""] of text.split(" ")) {
    all.set(open, (all.get(open) ?? "") + close);
  }
  return all;
}

// Words that are written with an apostrophe at their front: '90s, 'tis.
const elided = String.raw`(?:\d\ds|tis|twas|em|til)(?![\p{L}\p{N}_])`;

const accent = "[\\u0060´]";

// A straight mark after a digit and before no letter means inches: 24" wide. Three accents fence a text, and quote none.
const opening = new RegExp(
  String.raw`[${opens}]|‘(?!${elided})|(?<!\d)"|"(?=[\p{L}\p{N}])|(?<!${wordCharacter})[”»›](?=\S)|(?<!${wordCharacter})'(?=\S)(?!'${elided})(?!${elided})|(?<!${wordCharacter}|${accent})${accent}(?=${accent}?[^\s\u0060´])(?!${elided})`,
  "iuy",
);

// An apostrophe between two letters, as in don't, closes nothing.
const nestingEnd = new RegExp(
  String.raw`[${closes}]|(?<!${wordCharacter})’|’(?!${wordCharacter})`,
  "uy",
);
const huggingStart = new RegExp(
  String.raw`["']|(?<!${wordCharacter})(?:[“”»›]|${accent})(?=\S)`,
  "uy",
);
const huggingEnd = new RegExp(
  String.raw`"|(?<=\S)(?:['“”«»‹›]|${accent})(?!${wordCharacter})`,
  "uy",
);

/**
 * The text with everything inside quotation marks masked, unit for unit; the marks themselves stay. Quotes are “”,
 * ‘’, „“, ‚‘, «», »«, ‹›, 「」, 『』, 《》, 〈〉, 【】, 〔〕, ⟨⟩, ❛❜, 〝〟, "", '', `` and their kin, the straight and the turned ones
 * only at the edges of words, so that apostrophes are none. Two marks of a line that have no partner belong together,
 * as in “…" and 「…』; a single one quotes nothing, and within a quote other marks mean nothing. Takes linear time.
 */
export function maskQuotes(text: string): string {
  const plain = text.replace(/[＂＇]/g, (mark) => (mark === "＂" ? '"' : "'"));
  let result = "";
  let last = -1;
  for (const [start, end] of quotesOf(plain)) {
    // Inside the quote before, or the very mark that closed it.
    if (start <= last) continue;
    result += text.slice(Math.max(0, last), start + 1) + masked.repeat(end - start - 1);
    last = end;
  }
  return result + text.slice(Math.max(0, last));
}

type Quote = readonly [start: number, end: number];

/** Marks that could close a quote, by mark, the nearest last. */
type Ahead = Map<string, number[]>;

/** Each mark that could open a quote, in order, with the one that would close it. */
function quotesOf(text: string): readonly Quote[] {
  const lowQuotes = Array.from(text.matchAll(low), ({ index, 0: all }): Quote => {
    return [index, index + all.length - 1];
  });
  const taken = new Set(lowQuotes.flat());
  const marks = Array.from(text.matchAll(anyMark), ({ index }) => index);
  const ahead = { nesting: new Map(), hugging: new Map() };
  const quotes = marks
    .filter((at) => !taken.has(at))
    .reverse()
    .flatMap((at) => quoteFrom(text, at, ahead));
  const all = [...quotes, ...lowQuotes].toSorted(byStart);
  return [...all, ...mismatched(text, freeOf(marks, all))].toSorted(byStart);
}

function byStart(a: Quote, b: Quote): number {
  return a[0] - b[0];
}

/** The marks that no quote consists of or holds. */
function freeOf(marks: readonly number[], quotes: readonly Quote[]): readonly number[] {
  let next = 0;
  let last = -1;
  return marks.filter((at) => {
    for (; (quotes[next]?.[0] ?? Infinity) <= at; next++)
      last = Math.max(last, quotes[next]?.[1] ?? -1);
    return at > last;
  });
}

/** Pairs of marks that are no pair: the nearest two of a line, of which one opens and one closes. */
function mismatched(text: string, free: readonly number[]): readonly Quote[] {
  const quotes: Quote[] = [];
  let open: number | undefined;
  for (const [index, at] of free.entries()) {
    if (/[\r\n]/.test(text.slice(free[index - 1] ?? at, at))) open = undefined;
    if (open !== undefined && closesOther(text, open, at)) {
      quotes.push([open, at]);
      open = undefined;
    } else if (matchAt(opening, text, at) && /\S/.test(text.charAt(at + 1))) open = at;
  }
  return quotes;
}

const single = /[‘‚'`´]/;
const otherEnd = new RegExp(
  String.raw`[${closes}]|(?<=\S)(?:["'’“«‹]|${accent})(?!${wordCharacter})`,
  "uy",
);

/** What may be an apostrophe closes only what may be one. */
function closesOther(text: string, open: number, at: number): boolean {
  if (!matchAt(otherEnd, text, at)) return false;
  return single.test(text.charAt(open)) || !/['’`´]/.test(text.charAt(at));
}

function quoteFrom(text: string, at: number, ahead: { nesting: Ahead; hugging: Ahead }): Quote[] {
  const mark = text.charAt(at);
  const end = matchAt(opening, text, at)
    ? (nearest(ahead.nesting, nesting.get(mark))?.pop() ?? huggingEndAfter(text, at, ahead.hugging))
    : undefined;
  if (matchAt(nestingEnd, text, at)) push(ahead.nesting, mark, at);
  // What opens “…” does not close another.
  const onlyOpens = mark === "“" && end !== undefined;
  if (!onlyOpens && matchAt(huggingEnd, text, at)) push(ahead.hugging, mark, at);
  return end === undefined ? [] : [[at, end]];
}

function push(ahead: Ahead, mark: string, at: number): void {
  const known = ahead.get(mark);
  if (known) known.push(at);
  else ahead.set(mark, [at]);
}

/** Of the marks that could close it, those of the kind whose next one is nearest. */
function nearest(ahead: Ahead, closers = ""): number[] | undefined {
  const next = (marks: number[] | undefined) => marks?.at(-1) ?? Infinity;
  const known = Array.from(closers, (closer) => ahead.get(closer));
  return known.reduce((best, marks) => (next(marks) < next(best) ? marks : best), undefined);
}

function huggingEndAfter(text: string, at: number, ahead: Ahead): number | undefined {
  if (!matchAt(huggingStart, text, at)) return undefined;
  const mark = text.charAt(at);
  const ends = Array.from(hugging.get(mark) ?? "", (closer) => {
    const known = ahead.get(closer);
    // Two apostrophes or accents side by side are one mark, not an empty quote.
    return (mark !== '"' && known?.at(-1) === at + 1 ? known.at(-2) : known?.at(-1)) ?? Infinity;
  });
  const end = Math.min(...ends);
  return end < Infinity ? end : undefined;
}
