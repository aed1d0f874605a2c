import { z } from "zod";
import { invalidRequest } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import { fields } from "../../core/request.ts";
import { type Answer, jsonWithPictures } from "./answer.ts";
import { asObject, lastUserText, parseBody, readConversation } from "./body.ts";
import { answerChatTask } from "./chat/chat-task.ts";
import {
  chatCompletion,
  chatContent,
  type ChatHead,
  type ChatUsage,
  type MessageContent,
  messageImages,
} from "./chat/completion.ts";
import { streamChat } from "./chat/stream.ts";
import { askFor, type Hold } from "./clients.ts";
import { type Door, linksOf, type RequestContext } from "./context.ts";
import { checkedPrompt, deploymentIn, given, pictureFields } from "./fields.ts";
import { withOurNames } from "./names.ts";
import { ignoresEarlier, shownLast, withEarlier } from "./earlier.ts";
import { bothOf, type Brought, broughtBy, broughtIn, withWordsAlone } from "./pictures.ts";
import { finishedJob } from "./progress.ts";
import { wantedOf } from "./sources.ts";
import { asTaskAnswer, taskIn } from "./tasks.ts";

/** The body of a chat: what steers the picture, and OpenAI's fields that have a meaning here. */
export const chatBody = z.object({
  ...pictureFields,
  prompt: fields.prompt.nullish(),
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
  const raw = inShape(withOurNames(await readConversation(door, context), deploymentIn(context)));
  const task = taskIn(door, context, raw);
  if (task) return asTaskAnswer(answerChatTask(door, raw, task.reply), task);
  const body = parseBody(chatBody, withWordsAlone(raw));
  const prompt = checkedPrompt(promptOf(body));
  const sent = { prompt, body, raw, brought: broughtTo(context, prompt, body, raw) };
  const { request, defaults } = await wantedOf(door, context, sent, true);
  const hold = await askFor(door, context, request, { endpoint: "chat", defaults });
  // The messages may be large, and the picture may take long.
  return answered(door, context, hold, { ...body, messages: null });
}

/** The pictures that were sent, or the one that the words ask to change. */
function broughtTo(
  context: RequestContext,
  prompt: string,
  { messages }: ChatBody,
  raw: Readonly<Record<string, unknown>>,
): Brought {
  const brought = bothOf(broughtIn(messages, "messages"), broughtBy(raw));
  if (ignoresEarlier(context)) return brought;
  return withEarlier(brought, prompt, () => shownLast(messages, "messages"));
}

async function answered(
  door: Door,
  context: RequestContext,
  hold: Hold,
  body: ChatBody,
): Promise<Answer> {
  if (body.stream) {
    const withUsage = body.stream_options?.include_usage === true;
    const withProgress = body.reasoning === true || door.settings.streamProgress;
    const head = headOf(hold.job, body);
    const messageOf = (job: Job) => toMessage(door, context, job, body);
    return streamChat(door, { hold, head, withUsage, withProgress, messageOf, usageOf });
  }
  const job = await finishedJob(door, hold);
  const message = await toMessage(door, context, job, body);
  const completion = chatCompletion(headOf(job, body), message, usageOf(job));
  return message.images ? jsonWithPictures(completion) : { json: completion };
}

/**
 * The same body with the shape and the size that OpenRouter's clients ask for in `image_config`, where it has no others.
 */
function inShape(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (raw["image_config"] == null) return raw;
  const { aspect_ratio, size } = withOurNames(asObject(raw["image_config"]));
  const { aspect_ratio: shape = aspect_ratio, size: own = size } = given(raw);
  return { ...raw, aspect_ratio: shape, size: own };
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

/** The same for the same job, so that a replayed answer is the answer; the model under the name that was asked for. */
function headOf(job: Job, { model }: ChatBody): ChatHead {
  return {
    id: `chatcmpl-${job.code.slice(3)}`,
    created: Math.floor(job.createdAt / 1000),
    model: model ?? job.brief.model,
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
