import { z } from "zod";
import { base64Of } from "#runtime";
import type { Catalogue } from "../../core/catalogue.ts";
import { invalidRequest } from "../../core/errors.ts";
import type { Job } from "../../core/job.ts";
import type { OpenPicture } from "../../core/studio/kept-pictures.ts";
import { takenApart } from "../../core/wire/markdown.ts";
import { type Answer, jsonWithPictures } from "./answer.ts";
import { asObject, isBarePart, lastUserText, parseBody, readConversation } from "./body.ts";
import { chatContent } from "./chat/completion.ts";
import { askFor, type Hold } from "./clients.ts";
import { type Door, linksOf, type RequestContext } from "./context.ts";
import { type ApiProblem, problemOf } from "./errors.ts";
import { eventStream, type EventWriter } from "./event-stream.ts";
import { checkedPrompt, deploymentIn, pictureFields } from "./fields.ts";
import { withOurNames } from "./names.ts";
import { bothOf, broughtBy, broughtIn } from "./pictures.ts";
import { imagesUsage, revisedPrompt } from "./images/images-answer.ts";
import { openPictures, outputFields } from "./output.ts";
import { Base64Text } from "./pieces.ts";
import { finishedJob, finishedWithPreviews } from "./progress.ts";
import { wantedOf } from "./sources.ts";
import { noticeText } from "./notices.ts";
import { broughtToResponse, jobOfResponse } from "./responses/earlier-picture.ts";
import { answerResponseTask } from "./responses/response-task.ts";
import {
  imageCall,
  type OutputItem,
  type ResponseHead,
  responseEvents,
  repeatedOf,
  responseObject,
  textMessage,
} from "./responses/response.ts";

const input = z.union([z.string(), z.array(z.unknown())], "has to be a text or a list of messages");

/** The body of `POST /v1/responses`; fields about the picture may be in the tool or beside it. */
export const responsesBody = z.object({
  ...pictureFields,
  ...outputFields,
  input,
  instructions: z.unknown().optional(),
  tools: z.array(z.unknown()).nullish(),
  tool_choice: z.unknown().optional(),
  n: z.int().min(1).max(4).nullish(),
  stream: z.boolean().nullish(),
  partial_images: z.int().min(0).max(3).nullish(),
  background: z.union([z.boolean(), z.string()]).nullish(),
  previous_response_id: z.string().nullish(),
  action: z.enum(["auto", "generate", "edit"]).nullish(),
});

/** A checked request with its job. */
interface Accepted {
  readonly body: z.output<typeof responsesBody>;
  readonly head: ResponseHead;
  readonly hold: Hold;
  /** True: the answer is the tool's picture. False: it is a message that shows one. */
  readonly withTool: boolean;
}

/** `POST /v1/responses`: paints the last user text, as a call of the tool `image_generation` or in a message. */
export async function createResponse(door: Door, context: RequestContext): Promise<Answer> {
  const body = withOurNames(await readConversation(door, context), deploymentIn(context));
  const sent = { ...body, input: inMessages(body["input"]) };
  const task = answerResponseTask(door, context, sent);
  if (task) return task;
  const accepted = await ask(door, context, sent);
  if (accepted.body.stream) return streamResponse(door, context, accepted);
  const job = await finishedJob(door, accepted.hold);
  const output = await outputOf(door, context, job, accepted);
  const state = { status: "completed", output, usage: imagesUsageOf(job) } as const;
  return jsonWithPictures(responseObject(accepted.head, state));
}

/** An input that is no text as messages: one alone, and parts without a message, which belong to the user's before them. */
function inMessages(input: unknown): unknown {
  if (typeof input !== "object" || input === null) return input;
  const messages: unknown[] = [];
  for (const item of [input].flat() as unknown[]) {
    const { role, content } = asObject(messages.at(-1));
    if (!isBarePart(item)) messages.push(item);
    else if (role !== "user") messages.push({ role: "user", content: [item] });
    else messages.push({ ...asObject(messages.pop()), content: [content, item].flat() });
  }
  return messages;
}

async function ask(
  door: Door,
  context: RequestContext,
  plain: Readonly<Record<string, unknown>>,
): Promise<Accepted> {
  const tool = toolIn(plain["tools"]);
  const raw = withOurNames({ ...plain, ...tool, model: modelFor(door.catalogue, plain, tool) });
  const body = parseBody(responsesBody, raw);
  refuseBackground(body);
  const { input, action, previous_response_id: previousId } = body;
  const prompt = checkedPrompt(promptOf(body));
  const previous = previousId ? await jobOfResponse(door, context, previousId) : undefined;
  const sent = bothOf(broughtIn(input, "input"), broughtBy(raw));
  const wish = { words: prompt, input, action, previous };
  const brought = broughtToResponse(context, sent, wish);
  // What was not sent and only the words ask for is no reason to refuse.
  const ignoring = brought !== sent && action !== "edit";
  const asked = { prompt, body, raw, brought };
  const { request, defaults } = await wantedOf(door, context, asked, ignoring);
  const hold = await askFor(door, context, request, { endpoint: "responses", defaults });
  const { code, createdAt, brief } = hold.job;
  const head: ResponseHead = {
    id: `resp_${code.slice(3)}`,
    created_at: Math.floor(createdAt / 1000),
    model: typeof plain["model"] === "string" ? plain["model"] : brief.model,
    previous_response_id: previousId ?? null,
    repeated: repeatedOf(plain),
  };
  const withTool = tool !== undefined && body.tool_choice !== "none";
  // The input may be large, and the picture may take long.
  return { body: { ...body, input: "" }, head, hold, withTool };
}

function toolIn(tools: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!Array.isArray(tools)) return undefined;
  return tools.map(asObject).find(({ type }) => type === "image_generation");
}

/**
 * The tool's model, or the response's own if it is in the catalogue. With the tool, the response's model usually is a
 * language model of another service; then the default model paints.
 */
function modelFor(
  catalogue: Catalogue,
  { model }: Readonly<Record<string, unknown>>,
  tool: Readonly<Record<string, unknown>> | undefined,
): unknown {
  if (!tool || tool["model"] != null) return tool?.["model"] ?? model;
  return catalogue.served(String(model)) ? model : undefined;
}

function refuseBackground({ background }: Accepted["body"]): void {
  if (background === true) {
    throw invalidRequest("background", "background: responses are not kept here. Wait, or stream.");
  }
}

function promptOf({ input }: Accepted["body"]): string {
  const text = typeof input === "string" ? takenApart(input).words : lastUserText(input);
  if (text !== undefined) return text;
  throw invalidRequest("input", "Say what to paint: a text, or a message with the role user.");
}

function imagesUsageOf(job: Job) {
  const { input_tokens, output_tokens, total_tokens } = imagesUsage(job);
  return { input_tokens, output_tokens, total_tokens };
}

// === The output

async function outputOf(
  door: Door,
  context: RequestContext,
  job: Job,
  { body, withTool }: Accepted,
): Promise<OutputItem[]> {
  const said = saidOf(door, context, job, withTool);
  const message = said === "" ? [] : [textMessage(itemId(job), said)];
  if (!withTool) return message;
  const opened = await openPictures(door, context, job, body);
  const calls = job.pictures.map((picture, index) =>
    imageCall(itemId(job, picture.number), {
      ...resultOf(opened[index]),
      size: `${picture.width}x${picture.height}`,
      quality: body.quality === "low" || body.quality === "medium" ? body.quality : "high",
      background: "opaque",
      action: job.brief.sources ? "edit" : "generate",
      ...revisedPrompt(job, picture.number),
    }),
  );
  return [...calls, ...message];
}

/** What is said even where clients expect the calls of a tool alone: that a picture was sent in vain. */
const ofSentPictures: ReadonlySet<string> = new Set([
  "picture-ignored",
  "picture-gone",
  "pictures-left-out",
  "mask-ignored",
]);

/** The text of a response: all of it, or beside the calls of the tool what became of the pictures that were sent. */
function saidOf(door: Door, context: RequestContext, job: Job, withTool: boolean): string {
  const notices = job.notices.filter(({ code }) => ofSentPictures.has(code));
  if (withTool) return notices.map(noticeText).join("\n");
  return chatContent(job, linksOf(door, context, job));
}

function resultOf(opened: OpenPicture | undefined) {
  return { result: opened && new Base64Text(opened.kept), output_format: opened?.format };
}

function itemId({ code }: Job, number?: number): string {
  return number === undefined ? `msg_${code.slice(3)}` : `ig_${code.slice(3)}_${number}`;
}

// === Streamed

function streamResponse(door: Door, context: RequestContext, accepted: Accepted): Answer {
  const { hold, head, withTool } = accepted;
  const first = itemId(hold.job, 1);

  async function write(writer: EventWriter): Promise<void> {
    const events = responseEvents(writer, head);
    events.begin();
    if (withTool) events.beginCall(first, 0);
    try {
      const most = withTool ? (accepted.body.partial_images ?? 0) : 0;
      const job = await finishedWithPreviews(door, hold, most, async (preview) => {
        events.preview(first, 0, base64Of(preview));
      });
      const output = await outputOf(door, context, job, accepted);
      for (const [index, item] of output.entries()) {
        if (item.type === "message") {
          events.message(item.id, saidOf(door, context, job, withTool), index);
          continue;
        }
        if (index > 0) events.beginCall(item.id, index);
        await events.endCall(item, index);
      }
      await events.end({ status: "completed", output, usage: imagesUsageOf(job) });
    } catch (error) {
      const problem = problemOf(error, door.log, { job: hold.job.code });
      await events.end({ status: "failed", error: responseError(problem) });
    }
  }

  return eventStream({ write, door });
}

/** OpenAI has its own list of codes for failed responses. */
const errorCodes: Readonly<Record<string, string>> = {
  rate_limit_exceeded: "rate_limit_exceeded",
  queue_full: "rate_limit_exceeded",
  content_policy_violation: "image_content_policy_violation",
};

function responseError({ body }: ApiProblem) {
  const { code, message } = body.error;
  return { code: errorCodes[code ?? ""] ?? "server_error", message };
}
