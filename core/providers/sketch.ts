import sharp, { type Sharp } from "sharp";
import { z } from "zod";
import type { Capabilities, Generated, ImageProvider, Order } from "../provider.ts";
import type { Dialect } from "./dialect.ts";
import { caption } from "./sketch/lettering.ts";
import { paintScene, sceneSize } from "./sketch/paint.ts";
import { hash } from "./sketch/random.ts";
import { readScene, type Scene } from "./sketch/scene.ts";

export interface SketchOptions {
  /** Names this provider in logs and metrics; `sketch` unless told. */
  readonly id?: string;
}

type Canvas = Pick<Order, "width" | "height">;

const capabilities: Capabilities = {
  seed: true,
  negative: false,
  steps: false,
  guidance: false,
  edit: false,
  progress: false,
  preview: false,
  cancel: "always",
  paid: false,
};

/** Scenes are composed up to this ratio, either way; of anything longer a strip of one is shown. */
const longest = 4;
/** Where that strip is cut from a scene, as a part of what is cut off. */
const strip = { x: 0.5, y: 0.72 };
/** Shorter side, in squares, of a picture in the pixel style. */
const squares = 160;

function svgOf({ width, height }: Canvas, content: string): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${content}</svg>`,
  );
}

/** The scene of an order, filling the canvas. */
function painted({ prompt, seed }: Order, scene: Scene, { width, height }: Canvas): string {
  const ratio = Math.min(longest, Math.max(1 / longest, width / height));
  const size = sceneSize(ratio);
  const scale = Math.max(width / size.width, height / size.height);
  const left = (width - size.width * scale) * strip.x;
  const top = (height - size.height * scale) * strip.y;
  const content = paintScene(scene, size, `${hash(prompt)}/${seed}`);
  return `<g transform="translate(${left} ${top}) scale(${scale})">${content}</g>`;
}

/** Pictures grow beyond this only when they glitter all over. */
const mostPngBytes = 1_500_000;

/** PNG, sharp and exact; WebP where that would be heavy. */
async function encoded(image: Sharp): Promise<Buffer> {
  const { data, info } = await image.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const png = await sharp(data, { raw }).png({ compressionLevel: 6 }).toBuffer();
  return png.length <= mostPngBytes
    ? png
    : sharp(data, { raw }).webp({ quality: 90, effort: 1 }).toBuffer();
}

async function inSquares(order: Order, scene: Scene): Promise<Buffer> {
  const { width, height } = order;
  const canvas = { width, height };
  const square = Math.max(1, Math.round(Math.min(width, height) / squares));
  const small = { width: Math.ceil(width / square), height: Math.ceil(height / square) };
  // In two steps, because an SVG that is resized is drawn anew at the larger size.
  const { data, info } = await sharp(svgOf(small, painted(order, scene, small)))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const mosaic = sharp(data, { raw }).resize({ ...canvas, fit: "fill", kernel: "nearest" });
  return encoded(mosaic.composite([{ input: svgOf(canvas, caption(width, height)) }]));
}

async function picture(order: Order): Promise<Buffer> {
  const scene = readScene(order.prompt);
  if (scene.style === "pixel") return inSquares(order, scene);
  const content = painted(order, scene, order) + caption(order.width, order.height);
  return encoded(sharp(svgOf(order, content)));
}

/**
 * The embedded renderer: it needs no model, no key and no network, and draws a scene from the words that it knows, in
 * English or Chinese, as PNG or WebP. The same prompt, seed and size give the same bytes; nothing of the prompt itself is
 * drawn. The picture says in its corner that no service made it. Rejects with the signal's reason, nothing else.
 */
export function sketch(options: SketchOptions = {}): ImageProvider {
  return {
    id: options.id ?? "sketch",
    capabilities,
    async generate(order, { signal }): Promise<Generated> {
      signal.throwIfAborted();
      const image = await picture(order);
      signal.throwIfAborted();
      return { image, notices: [], facts: {} };
    },
  };
}

/** The embedded renderer, which has no settings and is always there. */
export const sketchDialect = {
  id: "sketch",
  settings: {},
  wire: z.object({}),
  spends: false,
  create: () => sketch(),
} satisfies Dialect;
