import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { inspectImage } from "../../core/imaging.ts";
import { type ImageService, type ImageServiceOptions, startImageService } from "./image-service.ts";

let service: ImageService | undefined;

afterEach(() => service?.close());

async function start(options: ImageServiceOptions = {}): Promise<ImageService> {
  service = await startImageService({ paints: { width: 16, height: 16 }, ...options });
  return service;
}

function order({ url }: ImageService, body: object = {}, init: RequestInit = {}) {
  const text = JSON.stringify({ prompt: "a cat", width: 64, height: 32, seed: 1, ...body });
  return fetch(`${url}/api/v1/generate_image`, { method: "POST", body: text, ...init });
}

describe("the stand-in of an image service", () => {
  test.for(["png", "jpeg", "webp"] as const)(
    "paints a real %s of the ordered size",
    async (format) => {
      const service = await start({ paints: "ordered", format });
      await order(service);
      const [bytes] = service.pictures.values();
      expect(inspectImage(bytes!)).toEqual({ format, width: 64, height: 32 });
    },
  );

  test("paints the same bytes for the same order and others for another seed", async () => {
    const service = await start();
    for (const seed of [1, 1, 2]) await order(service, { seed });
    const [first, same, other] = [...service.pictures.values()].map((bytes) => Buffer.from(bytes));
    expect(first?.equals(same!)).toBe(true);
    expect(first?.equals(other!)).toBe(false);
  });

  test("counts orders, by their values and at once", async () => {
    const service = await start();
    const release = service.hold();
    const orders = [1, 2, 2].map((seed) => order(service, { seed }));
    await service.arrived(3);
    expect(service).toMatchObject({ running: 3, mostAtOnce: 3 });
    release();
    await Promise.all((await Promise.all(orders)).map((response) => response.json()));
    await order(service);
    expect(service.mostAtOnce).toBe(3);
    expect(service.ordersOf({ prompt: "a cat", seed: 2 })).toBe(2);
  });

  test("notices who hangs up", async () => {
    const service = await start({ delayMs: 60_000 });
    const controller = new AbortController();
    const asked = order(service, {}, { signal: controller.signal });
    await service.arrived(1);
    controller.abort();
    await expect(asked).rejects.toThrow();
    while (service.running > 0) await sleep(1);
    expect(service.abandoned).toBe(1);
  });

  test("misbehaves as often as it is told to, and is well again", async () => {
    const service = await start();
    service.misbehave("rate-limited", "gateway-timeout");
    const statuses: number[] = [];
    for (let at = 0; at < 3; at++) statuses.push((await order(service)).status);
    service.keepMisbehaving("rejected");
    for (let at = 0; at < 2; at++) statuses.push((await order(service)).status);
    service.keepMisbehaving();
    statuses.push((await order(service)).status);
    expect(statuses).toEqual([429, 504, 200, 400, 400, 200]);
  });

  test("serves nobody without its key", async () => {
    const service = await start({ apiKey: "sk-1" });
    expect((await order(service)).status).toBe(401);
    const headers = { authorization: "Bearer sk-1" };
    expect((await order(service, {}, { headers })).status).toBe(200);
    expect(service.pictures.size).toBe(1);
  });

  test("closes while callers still hang on it", async () => {
    const service = await start();
    service.keepMisbehaving("hang");
    const asked = order(service);
    await service.arrived(1);
    await service.close();
    await expect(asked).rejects.toThrow();
    await start();
  });
});
