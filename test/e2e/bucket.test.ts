import { describe, expect, onTestFinished, test } from "vitest";
import { type FakeS3, fakeS3 } from "../fakes/s3.ts";
import { startImageService } from "../fakes/image-service.ts";
import { startProcess } from "../fakes/process.ts";

const key = "a-key-of-the-tests";

/** A process that keeps its pictures in a bucket. */
async function aProcess(links: "kept" | "presigned" = "kept") {
  const s3 = await fakeS3();
  const service = await startImageService({ paints: { width: 16, height: 16 } });
  onTestFinished(() => service.close());
  const { endpoint, bucket, region, accessKeyId, secretAccessKey } = s3.options;
  const { url } = await startProcess({
    GATEWAY_API_KEY: key,
    SD_API_KEY: "sk-image-service",
    SD_API_BASE_URL: service.url,
    S3_ENDPOINT: endpoint,
    S3_BUCKET: bucket,
    S3_REGION: region,
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
    IMAGE_LINKS: links,
  });
  const paint = () =>
    fetch(`${url}/v1/images/generations`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ prompt: "a cat", response_format: "url" }),
    });
  const isReady = async (status: number) =>
    expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(status);
  return { s3, service, paint, isReady };
}

/** The same, with the link of a picture. */
async function aPicture(links: "kept" | "presigned") {
  const { s3, paint } = await aProcess(links);
  const link = await linkIn(await paint());
  const [kept] = s3.objects.values();
  return { link, s3, bytes: kept?.bytes };
}

async function linkIn(response: Response): Promise<string> {
  expect(response.status).toBe(200);
  return ((await response.json()) as { data: { url: string }[] }).data[0]?.url ?? "";
}

describe("Pictures in a bucket", () => {
  test("are shown by Drawbridge itself", async () => {
    const { link, bytes } = await aPicture("kept");
    const answer = await fetch(link, { redirect: "manual" });
    expect(answer.status).toBe(200);
    expect(await answer.bytes()).toEqual(new Uint8Array(bytes ?? []));
  });

  test("are fetched from the bucket for an hour where links are presigned", async () => {
    const { link, s3, bytes } = await aPicture("presigned");
    expect(new URL(link).pathname).toMatch(/^\/images\//);
    const answer = await fetch(link, { redirect: "manual" });
    expect(answer.status).toBe(302);
    const location = answer.headers.get("location") ?? "";
    expect(location.startsWith(s3.options.endpoint)).toBe(true);
    expect(Number(new URL(location).searchParams.get("X-Amz-Expires"))).toBeLessThanOrEqual(3600);
    const fetched = await fetch(link);
    expect(fetched.headers.get("content-type")).toBe("image/png");
    expect(await fetched.bytes()).toEqual(new Uint8Array(bytes ?? []));
  });

  test("are made once and shown, however slow the bucket is", async () => {
    const { s3, service, paint } = await aProcess();
    s3.slowDown(1_500);
    const link = await linkIn(await paint());
    expect((await fetch(link)).headers.get("content-type")).toBe("image/png");
    expect(service.requests).toHaveLength(1);
    expect(s3.objects.size).toBe(1);
  });

  test.each<[string, (s3: FakeS3) => void, (s3: FakeS3) => void]>([
    ["is too busy", (s3) => s3.failNext(1e9), (s3) => s3.failNext(0)],
    ["has another time", (s3) => s3.moveClock(20 * 60_000), (s3) => s3.moveClock(0)],
  ])("are not paid for while the bucket %s, and made again afterwards", async (...given) => {
    const [, begin, end] = given;
    const { s3, service, paint, isReady } = await aProcess();
    begin(s3);
    await isReady(503);
    const refused = await paint();
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(service.requests).toEqual([]);
    end(s3);
    await isReady(200);
    await linkIn(await paint());
    expect(service.requests).toHaveLength(1);
  });
});
