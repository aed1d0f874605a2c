import { type Colour, fade, mix, shade } from "./colour.ts";
import { grove } from "./paint-trees.ts";
import type { Random } from "./random.ts";
import { type Stage, shows, silhouette, strewn } from "./stage.ts";
import {
  type Point,
  at,
  between,
  curve,
  ellipse,
  fill,
  grounded,
  line,
  placed,
  rectangle,
  rotated,
  round,
} from "./svg.ts";
import { along, rolling } from "./terrain.ts";

/** A fir of ragged tiers, standing on `foot`. */
function pinePath([x, y]: Point, height: number, random: Random): string {
  const tiers = 5;
  const right: Point[] = [];
  const left: Point[] = [];
  for (let tier = 1; tier <= tiers; tier++) {
    const level = y - height * (1 - (tier / tiers) * 0.9);
    const half = height * 0.23 * (tier / tiers) * random.between(0.82, 1.12);
    right.push([x + half, level], [x + half * 0.42, level - height * 0.03]);
    left.unshift(
      [x - half * 0.42, level - height * 0.03],
      [x - half, level + random.between(-0.012, 0.012) * height],
    );
  }
  const trunk: Point[] = [
    [x + height * 0.022, y - height * 0.1],
    [x + height * 0.022, y],
    [x - height * 0.022, y],
    [x - height * 0.022, y - height * 0.1],
  ];
  const outline = [[x, y - height] as Point, ...right.slice(0, -1), ...trunk, ...left.slice(1)];
  return `M${outline.map(at).join("L")}Z`;
}

/** One bank of firs that stand on a rolling line and dissolve in mist at their feet. */
function firs(stage: Stage, base: number, height: number, depth: number): string {
  const random = stage.random(`firs ${depth}`);
  const groundAt = rolling(base, 26, 900, random);
  const colour = mix(silhouette(stage, depth), stage.palette.tone("#1f5a48"), 0.3 * depth + 0.08);
  const path = strewn(stage.width, height * 0.24, random)
    .map((x) => pinePath([x, groundAt(x) + 8], height * random.between(0.6, 1.15), random))
    .join("");
  const floor = grounded(
    curve(along(stage.width, 60, groundAt)),
    [-120, stage.width + 120],
    base + height,
  );
  const mist = mix(colour, stage.palette.sky[3], 0.35 * (1 - depth * 0.6));
  const body = between(base - height, base + height * 0.5, [
    [0, colour],
    [0.5, colour],
    [1, mist],
  ]);
  return (
    fill(path + floor, body) +
    (stage.scene.weather === "snow" ? snowOnFirs(stage, groundAt, height, depth) : "")
  );
}

function snowOnFirs(
  stage: Stage,
  groundAt: (x: number) => number,
  height: number,
  depth: number,
): string {
  const random = stage.random(`snow on firs ${depth}`);
  const white = fade(stage.palette.tone("#ffffff"), 0.35 + depth * 0.3);
  return strewn(stage.width, height * 0.3, random)
    .map((x) =>
      ellipse([x, groundAt(x) + 12], [height * random.between(0.1, 0.24), height * 0.03], white),
    )
    .join("");
}

const banks = [0.16, 0.34, 0.54, 0.74] as const;

/** Banks of trees from the horizon towards us, the last one before `front`; `size` 1 is a deep forest. */
export function paintForest(stage: Stage, front: number, size: number): string {
  const { horizon, scene } = stage;
  const leafy = scene.season === "autumn" || scene.season === "spring" || shows(stage, "cherry");
  return banks
    .map((depth, index) => {
      const base = horizon - 30 * size + (front - horizon) * (index / banks.length);
      const height = (120 + index * 62) * size;
      return (
        firs(stage, base, height, depth) +
        (leafy && index > 0 ? grove(stage, base + 22, height * 0.9, index) : "")
      );
    })
    .join("");
}

function leafSpray(random: Random, size: number, paint: Colour): string {
  return Array.from({ length: random.whole(3, 5) }, () => {
    const long = size * random.between(0.7, 1.2);
    return rotated(
      fill(
        `M0 0Q${round(long * 0.5)} ${round(-long * 0.14)} ${round(long)} 0Q${round(long * 0.5)} ${round(long * 0.12)} 0 0Z`,
        paint,
      ),
      random.between(20, 160),
    );
  }).join("");
}

interface Stem {
  readonly x: number;
  readonly foot: number;
  readonly thick: number;
  readonly colour: Colour;
  /** Distance between its joints. */
  readonly pitch: number;
}

function bambooStem({ x, foot, thick, colour, pitch }: Stem, random: Random): string {
  const heights = Array.from({ length: 14 }, (_, joint) => foot - joint * pitch);
  const joints = heights.map((y) => y - random.between(0, 40)).filter((y) => y > -60);
  const sprays = joints.flatMap((y) => {
    if (!random.chance(0.45)) return [];
    const green = shade(colour, random.between(-0.12, 0.08));
    return [placed(leafSpray(random, 70 + thick * 2.6, green), [x, y], 1)];
  });
  const rings = joints.map((y) => `M${at([x - thick * 0.55, y])}h${round(thick * 1.1)}`).join("");
  const tall = foot + 60;
  return (
    fill(rectangle([x - thick / 2, -20], [thick, tall]), colour) +
    fill(
      rectangle([x + thick * 0.12, -20], [thick * 0.38, tall]),
      fade(shade(colour, -0.4), 0.25),
    ) +
    line(rings, shade(colour, -0.25), 3) +
    sprays.join("")
  );
}

/** Stems of bamboo, thin ones far off and thick ones near. */
export function paintBamboo(stage: Stage, front: number): string {
  const green = stage.palette.tone("#5fa550");
  return [0.2, 0.45, 0.75]
    .map((depth, level) => {
      const random = stage.random(`bamboo ${level}`);
      const colour = mix(silhouette(stage, depth * 0.6), green, 0.4 + depth * 0.5);
      const stem = { foot: front, thick: 9 + level * 9, colour, pitch: 110 + level * 34 };
      return strewn(stage.width, 64 + level * 62, random)
        .filter(() => random.chance(level === 2 ? 0.5 : 0.8))
        .map((x) => bambooStem({ ...stem, x }, random))
        .join("");
    })
    .join("");
}

/** Dark firs at both edges that lead the eye into an empty landscape. */
export function paintFramingFirs(stage: Stage, foot: (x: number) => number): string {
  const random = stage.random("framing firs");
  const { width, height } = stage;
  const colour = mix(silhouette(stage, 0.86), stage.palette.tone("#1f4a40"), 0.3);
  const sides = random.pick([[0], [1], [0, 1], [0, 1]]);
  const path = sides.flatMap((side) =>
    Array.from({ length: random.whole(2, 4) }, (_, index) => {
      const x = side === 0 ? -10 + index * 74 : width + 10 - index * 74;
      return pinePath(
        [x, foot(x) + 40],
        height * random.between(0.3, 0.5) * (1 - index * 0.2),
        random,
      );
    }),
  );
  return fill(
    path.join(""),
    between(height * 0.3, height, [
      [0, colour],
      [1, shade(colour, -0.2)],
    ]),
  );
}
