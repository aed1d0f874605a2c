import type { MessageEntity } from "grammy/types";

/** A text with its entities, ready for the Bot API; no markup is ever parsed. */
export interface RichText {
  readonly text: string;
  readonly entities: MessageEntity[];
}

/**
 * A part of a text. `words` are a person's own: as code, they can be copied with a tap, and nothing in them becomes a
 * mention, a link or a command. `quote` is the same in a quotation that opens with a tap. `mixed` is a sentence of ours
 * with somebody's words in it: what could become a mention or a link is made inert.
 */
export interface Piece {
  readonly text: string;
  readonly as: "plain" | "bold" | "words" | "quote" | "mixed";
}

const kinds = {
  plain: [],
  mixed: [],
  bold: ["bold"],
  words: ["code"],
  quote: ["expandable_blockquote", "code"],
} as const satisfies Record<Piece["as"], readonly MessageEntity["type"][]>;

/** What the platform may make clickable: anything with one of its signs, and names with dots in them. */
const clickable = /[@#$/]|[^.]\.[^.]/u;

/** The pieces one after the other. */
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

/** Lines of pieces, with line breaks between them; empty lines are left out. */
export function lines(...rows: readonly (readonly Piece[])[]): readonly Piece[] {
  const full = rows.filter((row) => row.some(({ text }) => text !== ""));
  return full.flatMap((row, index) => (index === 0 ? row : [plain("\n"), ...row]));
}

export function plain(text: string): Piece {
  return { text, as: "plain" };
}

export function mixed(text: string): Piece {
  return { text, as: "mixed" };
}

export function asWords(text: string): Piece {
  return { text, as: "words" };
}

/** The beginning of a text in no more UTF-16 units than that; no code point is halved. */
export function clip(text: string, length: number): string {
  const next = text.charCodeAt(length);
  const halved = next >= 0xdc00 && next <= 0xdfff;
  return text.slice(0, Math.max(0, halved ? length - 1 : length));
}

/** The beginning of a text that is too long, with the entities that are left of it. */
export function fitted({ text, entities }: RichText, length: number): RichText {
  if (text.length <= length) return { text, entities };
  const short = cut(text, length);
  const within = entities.flatMap((entity): MessageEntity[] => {
    const left = Math.min(entity.length, short.length - entity.offset);
    return left > 0 ? [{ ...entity, length: left }] : [];
  });
  return { text: short, entities: within };
}

/** The same with an ellipsis where something is missing, which counts too. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return length < 1 ? "" : `${clip(text, length - 1).trimEnd()}…`;
}

/**
 * Cuts texts so that together they have so many UTF-16 units: each may have its fair share, and what one does not need
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
