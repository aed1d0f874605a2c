import { type Colour, fade, mix, shade } from "./colour.ts";
import type { Random } from "./random.ts";
import { type Stage, shows, silhouette } from "./stage.ts";
import { type Point, at, between, fill, grounded, line, straight } from "./svg.ts";
import { type Ridge, ridge } from "./terrain.ts";

/** Where the line through `points`, which falls away from the summit, has fallen to `height`. */
function cut(points: readonly Point[], height: number): Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    if (last !== undefined && point[1] >= height) {
      const part = (height - last[1]) / Math.max(1, point[1] - last[1]);
      return [...kept, [last[0] + (point[0] - last[0]) * part, height]];
    }
    kept.push(point);
  }
  return kept;
}

function slopes(
  { points, summits }: Ridge,
  order: number,
): { summit: Point; left: Point[]; right: Point[] } | undefined {
  const index = summits[order];
  const summit = index === undefined ? undefined : points[index];
  if (index === undefined || summit === undefined) return undefined;
  const before = summits[order - 1] ?? 0;
  const after = summits[order + 1] ?? points.length - 1;
  const lowest = (from: number, to: number) => {
    let low = from;
    for (let step = from; step <= to; step++)
      if ((points[step]?.[1] ?? 0) > (points[low]?.[1] ?? 0)) low = step;
    return low;
  };
  return {
    summit,
    left: points.slice(lowest(before, index), index + 1).reverse(),
    right: points.slice(index, lowest(index, after) + 1),
  };
}

function zigzag(from: Point, to: Point, teeth: number, random: Random): Point[] {
  const depth = Math.abs(to[0] - from[0]) / teeth;
  return Array.from({ length: teeth * 2 - 1 }, (_, index): Point => {
    const part = (index + 1) / (teeth * 2);
    const drop = index % 2 === 0 ? random.between(0.5, 1.3) : random.between(-0.5, 0);
    return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part + drop * depth];
  });
}

interface LayerShape {
  readonly base: number;
  readonly colour: Colour;
  readonly haze: Colour;
  /** Height of the snow line, or undefined where there is none. */
  readonly snow: number | undefined;
}

/** The side of each mountain that the light does not reach. */
function shadows(stage: Stage, line: Ridge, { base, colour }: LayerShape, random: Random): string {
  return line.summits
    .map((_, order) => {
      const sides = slopes(line, order);
      if (sides === undefined) return "";
      const away = sides.summit[0] < stage.light[0] ? -1 : 1;
      const outer = away > 0 ? sides.right : sides.left;
      const foot = outer.at(-1) ?? sides.summit;
      const spine = Array.from({ length: 5 }, (_step, step): Point => {
        const part = 1 - (step + 1) / 6;
        const sway = random.between(-0.04, 0.2) * (foot[0] - sides.summit[0]) * part;
        return [sides.summit[0] + sway, sides.summit[1] + (base - sides.summit[1]) * part];
      });
      const dark = shade(colour, -0.42);
      const veil = between(sides.summit[1], base, [
        [0, fade(dark, 0.42)],
        [1, fade(dark, 0)],
      ]);
      return fill(
        `${straight([...outer, [foot[0], base], [sides.summit[0], base], ...spine])}Z`,
        veil,
      );
    })
    .join("");
}

function snowCaps(stage: Stage, line: Ridge, snowLine: number, random: Random): string {
  const white = mix(stage.palette.tone("#ffffff"), stage.palette.sky[2], 0.12);
  return line.summits
    .map((_, order) => {
      const sides = slopes(line, order);
      if (sides === undefined || sides.summit[1] > snowLine - 20) return "";
      const [left, right] = [cut(sides.left, snowLine), cut(sides.right, snowLine)];
      const [from, to] = [right.at(-1) ?? sides.summit, left.at(-1) ?? sides.summit];
      return fill(
        `${straight([...left.reverse(), ...right.slice(1), ...zigzag(from, to, 4, random)])}Z`,
        fade(white, 0.94),
      );
    })
    .join("");
}

function layer(stage: Stage, line: Ridge, shape: LayerShape, random: Random): string {
  const { base, colour, haze, snow } = shape;
  const top = Math.min(...line.points.map(([, y]) => y));
  const body = between(top, base, [
    [0, colour],
    [0.45, mix(colour, haze, 0.2)],
    [1, haze],
  ]);
  return (
    fill(grounded(straight(line.points), [-300, stage.width + 300], base + 40), body) +
    (snow === undefined ? "" : snowCaps(stage, line, snow, random)) +
    shadows(stage, line, shape, random)
  );
}

function waterfall({ palette }: Stage, [x, y]: Point, base: number): string {
  const white = palette.tone("#f4fbff");
  const wide = 40;
  return (
    fill(
      `M${at([x - wide * 0.5, y])}C${at([x - wide, y + 60])} ${at([x - wide, base - 60])} ${at([x - wide * 1.5, base])}H${(x + wide * 1.5).toFixed(1)}C${at([x + wide, base - 60])} ${at([x + wide, y + 60])} ${at([x + wide * 0.5, y])}Z`,
      fade(white, 0.92),
    ) +
    line(
      `M${at([x - 6, y + 14])}V${(base - 20).toFixed(1)}M${at([x + 9, y + 30])}V${(base - 8).toFixed(1)}`,
      fade(palette.water[1], 0.35),
      3,
    )
  );
}

interface Range {
  /** Part of the whole height. */
  readonly tall: number;
  readonly spacing: number;
  readonly depth: number;
  readonly snowy: boolean;
}

const ranges: readonly Range[] = [
  { tall: 0.72, spacing: 300, depth: 0, snowy: true },
  { tall: 1, spacing: 460, depth: 0.33, snowy: true },
  { tall: 0.66, spacing: 380, depth: 0.66, snowy: false },
  { tall: 0.36, spacing: 300, depth: 1, snowy: false },
];

/** Ranges of mountains, one behind the other, that fade into the air. */
export function paintMountains(stage: Stage): string {
  const { width, height, horizon, palette, scene } = stage;
  const random = stage.random("mountains");
  const alpine = scene.season === "winter" || scene.weather === "snow" || random.chance(0.5);
  const scale = Math.min(horizon * 0.62, 520 + (height - 1000) * 0.2);
  const painted = ranges.map(({ tall, spacing, depth, snowy }, index) => {
    const own = random.fork(`range ${index}`);
    const shape = {
      width,
      base: horizon + depth * 8,
      height: scale * tall,
      spacing: spacing * own.between(0.85, 1.2),
    };
    const colour = silhouette(stage, 0.12 + depth * 0.52);
    const haze = mix(colour, mix(palette.sky[3], palette.far, 0.25 + depth * 0.45), 0.72);
    const snow = alpine && snowy ? shape.base - shape.height * 0.62 : undefined;
    return layer(stage, ridge(shape, own), { base: shape.base, colour, haze, snow }, own);
  });
  const fall = shows(stage, "waterfall")
    ? waterfall(stage, [width * 0.42, horizon - scale * 0.44], horizon + 8)
    : "";
  return [...painted.slice(0, 3), fall, ...painted.slice(3)].join("");
}
