import { describe, expect, onTestFinished, test } from "vitest";
import { post, secrets, startStandIns } from "../fakes/drawbridge.ts";
import { errorEnvelope } from "../fakes/openai-schemas.ts";
import { type DrawbridgeProcess, startProcess } from "../fakes/process.ts";

const path = "/v1/images/generations";
const cat = { prompt: "a cat", size: "64x64" };
const dog = { prompt: "a dog", size: "64x64" };

/** A client that has hung up has no time here to come back within: what saves its picture is the restart alone. */
async function begin(environment: Readonly<Record<string, string>> = {}) {
  const standIns = await startStandIns({ enhancer: false });
  onTestFinished(() => standIns.close());
  const { service } = standIns;
  const process = await startProcess({
    ...standIns.environment,
    SD_CONCURRENCY: "1",
    HANGUP_GRACE_MS: "0",
    ...environment,
  });
  const painted = () => service.requests.map(({ body }) => body["prompt"]);
  return { service, process, painted };
}

/** The code of the picture that this request gets. */
async function codeOf({ url }: DrawbridgeProcess, body: object, at = path): Promise<string> {
  const { status, headers, text } = await post(url, at, body);
  if (status !== 200) throw new Error(`${status} ${text}`);
  return headers.get("x-drawbridge-code") ?? "";
}

async function waitsInLine({ url }: DrawbridgeProcess): Promise<void> {
  const metrics = async () => (await fetch(`${url}/metrics`)).text();
  await expect.poll(metrics).toContain("drawbridge_jobs_waiting 1\n");
}

/** Has one picture at the service and this one behind it, ends the process, and answers what became of this one. */
async function cutOff(
  { process, service }: Awaited<ReturnType<typeof begin>>,
  at: string,
  body: object,
) {
  const release = service.hold();
  const running = post(process.url, path, cat);
  await service.arrived(1);
  const waiting = post(process.url, at, body);
  await waitsInLine(process);
  const ended = process.stop();
  const refused = await waiting;
  release();
  expect((await running).status).toBe(200);
  await ended;
  return refused;
}

const messages = [{ role: "user", content: "a dog" }];
const chat = ["chat", "/v1/chat/completions", { model: "Z-Image", messages }] as const;
const tools = [{ type: "image_generation" }];
const doors = [
  ["images", path, dog],
  chat,
  ["responses", "/v1/responses", { model: "Z-Image", input: "a dog", tools }],
] as const;

describe("a restart", () => {
  test.each(doors)(
    "is told to a client of %s that waits, and its same request gets the picture",
    async (_, at, body) => {
      const scene = await begin();
      const refused = await cutOff(scene, at, body);
      expect(refused.status).toBe(503);
      expect(refused.headers.get("retry-after")).toBe("5");
      const { error } = errorEnvelope.parse(refused.json);
      expect(error).toMatchObject({ code: "restarting", type: "server_error" });
      expect(error.message).toContain("Send the same request again");
      const next = await scene.process.restart();
      const code = await codeOf(next, body, at);
      expect(code).toBe(refused.headers.get("x-drawbridge-code"));
      expect(scene.painted()).toEqual(["a cat", "a dog"]);
    },
  );

  test("is told in a stream that has begun", async () => {
    const scene = await begin();
    const [, at, body] = chat;
    const refused = await cutOff(scene, at, { ...body, stream: true });
    expect(refused.text).toContain('"content":"**⚠️ The server is restarting.');
    expect(refused.text).toContain('"code":"restarting"');
    await codeOf(await scene.process.restart(), { ...body, stream: true }, at);
    expect(scene.painted()).toEqual(["a cat", "a dog"]);
  });

  test("gives a picture made again to the same request", async () => {
    const scene = await begin();
    const first = await codeOf(scene.process, cat);
    const again = `/v1/images/${first}/again`;
    const release = scene.service.hold();
    const running = post(scene.process.url, path, dog);
    await scene.service.arrived(2);
    const waiting = post(scene.process.url, again, { seed: 7 });
    await waitsInLine(scene.process);
    const ended = scene.process.stop();
    const refused = await waiting;
    expect(refused.status).toBe(503);
    release();
    await Promise.all([running, ended]);
    const next = await scene.process.restart();
    const { json } = await post(next.url, again, { seed: 7 });
    expect(json).toMatchObject({ code: refused.headers.get("x-drawbridge-code"), parent: first });
    expect(scene.painted()).toEqual(["a cat", "a dog", "a cat"]);
  });

  test("asks once more, and not twice, for a picture that was at the service", async () => {
    const { service, process, painted } = await begin();
    const release = service.hold();
    const cut = post(process.url, path, cat);
    await service.arrived(1);
    const { code } = await process.stop();
    expect(code).toBe(0);
    const refused = await cut;
    expect(errorEnvelope.parse(refused.json).error.code).toBe("restarting");
    release();
    const next = await process.restart();
    expect(await codeOf(next, cat)).toBe(refused.headers.get("x-drawbridge-code"));
    expect(painted()).toEqual(["a cat", "a cat"]);
  });

  test("by kill -9 does so, too", async () => {
    const { service, process, painted } = await begin();
    const release = service.hold();
    const cut = post(process.url, path, cat).catch(() => "cut off");
    await service.arrived(1);
    await process.kill();
    expect(await cut).toBe("cut off");
    const next = await process.restart();
    await service.arrived(2);
    const taken = codeOf(next, cat);
    release();
    await taken;
    expect(painted()).toEqual(["a cat", "a cat"]);
  });

  test("gives the picture to the same request of the same key alone, and once", async () => {
    const scene = await begin({ GATEWAY_API_KEY: `anna:${secrets.gateway},ben:ben-key` });
    const refused = await cutOff(scene, path, dog);
    const next = await scene.process.restart();
    await expect.poll(scene.painted).toEqual(["a cat", "a dog"]);
    const ben = await fetch(next.url + path, {
      method: "POST",
      headers: { authorization: "Bearer ben-key" },
      body: JSON.stringify(dog),
    });
    const codes = [
      ben.headers.get("x-drawbridge-code"),
      await codeOf(next, { ...dog, seed: 3 }),
      await codeOf(next, dog),
      await codeOf(next, dog),
    ];
    expect(codes[2]).toBe(refused.headers.get("x-drawbridge-code"));
    expect(new Set(codes).size).toBe(4);
  });
});
