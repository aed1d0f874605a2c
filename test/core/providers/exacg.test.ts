import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { download } from "../../../core/wire/download.ts";
import type { Order } from "../../../core/provider.ts";
import { exacgDialect } from "../../../core/providers/exacg.ts";
import { aContext, anOrder, providerContract } from "../../contract/provider.ts";
import type { Fault } from "../../fakes/image-faults.ts";
import { type ImageService, startImageService } from "../../fakes/image-service.ts";
import { jsonAnswer } from "../../fakes/stand-in.ts";
import { createFetches } from "../../../src/fetches.ts";

const { any: fetch } = createFetches();

const apiKey = "sk-exacg-0123456789";
const model = { id: "Z-Image", provider: "exacg", index: 15, expect: "z-image" };

function exacg(SD_API_BASE_URL: string) {
  return exacgDialect.create({ SD_API_BASE_URL, SD_API_KEY: apiKey }, { fetch });
}

providerContract("exacg", {
  model,
  async create() {
    const service = await startImageService({ apiKey });
    return {
      provider: exacg(service.url),
      download: (link) => {
        const { signal } = new AbortController();
        return download(link, { provider: "exacg", fetch, publicFetch: fetch, signal });
      },
      calls: () => service.requests.length,
      close: () => service.close(),
    };
  },
});

describe("exacg", () => {
  let service: ImageService;

  beforeEach(async () => {
    service = await startImageService({ apiKey, paints: { width: 16, height: 16 } });
  });
  afterEach(() => service.close());

  function generate(wishes: Partial<Omit<Order, "model">> = {}) {
    const provider = exacg(service.url);
    return provider.generate(anOrder(wishes, model), aContext());
  }

  test("sends exactly the fields that the service knows, in their order", async () => {
    await generate({ seed: 7, steps: 9, guidance: 3.5 });
    await generate({ negative: "text, watermark" });
    expect(service.requests.map(({ text }) => text)).toEqual([
      '{"prompt":"a cat reading a book","width":192,"height":128,"steps":9,"cfg":3.5,"model_index":15,"seed":7}',
      '{"prompt":"a cat reading a book","width":192,"height":128,"steps":8,"cfg":7,"model_index":15,"seed":42,"negative_prompt":"text, watermark"}',
    ]);
  });

  test("sends the key, JSON and a browser's name", async () => {
    await generate();
    const { headers } = service.requests[0]!;
    expect(headers).toMatchObject({
      authorization: `Bearer ${apiKey}`,
      "content-type": "application/json",
    });
    expect(headers["user-agent"]).toMatch(/^Mozilla\/5\.0 .*Chrome/);
  });

  test("hands on extra parameters, which never replace its own fields", async () => {
    await generate({ extras: { sampler: "euler", tiling: true, seed: 1, model_index: 99 } });
    const { body } = service.requests[0]!;
    expect(body).toMatchObject({ sampler: "euler", tiling: true, seed: 42, model_index: 15 });
  });

  test("refuses a model without its number before anything is sent", async () => {
    const provider = exacg(service.url);
    const order = anOrder({}, { id: "Nameless", provider: "exacg" });
    await expect(provider.generate(order, aContext())).rejects.toThrow(/"Nameless".*"index"/);
    expect(service.requests).toEqual([]);
  });

  test("answers with the link, the name of the model and the points that are left", async () => {
    expect(await generate()).toEqual({
      image: { url: `${service.url}/pictures/1.png`, trustedOrigin: service.url },
      notices: [],
      facts: { modelName: "Z-Image-Turbo", pointsLeft: 999 },
    });
  });

  test("lives with an answer that names no model and no points, or odd ones", async () => {
    const image_url = "https://img.example/a.webp";
    for (const data of [
      { image_url },
      { image_url, model_name: null, remaining_points: "99", image_id: {} },
      { image_url, model_name: 5, remaining_points: null, points_used: [] },
    ]) {
      service.misbehave(says(200, { success: true, data }));
      const image = { url: image_url, trustedOrigin: service.url };
      expect(await generate()).toEqual({ image, notices: [], facts: {} });
    }
  });

  test.for(["z image", "Z_IMAGE-turbo", "[文生图]Z-Image(8步)", "Ｚ－Ｉｍａｇｅ"])(
    "takes %s for the model that it expects",
    async (modelName) => {
      service.misbehave({ modelName });
      expect((await generate()).notices).toEqual([]);
    },
  );

  test("tells when the service says that another model painted", async () => {
    service.misbehave("other-model");
    expect(await generate()).toMatchObject({
      notices: [{ code: "other-model", expected: "z-image", made: "one_obsession" }],
      facts: { modelName: "one_obsession" },
      alert: {
        text: expect.stringContaining("or set SD_MODEL_INDEX=auto"),
        facts: { index: 15, made: "one_obsession" },
      },
    });
  });

  test("keeps a hostile name of a model short, on one line and without the key", async () => {
    const modelName = `x\u0000\n${apiKey}\u202e https://a.example/?k=1 ${"y".repeat(9_000)}`;
    service.misbehave({ modelName });
    const { facts } = await generate();
    expect(facts.modelName).toMatch(/^x \[…\] \[link\] y+$/);
    expect(facts.modelName).toHaveLength(300);
  });

  test("does not read words into a success: its message is for information", async () => {
    service.misbehave(says(200, { success: true, message: "消耗1积分 nsfw", data: {} }));
    await expect(generate()).rejects.toMatchObject({ details: { fault: "bad-reply" } });
  });
});

function says(status: number, body: unknown): Fault {
  return { reply: { answer: () => jsonAnswer(status, body) } };
}
