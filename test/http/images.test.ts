import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { ImageError } from "../../core/errors.ts";
import { aDoor } from "../fakes/door.ts";
import { eventsIn, readerOf } from "../fakes/events.ts";
import { errorEnvelope, imagesResponse } from "../fakes/openai-schemas.ts";
import { anUndecodableWebp } from "../fakes/pictures.ts";
import { easel } from "../fakes/studio.ts";

const path = "/v1/images/generations";

describe("images for a client of SiliconFlow", () => {
  const body = {
    model: "Z-Image",
    prompt: "a fox",
    negative_prompt: "text",
    image_size: "128x64",
    batch_size: 2,
    seed: 7,
    num_inference_steps: 9,
    guidance_scale: 5,
    prompt_enhancement: false,
  };

  test("follow its names of fields, and are links", async () => {
    const { post, easel: painter } = aDoor();
    const answer = (await (await post(path, body)).json()) as { images: { url: string }[] };
    const { data } = imagesResponse.parse(answer);
    expect(data.map(({ url }) => url)).toEqual(answer.images.map(({ url }) => url));
    expect(data).toHaveLength(2);
    expect(painter.orders[0]).toMatchObject({
      width: 128,
      height: 64,
      seed: 7,
      steps: 9,
      guidance: 5,
      negative: "text",
    });
  });

  test("are base64 where it asks for that", async () => {
    const { post } = aDoor();
    const answer = await post(path, { ...body, response_format: "b64_json" });
    expect(imagesResponse.parse(await answer.json()).data[0]).toHaveProperty("b64_json");
  });
});

test("images that cannot be decoded are a fault of the service where another format is asked for", async () => {
  const generate = async () => ({ image: anUndecodableWebp(), notices: [], facts: {} });
  const { post } = aDoor({ painter: { ...easel({ auto: true }), generate } });
  const answer = await post(path, { prompt: "a fox", output_format: "png" });
  expect(answer.status).toBe(502);
  expect(errorEnvelope.parse(await answer.json()).error.code).toBe("provider_failed");
});

test("images for LobeChat follow its names of fields, with null as absent", async () => {
  const { post, easel: painter } = aDoor();
  const names = {
    width: null,
    height: null,
    steps: 9,
    cfg: 4,
    seed: 7,
    aspectRatio: "16:9",
    imageUrl: null,
  };
  const answer = await post(path, { model: "Z-Image", n: 1, prompt: "a fox", ...names });
  expect(imagesResponse.parse(await answer.json()).data[0]).toHaveProperty("b64_json");
  expect(painter.orders[0]).toMatchObject({
    width: 128,
    height: 72,
    steps: 9,
    guidance: 4,
    seed: 7,
  });
});

describe("an image that takes long", () => {
  const asking = async (keepAlive: string | undefined, settings: object) => {
    const painter = easel();
    const { post } = aDoor({ easel: painter, settings: { keepAliveEveryMs: 15, ...settings } });
    const headers = keepAlive === undefined ? {} : { "x-drawbridge-keep-alive": keepAlive };
    const response = post(path, { prompt: "a fox" }, headers);
    await painter.begun(1);
    return { painter, response };
  };

  test.each([
    ["the request", "true", {}],
    ["the owner", undefined, { keepImagesAlive: true }],
  ])("is answered with white space meanwhile where %s says so", async (_, header, settings) => {
    const { painter, response } = await asking(header, settings);
    // Only an answer that has begun resolves here, while nothing is painted.
    const answer = await response;
    expect(answer.status).toBe(200);
    painter.finish();
    const text = await answer.text();
    expect(text).toMatch(/^(?: \n)+\{/);
    imagesResponse.parse(JSON.parse(text));
  });

  test("has its failure in the body once the answer has begun", async () => {
    const { painter, response } = await asking("true", {});
    const answer = await response;
    painter.finish(new ImageError("timed-out", { afterMs: 1000 }));
    expect(answer.status).toBe(200);
    expect(errorEnvelope.parse(await answer.json()).error.code).toBe("timeout");
  });

  test.each([
    ["fails before the first silence is over", "true", {}],
    ["is kept silent by the request", "false", { keepImagesAlive: true, keepAliveEveryMs: 1 }],
    ["is kept silent by default", undefined, { keepAliveEveryMs: 1 }],
  ])("has its true status when it %s", async (_, header, settings) => {
    const more = { keepAliveEveryMs: 60_000, ...settings };
    const { painter, response } = await asking(header, more);
    painter.finish(new ImageError("timed-out", { afterMs: 1000 }));
    expect((await response).status).toBe(504);
  });
});

test("a streamed image shows as many previews as were asked for, where the service shows any", async () => {
  const painter = easel({ progress: true, preview: true });
  const { post } = aDoor({ easel: painter });
  const response = await post(path, { prompt: "a fox", stream: true, partial_images: 1 });
  await painter.begun(1);
  const create = { width: 8, height: 4, channels: 3 as const, background: "red" };
  const preview = await sharp({ create }).jpeg().toBuffer();
  painter.contexts[0]?.onProgress({ fraction: 0.3, preview });
  const readTo = readerOf(response);
  await readTo("partial_image");
  painter.contexts[0]?.onProgress({ fraction: 0.6, preview: Buffer.from(preview) });
  painter.finish();
  expect(eventsIn(await readTo())).toMatchObject([
    {
      event: "image_generation.partial_image",
      data: { partial_image_index: 0, size: "8x4", output_format: "jpeg", background: "opaque" },
    },
    { event: "image_generation.completed" },
  ]);
});
