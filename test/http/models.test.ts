import { describe, expect, test } from "vitest";
import { aDoor, chat } from "../fakes/door.ts";

const generations = "/v1/images/generations";

/** Beside the usual model, whose alias is dall-e-3. */
const models = [
  { id: "acme/Flux.1-Dev", provider: "easel" },
  { id: "z-image-turbo", provider: "easel" },
];

describe("a model's name", () => {
  test.each([
    ["z-image", "Z-Image"],
    ["Z-IMAGE", "Z-Image"],
    ["openai/Z-Image", "Z-Image"],
    ["models/Z-Image", "Z-Image"],
    ["openrouter/openai/z-image", "Z-Image"],
    ["z_image", "Z-Image"],
    ["Z Image", "Z-Image"],
    ["zimage", "Z-Image"],
    [" Z-Image ", "Z-Image"],
    ["Z-Image:latest", "Z-Image"],
    ["Z-Image:free", "Z-Image"],
    ["Z-Image/", "Z-Image"],
    ["Z\u2011Image", "Z-Image"],
    ["Z–Image", "Z-Image"],
    ["Ｚ-Ｉｍａｇｅ", "Z-Image"],
    ["openai/dall-e-3", "Z-Image"],
    ["DALL·E 3".replace("·", "-"), "Z-Image"],
    ["acme/flux.1-dev", "acme/Flux.1-Dev"],
    ["custom/acme/FLUX.1 dev", "acme/Flux.1-Dev"],
    ["Z-Image-Turbo", "z-image-turbo"],
  ])("is understood, and answered as it was asked for: %s", async (name, id) => {
    const { post, get, easel: painter } = aDoor({ models });
    const image = await post(generations, { prompt: "a cat", model: name });
    expect(await image.json()).toMatchObject({ model: name });
    const said = await post("/v1/chat/completions", chat("a cat", { model: name }));
    expect(await said.json()).toMatchObject({ model: name });
    const streamed = await post(
      "/v1/chat/completions",
      chat("a dog", { model: name, stream: true }),
    );
    expect(await streamed.text()).toContain(`"model":${JSON.stringify(name)}`);
    const response = await post("/v1/responses", { input: "a cat", model: name });
    expect(await response.json()).toMatchObject({ model: name });
    const listed = await get(`/v1/models/${encodeURIComponent(name)}`);
    expect(await listed.json()).toMatchObject({ id: name });
    expect(new Set(painter.orders.map(({ model }) => model.id))).toEqual(new Set([id]));
  });

  test.each(["flux", "openai/gpt-4o", "z-image-edit", "Z-Image:turbo", "models/", "/", "-"])(
    "is unknown where it is another one: %s",
    async (name) => {
      const { post } = aDoor({ models });
      expect((await post(generations, { prompt: "a cat", model: name })).status).toBe(404);
    },
  );

  test("may stand in the words, and a path of Azure's", async () => {
    const { post, easel: painter } = aDoor({ models });
    await post(generations, { prompt: "a cat --model Z-IMAGE-TURBO" });
    const azure = "/openai/deployments/Z-Image-Turbo/images/generations";
    await post(azure, { prompt: "a cat" });
    expect(painter.orders.map(({ model }) => model.id)).toEqual(["z-image-turbo", "z-image-turbo"]);
  });

  test("fits exactly before it fits nearly", async () => {
    const two = [
      { id: "Z-IMAGE", provider: "easel" },
      { id: "openai/Z-Image", provider: "easel" },
    ];
    const { post, easel: painter } = aDoor({ models: two });
    for (const model of ["Z-Image", "Z-IMAGE", "openai/Z-Image", "z-image"]) {
      await post(generations, { prompt: "a cat", model });
    }
    expect(painter.orders.map(({ model }) => model.id)).toEqual([
      "Z-Image",
      "Z-IMAGE",
      "openai/Z-Image",
      "Z-Image",
    ]);
  });
});
