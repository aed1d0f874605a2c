import type { InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity } from "grammy/types";
import type { Job } from "../../core/job.ts";
import { chosen, encodeAction, isEncodable } from "../button-data.ts";
import type { Translator } from "../i18n.ts";
import {
  type Button,
  type Choices,
  clip,
  cut,
  type Line,
  type Link,
  type Measure,
  type Piece,
  plain,
  type Screen,
  shortened,
  typed,
} from "../screen.ts";
import { limits } from "./limits.ts";

// === Words

/** A text with its entities, for the Bot API; markup is never parsed. */
export interface RichText {
  readonly text: string;
  readonly entities: MessageEntity[];
}

/** Code shows a text as it is, and a tap copies it: nothing in it is a mention, a link or a command. */
const entityTypes = {
  plain: [],
  mixed: [],
  note: [],
  code: ["code"],
  typed: ["code"],
  quote: ["expandable_blockquote", "code"],
} as const satisfies Record<Piece["as"], readonly MessageEntity["type"][]>;

/** What Telegram may make clickable: text with one of these signs, and names that contain a dot. */
const clickable = /[@#$/]|[^.]\.[^.]/u;

const measure: Measure = { sizeOf: (text) => text.length, cut };

/** Lines in at most this many UTF-16 units: what people typed is shortened first, and then the end left out. */
export function richText(lines: readonly Line[], length: number = limits.textLength): RichText {
  const short = shortened(lines, length, measure, (some) => textOf(piecesOf(some)));
  let text = "";
  const entities: MessageEntity[] = [];
  for (const piece of piecesOf(short)) {
    entities.push(...entitiesOf(piece, text.length));
    text += piece.text;
  }
  return fitted({ text, entities }, length);
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join("");
}

/** The pieces with line breaks between the lines. */
function piecesOf(lines: readonly Line[]): readonly Piece[] {
  return lines.flatMap((line, index) => {
    const labelled = line.flatMap((piece) =>
      piece.label === undefined ? piece : [plain(`${piece.label}\n`), piece],
    );
    return index === 0 ? labelled : [plain("\n"), ...labelled];
  });
}

function entitiesOf({ text, as }: Piece, offset: number): MessageEntity[] {
  if (text === "") return [];
  if (as === "mixed" || as === "note") {
    return Array.from(text.matchAll(/\S+/g))
      .filter(([token]) => clickable.test(token))
      .map(({ index, 0: { length } }) => ({ type: "code", offset: offset + index, length }));
  }
  return entityTypes[as].map((type) => ({ type, offset, length: text.length }));
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

/** The words of a screen, with a list of the choices that have a description, numbered as their buttons. */
export function wordsOf({ lines, choices }: Screen, length?: number): RichText {
  return richText([...lines, ...(choices ? numbered(choices) : [])], length);
}

function numbered({ options }: Choices): readonly Line[] {
  return options.flatMap(({ label, description }, index): Line[] =>
    description === undefined ? [] : [[plain(`${index + 1}. ${description} `), typed(label)]],
  );
}

// === Buttons

/** The buttons of a screen: of its choices, and its own. Choices that a button's data cannot hold are left out. */
export function keyboardOf({ choices, buttons = [] }: Screen): InlineKeyboardMarkup {
  const rows = [...(choices ? choiceRows(choices) : []), ...buttons];
  const full = rows.filter((row) => row.length > 0);
  return { inline_keyboard: full.map((row) => row.map(inlineButton)) };
}

/** Numbers in threes for choices with a description, else their labels in pairs. */
function choiceRows({ data, options }: Choices): readonly (readonly Button[])[] {
  const buttons = options.map(
    ({ label, value, description }, index): Button => ({
      label: description === undefined ? label : `${index + 1}`,
      data: chosen(data, value),
    }),
  );
  const columns = options.some(({ description }) => description !== undefined) ? 3 : 2;
  const pressable = buttons.filter((button) => isEncodable(button.data));
  return inRows(pressable.slice(0, limits.keyboardButtons - 2), columns);
}

function inRows<Item>(items: readonly Item[], columns: number): Item[][] {
  const rows: Item[][] = [];
  for (let at = 0; at < items.length; at += columns) rows.push(items.slice(at, at + columns));
  return rows;
}

function inlineButton(button: Button | Link): InlineKeyboardButton {
  if ("url" in button) return { text: button.label, url: button.url };
  const { label, data, style } = button;
  return { text: label, callback_data: encodeAction(data), ...(style && { style }) };
}

/** The button below a picture of inline mode. The bot cannot write there, so it only fills in the prompt to send anew. */
export function inlinePictureKeyboard({ brief }: Job, t: Translator): InlineKeyboardMarkup {
  const query = clip(brief.words.replace(/\s+/g, " "), limits.inlineQueryLength);
  const button = { text: t("buttons.again"), switch_inline_query_current_chat: query };
  return { inline_keyboard: [[button]] };
}
