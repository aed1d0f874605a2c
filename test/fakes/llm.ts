import type { ServerResponse } from "node:http";
import {
  type Answer,
  type Asked,
  jsonAnswer,
  pause,
  type Sending,
  send,
  startServer,
} from "./stand-in.ts";

/** An answer, and how it reaches the client: whole unless told otherwise. */
export interface LlmReply extends Answer {
  /** `slow-loris`: a byte of one endless header every 10 ms. */
  readonly sending?: Sending | "slow-loris";
}

/** What a client asked of the LLM. */
export interface LlmRequest {
  readonly path: string;
  readonly headers: Asked["headers"];
  readonly body: LlmRequestBody;
}

export interface LlmRequestBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly [field: string]: unknown;
}

export interface LlmOptions {
  /** What it answers; without it, it is an LLM that works. */
  readonly reply?: LlmReply | ((request: LlmRequest) => LlmReply | Promise<LlmReply>);
  /** The one key that it takes; without it, any. */
  readonly apiKey?: string;
}

export interface Llm {
  /** Its base URL, which ends in `/v1`. */
  readonly url: string;
  readonly requests: readonly LlmRequest[];
  /** Answers so from now on. */
  reply(reply: NonNullable<LlmOptions["reply"]>): void;
  close(): Promise<void>;
}

/** A service with OpenAI's `POST /v1/chat/completions` on a free port, which does every wrong it is told to. */
export async function startLlm(options: LlmOptions = {}): Promise<Llm> {
  const requests: LlmRequest[] = [];
  let reply = options.reply ?? enhancing;

  const server = await startServer(async (asked, response, gone) => {
    const wrong = objection(asked, options.apiKey);
    if (wrong) return send(response, wrong, "whole", gone);
    const { path, headers, text } = asked;
    const request = { path, headers, body: JSON.parse(text) as LlmRequestBody };
    requests.push(request);
    const { sending = "whole", ...answer } =
      typeof reply === "function" ? await reply(request) : reply;
    if (sending === "slow-loris") await trickleHeader(response, gone);
    else await send(response, answer, sending, gone);
  });

  return {
    url: `${server.url}/v1`,
    requests,
    reply(next) {
      reply = next;
    },
    close: () => server.close(),
  };
}

function objection({ method, path, headers }: Asked, apiKey?: string): Answer | undefined {
  if (method !== "POST" || !/^\/v1\/chat\/completions(?:\?|$)/.test(path)) {
    return jsonAnswer(404, { error: { message: "Unknown request URL." } });
  }
  if (apiKey !== undefined && headers.authorization !== `Bearer ${apiKey}`) {
    return jsonAnswer(401, { error: { message: "Incorrect API key.", code: "invalid_api_key" } });
  }
  return undefined;
}

async function trickleHeader({ socket }: ServerResponse, gone: AbortSignal): Promise<void> {
  socket?.write("HTTP/1.1 200 OK\r\nx-slow: ");
  while (!gone.aborted) {
    socket?.write("a");
    await pause(10, gone);
  }
}

/** What an LLM that works makes of any words. */
export const enhancedPrompt =
  "A fluffy ginger cat wearing round spectacles reads a large leather-bound book in a cozy library, warm afternoon light falling through a tall window onto wooden shelves, dust floating in the air, soft shadows in the background.";

/** Does what it was told to: an English prompt, and a ratio unless one was given. */
export function enhancing({ body }: Pick<LlmRequest, "body">): LlmReply {
  const words = body.messages.at(-1)?.content ?? "{}";
  const { aspect_ratio } = JSON.parse(words) as { readonly aspect_ratio?: string | null };
  return saying({ prompt: enhancedPrompt, aspect_ratio: aspect_ratio ? null : "3:2" });
}

/** A completion that answers with this text, or with this value as JSON. */
export function saying(content: unknown, more: CompletionDetails = {}): LlmReply {
  return jsonAnswer(200, completion(content, more));
}

export interface CompletionDetails {
  readonly message?: Readonly<Record<string, unknown>>;
  readonly choice?: Readonly<Record<string, unknown>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** The body of a chat completion, with more or other fields in each of its three layers. */
export function completion(content: unknown, { message, choice, body }: CompletionDetails = {}) {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_760_000_000,
    model: "gpt-4o-mini-2024-07-18",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: text, refusal: null, ...message },
        logprobs: null,
        finish_reason: "stop",
        ...choice,
      },
    ],
    usage: { prompt_tokens: 321, completion_tokens: 57, total_tokens: 378 },
    ...body,
  };
}
