import type { User } from "grammy/types";
import { field, isObject, type Json } from "./arguments.ts";
import {
  byteOffset,
  codePoints,
  type Entity,
  type RichText,
  sorted,
  withFoundEntities,
} from "./entities.ts";
import { BotApiError, badRequest } from "./errors.ts";
import { parseMarkup } from "./parse-mode.ts";

/**
 * How the platform counts the length of a text. It counts code points, after the entities were parsed; `utf-16` is
 * stricter, for a test of a bot that wants to be safe either way.
 */
export type LengthUnit = "code-points" | "utf-16";

export const textLimits = {
  /** Of a message. */
  text: 4096,
  caption: 1024,
  /** UTF-8 bytes of what comes in, markup included. */
  inputBytes: 32 * 1024,
  /** The server ignores the entities after the hundredth. */
  entities: 100,
  /** UTF-16 units that an offset or a length of an entity may be written with. */
  offset: 1_000_000,
} as const;

export function lengthOf(text: string, unit: LengthUnit): number {
  return unit === "utf-16" ? text.length : codePoints(text);
}

export interface TextInput {
  readonly text: string;
  readonly parseMode: string;
  /** The decoded list of entities, used where there is no parse mode. */
  readonly entities: unknown;
  readonly users: ReadonlyMap<number, User>;
}

/** The text as it will stand in the chat. Throws what the platform throws at wrong markup or entities. */
export function readText(input: TextInput, options: { readonly mayBeEmpty: boolean }): RichText {
  if (Buffer.byteLength(input.text) > textLimits.inputBytes) throw badRequest("Text is too long");
  const rich = trim(clean(marked(input)));
  if (rich.text === "" && !options.mayBeEmpty) throw badRequest("Text must be non-empty");
  return withFoundEntities(rich);
}

/** What a person's client sends: it does no harm to entities, because there are none but the found ones. */
export function plainText(text: string): RichText {
  return withFoundEntities(trim({ text, entities: [] }));
}

function marked({ text, parseMode, entities, users }: TextInput): RichText {
  const mode = parseMode.toLowerCase();
  if (text !== "" && mode !== "" && mode !== "none") return parseMarkup(text, mode, users);
  const list: readonly unknown[] = Array.isArray(entities) ? entities : [];
  const read = list.flatMap((entity) => readEntity(entity, users));
  return { text, entities: sorted(read).slice(0, textLimits.entities) };
}

/** Kinds that a bot may set; those that the platform finds by itself are ignored. */
const simple = new Set([
  ..."bold italic underline strikethrough spoiler code blockquote expandable_blockquote".split(" "),
]);
const found = new Set([
  ..."mention hashtag cashtag bot_command url email phone_number bank_card_number".split(" "),
]);

function readEntity(value: unknown, users: ReadonlyMap<number, User>): readonly Entity[] {
  try {
    if (!isObject(value)) throw badRequest("expected an Object");
    const place = {
      offset: field.integer(value, "offset"),
      length: field.integer(value, "length"),
    };
    const type = field.string(value, "type");
    if (found.has(type)) return [];
    const details = simple.has(type) ? {} : readDetails(type, value, users);
    return details && place.length !== 0 ? [{ type, ...place, ...details }] : [];
  } catch (error) {
    throw badRequest(`Can't parse MessageEntity: ${reasonOf(error)}`);
  }
}

/** undefined where the platform silently drops the entity. */
function readDetails(
  type: string,
  value: Json,
  users: ReadonlyMap<number, User>,
): Partial<Entity> | undefined {
  switch (type) {
    case "pre": {
      const language = field.optionalString(value, "language");
      return language === "" ? {} : { language };
    }
    case "text_link": {
      const url = field.string(value, "url");
      return URL.canParse(url) || URL.canParse(`http://${url}`) ? { url } : undefined;
    }
    case "text_mention": {
      const user = users.get(field.integer(field.object(value, "user"), "id"));
      return user && { user };
    }
    case "custom_emoji":
      return { custom_emoji_id: field.string(value, "custom_emoji_id") };
    case "date_time":
      return {
        unix_time: field.integer(value, "unix_time"),
        date_time_format: field.optionalString(value, "date_time_format"),
      };
    default:
      throw badRequest("Unsupported type specified");
  }
}

/** For putting an error into another one. Throws what is not the platform's own. */
export function reasonOf(error: unknown): string {
  if (error instanceof BotApiError) return error.reason;
  throw error;
}

/** Checks that the entities lie in the text, and takes control characters out of it. */
function clean({ text, entities }: RichText): RichText {
  for (const entity of entities) checkRange(text, entity);
  // Carriage returns vanish, so everything behind them moves; other control characters become spaces.
  const moved = (at: number): number => at - (text.slice(0, at).match(/\r/g)?.length ?? 0);
  return {
    text: text.replaceAll("\r", "").replace(/[\u0000-\u0009\u000B-\u001F]/g, " "),
    entities: entities.map((entity) => {
      const offset = moved(entity.offset);
      return { ...entity, offset, length: moved(entity.offset + entity.length) - offset };
    }),
  };
}

function checkRange(text: string, { offset, length }: Entity): void {
  const end = offset + length;
  const beginning = `Entity beginning at UTF-16 offset ${offset}`;
  if (offset < 0 || offset > textLimits.offset) {
    throw badRequest(`Receive an entity with incorrect offset ${offset}`);
  }
  if (length < 0 || length > textLimits.offset) {
    throw badRequest(`Receive an entity with incorrect length ${length}`);
  }
  if (offset > text.length || (offset === text.length && length > 0)) {
    throw badRequest(`Entity begins after the end of the text at UTF-16 offset ${offset}`);
  }
  if (end > text.length) {
    throw badRequest(`${beginning} ends after the end of the text at UTF-16 offset ${end}`);
  }
  if (splitsSymbol(text, offset)) {
    throw badRequest(
      `Entity begins in a middle of a UTF-16 symbol at byte offset ${byteOffset(text, offset + 1)}`,
    );
  }
  if (splitsSymbol(text, end)) {
    throw badRequest(
      `${beginning} ends in a middle of a UTF-16 symbol at byte offset ${byteOffset(text, end + 1)}`,
    );
  }
}

function splitsSymbol(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function trim({ text, entities }: RichText): RichText {
  const end = text.trimEnd().length;
  const limit = Math.min(end, ...entities.map(({ offset }) => offset));
  const start = /^[ \n]*/.exec(text.slice(0, limit))?.[0].length ?? 0;
  const kept = entities.flatMap((entity) => {
    const length = Math.min(entity.length, end - entity.offset);
    return length > 0 ? [{ ...entity, offset: entity.offset - start, length }] : [];
  });
  return { text: text.slice(start, end), entities: kept };
}
