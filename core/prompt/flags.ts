import type { z } from "zod";
import type { Notice } from "../notices.ts";
import { masked, quotationMarks, wordCharacter } from "./quotes.ts";
import { fields, type Quality } from "../request.ts";
import { parseRatio, plainRatio, ratioSource } from "../ratio.ts";
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

type ReadValue = (reading: Reading, at: number) => Found | undefined;

interface Flag {
  readonly names: readonly string[];
  /** Undefined where the value cannot be used. "none": the flag takes no value; "rest": all words up to the next flag. */
  readonly value: ReadValue | "none" | "rest";
}

/** The `--name` of a flag, known or not. */
export interface Head extends Span {
  readonly name: string;
  readonly flag: Flag | undefined;
}

const flags: readonly Flag[] = [
  { names: ["ar", "aspect", "aspect-ratio", "ratio"], value: readRatio },
  { names: ["seed"], value: numberOf("seed", fields.seed) },
  { names: ["steps"], value: numberOf("steps", fields.steps) },
  { names: ["cfg", "guidance"], value: numberOf("guidance", fields.guidance) },
  { names: ["n", "count"], value: numberOf("count", fields.count.max(4)) },
  { names: ["quality", "q"], value: readQuality },
  { names: ["model"], value: nameOf("model", fields.model) },
  { names: ["preset"], value: nameOf("preset", fields.preset) },
  { names: ["no", "negative"], value: "rest" },
  { names: ["raw", "no-enhance"], value: "none" },
];

const flagOf: ReadonlyMap<string, Flag> = new Map(
  flags.flatMap((flag) => flag.names.map((name) => [name, flag])),
);

/** The most notices for one prompt, so that many unknown flags do not fill the answer. */
const maxNotices = 16;

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
  for (const head of heads) {
    if (notices.size >= maxNotices) break;
    if (used.has(head.start)) continue;
    const notice = noticeOf(reading, head);
    const key = JSON.stringify(notice).toLowerCase();
    if (!notices.has(key)) notices.set(key, notice);
  }
  return [...notices.values()];
}

function noticeOf(reading: Reading, { name, end, flag }: Head): Notice {
  if (!flag) return { code: "unknown-flag", flag: name };
  const at = valueStart(reading, end);
  const shown = matchAt(shownValue, reading.plain, at)?.[0] ?? "";
  const value = reading.text.slice(at, at + shown.length);
  return { code: "flag-not-understood", flag: name, value };
}

/** The flag with its value; undefined where the value cannot be used, and for flags that take the rest. */
export function readFlag(reading: Reading, { start, end, flag }: Head): Found | undefined {
  if (!flag || flag.value === "rest") return undefined;
  if (flag.value === "none") {
    return reading.plain[end] === "=" ? undefined : { start, end, wishes: { enhance: false } };
  }
  const at = valueStart(reading, end);
  const found = at > end ? flag.value(reading, at) : undefined;
  return found && { ...found, start };
}

/** The part of a value that a notice repeats; the next flag is not part of it. */
const shownValue = /(?!--)[^\s,;、。]{1,40}/uy;

const gap = /[^\S\r\n]*[=:]?[^\S\r\n]*/y;

function valueStart({ plain }: Reading, end: number): number {
  return end + (matchAt(gap, plain, end)?.[0].length ?? 0);
}

const wholeWord = `(?!${wordCharacter}|[.:/-]${wordCharacter}|--)`;
const number = new RegExp(String.raw`[+-]?\d{1,20}(?:\.\d{1,16})?${wholeWord}`, "yu");
const ratioValue = new RegExp(`(?:${ratioSource})${wholeWord}`, "iyu");
const letters = new RegExp(`[a-z]{1,16}${wholeWord}`, "iyu");
const quoted = new RegExp(`[${quotationMarks}](${masked}+)[${quotationMarks}]`, "y");
// Up to the next flag, which may follow Chinese directly.
const bareWord = new RegExp(
  String.raw`(?![-—–])(?:(?!(?<!${wordCharacter})--)[^\s,;、。…()${quotationMarks.replace("'", "")}])+(?<![.:!?])`,
  "uy",
);

function numberOf(key: "seed" | "steps" | "guidance" | "count", limits: z.ZodType<number>) {
  return ({ plain }: Reading, at: number): Found | undefined => {
    const match = matchAt(number, plain, at);
    const value = limits.safeParse(Number(match?.[0]));
    return match && value.success ? { ...spanOf(match), wishes: { [key]: value.data } } : undefined;
  };
}

function readRatio({ plain }: Reading, at: number): Found | undefined {
  const match = matchAt(ratioValue, plain, at);
  const value = match && parseRatio(plainRatio(match[0]) ?? "");
  return value ? { ...spanOf(match), wishes: { ratio: value } } : undefined;
}

function readQuality({ plain }: Reading, at: number): Found | undefined {
  const match = matchAt(letters, plain, at);
  const value = fields.quality.safeParse(match?.[0].toLowerCase());
  return match && value.success ? { ...spanOf(match), wishes: { quality: value.data } } : undefined;
}

function nameOf(key: "model" | "preset", limits: z.ZodType<string>) {
  return ({ text, plain }: Reading, at: number): Found | undefined => {
    const match = matchAt(quoted, plain, at) ?? matchAt(bareWord, plain, at);
    if (!match) return undefined;
    const span = spanOf(match);
    const inset = match[1] === undefined ? 0 : 1;
    const value = limits.safeParse(text.slice(span.start + inset, span.end - inset).trim());
    return value.success ? { ...span, wishes: { [key]: value.data } } : undefined;
  };
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
  const among = within(inner);
  return heads.flatMap(({ start, end, flag }, at) => {
    const from = valueStart(reading, end);
    if (flag?.value !== "rest" || from === end) return [];
    const words = reading.plain.slice(from, heads[at + 1]?.start);
    const rest = { start: from, end: from + restLength(words) };
    const negative = partOf(reading, rest, among(rest));
    const usable = negative !== "" && fields.negative.safeParse(negative).success;
    return usable ? [{ start, end: rest.end, wishes: { negative } }] : [];
  });
}

/** Finds the spans that begin in a part of the prompt. Parts have to be given in order. */
function within(spans: readonly Span[]): (part: Span) => readonly Span[] {
  let next = 0;
  const passUntil = (place: number) => {
    while ((spans[next]?.start ?? place) < place) next++;
    return next;
  };
  return ({ start, end }) => spans.slice(passUntil(start), passUntil(end));
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

/** Matches a sticky pattern at one place. */
function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
