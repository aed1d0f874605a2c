import { z } from "zod";
import { answerFor } from "./auxiliary/answer.ts";
import { fillSchema } from "./auxiliary/schema.ts";
import { findFingerprint } from "./auxiliary/match.ts";
import { findTextTask } from "./auxiliary/signals.ts";
import { type Message, type Story, storyOf } from "./auxiliary/story.ts";
import { type AuxiliaryKind, openWebUiTasks } from "./auxiliary/table.ts";

/** An auxiliary question that was recognised. */
export interface Auxiliary {
  /** The client whose wording it has, or "unknown". */
  readonly client: string;
  readonly kind: AuxiliaryKind;
  readonly reply: AuxiliaryReply;
}

/** The answer in the shape that the client will read. */
export type AuxiliaryReply =
  | { readonly shape: "text"; readonly content: string }
  | { readonly shape: "tool"; readonly name: string; readonly arguments: string };

/** Everything is read as far as it can be: what is wrong with a body is said where the picture is asked for. */
const may = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

const part = z.object({ text: z.string() });
const message = z.object({ role: z.string(), content: z.unknown().optional() });
const tool = z.object({
  function: z.object({ name: z.string(), parameters: z.unknown().optional() }),
});

const question = z.object({
  messages: z.array(z.unknown()),
  stream: may(z.boolean()),
  max_tokens: may(z.number()),
  max_completion_tokens: may(z.number()),
  response_format: may(
    z.object({ type: z.string(), json_schema: may(z.object({ schema: z.unknown().optional() })) }),
  ),
  tools: may(z.array(z.unknown())),
  tool_choice: z.unknown().optional(),
});

interface Question extends Omit<z.output<typeof question>, "messages"> {
  readonly messages: readonly Message[];
}

/**
 * Recognises what chat clients ask on their own (a title, tags, follow-ups, a summary, a greeting) and answers it from
 * the words of the conversation. undefined for whatever might be somebody's wish for a picture. Never throws.
 */
export function answerAuxiliary(
  body: unknown,
  header: (name: string) => string | undefined,
): Auxiliary | undefined {
  const parsed = question.safeParse(body);
  if (!parsed.success || header("x-drawbridge-paint") === "always") return undefined;
  const asked: Question = { ...parsed.data, messages: readMessages(parsed.data.messages) };
  const last = asked.messages.at(-1);
  if (!last) return undefined;
  const found = byHeader(header, last) ?? byFingerprint(asked) ?? bySignals(asked, last);
  if (!found) return undefined;
  const { client, kind, carrier } = found;
  const story = storyOf(asked.messages, kind === "structure" ? undefined : carrier);
  return { client, kind, reply: replyOf(asked, found, story) };
}

interface Found {
  readonly client: string;
  readonly kind: AuxiliaryKind;
  readonly carrier: Message;
  readonly json: boolean;
}

function readMessages(messages: readonly unknown[]): Message[] {
  return messages.flatMap((one) => {
    const { data } = message.safeParse(one);
    return data ? [{ role: data.role, text: textOf(data.content) }] : [];
  });
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((one) => part.safeParse(one).data?.text ?? "").join(" ");
}

// === Recognising

function byHeader(
  header: (name: string) => string | undefined,
  carrier: Message,
): Found | undefined {
  const task = header("x-openwebui-task") ?? "";
  const kind = Object.hasOwn(openWebUiTasks, task) ? openWebUiTasks[task] : undefined;
  const json = kind !== "emoji" && kind !== "merge";
  return kind && { client: "open-webui", kind, carrier, json };
}

function byFingerprint({ messages, stream }: Question): Found | undefined {
  const match = findFingerprint(messages, stream === true);
  if (!match) return undefined;
  const { client, kind, json = false } = match.row;
  return { client, kind, carrier: match.carrier, json };
}

// === Recognising by signals, where a wording is not known

/** A forced tool or an answer in JSON can hold no picture, so each is enough; words count only together. */
function bySignals(asked: Question, last: Message): Found | undefined {
  if (last.role !== "user" && last.role !== "system") return undefined;
  const found = (kind: AuxiliaryKind, carrier = last, json = false): Found => {
    return { client: "unknown", kind, carrier, json };
  };
  if (forcedTool(asked) || asked.response_format?.type === "json_schema") return found("structure");
  const carrier = findTextTask(asked.messages, {
    streamed: asked.stream === true,
    maxTokens: asked.max_completion_tokens ?? asked.max_tokens ?? Number.POSITIVE_INFINITY,
  });
  const json = asked.response_format?.type === "json_object";
  if (carrier) return found(kindOf(carrier.text), carrier, json);
  return json ? found("structure", last, true) : undefined;
}

function kindOf(text: string): AuxiliaryKind {
  if (/\btags\b|\bkeywords\b|标签|关键词/i.test(text)) return "tags";
  if (/follow-?up/i.test(text)) return "follow-ups";
  if (/\btitle\b|\bname\b|标题|主题|题目|名称|名字/i.test(text)) return "title";
  return /summar|总结|概括|摘要/i.test(text) ? "summary" : "title";
}

// === Answering

const namedTool = z.object({ function: z.object({ name: z.string() }) });
const allowedTools = z.object({ allowed_tools: z.object({ mode: z.literal("required") }) });

/** The function that the client wants to be called, whatever the answer. */
function forcedTool({ tools = [], tool_choice: choice }: Question) {
  const functions = tools.flatMap((one) => tool.safeParse(one).data?.function ?? []);
  const named = namedTool.safeParse(choice).data?.function.name;
  if (named !== undefined) return functions.find(({ name }) => name === named);
  const required = choice === "required" || allowedTools.safeParse(choice).success;
  return required ? functions[0] : undefined;
}

function replyOf(asked: Question, { kind, carrier, json }: Found, story: Story): AuxiliaryReply {
  const forced = forcedTool(asked);
  if (forced) {
    const filled = fillSchema(forced.parameters, story, carrier) ?? {};
    return { shape: "tool", name: forced.name, arguments: JSON.stringify(filled) };
  }
  const { type, json_schema: wanted } = asked.response_format ?? {};
  if (type === "json_schema") {
    const filled = fillSchema(wanted?.schema, story, carrier) ?? {};
    return { shape: "text", content: JSON.stringify(filled) };
  }
  const { text, object } = answerFor(kind, story, carrier);
  const asJson = json || type === "json_object";
  return { shape: "text", content: asJson ? JSON.stringify(object) : text };
}
