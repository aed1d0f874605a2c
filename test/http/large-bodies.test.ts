import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { fileSpool } from "../../src/storage/spool.ts";
import { aDirectory } from "../builders.ts";
import { aDoor, type TestDoorOptions } from "../fakes/door.ts";
import { errorEnvelope } from "../fakes/openai-schemas.ts";
import { easel } from "../fakes/studio.ts";

const mebibyte = 1024 * 1024;
const path = "/v1/images/edits";

function anEditor(options: TestDoorOptions = {}) {
  const models = [{ id: "Editor", provider: "easel", edits: true }];
  const door = aDoor({ easel: easel({ auto: true, edit: "bytes" }), models, ...options });
  return { ...door, files: () => readdirSync(join(door.directory, "uploads")) };
}

/** A picture of so many bytes. */
async function aPicture(bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const create = { width: 64, height: 64, channels: 3, background: "#336699" } as const;
  const png = await sharp({ create }).png().toBuffer();
  return new Uint8Array(Buffer.concat([png, Buffer.alloc(bytes)]));
}

async function aForm(bytes: number): Promise<FormData> {
  const form = new FormData();
  form.append("prompt", "red");
  form.append("image", new Blob([await aPicture(bytes)]), "a.png");
  return form;
}

/** A body whose second half arrives when it is told to. */
function halves(bytes: Uint8Array<ArrayBuffer>) {
  const { promise: told, resolve: finish } = Promise.withResolvers<undefined>();
  const middle = bytes.length >> 1;
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(bytes.subarray(0, middle));
      await told;
      controller.enqueue(bytes.subarray(middle));
      controller.close();
    },
  });
  return { body, finish: () => finish(undefined) };
}

function request(body: RequestInit["body"], headers: Record<string, string>) {
  const all = { authorization: "Bearer key", ...headers };
  return { method: "POST", body, headers: all, duplex: "half" } as RequestInit;
}

const asJson = async (bytes: number) => {
  const image = `data:image/png;base64,${Buffer.from(await aPicture(bytes)).toString("base64")}`;
  return new TextEncoder().encode(JSON.stringify({ prompt: "red", image }));
};

describe("a large body", () => {
  test("lies in a file until it has arrived, which then is gone", async () => {
    const { app, files } = anEditor();
    const { body, finish } = halves(await asJson(3 * mebibyte));
    const answer = app.request(path, request(body, { "content-type": "application/json" }));
    await expect.poll(files).toHaveLength(1);
    finish();
    expect((await answer).status).toBe(200);
    expect(files()).toEqual([]);
  });

  test("that is too long is refused once it was sent, since many clients listen no earlier", async () => {
    const { app, files } = anEditor();
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent++ < 65) controller.enqueue(new Uint8Array(mebibyte));
        else controller.close();
      },
    });
    const headers = { "content-length": `${65 * mebibyte}` };
    expect((await app.request(path, request(body, headers))).status).toBe(413);
    expect(sent).toBe(66);
    expect(files()).toEqual([]);
  });

  test("leaves no file when it is refused, too long or cut off", async () => {
    const { app, post, files } = anEditor();
    const wrong = await asJson(2 * mebibyte).then((bytes) => `[${Buffer.from(bytes).toString()}]`);
    expect((await post(path, wrong)).status).toBe(400);
    expect((await post(path, await aForm(65 * mebibyte))).status).toBe(413);
    const breaking = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (files().length > 0) controller.error(new Error("the connection is gone"));
        else controller.enqueue(new Uint8Array(mebibyte));
      },
    });
    const cut = await app.request(path, request(breaking, {}));
    expect(errorEnvelope.parse(await cut.json()).error.code).toBe("incomplete_body");
    expect(files()).toEqual([]);
  });

  test("is taken as a form, and with an encoding that makes it small", async () => {
    const { app, post, easel: painter, files } = anEditor();
    expect((await post(path, await aForm(2 * mebibyte))).status).toBe(200);
    const small = gzipSync(await asJson(2 * mebibyte));
    const headers = { "content-encoding": "gzip", "content-length": `${small.length}` };
    expect((await app.request(path, request(new Uint8Array(small), headers))).status).toBe(200);
    const [one, other] = painter.orders.map(({ sources }) => sources?.[0]?.bytes);
    expect(Buffer.from(one ?? []).equals(Buffer.from(other ?? []))).toBe(true);
    expect(files()).toEqual([]);
  });

  test("waits for room among others, and is asked to come again when that takes too long", async () => {
    const { app, files } = anEditor({ roomMs: 300 });
    const bytes = await asJson(2 * mebibyte);
    // Of each the end is not known before it comes: it might be 64 MiB.
    const sent = Array.from({ length: 8 }, () => halves(bytes));
    const first = sent.map(({ body }) => app.request(path, request(body, {})));
    await expect.poll(files).toHaveLength(8);
    const client = new AbortController();
    const { signal } = client;
    const gone = app.request(path, { ...request(new Uint8Array(bytes), {}), signal });
    const late = app.request(path, request(new Uint8Array(bytes), {}));
    client.abort();
    expect((await gone).status).toBe(503);
    expect([(await late).status, (await late).headers.get("retry-after")]).toEqual([503, "1"]);
    for (const { finish } of sent) finish();
    const statuses = await Promise.all(first.map(async (answer) => (await answer).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(files()).toEqual([]);
  });
});

describe("what the head tells is refused before the body is read", () => {
  /** A body that notes whether any of it was asked for. */
  function watched() {
    let read = false;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          read = true;
          controller.enqueue(new Uint8Array(1024));
        },
      },
      { highWaterMark: 0 },
    );
    return { body, wasRead: () => read };
  }

  test.each([
    ["a length far over the limit", { "content-length": `${257 * mebibyte}` }, 413],
    ["a form without a boundary", { "content-type": "multipart/form-data" }, 400],
    ["a picture alone", { "content-type": "image/png" }, 400],
    ["an unknown encoding", { "content-encoding": "rot13" }, 415],
    ["an unknown key", { authorization: "Bearer wrong" }, 401],
  ])("%s", async (_, headers, status) => {
    const { app } = anEditor();
    const { body, wasRead } = watched();
    const answer = await app.request(path, request(body, headers));
    expect(answer.status).toBe(status);
    expect(wasRead()).toBe(false);
  });

  test("an edit where no model edits", async () => {
    const { body, wasRead } = watched();
    const answer = await aDoor().app.request(path, request(body, {}));
    expect(errorEnvelope.parse(await answer.json()).error.code).toBe("unsupported_feature");
    expect(wasRead()).toBe(false);
  });
});

test("a spool forgets what a process that died left in it", () => {
  const directory = aDirectory();
  writeFileSync(join(directory, "left"), "half a body");
  fileSpool(directory);
  expect(readdirSync(directory)).toEqual([]);
});
