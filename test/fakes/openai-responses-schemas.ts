import { z } from "zod";

// What the official SDK's types require of a response and of the events of a streamed one, for the parts that we make.

const text = z.string();
const tokens = z.int().min(0);
const unixTime = z.int().min(1_700_000_000);

const outputText = z.strictObject({
  type: z.literal("output_text"),
  text,
  annotations: z.array(z.never()),
  logprobs: z.array(z.never()),
});

const message = z.strictObject({
  id: text.startsWith("msg_"),
  type: z.literal("message"),
  role: z.literal("assistant"),
  status: z.enum(["in_progress", "completed", "incomplete"]),
  content: z.array(outputText),
});

const imageGenerationCall = z.strictObject({
  id: text.startsWith("ig_"),
  type: z.literal("image_generation_call"),
  status: z.enum(["in_progress", "completed", "generating", "failed"]),
  result: z.base64().nullable(),
  action: z.enum(["generate", "edit", "auto"]).optional(),
  background: z.enum(["transparent", "opaque", "auto"]).optional(),
  output_format: z.enum(["png", "webp", "jpeg"]).optional(),
  quality: z.enum(["low", "medium", "high", "auto"]).optional(),
  revised_prompt: text.optional(),
  size: text.regex(/^\d+x\d+$/).optional(),
});

const functionCall = z.strictObject({
  id: text.startsWith("fc_"),
  type: z.literal("function_call"),
  call_id: text.startsWith("call_"),
  name: text,
  arguments: text,
  status: z.enum(["in_progress", "completed", "incomplete"]),
});

const item = z.discriminatedUnion("type", [message, imageGenerationCall, functionCall]);

const usage = z.strictObject({
  input_tokens: tokens,
  input_tokens_details: z.strictObject({ cached_tokens: tokens, cache_write_tokens: tokens }),
  output_tokens: tokens,
  output_tokens_details: z.strictObject({ reasoning_tokens: tokens }),
  total_tokens: tokens,
});

export const responseObject = z.strictObject({
  id: text.startsWith("resp_"),
  object: z.literal("response"),
  created_at: unixTime,
  status: z.enum(["completed", "failed", "in_progress", "cancelled", "queued", "incomplete"]),
  model: text,
  output: z.array(item),
  error: z
    .strictObject({
      code: z.enum(["server_error", "rate_limit_exceeded", "image_content_policy_violation"]),
      message: text.min(1),
    })
    .nullable(),
  usage: usage.optional(),
  access_programs: z.null(),
  background: z.boolean(),
  incomplete_details: z.null(),
  instructions: text.nullable(),
  max_output_tokens: z.int().nullable(),
  metadata: z.record(text, text),
  parallel_tool_calls: z.boolean(),
  previous_response_id: z.null(),
  reasoning: z.strictObject({ effort: z.null(), summary: z.null() }),
  store: z.boolean(),
  temperature: z.number().nullable(),
  text: z.strictObject({ format: z.strictObject({ type: z.literal("text") }) }),
  tool_choice: z.union([z.enum(["none", "auto", "required"]), z.looseObject({ type: z.string() })]),
  tools: z.array(z.looseObject({ type: text })),
  top_p: z.number().nullable(),
  truncation: z.enum(["auto", "disabled"]),
});

const numbered = { sequence_number: tokens };
const place = { ...numbered, item_id: text, output_index: tokens };
const textPlace = { ...place, content_index: tokens };
const ofResponse = { ...numbered, response: responseObject };
const call = (what: string) => z.literal(`response.image_generation_call.${what}`);

export const responseEvent = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("response.created"), ...ofResponse }),
  z.strictObject({ type: z.literal("response.in_progress"), ...ofResponse }),
  z.strictObject({ type: z.literal("response.completed"), ...ofResponse }),
  z.strictObject({ type: z.literal("response.failed"), ...ofResponse }),
  z.strictObject({
    type: z.literal("response.output_item.added"),
    ...numbered,
    output_index: tokens,
    item,
  }),
  z.strictObject({
    type: z.literal("response.output_item.done"),
    ...numbered,
    output_index: tokens,
    item,
  }),
  z.strictObject({ type: call("in_progress"), ...place }),
  z.strictObject({ type: call("generating"), ...place }),
  z.strictObject({ type: call("completed"), ...place }),
  z.strictObject({
    type: call("partial_image"),
    ...place,
    partial_image_index: tokens,
    partial_image_b64: z.base64(),
  }),
  z.strictObject({
    type: z.literal("response.function_call_arguments.delta"),
    ...place,
    delta: text,
  }),
  z.strictObject({
    type: z.literal("response.function_call_arguments.done"),
    ...place,
    name: text,
    arguments: text,
  }),
  z.strictObject({
    type: z.literal("response.content_part.added"),
    ...textPlace,
    part: outputText,
  }),
  z.strictObject({ type: z.literal("response.content_part.done"), ...textPlace, part: outputText }),
  z.strictObject({
    type: z.literal("response.output_text.delta"),
    ...textPlace,
    delta: text,
    logprobs: z.array(z.never()),
  }),
  z.strictObject({
    type: z.literal("response.output_text.done"),
    ...textPlace,
    text,
    logprobs: z.array(z.never()),
  }),
]);
