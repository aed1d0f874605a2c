import { createHash } from "node:crypto";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { aDoor } from "../fakes/door.ts";
import { eventsIn } from "../fakes/events.ts";
import { errorEnvelope, imagesResponse } from "../fakes/openai-schemas.ts";
import { easel } from "../fakes/studio.ts";

const editor = { id: "Editor", provider: "easel", edits: true, aliases: ["gpt-image-1"] };

function aPainting(width = 96, height = 48): Promise<Buffer<ArrayBuffer>> {
  const create = { width, height, channels: 3 as const, background: "#336699" };
  return sharp({ create }).png().toBuffer();
}

function aForm(
  fields: Readonly<Record<string, string>>,
  images: Record<string, Uint8Array<ArrayBuffer>>,
) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const [name, bytes] of Object.entries(images)) form.append(name, new Blob([bytes]), "a.png");
  return form;
}

function anEditor(options: Parameters<typeof aDoor>[0] = {}) {
  return aDoor({ easel: easel({ auto: true, edit: "bytes" }), models: [editor], ...options });
}

async function problem(response: Response) {
  return { status: response.status, ...errorEnvelope.parse(await response.json()).error };
}

describe("editing a picture", () => {
  test.each(["image", "image[]"])("takes it as a form with %s", async (name) => {
    const { post, easel: painter } = anEditor();
    const bytes = await aPainting();
    const form = aForm(
      { prompt: "make it red", n: "2", seed: "7", response_format: "b64_json" },
      { [name]: bytes },
    );
    const response = await post("/v1/images/edits", form);
    expect(imagesResponse.parse(await response.json()).data).toHaveLength(2);
    expect(painter.orders).toMatchObject([
      { prompt: "make it red", seed: 7, model: { id: "Editor" } },
      { seed: 8 },
    ]);
    expect(Buffer.from(painter.orders[0]?.sources?.[0]?.bytes ?? []).equals(bytes)).toBe(true);
  });

  test.each([
    ["images with image_url", (url: string) => ({ images: [{ image_url: url }] })],
    ["images with an object", (url: string) => ({ images: [{ image_url: { url } }] })],
    ["image as a text", (url: string) => ({ image: url })],
    ["image as a list", (url: string) => ({ image: [url] })],
  ])("takes it as JSON with %s", async (_, wrap) => {
    const { post, easel: painter } = anEditor();
    const url = `data:image/png;base64,${(await aPainting()).toString("base64")}`;
    const body = { model: "gpt-image-1", prompt: "make it red", ...wrap(url) };
    expect((await post("/v1/images/edits", body)).status).toBe(200);
    expect(painter.orders).toMatchObject([{ prompt: "make it red", model: { id: "Editor" } }]);
  });

  test("keeps the shape of the picture unless another is asked for", async () => {
    const { post, easel: painter } = anEditor();
    const bytes = await aPainting(96, 48);
    await post("/v1/images/edits", aForm({ prompt: "x" }, { image: bytes }));
    await post("/v1/images/edits", aForm({ prompt: "x", size: "64x64" }, { image: bytes }));
    const shapes = painter.orders.map(({ width, height }) => width / height);
    expect(shapes).toEqual([2, 1]);
  });

  test.each(["red, ratio 1:1", "red --ar 1:1"])(
    "takes the shape that stands in the words: %s",
    async (prompt) => {
      const { post, easel: painter } = anEditor();
      await post("/v1/images/edits", aForm({ prompt }, { image: await aPainting(96, 48) }));
      expect(painter.orders).toMatchObject([{ prompt: "red", width: 2048, height: 2048 }]);
    },
  );

  test("takes an empty mask for none", async () => {
    const { post } = anEditor();
    const form = aForm({ prompt: "x", mask: "", size: "64x64" }, { image: await aPainting() });
    expect((await post("/v1/images/edits", form)).status).toBe(200);
  });

  test("starts from a picture that was made here, by its link", async () => {
    const { post, easel: painter } = anEditor();
    const made = await post("/v1/images/generations", { prompt: "a fox", response_format: "url" });
    const { data } = (await made.json()) as { data: { url: string }[] };
    const body = { model: "Editor", prompt: "bluer", image: data[0]?.url };
    expect((await post("/v1/images/edits", body)).status).toBe(200);
    expect(painter.orders[1]?.sources?.[0]?.bytes).toBeInstanceOf(Uint8Array);
  });

  test("gives the service a link to what was sent, that loads without a key", async () => {
    const { post, app, easel: painter } = anEditor({ publicUrl: "https://draw.example" });
    const bytes = await aPainting();
    await post("/v1/images/edits", aForm({ prompt: "x" }, { image: bytes }));
    const { pathname, origin } = new URL(painter.orders[0]?.sources?.[0]?.url ?? "");
    expect(origin).toBe("https://draw.example");
    const hash = createHash("sha256").update(bytes).digest("hex");
    expect(pathname).toBe(`/sources/${hash}.png`);
    const response = await app.request(pathname);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(Buffer.from(await response.bytes()).equals(bytes)).toBe(true);
  });

  test("gives the service a link to what was made here without what its maker wrote into it", async () => {
    const maker = easel({ auto: true, edit: "links" });
    const { post, app, images } = anEditor({ easel: maker, publicUrl: "https://draw.example" });
    const made = await post("/v1/images/generations", { prompt: "a fox", response_format: "url" });
    const { data } = (await made.json()) as { data: { url: string }[] };
    const [[hash, bytes] = ["", new Uint8Array()]] = [...images.kept];
    const spoken = await sharp(bytes)
      .withExif({ IFD0: { Make: "steps: 8" } })
      .png()
      .toBuffer();
    images.kept.set(hash, spoken);
    const body = { model: "Editor", prompt: "bluer", image: data[0]?.url };
    expect((await post("/v1/images/edits", body)).status).toBe(200);
    const { pathname } = new URL(maker.orders[1]?.sources?.[0]?.url ?? "");
    const given = Buffer.from(await (await app.request(pathname)).bytes());
    expect([spoken.includes("steps: 8"), given.includes("steps: 8")]).toEqual([true, false]);
    const shown = await app.request(new URL(data[0]?.url ?? "").pathname);
    expect(Buffer.from(await shown.bytes()).equals(spoken)).toBe(true);
    expect((await app.request(`/sources/${"0".repeat(32)}.png`)).status).toBe(404);
  });

  test("says which wishes have no place in an edit", async () => {
    const painter = easel({ auto: true, edit: "bytes", ignoredInEdits: ["steps", "guidance"] });
    const { post } = anEditor({ easel: painter });
    const form = aForm(
      { prompt: "x", steps: "9", cfg: "4", seed: "7" },
      { image: await aPainting() },
    );
    expect(await (await post("/v1/images/edits", form)).json()).toMatchObject({
      notices: [
        "Editor cannot use a number of steps, so it was left out",
        "Editor cannot use a guidance, so it was left out",
      ],
    });
    await post("/v1/images/generations", { prompt: "x", steps: 9 });
    const made = await (await post("/v1/images/generations", { prompt: "y", steps: 9 })).json();
    expect(made).toMatchObject({ notices: [] });
  });

  test("is one edit when a client sends the same once more as a retry", async () => {
    const { post, easel: painter } = anEditor();
    const bytes = await aPainting();
    const send = (headers: Record<string, string>) =>
      post("/v1/images/edits", aForm({ prompt: "x" }, { image: bytes }), headers);
    await send({});
    await send({ "x-stainless-retry-count": "1" });
    expect(painter.orders).toHaveLength(1);
  });

  test("ends with image_edit.completed when it is streamed", async () => {
    const { post } = anEditor();
    const form = aForm({ prompt: "x", stream: "true" }, { image: await aPainting() });
    const events = eventsIn(await (await post("/v1/images/edits", form)).text());
    expect(events).toMatchObject([
      { event: "image_edit.completed", data: { type: "image_edit.completed" } },
    ]);
  });

  test("is refused by a model that cannot, in words, before anything is kept", async () => {
    const { post, images } = aDoor();
    for (const path of ["/v1/images/edits", "/v1/images/variations"]) {
      const form = aForm({ prompt: "x", model: "dall-e-3" }, { image: await aPainting() });
      expect(await problem(await post(path, form))).toMatchObject({
        status: 400,
        code: "unsupported_feature",
        message: expect.stringContaining('"Z-Image" cannot edit pictures, and no other here can.'),
      });
    }
    expect(images.kept.size).toBe(0);
  });

  test.each([
    ["no picture", {}, "image"],
    ["an empty picture", { image: "" }, "image"],
    ["an address elsewhere", { image: "https://example.com/a.png" }, "image"],
    ["an address inside", { image: "http://169.254.169.254/images/x.png" }, "image"],
    ["a file: address", { image: "file:///etc/passwd" }, "image"],
    ["a text as a picture", { image: "data:image/png;base64,aGVsbG8=" }, "image"],
    ["a number as a picture", { image: 5 }, "image"],
    ["a page as a picture", { image: "data:text/html;base64,aGVsbG8=" }, "image"],
    ["no words", { prompt: null, image: "data:image/png;base64,AA==" }, "prompt"],
  ])("is refused for %s", async (_, more, param) => {
    const { post } = anEditor();
    const response = await post("/v1/images/edits", { model: "Editor", prompt: "x", ...more });
    expect(await problem(response)).toMatchObject({ status: 400, param });
  });

  test("is refused for two pictures and a mask by a model that takes one whole, for a broken picture and a broken form", async () => {
    const { post } = anEditor();
    const bytes = await aPainting();
    const send = async (form: FormData) => problem(await post("/v1/images/edits", form));
    const two = aForm({ prompt: "x" }, { image: bytes });
    two.append("image", new Blob([bytes]));
    expect(await send(two)).toMatchObject({ param: "image" });
    expect(await send(aForm({ prompt: "x" }, { image: bytes, mask: bytes }))).toMatchObject({
      param: "mask",
    });
    expect(await send(aForm({ prompt: "x" }, { image: bytes.subarray(0, 60) }))).toMatchObject({
      param: "image",
      message: "The picture that was sent is broken or cut off.",
    });
    const type = { "content-type": "multipart/form-data; boundary=x" };
    const broken = await post("/v1/images/edits", "--x\r\nnothing", type);
    expect(await problem(broken)).toMatchObject({ status: 400, code: "invalid_form" });
    const tooLarge = { ...type, "content-length": `${65 * 1024 * 1024}` };
    expect((await post("/v1/images/edits", "x", tooLarge)).status).toBe(413);
  });

  test("takes an id of a file as well as a link to a picture that was made here", async () => {
    const { post, easel: painter } = anEditor();
    const made = await post("/v1/images/generations", { prompt: "a fox", response_format: "url" });
    const { data, code } = (await made.json()) as { data: { url: string }[]; code: string };
    const id = /images\/(\w+)\./.exec(data[0]?.url ?? "")?.[1] ?? "";
    for (const file_id of [id, code, `${code}.1`]) {
      const body = { model: "Editor", prompt: "bluer", images: [{ file_id }] };
      expect((await post("/v1/images/edits", body)).status).toBe(200);
    }
    const unknown = { model: "Editor", prompt: "bluer", images: [{ file_id: "file-abc123" }] };
    expect((await problem(await post("/v1/images/edits", unknown))).param).toBe("images");
    expect(painter.orders).toHaveLength(4);
  });

  test("says when a link leads to a picture that is gone", async () => {
    const { post } = anEditor();
    const image = `https://draw.example/images/${"a".repeat(32)}.png`;
    const response = await post("/v1/images/edits", { model: "Editor", prompt: "x", image });
    expect((await problem(response)).status).toBe(404);
  });
});

describe("varying a picture", () => {
  test("is an edit that needs no words", async () => {
    const { post, easel: painter } = anEditor();
    const response = await post(
      "/v1/images/variations",
      aForm({ n: "1" }, { image: await aPainting() }),
    );
    imagesResponse.parse(await response.json());
    expect(painter.orders[0]?.prompt).toMatch(/same picture once more/);
    expect(painter.orders[0]?.sources).toBeDefined();
  });
});
