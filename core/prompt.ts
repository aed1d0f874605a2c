import {
  type Found,
  flagNotices,
  flagsIn,
  readFlag,
  readRests,
  type Wishes,
} from "./prompt/flags.ts";
import { invalidRequest } from "./errors.ts";
import type { Notice } from "./notices.ts";
import { maskQuotes, wordCharacter } from "./prompt/quotes.ts";
import { ratiosIn } from "./prompt/ratios.ts";
import { maxPictures } from "./request.ts";
import { toHalfWidth } from "./ratio.ts";
import { cutOut, overwrite, type Reading, type Span, spanOf } from "./prompt/tidy.ts";

/** A prompt, taken apart. */
export interface Directives extends Wishes {
  /** What remains for the image model. */
  readonly prompt: string;
  /** `unknown-flag`, `flag-not-understood` and `ratio-out-of-range`. */
  readonly notices: readonly Notice[];
}

/**
 * Reads what a prompt says about the picture beside what is to be seen, wherever it stands outside quotation marks:
 * `--flags`, the word `no-enhance`, and a ratio with the phrase that asks for it. Of a directive that is repeated the
 * first that can be used counts, and all that can be are removed. A flag that cannot be used stays in the words; a
 * ratio beyond 3:1 leaves them, unless it may be a scale or they say nothing else. A notice names both. Takes linear
 * time.
 */
export function readDirectives(text: string): Directives {
  if (!anyDirective.test(text)) return { prompt: text.trim(), notices: [] };
  const reading = { text, plain: toHalfWidth(maskQuotes(text)) };
  const heads = flagsIn(reading.plain);
  const short = heads.flatMap((head) => readFlag(reading, head) ?? []);
  const rests = heads.filter(({ flag }) => flag?.value === "rest");
  // A line break replaces the rest, so that no ratio is matched across the flag.
  const prose = overwrite(overwrite(reading.plain, short, " "), rests, "\n");
  const switches = Array.from(prose.matchAll(noEnhance), switchOff);
  const ratios = ratiosIn(overwrite(prose, switches, " "));
  const inner = [...short, ...switches, ...ratios.taken].toSorted(byStart);
  const found = [...inner, ...readRests(reading, heads, inner)].toSorted(byStart);
  const notices = flagNotices(reading, heads, new Set(found.map(({ start }) => start)));
  return {
    ...firstOfEach(found),
    prompt: without(reading, found, ratios.left),
    notices: [...notices, ...ratios.notices].slice(0, maxNotices),
  };
}

/** No directive is without one of these, in full-width forms, too. */
const anyDirective =
  /--|[—–\uff0d\uff21-\uff3a\uff41-\uff5a]|ratio|aspect|no-enhance|比|[画畫图圖]幅/iu;

/** The most notices for one prompt, so that they do not fill the answer. */
const maxNotices = 16;

const letter = String.raw`(?!\d)${wordCharacter}`;
const noEnhance = new RegExp(`(?<!${letter}|-)no-enhance(?!-|${wordCharacter})`, "giu");

function switchOff(match: RegExpExecArray): Found {
  return { ...spanOf(match), wishes: { enhance: false } };
}

function byStart(a: Span, b: Span): number {
  return a.start - b.start;
}

function firstOfEach(found: readonly Found[]): Wishes {
  return found.reduce<Wishes>((before, { wishes }) => ({ ...wishes, ...before }), {});
}

/** The words without the directives, and without what else may go as long as any remain. */
function without(reading: Reading, found: readonly Found[], dispensable: readonly Span[]): string {
  const cut = (spans: readonly Span[]) =>
    cutOut(reading, [...spans, ...markersOf(reading.plain, spans)].toSorted(byStart));
  if (dispensable.length > 0) {
    const words = cut([...found, ...dispensable].toSorted(byStart));
    if (words !== "") return words;
  }
  return found.length > 0 ? cut(found) : reading.text.trim();
}

// === Lists

/** Stands for every unit of a directive: a code that is no character. */
const gone = "\ufffe";

const blank = String.raw`[^\S\r\n\u2028\u2029]`;
const order = String.raw`\(?(?:\d{1,2}|[ivx]{1,4}|[一二三四五六七八九十]{1,3})[.)、:]|\d\ufe0f?\u20e3|step${blank}\d{1,2}[:.]|第[一二三四五六七八九十]{1,3}[,、:.]`;

/** "- ", "2. ", "(2)" and the like at the start of a line, with the rest of it. */
const item = new RegExp(
  String.raw`^(${blank}{0,40}(?:#{1,6}|>|[-*+•·–—●▪◦①-⑳](?:${blank}\[[ x]\])?|${order}|[a-z][.)])${blank}{0,40})([^\r\n\u2028\u2029]*)$`,
  "gimu",
);
const onlyDirectives = new RegExp(String.raw`^[\s,;.。、*${gone}]*$`);
const numbered = /(?:(?<![^\s,;.。、])(\d{1,2})[.)、](?!\d)|\((\d{1,2})\)|([①-⑳]))/gu;

/**
 * The markers of list items that say nothing but directives, which are in order: of lines, and of numbered items that
 * follow one another within a line. Takes linear time.
 */
function markersOf(plain: string, directives: readonly Span[]): readonly Span[] {
  if (directives.length === 0) return [];
  const text = overwrite(plain, directives, gone);
  const lines = Array.from(text.matchAll(item)).flatMap((match) => {
    const [, marker = "", rest = ""] = match;
    const { start } = spanOf(match);
    const empty = rest.includes(gone) && onlyDirectives.test(rest);
    return empty ? [{ start, end: start + marker.length }] : [];
  });
  return [...lines, ...innerMarkers(text)];
}

function innerMarkers(text: string): readonly Span[] {
  const markers = Array.from(text.matchAll(numbered), (match) => {
    return { ...spanOf(match), number: numberOf(match) };
  });
  return markers.filter(({ end, number }, at) => {
    const rest = text.slice(end, markers[at + 1]?.start);
    const follows = markers[at - 1]?.number === number - 1;
    return follows && rest.includes(gone) && onlyDirectives.test(rest);
  });
}

function numberOf([, plain, bracketed, circled]: RegExpExecArray): number {
  if (circled !== undefined) return circled.charCodeAt(0) - "①".charCodeAt(0) + 1;
  return Number(plain ?? bracketed);
}

// === Choices

/** `{…}` on one line, with no other braces in it. */
const braces = /(?<!\\)\{((?:[^{}\n\\]|\\.)*)\}/g;

/** `3-5` */
const range = /^\s*(\d{1,4})\s*[-–—]\s*(\d{1,4})\s*$/;

const bar = /(?<!\\)\|/;

/** JSON and code that have a bar between braces. */
const codeLike = /["'`]\s*:|\|\||;|=>/;

/**
 * The texts that a prompt with choices stands for, each once and in order: `a {red|blue} fox` stands for two, `{3-5}` for
 * three. Other braces are text, and so are `\{`, `\|` and `\}`. A prompt without choices stands for itself. Choices have
 * none within them. Takes linear time. Throws `invalid-request` for more texts than one request may have pictures.
 */
export function expandChoices(prompt: string): readonly string[] {
  if (!prompt.includes("{")) return [prompt];
  const parts = partsOf(prompt);
  const texts = parts.reduce((product, part) => product * part.length, 1);
  if (texts > maxPictures) throw tooMany(texts);
  const all = parts.reduce<readonly string[]>(
    (before, part) => before.flatMap((text) => part.map((choice) => joined(text, choice))),
    [""],
  );
  const plain = all.map((text) => text.replace(/\\([{|}])/g, "$1").trim());
  return [...new Set(plain)].filter((text) => text !== "");
}

/** Throws `invalid-request` where one request is for too many pictures. */
export function checkPictures(count: number): void {
  if (count > maxPictures) throw tooMany(count);
}

function tooMany(count: number) {
  const problem = `These words ask for ${count} pictures at once, and ${maxPictures} is the most. Write \\{ where a brace is meant.`;
  return invalidRequest("batch", problem);
}

/** The prompt in parts, each with the texts that may stand there. */
function partsOf(prompt: string): (readonly string[])[] {
  const parts: (readonly string[])[] = [];
  let end = 0;
  for (const match of prompt.matchAll(braces)) {
    const choices = choicesIn(match[1] ?? "");
    if (!choices) continue;
    parts.push([prompt.slice(end, match.index)], choices);
    end = match.index + match[0].length;
  }
  return [...parts, [prompt.slice(end)]];
}

/** What stands between braces to be chosen from; undefined where it is other text. */
function choicesIn(text: string): readonly string[] | undefined {
  const [, first, last] = range.exec(text) ?? [];
  if (first !== undefined && last !== undefined) return numbers(Number(first), Number(last));
  if (!bar.test(text) || codeLike.test(text)) return undefined;
  const choices = [...new Set(text.split(bar).map((choice) => choice.trim()))];
  return choices.length > 1 ? choices : undefined;
}

function numbers(first: number, last: number): readonly string[] {
  const length = Math.abs(last - first) + 1;
  if (length > maxPictures) throw tooMany(length);
  const step = first <= last ? 1 : -1;
  return Array.from({ length }, (_, index) => `${first + index * step}`);
}

/** Without two blanks where the choice between them is to say nothing. */
function joined(before: string, after: string): string {
  return /\s$/.test(before) && /^[^\S\n]/.test(after) ? before + after.trimStart() : before + after;
}
