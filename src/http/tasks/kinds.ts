import type { Conversation, Message } from "./conversation.ts";

/** What a chat client asks of a model on its own. */
export type TaskKind =
  | "title"
  | "language-and-title"
  | "tags"
  | "follow-ups"
  | "queries"
  | "image-prompt"
  | "autocomplete"
  | "emoji"
  | "merge"
  | "tool-choice"
  | "summary"
  | "greeting"
  /** The value for a forced tool or a JSON schema. */
  | "structure";

/** The answer to a task: `text` for people, `object` for clients that parse it. */
export interface TaskAnswer {
  readonly text: string;
  readonly object: Readonly<Record<string, unknown>>;
}

type Answering = (conversation: Conversation, message: Message) => TaskAnswer;

/** Every kind answered from the user's own words alone: a new kind does not compile until it has a row. */
const answers: { readonly [Kind in TaskKind]: Answering } = {
  title: titled,
  structure: titled,
  "language-and-title": (conversation) => {
    const title = titleOf(conversation);
    return { text: title, object: { title, language: conversation.language } };
  },
  tags: (conversation) => listed("tags", tagsOf(conversation)),
  "follow-ups": (conversation) => listed("follow_ups", followUpsOf(conversation)),
  queries: () => listed("queries", []),
  "tool-choice": () => ({ text: "", object: { tool_calls: [] } }),
  "image-prompt": (conversation) => {
    const prompt = latestOf(conversation);
    return { text: prompt, object: { prompt } };
  },
  autocomplete: () => plain(""),
  emoji: () => plain("🎨"),
  merge: (conversation, { text }) => plain(firstResponse(text) ?? latestOf(conversation)),
  summary: (conversation) => plain(summaryOf(conversation)),
  greeting: ({ chinese }) =>
    plain(
      chinese ? "你好！请用文字说说想画什么。" : "Hi! Say in words what the picture should show.",
    ),
};

/** The answer to a task of this kind; `message` asks for it. */
export function answerFor(
  kind: TaskKind,
  conversation: Conversation,
  message: Message,
): TaskAnswer {
  return answers[kind](conversation, message);
}

function titled(conversation: Conversation): TaskAnswer {
  const title = titleOf(conversation);
  return { text: title, object: { title } };
}

function listed(name: string, items: readonly string[]): TaskAnswer {
  return { text: items.join("\n"), object: { [name]: items } };
}

function plain(text: string): TaskAnswer {
  return { text, object: { text } };
}

const titleLimits = { words: 5, hanCharacters: 10, characters: 50 } as const;

/** The first words of the first thing that was asked for. */
export function titleOf({ asked, chinese }: Conversation): string {
  const [sentence = ""] = (asked[0] ?? "").split(/[.!?。！？\n]/).filter((part) => part.trim());
  const title = /\p{Script=Han}/u.test(sentence.slice(0, 20))
    ? beginningInHan(sentence)
    : sentence.trim().split(/\s+/).slice(0, titleLimits.words).join(" ");
  const tidy = Array.from(title.replace(/^["'“‘「]+|["'”’」,;:，；：、\s-]+$/gu, ""));
  if (tidy.length === 0) return chinese ? "图片" : "Picture";
  const [first = "", ...rest] = tidy.slice(0, titleLimits.characters);
  return first.toLocaleUpperCase("en") + rest.join("");
}

/** As many whole clauses and words as there is room for. */
function beginningInHan(sentence: string): string {
  const [clause = ""] = sentence.split(/[，,、；;：:]/).filter((part) => part.trim());
  let title = "";
  for (const { segment } of new Intl.Segmenter("zh", { granularity: "word" }).segment(
    clause.trim().slice(0, 100),
  )) {
    if (Array.from(title + segment).length > titleLimits.hanCharacters) break;
    title += segment;
  }
  return title || Array.from(clause).slice(0, titleLimits.hanCharacters).join("");
}

const maxTags = 3;

const fillers = new Set(
  "a an the and or of in on at to for with from by as is are be it its this that these those my our your some very into over under draw paint make create generate picture image photo please want like about 一个 一只 一张 一幅 一位 一座 一条 一片 我们 你们 他们 可以 什么 这个 那个 请画 帮我 图片 生成".split(
    " ",
  ),
);

/** The words that carry most of what was asked for. */
export function tagsOf({ asked, chinese }: Conversation): string[] {
  const text = asked.join(" ").slice(0, 2000);
  const words = Array.from(new Intl.Segmenter("zh", { granularity: "word" }).segment(text))
    .filter(({ isWordLike, segment }) => isWordLike === true && carriesMeaning(segment))
    .map(({ segment }) => segment.charAt(0).toLocaleUpperCase("en") + segment.slice(1));
  const tags = [...new Set(words)].slice(0, maxTags);
  return tags.length > 0 ? tags : [chinese ? "图片" : "Pictures"];
}

function carriesMeaning(word: string): boolean {
  const least = /\p{Script=Han}/u.test(word) ? 2 : 3;
  return word.length >= least && !/^\d+$/.test(word) && !fillers.has(word.toLowerCase());
}

/** Variations of the last request, each ready to be sent. */
function followUpsOf(conversation: Conversation): string[] {
  const words = latestOf(conversation)
    .slice(0, 200)
    .replace(/[\s.,;。，；]+$/u, "");
  if (words === "") return [];
  return conversation.chinese
    ? [`${words}，比例 16:9`, `${words}，水彩画风格`, `${words}，夜晚`]
    : [`${words}, ratio 16:9`, `${words}, as a watercolour`, `${words}, at night`];
}

/** The last thing that was asked for; empty where nothing was. */
export function latestOf({ asked }: Conversation): string {
  return asked.at(-1) ?? "";
}

const summaryCharacters = 800;

/** A summary for a model to read later: the requests themselves. */
function summaryOf({ asked, chinese }: Conversation): string {
  const quoted = asked.map((words) => (chinese ? `“${words}”` : `"${words}"`));
  const all = quoted.join(chinese ? "、" : ", ").slice(-summaryCharacters);
  return chinese ? `用户请求绘制的图片：${all}` : `The user asked for pictures of: ${all}`;
}

/** Open WebUI quotes each model's response between three quotation marks, after the word that announces them. */
function firstResponse(text: string): string | undefined {
  const announced = text.slice(Math.max(0, text.lastIndexOf("Responses from models:")));
  return /"""([\s\S]*?)"""/.exec(announced)?.[1]?.trim();
}
