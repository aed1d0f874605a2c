import { z } from "zod";
import { invalidRequest } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import { type Answer, jsonWithPictures } from "./answer.ts";
import { asObject, lastUserText, parseBody, readJson } from "./body.ts";
import { answerChatTask } from "./chat/chat-task.ts";
import {
  chatCompletion,
  type ChatHead,
  type ChatUsage,
  type MessageContent,
} from "./chat/completion.ts";
import { chatContent, messageImages } from "./chat/content.ts";
import { streamChat } from "./chat/stream.ts";
import { askFor } from "./clients.ts";
import { type Door, linksOf, type RequestContext } from "./context.ts";
import {
  checkedPrompt,
  deploymentIn,
  extrasOf,
  pictureFields,
  toImageRequest,
  withOurNames,
} from "./fields.ts";
import { finishedJob } from "./progress.ts";
import { asTaskAnswer, taskIn } from "./tasks.ts";

/** The body of a chat: what steers the picture, and OpenAI's fields that have a meaning here. */
export const chatBody = z.object({
  ...pictureFields,
  prompt: z.string().max(200_000).nullish(),
  messages: z.array(z.unknown(), "has to be a list of messages").nullish(),
  n: z.int().min(1).max(4).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  // Only one value of each is used here; the others are for language models.
  reasoning: z.unknown().optional(),
  modalities: z.unknown().optional(),
  image_config: z.unknown().optional(),
});

type ChatBody = z.output<typeof chatBody>;

/** `POST /v1/chat/completions`: the last user message is the prompt, the answer shows the picture in Markdown. */
export async function completeChat(door: Door, context: RequestContext): Promise<Answer> {
  const sent = await readJson(context);
  const task = taskIn(door, context, sent);
  if (task) return asTaskAnswer(answerChatTask(door, sent, task.reply), task);
  const raw = inShape(withOurNames(sent, deploymentIn(context)));
  const body = parseBody(chatBody, raw);
  const { parameters } = door.catalogue.find(body.model ?? undefined);
  const request = toImageRequest(checkedPrompt(promptOf(body)), body, extrasOf(raw, parameters));
  const hold = await askFor(door, context, request, { endpoint: "chat" });
  if (body.stream) {
    const withUsage = body.stream_options?.include_usage === true;
    const withProgress = body.reasoning === true || door.settings.streamProgress;
    const head = headOf(hold.job);
    const messageOf = (job: Job) => toMessage(door, context, job, body);
    return streamChat(door, { hold, head, withUsage, withProgress, messageOf, usageOf });
  }
  const job = await finishedJob(door, hold);
  const message = await toMessage(door, context, job, body);
  const completion = chatCompletion(headOf(job), message, usageOf(job));
  return message.images ? jsonWithPictures(completion) : { json: completion };
}

/** Takes the shape from OpenRouter's `image_config` where the body names no other. */
function inShape(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { aspect_ratio } = asObject(raw["image_config"]);
  return aspect_ratio == null || raw["aspect_ratio"] != null ? raw : { ...raw, aspect_ratio };
}

/**
 * The picture as a link in Markdown, or beside the text for clients that ask for it in `modalities` (OpenRouter's
 * field). Never both.
 */
async function toMessage(
  door: Door,
  context: RequestContext,
  job: Job,
  { modalities }: ChatBody,
): Promise<MessageContent> {
  const isApart = Array.isArray(modalities) && modalities.includes("image");
  if (!isApart) return { content: chatContent(job, linksOf(door, context, job)) };
  return { content: chatContent(job, []), images: await messageImages(door, context, job) };
}

function promptOf({ prompt, messages }: ChatBody): string {
  const text = prompt || lastUserText(messages ?? []);
  if (text !== undefined) return text;
  const problem = "Say what to paint: a message with the role user, or prompt.";
  throw invalidRequest("messages", problem);
}

/** Made from the job alone, so that a replayed answer is identical. */
function headOf(job: Job): ChatHead {
  return {
    id: `chatcmpl-${job.code.slice(3)}`,
    created: Math.floor(job.createdAt / 1000),
    model: job.brief.model,
  };
}

/** The enhancer's tokens: the picture itself has none. */
function usageOf({ recipe }: Job): ChatUsage {
  const enhancement = recipe?.wording.enhancement;
  const { promptTokens = 0, completionTokens = 0 } =
    enhancement?.status === "enhanced" ? enhancement.usage : {};
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}
