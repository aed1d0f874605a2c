import { finalPrompt, type Job, type Recipe } from "../../../core/job.ts";
import type { Door, RequestContext } from "../context.ts";
import { noticeText } from "../notices.ts";
import { openPictures } from "../output.ts";
import { Base64Text } from "../pieces.ts";

/** What every chunk of a chat's answer repeats. */
export interface ChatHead {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
}

/** Tokens, as OpenAI counts them in chats. */
export interface ChatUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

/** The usage of an answer that cost nothing. */
export const noUsage: ChatUsage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

/** Why an answer ended. */
export type FinishReason = "stop" | "tool_calls";

/** A picture in a message, in OpenRouter's shape. */
export interface MessageImage {
  readonly type: "image_url";
  readonly image_url: { readonly url: Base64Text };
  readonly index: number;
}

/** An assistant's message without its role. */
export interface MessageContent {
  readonly content: string | null;
  readonly images?: readonly MessageImage[];
  readonly tool_calls?: readonly object[];
}

/** An answer in OpenAI's shape of a whole chat completion. */
export function chatCompletion(
  head: ChatHead,
  message: MessageContent,
  usage: ChatUsage,
  finishReason: FinishReason = "stop",
) {
  return {
    ...head,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: { role: "assistant", ...message, refusal: null },
        logprobs: null,
        finish_reason: finishReason,
      },
    ],
    usage,
  };
}

/** Makes the chunks of one streamed answer. */
export interface Chunks {
  /** The first chunk, which is sent before there is any content. */
  readonly role: () => object;
  readonly delta: (delta: object) => object;
  readonly finish: (reason?: FinishReason) => object;
  /** The last chunk where the client asked for usage; otherwise none. */
  readonly usage: (usage: ChatUsage) => readonly object[];
}

/** The chunks of one streamed answer; `withUsage` as its client asked for it. */
export function chatChunks(head: ChatHead, withUsage: boolean): Chunks {
  const chunk = (delta: object, finishReason: FinishReason | null = null) => ({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    ...(withUsage ? { usage: null } : {}),
  });
  return {
    role: () => chunk({ role: "assistant", content: "", refusal: null }),
    delta: (delta) => chunk(delta),
    finish: (reason = "stop") => chunk({}, reason),
    usage: (usage) => (withUsage ? [{ ...chunk({}), choices: [], usage }] : []),
  };
}

// === What an answer says and shows

/** The answer of a chat, as Markdown: the pictures if there are links to them, the original prompt, and how they were made. */
export function chatContent(job: Job, links: readonly string[]): string {
  const { recipe } = job;
  if (!recipe) return links.map((link) => `![](${link})`).join("\n");
  const images = job.pictures.flatMap(({ number }, index) => {
    const link = links[index];
    return link ? `![${altText(finalPrompt(recipe, number))}](${link})` : [];
  });
  const notices = job.notices
    .filter(({ code }) => code !== "enhancement-failed")
    .map((notice) => `**ℹ️ ${noticeText(notice)}**`);
  return [
    ...(links.length > 0 ? [`${images.join("\n")}\n\n---`] : []),
    wordsOf(recipe),
    `**🎨 Aspect Ratio:** ${recipe.ratio}`,
    `**📐 Resolution:** ${resolutionOf(job, recipe)}`,
    `**🌱 Seed:** ${job.pictures.map(({ seed }) => seed).join(", ")}`,
    ...(notices.length > 0 ? ["", ...notices] : []),
  ].join("\n");
}

function wordsOf({ wording, prompt, words }: Recipe): string {
  switch (wording.enhancement.status) {
    case "enhanced":
      return `**✨ Enhanced Prompt:**\n${harmless((wording.prompts ?? [prompt]).join("\n\n"))}\n\n**📝 Original Input:**\n${harmless(words)}\n`;
    case "edited":
      return `**📝 Final Prompt:**\n${harmless(prompt)}\n\n**📝 Original Input:**\n${harmless(words)}\n`;
    case "failed":
      return `**⚠️ Enhancement failed, using original prompt**\n\n**📝 Prompt:**\n${harmless(prompt)}\n`;
    case "off":
    case "declined":
    case "skipped":
      return `**📝 Prompt:**\n${harmless(prompt)}\n`;
  }
}

/** The size as decoded; as ordered where the picture was not fetched. */
function resolutionOf({ pictures }: Job, recipe: Recipe): string {
  const { width, height } = pictures[0] ?? recipe;
  return `${width}×${height}`;
}

/** The first 80 characters, without Markdown that would break the brackets. */
function altText(prompt: string): string {
  const plain = prompt.replace(/[[\]\\`*_~<>|\s]+/g, " ").trim();
  return plain.length <= 80 ? plain : Array.from(plain).slice(0, 80).join("").trim();
}

/** Keeps people's words as they are, except that they load no pictures. */
function harmless(text: string): string {
  return text.replaceAll("![", "!\\[");
}

/** A job's pictures inside the answer: these clients load no links. Throws `not-found` when one was swept. */
export async function messageImages(
  door: Door,
  context: RequestContext,
  job: Job,
): Promise<MessageImage[]> {
  const opened = await openPictures(door, context, job, {});
  return opened.map(({ kept, format }, index) => {
    const url = new Base64Text(kept, `data:image/${format};base64,`);
    return { type: "image_url", image_url: { url }, index };
  });
}
