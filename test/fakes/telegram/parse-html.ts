import { byteOffset, type Entity, type RichText } from "./entities.ts";
import { cannotParse } from "./errors.ts";

const types: Readonly<Record<string, string>> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  u: "underline",
  ins: "underline",
  s: "strikethrough",
  strike: "strikethrough",
  del: "strikethrough",
  code: "code",
  pre: "pre",
  a: "text_link",
  blockquote: "blockquote",
  span: "spoiler",
  "tg-spoiler": "spoiler",
  "tg-emoji": "custom_emoji",
};

const named: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

interface OpenTag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly offset: number;
}

/** A token is a tag, a character reference or anything between them. */
const token = /<[^>]*>?|&(?:#x?[0-9a-f]+|[a-z]+);?|[^<&]+|&/giu;

/** `parse_mode: HTML`. Throws "can't parse entities: …". */
export function parseHtml(source: string): RichText {
  const open: OpenTag[] = [];
  const entities: Entity[] = [];
  let text = "";
  for (const match of source.matchAll(token)) {
    const [part] = match;
    const at = byteOffset(source, match.index);
    if (part.startsWith("</")) entities.push(closeTag(part, at, { open, text }));
    else if (part.startsWith("<")) open.push(openTag(part, at, text.length));
    else text += part.startsWith("&") ? decodeReference(part) : part;
  }
  const last = open.at(-1);
  if (last) throw cannotParse(`Can't find end tag corresponding to start tag "${last.name}"`);
  return { text, entities: joinCode(entities) };
}

function openTag(part: string, at: number, offset: number): OpenTag {
  if (!part.endsWith(">")) throw cannotParse(`Unclosed start tag at byte offset ${at}`);
  const [name = "", ...rest] = part.slice(1, -1).split(/(?<=^\S*)\s/);
  const lower = name.toLowerCase();
  if (!Object.hasOwn(types, lower)) {
    throw cannotParse(`Unsupported start tag "${lower}" at byte offset ${at}`);
  }
  const attributes = readAttributes(rest.join(" "));
  if (lower === "span" && attributes.get("class") !== "tg-spoiler") {
    throw cannotParse(`Tag "span" must have class "tg-spoiler" at byte offset ${at}`);
  }
  return { name: lower, attributes, offset };
}

function readAttributes(source: string): ReadonlyMap<string, string> {
  const pattern = /([^\s=/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+)))?/g;
  return new Map(
    [...source.matchAll(pattern)].map(([, name = "", double, single, bare]) => [
      name,
      (double ?? single ?? bare ?? "").replace(/&[^;]+;/g, decodeReference),
    ]),
  );
}

function closeTag(
  part: string,
  at: number,
  { open, text }: { readonly open: OpenTag[]; readonly text: string },
): Entity {
  const tag = open.pop();
  if (!tag) throw cannotParse(`Unexpected end tag at byte offset ${at}`);
  if (!part.endsWith(">")) throw cannotParse(`Unclosed end tag at byte offset ${at}`);
  const name = part.slice(2, -1).trim().toLowerCase();
  if (name !== "" && name !== tag.name) {
    throw cannotParse(
      `Unmatched end tag at byte offset ${at}, expected "</${tag.name}>", found "</${name}>"`,
    );
  }
  const place = { offset: tag.offset, length: text.length - tag.offset };
  return { ...place, ...detailsOf(tag, text.slice(tag.offset)) };
}

function detailsOf(
  { name, attributes }: OpenTag,
  content: string,
): Omit<Entity, "offset" | "length"> {
  const type = types[name] ?? name;
  switch (name) {
    case "a":
      return { type, url: attributes.get("href") ?? content };
    case "blockquote":
      return { type: attributes.has("expandable") ? "expandable_blockquote" : type };
    case "tg-emoji":
      return { type, custom_emoji_id: attributes.get("emoji-id") ?? "0" };
    case "code": {
      const language = /^language-(.+)/.exec(attributes.get("class") ?? "")?.[1];
      return language === undefined ? { type } : { type, language };
    }
    default:
      return { type };
  }
}

/** `<pre><code class="language-x">` is one entity, and only there does the language count. */
function joinCode(entities: readonly Entity[]): readonly Entity[] {
  const same = (one: Entity, other: Entity): boolean =>
    one.offset === other.offset && one.length === other.length;
  return entities.flatMap((entity) => {
    if (entity.type === "code") {
      if (entities.some((other) => other.type === "pre" && same(other, entity))) return [];
      return [{ type: "code", offset: entity.offset, length: entity.length }];
    }
    if (entity.type !== "pre") return [entity];
    const code = entities.find((other) => other.type === "code" && same(other, entity));
    return [code?.language === undefined ? entity : { ...entity, language: code.language }];
  });
}

function decodeReference(part: string): string {
  const name = part.replace(/^&|;$/g, "");
  const digits = /^#(x?)([0-9a-f]+)$/i.exec(name);
  if (!digits) return named[name.toLowerCase()] ?? part;
  const code = Number.parseInt(digits[2] ?? "", digits[1] ? 16 : 10);
  return code > 0 && code < 0x10ffff ? String.fromCodePoint(code) : part;
}
