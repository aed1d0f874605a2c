import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ModelInput } from "../../../core/catalogue.ts";
import { download } from "../../../core/wire/download.ts";
import type { Order } from "../../../core/provider.ts";
import { openaiImagesDialect } from "../../../core/providers/openai-images.ts";
import { aContext, anOrder, providerContract } from "../../contract/provider.ts";
import type { Fault } from "../../fakes/image-faults.ts";
import { type ImageService, startImageService } from "../../fakes/image-service.ts";
import { jsonAnswer } from "../../fakes/stand-in.ts";
import { createFetches } from "../../../src/fetches.ts";

const { any: fetch } = createFetches();

const apiKey = "sk-openai-0123456789";
const model = { id: "Painter", provider: "openai-images", name: "gpt-image-2" };

function openaiImages(IMAGES_OPENAI_BASE_URL: string) {
  const access = { IMAGES_OPENAI_BASE_URL, IMAGES_OPENAI_API_KEY: apiKey };
  return openaiImagesDialect.create(access, { fetch });
}

for (const openaiAnswers of ["b64_json", "url"] as const) {
  providerContract(`openai-images that is answered with ${openaiAnswers}`, {
    model,
    async create() {
      const service = await startImageService({ apiKey, openaiAnswers });
      return {
        provider: openaiImages(service.openaiUrl),
        download: (link) => {
          const { signal } = new AbortController();
          return download(link, { provider: "openai", fetch, publicFetch: fetch, signal });
        },
        calls: () => service.requests.length,
        close: () => service.close(),
      };
    },
  });
}

describe("openai-images", () => {
  let service: ImageService;

  beforeEach(async () => {
    service = await startImageService({ apiKey, paints: { width: 16, height: 16 } });
  });
  afterEach(() => service.close());

  function generate(wishes: Partial<Omit<Order, "model">> = {}, of: ModelInput = model) {
    const provider = openaiImages(service.openaiUrl);
    return provider.generate(anOrder(wishes, of), aContext());
  }

  test("asks for one picture of the ordered size, and for nothing that some services refuse", async () => {
    await generate({ negative: "text", steps: 9, guidance: 3 });
    expect(service.requests[0]?.text).toBe(
      '{"model":"gpt-image-2","prompt":"a cat reading a book","n":1,"size":"192x128"}',
    );
  });

  test("finds the service under its /v1 where the base address lacks it", async () => {
    const provider = openaiImages(service.url);
    for (let times = 2; times > 0; times--) {
      const { image } = await provider.generate(anOrder({}, model), aContext());
      expect(image).toBeInstanceOf(Uint8Array);
    }
    expect(service.requests).toHaveLength(2);
    expect(service.strays.map(({ path }) => path)).toEqual(["/images/generations"]);
  });

  test("calls a model by its id where the catalogue gives no other name", async () => {
    await generate({}, { id: "dall-e-3", provider: "openai-images" });
    expect(service.requests[0]?.body.model).toBe("dall-e-3");
  });

  test("sends the key and JSON, to a base URL with or without a slash at its end", async () => {
    for (const baseUrl of [service.openaiUrl, `${service.openaiUrl}/`]) {
      const provider = openaiImages(baseUrl);
      await provider.generate(anOrder({}, model), aContext());
    }
    const authorization = `Bearer ${apiKey}`;
    const expected = { headers: { authorization, "content-type": "application/json" } };
    expect(service.requests).toMatchObject([expected, expected]);
  });

  test("hands on extra parameters, which never replace its own fields", async () => {
    await generate({ extras: { style: "vivid", background: "opaque", n: 10, model: "dearer" } });
    const { body } = service.requests[0]!;
    expect(body).toMatchObject({
      style: "vivid",
      background: "opaque",
      n: 1,
      model: "gpt-image-2",
    });
  });

  test.for([
    'a cat <sd_cpp_extra_args>{"seed":1}</sd_cpp_extra_args>',
    'a cat <SD_CPP_EXTRA_ARGS>{"seed":1}</SD_CPP_EXTRA_ARGS>',
    'a cat <sd_cpp_<sd_cpp_extra_args>extra_args>{"seed":1}</sd_cpp_extra_args>',
  ])("leaves nothing in %s that stable-diffusion.cpp would obey", async (prompt) => {
    await generate({ prompt });
    expect(service.requests[0]?.body.prompt).toMatch(/^a cat <sd[ _]cpp/i);
    expect(service.requests[0]?.body.prompt).not.toMatch(/<\/?sd_cpp_extra_args>/i);
  });

  test.for([
    ["a bare base64", (b64: string) => ({ b64_json: b64, url: null })],
    ["base64 as a data URL", (b64: string) => ({ b64_json: `data:image/png;base64,${b64}` })],
    ["a data URL", (b64: string) => ({ url: `DATA:image/png;base64,${b64}`, b64_json: null })],
    ["base64 beside an empty link", (b64: string) => ({ url: "", b64_json: b64 })],
  ] as const)("takes %s", async ([, data]) => {
    const picture = Buffer.from("a picture");
    service.misbehave(answers({ data: [data(picture.toString("base64")), 7], usage: null }));
    const { image } = await generate();
    expect(Buffer.from(image as Uint8Array).equals(picture)).toBe(true);
  });

  test("answers with a link that trusts the service's own origin, not its path", async () => {
    service.misbehave(answers({ created: 1, data: [{ url: "https://cdn.example/a.png?sig=1" }] }));
    const image = { url: "https://cdn.example/a.png?sig=1", trustedOrigin: service.url };
    expect(await generate()).toEqual({ image, notices: [], facts: {} });
  });

  test.for([
    ["no entry", { data: [] }],
    ["an empty one", { data: [{}] }],
    ["an empty string", { data: [{ b64_json: "" }] }],
    ["no base64 at all", { data: [{ b64_json: "!!!!" }] }],
    ["an empty data URL", { data: [{ url: "data:image/png;base64," }] }],
    ["an object", { data: {} }],
    ["a link of a megabyte", { data: [{ url: `https://h.example/${"a".repeat(1 << 20)}` }] }],
  ] as const)("calls an answer bad with %s", async ([, body]) => {
    service.misbehave(answers(body));
    const details = { provider: "openai-images", fault: "bad-reply", transient: false, paid: true };
    await expect(generate()).rejects.toMatchObject({ code: "provider-failed", details });
  });

  test("takes no video for a picture", async () => {
    service.misbehave(answers({ data: [{ url: "data:video/mp4;base64,AAAA" }] }));
    await expect(generate()).rejects.toMatchObject({ details: { fault: "bad-image" } });
  });

  test("takes a picture of 4 MB in base64", async () => {
    const picture = Buffer.alloc(4_000_000, 7);
    service.misbehave(answers({ data: [{ b64_json: picture.toString("base64") }] }));
    const { image } = await generate();
    expect(Buffer.from(image as Uint8Array).equals(picture)).toBe(true);
  });
});

function answers(body: unknown): Fault {
  return { reply: { answer: () => jsonAnswer(200, body) } };
}
