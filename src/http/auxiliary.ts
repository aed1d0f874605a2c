import { z } from "zod";
import { answerFor } from "./auxiliary/answer.ts";
import { fillSchema } from "./auxiliary/schema.ts";
import { type Message, quotesConversation, type Story, storyOf } from "./auxiliary/story.ts";
import {
  type AuxiliaryKind,
  type Fingerprint,
  fingerprints,
  openWebUiTasks,
} from "./auxiliary/table.ts";

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

function byFingerprint(asked: Question): Found | undefined {
  for (const row of fingerprints) {
    const carrier = candidates(row, asked).find(({ text }) => carries(text, row));
    if (carrier) return { client: row.client, kind: row.kind, carrier, json: row.json ?? false };
  }
  return undefined;
}

function candidates({ place, alone }: Fingerprint, asked: Question): readonly Message[] {
  const { messages, stream } = asked;
  if (alone && (messages.length > 1 || stream === true)) return [];
  const last = messages.at(-1);
  switch (place) {
    case "last-user":
      return last?.role === "user" ? [last] : [];
    case "last-system":
      return last?.role === "system" ? [last] : [];
    case "any-system":
      return messages.filter(({ role }) => role === "system" || role === "developer");
  }
}

function carries(text: string, { begins, contains = [] }: Fingerprint): boolean {
  const beginning = text.trim().slice(0, 500).replace(/\s+/g, " ");
  return begins.test(beginning) && contains.every((words) => text.includes(words));
}

// === Recognising by signals, where a wording is not known

/**
 * A forced tool or an answer in JSON can hold no picture, so each is enough. All other signals are words, which a
 * person may use too: they count only together, and more of them where the answer is streamed.
 */
function bySignals(asked: Question, last: Message): Found | undefined {
  if (last.role !== "user" && last.role !== "system") return undefined;
  const found = (kind: AuxiliaryKind, carrier = last, json = false): Found => {
    return { client: "unknown", kind, carrier, json };
  };
  if (forcedTool(asked) || asked.response_format?.type === "json_schema") return found("structure");
  const carrier = [last, ...asked.messages.filter(({ role }) => role === "system")].find((one) =>
    asksForText(one, asked),
  );
  const json = asked.response_format?.type === "json_object";
  if (carrier) return found(kindOf(carrier.text), carrier, json);
  return json ? found("structure", last, true) : undefined;
}

const conversation = /\b(?:conversation|chat|dialog(?:ue)?|discussion)\b|对话|会话|聊天|對話|會話/i;

const textTask =
  /\b(?:generate|create|write|provide|give|suggest|reply with|come up with|extract)\b.{0,80}?\b(?:title(?! *(?:page|card|screen|sequence|bar|art))|name|topic|subject line|summary|tags|keywords|follow-?ups?)\b|\bsummari[sz]e\b|\bname (?:this|the|our)\b|(?:生成|提取|给出|起|写|想|用).{0,30}?(?:标题|主题|题目|名称|名字|摘要|标签)|总结|概括/i;

/** A sentence with one of these is about a picture, whatever else is in it. */
const pictureWord =
  /\b(?:pictures?|images?|photos?|photographs?|illustrations?|paintings?|drawings?|draw|paint|posters?|banners?|covers?|logos?|icons?|comics?|panels?|cartoons?|wallpapers?|infographics?|scenes?|murals?|sketch|render|t-?shirts?|cakes?|signs?|neon|stickers?)\b|[图画]|海报|照片|封面|壁纸|插|漫|横幅|招牌|标志|绘/i;

const constraints: readonly RegExp[] = [
  /\b(?:\d+|two|three|four|five|ten)(?:-\d+|(?: to |-)\w+)?[- ](?:words?|characters?)\b|个?字(?:以内|之内|左右)|\d+ ?个?字/i,
  /\b(?:only|just) (?:return|output|reply|respond|answer|provide|give|the (?:title|name|topic|summary))\b|\b(?:return|output|reply with|respond with) only\b|nothing else|只(?:返回|输出|回复|给出)|直接(?:返回|输出|给出)/i,
  /\b(?:no|without|don't use|do not use|avoid)(?: any)? (?:punctuation|quotes|quotation|explanations?|lead-in|additional text|markdown)\b|不要(?:使用)?(?:解释|标点|引号|多余)/i,
  /\bin (?:the same language|the language of|the user's language)|(?:相同|同样)的?语言/i,
];

const smallAnswer = 64;

function asksForText({ text }: Message, asked: Question): boolean {
  const sentences = sentencesOf(text);
  const asks = sentences.some(
    (one) => conversation.test(one) && textTask.test(one) && !pictureWord.test(one),
  );
  if (!asks) return false;
  const spoken = sentences.join(" ");
  const limit = asked.max_completion_tokens ?? asked.max_tokens ?? Number.POSITIVE_INFINITY;
  const evidence = [
    ...constraints.map((constraint) => constraint.test(spoken)),
    asked.messages.some((one) => quotesConversation(one.text)),
    limit <= smallAnswer,
  ].filter(Boolean).length;
  return evidence >= (asked.stream === true ? 3 : 2);
}

/** Where instructions stand: at the beginning and at the end of what may be a long text. */
function sentencesOf(text: string): string[] {
  const ends = text.length > 2000 ? `${text.slice(0, 1000)}\n${text.slice(-1000)}` : text;
  return ends.split(/(?<=[.!?])\s|[。！？\n]/);
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
