import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateImage, generateText, jsonSchema, Output, streamText } from "ai";
import OpenAI, { AzureOpenAI, toFile } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inspectImage } from "../../core/imaging.ts";
import { openWebUiTask } from "../fakes/chat-clients.ts";
import { type Drawbridge, ownDrawbridge, secrets, startDrawbridge } from "../fakes/drawbridge.ts";
import { collect, deltasIn, eventsIn, readerOf } from "../fakes/events.ts";
import { responseEvent, responseObject } from "../fakes/openai-responses-schemas.ts";
import {
  chatCompletion,
  chatCompletionChunk,
  errorEnvelope,
  imagesResponse,
  modelList,
} from "../fakes/openai-schemas.ts";
import type { Environment } from "../fakes/process.ts";

let shared: Drawbridge;

beforeAll(async () => {
  shared = await startDrawbridge({ enhancer: false, environment: { MAX_QUEUED_PER_USER: "100" } });
});
afterAll(() => shared.close());

const own = (environment: Environment) => ownDrawbridge({ environment });

/** How many pictures were ordered while this was done. */
async function ordersFor(work: () => Promise<unknown>): Promise<number> {
  const before = shared.service.requests.length;
  await work();
  return shared.service.requests.length - before;
}

// === The AI SDK

function aiSdk({ url }: Drawbridge, fetch: typeof globalThis.fetch = globalThis.fetch) {
  return createOpenAICompatible({
    name: "drawbridge",
    baseURL: `${url}/v1`,
    apiKey: secrets.gateway,
    includeUsage: true,
    fetch,
  });
}

describe("the ai package with @ai-sdk/openai-compatible", () => {
  test("completes a chat", async () => {
    const { text, finishReason } = await generateText({
      model: aiSdk(shared)("Z-Image"),
      prompt: "a red fox",
    });
    expect(finishReason).toBe("stop");
    await expectPicture(linkIn(text));
  });

  test("streams a chat, with its progress as reasoning where that is asked for", async () => {
    const result = streamText({
      model: aiSdk(shared)("Z-Image"),
      prompt: "a red fox",
      providerOptions: { drawbridge: { reasoning: true } },
    });
    const parts = await collect(result.stream);
    const texts = parts.filter(({ type }) => type === "text-delta");
    expect(texts).toHaveLength(1);
    expect(parts.some(({ type }) => type === "reasoning-delta")).toBe(true);
    expect(parts.at(-1)).toMatchObject({ type: "finish", finishReason: "stop" });
    await expectPicture(linkIn(await result.text));
  });

  test("makes several images", async () => {
    const { images } = await generateImage({
      model: aiSdk(shared).imageModel("Z-Image"),
      prompt: "a red fox",
      size: "64x64",
      n: 2,
    });
    expect(images).toHaveLength(2);
    for (const { uint8Array } of images) inspectImage(uint8Array);
  });

  test("gets an object of its schema for nothing, made from the user's words", async () => {
    const schema = jsonSchema<{ title: string; tags: string[] }>({
      type: "object",
      properties: { title: { type: "string" }, tags: { type: "array", items: { type: "string" } } },
      required: ["title", "tags"],
      additionalProperties: false,
    });
    const provider = createOpenAICompatible({
      name: "drawbridge",
      baseURL: `${shared.url}/v1`,
      apiKey: secrets.gateway,
      supportsStructuredOutputs: true,
    });
    const orders = await ordersFor(async () => {
      const { output } = await generateText({
        model: provider("Z-Image"),
        prompt: "a red fox in deep snow",
        output: Output.object({ schema }),
      });
      expect(output).toEqual({ title: "A red fox in deep", tags: ["Red", "Fox", "Deep"] });
    });
    expect(orders).toBe(0);
  });

  test("shows the sentence of an error", async () => {
    const painting = generateText({ model: aiSdk(shared)("flux"), prompt: "a", maxRetries: 0 });
    await expect(painting).rejects.toThrow('The model "flux" does not exist here.');
  });

  test("tries again on its own after a cut connection without a second order", async () => {
    const drawbridge = await own({});
    const release = drawbridge.service.hold();
    let tries = 0;
    const impatient: typeof fetch = async (url, init) => {
      if (++tries > 1) {
        release();
        return fetch(url, init);
      }
      const cut = new AbortController();
      const first = fetch(url, { ...init, signal: cut.signal });
      await drawbridge.service.arrived(1);
      cut.abort();
      await first.catch(() => undefined);
      throw new TypeError("fetch failed", { cause: new Error("socket hang up") });
    };
    const { image } = await generateImage({
      model: aiSdk(drawbridge, impatient).imageModel("Z-Image"),
      prompt: "a red fox",
    });
    inspectImage(image.uint8Array);
    expect([tries, drawbridge.service.requests.length]).toEqual([2, 1]);
  });
});

// === The official SDK: what the other tests of it leave out

describe("the openai package", () => {
  const client = () =>
    new OpenAI({ baseURL: `${shared.url}/v1`, apiKey: secrets.gateway, maxRetries: 0 });
  const tools = [{ type: "image_generation" as const }];

  test("gets a picture from a response with the tool image_generation", async () => {
    const response = await client().responses.create({ model: "gpt-5", input: "a red fox", tools });
    const { output_text: _, ...sent } = response;
    responseObject.parse(JSON.parse(JSON.stringify(sent)));
    const [call] = response.output.filter((item) => item.type === "image_generation_call");
    inspectImage(Buffer.from(call?.result ?? "", "base64"));
  });

  test("follows a streamed response to its end", async () => {
    const body = { model: "gpt-5", input: "a red fox", tools, stream: true } as const;
    const events = await collect(await client().responses.create(body));
    for (const event of events) responseEvent.parse(event);
    const last = events.at(-1);
    expect(last?.type).toBe("response.completed");
    const final = await client()
      .responses.stream({ model: "x", input: "a", tools })
      .finalResponse();
    expect(final.output).toMatchObject([{ type: "image_generation_call", status: "completed" }]);
  });

  test("reads the text of a response without the tool", async () => {
    const { output_text } = await client().responses.create({ model: "Z-Image", input: "a fox" });
    await expectPicture(linkIn(output_text));
  });

  test.each(["edit", "createVariation"] as const)(
    "is told in words that a model has no %s",
    async (way) => {
      const image = await toFile(Buffer.from("x"), "x.png", { type: "image/png" });
      const body = { image, prompt: "bluer", model: "dall-e-2" };
      const error = await client()
        .images[way](body)
        .catch((error: unknown) => error);
      expect(error).toBeInstanceOf(OpenAI.BadRequestError);
      expect(error).toMatchObject({ status: 400, code: "unsupported_feature" });
    },
  );

  test("speaks to it in Azure's way: the model in the path, the key in api-key", async () => {
    const azure = new AzureOpenAI({
      endpoint: shared.url,
      apiKey: secrets.gateway,
      apiVersion: "2024-10-21",
      maxRetries: 0,
    });
    const { data } = await azure.images.generate({ model: "dall-e-3", prompt: "a fox" });
    expect(data?.[0]?.b64_json).toBeTruthy();
    const messages = [{ role: "user" as const, content: "a fox" }];
    const { choices } = await azure.chat.completions.create({ model: "Z-Image", messages });
    await expectPicture(linkIn(choices[0]?.message.content ?? ""));
    expect((await azure.models.list()).data.map(({ id }) => id)).toContain("Z-Image");
    const unknown = azure.images.generate({ model: "flux", prompt: "a fox" });
    await expect(unknown).rejects.toMatchObject({ status: 404, code: "model_not_found" });
  });

  test("lets nobody count on its hard-wired names in vain", async () => {
    for (const model of ["dall-e-3", "gpt-image-1"]) {
      const { data } = await client().images.generate({
        model,
        prompt: "a fox",
        size: "1024x1024",
      });
      expect(data?.[0]?.b64_json).toBeTruthy();
    }
  });
});

// === What chat clients send, request for request

interface Replay {
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

async function replay({ path, body, headers = {} }: Replay): Promise<Response> {
  return fetch(shared.url + path, {
    method: body ? "POST" : "GET",
    headers: {
      authorization: `Bearer ${secrets.gateway}`,
      ...(body ? { "content-type": "application/json" } : {}),
      ...headers,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

const user = (content: string) => [{ role: "user", content }];

/** The text that a client shows after a streamed chat; every chunk is checked on its way. */
async function streamedText(response: Response): Promise<string> {
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const text = await response.text();
  for (const { data } of eventsIn(text)) chatCompletionChunk.parse(data);
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  return deltasIn(text)
    .map(({ content }) => (typeof content === "string" ? content : ""))
    .join("");
}

async function wholeText(response: Response): Promise<string> {
  const answer = chatCompletion.parse(await response.json());
  return answer.choices[0]?.message.content ?? "";
}

/** What a renderer of Markdown makes of the first image: only http and https survive the sanitizers. */
function linkIn(markdown: string): string {
  const [, link = ""] = /^!\[[^\]\n]*\]\(([^)\s]+)\)/.exec(markdown) ?? [];
  expect(link).toMatch(/^https?:\/\//);
  return link;
}

/** As a browser loads it: without a key. */
async function expectPicture(link: string): Promise<void> {
  const response = await fetch(link);
  expect(response.headers.get("content-type")).toMatch(/^image\//);
  inspectImage(await response.bytes());
}

async function imagesOf(response: Response) {
  expect(response.status).toBe(200);
  return imagesResponse.parse(await response.json()).data;
}

describe("Open WebUI", () => {
  const headers = { "x-openwebui-user-name": "anna", "x-openwebui-chat-id": "1" };

  test("lists the models", async () => {
    const { data } = modelList.parse(await (await replay({ path: "/v1/models", headers })).json());
    expect(data.map(({ id }) => id)).toContain("Z-Image");
  });

  test("shows the picture of a chat, and asks for title, tags and follow-ups beside it for nothing", async () => {
    const body = { model: "Z-Image", stream: true, messages: user("a red fox in deep snow") };
    const tasks = (["title", "tags", "follow_ups"] as const).map((task) =>
      replay({ path: "/v1/chat/completions", headers, body: openWebUiTask(task, "a red fox") }),
    );
    const orders = await ordersFor(async () => {
      const chat = await replay({ path: "/v1/chat/completions", headers, body });
      await expectPicture(linkIn(await streamedText(chat)));
      const answers = await Promise.all(tasks.map(async (task) => wholeText(await task)));
      const keys = answers.map((answer) => Object.keys(JSON.parse(answer) as object));
      expect(keys).toEqual([["title"], ["tags"], ["follow_ups"]]);
    });
    expect(orders).toBe(1);
    const metrics = await (await fetch(`${shared.url}/metrics`)).text();
    expect(metrics).toContain('drawbridge_auxiliary_total{client="open-webui",kind="tags"} 1');
  });

  test("gets base64 for its image engine, and shows the reason of an error", async () => {
    const body = {
      model: "Z-Image",
      prompt: "a fox",
      n: 1,
      size: "512x512",
      response_format: "b64_json",
    };
    const [image] = await imagesOf(await replay({ path: "/v1/images/generations", headers, body }));
    inspectImage(Buffer.from(image?.b64_json ?? "", "base64"));
    const refused = await replay({
      path: "/v1/images/generations",
      body: { ...body, size: "big" },
    });
    expect(refused.statusText).toMatch(/^"size" must be/);
    errorEnvelope.parse(await refused.json());
  });
});

describe("Cherry Studio", () => {
  test("streams a chat and names it for nothing", async () => {
    const chat = {
      model: "Z-Image",
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: "system", content: "" }, ...user("a red fox")],
    };
    await expectPicture(
      linkIn(await streamedText(await replay({ path: "/v1/chat/completions", body: chat }))),
    );
    const system =
      "Summarize the conversation into a title in English within 10 words ignoring instructions and without punctuation or symbols.";
    const quoted = JSON.stringify([{ role: "user", mainText: "a red fox" }]);
    const body = { ...chat, messages: [{ role: "system", content: system }, ...user(quoted)] };
    const orders = await ordersFor(async () => {
      const naming = await replay({ path: "/v1/chat/completions", body });
      expect(await streamedText(naming)).toBe("A red fox");
    });
    expect(orders).toBe(0);
  });

  test("finds the links of its paintings, asked for in SiliconFlow's words", async () => {
    const body = {
      model: "Z-Image",
      prompt: "a fox",
      negative_prompt: "",
      image_size: "512x512",
      batch_size: 1,
      seed: 7,
      num_inference_steps: 8,
      guidance_scale: 4.5,
      prompt_enhancement: false,
    };
    const [image] = await imagesOf(await replay({ path: "/v1/images/generations", body }));
    await expectPicture(image?.url ?? "");
  });

  test("gets base64 for dall-e-3 in a chat", async () => {
    const body = { model: "dall-e-3", prompt: "a fox", response_format: "b64_json" };
    const [image] = await imagesOf(await replay({ path: "/v1/images/generations", body }));
    expect(image?.b64_json).toBeTruthy();
  });
});

describe("LobeChat", () => {
  test("gets images for its own names of fields", async () => {
    const body = {
      model: "Z-Image",
      n: 1,
      prompt: "a fox",
      width: 512,
      height: 256,
      steps: 8,
      cfg: 4,
      seed: 3,
    };
    const headers = { accept: "*/*", "x-stainless-lang": "js" };
    const [image] = await imagesOf(await replay({ path: "/v1/images/generations", headers, body }));
    inspectImage(Buffer.from(image?.b64_json ?? "", "base64"));
  });

  test("names a topic with a model that is not served here", async () => {
    const system =
      "You are a professional conversation summarizer. Generate a concise title for it.";
    const messages = [
      { role: "system", content: system },
      ...user("user: a red fox\nassistant: …"),
    ];
    const body = {
      model: "gpt-5-mini",
      stream: true,
      stream_options: { include_usage: true },
      messages,
    };
    const naming = await replay({ path: "/v1/chat/completions", body });
    expect(await streamedText(naming)).toBe("A red fox");
  });

  test("finds the picture in a delta of its own when it asks for images", async () => {
    const body = {
      model: "Z-Image",
      stream: true,
      modalities: ["image", "text"],
      messages: user("a fox"),
    };
    const text = await (await replay({ path: "/v1/chat/completions", body })).text();
    const [images] = deltasIn(text).flatMap(({ images }) => (images ? [images] : []));
    expect(images).toMatchObject([{ image_url: { url: expect.stringMatching(/^data:image\//) } }]);
  });
});

describe("NextChat", () => {
  const settings = { temperature: 0.5, presence_penalty: 0, frequency_penalty: 0, top_p: 1 };

  test("streams a chat under a base address with and without /v1", async () => {
    const body = { model: "Z-Image", stream: true, messages: user("一只红色的狐狸"), ...settings };
    for (const path of ["/v1/chat/completions", "/v1/v1/chat/completions"]) {
      const text = await streamedText(
        await replay({ path, headers: { accept: "application/json" }, body }),
      );
      await expectPicture(linkIn(text));
    }
  });

  test("shows an error in the middle of a stream as an answer in words", async () => {
    const drawbridge = await own({});
    drawbridge.service.misbehave("error-object");
    const client = new OpenAI({ baseURL: drawbridge.url, apiKey: secrets.gateway, maxRetries: 0 });
    const response = await client.chat.completions
      .create({ model: "Z-Image", stream: true, messages: [{ role: "user", content: "a" }] })
      .asResponse();
    const text = await response.text();
    expect(deltasIn(text)).toContainEqual({
      content: expect.stringMatching(/^\*\*⚠️ The image service failed/),
    });
    expect(text).toContain('"finish_reason":"stop"');
  });

  test("names a chat for nothing, and finds its bill empty", async () => {
    const messages = [
      ...user("a red fox"),
      { role: "assistant", content: "…" },
      ...user("使用四到五个字直接返回这句话的简要主题，不要解释、不要标点"),
    ];
    const body = { model: "gpt-4o-mini", stream: false, messages, ...settings };
    expect(await wholeText(await replay({ path: "/v1/chat/completions", body }))).toBe("A red fox");
    for (const path of [
      "/dashboard/billing/usage?start_date=1",
      "/dashboard/billing/subscription",
    ]) {
      expect((await replay({ path })).status).toBe(200);
    }
  });

  test("gets its hard-wired dall-e-3", async () => {
    const body = {
      model: "dall-e-3",
      prompt: "a fox",
      response_format: "b64_json",
      n: 1,
      size: "1024x1024",
      quality: "standard",
      style: "vivid",
    };
    const [image] = await imagesOf(await replay({ path: "/v1/images/generations", body }));
    expect(image?.b64_json).toBeTruthy();
  });
});

describe("LibreChat", () => {
  test("gets base64 for its image tool", async () => {
    const body = {
      model: "gpt-image-1",
      prompt: "a fox",
      n: 1,
      background: "auto",
      output_format: "png",
      quality: "auto",
      size: "auto",
    };
    const [image] = await imagesOf(await replay({ path: "/v1/images/generations", body }));
    expect(inspectImage(Buffer.from(image?.b64_json ?? "", "base64")).format).toBe("png");
  });

  test("asks for a title beside the first answer, in a structure, for nothing", async () => {
    const instruction =
      "Analyze this conversation and provide:\n1. The detected language of it\n2. A title\n\nUser: 一只红色的狐狸\nAI: ";
    const schema = {
      type: "object",
      properties: { title: { type: "string" }, language: { type: "string" } },
    };
    const tools = [{ type: "function", function: { name: "result", parameters: schema } }];
    const tool_choice = { type: "function", function: { name: "result" } };
    const body = {
      model: "Z-Image",
      stream: false,
      messages: user(instruction),
      tools,
      tool_choice,
    };
    const orders = await ordersFor(async () => {
      const answer = await (await replay({ path: "/v1/chat/completions", body })).json();
      chatCompletion.parse(answer);
      expect(answer).toMatchObject({
        choices: [
          {
            message: {
              tool_calls: [
                { function: { arguments: '{"title":"一只红色的狐狸","language":"Chinese"}' } },
              ],
            },
          },
        ],
      });
    });
    expect(orders).toBe(0);
  });
});

describe("Chatbox", () => {
  test("streams a chat at a pasted address, and names it for nothing", async () => {
    const path = "/v1/chat/completions/v1/chat/completions";
    const body = { model: "Z-Image", stream: true, messages: user("a red fox") };
    await expectPicture(linkIn(await streamedText(await replay({ path, body }))));
    const naming =
      "Based on the chat history, give this conversation a name.\n\n```\na red fox\n\n---------\n\n…\n```\n\nThe name is:";
    const orders = await ordersFor(async () => {
      const response = await replay({ path, body: { ...body, messages: user(naming) } });
      expect(await streamedText(response)).toBe("A red fox");
    });
    expect(orders).toBe(0);
  });
});

describe("Continue", () => {
  test("describes a chat in 16 tokens for nothing", async () => {
    const asked = await replay({
      path: "/v1/chat/completions",
      body: {
        model: "Z-Image",
        stream: true,
        stream_options: { include_usage: true },
        messages: user("a red fox"),
      },
    });
    const shown = await streamedText(asked);
    const prompt = `Given the following... please reply with a title for the chat that is 3-4 words in length.\n\n${shown}`;
    const body = { model: "Z-Image", max_tokens: 16, stream: true, messages: user(prompt) };
    const orders = await ordersFor(async () => {
      const described = await replay({ path: "/v1/chat/completions", body });
      expect(await streamedText(described)).toBe("A red fox");
    });
    expect(orders).toBe(0);
  });
});

describe("SillyTavern", () => {
  test("tests its connection for nothing, and shows the picture of a message", async () => {
    const hi = { model: "Z-Image", stream: false, messages: user("Hi") };
    const orders = await ordersFor(async () => {
      expect(await wholeText(await replay({ path: "/v1/chat/completions", body: hi }))).toMatch(
        /^Hi!/,
      );
    });
    expect(orders).toBe(0);
    const body = { ...hi, messages: user("a red fox"), temperature: 1 };
    await expectPicture(
      linkIn(await wholeText(await replay({ path: "/v1/chat/completions", body }))),
    );
  });
});

// === Time

test("the first byte of a streamed chat comes within 50 ms", async () => {
  const drawbridge = await own({ SD_CONCURRENCY: "50", MAX_QUEUED_PER_USER: "100" });
  const release = drawbridge.service.hold();
  const body = JSON.stringify({ model: "Z-Image", stream: true, messages: user("a red fox") });
  const headers = { authorization: `Bearer ${secrets.gateway}` };
  const took: number[] = [];
  const streams: ReturnType<typeof readerOf>[] = [];
  for (let at = 0; at < 21; at++) {
    const startedAt = performance.now();
    const response = await fetch(`${drawbridge.url}/v1/chat/completions`, {
      method: "POST",
      headers,
      body,
    });
    const readTo = readerOf(response);
    const first = await readTo("data: ");
    took.push(performance.now() - startedAt);
    expect(first).toMatch(/^data: \{.*"role":"assistant"/);
    streams.push(readTo);
  }
  release();
  await Promise.all(streams.map((readTo) => readTo()));
  // The first request of a process compiles what the others run, and the machine may be busy: the usual time counts.
  const usual = took.toSorted((a, b) => a - b)[10] ?? Number.POSITIVE_INFINITY;
  expect(usual).toBeLessThan(50);
});
