import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { inspectImage } from "../../core/imaging.ts";
import { type Drawbridge, ownDrawbridge, secrets, startDrawbridge } from "../fakes/drawbridge.ts";
import { enhancedPrompt, enhancing, saying } from "../fakes/llm.ts";
import {
  chatCompletion,
  chatCompletionChunk,
  errorEnvelope,
  imageGenerationCompleted,
  imagesResponse,
  modelAnswer,
  modelList,
} from "../fakes/openai-schemas.ts";
import { jsonAnswer } from "../fakes/stand-in.ts";
import type { Environment } from "../fakes/process.ts";
import type { Fault } from "../fakes/image-faults.ts";

interface Recorded {
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  /** Empty for a stream. */
  readonly text: string;
}

/** Every answer that a client of this file got, to be checked after its test. */
const recorded: Recorded[] = [];

const recordingFetch: typeof fetch = async (url, init) => {
  const response = await fetch(url, init);
  const { status, headers } = response;
  const path = new URL(url instanceof Request ? url.url : url).pathname;
  const streamed = headers.get("content-type")?.startsWith("text/event-stream") === true;
  const text = streamed ? "" : await response.text();
  recorded.push({ path, status, headers, text });
  return streamed ? response : new Response(text, { status, headers });
};

type ClientOptions = ConstructorParameters<typeof OpenAI>[0];

function clientOf(baseURL: string, options: ClientOptions = {}): OpenAI {
  return new OpenAI({
    baseURL,
    apiKey: secrets.gateway,
    maxRetries: 0,
    fetch: recordingFetch,
    ...options,
  });
}

/** A Drawbridge for one test. */
const own = (environment: Environment) => ownDrawbridge({ environment });

afterEach(() => {
  for (const { path, status, headers, text } of recorded.splice(0)) {
    expect(headers.get("x-request-id"), path).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get("access-control-allow-origin"), path).toBe("*");
    for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
    if (status >= 400) errorEnvelope.parse(JSON.parse(text));
  }
});

function user(content: string) {
  return [{ role: "user" as const, content }];
}

async function allOf<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** A body with what OpenAI's types do not know, or know as old. */
function imageOf(body: Readonly<Record<string, unknown>>) {
  return body as unknown as OpenAI.ImageGenerateParamsNonStreaming;
}

/** A request with fields that OpenAI's types do not know. */
function chatOf(words: string, extra: object = {}) {
  return { model: "Z-Image", messages: user(words), ...extra };
}

describe.each([
  ["with /v1", "/v1"],
  ["without /v1", ""],
  ["with a slash at its end", "/v1/"],
])("the openai package, its base URL %s", (_, suffix) => {
  let drawbridge: Drawbridge;
  let client: OpenAI;

  beforeAll(async () => {
    drawbridge = await startDrawbridge();
    client = clientOf(drawbridge.url + suffix);
  });
  afterAll(() => drawbridge.close());

  test("lists the models and shows one", async () => {
    const page = await client.models.list();
    modelList.parse({ object: page.object, data: page.data });
    expect(page.data.map(({ id }) => id)).toEqual(["Z-Image"]);
    expect(modelAnswer.parse(await client.models.retrieve("Z-Image"))).toEqual({
      id: "Z-Image",
      object: "model",
      created: 1_730_800_000,
      owned_by: "sd-exacg-gateway",
    });
  });

  test("completes a chat", async () => {
    const completion = await client.chat.completions.create(chatOf("一只可爱的小狗"));
    chatCompletion.parse(completion);
    expect(completion.choices[0]?.message.content).toContain(`${drawbridge.url}/images/`);
  });

  test("streams a chat", async () => {
    const stream = await client.chat.completions.create({ ...chatOf("a dog"), stream: true });
    const chunks = await allOf(stream);
    for (const chunk of chunks) chatCompletionChunk.parse(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.finish_reason)).toEqual([null, null, "stop"]);
  });

  test.each(["b64_json", "url"] as const)("makes images as %s alone", async (response_format) => {
    const answer = await client.images.generate(imageOf({ prompt: "a dog", response_format }));
    const [image] = imagesResponse.parse(answer).data;
    expect(image).toHaveProperty(response_format);
  });
});

describe("a chat through the openai package", () => {
  let drawbridge: Drawbridge;
  let client: OpenAI;

  beforeAll(async () => {
    drawbridge = await startDrawbridge({ service: { paints: "ordered", format: "webp" } });
    client = clientOf(`${drawbridge.url}/v1`);
  });
  afterEach(() => drawbridge.llm.reply(enhancing));
  afterAll(() => drawbridge.close());

  async function contentOf(words: string, extra: object = {}): Promise<string> {
    const completion = await client.chat.completions.create(chatOf(words, extra));
    return chatCompletion.parse(completion).choices[0]?.message.content ?? "";
  }

  /** The link of each image line becomes LINK. */
  function withoutLinks(content: string): string {
    const link = new RegExp(`${drawbridge.url}/images/[0-9a-f]{32}\\.webp`, "g");
    return content.replaceAll(link, "LINK");
  }

  const dog =
    "A fluffy adorable golden retriever puppy with bright eyes, sitting on green grass in soft light.";
  const alt = "A fluffy adorable golden retriever puppy with bright eyes, sitting on green gras";

  test("shows the enhanced words and the original ones, line for line", async () => {
    drawbridge.llm.reply(saying({ prompt: dog, aspect_ratio: "3:2" }));
    const content = await contentOf("一只可爱的小狗", { seed: 123_456_789 });
    expect(withoutLinks(content)).toBe(
      [
        `![${alt}](LINK)`,
        "",
        "---",
        "**✨ Enhanced Prompt:**",
        dog,
        "",
        "**📝 Original Input:**",
        "一只可爱的小狗",
        "",
        "**🎨 Aspect Ratio:** 3:2",
        "**📐 Resolution:** 1920×1280",
        "**🌱 Seed:** 123456789",
      ].join("\n"),
    );
  });

  test("shows the prompt alone when nothing was enhanced", async () => {
    const content = await contentOf("一只猫在看书 no-enhance", { seed: 7 });
    expect(withoutLinks(content)).toBe(
      [
        "![一只猫在看书](LINK)",
        "",
        "---",
        "**📝 Prompt:**",
        "一只猫在看书",
        "",
        "**🎨 Aspect Ratio:** 1:1",
        "**📐 Resolution:** 2048×2048",
        "**🌱 Seed:** 7",
      ].join("\n"),
    );
  });

  test("says in one line that the enhancer failed, and paints the words as they are", async () => {
    drawbridge.llm.reply(jsonAnswer(500, { error: { message: "down" } }));
    const content = await contentOf("a cat, ratio 16:9", { seed: 8 });
    expect(withoutLinks(content)).toBe(
      [
        "![a cat](LINK)",
        "",
        "---",
        "**⚠️ Enhancement failed, using original prompt**",
        "",
        "**📝 Prompt:**",
        "a cat",
        "",
        "**🎨 Aspect Ratio:** 16:9",
        "**📐 Resolution:** 2048×1152",
        "**🌱 Seed:** 8",
      ].join("\n"),
    );
  });

  test.each([
    ["a ratio in the words", "a cat, ratio 9:16", {}, "9:16", "1152×2048"],
    ["width and height", "a cat", { width: 512, height: 256 }, "Custom", "512×256"],
    ["a size", "a cat, ratio 9:16", { size: "640x320" }, "Custom", "640×320"],
    ["an aspect ratio", "a cat, ratio 9:16", { aspect_ratio: "16:9" }, "16:9", "2048×1152"],
    ["the suggestion of the enhancer", "a cat", {}, "3:2", "1920×1280"],
  ] as const)("takes its size from %s", async (...[, words, extra, ratio, resolution]) => {
    const content = await contentOf(words, extra);
    expect(content).toContain(
      `**🎨 Aspect Ratio:** ${ratio}\n**📐 Resolution:** ${resolution}\n**🌱 Seed:**`,
    );
  });

  test("has one image line for each of several pictures, each with its own seed", async () => {
    const content = await contentOf("a cat no-enhance", { n: 3, seed: 41, size: "64x64" });
    const lines = content.split("\n").filter((line) => line.startsWith("!["));
    expect(new Set(lines).size).toBe(3);
    expect(content).toContain("**🌱 Seed:** 41, 42, 43");
    const seeds = drawbridge.service.requests.slice(-3).map(({ body }) => body["seed"]);
    expect(seeds.toSorted()).toEqual([41, 42, 43]);
  });

  test("ends with one notice for each thing that changed the picture", async () => {
    const content = await contentOf("a cat --nonsense no-enhance", {
      width: 513,
      height: 257,
      sampler: "euler",
    });
    expect(content.slice(content.indexOf("**🌱")).split("\n").slice(1)).toEqual([
      "",
      "**ℹ️ --nonsense is not known here and stayed in your words**",
      "**ℹ️ The size 513x257 became 512x256**",
      "**ℹ️ Z-Image does not know sampler, so it was left out**",
    ]);
  });

  test("makes its alternative text harmless", async () => {
    const words = "a ](http://evil.example) ![x](y)\n\n`code` **bold** <b>\n no-enhance";
    const [line = ""] = (await contentOf(words, { size: "64x64" })).split("\n");
    expect(withoutLinks(line)).toMatch(/^!\[[^[\]`*<>\\|]*\]\(LINK\)$/);
  });

  test("counts the enhancer's tokens, and zeros without it", async () => {
    const enhanced = await client.chat.completions.create(chatOf("a cat"));
    expect(enhanced.usage).toEqual({
      prompt_tokens: 321,
      completion_tokens: 57,
      total_tokens: 378,
    });
    const own = await client.chat.completions.create(chatOf("a cat no-enhance", { size: "64x64" }));
    expect(own.usage).toEqual({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 });
  });

  test("takes the last user message, of which it joins the text parts", async () => {
    const completion = await client.chat.completions.create({
      model: "Z-Image",
      messages: [
        { role: "system", content: "You draw." },
        { role: "user", content: "a dog" },
        { role: "assistant", content: "![a dog](https://x.example/1.png)" },
        {
          role: "user",
          content: [
            { type: "text", text: "a cat" },
            { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
            { type: "text", text: "in a hat no-enhance" },
          ],
        },
      ],
    });
    expect(completion.choices[0]?.message.content).toContain("**📝 Prompt:**\na cat in a hat\n");
  });

  test("passes seed, steps, cfg and a negative prompt on to the image service", async () => {
    const extra = { seed: 5, steps: 9, cfg: 3.5, negative_prompt: "blur", size: "64x64" };
    await contentOf("a cat no-enhance", extra);
    expect(drawbridge.service.requests.at(-1)?.body).toEqual({
      prompt: "a cat",
      width: 64,
      height: 64,
      steps: 9,
      cfg: 3.5,
      model_index: 5,
      seed: 5,
      negative_prompt: "blur",
    });
  });

  test("orders 8 steps and a guidance of 7 when nobody says otherwise", async () => {
    await contentOf("a cat no-enhance", { size: "64x64" });
    const { seed, ...order } = drawbridge.service.requests.at(-1)?.body ?? {};
    expect(order).toEqual({
      prompt: "a cat",
      width: 64,
      height: 64,
      steps: 8,
      cfg: 7,
      model_index: 5,
    });
    expect(seed).toBeGreaterThanOrEqual(1);
    expect(seed).toBeLessThanOrEqual(2_147_483_647);
  });

  test("chooses a seed where it is 0 or negative", async () => {
    for (const seed of [0, -1, -2_147_483_648]) {
      await contentOf("a cat no-enhance", { seed, size: "64x64" });
      expect(drawbridge.service.requests.at(-1)?.body["seed"]).toBeGreaterThanOrEqual(1);
    }
  });

  test("accepts in silence what means nothing for pictures", async () => {
    const content = await contentOf("a cat no-enhance", {
      size: "64x64",
      temperature: 0.7,
      top_p: 1,
      frequency_penalty: 0.5,
      presence_penalty: 0.5,
      user: "somebody",
      background: "auto",
      quality: "auto",
      stop: null,
      max_tokens: 100,
      tools: [],
      nobody_knows_this: { at: "all" },
    });
    expect(content).not.toContain("ℹ️");
  });

  describe("that is streamed", () => {
    async function streamed(words: string, extra: object = {}) {
      const stream = await client.chat.completions.create({
        ...chatOf(words, extra),
        stream: true,
      });
      const chunks = await allOf(stream);
      for (const chunk of chunks) chatCompletionChunk.parse(chunk);
      return chunks;
    }

    test("sends the role, the whole content at once, and its end", async () => {
      const chunks = await streamed("a cat no-enhance", { size: "64x64" });
      expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
      const deltas = chunks.map(({ choices }) => choices[0]?.delta);
      expect(deltas[0]).toMatchObject({ role: "assistant" });
      expect(deltas[1]?.content).toMatch(/^!\[a cat\][\s\S]+\*\*🌱 Seed:\*\* \d+$/);
      expect(deltas[2]).toEqual({});
      expect(chunks.map(({ choices }) => choices[0]?.finish_reason)).toEqual([null, null, "stop"]);
    });

    test("ends with the usage where that is asked for", async () => {
      const chunks = await streamed("a cat", { stream_options: { include_usage: true } });
      expect(chunks.map(({ usage }) => usage?.total_tokens ?? null)).toEqual([
        null,
        null,
        null,
        378,
      ]);
      expect(chunks.at(-1)?.choices).toEqual([]);
    });

    test("sends the role before the picture is there, and [DONE] at the very end", async () => {
      const release = drawbridge.service.hold();
      const body = JSON.stringify({
        ...chatOf("a cat no-enhance", { size: "64x64" }),
        stream: true,
      });
      const headers = { authorization: `Bearer ${secrets.gateway}` };
      const response = await fetch(`${drawbridge.url}/v1/chat/completions`, {
        method: "POST",
        headers,
        body,
      });
      expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      const { value: first = "" } = await reader.read();
      expect(first).toMatch(/^data: .*"role":"assistant".*\n\n$/);
      release();
      let rest = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        rest += value;
      }
      expect(rest).toMatch(/\n\ndata: \[DONE\]\n\n$/);
    });

    test("throws the failure of a picture, after saying it in words", async () => {
      drawbridge.service.misbehave("error-object");
      const stream = await client.chat.completions.create({
        ...chatOf("a cat no-enhance"),
        stream: true,
      });
      const contents: unknown[] = [];
      const reading = (async () => {
        for await (const { choices } of stream) contents.push(choices[0]?.delta.content);
      })();
      await expect(reading).rejects.toMatchObject({
        code: "provider_failed",
        type: "server_error",
      });
      expect(contents.at(-1)).toMatch(/^\*\*⚠️ The image service failed/);
    });
  });
});

describe("images through the openai package", () => {
  let drawbridge: Drawbridge;
  let client: OpenAI;

  beforeAll(async () => {
    drawbridge = await startDrawbridge({ service: { paints: "ordered" } });
    client = clientOf(`${drawbridge.url}/v1`);
  });
  afterAll(() => drawbridge.close());

  async function imagesOf(body: Readonly<Record<string, unknown>>) {
    const params = { prompt: "a cat no-enhance", size: "64x64", ...body };
    return imagesResponse.parse(await client.images.generate(imageOf(params)));
  }

  function bytesOf(image: { b64_json?: string | undefined } | undefined): Buffer {
    return Buffer.from(image?.b64_json ?? "", "base64");
  }

  test("come as base64 unless links are asked for", async () => {
    const { data, size } = await imagesOf({});
    expect(inspectImage(bytesOf(data[0]))).toEqual({ format: "png", width: 64, height: 64 });
    expect(size).toBe("64x64");
  });

  test("load from their links without a key, with the very bytes of the service", async () => {
    const { data } = await imagesOf({ response_format: "url" });
    const response = await fetch(data[0]?.url ?? "");
    expect(response.headers.get("content-type")).toBe("image/png");
    const painted = [...drawbridge.service.pictures.values()].at(-1);
    expect(Buffer.from(await response.arrayBuffer()).equals(painted!)).toBe(true);
  });

  test("have as many seeds as pictures", async () => {
    const before = drawbridge.service.requests.length;
    const { data } = await imagesOf({ n: 10 });
    expect(new Set(data.map(({ b64_json }) => b64_json)).size).toBe(10);
    const seeds = drawbridge.service.requests.slice(before).map(({ body }) => body["seed"]);
    expect(new Set(seeds).size).toBe(10);
  });

  test.each(["png", "jpeg", "webp"] as const)("come as %s when asked to", async (output_format) => {
    const answer = await imagesOf({ output_format });
    expect(answer.output_format).toBe(output_format);
    expect(inspectImage(bytesOf(answer.data[0]))).toMatchObject({ format: output_format });
    const { data } = await imagesOf({ output_format, response_format: "url" });
    const response = await fetch(data[0]?.url ?? "");
    expect(response.headers.get("content-type")).toBe(`image/${output_format}`);
    expect(inspectImage(await response.bytes())).toMatchObject({ format: output_format });
  });

  test("are smaller the more they are compressed", async () => {
    const sizes: number[] = [];
    for (const output_compression of [100, 10]) {
      const body = { seed: 3, size: "512x512", output_format: "jpeg", output_compression };
      sizes.push(bytesOf((await imagesOf(body)).data[0]).length);
    }
    expect(sizes[1]).toBeLessThan((sizes[0] ?? 0) * 0.8);
  });

  test("carry the enhanced words as the revised prompt, and none otherwise", async () => {
    const enhanced = await imagesOf({ prompt: "a cat" });
    expect(enhanced.data[0]?.revised_prompt).toBe(enhancedPrompt);
    expect(enhanced.usage).toMatchObject({ input_tokens: 321, output_tokens: 57 });
    expect((await imagesOf({})).data[0]).not.toHaveProperty("revised_prompt");
  });

  test("take our extra fields, and OpenAI's that mean nothing here", async () => {
    await imagesOf({
      seed: 77,
      cfg: 2,
      steps: 5,
      negative_prompt: "fog",
      quality: "auto",
      background: "auto",
      moderation: "low",
      user: "u",
    });
    expect(drawbridge.service.requests.at(-1)?.body).toMatchObject({
      seed: 77,
      cfg: 2,
      steps: 5,
      negative_prompt: "fog",
      width: 64,
      height: 64,
    });
  });

  test.each([
    ["auto", undefined, 2048, 8],
    ["auto", "low", 1024, 6],
    ["auto", "medium", 1536, 8],
    ["auto", "high", 2048, 8],
    ["auto", "standard", 1536, 8],
    ["auto", "hd", 2048, 8],
    [null, null, 2048, 8],
  ])("of size %s and quality %s are ordered in %i pixels", async (size, quality, side, steps) => {
    drawbridge.service.misbehave({ painted: { width: 8, height: 8 } });
    await imagesOf({ size, quality });
    expect(drawbridge.service.requests.at(-1)?.body).toMatchObject({
      width: side,
      height: side,
      steps,
    });
  });

  test("stream ends with each picture's completion", async () => {
    const stream = await client.images.generate({
      prompt: "a cat",
      size: "64x64",
      n: 2,
      stream: true,
    });
    const events = await allOf(stream);
    expect(events).toHaveLength(2);
    for (const event of events) {
      const { b64_json } = imageGenerationCompleted.parse(event);
      expect(inspectImage(bytesOf({ b64_json }))).toMatchObject({ width: 64 });
    }
  });

  test("stream throws the failure of a picture", async () => {
    drawbridge.service.misbehave("truncated-picture");
    const stream = await client.images.generate({
      prompt: "a cat no-enhance",
      size: "64x64",
      stream: true,
    });
    await expect(allOf(stream)).rejects.toMatchObject({ code: "provider_failed" });
  });
});

describe("an error through the openai package", () => {
  const busyForLong: Fault = {
    reply: {
      answer: () => jsonAnswer(429, { success: false, message: "频繁" }, { "retry-after": "100" }),
    },
  };
  let drawbridge: Drawbridge;

  beforeAll(async () => {
    const environment = { SD_TIMEOUT_MS: "700" };
    drawbridge = await startDrawbridge({ environment, enhancer: false });
  });
  afterAll(() => drawbridge.close());

  const body = { prompt: "a cat", size: "64x64" as "auto" };

  /** The error that a call ends with, and how often the image service was called. */
  async function failure(call: (client: OpenAI) => Promise<unknown>, options: ClientOptions = {}) {
    const before = drawbridge.service.requests.length;
    const client = clientOf(`${drawbridge.url}/v1`, { maxRetries: 2, ...options });
    const error = await call(client).then(
      () => expect.fail("it went well"),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof OpenAI.APIError)) throw error;
    const headers = error.headers as Headers;
    return { error, headers, calls: drawbridge.service.requests.length - before };
  }

  test.each([
    ["seed", { seed: 1e30 }],
    ["size", { size: "32x32" }],
    ["width", { width: 10, height: 10 }],
    ["n", { n: 11 }],
    ["response_format", { response_format: "picture" }],
    ["output_format", { output_format: "bmp" }],
    ["output_compression", { output_compression: 101 }],
    ["prompt", { prompt: "" }],
    ["prompt", { prompt: null }],
  ])("is a BadRequestError that names %s", async (param, wrong) => {
    const { error, calls } = await failure((client) =>
      client.images.generate(imageOf({ ...body, ...wrong })),
    );
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ status: 400, param, type: "invalid_request_error" });
    expect(calls).toBe(0);
  });

  test("is an AuthenticationError for a wrong key", async () => {
    const { error } = await failure((client) => client.models.list(), { apiKey: "sk-wrong" });
    expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: "invalid_api_key" });
  });

  test("is a NotFoundError for an unknown model, and for an address with nothing there", async () => {
    const { error } = await failure((client) => client.images.generate({ ...body, model: "flux" }));
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ status: 404, code: "model_not_found", param: "model" });
    const { error: nowhere } = await failure((client) => client.get("/embeddings"));
    expect(nowhere).toBeInstanceOf(OpenAI.NotFoundError);
  });

  test("is a 405 for the wrong method, which names the right ones", async () => {
    const { error, headers } = await failure((client) => client.get("/chat/completions"));
    expect(error).toMatchObject({ status: 405, code: "method_not_allowed" });
    expect(headers.get("allow")).toBe("POST, OPTIONS");
  });

  test.each([2, 20])("is a 413 for a body of %i MiB", async (mebibytes) => {
    const prompt = "x".repeat(mebibytes * 1024 * 1024);
    const { error } = await failure((client) => client.images.generate({ ...body, prompt }));
    expect(error).toMatchObject({ status: 413, code: "request_too_large" });
  });

  test("is a RateLimitError when the quota is used up, with the time to wait", async () => {
    const { url } = await own({ QUOTA_IMAGES_PER_DAY: "1" });
    const client = clientOf(url);
    await client.images.generate(body);
    const error = await client.images.generate(body).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    const { headers } = error as InstanceType<typeof OpenAI.RateLimitError>;
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    expect(headers.get("x-ratelimit-remaining")).toBe("0");
  });

  test("of a full line lets the package wait as long as it is told, and try again", async () => {
    const { url, service } = await own({ SD_CONCURRENCY: "1", MAX_QUEUED_PER_USER: "1" });
    const client = clientOf(url, { maxRetries: 1 });
    await client.images.generate(body);
    const release = service.hold();
    const first = client.images.generate(body);
    await service.arrived(2);
    const second = client.images.generate({ ...body, prompt: "a dog" });
    await expect.poll(async () => waitingJobs(url)).toBe(1);
    const startedAt = Date.now();
    const third = client.images.generate({ ...body, prompt: "a bird" });
    await expect.poll(() => recorded.some(({ status }) => status === 429)).toBe(true);
    release();
    await Promise.all([first, second, third]);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(1000);
    expect(service.requests).toHaveLength(4);
  });

  test.each([
    ["html-error", 502],
    ["without-picture", 502],
    ["truncated-picture", 502],
    ["hang", 504],
    ["picture-hangs", 504],
  ] as const)("after %s is final, because it may have been paid for", async (fault, status) => {
    drawbridge.service.misbehave(fault);
    const { error, headers, calls } = await failure((client) => client.images.generate(body));
    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
    expect(error.status).toBe(status);
    expect(headers.get("x-should-retry")).toBe("false");
    expect(calls).toBe(1);
  });

  test("of a busy service says how long to wait, and may be tried again", async () => {
    drawbridge.service.misbehave(busyForLong);
    const { error, headers } = await failure((client) => client.images.generate(body), {
      maxRetries: 0,
    });
    expect(error).toMatchObject({ status: 503, code: "service_busy" });
    expect(headers.get("retry-after")).toBe("100");
    expect(headers.has("x-should-retry")).toBe(false);
    drawbridge.service.misbehave(busyForLong);
    const client = clientOf(drawbridge.url, { maxRetries: 1 });
    imagesResponse.parse(await client.images.generate(body));
  });
});

async function waitingJobs(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^drawbridge_jobs_waiting (\d+)$/m.exec(metrics)?.[1]);
}
