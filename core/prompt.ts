import {
  type Found,
  flagNotices,
  flagsIn,
  readFlag,
  readRests,
  type Wishes,
} from "./prompt/flags.ts";
import type { Notice } from "./notices.ts";
import { maskQuotes, wordCharacter } from "./prompt/quotes.ts";
import { parseRatio, ratioSource, toHalfWidth } from "./size.ts";
import { cutOut, type Span, spanOf } from "./prompt/tidy.ts";

/** A prompt, taken apart. */
export interface Directives extends Wishes {
  /** What remains for the image model. */
  readonly prompt: string;
  /** `unknown-flag` and `flag-not-understood`. */
  readonly notices: readonly Notice[];
}

/**
 * Reads the directives of a prompt outside quotation marks: `--flags`, the word `no-enhance`, and a ratio next to one of
 * its trigger words. Of a repeated directive the first usable one counts, and all usable ones are removed. An unusable
 * directive stays in the prompt; for a flag a notice says so. Takes linear time.
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
  const inner = [...short, ...switches, ...ratios].toSorted(byStart);
  const found = [...inner, ...readRests(reading, heads, inner)].toSorted(byStart);
  return {
    ...firstOfEach(found),
    prompt: found.length > 0 ? cutOut(reading, found) : text.trim(),
    notices: flagNotices(reading, heads, new Set(found.map(({ start }) => start))),
  };
}

/** Every directive contains one of these. Full-width forms count. */
const anyDirective = /--|[—–\uff0d\uff21-\uff3a\uff41-\uff5a]|ratio|比例|no-enhance/i;

function byStart(a: Span, b: Span): number {
  return a.start - b.start;
}

function firstOfEach(found: readonly Found[]): Wishes {
  return found.reduce<Wishes>((before, { wishes }) => ({ ...wishes, ...before }), {});
}

/** The text with a filler in place of every unit of the spans, which are in order. */
function overwrite(text: string, spans: readonly Span[], filler: string): string {
  let result = "";
  for (const { start, end } of spans) {
    result += text.slice(result.length, start);
    result += filler.repeat(Math.max(0, end - result.length));
  }
  return result + text.slice(result.length);
}

// === Words and ratios

const letter = String.raw`(?!\d)${wordCharacter}`;
const blank = String.raw`[^\S\r\n\u2028\u2029]`;

const noEnhance = new RegExp(`(?<!${letter}|-)no-enhance(?!-|${wordCharacter})`, "giu");

const trigger = String.raw`(?<!${letter}|${letter}-|--)(?:aspect(?:[_-]|${blank}+))?ratio(?!-|${letter})|比例(?!尺)`;
// No part of something longer, such as 16:9:1 or v2:1, and no clock time such as 10:30am.
const beforeRatio = String.raw`(?:(?<=ratio)|(?<!${letter}|[\d.]|\d:|${wordCharacter}[/-]))`;
const afterRatio = String.raw`(?!\d|[.:]\d|[/-]${wordCharacter}|--|[ap]\.?m\b)`;
const tokenPattern = new RegExp(`(${trigger})|${beforeRatio}${ratioSource}${afterRatio}`, "giu");

const connector = new RegExp(String.raw`^(?:${blank}|[:=为是]|\b(?:of|is)\b)*$`, "iu");
const clockTime = /^(?:[01]?\d|2[0-3]):[0-5]\d$/;

/** A trigger word, or a ratio. */
interface Token extends Span {
  readonly text: string;
  readonly ratio: string | undefined;
  /** Only connecting words lie between it and the token before. */
  readonly linked: boolean;
}

function switchOff(match: RegExpExecArray): Found {
  return { ...spanOf(match), wishes: { enhance: false } };
}

/** The ratios next to a trigger word, each with that word. */
function ratiosIn(prose: string): readonly Found[] {
  const tokens = tokensIn(prose);
  const claimed = claim(tokens);
  const found: Found[] = [];
  tokens.forEach((token, at) => {
    if (!claimed.has(at)) return;
    const before = token.linked && claimed.has(at - 1) ? found.pop() : undefined;
    const ratio = before?.wishes.ratio ?? token.ratio;
    found.push({
      start: before?.start ?? token.start,
      end: token.end,
      wishes: ratio === undefined ? {} : { ratio },
    });
  });
  return found;
}

function tokensIn(prose: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of prose.matchAll(tokenPattern)) {
    const [text, trigger] = match;
    const ratio = trigger === undefined ? parseRatio(text) : undefined;
    if (trigger === undefined && ratio === undefined) continue;
    const between = prose.slice(tokens.at(-1)?.end ?? 0, match.index);
    const linked = tokens.length > 0 && connector.test(between);
    tokens.push({ ...spanOf(match), text, ratio, linked });
  }
  return tokens;
}

/**
 * The indexes of the trigger words and ratios that belong together: those side by side, and those that come to be side
 * by side once the first are removed, like nested brackets. A trigger word between two ratios takes both, unless the
 * one before it is a clock time: in "16:30 ratio 3:4" only the last counts.
 */
function claim(tokens: readonly Token[]): ReadonlySet<number> {
  const times = timesBefore(tokens);
  const claimed = new Set<number>();
  for (const [at, token] of tokens.entries()) {
    const pair = token.linked && areMates(tokens[at - 1], token);
    if (pair && !times[at]) claimed.add(at - 1).add(at);
  }
  let open: number[] = [];
  for (const [at, token] of tokens.entries()) {
    if (!token.linked) open = [];
    if (claimed.has(at)) continue;
    const last = open.at(-1);
    if (last === undefined || !areMates(tokens[last], token)) {
      open.push(at);
      continue;
    }
    open.pop();
    claimed.add(last).add(at);
  }
  return claimed;
}

function areMates(a: Token | undefined, b: Token): boolean {
  return (a?.ratio === undefined) !== (b.ratio === undefined);
}

/**
 * For each trigger word, whether the ratio before it is a clock time. It is one where trigger words and ratios alternate
 * from there on and a ratio comes last, because then each trigger word has its own ratio behind it.
 */
function timesBefore(tokens: readonly Token[]): readonly boolean[] {
  let ratioLast = false;
  const times = tokens.toReversed().map((token, back) => {
    const at = tokens.length - 1 - back;
    const next = tokens[at + 1];
    if (!next?.linked || !areMates(next, token)) ratioLast = token.ratio !== undefined;
    return ratioLast && token.ratio === undefined && clockTime.test(tokens[at - 1]?.text ?? "");
  });
  return times.reverse();
}
