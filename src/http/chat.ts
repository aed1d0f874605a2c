import { z } from "zod";
import { invalidRequest } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import { askFor, finishedJob } from "./asking.ts";
import { chatAuxiliary } from "./chat/auxiliary.ts";
import { chatContent } from "./chat/content.ts";
import { messageImages, wantsImages } from "./chat/images.ts";
import { streamChat } from "./chat/stream.ts";
import { chatCompletion, type ChatHead, type ChatUsage, type MessageContent } from "./chat/wire.ts";
import { type Door, linksOf, type RequestContext } from "./context.ts";
import { lastUserWords } from "./last-words.ts";
import {
  extrasOf,
  parseBody,
  pictureFields,
  promptAlone,
  toImageRequest,
  withOurNames,
} from "./fields.ts";
import { deploymentIn } from "./paths.ts";

/** The body of a chat: what steers the picture, and OpenAI's fields that have a meaning here. */
export const chatBody = z.object({
  ...pictureFields,
  prompt: z.string().max(200_000).nullish(),
  messages: z.array(z.unknown(), "has to be a list of messages").nullish(),
  n: z.int().min(1).max(4).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  // Of these one value alone has a meaning here: others are for language models.
  reasoning: z.unknown().optional(),
  modalities: z.unknown().optional(),
  image_config: z.unknown().optional(),
});

type ChatBody = z.output<typeof chatBody>;

/** `POST /v1/chat/completions`: the last user message is the prompt, the answer shows the picture in Markdown. */
export async function completeChat(door: Door, context: RequestContext, json: unknown) {
  const auxiliary = chatAuxiliary(door, context, json);
  if (auxiliary) return auxiliary;
  const raw = inShape(withOurNames(json, deploymentIn(context.req.url)));
  const body = parseBody(chatBody, raw);
  const allowed = door.catalogue.find(body.model).parameters;
  const { prompt } = parseBody(promptAlone, { prompt: promptOf(body) });
  const request = toImageRequest(prompt, body.n ?? undefined, body, extrasOf(raw, allowed));
  const hold = await askFor(door, context, request, "chat");
  const messageOf = (job: Job) => toMessage(door, context, job, wantsImages(json));
  if (body.stream) {
    const withUsage = body.stream_options?.include_usage === true;
    const withProgress = body.reasoning === true || door.settings.streamProgress;
    const head = headOf(hold.job);
    return streamChat(door, { hold, head, withUsage, withProgress, messageOf, usageOf });
  }
  const job = await finishedJob(door, hold);
  return context.json(chatCompletion(headOf(job), await messageOf(job), usageOf(job)));
}

const imageConfig = z.object({ aspect_ratio: z.unknown() });

/** The same body with the shape that OpenRouter's clients ask for in `image_config`, where it has no other. */
function inShape(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const wish = imageConfig.safeParse(raw["image_config"]).data?.aspect_ratio;
  return wish == null || raw["aspect_ratio"] != null ? raw : { ...raw, aspect_ratio: wish };
}

/** The picture as a link in Markdown, or beside the text where the client asks for that: never twice. */
async function toMessage(
  door: Door,
  context: RequestContext,
  job: Job,
  apart: boolean,
): Promise<MessageContent> {
  if (!apart) return { content: chatContent(job, linksOf(door, context, job)) };
  return { content: chatContent(job, []), images: await messageImages(door, context, job) };
}

function promptOf({ prompt, messages }: ChatBody): string {
  const words = prompt || lastUserWords(messages ?? []);
  if (words !== undefined) return words;
  const problem = "Say what to paint: a message with the role user, or prompt.";
  throw invalidRequest("messages", problem);
}

/** The same for the same job, so that a replayed answer is the answer. */
function headOf(job: Job): ChatHead {
  return {
    id: `chatcmpl-${job.code.slice(3)}`,
    created: Math.floor(job.createdAt / 1000),
    model: job.brief.model,
  };
}

/** What the enhancer read and wrote, since the picture itself has no tokens. */
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
