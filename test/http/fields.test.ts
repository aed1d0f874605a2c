import { describe, expect, test } from "vitest";
import { chatBody } from "../../src/http/chat.ts";
import { editBody, variationBody } from "../../src/http/edits.ts";
import { imagesBody } from "../../src/http/images.ts";
import { isOurName } from "../../src/http/names.ts";
import { responsesBody } from "../../src/http/responses.ts";
import { aDoor, chat } from "../fakes/door.ts";
import { eventsIn } from "../fakes/events.ts";

const generations = "/v1/images/generations";

/** What is ordered for these fields, at both endpoints that take them in JSON, and what is said of it. */
async function ordersFor(fields: object) {
  const { post, easel } = aDoor();
  const image = await post(generations, { prompt: "a cat", ...fields });
  const said = await post("/v1/chat/completions", chat("a cat", fields));
  const { notices } = (await image.json()) as { notices: string[] };
  const content = JSON.stringify(await said.json());
  for (const notice of notices) expect(content).toContain(notice);
  return { orders: easel.orders, notices };
}

describe("a field", () => {
  test.each([
    [{ cfg_scale: 5 }, { guidance: 5 }],
    [{ guidanceScale: 5 }, { guidance: 5 }],
    [{ cfgScale: 5 }, { guidance: 5 }],
    [{ guidance: 5 }, { guidance: 5 }],
    [{ num_steps: 9 }, { steps: 9 }],
    [{ numInferenceSteps: 9 }, { steps: 9 }],
    [{ sampling_steps: 9 }, { steps: 9 }],
    [{ negativePrompt: "fog" }, { negative: "fog" }],
    [{ negative: "fog" }, { negative: "fog" }],
    [{ "negative-prompt": "fog" }, { negative: "fog" }],
    [{ imageSize: "128x64" }, { width: 128, height: 64 }],
    [
      { imageWidth: 128, imageHeight: 64 },
      { width: 128, height: 64 },
    ],
    [{ ratio: "16:9" }, { width: 128, height: 72 }],
    [{ randomSeed: 7 }, { seed: 7 }],
    [{ CFG: 5 }, { guidance: 5 }],
    [{ CFGScale: 5 }, { guidance: 5 }],
    [{ "Negative Prompt": "fog" }, { negative: "fog" }],
    [
      { Steps: 9, Seed: 7 },
      { steps: 9, seed: 7 },
    ],
    [{ image_aspect_ratio: "16:9" }, { width: 128, height: 72 }],
    [{ image_size: { width: 128, height: 64 } }, { width: 128, height: 64 }],
    [{ extra_body: { seed: 7, steps: 9 } }, { seed: 7, steps: 9 }],
    [{ extraBody: { randSeed: 7 } }, { seed: 7 }],
    [{ ar: "16:9" }, { width: 128, height: 72 }],
    [{ size: [128, 64] }, { width: 128, height: 64 }],
    [{ size: 64 }, { width: 64, height: 64 }],
    [
      { w: 128, h: "64px" },
      { width: 128, height: 64 },
    ],
    [{ negative_prompts: ["fog", "rain"] }, { negative: "fog, rain" }],
    [{ nSteps: 9 }, { steps: 9 }],
    [
      { cfg: 5, guidance_scale: 6, cfgScale: 7, steps: 9, num_steps: 3 },
      { guidance: 5, steps: 9 },
    ],
  ])("may have another name: %j", async (fields, order) => {
    const { orders, notices } = await ordersFor(fields);
    expect(orders).toMatchObject([order, order]);
    expect(notices).toEqual([]);
  });

  test.each([
    [{ background: "transparent" }, ["background"]],
    [{ strength: 0.6 }, ["strength"]],
    [{ loras: [{ path: "x", scale: 1 }] }, ["loras"]],
    [{ input_fidelity: "high" }, ["input_fidelity"]],
    [{ style: "vivid" }, ["style"]],
    [{ sampler_name: "Euler a" }, ["sampler"]],
    [{ samplerName: "Euler a" }, ["sampler"]],
    [{ controlnet: { image: "x" } }, ["controlnet"]],
    [{ clipSkip: 2, denoisingStrength: 0.4 }, ["clip_skip", "denoising_strength"]],
    [{ transparentBackground: true }, ["transparent_background"]],
  ])("that no one can honour is named in a notice: %j", async (fields, names) => {
    const { notices } = await ordersFor(fields);
    const said = names.map((name) => `Z-Image does not know ${name}, so it was left out`);
    expect(notices).toEqual(said);
  });

  test.each([
    ["a cat, 16:9 ratio", { width: 64, height: 64 }, { prompt: "a cat", width: 128, height: 72 }],
    ["比例为16:9 的猫", { size: "64x64", seed: 1 }, { width: 128, height: 72, seed: 1 }],
    ["a cat —seed 7 --no fog", { seed: 1, negative_prompt: "x" }, { seed: 7, negative: "fog" }],
    ["a cat", { aspect_ratio: "16:9", seed: 1 }, { width: 128, height: 72, seed: 1 }],
  ])("yields to the words where that is wanted: %s", async (prompt, form, made) => {
    const { post, easel } = aDoor();
    for (const wish of [{ words_first: true }, {}])
      await post(generations, { prompt, ...form, ...wish });
    expect(easel.orders[0]).toMatchObject(made);
    const isSilent = prompt === "a cat";
    expect([easel.orders[1]]).toEqual(
      isSilent ? [easel.orders[0]] : [expect.not.objectContaining(made)],
    );
  });

  test.each([
    [{ steps: 400 }, "The number of steps 400 became 50"],
    [{ cfg: 99.5 }, "The guidance 99.5 became 10"],
  ])("beyond what the model takes is brought into its limits: %j", async (fields, notice) => {
    const { orders, notices } = await ordersFor(fields);
    expect([orders.length, notices]).toEqual([2, [notice]]);
  });

  test("that an endpoint reads is known", () => {
    const bodies = [imagesBody, editBody, variationBody, chatBody, responsesBody];
    const names = bodies.flatMap(({ shape }) => Object.keys(shape));
    expect(names.filter((name) => !isOurName(name))).toEqual([]);
  });

  test("that no one knows is named in a notice where all fields are about the picture", async () => {
    const { post } = aDoor();
    const body = {
      prompt: "a cat",
      user: "u",
      colorPalette: { name: "EMBER" },
      magic_prompt: "ON",
    };
    const answer = (await (await post(generations, body)).json()) as { notices: string[] };
    expect(answer.notices).toEqual([
      "Z-Image does not know magic_prompt, so it was left out",
      "Z-Image does not know color_palette, so it was left out",
    ]);
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`field${at}`, "x"]));
    const long = { ["x".repeat(5000)]: 1, ...many };
    const told = (await (await post(generations, { prompt: "a cat", ...long })).json()) as object;
    expect(JSON.stringify(told).length).toBeLessThan(4000);
    const said = await post("/v1/chat/completions", chat("a cat", { top_k: 40, thinking: {} }));
    expect(await said.text()).not.toContain("does not know");
  });

  test.each([
    { background: "auto" },
    { background: "opaque" },
    { loras: [] },
    { controlnet: {} },
    { watermark: false },
    { style: "" },
    { input_fidelity: null },
    { temperature: 1, top_p: 1, user: "u", moderation: "low" },
  ])("that asks for nothing is taken in silence: %j", async (fields) => {
    const { notices } = await ordersFor(fields);
    expect(notices).toEqual([]);
  });

  test.each([
    [{ n: "2" }, { count: 2 }],
    [{ seed: "42" }, { seed: 42 }],
    [{ seed: "-1" }, {}],
    [
      { width: "128", height: " 64 " },
      { width: 128, height: 64 },
    ],
    [
      { cfg: "4.5", steps: "9" },
      { guidance: 4.5, steps: 9 },
    ],
    [
      { num_inference_steps: "9", guidanceScale: "5" },
      { guidance: 5, steps: 9 },
    ],
    [{ enhance: "false" }, {}],
    [
      { cfg: ".25e1", steps: "1e1" },
      { guidance: 2.5, steps: 10 },
    ],
    [{ n: "２" }, { count: 2 }],
    [{ enhance: "no", stream: 0 }, {}],
    [{ quality: "HD", output_format: "JPG" }, {}],
    [{ quality: "default", output_format: ".png", response_format: "base64" }, {}],
  ])("may hold its number or truth value as a text: %j", async (fields, order) => {
    const { count = 1, ...rest } = order as { count?: number };
    const { orders } = await ordersFor(fields);
    expect(orders).toHaveLength(2 * count);
    expect(orders[0]).toMatchObject(rest);
  });

  test("may hold its truth value as a text where it decides how to answer", async () => {
    const { post } = aDoor();
    const body = { stream: "True", stream_options: { include_usage: "true" } };
    const said = await post("/v1/chat/completions", chat("a cat", body));
    expect(said.headers.get("content-type")).toContain("text/event-stream");
    expect(await said.text()).toContain('"usage":{');
    const image = await post(generations, { prompt: "a cat", stream: "1" });
    expect(eventsIn(await image.text())).toMatchObject([{ event: "image_generation.completed" }]);
    const whole = await post(generations, { prompt: "a cat", stream: "false" });
    expect(whole.headers.get("content-type")).toContain("application/json");
    const probe = await post(
      "/v1/chat/completions",
      chat("1 + 1?", { max_tokens: "5", stream: "true" }),
    );
    expect(await probe.text()).toContain("data: [DONE]");
  });

  const optional = [
    "model size width height aspect_ratio cfg seed steps negative_prompt quality enhance n stream",
    "stream_options response_format output_format output_compression partial_images image_config",
    "image images image_url mask user style sampler background image_size guidanceScale tools",
    "tool_choice instructions previous_response_id modalities reasoning",
  ].flatMap((names) => names.split(" "));

  test.each(optional)("is absent where it is empty: %s", async (name) => {
    const { post } = aDoor();
    for (const blank of ["", " ", "undefined", "null", "None"]) {
      const body = { [name]: blank };
      const { status } = await post(generations, { prompt: "a cat", ...body });
      expect([name, status]).toEqual([name, 200]);
      expect((await post("/v1/chat/completions", chat("a cat", body))).status).toBe(200);
      expect((await post("/v1/responses", { input: "a cat", ...body })).status).toBe(200);
    }
  });

  test("may be empty in a tool and in a picture that is made again", async () => {
    const { post } = aDoor();
    const tools = [
      { type: "image_generation", size: "", quality: "", model: "", partial_images: "0" },
    ];
    const made = await post("/v1/responses", { input: "a cat", model: "gpt-5", tools });
    expect(made.status).toBe(200);
    const code = made.headers.get("x-drawbridge-code") ?? "";
    const again = await post(`/v1/images/${code}/again`, { seed: "", n: "2", prompt: null });
    expect(await again.json()).toMatchObject({ n: 2 });
  });

  test.each([
    { n: "two" },
    { n: "2.5" },
    { stream: "maybe" },
    { seed: "42a" },
    { n: "1," },
    { steps: "0x9" },
  ])("is refused as a text that says nothing clear: %j", async (fields) => {
    const { post } = aDoor();
    expect((await post(generations, { prompt: "a cat", ...fields })).status).toBe(400);
  });

  test.each([
    [{ n: 1 }, "a cat --n 3", 3],
    [{ n: "1" }, "a cat --n 2", 2],
    [{ batch_size: 1 }, "a cat --count 4", 4],
    [{ n: 1 }, "a cat", 1],
    [{ n: 2 }, "a cat --n 3", 2],
    [{}, "a cat --n 3", 3],
  ])(
    "that asks for one picture leaves the number to the words: %j, %s",
    async (fields, prompt, n) => {
      const { post, easel } = aDoor();
      const image = await post(generations, { prompt, ...fields });
      expect(((await image.json()) as { data: unknown[] }).data).toHaveLength(n);
      expect((await post("/v1/chat/completions", chat(prompt, fields))).status).toBe(200);
      expect(easel.orders).toHaveLength(2 * n);
    },
  );

  test.each([0, -1, "-1"])("that asks for any seed leaves it to the words: %j", async (seed) => {
    const { post, easel } = aDoor();
    await post(generations, { prompt: "a cat --seed 42", seed });
    expect(easel.orders).toMatchObject([{ seed: 42 }]);
  });
});
