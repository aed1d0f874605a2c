import { z } from "zod";
import type { Answer } from "../answer.ts";
import type { Door, RequestContext } from "../context.ts";
import { eventStream } from "../event-stream.ts";
import { asTaskAnswer, taskIn, type TaskReply } from "../tasks.ts";
import {
  functionCall,
  repeatedOf,
  type ResponseHead,
  responseEvents,
  responseObject,
  textMessage,
} from "./response.ts";

/** The part of a body by which a client's own task is recognised. */
const question = z.object({
  input: z.union([z.string(), z.array(z.unknown())]),
  instructions: z.string().optional().catch(undefined),
  model: z.string().max(200).optional().catch(undefined),
  stream: z.boolean().optional().catch(undefined),
  max_output_tokens: z.number().optional().catch(undefined),
  text: z
    .object({ format: z.object({ type: z.string(), schema: z.unknown().optional() }) })
    .optional()
    .catch(undefined),
  tools: z.array(z.unknown()).optional().catch(undefined),
  tool_choice: z.unknown().optional(),
});

const namedFunction = z.object({
  type: z.literal("function"),
  name: z.string(),
  parameters: z.unknown().optional(),
});
const allowedTools = z.object({ type: z.literal("allowed_tools"), mode: z.string() });

const noUsage = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };

/** Like `answerChatTask`, for responses. A request with the tool that makes pictures is never a task. */
export function answerResponseTask(
  door: Door,
  context: RequestContext,
  body: unknown,
): Answer | undefined {
  const { data: asked } = question.safeParse(body);
  if (!asked || bringsImageTool(asked.tools)) return undefined;
  const task = taskIn(door, context, asChat(asked));
  return task && asTaskAnswer(toAnswer(door, { asked, body, reply: task.reply }), task);
}

type Question = z.output<typeof question>;

const imageTool = z.object({ type: z.literal("image_generation") });

function bringsImageTool(tools: Question["tools"] = []): boolean {
  return tools.some((one) => imageTool.safeParse(one).success);
}

/** The question in the shape of a chat. */
function asChat({ input, instructions, stream, max_output_tokens, text, ...asked }: Question) {
  const said = typeof input === "string" ? [{ role: "user", content: input }] : input;
  const format = text?.format;
  return {
    messages: [...(instructions ? [{ role: "system", content: instructions }] : []), ...said],
    stream,
    max_tokens: max_output_tokens,
    tools: asked.tools?.map(functionOf),
    tool_choice: choiceOf(asked.tool_choice),
    response_format: format && { type: format.type, json_schema: { schema: format.schema } },
  };
}

/** Chats have a function's name and parameters one level deeper. */
function functionOf(tool: unknown) {
  const { data } = namedFunction.safeParse(tool);
  return data ? { type: data.type, function: data } : tool;
}

function choiceOf(choice: unknown) {
  const { data: allowed } = allowedTools.safeParse(choice);
  return allowed ? { allowed_tools: allowed } : functionOf(choice);
}

function toAnswer(
  door: Door,
  { asked, body, reply }: { asked: Question; body: unknown; reply: TaskReply },
): Answer {
  const id = crypto.randomUUID().replaceAll("-", "");
  const head: ResponseHead = {
    id: `resp_${id}`,
    created_at: Math.floor(door.now() / 1000),
    model: asked.model ?? door.catalogue.find().id,
    previous_response_id: null,
    repeated: repeatedOf(body),
  };
  const item =
    reply.shape === "text"
      ? textMessage(`msg_${id}`, reply.content)
      : functionCall(id, reply.name, reply.arguments);
  const done = { status: "completed", output: [item], usage: noUsage } as const;
  if (!asked.stream) return { json: responseObject(head, done) };
  return eventStream({
    door,
    async write(writer) {
      const events = responseEvents(writer, head);
      events.begin();
      if (reply.shape === "text") events.message(item.id, reply.content, 0);
      else events.functionCall(id, reply.name, reply.arguments);
      await events.end(done);
    },
  });
}
