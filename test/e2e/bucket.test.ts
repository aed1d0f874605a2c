import { describe, expect, onTestFinished, test } from "vitest";
import { fakeS3 } from "../fakes/s3.ts";
import { startImageService } from "../fakes/image-service.ts";
import { startProcess } from "../fakes/process.ts";

const key = "a-key-of-the-tests";

/** A process that keeps its pictures in a bucket, with the link of one. */
async function aPicture(links: "kept" | "presigned") {
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
  const response = await fetch(`${url}/v1/images/generations`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ prompt: "a cat", response_format: "url" }),
  });
  const { data } = (await response.json()) as { data: { url: string }[] };
  const [kept] = s3.objects.values();
  return { link: data[0]?.url ?? "", s3, bytes: kept?.bytes };
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
});
