import { z } from "zod";
import type { Generated, ImageProvider, Order } from "../provider.ts";
import { noCapabilities } from "../provider.ts";
import type { Dialect, Rasterize } from "./dialect.ts";
import { drawFigure, drawSign, type Figures, loadFigures, standing } from "./sketch/figures.ts";
import { paintLandscape, randomOf, type View } from "./sketch/landscape.ts";
import { type Named, type Reading, readWords } from "./sketch/lexicon.ts";

/** What the embedded renderer needs. */
export interface SketchOptions {
  /** Names this provider in logs and metrics; `sketch` by default. */
  readonly id?: string;
  readonly rasterize: Rasterize;
}

/**
 * The embedded renderer: it needs no model, no key and no network, and draws a scene from the words that it knows, in
 * English or Chinese. The same prompt, seed and size give the same bytes; a notice says which words it knew. Rejects
 * with the signal's reason, nothing else.
 */
export function sketch({ id = "sketch", rasterize }: SketchOptions): ImageProvider {
  let figures: Promise<Figures> | undefined;
  let font: Promise<boolean> | undefined;
  return {
    id,
    capabilities: { ...noCapabilities, seed: true, cancel: "always" },
    async generate(order, { signal }): Promise<Generated> {
      signal.throwIfAborted();
      const known = await (figures ??= loadFigures());
      const reading = readWords(order.prompt, known);
      const { sign, recognised, named } = reading;
      const drawing = sign && drawSign(sign, await (font ??= hasFont(rasterize)));
      const cast = drawing ? [{ name: "sign", count: 1, drawing }, ...named] : named;
      const image = await rasterize(drawScene(order, { ...reading, named: cast }, known), order);
      signal.throwIfAborted();
      return { image, notices: [{ code: "sketched", recognised }], facts: {} };
    },
  };
}

/** The embedded renderer as a row: it has no settings and is always there. */
export const sketchDialect = {
  id: "sketch",
  settings: {},
  wire: z.object({}),
  spends: false,
  painter: () => "the embedded renderer, which draws simple scenes",
  create: (_, { rasterize }) => sketch({ rasterize }),
} satisfies Dialect;

/** Whether 一 can be written: without a font a box stands for it, which has ink below that one stroke. */
async function hasFont(rasterize: Rasterize): Promise<boolean> {
  const draw = (text: string) => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="12"><path fill="#fff" d="M0 0h32v12H0z"/><text y="8" font-size="32" font-family="sans-serif">${text}</text></svg>`;
    return rasterize(svg, { width: 32, height: 12 });
  };
  const [written, blank] = await Promise.all([draw("一"), draw("")]);
  return written.join() === blank.join();
}

function drawScene(order: Order, { named, scene, tint }: Reading, figures: Figures): string {
  const unit = Math.min(order.width, order.height) / 1000;
  const random = randomOf(`${order.prompt}/${order.seed}`);
  const cast = named.flatMap((one) => Array.from({ length: one.count }, () => one)).slice(0, 4);
  const lies = ({ name, flies }: Named) => !flies && figures.sizes.get(name) === 0.6;
  const table = cast.length > 0 && cast.every(lies);
  const sea = !table && cast.some(({ name }) => swimmers.test(name));
  const view: View = {
    width: order.width / unit,
    height: order.height / unit,
    horizon: (order.height / unit) * 0.6,
    scene: sea ? new Set([...scene, "sea"]) : scene,
    tint,
    random,
    plant: (names, x, y, tall) => {
      const kinds = names.split(" ");
      const kind = kinds[Math.floor(random() * kinds.length)] ?? "";
      return standing(figures.drawings.get(kind) ?? "", x, y, tall);
    },
  };
  const { behind, lit, before } = paintLandscape(view);
  const shown = behind + lit(castOf(cast, view, figures, table), 0.4) + before;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${order.width}" height="${order.height}" viewBox="0 0 ${view.width} ${view.height}">${shown}</svg>`;
}

const flyers = /plane|copter|saucer|balloon|parachute|kite|butterfly|bee$|^bat$|eagle|dove|fairy/;
const swimmers = /boat|ship|ferry|canoe|whale|dolphin|shark|fish|octop|squid|swim|island|merpeo/;

/** How far down the picture it is, and how its shadow looks and how high it is. */
function placeOf({ name, flies }: Named, size: number, scene: View["scene"], table: boolean) {
  if (flies || flyers.test(name)) return [0.36, "none", 0] as const;
  if (!table && swimmers.test(name)) return [0.78, "#1f6fae", 0.09] as const;
  return [size > 1.2 && !scene.has("sea") ? 0.75 : 0.9, "#14213d44", 0.055] as const;
}

/** The figures from left to right, each with its shadow, the large ones further back. */
function castOf(cast: readonly Named[], view: View, figures: Figures, table: boolean): string {
  const { width, height, random } = view;
  const sizes = cast.map(({ name, mount }) => (mount ? 1.3 : (figures.sizes.get(name) ?? 1)));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const wish = Math.min(height * 0.5, width * 0.56) * Math.max(...sizes) ** -0.55;
  const unit = Math.min(wish, (width * 0.92) / total);
  let x = (width - total * unit) * (0.35 + random() * 0.3);
  const drawn = cast.map((named, at) => {
    const [size = 1, category] = [sizes[at], figures.categories.get(named.name)];
    const [tall, centre] = [size * unit, x + (size * unit) / 2];
    x += tall;
    const [down, shade, flat] = placeOf(named, size, view.scene, table);
    const y = Math.max(height * (down + random() * 0.04), tall + 20);
    const shadow = `<ellipse cx="${centre}" cy="${y + 2}" rx="${tall * 0.46}" ry="${tall * flat}" fill="${shade}"/>`;
    const turned = category?.startsWith("An") && centre < width * 0.48 ? -tall : tall;
    const drawing = standing(drawFigure(named, figures), centre, y, turned);
    return flat > 0.06 ? drawing + shadow : shadow + drawing;
  });
  const board = `<path d="M0 ${height * 0.72}H${width}V${height}H0z" fill="#b97a45"/><path d="M0 ${height * 0.725}H${width}M0 ${height * 0.82}H${width}M0 ${height * 0.93}H${width}" stroke="#7a4a26" stroke-width="5" opacity=".5"/>`;
  return (table ? board : "") + drawn.join("");
}
