import { describe, expect, test } from "vitest";
import { fitPictures } from "../../../bots/discord/show.ts";
import { imaging } from "../../../src/imaging.ts";
import { anUndecodableWebp, aPicture } from "../../fakes/pictures.ts";

describe("fitPictures", () => {
  test("makes what is too large smaller, and leaves the rest as it is", async () => {
    const [large, small] = await Promise.all([
      aPicture(200, 200).png().toBuffer(),
      aPicture(8, 8).png().toBuffer(),
    ]);
    const pictures = new Map([
      [1, large],
      [2, small],
    ]);
    const fitted = await fitPictures(pictures, 60_000, imaging);
    expect(fitted[0]).toMatchObject({ number: 1, extension: "jpg" });
    expect(fitted[0]?.bytes.byteLength).toBeLessThanOrEqual(60_000);
    expect(fitted[1]).toEqual({ number: 2, bytes: small, extension: "png" });
  });

  test("leaves a picture that cannot be decoded as it is, however large", async () => {
    const bytes = anUndecodableWebp(64, 2_000);
    const fitted = await fitPictures(new Map([[1, bytes]]), 1_000, imaging);
    expect(fitted).toEqual([{ number: 1, bytes, extension: "webp" }]);
  });
});
