import { z } from "zod";
import type { Answer } from "../answer.ts";
import type { Door } from "../context.ts";
import { eventStream } from "../event-stream.ts";
import type { TaskReply } from "../tasks.ts";
import { chatChunks, chatCompletion, type FinishReason, noUsage } from "./completion.ts";

/** The fields that decide the form of the answer. */
const style = z.object({
  model: z.string().max(200).optional().catch(undefined),
  stream: z.boolean().optional().catch(undefined),
  stream_options: z.object({ include_usage: z.boolean() }).optional().catch(undefined),
});

/**
 * Answers a task of a chat client itself: at once, without a job, free of charge. The model's name is not looked up,
 * because clients use models here that they expect on every server.
 */
export function answerChatTask(door: Door, body: unknown, reply: TaskReply): Answer {
  const { model, stream, stream_options: options } = style.parse(body);
  const id = `chatcmpl-${crypto.randomUUID()}`;
  const created = Math.floor(door.now() / 1000);
  const head = { id, created, model: model ?? door.catalogue.find().id };
  const finishReason: FinishReason = reply.shape === "tool" ? "tool_calls" : "stop";
  if (!stream) return { json: chatCompletion(head, messageOf(reply), noUsage, finishReason) };
  const chunks = chatChunks(head, options?.include_usage === true);
  return eventStream({
    door,
    async write(writer) {
      writer.send(chunks.role());
      writer.send(chunks.delta(deltaOf(reply)));
      writer.send(chunks.finish(finishReason));
      for (const chunk of chunks.usage(noUsage)) writer.send(chunk);
      writer.done();
    },
  });
}

function messageOf(reply: TaskReply) {
  return reply.shape === "text"
    ? { content: reply.content }
    : { content: null, tool_calls: [toolCall(reply)] };
}

function deltaOf(reply: TaskReply): object {
  return reply.shape === "text"
    ? { content: reply.content }
    : { tool_calls: [{ index: 0, ...toolCall(reply) }] };
}

function toolCall({ name, arguments: filled }: TaskReply & { shape: "tool" }) {
  const id = `call_${crypto.randomUUID().replaceAll("-", "")}`;
  return { id, type: "function", function: { name, arguments: filled } };
}
