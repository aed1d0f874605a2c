import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { aDoor, chat } from "../fakes/door.ts";
import { easel } from "../fakes/studio.ts";

const generations = "/v1/images/generations";
const everywhere = ["/v1/chat/completions", generations, "/v1/images/edits", "/v1/responses"];

/** A good body at every endpoint. */
async function aBody(more: object = {}) {
  const create = { width: 64, height: 64, channels: 3, background: "teal" } as const;
  const url = `data:image/png;base64,${(await sharp({ create }).png().toBuffer()).toString("base64")}`;
  return JSON.stringify({ ...chat("a cat"), prompt: "a cat", input: "a cat", ...more, image: url });
}

function aTolerantDoor() {
  const models = [{ id: "Editor", provider: "easel", edits: true }];
  const door = aDoor({ easel: easel({ auto: true, edit: "bytes" }), models });
  const send = (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ) =>
    door.app.request(path, {
      method: "POST",
      headers: { authorization: "Bearer key", ...headers },
      body,
    });
  return { ...door, send };
}

async function errorOf(response: Response) {
  const { error } = (await response.json()) as { error: { message: string; code: string | null } };
  return { status: response.status, ...error };
}

const compressed = {
  gzip: gzipSync,
  "x-gzip": gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
} as const;

describe("a body with a Content-Encoding", () => {
  test.each(Object.entries(compressed))("is decoded everywhere: %s", async (name, compress) => {
    const { send } = aTolerantDoor();
    const body = compress(await aBody({ model: "Editor" }));
    for (const path of everywhere) {
      const response = await send(path, body, { "content-encoding": name });
      expect([path, response.status]).toEqual([path, 200]);
    }
  });

  test("may be deflate without its frame, in capitals, twice encoded or not encoded at all", async () => {
    const { send, easel: painter } = aTolerantDoor();
    const body = JSON.stringify({ prompt: "a cat" });
    const sent: [string, string | Uint8Array<ArrayBuffer>][] = [
      ["deflate", deflateRawSync(body)],
      ["GZIP", gzipSync(body)],
      ["gzip, br", brotliCompressSync(gzipSync(body))],
      ["identity", body],
      ["", body],
    ];
    for (const [name, bytes] of sent) {
      expect((await send(generations, bytes, { "content-encoding": name })).status).toBe(200);
    }
    expect(painter.orders).toHaveLength(sent.length);
  });

  test("may be a form", async () => {
    const { send } = aTolerantDoor();
    const form = new FormData();
    form.append("prompt", "make it red");
    form.append("image", new Blob([await sharp(Buffer.from(svg)).png().toBuffer()]), "a.png");
    const whole = new Response(form);
    const type = whole.headers.get("content-type") ?? "";
    const body = gzipSync(await whole.bytes());
    const headers = { "content-type": type, "content-encoding": "gzip" };
    expect((await send("/v1/images/edits", body, headers)).status).toBe(200);
  });

  test.each([
    ["gzip", gzipSync, "/v1/chat/completions"],
    ["deflate", deflateSync, generations],
    ["br", quickBrotli, "/v1/images/edits"],
    ["zstd", zstdCompressSync, "/v1/responses"],
  ])("is 413 where too much comes out of it: %s", async (name, compress, path) => {
    const { send, easel: painter } = aTolerantDoor();
    const body = compress(Buffer.alloc(65 * 1024 * 1024, " "));
    const response = await send(path, body, { "content-encoding": name });
    expect(response.status).toBe(413);
    expect(painter.orders).toHaveLength(0);
  });

  test.each(["compress", "aws-chunked", "gzip, exi", "gzip, gzip, gzip"])(
    "is 415 for another one, which says those that are taken: %s",
    async (name) => {
      const { send } = aTolerantDoor();
      const response = await send(generations, "{}", { "content-encoding": name });
      expect(response.headers.get("accept-encoding")).toBe("gzip, deflate, br, zstd");
      expect(await errorOf(response)).toMatchObject({ status: 415, code: "unsupported_encoding" });
    },
  );

  test("is 400 where it is damaged, cut off or not encoded after all", async () => {
    const { send, easel: painter } = aTolerantDoor();
    const body = JSON.stringify({ prompt: "a cat" });
    for (const [name, compress] of Object.entries(compressed)) {
      for (const bytes of [body, compress(body).subarray(0, -9)]) {
        const response = await send(generations, bytes, { "content-encoding": name });
        expect(await errorOf(response)).toMatchObject({
          status: 400,
          message: "The body is not what its Content-Encoding says.",
        });
      }
    }
    expect(painter.orders).toHaveLength(0);
  });
});

function quickBrotli(bytes: Uint8Array) {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
}

const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>`;

/** 一只可 in GBK, é and ü in Latin-1, 猫 in Big5 and in Shift JIS, the first half of a character in UTF-8. */
const notUtf8 = {
  GBK: [0xd2, 0xbb, 0xd6, 0xbb, 0xbf, 0xc9],
  "GBK that is UTF-8 by chance": [0xd2, 0xbb, 0xd6, 0xbb, 0xc3, 0xa8],
  "Latin-1": [0x63, 0x61, 0x66, 0xe9, 0x20, 0xfc],
  Big5: [0xbf, 0xdf],
  "Shift JIS": [0x94, 0x4c],
  "half a character": [0xe7, 0x8c],
} as const;

describe("a body that is not UTF-8", () => {
  test.each(Object.entries(notUtf8))("is refused everywhere: %s", async (_, bytes) => {
    const { send, easel: painter } = aTolerantDoor();
    const [before = "", after = ""] = (await aBody({ model: "Editor" })).split('"a cat"', 2);
    const rest = `${after}}`.replace(/^,"image.*/s, "}");
    const prompt = [Buffer.from(`${before}"`), Buffer.from(bytes), Buffer.from(`"${rest}`)];
    for (const path of everywhere) {
      expect(await errorOf(await send(path, Buffer.concat(prompt)))).toMatchObject({
        status: 400,
        message: "The body has to be UTF-8.",
      });
    }
    expect(painter.orders).toHaveLength(0);
  });

  test("is refused as a form, too, unless the form holds the sign for what cannot be read itself", async () => {
    const { send, easel: painter } = aTolerantDoor();
    const picture = await sharp(Buffer.from(svg)).png().toBuffer();
    const form = (words: Uint8Array) =>
      Buffer.concat([
        Buffer.from('--the-boundary\r\ncontent-disposition: form-data; name="prompt"\r\n\r\n'),
        words,
        Buffer.from(
          '\r\n--the-boundary\r\ncontent-disposition: form-data; name="image"; filename="a.png"\r\ncontent-type: image/png\r\n\r\n',
        ),
        picture,
        Buffer.from("\r\n--the-boundary--\r\n"),
      ]);
    const headers = { "content-type": "multipart/form-data; boundary=the-boundary" };
    for (const words of [notUtf8.GBK, notUtf8["GBK that is UTF-8 by chance"]]) {
      const bad = await send("/v1/images/edits", form(Buffer.from(words)), headers);
      expect(await errorOf(bad)).toMatchObject({ message: "The body has to be UTF-8." });
    }
    const good = await send("/v1/images/edits", form(Buffer.from("猫 \ufffd")), headers);
    expect(good.status).toBe(200);
    expect(painter.orders).toMatchObject([{ prompt: "猫 \ufffd" }]);
  });

  test.each(["«Привет», Zoë", "naïve Ωmega", "Ангел ägypten", "שלום, café", "µм, 5 °C", "Đặng"])(
    "is none in any language: %s",
    async (prompt) => {
      const { send, easel: painter } = aTolerantDoor();
      expect((await send(generations, JSON.stringify({ prompt }))).status).toBe(200);
      expect(painter.orders).toMatchObject([{ prompt }]);
    },
  );

  test("is none where it begins with the mark of UTF-8", async () => {
    const { send, easel: painter } = aTolerantDoor();
    expect((await send(generations, `\ufeff{"prompt":"一只猫"}`)).status).toBe(200);
    expect(painter.orders).toMatchObject([{ prompt: "一只猫" }]);
  });
});
