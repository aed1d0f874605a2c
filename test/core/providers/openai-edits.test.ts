import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ModelInput } from "../../../core/catalogue.ts";
import type { Order, SourceImage } from "../../../core/provider.ts";
import { openaiImagesDialect } from "../../../core/providers/openai-images.ts";
import { createFetches } from "../../../src/fetches.ts";
import { aContext, anOrder } from "../../contract/provider.ts";
import { type ImageService, startImageService } from "../../fakes/image-service.ts";
import { jsonAnswer } from "../../fakes/stand-in.ts";

const apiKey = "sk-openai-0123456789";
const model = { id: "Painter", provider: "openai-images", name: "gpt-image-2", edits: true };
const inChat = { ...model, editsIn: "chat" };

const picture = (text: string, format: SourceImage["format"] = "png"): SourceImage => ({
  bytes: Buffer.from(text),
  format,
  url: undefined,
});

describe("openai-images with pictures to edit", () => {
  let service: ImageService;

  beforeEach(async () => {
    service = await startImageService({ apiKey, paints: { width: 16, height: 16 } });
  });
  afterEach(() => service.close());

  function generate(wishes: Partial<Omit<Order, "model">>, of: ModelInput = model) {
    const access = { IMAGES_OPENAI_BASE_URL: service.openaiUrl, IMAGES_OPENAI_API_KEY: apiKey };
    const provider = openaiImagesDialect.create(access, { fetch: createFetches().any });
    return provider.generate(anOrder(wishes, of), aContext());
  }

  test("sends one as image, with the fields of any other picture beside it", async () => {
    const extras = { input_fidelity: "high", n: 5 };
    const { image } = await generate({ sources: [picture("a")], prompt: "at “night”", extras });
    expect(image).toBeInstanceOf(Uint8Array);
    const [order] = service.requests;
    expect(order?.headers).toMatchObject({
      authorization: `Bearer ${apiKey}`,
      "content-type": expect.stringMatching(/^multipart\/form-data; ?boundary=/),
    });
    expect(order?.body).toEqual({
      ...{ model: "gpt-image-2", prompt: "at “night”", n: "1", size: "192x128" },
      input_fidelity: "high",
    });
    expect(order?.files).toEqual([
      { field: "image", name: "image-1.png", type: "image/png", bytes: Buffer.from("a") },
    ]);
  });

  test("sends several as image[] in their order, and the mask", async () => {
    const sources = [picture("a"), picture("b", "jpeg"), picture("c", "webp")];
    await generate({ sources, mask: picture("m") });
    const [order] = service.requests;
    expect(order?.files.map(({ field, type, bytes }) => [field, type, String(bytes)])).toEqual([
      ["image[]", "image/png", "a"],
      ["image[]", "image/jpeg", "b"],
      ["image[]", "image/webp", "c"],
      ["mask", "image/png", "m"],
    ]);
  });

  test("asks in a chat where the service only edits there", async () => {
    const large = picture("x".repeat(100_000));
    const { image } = await generate(
      { sources: [picture("a"), large], prompt: "at night" },
      inChat,
    );
    expect(image).toMatchObject({ url: expect.stringContaining("/pictures/") });
    expect(service.requests[0]?.body).toEqual({
      model: "gpt-image-2",
      modalities: ["image", "text"],
      stream: false,
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "at night" },
            { type: "image_url", image_url: { url: "data:image/png;base64,YQ==" } },
            {
              type: "image_url",
              image_url: {
                url: `data:image/png;base64,${Buffer.from(large.bytes).toString("base64")}`,
              },
            },
          ],
        },
      ],
    });
  });

  const data = `data:image/png;base64,${Buffer.from("painted").toString("base64")}`;
  const shown = { type: "image_url", image_url: { url: data } };

  test.for([
    ["beside the text", { content: "Done.", images: [shown] }],
    ["beside no text", { content: null, images: [shown] }],
    ["in a part", { content: [{ type: "text", text: "Done." }, shown] }],
    ["as Markdown", { content: `Done.\n\n![a cat](${data})` }],
    ["alone", { content: data }],
  ] as const)("finds the picture of a chat %s", async ([, message]) => {
    service.misbehave({ reply: { answer: () => jsonAnswer(200, { choices: [{ message }] }) } });
    const { image } = await generate({ sources: [picture("a")] }, inChat);
    expect(String(Buffer.from(image as Uint8Array))).toBe("painted");
  });

  test.for([
    ["words alone", { choices: [{ message: { content: "I see [a cat](https://x.example)." } }] }],
    ["nothing", { choices: [] }],
  ] as const)("calls a chat bad that answers with %s", async ([, body]) => {
    service.misbehave({ reply: { answer: () => jsonAnswer(200, body) } });
    const details = { provider: "openai-images", fault: "bad-reply", transient: false, paid: true };
    const failed = generate({ sources: [picture("a")] }, inChat);
    await expect(failed).rejects.toMatchObject({ code: "provider-failed", details });
  });

  test("paints words alone where it always did", async () => {
    await generate({}, inChat);
    expect(service.requests[0]?.body).toMatchObject({ prompt: "a cat reading a book" });
  });
});
