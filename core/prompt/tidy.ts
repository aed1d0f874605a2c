import { wordCharacter } from "./quotes.ts";

/** A part of a text, in UTF-16 units, its end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The span that a regular expression matched. */
export function spanOf(match: RegExpExecArray): Span {
  return { start: match.index, end: match.index + match[0].length };
}

/**
 * A text, and a copy of equal length for matching: everything inside quotation marks is masked, and full-width forms
 * are ASCII.
 */
export interface Reading {
  readonly text: string;
  readonly plain: string;
}

/** The text with a filler in place of every unit of the spans, which are in order. */
export function overwrite(text: string, spans: readonly Span[], filler: string): string {
  let result = "";
  for (const { start, end } of spans) {
    result += text.slice(result.length, start);
    result += filler.repeat(Math.max(0, end - result.length));
  }
  return result + text.slice(result.length);
}

const marks = {
  comma: ",;、",
  colon: ":",
  dash: "—–|·",
  stop: ".。!?…",
  opening: "([{<【〔〈《",
  closing: ")]}>】〕〉》",
} as const;

type Kind = keyof typeof marks | "space" | "ink";

interface Piece extends Reading {
  readonly kind: Kind;
}

/** White space, and how many line breaks are in it. */
interface Space {
  readonly text: string;
  readonly breaks: number;
}

/** A place where something was cut out, before its two sides are joined. */
interface Seam {
  readonly left: Space;
  readonly right: Space;
}

interface Draft {
  readonly pieces: Piece[];
  seam: Seam | undefined;
}

const kinds: ReadonlyMap<string, Kind> = new Map(
  Object.entries(marks).flatMap(([kind, all]) => Array.from(all, (mark) => [mark, kind as Kind])),
);

/** A word between colons, as chats write emoji (:smile:, :+1:, :微笑:), and faces made of marks, seen from either side. */
const emoji = String.raw`(?<!${wordCharacter}):[\p{L}\p{M}\p{N}_+-]{1,40}:(?!${wordCharacter})|(?<!\S)(?:[:;]['-]?[()DPpOo3/\\|*]|[()DcC]['-]?[:;])(?!\S)`;
const allMarks = Object.values(marks).join("").replace("]", "\\]");

// A point before a letter or digit begins a word, as in ".NET"; hyphens that stand alone are a dash.
const piecePattern = new RegExp(
  String.raw`\s+|(?<!\S)-+(?!\S)|${emoji}|(?:\.(?=${wordCharacter}))?[^\s${allMarks}]+|[.。!?…]+|[—–|·]+|[${allMarks}]`,
  "gu",
);

/** Marks that separate two parts of a sentence, or end it. */
const separators: ReadonlySet<Kind> = new Set(["comma", "colon", "dash", "stop"]);

/** Marks that follow a word without a space. */
const leansBack: ReadonlySet<Kind> = new Set(["comma", "colon", "stop", "closing"]);

const lineBreak = /\r\n|[\n\r\u2028\u2029]/g;
const letterOrDigit = /[\p{L}\p{N}]/u;

/** Characters that need no space beside them: those of scripts without spaces, and full-width punctuation. */
const wide =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\u3000-\u303f\uff00-\uffef]/u;

/**
 * The text without the holes, which have to be in order. Words are never joined, and one space remains where there were
 * spaces on both sides. Line breaks stay, except that of an emptied line. Commas, colons, dashes and brackets that only
 * served a hole are removed. The rest is unchanged, except that the whole is trimmed. Takes linear time.
 */
export function cutOut({ text, plain }: Reading, holes: readonly Span[]): string {
  const draft: Draft = { pieces: [], seam: undefined };
  let at = 0;
  for (const { start, end } of holes) {
    addPieces(draft, { text: text.slice(at, start), plain: plain.slice(at, start) });
    draft.seam = draft.seam ? nextSeam(draft, draft.seam) : newSeam(draft);
    at = Math.max(at, end);
  }
  if (!draft.seam || !/^[\s,;、:—–|·]*$/.test(plain.slice(at))) {
    addPieces(draft, { text: text.slice(at), plain: plain.slice(at) });
  }
  if (draft.seam) popSeparators(draft);
  return draft.pieces
    .map((piece) => piece.text)
    .join("")
    .trim();
}

function newSeam(draft: Draft): Seam {
  return { left: spaceOf(popSpace(draft)), right: spaceOf("") };
}

/** The seam extended to the next hole; after a line break that hole begins a line. */
function nextSeam(draft: Draft, seam: Seam): Seam {
  if (seam.right.breaks === 0) return seam;
  if (seam.left.breaks === 0) popSeparators(draft);
  return { left: lineSpace(seam), right: spaceOf("") };
}

/** The white space with more line breaks, so that an emptied line leaves only one side's. */
function lineSpace({ left, right }: Seam): Space {
  return left.breaks > right.breaks ? left : right;
}

function spaceOf(text: string): Space {
  return { text, breaks: text.match(lineBreak)?.length ?? 0 };
}

function addPieces(draft: Draft, { text, plain }: Reading): void {
  for (const { 0: piece, index } of plain.matchAll(piecePattern)) {
    const next = {
      kind: kindOf(piece),
      plain: piece,
      text: text.slice(index, index + piece.length),
    };
    if (draft.seam) addAtSeam(draft, draft.seam, next);
    else draft.pieces.push(next);
  }
}

function kindOf(piece: string): Kind {
  if (piece.trim() === "") return "space";
  if (/^-+$/.test(piece)) return "dash";
  if (/^[:;].|^[()DcC]['-]?[:;]/.test(piece)) return "ink";
  return kinds.get(piece.at(-1) ?? "") ?? "ink";
}

function addAtSeam(draft: Draft, seam: Seam, piece: Piece): void {
  if (piece.kind === "space") {
    draft.seam = { ...seam, right: join(seam.right, spaceOf(piece.text)) };
    return;
  }
  if (separatesNothing(draft, seam, piece)) return;
  const endsLine = seam.right.breaks > 0 && seam.left.breaks === 0;
  if (endsLine || piece.kind === "closing" || separators.has(piece.kind)) popSeparators(draft);
  if (isEmptyPair(draft.pieces.at(-1), piece)) {
    draft.pieces.pop();
    draft.seam = newSeam(draft);
    return;
  }
  const space = joint(draft.pieces.at(-1), piece, seam);
  if (space !== "") draft.pieces.push({ kind: "space", text: space, plain: space });
  draft.pieces.push(piece);
  draft.seam = undefined;
}

function join(a: Space, b: Space): Space {
  return { text: a.text + b.text, breaks: a.breaks + b.breaks };
}

/** True for a comma, dash or full stop at the beginning, or after a mark that makes it superfluous. */
function separatesNothing({ pieces }: Draft, seam: Seam, piece: Piece): boolean {
  if (!separators.has(piece.kind) || seam.right.breaks > 0) return false;
  const before = pieces.at(-1)?.kind;
  if (before === undefined || before === "opening" || before === "stop") return true;
  return seam.left.breaks > 0 || (before === "colon" && piece.kind !== "stop");
}

function isEmptyPair(before: Piece | undefined, after: Piece): boolean {
  if (before?.kind !== "opening" || after.kind !== "closing") return false;
  return marks.opening.indexOf(before.plain) === marks.closing.indexOf(after.plain);
}

function popSpace({ pieces }: Draft): string {
  const last = pieces.at(-1);
  if (last?.kind !== "space") return "";
  pieces.pop();
  return last.text;
}

/** A full stop stays: it ends a sentence of its own. */
function popSeparators(draft: Draft): void {
  for (;;) {
    const last = draft.pieces.at(-1)?.kind;
    if (last === undefined || last === "stop" || !separators.has(last)) return;
    draft.pieces.pop();
    popSpace(draft);
  }
}

/** The white space that belongs between two pieces whose middle was cut out. */
function joint(before: Piece | undefined, after: Piece, seam: Seam): string {
  const { left, right } = seam;
  const lines = lineSpace(seam);
  if (lines.breaks > 0) return lines.text.slice(lines.text.search(lineBreak));
  if (before === undefined || before.kind === "opening" || leansBack.has(after.kind)) return "";
  const sides = [before.text.at(-1) ?? "", after.text.charAt(0)];
  const onBothSides = left.text !== "" && right.text !== "";
  const onEitherSide = left.text !== "" || right.text !== "";
  const wanted = needNoSpace(sides)
    ? onBothSides
    : onEitherSide || sides.every((side) => letterOrDigit.test(side));
  return wanted ? " " : "";
}

function needNoSpace(sides: readonly string[]): boolean {
  return (
    sides.every((side) => wide.test(side)) ||
    sides.some((side) => wide.test(side) && !letterOrDigit.test(side))
  );
}
