import type { Conversation, Message } from "./conversation.ts";
import { answerFor, latestOf, tagsOf, titleOf } from "./kinds.ts";

type Schema = Readonly<Record<string, unknown>>;

/** A client's schema may be endless: anything deeper or larger than this is left out. */
const limits = { depth: 8, values: 500 } as const;

interface Filling {
  readonly root: Schema;
  readonly conversation: Conversation;
  readonly message: Message;
  left: number;
}

/**
 * A value of a client's JSON Schema whose texts are made from the user's own words, by the names of the properties:
 * `title`, `tags`, `language` … Covers the parts of JSON Schema that structured outputs allow; the value of anything else is `null`.
 */
export function fillSchema(schema: unknown, conversation: Conversation, message: Message): unknown {
  const root = asSchema(schema) ?? {};
  const filling = { root, conversation, message, left: limits.values };
  return fill(root, "title", limits.depth, filling);
}

function asSchema(value: unknown): Schema | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Schema)
    : undefined;
}

type Filler = (schema: Schema, name: string, depth: number, filling: Filling) => unknown;

const fillers: Readonly<Record<string, Filler>> = {
  object: (schema, _, depth, filling) => fillObject(schema, depth, filling),
  array: fillArray,
  string: (schema, name, _, filling) => fillText(schema, name, filling),
  integer: leastNumber,
  number: leastNumber,
  boolean: () => false,
};

function fill(schema: Schema, name: string, depth: number, filling: Filling): unknown {
  if (depth === 0 || filling.left-- <= 0) return null;
  if ("const" in schema) return schema["const"];
  if (Array.isArray(schema["enum"])) return (schema["enum"] as unknown[])[0] ?? null;
  const next = referenced(schema, filling.root) ?? alternative(schema);
  if (next) return fill(next, name, depth - 1, filling);
  const type = String(typeOf(schema));
  return Object.hasOwn(fillers, type) ? fillers[type]?.(schema, name, depth, filling) : null;
}

function leastNumber({ minimum }: Schema): number {
  return typeof minimum === "number" ? minimum : 0;
}

function typeOf(schema: Schema): unknown {
  const { type } = schema;
  if (Array.isArray(type)) return (type as unknown[]).find((one) => one !== "null");
  return type ?? (schema["properties"] ? "object" : undefined);
}

/** The target of a reference within the schema, such as `#/$defs/name`. */
function referenced({ $ref }: Schema, root: Schema): Schema | undefined {
  if (typeof $ref !== "string" || !$ref.startsWith("#")) return undefined;
  let found: Schema | undefined = root;
  for (const step of $ref.split("/").slice(1, 10)) {
    found = found && Object.hasOwn(found, step) ? asSchema(found[step]) : undefined;
  }
  return found;
}

function alternative(schema: Schema): Schema | undefined {
  for (const word of ["anyOf", "oneOf", "allOf"]) {
    const choices = schema[word];
    if (!Array.isArray(choices)) continue;
    const known = choices.map(asSchema).filter((choice) => choice !== undefined);
    return known.find((choice) => choice["type"] !== "null") ?? known[0];
  }
  return undefined;
}

function fillObject(schema: Schema, depth: number, filling: Filling): object {
  const properties = Object.entries(asSchema(schema["properties"]) ?? {});
  return Object.fromEntries(
    properties.map(([name, property]) => [
      name,
      fill(asSchema(property) ?? {}, name, depth - 1, filling),
    ]),
  );
}

function fillArray(schema: Schema, name: string, depth: number, filling: Filling): unknown[] {
  const items = asSchema(schema["items"]) ?? {};
  const texts = typeOf(items) === "string" && !items["enum"] ? textsFor(name, filling) : [];
  const most = typeof schema["maxItems"] === "number" ? schema["maxItems"] : 5;
  const least = typeof schema["minItems"] === "number" ? Math.min(schema["minItems"], 20) : 0;
  const list: unknown[] = texts.slice(0, Math.max(0, most));
  while (list.length < least) list.push(fill(items, name, depth - 1, filling));
  return list;
}

function textsFor(name: string, { conversation, message }: Filling): readonly string[] {
  if (/tag|topic|keyword|categor/i.test(name)) return tagsOf(conversation);
  if (/quer|source|link|tool/i.test(name)) return [];
  if (/follow|question|suggest|prompt/i.test(name)) {
    return answerFor("follow-ups", conversation, message).object["follow_ups"] as string[];
  }
  return [titleOf(conversation)];
}

function fillText(schema: Schema, name: string, { conversation, message }: Filling): string {
  const text = textFor(name, conversation, message);
  const most = schema["maxLength"];
  return typeof most === "number" ? text.slice(0, Math.max(0, most)) : text;
}

function textFor(name: string, conversation: Conversation, message: Message): string {
  if (/lang|locale/i.test(name)) return conversation.language;
  if (/emoji|icon/i.test(name)) return "🎨";
  if (/summar/i.test(name)) return answerFor("summary", conversation, message).text;
  if (/prompt|text|content|quer/i.test(name)) return latestOf(conversation);
  return titleOf(conversation);
}
