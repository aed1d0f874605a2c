import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { aDirectory } from "../builders.ts";
import { type Drawbridge, ownDrawbridge, post } from "../fakes/drawbridge.ts";
import { imagesResponse, modelList } from "../fakes/openai-schemas.ts";

const path = "/v1/images/generations";
const cat = { prompt: "a cat" };

describe("a second model", () => {
  test.each(["b64_json", "url"] as const)(
    "is any OpenAI-compatible service, which may answer with %s",
    async (openaiAnswers) => {
      const standIn = await ownDrawbridge({ service: { openaiAnswers, paints: "ordered" } });
      const drawbridge = await ownDrawbridge({
        environment: {
          IMAGES_OPENAI_API_KEY: "sk-image-service-5Tq9",
          IMAGES_OPENAI_BASE_URL: standIn.service.openaiUrl,
          IMAGES_OPENAI_MODEL: "gpt-image-9",
        },
      });
      const body = { prompt: "a cat, ratio 3:2", model: "gpt-image-9", seed: 5 };
      const { status, json } = await post(drawbridge.url, path, body);
      expect(status).toBe(200);
      expect(imagesResponse.parse(json).size).toBe("1536x1024");
      expect(json).toMatchObject({
        notices: ["gpt-image-9 cannot use a seed, so it was left out"],
      });
      expect(standIn.service.requests[0]).toMatchObject({
        dialect: "openai",
        body: { model: "gpt-image-9", prompt: "a cat", n: 1, size: "1536x1024" },
      });
    },
  );

  test("has a deadline of its own", async () => {
    const standIn = await ownDrawbridge();
    const drawbridge = await ownDrawbridge({
      environment: {
        IMAGES_OPENAI_API_KEY: "sk-image-service-5Tq9",
        IMAGES_OPENAI_BASE_URL: standIn.service.openaiUrl,
        IMAGES_OPENAI_MODEL: "gpt-image-9",
        IMAGES_OPENAI_TIMEOUT_MS: "200",
      },
    });
    standIn.service.misbehave("hang");
    const { status, json } = await post(drawbridge.url, path, { ...cat, model: "gpt-image-9" });
    expect(status).toBe(504);
    expect(json).toMatchObject({ error: { code: "timeout" } });
  });
});

describe("a catalogue of one's own", () => {
  const models = [
    {
      id: "fast",
      aliases: ["dall-e-3", "gpt-image-1"],
      provider: "exacg",
      index: 15,
      steps: { default: 4, min: 2, max: 6 },
      guidance: { default: 1, min: 0, max: 2 },
      sizes: { "1:1": "512x512", "16:9": "768x432" },
      anySize: false,
      parameters: ["sampler", "prompt"],
      quality: { hd: { steps: 6 } },
    },
    { id: "org/pixel art", provider: "exacg", index: 2 },
  ];

  async function withCatalogue(): Promise<Drawbridge> {
    const file = join(aDirectory(), "models.json");
    writeFileSync(file, JSON.stringify({ models }));
    return ownDrawbridge({ environment: { MODELS_FILE: file } });
  }

  test("is listed, by its names and not by its aliases", async () => {
    const { url } = await withCatalogue();
    const headers = { authorization: "Bearer gateway-key-8Xw2" };
    const list = await (await fetch(`${url}/v1/models`, { headers })).json();
    expect(modelList.parse(list).data.map(({ id }) => id)).toEqual(["fast", "org/pixel art"]);
    for (const name of ["org/pixel art", "org%2Fpixel%20art", "gpt-image-1"]) {
      expect((await fetch(`${url}/v1/models/${name}`, { headers })).status).toBe(200);
    }
  });

  test.each([
    [{}, { model_index: 15, width: 512, height: 512, steps: 4, cfg: 1 }],
    [{ model: "dall-e-3" }, { model_index: 15 }],
    [{ model: "org/pixel art" }, { model_index: 2, width: 2048, height: 2048, steps: 8, cfg: 7 }],
    [{ quality: "hd" }, { steps: 6, width: 512 }],
    [
      { steps: 50, cfg: 9 },
      { steps: 6, cfg: 2 },
    ],
    [{ aspect_ratio: "21:9" }, { width: 768, height: 432 }],
    [{ size: "1024x1024" }, { width: 512, height: 512 }],
    [{ sampler: "euler" }, { sampler: "euler", prompt: "a cat" }],
  ])("makes of %j the order %j", async (fields, order) => {
    const { url, service } = await withCatalogue();
    expect((await post(url, path, { ...cat, ...fields })).status).toBe(200);
    expect(service.requests[0]?.body).toMatchObject({ prompt: "a cat", ...order });
  });

  test("passes on no parameter that it does not allow, and says so", async () => {
    const { url, service } = await withCatalogue();
    const { json } = await post(url, path, { ...cat, style: "vivid", tiling: true });
    expect(service.requests[0]?.body).not.toHaveProperty("style");
    expect(json).toMatchObject({
      notices: expect.arrayContaining([
        "fast does not know style, so it was left out",
        "fast does not know tiling, so it was left out",
      ]),
    });
  });

  test.each(["fas", "faster", "fast:turbo", "Z-Image"])("does not know %j", async (model) => {
    const { url } = await withCatalogue();
    const { status, json } = await post(url, path, { ...cat, model });
    expect(status).toBe(404);
    expect(json).toMatchObject({ error: { code: "model_not_found", param: "model" } });
  });
});
