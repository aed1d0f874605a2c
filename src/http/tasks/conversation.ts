import { z } from "zod";
import { readDirectives } from "../../../core/prompt.ts";

/** The part of a message that is read here. */
export interface Message {
  readonly role: string;
  readonly text: string;
}

/** What the user of a chat has asked for so far, verbatim. */
export interface Conversation {
  /** Oldest first, without directives, pictures and links; may be empty. */
  readonly asked: readonly string[];
  /** The language of the words; its name in English. */
  readonly language: string;
  readonly chinese: boolean;
}

/** The most characters of a text that are read. */
const longest = 20_000;

/**
 * Reads the user's words from the conversation that the task quotes, else from the messages around it, else from the
 * text after its instruction. `task` is the message that asks for the task; absent where only the user's words were
 * sent.
 */
export function conversationOf(messages: readonly Message[], task?: Message): Conversation {
  const users = messages.filter(({ role }) => role === "user");
  const last = users.at(-1);
  const found = [
    () => (task ? quotedIn(task.text) : []),
    () => (last && last !== task ? quotedIn(last.text) : []),
    () => users.filter((message) => message !== task).map(({ text }) => text),
    () => (task ? [afterInstruction(task.text)] : []),
  ];
  for (const look of found) {
    const asked = look()
      .map(plainWords)
      .filter((words) => words !== "");
    if (asked.length > 0) return { asked, ...languageOf(asked.join(" ")) };
  }
  return { asked: [], ...languageOf(task?.text ?? "") };
}

// === Conversations quoted in a text

/** Roles as clients write them before what was said. */
const roleLine =
  /^\s*(?:\*\*|\|\|>)?(user|human|用户|assistant|response|ai|bot|model|system|tool|助手)(?:\*\*)?\s*[:：] ?/i;
const usersRole = /^(?:user|human|用户)$/i;

function quotedIn(text: string): string[] {
  const start = text.lastIndexOf("<chat_history>");
  if (start >= 0) {
    const end = text.indexOf("</chat_history>", start);
    return saidByUser(text.slice(start + "<chat_history>".length, end < 0 ? undefined : end));
  }
  const fromJson = quotedInJson(text);
  if (fromJson.length > 0) return fromJson;
  const said = saidByUser(text);
  return said.length > 0 ? said : quotedInFence(text);
}

function saidByUser(text: string): string[] {
  const tagged = text.slice(-longest).split("<user>").slice(1);
  if (tagged.length > 0) return tagged.map((rest) => rest.split("</user>", 1)[0] ?? "");
  const said: string[] = [];
  let speaking = false;
  for (const line of text.slice(-longest).split("\n")) {
    const role = roleLine.exec(line);
    if (role) {
      speaking = usersRole.test(role[1] ?? "");
      if (speaking) said.push(line.slice(role[0].length));
    } else if (speaking) said.push(`${said.pop() ?? ""}\n${line}`);
  }
  return said;
}

const quotedMessages = z.array(
  z.object({ role: z.string(), mainText: z.string().optional(), content: z.string().optional() }),
);

function quotedInJson(text: string): string[] {
  const start = text.search(/\[\s*\{/);
  if (start < 0 || text.length > longest) return [];
  try {
    const list = text.slice(start, text.lastIndexOf("]") + 1);
    const parsed = quotedMessages.safeParse(JSON.parse(list));
    return (parsed.data ?? [])
      .filter(({ role }) => usersRole.test(role))
      .map(({ mainText, content }) => mainText ?? content ?? "");
  } catch {
    return [];
  }
}

/** Chatbox quotes messages without their roles, oldest first, sometimes with the system's before the user's. */
function quotedInFence(text: string): string[] {
  const [, fenced] = /```\n?([\s\S]*?)```/.exec(text) ?? [];
  const parts = (fenced ?? "").split(/\n-{3,}\n/).map((part) => part.trim());
  const first = parts.find((part) => part !== "" && !/^(?:You are|你是)/.test(part));
  return first === undefined ? [] : [first];
}

/** True where a text holds two or more turns of a conversation. */
export function quotesConversation(text: string): boolean {
  const roles = text.split("\n", 1000).filter((line) => roleLine.test(line));
  const isTagged = ["<chat_history>", "</user>"].some((tag) => text.includes(tag));
  return roles.length > 1 || isTagged || quotedInJson(text).length > 0;
}

// === Words

/** The text after an instruction: after a word that announces it, else after a blank line, else after a colon. */
function afterInstruction(text: string): string {
  const marks = [text.lastIndexOf("\nPrompt: "), text.indexOf("\n\n"), text.indexOf(": ")];
  const at = marks.find((mark) => mark >= 0);
  return at === undefined ? "" : text.slice(at).replace(/^(?:\nPrompt: |\n\n|: )/, "");
}

/** The original prompt of one of our own answers; of other texts the plain text without directives. */
function plainWords(text: string): string {
  const short = text.slice(0, longest);
  const ours = /\*\*📝 (?:Original Input|Prompt):\*\*\n([^\n]+)/u.exec(short)?.[1] ?? short;
  const readable = ours
    .replace(/!\[([^\]]{0,200})\]\([^)]{0,2000}\)/g, " $1 ")
    .replace(/(?:https?:\/\/|data:)\S+/g, " ")
    .replace(/[`*_#>~|]+/g, " ")
    .slice(0, 2000);
  return readDirectives(readable).prompt.replace(/\s+/g, " ").trim();
}

const scripts: readonly (readonly [string, RegExp])[] = [
  ["Japanese", /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ["Korean", /\p{Script=Hangul}/u],
  ["Chinese", /\p{Script=Han}/u],
  ["Russian", /\p{Script=Cyrillic}/u],
  ["Arabic", /\p{Script=Arabic}/u],
];

function languageOf(text: string): { language: string; chinese: boolean } {
  const language = scripts.find(([, script]) => script.test(text))?.[0] ?? "English";
  return { language, chinese: language === "Chinese" };
}
