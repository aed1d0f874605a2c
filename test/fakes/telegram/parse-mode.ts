import type { User } from "grammy/types";
import { type Entity, type RichText, sorted } from "./entities.ts";
import { badRequest } from "./errors.ts";
import { parseHtml } from "./parse-html.ts";
import { parseLegacyMarkdown, parseMarkdown } from "./parse-markdown.ts";

const parsers: Readonly<Record<string, (text: string) => RichText>> = {
  html: parseHtml,
  markdownv2: parseMarkdown,
  markdown: parseLegacyMarkdown,
};

/** The text without its markup. Throws "can't parse entities: …" and "unsupported parse_mode". */
export function parseMarkup(
  text: string,
  mode: string,
  users: ReadonlyMap<number, User>,
): RichText {
  const parse = parsers[mode];
  if (!parse) throw badRequest("Unsupported parse_mode");
  const parsed = parse(text);
  const entities = parsed.entities.flatMap((entity) => resolveLink(entity, users));
  return { text: parsed.text, entities: sorted(entities) };
}

/** `tg://user?id=…` mentions somebody; a link that is no link is dropped. */
function resolveLink(entity: Entity, users: ReadonlyMap<number, User>): readonly Entity[] {
  if (entity.length === 0) return [];
  if (entity.type !== "text_link" || entity.url === undefined) return [entity];
  const id = /^tg:\/\/user\?id=(\d+)/.exec(entity.url)?.[1];
  const { url, ...place } = entity;
  if (id !== undefined) {
    const user = users.get(Number(id));
    return user ? [{ ...place, type: "text_mention", user }] : [];
  }
  return URL.canParse(url) || /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+/u.test(url) ? [entity] : [];
}
