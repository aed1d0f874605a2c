import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import sharp from "sharp";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { inspectImage } from "../../core/imaging.ts";
import { type Drawbridge, ownDrawbridge, post } from "../fakes/drawbridge.ts";
import type { Fault } from "../fakes/image-faults.ts";
import { chatCompletion, errorEnvelope, imagesResponse } from "../fakes/openai-schemas.ts";
import { htmlAnswer } from "../fakes/stand-in.ts";

const path = "/v1/images/generations";
const cat = { prompt: "a cat", size: "64x64" };
const upstream = { IMAGE_LINKS: "upstream" };

const links = z.object({ data: z.array(z.object({ url: z.url() })) });

async function linkOf({ url }: Drawbridge, more: object = {}): Promise<string> {
  const { json } = await post(url, path, { ...cat, response_format: "url", ...more });
  return links.parse(json).data[0]?.url ?? "";
}

describe("a link", () => {
  test("that is kept hides the service, and its picture outlives it there", async () => {
    const drawbridge = await ownDrawbridge();
    const link = await linkOf(drawbridge);
    expect(link).toMatch(new RegExp(`^${drawbridge.url}/images/[0-9a-f]{32}\\.png$`));
    await drawbridge.service.close();
    expect((await fetch(link)).status).toBe(200);
  });

  test("begins with the public address where one is configured", async () => {
    const drawbridge = await ownDrawbridge({
      environment: { PUBLIC_URL: "https://draw.example.com/x/" },
    });
    expect(await linkOf(drawbridge)).toMatch(/^https:\/\/draw\.example\.com\/x\/images\/\w+\.png$/);
  });

  test("is the service's own, unkept, where links are handed on", async () => {
    const drawbridge = await ownDrawbridge({ environment: upstream });
    const link = await linkOf(drawbridge);
    expect(link).toBe(`${drawbridge.service.url}/pictures/1.png`);
    expect(drawbridge.service.downloads).toHaveLength(0);
    const messages = [{ role: "user", content: "a cat" }];
    const { json } = await post(drawbridge.url, "/v1/chat/completions", { messages });
    const [line] = (chatCompletion.parse(json).choices[0]?.message.content ?? "").split("\n");
    expect(line).toBe(`![a cat](${drawbridge.service.url}/pictures/2.png)`);
    expect(drawbridge.service.downloads).toHaveLength(0);
  });
});

describe("where links are handed on", () => {
  test("base64 is fetched from the service when it is asked for", async () => {
    const drawbridge = await ownDrawbridge({ environment: upstream });
    const { json } = await post(drawbridge.url, path, { ...cat, output_format: "webp" });
    const { data } = imagesResponse.parse(json);
    const bytes = Buffer.from(data[0]?.b64_json ?? "", "base64");
    expect(inspectImage(bytes)).toEqual({ format: "webp", width: 16, height: 16 });
    expect(drawbridge.service.downloads).toHaveLength(1);
  });

  test("what base64 holds is told from its bytes, whatever the link ends with", async () => {
    const drawbridge = await ownDrawbridge({ environment: upstream });
    const create = { width: 16, height: 16, channels: 3 as const, background: "teal" };
    const webp = await sharp({ create }).webp().toBuffer();
    for (let times = 0; times < 4; times++) drawbridge.service.misbehave({ bytes: () => webp });
    const { json } = await post(drawbridge.url, path, cat);
    expect(json).toMatchObject({ output_format: "webp" });
    const { text } = await post(drawbridge.url, path, { ...cat, stream: true });
    expect(text).toContain('"output_format":"webp"');
    const tools = [{ type: "image_generation" }];
    const response = await post(drawbridge.url, "/v1/responses", { input: "a cat", tools });
    expect(response.json).toMatchObject({ output: [{ output_format: "webp" }] });
    const messages = [{ role: "user", content: "a cat" }];
    const chat = { messages, modalities: ["image"] };
    expect((await post(drawbridge.url, "/v1/chat/completions", chat)).text).toContain(
      "data:image/webp;base64,UklGR",
    );
  });

  test.each([
    ["truncated-picture", 502, "provider_failed"],
    ["html-for-picture", 502, "provider_failed"],
    ["redirect-to-metadata", 502, "provider_failed"],
    ["picture-hangs", 504, "timeout"],
  ] as const)("base64 of %s is an error, not a picture", async (fault, status, code) => {
    const drawbridge = await ownDrawbridge({ environment: { ...upstream, SD_TIMEOUT_MS: "500" } });
    drawbridge.service.misbehave(fault);
    const answer = await post(drawbridge.url, path, cat);
    expect(answer.status).toBe(status);
    expect(errorEnvelope.parse(answer.json).error.code).toBe(code);
    expect(answer.headers.get("x-should-retry")).toBe("false");
  });

  test.each(["metadata-link", "private-link", "file-link", "script-link"] as const)(
    "base64 of %s never leaves this machine",
    async (fault) => {
      const drawbridge = await ownDrawbridge({ environment: upstream });
      drawbridge.service.misbehave(fault);
      expect((await post(drawbridge.url, path, cat)).status).toBe(502);
    },
  );
});

describe("the guarded download", () => {
  /** A server on this machine that no image service has anything to do with. */
  async function secretPlace() {
    let visits = 0;
    const server = createServer((_, response) => {
      visits++;
      response.end("the crown jewels");
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    return { port, visits: () => visits };
  }

  test.each(["127.0.0.1", "localhost", "[::1]", "0x7f000001", "127.1", "2130706433", "0.0.0.0"])(
    "follows no link to %s beside the service",
    async (host) => {
      const drawbridge = await ownDrawbridge();
      const place = await secretPlace();
      const fault: Fault = { link: () => `http://${host}:${place.port}/1.png` };
      drawbridge.service.misbehave(fault);
      const { status, text } = await post(drawbridge.url, path, cat);
      expect(status).toBe(502);
      expect(text).toContain("not safe to follow");
      expect(text).not.toContain(String(place.port));
      expect(place.visits()).toBe(0);
    },
  );

  test("follows no redirect of the service to a place inside", async () => {
    const drawbridge = await ownDrawbridge();
    const place = await secretPlace();
    const location = `http://127.0.0.1:${place.port}/`;
    const answer = () => htmlAnswer(302, "", { location });
    drawbridge.service.misbehave({ picture: { answer } });
    expect((await post(drawbridge.url, path, cat)).status).toBe(502);
    expect(place.visits()).toBe(0);
  });
});
