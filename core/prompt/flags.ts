import type { z } from "zod";
import type { Notice } from "../notices.ts";
import { masked, matchAt, quotationMarks, wordCharacter } from "./quotes.ts";
import { fields, type Quality } from "../request.ts";
import { parseRatio, plainRatio, ratioSource, slipSource } from "../ratio.ts";
import { cutOut, type Reading, type Span, spanOf } from "./tidy.ts";

/** What directives can ask for. Absent: the prompt says nothing about it. */
export interface Wishes {
  /** Reduced, between 1:3 and 3:1. */
  readonly ratio?: string;
  readonly seed?: number;
  readonly negative?: string;
  readonly steps?: number;
  readonly guidance?: number;
  /** 1…4 */
  readonly count?: number;
  readonly quality?: Quality;
  readonly model?: string;
  readonly enhance?: boolean;
  /** The name of a preset. */
  readonly preset?: string;
}

/** A directive at its place in the prompt. */
export interface Found extends Span {
  readonly wishes: Wishes;
}

interface Flag {
  /** With blanks between them. */
  readonly names: string;
  readonly wish: keyof Wishes;
  /** How a value looks. "none": the flag takes no value; "rest": all words up to the next flag. */
  readonly value: RegExp | "none" | "rest";
  /** Undefined where the value cannot be used. */
  readonly read: (text: string) => unknown;
}

/** The `--name` of a flag, known or not. */
export interface Head extends Span {
  readonly name: string;
  readonly flag: Flag | undefined;
}

const wholeWord = `(?!${wordCharacter}|[.:/-]${wordCharacter}|--)`;
const number = new RegExp(String.raw`[+-]?\d{1,20}(?:\.\d{1,16})?${wholeWord}`, "yu");
const ratio = new RegExp(`(?:${ratioSource}|${slipSource})${wholeWord}`, "iyu");
const letters = new RegExp(`[a-z]{1,16}${wholeWord}`, "iyu");
// In quotation marks, or up to the next flag, which may follow Chinese directly.
const name = new RegExp(
  String.raw`[${quotationMarks}](${masked}+)[${quotationMarks}]|(?![-—–])(?:(?!(?<!${wordCharacter})--)[^\s,;、。…()${quotationMarks.replace("'", "")}])+(?<![.:!?])`,
  "uy",
);

const within = (limits: z.ZodType) => (text: string) => limits.safeParse(text).data;
const numberIn = (limits: z.ZodType) => (text: string) => limits.safeParse(Number(text)).data;

const flags: readonly Flag[] = [
  { names: "ar aspect aspect-ratio ratio", wish: "ratio", value: ratio, read: readRatio },
  { names: "seed", wish: "seed", value: number, read: numberIn(fields.seed) },
  { names: "steps", wish: "steps", value: number, read: numberIn(fields.steps) },
  { names: "cfg guidance", wish: "guidance", value: number, read: numberIn(fields.guidance) },
  { names: "n count", wish: "count", value: number, read: numberIn(fields.count.max(4)) },
  { names: "quality q", wish: "quality", value: letters, read: within(fields.quality) },
  { names: "model", wish: "model", value: name, read: within(fields.model) },
  { names: "preset", wish: "preset", value: name, read: within(fields.preset) },
  { names: "no negative", wish: "negative", value: "rest", read: within(fields.negative.min(1)) },
  { names: "raw no-enhance", wish: "enhance", value: "none", read: () => false },
];

function readRatio(text: string): string | undefined {
  return parseRatio(plainRatio(text) ?? "");
}

const flagOf: ReadonlyMap<string, Flag> = new Map(
  flags.flatMap((flag) => flag.names.split(" ").map((name) => [name, flag])),
);

// Phones make a dash of two hyphens. No flags: foo--bar, ---, <!--note-->.
const headPattern = new RegExp(
  String.raw`(?<!${wordCharacter}|[-–—/\\@#&=]|<!)(--|[—–]{1,2})([a-z][\w-]{0,30})(?<!-)(?!-|${wordCharacter})`,
  "giu",
);

/** Every `--name` outside quotation marks, in order; after a dash only the known names. */
export function flagsIn(plain: string): readonly Head[] {
  return Array.from(plain.matchAll(headPattern), (match) => {
    const [, dashes, name = ""] = match;
    const flag = flagOf.get(name.toLowerCase());
    return flag || dashes === "--" ? [{ ...spanOf(match), name: `--${name}`, flag }] : [];
  }).flat();
}

/** One notice for each flag that is not in `used`, by its start: unknown, or not understood. */
export function flagNotices(
  reading: Reading,
  heads: readonly Head[],
  used: ReadonlySet<number>,
): readonly Notice[] {
  const notices = new Map<string, Notice>();
  for (const head of heads.filter(({ start }) => !used.has(start))) {
    const notice = noticeOf(reading, head);
    const key = JSON.stringify(notice).toLowerCase();
    if (!notices.has(key)) notices.set(key, notice);
  }
  return [...notices.values()];
}

function noticeOf(reading: Reading, { name, end, flag }: Head): Notice {
  if (!flag) return { code: "unknown-flag", flag: name };
  const at = valueStart(reading.plain, end);
  const shown = matchAt(shownValue, reading.plain, at)?.[0] ?? "";
  const value = reading.text.slice(at, at + shown.length);
  return { code: "flag-not-understood", flag: name, value };
}

/** The flag with its value; undefined where the value cannot be used, and for flags that take the rest. */
export function readFlag({ text, plain }: Reading, { start, end, flag }: Head): Found | undefined {
  if (!flag || flag.value === "rest") return undefined;
  if (flag.value === "none") {
    return plain[end] === "=" ? undefined : { start, end, wishes: { enhance: false } };
  }
  const at = valueStart(plain, end);
  const match = at > end ? matchAt(flag.value, plain, at) : null;
  if (!match) return undefined;
  // Names are as they were typed; everything else is read in ASCII.
  const [typed, inset] = flag.value === name ? [text, match[1] === undefined ? 0 : 1] : [plain, 0];
  const said = typed.slice(at + inset, at + match[0].length - inset).trim();
  const value = flag.read(flag.wish === "quality" ? said.toLowerCase() : said);
  return value === undefined
    ? undefined
    : { start, end: at + match[0].length, wishes: { [flag.wish]: value } };
}

/** The part of a value that a notice repeats; the next flag is not part of it. */
const shownValue = /(?!--)[^\s,;、。]{1,40}/uy;

const gap = /[^\S\r\n]*[=:]?[^\S\r\n]*/y;

function valueStart(plain: string, end: number): number {
  return end + (matchAt(gap, plain, end)?.[0].length ?? 0);
}

/**
 * The flags that take all words up to the next flag, to the end, or to the bracket that closes around them. `inner`
 * are the directives found so far, in order; those inside the value are not part of it.
 */
export function readRests(
  reading: Reading,
  heads: readonly Head[],
  inner: readonly Found[],
): readonly Found[] {
  let next = 0;
  /** Parts of the prompt are asked for in order, so this takes linear time in all. */
  const innerUpTo = (end: number) => {
    const first = next;
    while ((inner[next]?.start ?? end) < end) next++;
    return inner.slice(first, next);
  };
  return heads.flatMap(({ start, end, flag }, at) => {
    const from = valueStart(reading.plain, end);
    if (flag?.value !== "rest" || from === end) return [];
    const words = reading.plain.slice(from, heads[at + 1]?.start);
    const rest = { start: from, end: from + restLength(words) };
    innerUpTo(from);
    const negative = flag.read(partOf(reading, rest, innerUpTo(rest.end)));
    return negative === undefined
      ? []
      : [{ start, end: rest.end, wishes: { [flag.wish]: negative } }];
  });
}

function restLength(plain: string): number {
  let depth = 0;
  for (const { index, 0: bracket } of plain.matchAll(/[()[\]{}]/g)) {
    depth += "([{".includes(bracket) ? 1 : -1;
    if (depth < 0) return plain.slice(0, index).trimEnd().length;
  }
  return plain.trimEnd().length;
}

/** A part of the prompt without its holes, and without a comma at either end. */
function partOf({ text, plain }: Reading, { start, end }: Span, holes: readonly Span[]): string {
  const place = (at: number) => Math.min(at, end) - start;
  return cutOut({ text: text.slice(start, end), plain: plain.slice(start, end) }, [
    { start: 0, end: 0 },
    ...holes.map((hole) => ({ start: place(hole.start), end: place(hole.end) })),
    { start: place(end), end: place(end) },
  ]);
}
