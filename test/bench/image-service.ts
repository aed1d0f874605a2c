import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import sharp from "sharp";
import { serve } from "./children.ts";

/** An image service that takes no time: each order is answered with a link to a picture that nobody has had before. */

async function noise(side: number, quality: number): Promise<Buffer> {
  const background = { r: 120, g: 130, b: 140 };
  const noisy = { type: "gaussian", mean: 128, sigma: 40 } as const;
  return sharp({ create: { width: side, height: side, channels: 3, background, noise: noisy } })
    .jpeg({ quality })
    .toBuffer();
}

/** With room for a number in a comment, which makes other bytes of the same picture. */
function withComment(jpeg: Buffer): Buffer {
  const comment = Buffer.from([0xff, 0xfe, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)]);
}

const numberAt = 6;

const pictures: Readonly<Record<string, Buffer>> = {
  "tiny.jpg": withComment(await noise(16, 80)),
  "2mb.jpg": withComment(await noise(2048, 80)),
};

let orders = 0;
const server = createServer((request, response) => {
  const [, folder, name = ""] = (request.url ?? "").split(/[/?]/);
  if (folder === "pictures") {
    const picture = Buffer.from(pictures[name] ?? "");
    picture.writeUInt32BE(++orders, numberAt);
    response.writeHead(200, { "content-type": "image/jpeg", "content-length": picture.length });
    response.end(picture);
    return;
  }
  request.resume().once("end", () => {
    // The size of the picture is the last folder of the base URL that the order was sent to.
    const image_url = `${url}/pictures/${folder ?? ""}.jpg`;
    const data = { image_url, model_name: "Z-Image", remaining_points: 1_000 };
    const body = JSON.stringify({ success: true, data });
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
  });
});
server.listen(0, "127.0.0.1");
await new Promise((resolve) => server.once("listening", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const { length } = pictures["2mb.jpg"] ?? Buffer.of();
if (length < 1.8e6 || length > 2.4e6) throw new Error(`the large picture has ${length} bytes`);
serve(url);
