import type { User } from "grammy/types";

/** A special part of a text; offsets and lengths count UTF-16 units. */
export interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly url?: string;
  readonly user?: User;
  readonly language?: string;
  readonly custom_emoji_id?: string;
  readonly unix_time?: number;
  readonly date_time_format?: string;
}

/** A text with what is special in it: what a person sees. */
export interface RichText {
  readonly text: string;
  readonly entities: readonly Entity[];
}

const domains =
  "com|org|net|edu|gov|info|biz|io|ai|dev|app|art|me|co|uk|us|de|fr|ru|cn|jp|in|eu|tv|xyz|site|online|page|link";

/** What the platform makes clickable by itself, earlier kinds first where two overlap. */
const kinds: readonly { readonly type: string; readonly pattern: RegExp }[] = [
  {
    type: "url",
    pattern:
      /(?<![\p{L}\p{N}_@])(?:https?|ftp|tg|ton|tonsite):\/\/[^\s<>"«»“”]*[^\s<>"«»“”.,:;!?')\]]/giu,
  },
  { type: "email", pattern: /(?<![\p{L}\p{N}_.+-])[\w.+-]{1,64}@(?:[a-z0-9-]+\.)+[a-z]{2,8}\b/giu },
  {
    type: "url",
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}_@./-])(?:[\\p{L}\\p{N}-]+\\.)+(?:${domains})(?![\\p{L}\\p{N}_])(?::\\d+)?(?:[/?#][^\\s<>"]*[^\\s<>".,:;!?')\\]])?`,
      "giu",
    ),
  },
  { type: "mention", pattern: /(?<![\p{L}\p{N}_])@[a-z0-9_]{2,32}(?![\p{L}\p{N}_])/giu },
  {
    type: "bot_command",
    pattern: /(?<![\p{L}\p{N}_/<>])\/[a-z0-9_]{1,64}(?:@[a-z0-9_]{3,32})?(?![\p{L}\p{N}_/<>])/giu,
  },
  {
    type: "hashtag",
    pattern: /(?<![\p{L}\p{N}_#])#(?=[\p{N}_]*\p{L})[\p{L}\p{N}_]{1,256}(?!#)/giu,
  },
  { type: "cashtag", pattern: /(?<![\p{L}\p{N}_$])\$[A-Z]{3,8}(?![\p{L}\p{N}_$])/gu },
];

/** Nothing is found inside of these: they are how a bot keeps a mention or a link inert. */
const closed = new Set(["code", "pre", "text_link", "text_mention", "custom_emoji", "date_time"]);

/** The text with everything that the platform finds in it by itself: mentions, links, commands, tags. */
export function withFoundEntities({ text, entities }: RichText): RichText {
  const taken = entities.filter(({ type }) => closed.has(type));
  const found: Entity[] = [];
  for (const { type, pattern } of kinds) {
    for (const match of text.matchAll(pattern)) {
      const entity = { type, offset: match.index, length: match[0].length };
      if (![...taken, ...found].some((other) => overlaps(other, entity))) found.push(entity);
    }
  }
  return { text, entities: sorted([...entities, ...found]) };
}

export function overlaps(one: Entity, other: Entity): boolean {
  return one.offset < other.offset + other.length && other.offset < one.offset + one.length;
}

/** By beginning, the longer first. */
export function sorted(entities: readonly Entity[]): readonly Entity[] {
  return entities.toSorted((one, other) => one.offset - other.offset || other.length - one.length);
}

/** The addresses behind the links of a text; the first one gets a preview. */
export function linksIn({ text, entities }: RichText): readonly string[] {
  return entities.flatMap(({ type, url, offset, length }) => {
    if (type === "text_link" && url !== undefined) return [url];
    return type === "url" ? [text.slice(offset, offset + length)] : [];
  });
}

/** How many characters the platform counts: code points. */
export function codePoints(text: string): number {
  return Array.from(text).length;
}

/** How the platform's errors count places in a text: in bytes of UTF-8. */
export function byteOffset(text: string, at: number): number {
  return Buffer.byteLength(text.slice(0, at));
}
