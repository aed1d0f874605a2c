import { describe, expect, test } from "vitest";
import { presignedLinks, s3Images } from "../../src/storage/s3.ts";
import { imageStoreContract } from "../contract/image-store.ts";
import { fakeS3 } from "../fakes/s3.ts";

imageStoreContract("S3", async () => s3Images((await fakeS3()).options));
imageStoreContract("S3 that lists one by one", async () =>
  s3Images((await fakeS3({ pageSize: 1 })).options),
);

const picture = Buffer.from("the bytes of a picture");

describe("object storage", () => {
  test("keeps nothing for a wrong secret, and says so before anything is paid for", async () => {
    const s3 = await fakeS3();
    const images = s3Images({ ...s3.options, secretAccessKey: "a guess" });
    await expect(images.check()).rejects.toMatchObject({ code: "storage-failed" });
    await expect(images.put(picture)).rejects.toMatchObject({ details: { paid: true } });
    expect(s3.objects.size).toBe(0);
  });

  test("is asked again where it has too much to do", async () => {
    const s3 = await fakeS3();
    const images = s3Images(s3.options);
    s3.failNext(2);
    const hash = await images.put(picture);
    expect(await images.read(hash)).toEqual(new Uint8Array(picture));
  });

  test("is looked at anew once something could not be written", async () => {
    const s3 = await fakeS3();
    const images = s3Images(s3.options);
    await images.check();
    s3.failNext(8);
    await expect(images.put(picture)).rejects.toMatchObject({ code: "storage-failed" });
    await expect(images.check()).rejects.toMatchObject({ details: { paid: false } });
    await expect(images.check()).resolves.toBeUndefined();
  });

  test("lets a presigned link be followed, and no other picture by it", async () => {
    const s3 = await fakeS3();
    const images = s3Images(s3.options);
    const [hash, other] = [await images.put(picture), await images.put(Buffer.from("another"))];
    const link = await presignedLinks(s3.options)(hash, "image/png");
    const answer = await fetch(link);
    expect(answer.headers.get("content-type")).toBe("image/png");
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(picture);
    expect((await fetch(link.replace(hash, other))).status).toBe(403);
    expect((await fetch(link.split("?")[0]!)).status).toBe(403);
  });
});
