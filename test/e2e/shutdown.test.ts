import { describe, expect, onTestFinished, test } from "vitest";
import { post, startStandIns } from "../fakes/drawbridge.ts";
import { errorEnvelope, imagesResponse } from "../fakes/openai-schemas.ts";
import { startProcess } from "../fakes/process.ts";

async function standIns() {
  const made = await startStandIns({ enhancer: false });
  onTestFinished(() => made.close());
  return made;
}

const cat = { prompt: "a cat", size: "64x64" };
const path = "/v1/images/generations";
const keyed = (key: string) => ({ headers: { "idempotency-key": key } });

describe("SIGTERM", () => {
  test("lets a picture that is under way come to its client, and takes no more", async () => {
    const { service, environment } = await standIns();
    const drawbridge = await startProcess(environment);
    const release = service.hold();
    const asked = post(drawbridge.url, path, cat);
    await service.arrived(1);
    const startedAt = Date.now();
    const ended = drawbridge.stop();
    await expect
      .poll(() =>
        fetch(`${drawbridge.url}/healthz`).then(
          () => "open",
          () => "closed",
        ),
      )
      .toBe("closed");
    release();
    const { status, json } = await asked;
    expect(status).toBe(200);
    imagesResponse.parse(json);
    expect(await ended).toMatchObject({ code: 0, signal: null });
    expect(Date.now() - startedAt).toBeLessThan(10_000);
  });

  test("leaves what does not end in time on disk, to be made by the next process", async () => {
    const { service, environment } = await standIns();
    const one = { ...environment, SD_CONCURRENCY: "1" };
    const drawbridge = await startProcess(one);
    const release = service.hold();
    const running = post(drawbridge.url, path, cat, keyed("running"));
    await service.arrived(1);
    const waiting = post(drawbridge.url, path, { ...cat, prompt: "a dog" }, keyed("waiting"));
    await expect.poll(() => metric(drawbridge.url, "drawbridge_jobs_waiting")).toBe(1);

    const startedAt = Date.now();
    const { code } = await drawbridge.stop();
    expect(code).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(15_000);
    for (const { status, headers, json } of await Promise.all([running, waiting])) {
      expect(status).toBe(503);
      expect(errorEnvelope.parse(json).error.code).toBe("restarting");
      expect(headers.get("retry-after")).toBe("5");
    }

    release();
    const next = await drawbridge.restart();
    const again = await post(next.url, path, cat, keyed("running"));
    expect(again).toMatchObject({
      status: 200,
      json: { notices: [expect.stringContaining("twice"), expect.anything()] },
    });
    const later = await post(next.url, path, { ...cat, prompt: "a dog" }, keyed("waiting"));
    expect(later).toMatchObject({
      status: 200,
      json: { notices: [expect.stringContaining("16x16")] },
    });
    expect(service.requests.map(({ body }) => body["prompt"])).toEqual(["a cat", "a cat", "a dog"]);
    await next.stop();
  });
});

async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1]);
}
