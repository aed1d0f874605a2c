import sharp from "sharp";
import { expect, test } from "vitest";
import { keepSource } from "../../core/sources.ts";
import { imaging } from "../../src/worker/machine.ts";
import { memoryImages } from "../fakes/studio.ts";

const create = { width: 40, height: 30, channels: 3 as const, background: "teal" };
const tools = { imaging, images: memoryImages() };

test.each(["gif", "avif", "tiff"] as const)(
  "a Worker names the formats that it reads to who sends a picture as %s",
  async (format) => {
    const sent = await sharp({ create }).toFormat(format).toBuffer();
    await expect(keepSource(sent, tools)).rejects.toThrow(/; PNG, JPEG and WebP are\.$/);
  },
);

test("a picture that is sent has at most as many bytes as there is room for", async () => {
  const sent = await sharp({ create }).png().toBuffer();
  const room = (mostSourceBytes: number) => ({ ...tools, mostSourceBytes });
  expect(await keepSource(sent, room(sent.length))).toMatchObject({ width: 40 });
  await expect(keepSource(sent, room(sent.length - 1))).rejects.toThrow(/more bytes than there is/);
});
