import { z } from "zod";
import type { EventWriter } from "../event-stream.ts";
import type { Base64Text } from "../pieces.ts";

const choice = z.union([z.enum(["none", "auto", "required"]), z.looseObject({ type: z.string() })]);

/** A field that is longer in JSON is not repeated: each of a stream's first and last events holds it. */
const mostRepeated = 64 * 1024;

function isShort(value: unknown): boolean {
  return JSON.stringify(value).length <= mostRepeated;
}

/** Fields for language models that a response repeats. A field that has not OpenAI's form, or is long, counts as absent. */
const repeated = z.object({
  instructions: z.string().max(mostRepeated).nullable().catch(null),
  tools: z.array(z.unknown()).refine(isShort).catch([]),
  tool_choice: choice.refine(isShort).catch("auto"),
  metadata: z.record(z.string(), z.string()).refine(isShort).catch({}),
  parallel_tool_calls: z.boolean().catch(false),
  temperature: z.number().nullable().catch(null),
  top_p: z.number().nullable().catch(null),
  max_output_tokens: z.int().nullable().catch(null),
  truncation: z.enum(["auto", "disabled"]).catch("disabled"),
});

/** What a response repeats of its request. */
export interface ResponseHead {
  readonly id: string;
  /** Unix seconds. */
  readonly created_at: number;
  readonly model: string;
  /** Of the response that this one follows. */
  readonly previous_response_id: string | null;
  readonly repeated: z.output<typeof repeated>;
}

/** Reads a request's body, which has to be an object. */
export function repeatedOf(body: unknown): ResponseHead["repeated"] {
  return repeated.parse(body);
}

/** Tokens, as OpenAI counts them in responses. */
export interface ResponseUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
}

/** One part of a response's output: a picture's call, a message, or the call of a client's function. */
export type OutputItem = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly type: "image_generation_call" | "message" | "function_call";
};

/** The status and output of a response. */
export interface ResponseState {
  readonly status: "in_progress" | "completed" | "failed";
  readonly output?: readonly OutputItem[];
  readonly usage?: ResponseUsage;
  readonly error?: { readonly code: string; readonly message: string };
}

/** A response as OpenAI types it; what has no meaning here is null. */
export function responseObject({ repeated, ...head }: ResponseHead, state: ResponseState) {
  return {
    ...head,
    ...repeated,
    object: "response",
    status: state.status,
    output: state.output ?? [],
    error: state.error ?? null,
    ...(state.usage ? { usage: usageObject(state.usage) } : {}),
    access_programs: null,
    background: false,
    incomplete_details: null,
    reasoning: { effort: null, summary: null },
    store: false,
    text: { format: { type: "text" } },
  };
}

function usageObject(usage: ResponseUsage) {
  return {
    ...usage,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens_details: { reasoning_tokens: 0 },
  };
}

/** A picture in base64, with the fields beside it. */
export interface CallResult {
  readonly result: Base64Text | undefined;
  readonly [detail: string]: unknown;
}

/** A picture's call, without its result (`null`) or with it. */
export function imageCall(id: string, done: CallResult | null): OutputItem {
  return {
    id,
    type: "image_generation_call",
    status: done ? "completed" : "in_progress",
    ...(done ?? { result: null }),
  };
}

/** A message of the assistant, without its text (`null`) or with it. */
export function textMessage(id: string, text: string | null): OutputItem {
  return {
    id,
    type: "message",
    role: "assistant",
    status: text === null ? "in_progress" : "completed",
    content: text === null ? [] : [outputText(text)],
  };
}

/** A call of a client's function, without its arguments (`null`) or with them. */
export function functionCall(id: string, name: string, filled: string | null): OutputItem {
  return {
    id: `fc_${id}`,
    type: "function_call",
    call_id: `call_${id}`,
    name,
    arguments: filled ?? "",
    status: filled === null ? "in_progress" : "completed",
  };
}

function outputText(text: string) {
  return { type: "output_text", text, annotations: [], logprobs: [] };
}

/** The events of a streamed response, numbered as they are sent. */
export interface ResponseEvents {
  /** `created` and `in_progress`, both before there is any output. */
  begin(): void;
  /** Announces a call's picture, which is being made. */
  beginCall(id: string, index: number): void;
  preview(id: string, index: number, base64: string): void;
  endCall(item: OutputItem, index: number): Promise<void>;
  /** A message from its beginning to its end. */
  message(id: string, text: string, index: number): void;
  /** A function's call from its beginning to its end. */
  functionCall(id: string, name: string, filled: string): void;
  end(state: ResponseState): Promise<void>;
}

/** Writes the events of one response. */
export function responseEvents(writer: EventWriter, head: ResponseHead): ResponseEvents {
  let sequence_number = 0;
  const event = (type: string, facts: object) =>
    ({ type, ...facts, sequence_number: sequence_number++ }) as const;
  const send = (type: string, facts: object) => writer.send(event(type, facts), type);
  const sendPictures = (type: string, facts: object) =>
    writer.sendPictures(event(type, facts), type);
  const item = (which: "added" | "done", output_index: number, item: OutputItem) =>
    send(`response.output_item.${which}`, { output_index, item });
  const call = (what: string, item_id: string, output_index: number) =>
    send(`response.image_generation_call.${what}`, { output_index, item_id });
  let previews = 0;
  return {
    begin() {
      const response = responseObject(head, { status: "in_progress" });
      send("response.created", { response });
      send("response.in_progress", { response });
    },
    beginCall(id, index) {
      item("added", index, imageCall(id, null));
      call("in_progress", id, index);
      call("generating", id, index);
    },
    preview: (item_id, output_index, partial_image_b64) =>
      send("response.image_generation_call.partial_image", {
        output_index,
        item_id,
        partial_image_index: previews++,
        partial_image_b64,
      }),
    endCall(done, index) {
      call("completed", done.id, index);
      return sendPictures("response.output_item.done", { output_index: index, item: done });
    },
    message(item_id, text, output_index) {
      const place = { item_id, output_index, content_index: 0 };
      item("added", output_index, textMessage(item_id, null));
      send("response.content_part.added", { ...place, part: outputText("") });
      send("response.output_text.delta", { ...place, delta: text, logprobs: [] });
      send("response.output_text.done", { ...place, text, logprobs: [] });
      send("response.content_part.done", { ...place, part: outputText(text) });
      item("done", output_index, textMessage(item_id, text));
    },
    functionCall(id, name, filled) {
      const place = { item_id: `fc_${id}`, output_index: 0 };
      const about = "response.function_call_arguments";
      item("added", 0, functionCall(id, name, null));
      send(`${about}.delta`, { ...place, delta: filled });
      send(`${about}.done`, { ...place, name, arguments: filled });
      item("done", 0, functionCall(id, name, filled));
    },
    async end(state) {
      const [type, response] = [`response.${state.status}`, responseObject(head, state)];
      if (state.output) await sendPictures(type, { response });
      else send(type, { response });
    },
  };
}
