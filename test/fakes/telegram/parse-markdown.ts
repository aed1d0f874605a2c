import { byteOffset, type Entity, type RichText } from "./entities.ts";
import { cannotParse } from "./errors.ts";

interface OpenEntity {
  readonly type: string;
  readonly marker: string;
  /** Where it begins in the result, in UTF-16 units … */
  readonly offset: number;
  /** … and in the source, in bytes. */
  readonly at: number;
  readonly language?: string;
}

/** How the platform's errors call the entities. */
const titles: Readonly<Record<string, string>> = {
  bold: "Bold",
  italic: "Italic",
  underline: "Underline",
  strikethrough: "Strikethrough",
  spoiler: "Spoiler",
  code: "Code",
  pre: "Pre",
  text_link: "TextUrl",
  custom_emoji: "CustomEmoji",
  blockquote: "BlockQuote",
};

/** Longer markers first, because the shorter ones are their beginnings. */
const markers: readonly { readonly open: string; readonly close: string; readonly type: string }[] =
  [
    { open: "```", close: "```", type: "pre" },
    { open: "`", close: "`", type: "code" },
    { open: "__", close: "__", type: "underline" },
    { open: "_", close: "_", type: "italic" },
    { open: "*", close: "*", type: "bold" },
    { open: "~", close: "~", type: "strikethrough" },
    { open: "||", close: "||", type: "spoiler" },
    { open: "![", close: "]", type: "custom_emoji" },
    { open: "[", close: "]", type: "text_link" },
  ];

const reserved = "_*[]()~`>#+-=|{}.!";

/** `parse_mode: MarkdownV2`. Throws "can't parse entities: …". */
export function parseMarkdown(source: string): RichText {
  const parser = createParser(source);
  while (parser.at < source.length) parser.step();
  return parser.finish();
}

function createParser(source: string) {
  const open: OpenEntity[] = [];
  const entities: Entity[] = [];
  let text = "";
  let at = 0;
  let quote: number | undefined;
  const starts = (part: string): boolean => source.startsWith(part, at);

  function endQuote(): void {
    if (quote === undefined) return;
    const hidden = open.at(-1)?.type === "spoiler" && source.slice(0, at).endsWith("||");
    if (hidden) open.pop();
    const type = hidden ? "expandable_blockquote" : "blockquote";
    entities.push({ type, offset: quote, length: text.length - quote });
    quote = undefined;
  }

  function close({ type, marker, offset, language }: OpenEntity): void {
    at += marker.length;
    open.pop();
    const place = { offset, length: text.length - offset };
    if (marker !== "]") {
      entities.push({ type, ...place, ...(language !== undefined && { language }) });
      return;
    }
    const url = starts("(") ? readUrl() : text.slice(offset);
    if (type === "text_link") entities.push({ type, ...place, url });
    else entities.push({ type, ...place, custom_emoji_id: emojiOf(url) });
  }

  function readUrl(): string {
    const end = /^\(((?:\\[\s\S]|[^)\\])*)\)/.exec(source.slice(at));
    if (!end) {
      throw cannotParse(`Can't find end of a URL at byte offset ${byteOffset(source, at + 1)}`);
    }
    at += end[0].length;
    return (end[1] ?? "").replace(/\\([\s\S])/g, "$1");
  }

  function begin(): boolean {
    const marker = markers.find((candidate) => starts(candidate.open));
    if (!marker) return false;
    const place = { offset: text.length, at: byteOffset(source, at) };
    at += marker.open.length;
    const language = marker.type === "pre" ? readLanguage() : undefined;
    open.push({
      type: marker.type,
      marker: marker.close,
      ...place,
      ...(language !== undefined && { language }),
    });
    return true;
  }

  function readLanguage(): string | undefined {
    const [line = "", language = ""] = /^([^\s`]*)\r?\n/.exec(source.slice(at)) ?? [];
    at += line.length;
    return language === "" ? undefined : language;
  }

  function plain(character: string): void {
    text += character;
    at += character.length;
  }

  function markup(character: string): void {
    const current = open.at(-1);
    const lineStart = text === "" || text.endsWith("\n");
    if (character === "\n") {
      if (quote !== undefined && source[at + 1] !== ">") endQuote();
      plain(character);
    } else if (character === ">" && lineStart) {
      quote ??= text.length;
      at += 1;
    } else if (current && starts(current.marker)) close(current);
    else if (!begin()) {
      throw cannotParse(
        `Character '${character}' is reserved and must be escaped with the preceding '\\'`,
      );
    }
  }

  return {
    get at() {
      return at;
    },
    step(): void {
      const character = source.charAt(at);
      const current = open.at(-1);
      const verbatim = current?.type === "code" || current?.type === "pre";
      const special = verbatim ? starts(current.marker) : `${reserved}\n`.includes(character);
      if (character === "\\" && /^[\u0001-\u007e]/.test(source.slice(at + 1))) {
        at += 1;
        plain(source.charAt(at));
      } else if (special) markup(character);
      else plain(character);
    },
    finish(): RichText {
      endQuote();
      const left = open.at(-1);
      if (left) {
        const title = titles[left.type] ?? left.type;
        throw cannotParse(`Can't find end of ${title} entity at byte offset ${left.at}`);
      }
      return { text, entities };
    },
  };
}

function emojiOf(url: string): string {
  const id = /^tg:\/\/emoji\?id=(\d+)/.exec(url)?.[1];
  if (id === undefined) throw cannotParse("Invalid tg://emoji or tg://time URL specified");
  return id;
}

/** `parse_mode: Markdown`, which cannot nest. Throws "can't parse entities: …". */
export function parseLegacyMarkdown(source: string): RichText {
  const entities: Entity[] = [];
  let text = "";
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at);
    const escaped = /^\\([_*`[])/.exec(rest)?.[1];
    const entity = escaped === undefined ? readLegacy(rest) : undefined;
    if (entity) {
      entities.push({ ...entity.details, offset: text.length, length: entity.content.length });
      text += entity.content;
      at += entity.length;
    } else if (escaped === undefined && /^[_*`[]/.test(rest)) {
      const offset = byteOffset(source, at);
      throw cannotParse(`Can't find end of the entity starting at byte offset ${offset}`);
    } else {
      text += escaped ?? rest.charAt(0);
      at += escaped === undefined ? 1 : 2;
    }
  }
  return { text, entities };
}

const legacy: readonly { readonly pattern: RegExp; readonly type: string }[] = [
  { pattern: /^```(?:\w+\n|\n)?([\s\S]*?)```/, type: "pre" },
  { pattern: /^`([^`]*)`/, type: "code" },
  { pattern: /^\*([^*]*)\*/, type: "bold" },
  { pattern: /^_([^_]*)_/, type: "italic" },
  { pattern: /^\[([^\]]*)\](?:\(([^)]*)\))?/, type: "text_link" },
];

function readLegacy(rest: string) {
  for (const { pattern, type } of legacy) {
    const match = pattern.exec(rest);
    if (!match) continue;
    const [whole, content = "", url = ""] = match;
    const details = type === "text_link" ? { type, url } : { type };
    return { details, content, length: whole.length };
  }
  return undefined;
}
