import { z } from "zod";
import { invalidRequest, isImageError } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import { fields } from "../../core/request.ts";
import { answerWith, askFor, finishedJob } from "./asking.ts";
import { chatContent } from "./chat-content.ts";
import type { Hold } from "./clients.ts";
import { type Door, linksOf, type RequestContext } from "./context.ts";
import { toHttpError } from "./errors.ts";
import { eventStream, type EventWriter } from "./event-stream.ts";
import { extrasOf, parseBody, pictureFields, toImageRequest, withOurNames } from "./fields.ts";

const chatBody = z.object({
  ...pictureFields,
  prompt: z.string("has to be a string").max(200_000).nullish(),
  messages: z.array(z.unknown(), "has to be a list of messages").nullish(),
  n: z.int().min(1).max(4).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
});

type ChatBody = z.output<typeof chatBody>;

/** Only what we read of a message; whatever else clients put there is their business. */
const userMessage = z.object({
  role: z.literal("user"),
  content: z.union([z.string(), z.array(z.unknown())]),
});
const textPart = z.object({ type: z.enum(["text", "input_text"]).optional(), text: z.string() });

const heartbeatMs = 10_000;

/** `POST /v1/chat/completions`: the last user message is the prompt, the answer shows the picture in Markdown. */
export async function completeChat(door: Door, context: RequestContext, json: unknown) {
  const raw = withOurNames(json);
  const body = parseBody(chatBody, raw);
  const allowed = door.catalogue.find(body.model).parameters;
  const prompt = parseBody(fields.prompt, promptOf(body));
  const request = toImageRequest(prompt, body.n ?? undefined, body, extrasOf(raw, allowed));
  const hold = await askFor(door, context, request, "chat");
  if (body.stream) return streamChat(door, context, hold, body);
  const job = await finishedJob(door, hold);
  return answerWith(context, hold, completion(job, chatContent(job, linksOf(door, context, job))));
}

function promptOf({ prompt, messages }: ChatBody): string {
  if (prompt) return prompt;
  const last = messages?.findLast((message) => userMessage.safeParse(message).success);
  if (last === undefined) {
    const problem = "Say what to paint: a message with the role user, or prompt.";
    throw invalidRequest("messages", problem);
  }
  const { content } = userMessage.parse(last);
  if (typeof content === "string") return content;
  return content
    .map((part) => textPart.safeParse(part).data?.text ?? "")
    .filter((text) => text !== "")
    .join(" ");
}

function completion(job: Job, content: string) {
  return {
    ...head(job),
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content, refusal: null },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: usageOf(job),
  };
}

/** The same for the same job, so that a replayed answer is the answer. */
function head(job: Job) {
  return {
    id: `chatcmpl-${job.code.slice(3)}`,
    created: Math.floor(job.createdAt / 1000),
    model: job.asked.model,
  };
}

/** What the enhancer read and wrote, since the picture itself has no tokens. */
function usageOf({ recipe }: Job) {
  const enhancement = recipe?.wording.enhancement;
  const { promptTokens = 0, completionTokens = 0 } =
    enhancement?.status === "enhanced" ? enhancement.usage : {};
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

function streamChat(door: Door, context: RequestContext, hold: Hold, body: ChatBody): Response {
  const withUsage = body.stream_options?.include_usage === true;
  const chunk = (delta: object, finishReason: "stop" | null = null) => ({
    ...head(hold.job),
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    ...(withUsage ? { usage: null } : {}),
  });

  async function write(writer: EventWriter): Promise<void> {
    writer.send(chunk({ role: "assistant", content: "", refusal: null }));
    let job = hold.job;
    try {
      job = await finishedJob(door, hold);
      writer.send(chunk({ content: chatContent(job, linksOf(door, context, job)) }));
    } catch (error) {
      sendError(writer, error);
    }
    writer.send(chunk({}, "stop"));
    if (withUsage) writer.send({ ...chunk({}), choices: [], usage: usageOf(job) });
    writer.done();
  }

  /** In words for clients that swallow an error chunk, and as a chunk for those that throw it. */
  function sendError(writer: EventWriter, error: unknown): void {
    if (!isImageError(error))
      door.log.error({ job: hold.job.code, error }, "a bug in a chat stream");
    const { body: answer } = toHttpError(error);
    writer.send(chunk({ content: `**⚠️ ${answer.error.message}**` }));
    writer.send(answer);
  }

  return answerWith(context, hold, eventStream({ heartbeatMs, write }));
}
