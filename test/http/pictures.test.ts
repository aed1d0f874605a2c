import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { aDoor } from "../fakes/door.ts";
import { errorEnvelope } from "../fakes/openai-schemas.ts";
import { easel } from "../fakes/studio.ts";

const generations = "/v1/images/generations";
const chats = "/v1/chat/completions";
const responses = "/v1/responses";
const edits = "/v1/images/edits";

const editor = { id: "Editor", provider: "easel", edits: true };

/** The usual model paints from words alone; Editor edits. */
function anEditor() {
  return aDoor({ easel: easel({ auto: true, edit: "bytes" }), models: [editor] });
}

function aPainting(hue = "#336699", width = 96, height = 48): Promise<Buffer<ArrayBuffer>> {
  const create = { width, height, channels: 3 as const, background: hue };
  return sharp({ create }).png().toBuffer();
}

async function aUrl(hue?: string): Promise<string> {
  return `data:image/png;base64,${(await aPainting(hue)).toString("base64")}`;
}

async function problem(response: Response) {
  return { status: response.status, ...errorEnvelope.parse(await response.json()).error };
}

const text = { type: "text", text: "make it red" };

/** A picture in the last message of a user, in every form that clients send there. */
const parts: readonly (readonly [string, (url: string) => object])[] = [
  ["image_url after the text", (url) => said([text, { type: "image_url", image_url: { url } }])],
  ["image_url before it", (url) => said([{ type: "image_url", image_url: { url } }, text])],
  ["image_url as a text", (url) => said([text, { type: "image_url", image_url: url }])],
  [
    "with a detail",
    (url) => said([text, { type: "image_url", image_url: { url, detail: "low" } }]),
  ],
  ["input_image", (url) => said([text, { type: "input_image", image_url: url }])],
  [
    "a source as Anthropic's",
    (url) => {
      const source = { type: "base64", media_type: "image/png", data: url.split(",")[1] };
      return said([{ type: "image", source }, text]);
    },
  ],
  ["a file", (url) => said([text, { type: "file", file: { filename: "a.png", file_data: url } }])],
  [
    "a file with its type",
    (url) => said([text, { type: "file", data: url.split(",")[1], mediaType: "image/png" }]),
  ],
  [
    "inline_data as Gemini's",
    (url) => said([text, { inline_data: { mime_type: "image/png", data: url.split(",")[1] } }]),
  ],
  [
    "a part without a type, as Bedrock's",
    (url) => {
      const image = { format: "png", source: { bytes: url.split(",")[1] } };
      return said([{ text: "make it red" }, { image }]);
    },
  ],
  ["beside a text alone", (url) => said(["make it red", { type: "image", imageUrl: { url } }])],
  ["images as Ollama's", (url) => said("make it red", { images: [url.split(",")[1]] })],
  ["attachments", (url) => said("make it red", { attachments: [{ type: "image", url }] })],
  ["one part", (url) => saidAfter({ type: "image_url", image_url: { url } })],
  ["a message of its own before it", (url) => saidAfter([{ type: "input_image", image_url: url }])],
  ["Markdown in its words", (url) => said(`make it ![a photo](${url}) red`)],
  ["HTML in its words", (url) => said(`<img alt="" src="${url}"> make it red`)],
  ["an address in its words", (url) => said([{ type: "text", text: `make it red ${url}` }])],
];

function said(content: unknown, more: object = {}) {
  const before = [
    { role: "system", content: "You paint." },
    { role: "user", content: "a fox" },
    { role: "assistant", content: "…" },
  ];
  return { messages: [...before, { role: "user", content, ...more }] };
}

function saidAfter(content: unknown) {
  const { messages } = said("make it red");
  return { messages: [...messages.slice(0, -1), { role: "user", content }, messages.at(-1)] };
}

describe("a picture in a chat", () => {
  test.each(parts)("is edited by a model that can: %s", async (_, wrap) => {
    const { post, easel: painter } = anEditor();
    const bytes = await aPainting();
    const body = wrap(`data:image/png;base64,${bytes.toString("base64")}`);
    for (const stream of [false, true]) {
      const response = await post(chats, { model: "Editor", stream, ...body });
      expect(await response.text()).not.toContain("ℹ️");
    }
    expect(painter.orders).toMatchObject([{ prompt: "make it red" }, { prompt: "make it red" }]);
    const [first] = painter.orders;
    expect(Buffer.from(first?.sources?.[0]?.bytes ?? []).equals(bytes)).toBe(true);
    expect((first?.width ?? 0) / (first?.height ?? 1)).toBe(2);
  });

  test.each(parts)("is left out with a notice by a model that cannot: %s", async (_, wrap) => {
    const { post, easel: painter, images } = anEditor();
    const body = { model: "Z-Image", ...wrap(await aUrl()) };
    const notice = "**ℹ️ Z-Image cannot edit pictures, so it painted from the words alone**";
    for (const stream of [false, true]) {
      const response = await post(chats, { ...body, stream });
      expect(await response.text()).toContain(notice);
    }
    expect(painter.orders).toMatchObject([{ prompt: "make it red" }, { prompt: "make it red" }]);
    expect(painter.orders[0]?.sources).toBeUndefined();
    // Two pictures were made, and the one that was sent was not kept.
    expect(images.kept.size).toBe(2);
  });

  test("is edited by the first model that can where none is named, and by the one in the words", async () => {
    const { post, easel: painter } = anEditor();
    const url = await aUrl();
    await post(chats, said([text, { type: "image_url", image_url: { url } }]));
    const words = { type: "text", text: "make it red --model editor --ar 1:1" };
    await post(chats, said([words, { type: "image_url", image_url: { url } }]));
    expect(painter.orders).toMatchObject([
      { model: { id: "Editor" } },
      { model: { id: "Editor" } },
    ]);
    expect(painter.orders[1]?.width).toBe(painter.orders[1]?.height);
  });

  test("is left out where it is no picture and could not be edited anyway", async () => {
    const { post } = aDoor();
    const odd = ["https://example.com/a.png", "data:image/png;base64,aGVsbG8=", 5, { url: {} }];
    for (const image_url of odd) {
      const response = await post(chats, said([text, { type: "image_url", image_url }]));
      expect(await response.text()).toContain("cannot edit pictures");
    }
    const two = [
      text,
      { type: "image_url", image_url: "x" },
      { type: "image_url", image_url: "y" },
    ];
    expect((await post(chats, said(two))).status).toBe(200);
  });

  test("of an earlier message is not edited", async () => {
    const { post, easel: painter } = anEditor();
    const picture = { type: "image_url", image_url: { url: await aUrl() } };
    const messages = [
      { role: "user", content: [text, picture] },
      { role: "assistant", content: "…" },
      { role: "user", content: "a fox" },
    ];
    await post(chats, { model: "Editor", messages });
    expect(painter.orders).toMatchObject([{ prompt: "a fox" }]);
    expect(painter.orders[0]?.sources).toBeUndefined();
  });

  test.each([
    ["an address elsewhere", ["https://example.com/a.png"], null, "no address is fetched"],
    ["an id of a file", [{ file_id: "file-1" }], null, "no address is fetched"],
    ["no picture at all", ["data:image/png;base64,aGVsbG8="], null, "is no PNG"],
  ])("is refused for %s, with its field, by a model that edits", async (_, sent, code, words) => {
    const { post, easel: painter } = anEditor();
    const pictures = sent.map((image_url) => ({ type: "image_url", image_url }));
    const response = await post(chats, { model: "Editor", ...said([text, ...pictures]) });
    expect(await problem(response)).toMatchObject({
      status: 400,
      param: "messages",
      code,
      message: expect.stringContaining(words),
    });
    expect(painter.orders).toHaveLength(0);
  });
});

/** Where clients put a picture beside a prompt. */
const pictureFields = [
  "image images image[] image_url image_urls imageUrl input_image init_image initImage",
  "reference_images image_base64 base_image image_source image_prompt first_frame subject_reference",
].flatMap((names) => names.split(" "));

describe("a picture beside the prompt of new images", () => {
  test.each(pictureFields)("is edited by a model that can: %s", async (name) => {
    const { post, easel: painter } = anEditor();
    const url = await aUrl();
    for (const value of [url, [url], { url }, [{ image_url: { url } }]]) {
      const body = { model: "Editor", prompt: "make it red", [name]: value };
      expect((await post(generations, body)).status).toBe(200);
    }
    expect(painter.orders).toHaveLength(4);
    for (const { sources } of painter.orders) expect(sources).toHaveLength(1);
  });

  test.each([...pictureFields, "mask", "mask_image", "maskUrl"])(
    "is refused by a model that cannot, with its field: %s",
    async (name) => {
      const { post, easel: painter } = anEditor();
      const body = { model: "Z-Image", prompt: "make it red", [name]: await aUrl() };
      const answer = await problem(await post(generations, body));
      expect(answer).toMatchObject({
        status: 400,
        param: name,
        code: "unsupported_feature",
        message: `${name}: The model "Z-Image" cannot edit pictures; "Editor" can.`,
      });
      expect(painter.orders).toHaveLength(0);
    },
  );

  test("is refused where there are two, and with a mask, by a model that edits one as a whole", async () => {
    const { post, easel: painter } = anEditor();
    const [one, other] = [await aUrl(), await aUrl("teal")];
    const body = { model: "Editor", prompt: "x" };
    const send = async (more: object) => problem(await post(generations, { ...body, ...more }));
    const code = "unsupported_feature";
    expect(await send({ image: [one, other] })).toMatchObject({ param: "image", code });
    expect(await send({ image: one, image_url: other })).toMatchObject({
      param: "image_url",
      code,
    });
    expect(await send({ image: one, mask: other })).toMatchObject({ param: "mask", code });
    expect(await send({ mask: other })).toMatchObject({ param: "mask", code });
    expect(painter.orders).toHaveLength(0);
  });

  test("may come in a form", async () => {
    const { post, easel: painter } = anEditor();
    const form = new FormData();
    form.append("model", "Editor");
    form.append("prompt", "make it red");
    form.append("image[]", new Blob([await aPainting()]), "a.png");
    expect((await post(generations, form)).status).toBe(200);
    expect(painter.orders[0]?.sources).toBeDefined();
    form.set("file", new Blob([await aPainting()]), "b.png");
    expect(await problem(await post(generations, form))).toMatchObject({ param: "file" });
    form.set("model", "Z-Image");
    expect(await problem(await post(generations, form))).toMatchObject({ param: "image" });
  });

  test("is edited where it stands in a conversation beside it", async () => {
    const { post, easel: painter } = anEditor();
    const picture = { type: "image_url", image_url: { url: await aUrl() } };
    for (const beside of [
      { input: [picture] },
      { messages: [{ role: "user", content: [picture] }] },
    ]) {
      await post(generations, { model: "Editor", prompt: "make it red", ...beside });
    }
    expect(painter.orders).toMatchObject([{ sources: [{}] }, { sources: [{}] }]);
  });

  test("is taken out of the prompt", async () => {
    const { post, easel: painter } = anEditor();
    const prompt = `make it red ![](${await aUrl()})`;
    for (const path of [generations, edits]) {
      expect((await post(path, { model: "Editor", prompt })).status).toBe(200);
    }
    const order = { prompt: "make it red", sources: [{}] };
    expect(painter.orders).toMatchObject([order, order]);
    expect(await problem(await post(generations, { model: "Z-Image", prompt }))).toMatchObject({
      status: 400,
      code: "unsupported_feature",
      param: "prompt",
    });
  });

  test("is needed for a mask", async () => {
    const masking = { ...editor, edits: { pictures: 1, mask: true } };
    const { post, easel: painter } = aDoor({
      easel: easel({ auto: true, edit: "bytes" }),
      models: [masking],
    });
    const body = { model: "Editor", prompt: "x", mask: await aUrl() };
    expect(await problem(await post(generations, body))).toMatchObject({ param: "mask" });
    expect(painter.orders).toHaveLength(0);
  });

  test("is sent once, however its field is spelled", async () => {
    const { post, easel: painter } = anEditor();
    const body = { model: "Editor", messages: [{ role: "user", content: "x" }] };
    expect((await post(chats, { ...body, imageUrl: await aUrl() })).status).toBe(200);
    expect(painter.orders[0]?.sources).toHaveLength(1);
  });

  test.each([
    { image: null },
    { images: [] },
    { image: "" },
    { mask: null },
    { image_url: [null] },
  ])("is none where there is nothing: %j", async (more) => {
    const { post } = aDoor();
    expect((await post(generations, { prompt: "a fox", ...more })).status).toBe(200);
  });
});

describe("a picture in the input of a response", () => {
  const input = (url: string) => {
    const content = [
      { type: "input_text", text: "make it red" },
      { type: "input_image", image_url: url },
    ];
    return [{ role: "user", content }];
  };
  const tools = [{ type: "image_generation" }];

  test("is edited by a model that can, with the tool and without it", async () => {
    const { post, easel: painter } = anEditor();
    await post(responses, { model: "Editor", input: input(await aUrl()) });
    await post(responses, { model: "gpt-5", input: input(await aUrl()), tools });
    expect(painter.orders).toMatchObject([{ prompt: "make it red" }, { prompt: "make it red" }]);
    for (const { sources, model } of painter.orders) {
      expect([model.id, sources?.length]).toEqual(["Editor", 1]);
    }
  });

  test("is edited, and told of, where it stands without a message", async () => {
    const { post, easel: painter } = anEditor();
    const picture = { type: "input_image", image_url: await aUrl() };
    const words = { type: "input_text", text: "make it red" };
    const asked = { role: "user", content: "make it red" };
    const inputs = [
      [words, picture],
      [picture, words],
      ["make it red", picture],
      [picture, asked],
      [asked, picture],
      { role: "user", content: [words, picture] },
    ];
    for (const input of inputs) {
      await post(responses, { model: "Editor", input });
      const refused = await post(responses, { model: "Z-Image", input });
      expect(await problem(refused)).toMatchObject({ code: "unsupported_feature" });
    }
    const order = { prompt: "make it red", sources: [{}] };
    expect(painter.orders).toMatchObject(inputs.map(() => order));
  });

  test("is edited where a tool answered with it, or where it is written into the words", async () => {
    const { post, easel: painter } = anEditor();
    const image_url = await aUrl();
    const asked = { role: "user", content: "make it red" };
    const output = {
      type: "function_call_output",
      call_id: "c",
      output: [{ type: "input_image", image_url }],
    };
    for (const input of [[asked, output], `make it red ${image_url}`]) {
      expect((await post(responses, { model: "Editor", input })).status).toBe(200);
    }
    const order = { prompt: "make it red", sources: [{}] };
    expect(painter.orders).toMatchObject([order, order]);
  });

  test("is refused by a model that cannot, with its field; so is a mask in the tool", async () => {
    const { post, easel: painter } = anEditor();
    const code = "unsupported_feature";
    const body = { model: "Z-Image", input: input(await aUrl()) };
    expect(await problem(await post(responses, body))).toMatchObject({ param: "input", code });
    const masked = [{ type: "image_generation", input_image_mask: { image_url: await aUrl() } }];
    const edit = { model: "Editor", input: input(await aUrl()), tools: masked };
    expect(await problem(await post(responses, edit))).toMatchObject({
      param: "input_image_mask",
      code,
    });
    expect(painter.orders).toHaveLength(0);
  });
});

/** The same picture, as clients write it in JSON. */
const writings: readonly (readonly [string, (base64: string) => unknown])[] = [
  ["bare base64", (base64) => base64],
  ["a URL without its first word", (base64) => `image/png;base64,${base64}`],
  ["url", (base64) => ({ url: `data:image/png;base64,${base64}` })],
  ["b64_json", (base64) => ({ b64_json: base64 })],
  ["image_url.url", (base64) => ({ image_url: { url: `data:image/png;base64,${base64}` } })],
  ["parameters", (base64) => `data:image/png;charset=utf-8;name=a.png;base64,${base64}`],
  ["another type", (base64) => `data:application/octet-stream;base64,${base64}`],
  ["no type", (base64) => `data:;base64,${base64}`],
  ["the alphabet for URLs", (base64) => base64.replaceAll("+", "-").replaceAll("/", "_")],
  ["no padding", (base64) => base64.replaceAll("=", "")],
  ["percent-encoded", (base64) => encodeURIComponent(base64)],
  ["a percent-encoded URL", (base64) => `data:image/png;base64,${encodeURIComponent(base64)}`],
  ["a percent-encoded whole", (base64) => encodeURIComponent(`data:image/png;base64,${base64}`)],
  ["a quoted text", (base64) => `"data:image/png;base64,${base64}"`],
  ["lines", (base64) => base64.replace(/.{76}/g, "$&\r\n")],
  ["spaces for plus signs", (base64) => base64.replaceAll("+", " ")],
  ["a list of objects", (base64) => [{ data: base64, media_type: "image/png" }]],
  ["an object in camel case", (base64) => ({ imageBase64: base64 })],
  ["a link's object", (base64) => ({ href: `data:;base64,${base64}` })],
  ["a Buffer of Node in JSON", (base64) => Buffer.from(base64, "base64").toJSON()],
  ["base64", (base64) => ({ base64 })],
  ["capitals", (base64) => `DATA:IMAGE/PNG;BASE64,${base64}`],
];

describe("an edit in JSON", () => {
  test.each(writings)("takes its picture as %s", async (_, write) => {
    const { post, easel: painter } = anEditor();
    // Noise, so that every character of the alphabet is there.
    const noise = { width: 48, height: 48, channels: 3 as const, noise: { type: "gaussian" } };
    const create = { ...noise, noise: { type: "gaussian" as const, mean: 128, sigma: 60 } };
    const bytes = await sharp({ create: { ...create, background: "red" } })
      .png()
      .toBuffer();
    const image = write(bytes.toString("base64"));
    const response = await post(edits, { model: "Editor", prompt: "make it red", image });
    expect(response.status).toBe(200);
    expect(Buffer.from(painter.orders[0]?.sources?.[0]?.bytes ?? []).equals(bytes)).toBe(true);
  });

  test("starts from a kept picture by its path alone", async () => {
    const { post, easel: painter } = anEditor();
    const made = await post(generations, { prompt: "a fox", response_format: "url" });
    const { data } = (await made.json()) as { data: { url: string }[] };
    const { pathname } = new URL(data[0]?.url ?? "");
    const body = { model: "Editor", prompt: "bluer", image: { url: pathname } };
    expect((await post(edits, body)).status).toBe(200);
    expect(painter.orders[1]?.sources).toBeDefined();
  });

  test.each([
    ["https://example.com/a.png", "no address is fetched"],
    ["/etc/passwd.png", "no address is fetched"],
    ["C:\\cat.png", "no address is fetched"],
    ["ftp://example.com/a.png", "no address is fetched"],
    ["data:image/png;base64", "no address is fetched"],
    ["aGVsbG8=", "is no PNG"],
  ])("says in words what is wrong with %s", async (image, words) => {
    const { post } = anEditor();
    const answer = await problem(await post(edits, { model: "Editor", prompt: "x", image }));
    expect(answer).toMatchObject({ status: 400, param: "image" });
    expect(answer.message).toContain(words);
  });
});
