import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateImage } from "ai";
import OpenAI, { toFile } from "openai";
import sharp from "sharp";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { bareOf, inspectImage } from "../../core/imaging.ts";
import { type Drawbridge, post, secrets, startDrawbridge } from "../fakes/drawbridge.ts";
import { type ImageService, startImageService } from "../fakes/image-service.ts";
import { startProcess } from "../fakes/process.ts";

let service: ImageService;
let drawbridge: Drawbridge;

const keyOfService = "sk-painter-0123456789";

function environmentFor({ openaiUrl }: ImageService) {
  return {
    IMAGES_OPENAI_API_KEY: keyOfService,
    IMAGES_OPENAI_BASE_URL: openaiUrl,
    IMAGES_OPENAI_MODEL: "gpt-image-2",
    IMAGES_OPENAI_EDITS: "16",
    IMAGES_OPENAI_MASK: "true",
  };
}

beforeAll(async () => {
  service = await startImageService({ apiKey: keyOfService });
  const environment = { ...environmentFor(service), MAX_QUEUED_PER_USER: "100" };
  drawbridge = await startDrawbridge({ enhancer: false, environment });
});
afterAll(async () => {
  await drawbridge.close();
  await service.close();
});

function aPainting(background: string, channels: 3 | 4 = 3): Promise<Buffer> {
  return sharp({ create: { width: 64, height: 48, channels, background } })
    .png()
    .toBuffer();
}

/** What the service got last, as pairs of a field and its bytes. */
function arrived() {
  return service.requests.at(-1)?.files.map(({ field, bytes }) => [field, bytes]);
}

const client = () => new OpenAI({ baseURL: `${drawbridge.url}/v1`, apiKey: secrets.gateway });

test("the ai package sends several pictures and a mask, which arrive at the service as they are", async () => {
  const [one, two, mask] = [
    await aPainting("teal"),
    await aPainting("gold"),
    await aPainting("#0000", 4),
  ];
  const sdk = createOpenAICompatible({
    name: "drawbridge",
    baseURL: `${drawbridge.url}/v1`,
    apiKey: secrets.gateway,
  });
  const { image } = await generateImage({
    model: sdk.imageModel("gpt-image-2"),
    prompt: { images: [one, two], mask, text: "put this hat on her" },
  });
  inspectImage(image.uint8Array);
  expect(service.requests.at(-1)?.body).toMatchObject({ prompt: "put this hat on her" });
  expect(arrived()).toEqual([
    ["image[]", one],
    ["image[]", two],
    ["mask", mask],
  ]);
});

test("the openai package sends several pictures and a mask", async () => {
  const [one, two, mask] = [
    await aPainting("red"),
    await aPainting("navy"),
    await aPainting("#0000", 4),
  ];
  const files = await Promise.all(
    [one, two].map((bytes) => toFile(bytes, "a.png", { type: "image/png" })),
  );
  const { data } = await client().images.edit({
    model: "gpt-image-2",
    image: files,
    mask: await toFile(mask, "mask.png", { type: "image/png" }),
    prompt: "in the style of these two",
  });
  inspectImage(Buffer.from(data?.[0]?.b64_json ?? "", "base64"));
  expect(arrived()).toEqual([
    ["image[]", one],
    ["image[]", two],
    ["mask", mask],
  ]);
});

test("the openai package goes on from a response and from its call", async () => {
  const tools: OpenAI.Responses.Tool[] = [{ type: "image_generation", model: "gpt-image-2" }];
  const ask = (input: OpenAI.Responses.ResponseInput | string, previous?: string) =>
    client().responses.create({
      model: "gpt-5",
      input,
      tools,
      ...(previous !== undefined && { previous_response_id: previous }),
    });
  const first = await ask("a red fox");
  const [call] = first.output;
  const painted = Buffer.from(
    call?.type === "image_generation_call" ? (call.result ?? "") : "",
    "base64",
  );
  // The stand-in writes into its pictures what they were made of.
  const bare = Buffer.from(await bareOf(painted, "png"));
  const second = await ask("now make it night", first.id);
  expect([second.previous_response_id, second.output[0]]).toMatchObject([
    first.id,
    { action: "edit" },
  ]);
  expect(arrived()).toEqual([["image", bare]]);
  await ask([
    { role: "user", content: "a red fox" },
    { type: "image_generation_call", id: call?.id ?? "" } as OpenAI.Responses.ResponseInputItem,
    { role: "user", content: "make it snow" },
  ]);
  expect(arrived()).toEqual([["image", bare]]);
});

test("a photograph arrives upright and says nothing of where it was taken", async () => {
  const lying = await sharp(await aPainting("teal"))
    .jpeg()
    .withExif({ IFD0: { Make: "Camera of Anna" }, IFD3: { GPSLatitude: "52/1 31/1 0/1" } })
    .withMetadata({ orientation: 6 })
    .toBuffer();
  const image = `data:image/jpeg;base64,${lying.toString("base64")}`;
  const body = { model: "gpt-image-2", prompt: "make it night", image };
  expect((await post(drawbridge.url, "/v1/images/edits", body)).status).toBe(200);
  const bytes = service.requests.at(-1)?.files[0]?.bytes ?? Buffer.alloc(0);
  expect(inspectImage(bytes)).toEqual({ format: "jpeg", width: 48, height: 64 });
  const { exif, orientation } = await sharp(bytes).metadata();
  expect([exif, orientation]).toEqual([undefined, undefined]);
});

const raw = () => sharp({ create: { width: 64, height: 48, channels: 3, background: "teal" } });

test.each([
  ["16 bits", async () => raw().toColourspace("rgb16").png().toBuffer()],
  ["CMYK", async () => raw().toColourspace("cmyk").jpeg().toBuffer()],
  ["an animation", async () => raw().gif().toBuffer()],
  ["AVIF", async () => raw().avif().toBuffer()],
  ["TIFF", async () => raw().tiff().toBuffer()],
])("what people send arrives as a picture that the service knows: %s", async (_, make) => {
  const form = new FormData();
  form.append("model", "gpt-image-2");
  form.append("prompt", "make it night");
  form.append("image", new Blob([new Uint8Array(await make())]), "photo");
  const headers = { authorization: `Bearer ${secrets.gateway}` };
  const init = { method: "POST", headers, body: form };
  const response = await fetch(`${drawbridge.url}/v1/images/edits`, init);
  expect(response.status).toBe(200);
  const [file] = service.requests.at(-1)?.files ?? [];
  expect(file?.type).toMatch(/^image\/(?:png|jpeg)$/);
  expect(inspectImage(file?.bytes ?? Buffer.alloc(0))).toMatchObject({ width: 64, height: 48 });
});

test.each([
  [
    "HEIC",
    Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1"),
    "has a format that is not read here",
  ],
  ["nothing at all", Buffer.alloc(0), "is no PNG"],
  ["a film", Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "latin1"), "is a video"],
])(
  "what is no picture to edit is refused in words, and nothing is ordered: %s",
  async (_, bytes, words) => {
    const before = service.requests.length;
    const form = new FormData();
    form.append("model", "gpt-image-2");
    form.append("prompt", "make it night");
    form.append("image", new Blob([new Uint8Array(bytes)]), "photo");
    const headers = { authorization: `Bearer ${secrets.gateway}` };
    const init = { method: "POST", headers, body: form };
    const response = await fetch(`${drawbridge.url}/v1/images/edits`, init);
    const { error } = (await response.json()) as { error: { message: string; param: string } };
    expect([response.status, error.param]).toEqual([400, "image"]);
    expect(error.message).toContain(words);
    expect(service.requests).toHaveLength(before);
  },
);

/** A picture of noise, which nothing makes smaller. */
function ofMegabytes(megabytes: number): Promise<Buffer> {
  const side = Math.floor(Math.sqrt((megabytes * 1e6) / 3));
  const raw = { width: side, height: side, channels: 3 as const };
  return sharp(randomBytes(side * side * 3), { raw })
    .png({ compressionLevel: 0 })
    .toBuffer();
}

test("60 MB arrive at the service whole, and more than fits is refused in words", async () => {
  const large = await ofMegabytes(60);
  const edit = (bytes: Buffer) => {
    const form = new FormData();
    form.append("model", "gpt-image-2");
    form.append("prompt", "make it night");
    form.append("image", new Blob([new Uint8Array(bytes)]), "photo.png");
    const headers = { authorization: `Bearer ${secrets.gateway}` };
    return fetch(`${drawbridge.url}/v1/images/edits`, { method: "POST", headers, body: form });
  };
  expect((await edit(large)).status).toBe(200);
  const [file] = service.requests.at(-1)?.files ?? [];
  expect(file?.bytes.equals(large)).toBe(true);
  const before = service.requests.length;
  const image = `data:image/png;base64,${large.toString("base64")}`;
  const refused = await post(drawbridge.url, "/v1/images/edits", { prompt: "x", image });
  expect([refused.status, refused.text]).toEqual([
    413,
    expect.stringContaining("larger than 64 MiB"),
  ]);
  expect((await edit(Buffer.concat([large, Buffer.alloc(10e6)]))).status).toBe(413);
  expect(service.requests).toHaveLength(before);
});

/** How many pictures were sent to jobs that are on disk. */
function promisedSources(directory: string): unknown {
  const database = new DatabaseSync(join(directory, "data", "drawbridge.db"), { readOnly: true });
  const row = database.prepare("SELECT count(*) AS count FROM sources").get();
  database.close();
  return row?.["count"];
}

test("an edit that waits when its process is killed is made by the next one, with its pictures", async () => {
  const slow = await startImageService({ apiKey: keyOfService });
  onTestFinished(() => slow.close());
  const environment = {
    ...environmentFor(slow),
    GATEWAY_API_KEY: secrets.gateway,
    IMAGES_OPENAI_CONCURRENCY: "1",
    HANGUP_GRACE_MS: "600000",
  };
  const letGo = slow.hold();
  const first = await startProcess(environment);
  const busy = post(first.url, "/v1/images/generations", { model: "gpt-image-2", prompt: "a fox" });
  await slow.arrived(1);
  const [one, two] = [await aPainting("teal"), await aPainting("gold")];
  const images = [one, two].map((bytes) => `data:image/png;base64,${bytes.toString("base64")}`);
  const body = { model: "gpt-image-2", prompt: "make it night", images };
  const headers = { "idempotency-key": "an edit" };
  const waiting = post(first.url, "/v1/images/edits", body, { headers });
  await vi.waitFor(() => expect(promisedSources(first.directory)).toBe(2), 60_000);
  const cut = Promise.allSettled([busy, waiting]);
  await first.kill();
  await cut;
  letGo();
  const second = await first.restart();
  const answer = await post(second.url, "/v1/images/edits", body, { headers });
  expect(answer.status).toBe(200);
  const edits = slow.requests.filter(({ files }) => files.length > 0);
  expect(edits.map(({ files }) => files.map(({ bytes }) => bytes))).toEqual([[one, two]]);
});
