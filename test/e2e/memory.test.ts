import { readFileSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, onTestFinished, test } from "vitest";
import { aDirectory } from "../builders.ts";
import { startStandIns } from "../fakes/drawbridge.ts";
import { type DrawbridgeProcess, startProcess } from "../fakes/process.ts";

const mebibyte = 1024 * 1024;

/** The most memory that a process has had, in MiB. */
function peakOf({ pid }: DrawbridgeProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024);
}

/** A Drawbridge between services whose pictures are so large. */
async function aDrawbridge(pictureBytes: number) {
  const { environment, service, close } = await startStandIns({ enhancer: false });
  onTestFinished(close);
  service.keepMisbehaving({
    bytes: (painted) => Buffer.concat([painted, Buffer.alloc(pictureBytes)]),
  });
  const drawbridge = await startProcess({ ...environment, LOG_LEVEL: "warn" });
  const key = environment["GATEWAY_API_KEY"] ?? "";
  return { drawbridge, service, key };
}

const path = "/v1/images/generations";

/** A request for ten pictures that is the same job each time. */
function headersOf(key: string) {
  return {
    authorization: `Bearer ${key}`,
    "content-type": "application/json",
    "idempotency-key": "the same job",
  };
}

function ask({ url }: DrawbridgeProcess, key: string, more: object): Promise<Response> {
  const body = JSON.stringify({ prompt: "ten foxes", n: 10, ...more });
  return fetch(url + path, { method: "POST", headers: headersOf(key), body });
}

/** Asks for the same job and reads nothing of the answer. */
function askDeaf({ url }: DrawbridgeProcess, key: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).pause();
  onTestFinished(() => void socket.destroy());
  const body = JSON.stringify({ prompt: "ten foxes", n: 10 });
  const headers = { host: "x", ...headersOf(key), "content-length": `${body.length}` };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
  return socket;
}

/** Sends a picture to be edited; answers the status. */
async function edit(
  { url }: DrawbridgeProcess,
  key: string,
  picture: Uint8Array<ArrayBuffer>,
): Promise<number> {
  const form = new FormData();
  form.append("prompt", "red");
  form.append("image", new Blob([picture]), "a.png");
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(`${url}/v1/images/edits`, { method: "POST", headers, body: form });
  await answer.bytes();
  return answer.status;
}

/** The environment of one whose model edits. */
function withEditor() {
  const editor = { id: "Editor", provider: "exacg", index: 16, edits: true };
  const models = join(aDirectory(), "models.json");
  writeFileSync(models, JSON.stringify({ models: [editor] }));
  return { MODELS_FILE: models, PUBLIC_URL: "https://draw.example" };
}

/** How many bytes a body has, which is not kept. */
async function lengthOf({ body }: Response): Promise<number> {
  let length = 0;
  for await (const piece of body ?? []) length += (piece as Uint8Array).byteLength;
  return length;
}

/** The longest time that a look at the server's health took, in milliseconds, while the work was done. */
async function slowestHealth({ url }: DrawbridgeProcess, work: Promise<unknown>): Promise<number> {
  const state = { over: false };
  void work.finally(() => (state.over = true)).catch(() => undefined);
  let slowest = 0;
  while (!state.over) {
    const startedAt = performance.now();
    await (await fetch(`${url}/healthz`)).bytes();
    slowest = Math.max(slowest, performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return slowest;
}

describe.runIf(process.platform === "linux")("large pictures", { timeout: 300_000 }, () => {
  test("asked for by many who do not read, and by others who do, stay on the disk", async () => {
    const pictureBytes = 6 * mebibyte;
    const { drawbridge, service, key } = await aDrawbridge(pictureBytes);
    expect((await ask(drawbridge, key, { response_format: "url" })).status).toBe(200);
    const before = peakOf(drawbridge);
    const deaf = Array.from({ length: 12 }, () => askDeaf(drawbridge, key));
    const clients = Promise.all(
      Array.from({ length: 4 }, async () => lengthOf(await ask(drawbridge, key, {}))),
    );
    // 10 s before, while the answers were put together.
    expect(await slowestHealth(drawbridge, clients)).toBeLessThan(5_000);
    for (const length of await clients) {
      expect(length).toBeGreaterThan((10 * pictureBytes * 4) / 3);
    }
    expect(peakOf(drawbridge) - before).toBeLessThan(400);
    expect(service.requests).toHaveLength(10);
    for (const socket of deaf) expect(socket.destroyed).toBe(false);
  });

  test("that together are longer than a string may be can be had ten at a time, whole and streamed", async () => {
    const pictureBytes = 41 * mebibyte;
    const { drawbridge, key } = await aDrawbridge(pictureBytes);
    const whole = await ask(drawbridge, key, {});
    expect(whole.status).toBe(200);
    const length = Number(whole.headers.get("content-length"));
    expect(length).toBeGreaterThan((10 * pictureBytes * 4) / 3);
    expect(await lengthOf(whole)).toBe(length);
    const before = peakOf(drawbridge);
    const streamed = await ask(drawbridge, key, { stream: true });
    expect(await lengthOf(streamed)).toBeGreaterThan((10 * pictureBytes * 4) / 3);
    expect(peakOf(drawbridge) - before).toBeLessThan(200);
  });

  test("that are sent where no model edits are not read, and others arrive on the disk", async () => {
    const { environment, close } = await startStandIns({ enhancer: false });
    onTestFinished(close);
    const key = environment["GATEWAY_API_KEY"] ?? "";
    const zeros = new Uint8Array(60 * mebibyte);
    const sendEight = (drawbridge: DrawbridgeProcess) =>
      Promise.all(Array.from({ length: 8 }, () => edit(drawbridge, key, zeros)));
    const painting = await startProcess({ ...environment, LOG_LEVEL: "warn" });
    const before = peakOf(painting);
    expect(new Set(await sendEight(painting))).toEqual(new Set([400]));
    expect(peakOf(painting) - before).toBeLessThan(200);
    const editing = await startProcess({ ...environment, LOG_LEVEL: "warn", ...withEditor() });
    // What was sent is no picture, which is found once all of it is there.
    expect(new Set(await sendEight(editing))).toEqual(new Set([400]));
    expect(peakOf(editing)).toBeLessThan(1000);
  });

  test("that were sent as GIFs of 64 megapixels are forgotten once they are converted", async () => {
    const { environment, close } = await startStandIns({ enhancer: false });
    onTestFinished(close);
    const key = environment["GATEWAY_API_KEY"] ?? "";
    const drawbridge = await startProcess({ ...environment, LOG_LEVEL: "warn", ...withEditor() });
    const create = { width: 8000, height: 8000, channels: 3, background: "teal" } as const;
    const gif = await sharp({ create }).gif({ effort: 1 }).toBuffer();
    const sent = Array.from({ length: 4 }, (_, n) => Buffer.concat([gif, Buffer.of(n)]));
    const statuses = await Promise.all(sent.map((picture) => edit(drawbridge, key, picture)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    // 1.2 GB, where what was done last is remembered.
    expect(peakOf(drawbridge)).toBeLessThan(900);
  });
});
