import type { MessageEntity } from "grammy/types";

/** A text with its entities, for the Bot API; markup is never parsed. */
export interface RichText {
  readonly text: string;
  readonly entities: MessageEntity[];
}

/**
 * A part of a text.
 * - `plain`: a text of ours.
 * - `verbatim`: a text that a person typed. It becomes code: a tap copies it, and nothing in it is a mention, link or command.
 * - `quote`: the same in a quotation that opens with a tap.
 * - `mixed`: a sentence of ours that contains a person's text; what could become a mention or a link becomes code.
 */
export interface Piece {
  readonly text: string;
  readonly as: "plain" | "verbatim" | "quote" | "mixed";
}

const kinds = {
  plain: [],
  mixed: [],
  verbatim: ["code"],
  quote: ["expandable_blockquote", "code"],
} as const satisfies Record<Piece["as"], readonly MessageEntity["type"][]>;

/** What Telegram may make clickable: text with one of these signs, and names that contain a dot. */
const clickable = /[@#$/]|[^.]\.[^.]/u;

/** Joins pieces into one text. */
export function richText(pieces: readonly Piece[]): RichText {
  let text = "";
  const entities: MessageEntity[] = [];
  for (const piece of pieces) {
    const offset = text.length;
    text += piece.text;
    entities.push(...entitiesOf(piece, offset));
  }
  return { text, entities };
}

function entitiesOf({ text, as }: Piece, offset: number): MessageEntity[] {
  if (text === "") return [];
  if (as === "mixed") {
    return Array.from(text.matchAll(/\S+/g))
      .filter(([token]) => clickable.test(token))
      .map(({ index, 0: { length } }) => ({ type: "code", offset: offset + index, length }));
  }
  return kinds[as].map((type) => ({ type, offset, length: text.length }));
}

/** Joins lines of pieces with line breaks; empty lines are left out. */
export function lines(...rows: readonly (readonly Piece[])[]): readonly Piece[] {
  const full = rows.filter((row) => row.some(({ text }) => text !== ""));
  return full.flatMap((row, index) => (index === 0 ? row : [plain("\n"), ...row]));
}

/** A text of ours. */
export function plain(text: string): Piece {
  return { text, as: "plain" };
}

/** A sentence of ours that contains a person's text. */
export function mixed(text: string): Piece {
  return { text, as: "mixed" };
}

/** A text that a person typed. */
export function verbatim(text: string): Piece {
  return { text, as: "verbatim" };
}

/** Cuts a text to this many UTF-16 units, never inside a code point. */
export function clip(text: string, length: number): string {
  const next = text.charCodeAt(length);
  const halved = next >= 0xdc00 && next <= 0xdfff;
  return text.slice(0, Math.max(0, halved ? length - 1 : length));
}

/** Cuts a rich text to this many UTF-16 units, together with its entities. */
export function fitted({ text, entities }: RichText, length: number): RichText {
  if (text.length <= length) return { text, entities };
  const short = cut(text, length);
  const within = entities.flatMap((entity): MessageEntity[] => {
    const left = Math.min(entity.length, short.length - entity.offset);
    return left > 0 ? [{ ...entity, length: left }] : [];
  });
  return { text: short, entities: within };
}

/** Cuts a text to this many UTF-16 units; a cut text ends with "…", which counts. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return length < 1 ? "" : `${clip(text, length - 1).trimEnd()}…`;
}

/**
 * Cuts texts so that together they have at most this many UTF-16 units. Each gets an equal share; what one does not need
 * goes to the others.
 */
export function share(texts: readonly string[], length: number): string[] {
  const ascending = [...texts.entries()].sort(([, a], [, b]) => a.length - b.length);
  const result = [...texts];
  let left = length;
  for (const [rank, [index, text]] of ascending.entries()) {
    const fair = Math.floor(left / (ascending.length - rank));
    result[index] = cut(text, fair);
    left -= result[index].length;
  }
  return result;
}
