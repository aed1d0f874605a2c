import { z } from "zod";

// What OpenAI's published description (https://github.com/openai/openai-openapi) requires of the answers that we
// imitate: the same required keys, types and values. Further keys are allowed there, and so here. The sizes that it
// enumerates are those of its own models.

const unixTime = z.int().min(1_700_000_000);
const text = z.string();
const tokens = z.int().min(0);

const usage = z.object({
  prompt_tokens: tokens,
  completion_tokens: tokens,
  total_tokens: tokens,
});

/** The parts that every choice of a chat shares. */
const choice = { index: z.int(), logprobs: z.null() };

export const chatCompletion = z.object({
  id: text,
  object: z.literal("chat.completion"),
  created: unixTime,
  model: text,
  choices: z
    .array(
      z.object({
        ...choice,
        message: z.object({
          role: z.literal("assistant"),
          content: text.nullable(),
          refusal: text.nullable(),
        }),
        finish_reason: z.enum(["stop", "length", "tool_calls", "content_filter", "function_call"]),
      }),
    )
    .min(1),
  usage: usage.optional(),
});

export const chatCompletionChunk = z.object({
  id: text,
  object: z.literal("chat.completion.chunk"),
  created: unixTime,
  model: text,
  choices: z.array(
    z.object({
      ...choice,
      delta: z.object({
        role: z.enum(["developer", "system", "user", "assistant", "tool"]).optional(),
        content: text.nullable().optional(),
        refusal: text.nullable().optional(),
      }),
      finish_reason: z
        .enum(["stop", "length", "tool_calls", "content_filter", "function_call"])
        .nullable(),
    }),
  ),
  usage: usage.nullable().optional(),
});

const imageUsage = z.object({
  input_tokens: tokens,
  output_tokens: tokens,
  total_tokens: tokens,
  input_tokens_details: z.object({ text_tokens: tokens, image_tokens: tokens }),
});

const pictureFacts = {
  background: z.enum(["transparent", "opaque"]),
  output_format: z.enum(["png", "webp", "jpeg"]),
  size: text.regex(/^\d+x\d+$/),
  quality: z.enum(["low", "medium", "high"]),
  usage: imageUsage,
};

const image = z
  .object({
    b64_json: z.base64().optional(),
    url: z.url().optional(),
    revised_prompt: text.optional(),
  })
  .refine(({ b64_json, url }) => (b64_json === undefined) !== (url === undefined), {
    error: "a picture is either base64 or a link, never both",
  });

export const imagesResponse = z.object({
  created: unixTime,
  data: z.array(image).min(1),
  ...z.object(pictureFacts).partial().shape,
});

export const imageGenerationCompleted = z.object({
  type: z.literal("image_generation.completed"),
  b64_json: z.base64(),
  created_at: unixTime,
  ...pictureFacts,
});

/** All four keys are required; `param` and `code` may be null. */
export const errorEnvelope = z.strictObject({
  error: z.strictObject({
    message: text.min(1),
    type: text.min(1),
    param: text.nullable(),
    code: text.nullable(),
  }),
});

const model = z.object({
  id: text,
  object: z.literal("model"),
  created: unixTime,
  owned_by: text,
});

export const modelAnswer = model;

export const modelList = z.object({ object: z.literal("list"), data: z.array(model) });
