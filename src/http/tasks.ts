import { z } from "zod";
import type { Answer } from "./answer.ts";
import { asObject } from "./body.ts";
import type { Door, RequestContext } from "./context.ts";
import { type Conversation, conversationOf, type Message } from "./tasks/conversation.ts";
import { fillSchema } from "./tasks/fill-schema.ts";
import { openWebUiTasks } from "./tasks/fingerprints.ts";
import { answerFor, type TaskKind } from "./tasks/kinds.ts";
import { anyBeginning, findFingerprint } from "./tasks/match.ts";
import { isProbe, isProbeLimit } from "./tasks/probes.ts";
import { findTextTask } from "./tasks/signals.ts";

/** A recognised task: a request that a chat client makes on its own, not its user. */
export interface ClientTask {
  /** The client whose wording it has, or "unknown". */
  readonly client: string;
  readonly kind: TaskKind;
  readonly reply: TaskReply;
}

/** The answer in the shape that the client reads. */
export type TaskReply =
  | { readonly shape: "text"; readonly content: string }
  | { readonly shape: "tool"; readonly name: string; readonly arguments: string };

/** The part of a request's headers that is read here. */
export type TaskHeaders = Pick<Headers, "get">;

/** The task in a chat's body, if any, and counts it; undefined also where the owner wants everything painted. */
export function taskIn(
  { settings, observe }: Door,
  { req }: RequestContext,
  body: unknown,
): ClientTask | undefined {
  const task = settings.answerTasks ? answerTask(body, req.raw.headers) : undefined;
  if (task) observe.taskAnswered(task.client, task.kind);
  return task;
}

/** The answer with the header that marks it as the answer to a task. */
export function asTaskAnswer(answer: Answer, { kind }: ClientTask): Answer {
  return { ...answer, headers: { ...answer.headers, "x-drawbridge-auxiliary": kind } };
}

/**
 * Recognises requests that chat clients make on their own (a title, tags, follow-ups, a summary, a greeting) and answers
 * them from the words of the conversation. undefined for a possible request for a picture. Never throws.
 */
export function answerTask(body: unknown, headers: TaskHeaders): ClientTask | undefined {
  return isPlainWish(body, headers) ? undefined : findTask(body, headers);
}

// === The quick check

const longestPlainWish = 200;

/** Tags, lists, headings, line breaks, and white space that a comparison would have to even out first. */
const needsReading = /[<#[]|[^\S ]|^ | {2}| $/;

/**
 * True for a chat of one short user message that no row of the table and no signal can match: the most usual request.
 * Never true for a body in which `findTask` finds a task.
 */
export function isPlainWish(body: unknown, headers: TaskHeaders): boolean {
  const { messages, response_format, tool_choice, ...limits } = asObject(body);
  if (!Array.isArray(messages) || messages.length !== 1) return false;
  if (response_format != null || tool_choice != null || isProbeLimit(limitOf(limits))) return false;
  const { role, content } = asObject(messages[0]);
  if (role !== "user" || typeof content !== "string") return false;
  if (content.length >= longestPlainWish || needsReading.test(content)) return false;
  return (
    !anyBeginning.test(content) && headers.get("x-openwebui-task") === null && !isProbe(content)
  );
}

interface Limits {
  readonly max_tokens?: unknown;
  readonly max_completion_tokens?: unknown;
  readonly max_output_tokens?: unknown;
}

/** How long the answer may be, in tokens, where that was said. */
function limitOf({ max_tokens, max_completion_tokens, max_output_tokens }: Limits): unknown {
  return max_completion_tokens ?? max_tokens ?? max_output_tokens;
}

// === The full check

/** An invalid field counts as absent: the endpoint itself reports problems with the body. */
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
  max_output_tokens: may(z.number()),
  response_format: may(
    z.object({ type: z.string(), json_schema: may(z.object({ schema: z.unknown().optional() })) }),
  ),
  tools: may(z.array(z.unknown())),
  tool_choice: z.unknown().optional(),
});

interface Question extends Omit<z.output<typeof question>, "messages"> {
  readonly messages: readonly Message[];
}

/** The same as `answerTask`, without the quick check. */
export function findTask(body: unknown, headers: TaskHeaders): ClientTask | undefined {
  const parsed = question.safeParse(body);
  if (!parsed.success || headers.get("x-drawbridge-paint") === "always") return undefined;
  const asked: Question = { ...parsed.data, messages: readMessages(parsed.data.messages) };
  const last = asked.messages.at(-1);
  if (!last) return undefined;
  const found =
    byHeader(headers, last) ??
    byFingerprint(asked) ??
    bySignals(asked, last) ??
    asProbe(asked, parsed.data.messages.at(-1));
  if (!found) return undefined;
  const { client, kind, message: task } = found;
  const conversation = conversationOf(asked.messages, kind === "structure" ? undefined : task);
  return { client, kind, reply: replyOf(asked, found, conversation) };
}

interface Found {
  readonly client: string;
  readonly kind: TaskKind;
  /** The message that asks for the task. */
  readonly message: Message;
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
  return content
    .map((one) => (typeof one === "string" ? one : (part.safeParse(one).data?.text ?? "")))
    .join(" ");
}

// === Recognising

function byHeader(headers: TaskHeaders, last: Message): Found | undefined {
  const task = headers.get("x-openwebui-task") ?? "";
  const kind = Object.hasOwn(openWebUiTasks, task) ? openWebUiTasks[task] : undefined;
  const json = kind !== "emoji" && kind !== "merge";
  return kind && { client: "open-webui", kind, message: last, json };
}

function byFingerprint({ messages, stream }: Question): Found | undefined {
  const match = findFingerprint(messages, stream === true);
  if (!match) return undefined;
  const { client, kind, json = false } = match.row;
  return { client, kind, message: match.message, json };
}

// === Recognising by signals, for unknown wordings

/** A forced tool or an answer in JSON cannot hold a picture, so one of them is enough. Words count only together. */
function bySignals(asked: Question, last: Message): Found | undefined {
  if (last.role !== "user" && last.role !== "system") return undefined;
  const found = (kind: TaskKind, message = last, json = false): Found => {
    return { client: "unknown", kind, message, json };
  };
  if (forcedTool(asked) || asked.response_format?.type === "json_schema") return found("structure");
  const task = findTextTask(asked.messages, {
    streamed: asked.stream === true,
    maxTokens: asked.max_completion_tokens ?? asked.max_tokens ?? Number.POSITIVE_INFINITY,
  });
  const json = asked.response_format?.type === "json_object";
  if (task) return found(kindOf(task.text), task, json);
  return json ? found("structure", last, true) : undefined;
}

/** The one message of a user, at most beside one of the system, that tries whether anything answers. */
function asProbe(asked: Question, sent: unknown): Found | undefined {
  const [last, before, ...more] = asked.messages.toReversed();
  const isLone = !before || ["system", "developer"].includes(before.role);
  if (last?.role !== "user" || !isLone || more.length > 0) return undefined;
  const tries = isProbeLimit(limitOf(asked)) || (isTextAlone(sent) && isProbe(last.text));
  return tries ? { client: "unknown", kind: "greeting", message: last, json: false } : undefined;
}

function isTextAlone(sent: unknown): boolean {
  const { content } = asObject(sent);
  return (
    !Array.isArray(content) ||
    content.every((one) => typeof one === "string" || part.safeParse(one).success)
  );
}

function kindOf(text: string): TaskKind {
  if (/\btags\b|\bkeywords\b|标签|关键词/i.test(text)) return "tags";
  if (/follow-?up/i.test(text)) return "follow-ups";
  if (/\btitle\b|\bname\b|标题|主题|题目|名称|名字/i.test(text)) return "title";
  return /summar|总结|概括|摘要/i.test(text) ? "summary" : "title";
}

// === Answering

const namedTool = z.object({ function: z.object({ name: z.string() }) });
const allowedTools = z.object({ allowed_tools: z.object({ mode: z.literal("required") }) });

/** The function that the client requires to be called. */
function forcedTool({ tools = [], tool_choice: choice }: Question) {
  const functions = tools.flatMap((one) => tool.safeParse(one).data?.function ?? []);
  const named = namedTool.safeParse(choice).data?.function.name;
  if (named !== undefined) return functions.find(({ name }) => name === named);
  const required = choice === "required" || allowedTools.safeParse(choice).success;
  return required ? functions[0] : undefined;
}

function replyOf(asked: Question, found: Found, conversation: Conversation): TaskReply {
  const { kind, message, json } = found;
  const forced = forcedTool(asked);
  if (forced) {
    const filled = fillSchema(forced.parameters, conversation, message) ?? {};
    return { shape: "tool", name: forced.name, arguments: JSON.stringify(filled) };
  }
  const { type, json_schema: wanted } = asked.response_format ?? {};
  if (type === "json_schema") {
    const filled = fillSchema(wanted?.schema, conversation, message) ?? {};
    return { shape: "text", content: JSON.stringify(filled) };
  }
  const { text, object } = answerFor(kind, conversation, message);
  const asJson = json || type === "json_object";
  return { shape: "text", content: asJson ? JSON.stringify(object) : text };
}
