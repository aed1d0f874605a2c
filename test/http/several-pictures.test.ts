import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { ImageError } from "../../core/errors.ts";
import { aDoor } from "../fakes/door.ts";
import { errorEnvelope } from "../fakes/openai-schemas.ts";
import { easel } from "../fakes/studio.ts";

const editor = { id: "Editor", provider: "easel", edits: true };

function anEditor(options: Parameters<typeof aDoor>[0] = {}) {
  return aDoor({ easel: easel({ auto: true, edit: "bytes" }), models: [editor], ...options });
}

async function problem(response: Response) {
  return { status: response.status, ...errorEnvelope.parse(await response.json()).error };
}

describe("editing several pictures", () => {
  const several = { ...editor, edits: { pictures: 16, mask: true } };
  const colours = [
    "red",
    "green",
    "blue",
    "black",
    "white",
    "teal",
    "navy",
    "gold",
    "pink",
    "gray",
  ];

  async function paintings(count: number): Promise<Buffer<ArrayBuffer>[]> {
    const of = (background: string, width: number) =>
      sharp({ create: { width, height: 48, channels: 4, background } })
        .png()
        .toBuffer();
    return Promise.all(
      Array.from({ length: count }, (_, at) => of(colours[at % 10] ?? "", 40 + at)),
    );
  }

  function formOf(pictures: readonly Buffer<ArrayBuffer>[], nameOf: (at: number) => string) {
    const form = new FormData();
    form.append("prompt", "put them together");
    for (const [at, bytes] of pictures.entries())
      form.append(nameOf(at), new Blob([bytes]), "a.png");
    return form;
  }

  function sourcesOf({ orders }: ReturnType<typeof easel>) {
    return orders.at(-1)?.sources?.map(({ bytes }) => Buffer.from(bytes));
  }

  test.each([
    ["image[]", () => "image[]"],
    ["image", () => "image"],
    ["image[0]", (at: number) => `image[${at}]`],
    ["images[]", () => "images[]"],
  ])("takes 16 of them in their order, in a form as %s", async (_, nameOf) => {
    const { post, easel: painter } = anEditor({ models: [several] });
    const sent = await paintings(16);
    expect((await post("/v1/images/edits", formOf(sent, nameOf))).status).toBe(200);
    expect(sourcesOf(painter)).toEqual(sent);
    // In the shape of the first.
    const { width = 0, height = 1 } = painter.orders[0] ?? {};
    expect(width / height).toBeCloseTo(40 / 48, 1);
  });

  test("takes them by their numbers, in whatever order they come", async () => {
    const { post, easel: painter } = anEditor({ models: [several] });
    const sent = await paintings(12);
    const form = formOf(sent.toReversed(), (at) => `image[${11 - at}]`);
    expect((await post("/v1/images/edits", form)).status).toBe(200);
    expect(sourcesOf(painter)).toEqual(sent);
  });

  test.each([
    [
      "images with image_url",
      (urls: string[]) => ({ images: urls.map((image_url) => ({ image_url })) }),
    ],
    ["image as a list", (urls: string[]) => ({ image: urls })],
    [
      "fields beside each other",
      ([one, two]: string[]) => ({ image: one, image_2: two, images: [] }),
    ],
  ])("takes them in JSON: %s", async (_, wrap) => {
    const { post, easel: painter } = anEditor({ models: [several] });
    const sent = await paintings(2);
    const urls = sent.map((bytes) => `data:image/png;base64,${bytes.toString("base64")}`);
    for (const path of ["/v1/images/edits", "/v1/images/generations"]) {
      const body = { model: "Editor", prompt: "put them together", ...wrap(urls) };
      expect((await post(path, body)).status).toBe(200);
      expect(sourcesOf(painter)).toEqual(sent);
    }
  });

  test("finds them in fields that are called as their client likes", async () => {
    const { post, easel: painter } = anEditor({ models: [several] });
    const [bytes] = await paintings(1);
    const url = `data:image/png;base64,${bytes!.toString("base64")}`;
    const form = new FormData();
    form.append("prompt", "at night");
    form.append("my_dog", new Blob([bytes!]), "dog.png");
    for (const path of ["/v1/images/edits", "/v1/images/generations"]) {
      for (const body of [
        form,
        { input_references: [{ image_url: url }] },
        { photo: bytes!.toString("base64") },
        { my_dog: url },
        { extra_body: { image: url } },
        { content: [{ type: "image_url", image_url: { url } }] },
      ]) {
        const sent = body instanceof FormData ? body : { prompt: "at night", ...body };
        expect((await post(path, sent)).status).toBe(200);
        expect(sourcesOf(painter)).toEqual([bytes]);
      }
    }
  });

  test("takes no picture of another's by its code, nor what another sent by its hash", async () => {
    const { post, studio, easel: painter } = anEditor({ models: [several] });
    const [bytes] = await paintings(1);
    const { id } = await studio.keepSource(bytes!);
    await post("/v1/images/generations", { prompt: "a fox" });
    const [{ code } = { code: "" }] = await studio.history({ id: "http:anna" }, { limit: 1 });
    const before = painter.orders.length;
    for (const [image, status] of [
      [code, 403],
      [`ig_${code.slice(3)}_1`, 403],
      [id, 400],
    ] as const) {
      const body = { prompt: "mine", images: [{ file_id: image }] };
      const ben = { authorization: "Bearer ben-key" };
      expect((await post("/v1/images/edits", body, ben)).status).toBe(status);
    }
    expect(painter.orders).toHaveLength(before);
  });

  test("takes a mask that is as large as the first, and no other", async () => {
    const { post, easel: painter } = anEditor({ models: [several] });
    const [one, two] = await paintings(2);
    const masked = formOf([one!, two!], () => "image[]");
    masked.append("mask", new Blob([one!]), "mask.png");
    expect((await post("/v1/images/edits", masked)).status).toBe(200);
    expect(Buffer.from(painter.orders[0]?.mask?.bytes ?? [])).toEqual(one);
    masked.set("mask", new Blob([two!]), "mask.png");
    expect(await problem(await post("/v1/images/edits", masked))).toMatchObject({
      status: 400,
      param: "mask",
      message: "mask: has to be as large as the first picture, 40x48.",
    });
  });

  test("uses the first ones in a chat where the model takes fewer, and says so", async () => {
    const { post, easel: painter } = anEditor();
    const sent = await paintings(3);
    const pictures = sent.map((bytes) => {
      const url = `data:image/png;base64,${bytes.toString("base64")}`;
      return { type: "image_url", image_url: { url } };
    });
    const content = [{ type: "text", text: "put them together" }, ...pictures];
    const body = { model: "Editor", messages: [{ role: "user", content }] };
    const answer = await (await post("/v1/chat/completions", body)).text();
    expect(answer).toContain("ℹ️ Editor takes no more than 1, so of 3 pictures the first were used");
    expect(sourcesOf(painter)).toEqual(sent.slice(0, 1));
  });

  test("refuses more than the model takes before anything is kept, and names the model that takes more", async () => {
    const models = [editor, { ...several, id: "Many" }];
    const { post, images, easel: painter } = anEditor({ models });
    const form = formOf(await paintings(3), () => "image[]");
    form.set("model", "Editor");
    expect(await problem(await post("/v1/images/edits", form))).toMatchObject({
      status: 400,
      code: "unsupported_feature",
      param: "image",
      message: 'image: The model "Editor" edits at most 1 at a time; "Many" can.',
    });
    const tooMany = formOf(await paintings(17), () => "image[]");
    expect(await problem(await post("/v1/images/edits", tooMany))).toMatchObject({
      message: 'image: The model "Many" edits at most 16 at a time, and no other here can.',
    });
    expect([images.kept.size, painter.orders.length]).toEqual([0, 0]);
  });

  test("is by the model that takes all of them where none is named", async () => {
    const models = [editor, { ...several, id: "Many" }];
    const { post, easel: painter } = anEditor({ models });
    await post(
      "/v1/images/edits",
      formOf(await paintings(2), () => "image[]"),
    );
    expect(painter.orders[0]?.model.id).toBe("Many");
  });
});

describe("a picture that lies elsewhere", () => {
  const url = "https://elsewhere.example/cat.png";
  const body = { model: "Editor", prompt: "make it red", image: { url } };

  test("is fetched only where that is allowed, and like the link of a service", async () => {
    const bytes = await sharp({
      create: { width: 40, height: 48, channels: 3, background: "teal" },
    })
      .png()
      .toBuffer();
    const fetched: unknown[] = [];
    const fetchPicture = async (link: object) => {
      fetched.push(link);
      return bytes;
    };
    const { post, easel: painter } = anEditor({ fetchSources: true, fetchPicture });
    expect((await post("/v1/images/edits", body)).status).toBe(200);
    expect(fetched).toEqual([{ url, trustedOrigin: "" }]);
    expect(Buffer.from(painter.orders[0]?.sources?.[0]?.bytes ?? [])).toEqual(bytes);
    const closed = anEditor({ fetchPicture });
    expect(await problem(await closed.post("/v1/images/edits", body))).toMatchObject({
      status: 400,
      param: "image",
      message: expect.stringContaining("no address is fetched here"),
    });
    // Nor for a model that could not use it.
    const notEditing = { ...body, model: "Z-Image" };
    expect((await post("/v1/images/edits", notEditing)).status).toBe(400);
    expect(fetched).toHaveLength(1);
  });

  test("is refused in words where it cannot be fetched, such as from the inside", async () => {
    const details = { provider: "the web", fault: "unsafe-link", transient: false, paid: true };
    const fetchPicture = async () => {
      throw new ImageError("provider-failed", details as ImageError<"provider-failed">["details"]);
    };
    const { post, easel: painter } = anEditor({ fetchSources: true, fetchPicture });
    for (const image of [
      url,
      "https://169.254.169.254/latest/meta-data",
      "http://a.example/a.png",
    ]) {
      const answer = await problem(await post("/v1/images/edits", { ...body, image }));
      expect(answer).toMatchObject({ status: 400, param: "image" });
    }
    expect(painter.orders).toHaveLength(0);
  });
});
