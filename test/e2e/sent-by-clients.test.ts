import { writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aDirectory } from "../builders.ts";
import { misleadingWords } from "../core/misleading-words.ts";
import { secrets, startStandIns } from "../fakes/drawbridge.ts";
import { type DrawbridgeProcess, startProcess } from "../fakes/process.ts";

const chats = "/v1/chat/completions";
const generations = "/v1/images/generations";

let standIns: Awaited<ReturnType<typeof startStandIns>>;
let drawbridge: DrawbridgeProcess;
const cleaning: (() => void)[] = [];

beforeAll(async () => {
  standIns = await startStandIns({ enhancer: false });
  drawbridge = await startProcess(standIns.environment, { cleanUp: (task) => cleaning.push(task) });
});
afterAll(async () => {
  for (const task of cleaning) task();
  await standIns.close();
});

interface Sent {
  readonly path?: string;
  readonly body: string | Uint8Array<ArrayBuffer> | object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

/** Sends exactly these headers, to the process that others would reach; `paid` is how many pictures were ordered. */
async function send({ path = generations, body, headers = {}, method = "POST" }: Sent) {
  const before = standIns.service.requests.length;
  const bytes =
    typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number;
    text: string;
    headers: object;
  }>();
  const own = { authorization: `Bearer ${secrets.gateway}`, ...headers };
  const sending = request(drawbridge.url + path, { method, headers: own }, (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    response.on("end", () =>
      resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
    );
  });
  sending.on("error", reject).end(bytes);
  const answer = await promise;
  const orders = standIns.service.requests.slice(before).map((order) => order.body);
  return { ...answer, orders, paid: orders.length };
}

function said(content: unknown, more: object = {}) {
  return {
    path: chats,
    body: { model: "Z-Image", messages: [{ role: "user", content }], ...more },
  };
}

async function aUrl() {
  const create = { width: 64, height: 64, channels: 3, background: "teal" } as const;
  return `data:image/png;base64,${(await sharp({ create }).png().toBuffer()).toString("base64")}`;
}

describe("what clients send", () => {
  test.each([
    "hi",
    "hello",
    "Hey!",
    "ping",
    "TEST",
    "你好",
    "测试",
    "hi there",
    "测试一下",
    "Say hi.",
  ])("is answered for nothing where it tries the connection: %s", async (words) => {
    for (const stream of [false, true]) {
      expect(await send(said(words, { stream }))).toMatchObject({ status: 200, paid: 0 });
    }
  });

  test("is answered for nothing where there is no room for a picture, and painted otherwise", async () => {
    for (const limit of [{ max_tokens: 16 }, { max_completion_tokens: 1 }, { max_tokens: "5" }]) {
      const answer = await send(said("What's 1 + 1?", limit));
      expect(answer).toMatchObject({ status: 200, paid: 0 });
    }
    for (const words of ["ping pong table", "hi-fi system", "fox", "测试飞机"]) {
      expect(await send(said(words))).toMatchObject({ status: 200, paid: 1 });
    }
  });

  test("is painted as it stands where it only looks like a probe, a ratio or a flag", async () => {
    for (const words of misleadingWords) {
      const orders = [{ prompt: words, width: 2048, height: 2048 }];
      expect(await send(said(words))).toMatchObject({ status: 200, orders });
    }
  });

  test("is a notice or a refusal where a picture cannot be edited, and never silence", async () => {
    const url = await aUrl();
    const parts = [
      { type: "text", text: "make it red" },
      { type: "image_url", image_url: { url } },
    ];
    const chat = await send(said(parts));
    expect(chat).toMatchObject({ status: 200, paid: 1 });
    expect(chat.text).toContain("cannot edit pictures, so it painted from the words alone");
    for (const name of ["image", "images", "image[]", "image_url", "mask"]) {
      const { status, text, paid } = await send({ body: { prompt: "x", [name]: url } });
      const { error } = JSON.parse(text) as { error: object };
      expect({ status, paid, ...error }).toMatchObject({
        status: 400,
        paid: 0,
        code: "unsupported_feature",
        param: name,
      });
    }
  });

  test("is read under other names, as texts and in other shapes", async () => {
    const fields = { guidanceScale: "5", num_steps: "9", negativePrompt: "fog", imageSize: "1K" };
    const { orders, text } = await send({ body: { prompt: "a cat", n: "1", ...fields, seed: "" } });
    const wanted = { cfg: 5, steps: 9, negative_prompt: "fog", width: 1024, height: 1024 };
    expect(orders).toMatchObject([wanted]);
    expect(JSON.parse(text)).toMatchObject({ model: "Z-Image" });
    const sizes: [string, number, number][] = [
      ["16:9", 2048, 1152],
      ["2K", 2048, 2048],
      ["1024*1024", 1024, 1024],
      ["landscape", 1920, 1280],
      ["3840x2160", 2048, 1152],
    ];
    for (const [size, width, height] of sizes) {
      expect((await send({ body: { prompt: "a cat", size } })).orders).toMatchObject([
        { width, height },
      ]);
    }
    for (const size of ["32x64", "4096x1000", "7:1"]) {
      expect(await send({ body: { prompt: "a cat", size } })).toMatchObject({
        status: 400,
        paid: 0,
      });
    }
  });

  test.each(["z-image", "Z-IMAGE", "openai/Z-Image", "models/Z-Image"])(
    "names its model in any way: %s",
    async (model) => {
      const { status, text } = await send(said("a fox", { model }));
      expect([status, (JSON.parse(text) as { model: string }).model]).toEqual([200, model]);
    },
  );

  test("brings its key in any header, and never in the address", async () => {
    const key = secrets.gateway;
    const good = [
      { authorization: key },
      { authorization: `Bearer Bearer ${key}` },
      { authorization: "", "api-key": key },
      { authorization: "", "x-api-key": key },
    ];
    for (const headers of good) {
      expect(await send({ method: "GET", path: "/v1/models", body: "", headers })).toMatchObject({
        status: 200,
      });
    }
    const path = `/v1/models?key=${key}&api_key=${key}`;
    const headers = { authorization: "" };
    expect(await send({ method: "GET", path, body: "", headers })).toMatchObject({ status: 401 });
  });

  test("may be compressed, has to be UTF-8, and may hold a long history", async () => {
    const body = JSON.stringify({ prompt: "a cat" });
    for (const [name, bytes] of [
      ["gzip", gzipSync(body)],
      ["br", brotliCompressSync(body)],
      ["zstd", zstdCompressSync(body)],
    ] as const) {
      const answer = await send({ body: bytes, headers: { "content-encoding": name } });
      expect(answer).toMatchObject({ status: 200, paid: 1 });
    }
    const lzma = await send({ body, headers: { "content-encoding": "lzma" } });
    expect(lzma).toMatchObject({ status: 415, paid: 0 });
    const gbk = Buffer.concat([
      Buffer.from('{"prompt":"'),
      Buffer.from([0xd2, 0xbb, 0xbf, 0xc9]),
      Buffer.from('"}'),
    ]);
    expect(await send({ body: gbk })).toMatchObject({ status: 400, paid: 0 });
    const url = `data:image/png;base64,${"A".repeat(20 * 1024 * 1024)}`;
    const messages = [
      { role: "user", content: "a fox" },
      { role: "assistant", content: "…", images: [{ type: "image_url", image_url: { url } }] },
      { role: "user", content: "a red fox" },
    ];
    const answer = await send({ path: chats, body: { model: "Z-Image", messages } });
    expect(answer).toMatchObject({ status: 200, orders: [{ prompt: "a red fox" }] });
  });

  test("may come from a public page to a private address", async () => {
    const headers = {
      origin: "https://chat.example",
      "access-control-request-method": "POST",
      "access-control-request-private-network": "true",
    };
    expect(await send({ method: "OPTIONS", body: "", headers })).toMatchObject({
      status: 204,
      headers: { "access-control-allow-private-network": "true" },
    });
  });
});

test("an edit reaches the service whatever way the picture is written in", async () => {
  const file = join(aDirectory(), "models.json");
  const editor = { id: "Editor", provider: "exacg", index: 16, edits: true };
  writeFileSync(file, JSON.stringify({ models: [editor] }));
  const environment = { MODELS_FILE: file, PUBLIC_URL: "https://draw.example" };
  const usual = drawbridge;
  drawbridge = await startProcess({ ...standIns.environment, ...environment });
  const url = await aUrl();
  const base64 = url.split(",")[1] ?? "";
  const gif = await sharp(Buffer.from(base64, "base64")).gif().toBuffer();
  const images = [
    base64,
    { url },
    { b64_json: base64 },
    encodeURIComponent(base64),
    gif.toString("base64"),
  ];
  for (const image of images) {
    const answer = await send({ path: "/v1/images/edits", body: { prompt: "make it red", image } });
    expect(answer).toMatchObject({
      status: 200,
      orders: [{ image_source: expect.stringMatching(/^https:\/\/draw\.example\/sources\//) }],
    });
  }
  const part = { type: "image_url", image_url: { url } };
  const chat = await send({
    ...said([{ type: "text", text: "make it red" }, part], { model: "editor" }),
  });
  expect(chat).toMatchObject({ status: 200, orders: [{ image_source: expect.any(String) }] });
  drawbridge = usual;
});
