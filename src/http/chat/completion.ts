import type { Base64Text } from "../pieces.ts";

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
