import { hash, randomUUID } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Agent, request } from "undici";
import { serve } from "./children.ts";

/**
 * The least that a gateway can do: it hands the words on to the image service and the link, or the picture, back. No
 * checks, no store, no line, no recipe. Where pictures are kept, it writes each to a file as Drawbridge does.
 */

const service = process.env.SD_API_BASE_URL ?? "";
const keepsPictures = process.env.IMAGE_LINKS === "kept";
const directory = process.env.DATA_DIR ?? "";
const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

interface Asked {
  readonly prompt?: string;
  readonly response_format?: string;
  readonly messages?: readonly { readonly content: string }[];
}

async function readJson(incoming: IncomingMessage): Promise<Asked> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString()) as Asked;
}

async function order(prompt: string): Promise<string> {
  const { body } = await request(`${service}/api/v1/generate_image`, {
    dispatcher,
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer k" },
    body: JSON.stringify({ prompt, width: 2048, height: 2048, steps: 8, cfg: 7, model_index: 5 }),
  });
  const { data } = (await body.json()) as { data: { image_url: string } };
  return data.image_url;
}

async function download(url: string): Promise<Uint8Array> {
  const { body } = await request(url, { dispatcher });
  const bytes = await body.bytes();
  await keep(bytes);
  return bytes;
}

/** Under its hash, once all of it is written. */
async function keep(bytes: Uint8Array): Promise<void> {
  const unfinished = join(directory, `${randomUUID()}.tmp`);
  await writeFile(unfinished, bytes);
  await rename(unfinished, join(directory, hash("sha256", bytes)));
}

async function answer({ prompt, messages, response_format }: Asked): Promise<object> {
  const url = await order(messages?.at(-1)?.content ?? prompt ?? "");
  const picture = keepsPictures ? await download(url) : undefined;
  if (messages) {
    const message = { role: "assistant", content: `![a picture](${url})`, refusal: null };
    const choices = [{ index: 0, message, logprobs: null, finish_reason: "stop" }];
    return { id: "chatcmpl-1", object: "chat.completion", created: 1, model: "Z-Image", choices };
  }
  const shown =
    response_format === "b64_json" && picture
      ? { b64_json: Buffer.from(picture).toString("base64") }
      : { url };
  return { created: 1, data: [shown] };
}

const server = createServer((incoming, response) => {
  void readJson(incoming)
    .then(answer)
    .then((json) => {
      const body = JSON.stringify(json);
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      });
      response.end(body);
    });
});
server.listen(0, "127.0.0.1", () => {
  serve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
