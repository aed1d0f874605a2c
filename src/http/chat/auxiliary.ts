import { z } from "zod";
import { type Auxiliary, type AuxiliaryReply, answerAuxiliary } from "../auxiliary.ts";
import { chatChunks, chatCompletion, type FinishReason, noUsage } from "./wire.ts";
import type { Door, RequestContext } from "../context.ts";
import { eventStream } from "../event-stream.ts";

const heartbeatMs = 10_000;

/** How the client wants to be answered; whatever else it says is not our business here. */
const manner = z.object({
  model: z.string().max(200).optional().catch(undefined),
  stream: z.boolean().optional().catch(undefined),
  stream_options: z.object({ include_usage: z.boolean() }).optional().catch(undefined),
});

/**
 * Answers what a chat client asks on its own: at once, without a job, for nothing. undefined where somebody may want a
 * picture. The model's name is not looked up: clients ask such things of models that they believe to be everywhere.
 */
export function chatAuxiliary(
  door: Door,
  context: RequestContext,
  json: unknown,
): Response | undefined {
  if (!door.settings.answerAuxiliary) return undefined;
  const auxiliary = answerAuxiliary(json, (name) => context.req.header(name));
  if (!auxiliary) return undefined;
  door.observe.auxiliaryAnswered(auxiliary.client, auxiliary.kind);
  const response = respond(door, context, json, auxiliary);
  response.headers.set("x-drawbridge-auxiliary", auxiliary.kind);
  return response;
}

function respond(door: Door, context: RequestContext, json: unknown, { reply }: Auxiliary) {
  const { model, stream, stream_options: options } = manner.parse(json);
  const id = `chatcmpl-${crypto.randomUUID()}`;
  const created = Math.floor(door.now() / 1000);
  const head = { id, created, model: model ?? door.catalogue.find().id };
  const finishReason: FinishReason = reply.shape === "tool" ? "tool_calls" : "stop";
  if (!stream) return context.json(chatCompletion(head, messageOf(reply), noUsage, finishReason));
  const chunks = chatChunks(head, options?.include_usage === true);
  return eventStream({
    heartbeatMs,
    async write(writer) {
      writer.send(chunks.role());
      writer.send(chunks.delta(deltaOf(reply)));
      writer.send(chunks.finish(finishReason));
      for (const chunk of chunks.usage(noUsage)) writer.send(chunk);
      writer.done();
    },
  });
}

function messageOf(reply: AuxiliaryReply) {
  return reply.shape === "text"
    ? { content: reply.content }
    : { content: null, tool_calls: [toolCall(reply)] };
}

function deltaOf(reply: AuxiliaryReply): object {
  return reply.shape === "text"
    ? { content: reply.content }
    : { tool_calls: [{ index: 0, ...toolCall(reply) }] };
}

function toolCall({ name, arguments: filled }: AuxiliaryReply & { shape: "tool" }) {
  const id = `call_${crypto.randomUUID().replaceAll("-", "")}`;
  return { id, type: "function", function: { name, arguments: filled } };
}
