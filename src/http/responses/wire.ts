import type { EventWriter } from "../event-stream.ts";

/** What a response repeats of its request. */
export interface ResponseHead {
  readonly id: string;
  /** Unix seconds. */
  readonly created_at: number;
  readonly model: string;
  readonly instructions: string | null;
  readonly tools: readonly unknown[];
}

export interface ResponseUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
}

/** One part of a response's output: a picture's call, or a message. */
export type OutputItem = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly type: "image_generation_call" | "message";
};

export interface ResponseState {
  readonly status: "in_progress" | "completed" | "failed";
  readonly output?: readonly OutputItem[];
  readonly usage?: ResponseUsage;
  readonly error?: { readonly code: string; readonly message: string };
}

/** A response as OpenAI types it; what has no meaning here is null. */
export function responseObject(head: ResponseHead, state: ResponseState) {
  return {
    ...head,
    object: "response",
    status: state.status,
    output: state.output ?? [],
    error: state.error ?? null,
    ...(state.usage ? { usage: usageObject(state.usage) } : {}),
    access_programs: null,
    background: false,
    incomplete_details: null,
    max_output_tokens: null,
    metadata: {},
    parallel_tool_calls: false,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: false,
    temperature: null,
    text: { format: { type: "text" } },
    tool_choice: "auto",
    top_p: null,
    truncation: "disabled",
  };
}

function usageObject(usage: ResponseUsage) {
  return {
    ...usage,
    input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
    output_tokens_details: { reasoning_tokens: 0 },
  };
}

export interface CallResult {
  readonly result: string;
  readonly [detail: string]: unknown;
}

/** A picture's call before (`null`) and after it is there. */
export function imageCall(id: string, done: CallResult | null): OutputItem {
  return {
    id,
    type: "image_generation_call",
    status: done ? "completed" : "in_progress",
    ...(done ?? { result: null }),
  };
}

/** A message of the assistant before (`null`) and after its text is there. */
export function textMessage(id: string, text: string | null): OutputItem {
  return {
    id,
    type: "message",
    role: "assistant",
    status: text === null ? "in_progress" : "completed",
    content: text === null ? [] : [outputText(text)],
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
  endCall(item: OutputItem, index: number): void;
  /** A message from its beginning to its end. */
  message(id: string, text: string, index: number): void;
  end(state: ResponseState): void;
}

export function responseEvents(writer: EventWriter, head: ResponseHead): ResponseEvents {
  let sequence_number = 0;
  const send = (type: string, facts: object) => {
    writer.send({ type, ...facts, sequence_number: sequence_number++ }, type);
  };
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
      item("done", index, done);
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
    end(state) {
      send(`response.${state.status}`, { response: responseObject(head, state) });
    },
  };
}
