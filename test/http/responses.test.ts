import { describe, expect, test } from "vitest";
import { ImageError } from "../../core/errors.ts";
import { aDoor } from "../fakes/door.ts";
import { eventsIn, readerOf } from "../fakes/events.ts";
import { responseEvent, responseObject } from "../fakes/openai-responses-schemas.ts";
import { easel } from "../fakes/studio.ts";

const tools = [{ type: "image_generation" }];

async function answer(response: Response | Promise<Response>) {
  return responseObject.parse(await (await response).json());
}

async function streamed(response: Response | Promise<Response>) {
  return read(await (await response).text());
}

function read(text: string) {
  const events = eventsIn(text);
  for (const { event, data } of events) expect(event).toBe(data["type"]);
  return events.map(({ data }) => responseEvent.parse(data));
}

describe("a response", () => {
  test("repeats what its client sent, but for what is long", async () => {
    const { post } = aDoor();
    const other = { type: "function", name: "look", description: "x".repeat(70_000) };
    const body = { model: "Z-Image", input: "a fox", metadata: { of: "anna" } };
    const sent = { instructions: "y".repeat(70_000), tools: [...tools, other] };
    const response = await answer(post("/v1/responses", { ...body, ...sent }));
    expect(response).toMatchObject({ metadata: { of: "anna" }, instructions: null, tools: [] });
  });

  test.each([
    ["a text", "a fox"],
    ["a message", [{ role: "user", content: "a fox" }]],
    [
      "parts of a message, behind others",
      [
        { role: "user", content: "a cat" },
        { type: "message", role: "assistant", content: [{ type: "output_text", text: "…" }] },
        { type: "message", role: "user", content: [{ type: "input_text", text: "a fox" }] },
      ],
    ],
  ])("is a picture made from %s", async (_, input) => {
    const { post, easel: painter } = aDoor();
    const response = await answer(post("/v1/responses", { model: "gpt-5", input, tools }));
    expect(painter.orders.map(({ prompt }) => prompt)).toEqual(["a fox"]);
    expect(response).toMatchObject({
      status: "completed",
      model: "gpt-5",
      tools,
      output: [{ type: "image_generation_call", status: "completed", size: "64x64" }],
    });
  });

  test("follows what the tool says about the picture", async () => {
    const { post, easel: painter } = aDoor();
    const tool = {
      type: "image_generation",
      size: "128x64",
      output_format: "webp",
      quality: "low",
    };
    const body = { input: "a fox", tools: [{ type: "web_search" }, tool], seed: 7 };
    const response = await answer(post("/v1/responses", body));
    expect(painter.orders).toMatchObject([{ width: 128, height: 64, seed: 7 }]);
    expect(response.output).toMatchObject([{ output_format: "webp", quality: "low" }]);
  });

  test("is a message that shows the picture where there is no tool for it", async () => {
    const { post } = aDoor();
    const response = await answer(post("/v1/responses", { model: "Z-Image", input: "a fox" }));
    const [item] = response.output;
    expect(item).toMatchObject({
      type: "message",
      content: [{ text: expect.stringContaining("![a fox](") }],
    });
  });

  test("is a message where the tool is there and not to be used", async () => {
    const { post } = aDoor();
    const body = { model: "Z-Image", input: "a fox", tools, tool_choice: "none" };
    expect(await answer(post("/v1/responses", body))).toMatchObject({
      output: [{ type: "message" }],
      tool_choice: "none",
    });
  });

  test("repeats what its request said of it", async () => {
    const { post } = aDoor();
    const said = {
      metadata: { order: "17" },
      tool_choice: { type: "image_generation" },
      parallel_tool_calls: true,
      temperature: 0.5,
      top_p: 0.9,
      max_output_tokens: 500,
      truncation: "auto",
    };
    const response = await post("/v1/responses", { input: "a fox", tools, ...said });
    expect(responseObject.parse(await response.json())).toMatchObject(said);
    const wrong = { metadata: 5, tool_choice: 7, temperature: "hot", top_p: [], truncation: "no" };
    const other = await post("/v1/responses", { input: "a fox", tools, ...wrong });
    expect(responseObject.parse(await other.json())).toMatchObject({ tool_choice: "auto" });
  });

  test("goes through every event of a picture when it is streamed", async () => {
    const painter = easel({ progress: true, preview: true });
    const { post } = aDoor({ easel: painter });
    const tool = { type: "image_generation", partial_images: 2 };
    const response = await post("/v1/responses", { input: "a fox", tools: [tool], stream: true });
    await painter.begun(1);
    painter.contexts[0]?.onProgress({ fraction: 0.5, preview: Buffer.from("preview") });
    const readTo = readerOf(response);
    await readTo("partial_image_b64");
    painter.finish();
    const events = read(await readTo());
    expect(events.map(({ type }) => type.replace("response.", ""))).toEqual([
      "created",
      "in_progress",
      "output_item.added",
      "image_generation_call.in_progress",
      "image_generation_call.generating",
      "image_generation_call.partial_image",
      "image_generation_call.completed",
      "output_item.done",
      "completed",
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, at) => at));
  });

  test("goes through every event of a message when it is streamed without the tool", async () => {
    const { post } = aDoor();
    const events = await streamed(post("/v1/responses", { input: "a fox", stream: true }));
    expect(events.map(({ type }) => type.replace("response.", ""))).toEqual([
      "created",
      "in_progress",
      "output_item.added",
      "content_part.added",
      "output_text.delta",
      "output_text.done",
      "content_part.done",
      "output_item.done",
      "completed",
    ]);
  });

  test("fails in words, streamed or not", async () => {
    const painter = easel();
    const { post } = aDoor({ easel: painter });
    const body = { input: "a fox", tools };
    const whole = post("/v1/responses", body);
    const inPieces = post("/v1/responses", { ...body, stream: true });
    await painter.begun(2);
    const refused = () => new ImageError("content-refused", { by: "provider", reason: "No." });
    painter.finish(refused());
    painter.finish(refused());
    expect((await whole).status).toBe(400);
    expect((await streamed(inPieces)).at(-1)).toMatchObject({
      type: "response.failed",
      response: {
        status: "failed",
        error: { code: "image_content_policy_violation", message: "This picture was refused: No." },
      },
    });
  });

  test.each([
    ["input", {}],
    ["input", { input: 5 }],
    ["input", { input: [{ role: "assistant", content: "a" }] }],
    ["prompt", { input: "" }],
    ["model", { input: "a", tools: [{ type: "image_generation", model: "flux" }] }],
    ["model", { input: "a", model: "gpt-5" }],
    ["size", { input: "a", tools: [{ type: "image_generation", size: "huge" }] }],
    ["previous_response_id", { input: "a", previous_response_id: "resp_1" }],
    ["background", { input: "a", background: true }],
  ])("names %s when that is what is wrong", async (param, body) => {
    const { post } = aDoor();
    const response = await post("/v1/responses", body);
    expect([400, 404]).toContain(response.status);
    expect(await response.json()).toMatchObject({ error: { param } });
  });

  test.each([
    ["by its name", { type: "function", name: "name_it" }],
    ["as the first", "required"],
    ["as one of those allowed", { type: "allowed_tools", mode: "required", tools: [] }],
  ])("is the call of a function that is forced %s", async (_, tool_choice) => {
    const { post, easel: painter } = aDoor();
    const parameters = { type: "object", properties: { title: { type: "string" } } };
    const functions = [{ type: "function", name: "name_it", parameters }];
    const body = { model: "gpt-5", input: "a red fox", tools: functions, tool_choice };
    const call = { type: "function_call", name: "name_it", arguments: '{"title":"A red fox"}' };
    expect(await answer(post("/v1/responses", body))).toMatchObject({ output: [call] });
    const events = await streamed(post("/v1/responses", { ...body, stream: true }));
    expect(events.map(({ type }) => type.replace("response.", ""))).toEqual([
      "created",
      "in_progress",
      "output_item.added",
      "function_call_arguments.delta",
      "function_call_arguments.done",
      "output_item.done",
      "completed",
    ]);
    expect(events.at(-1)).toMatchObject({ response: { output: [call] } });
    expect(painter.orders).toEqual([]);
  });

  test("answers a chat client's own question without a picture", async () => {
    const { post, easel: painter, tasks } = aDoor();
    const instructions =
      "You are a professional conversation summarizer. Generate a concise title.";
    const body = { model: "gpt-5-mini", instructions, input: "user: a red fox\nassistant: done" };
    expect(await answer(post("/v1/responses", body))).toMatchObject({
      output: [{ content: [{ text: "A red fox" }] }],
    });
    const events = await streamed(post("/v1/responses", { ...body, stream: true }));
    expect(events.at(-1)).toMatchObject({ type: "response.completed" });
    expect([painter.orders.length, tasks]).toEqual([0, ["lobechat title", "lobechat title"]]);
  });
});
