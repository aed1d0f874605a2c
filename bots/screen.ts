import type { Job } from "../core/job.ts";
import type { Action } from "./button-data.ts";

// === Words

/**
 * A part of a line. Only `plain` may hold marks that a platform reads; the others are shown as they are.
 * - `plain`: a text of ours.
 * - `mixed`: a sentence of ours that contains a person's text.
 * - `code`: a code of ours, to copy.
 * - `note`: a sentence of lesser weight, which may contain a person's text, on a line of its own.
 * - `typed`: what a person typed.
 * - `quote`: the same folded away, with a label, on a line of its own.
 */
export interface Piece {
  readonly text: string;
  readonly as: "plain" | "mixed" | "code" | "note" | "typed" | "quote";
  readonly label?: string;
}

/** A line, which may itself hold line breaks; an empty one keeps two paragraphs apart. */
export type Line = readonly Piece[];

const pieceOf =
  (as: Piece["as"]) =>
  (text: string): Piece => ({ text, as });

/** A text of ours. */
export const plain = pieceOf("plain");
/** A sentence of ours that contains a person's text. */
export const mixed = pieceOf("mixed");
/** A code of ours. */
export const code = pieceOf("code");
/** A sentence of lesser weight. */
export const note = pieceOf("note");
/** What a person typed. */
export const typed = pieceOf("typed");

/** Whether a message may be shown without this piece, and shortened in it. */
export function isLong({ as }: Piece): boolean {
  return as === "typed" || as === "quote" || as === "note";
}

/** Whether all of this piece was typed by a person or written by a model. */
export function isTyped({ as }: Piece): boolean {
  return as === "typed" || as === "quote";
}

/** How a platform measures a text and cuts it to a size. */
export interface Measure {
  readonly sizeOf: (text: string) => number;
  readonly cut: (text: string, size: number) => string;
}

/** Cuts texts so that together they have at most this size. Each gets an equal share; what one does not need goes to the others. */
export function share(texts: readonly string[], size: number, measure: Measure): string[] {
  const sizes = texts.map(measure.sizeOf);
  const ascending = [...sizes.entries()].sort(([, a], [, b]) => a - b);
  const result = [...texts];
  let left = Math.max(0, size);
  for (const [rank, [index]] of ascending.entries()) {
    const fair = Math.floor(left / (ascending.length - rank));
    const text = measure.cut(texts[index] ?? "", fair);
    result[index] = text;
    left -= measure.sizeOf(text);
  }
  return result;
}

/** Lines without the empty ones, whose long pieces are cut so that what is written of all has at most this size, if that can be. */
export function shortened(
  lines: readonly Line[],
  size: number,
  measure: Measure,
  write: (lines: readonly Line[]) => string,
): readonly Line[] {
  const full = lines.filter((line) => line.length === 0 || line.some(({ text }) => text !== ""));
  const withLong = (textOf: () => string) =>
    full.map((line) => line.map((piece) => (isLong(piece) ? { ...piece, text: textOf() } : piece)));
  const long = full.flat().filter(isLong);
  const room = size - measure.sizeOf(write(withLong(() => "")));
  const texts = long.map(({ text }) => text);
  const short = share(texts, room, measure);
  return withLong(() => short.shift() ?? "");
}

// === What is pressed

/** A button; its data is encoded with `encodeAction`. */
export interface Button {
  readonly label: string;
  readonly data: Action;
  readonly style?: "danger";
}

/** A button that opens an address. */
export interface Link {
  readonly label: string;
  readonly url: string;
}

/** A list to choose one of. What is chosen completes the action: see `chosen`. */
export interface Choices {
  readonly data: Action;
  /** What the choice is for. */
  readonly label: string;
  readonly options: readonly Choice[];
}

/** One of the choices. */
export interface Choice {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
}

// === Messages

/** A picture on a screen: one that is kept, the first of a job made small, or what there is of one under way. */
export type ScreenPicture =
  | { readonly job: Job; readonly number: number }
  | { readonly job: Job; readonly thumbnail: true }
  | { readonly job: Job; readonly preview: Uint8Array };

/** A message as a value, from top to bottom; each platform renders it. */
export interface Screen {
  readonly pictures?: readonly ScreenPicture[];
  readonly lines: readonly Line[];
  readonly choices?: Choices;
  /** In rows, which a platform may fill up. */
  readonly buttons?: readonly (readonly (Button | Link)[])[];
}

/** A screen that is one sentence, which may contain a person's text. */
export function said(text: string): Screen {
  return { lines: [[mixed(text)]] };
}

/** A job in one line of a list: its words, or its code where there are none. */
export function titleOf({ brief, code: itself }: Job, length = 100): string {
  const line = brief.words.replace(/\s+/g, " ").trim();
  return line === "" ? itself : cut(line, length);
}

/** Cuts a text to this many UTF-16 units, never inside a code point; a cut text ends with "…", which counts. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return length < 1 ? "" : `${clip(text, length - 1).trimEnd()}…`;
}

/** Cuts a text to this many UTF-16 units, never inside a code point. */
export function clip(text: string, length: number): string {
  const next = text.charCodeAt(length);
  const halved = next >= 0xdc00 && next <= 0xdfff;
  return text.slice(0, Math.max(0, halved ? length - 1 : length));
}
