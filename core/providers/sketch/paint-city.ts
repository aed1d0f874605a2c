import { type Colour, fade, mix, shade } from "./colour.ts";
import { figures } from "./figures/catalogue.ts";
import { leafyTree } from "./paint-trees.ts";
import type { Random } from "./random.ts";
import { type Stage, silhouette, strewn } from "./stage.ts";
import {
  type Point,
  between,
  box,
  circle,
  fill,
  line,
  outward,
  placed,
  rectangle,
  round,
} from "./svg.ts";
import { rolling } from "./terrain.ts";

interface Building {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What crowns a high-rise: a path that joins the roof. */
type Roof = (building: Building, random: Random) => string;

const roofs: readonly [Roof, ...Roof[]] = [
  () => "",
  () => "",
  ({ left, top, width }) => rectangle([left + width * 0.2, top - 22], [width * 0.6, 24]),
  ({ left, top, width }) =>
    rectangle([left + width * 0.15, top - 20], [width * 0.7, 22]) +
    rectangle([left + width * 0.32, top - 42], [width * 0.36, 24]) +
    rectangle([left + width * 0.485, top - 110], [width * 0.03, 70]),
  ({ left, top, width }) =>
    `M${round(left)} ${round(top + 1)}L${round(left + width)} ${round(top - width * 0.6)}V${round(top + 1)}Z`,
  ({ left, top, width }) =>
    `M${round(left)} ${round(top + 1)}Q${round(left + width / 2)} ${round(top - width * 0.9)} ${round(left + width)} ${round(top + 1)}Z`,
  ({ left, top, width }) =>
    rectangle([left + width * 0.46, top - 70], [width * 0.05, 72]) +
    rectangle([left + width * 0.3, top - 12], [width * 0.4, 13]),
  ({ left, top, width }, random) =>
    `M${round(left)} ${round(top + 1)}L${round(left + width / 2)} ${round(top - width * random.between(0.7, 1.5))}L${round(left + width)} ${round(top + 1)}Z`,
];

const signs: readonly [Colour, ...Colour[]] = [
  "#ff4fa0",
  "#37e0f0",
  "#ffd84f",
  "#a06bff",
  "#5cf08a",
];

function windowsOf(building: Building, random: Random, share: number): string {
  const [pitchX, pitchY] = [15, 21];
  const columns = Math.floor((building.width - 10) / pitchX);
  const margin = (building.width - columns * pitchX + 6) / 2;
  const rows = Math.floor((building.height - 20) / pitchY);
  let path = "";
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (random.chance(share))
        path += rectangle(
          [building.left + margin + column * pitchX, building.top + 14 + row * pitchY],
          [9, 12],
        );
    }
  }
  return path;
}

/** A glowing board with strokes that nobody can read, hung on a front. */
function neonSign({ left, top, width, height }: Building, random: Random): string {
  const colour = random.pick(signs);
  const tall = Math.min(random.between(110, 210), height * 0.7);
  const [x, y] = [left + width * random.between(0.12, 0.66), top + random.between(24, 70)];
  const light = outward([
    [0, fade(colour, 0.45)],
    [1, fade(colour, 0)],
  ]);
  const strokes = Array.from({ length: 5 }, (_, index) => {
    const level = y + (tall / 5) * index + 9;
    return `M${round(x + 6)} ${round(level)}h12m-6 -5v${round(tall / 9)}m-5 -4h10`;
  });
  return (
    circle([x + 12, y + tall / 2], tall * 0.85, light) +
    box([x, y], [24, tall], fade(colour, 0.9), 5) +
    line(strokes.join(""), "#fff8ff", 2)
  );
}

/** Houses side by side from edge to edge, taller towards the middle. */
function blocks({ width }: Stage, random: Random, base: number, { depth, tall }: Row): Building[] {
  const buildings: Building[] = [];
  for (let left = -30; left < width + 30; ) {
    const wide = random.between(58, 150) * (0.75 + depth * 0.45);
    const central = 1 - Math.abs((left + wide / 2) / width - 0.5) * 0.9;
    const height = tall * random.between(0.35, 1) * central;
    buildings.push({ left, top: base - height, width: wide, height });
    left += wide + (random.chance(0.3) ? random.between(4, 30) : 0);
  }
  return buildings;
}

function panesOf({ palette, scene }: Stage, depth: number): readonly Colour[] {
  if (!palette.lamps) {
    return [fade(mix(palette.sky[1], "#ffffff", 0.35), 0.22 + depth * 0.25)];
  }
  const hues: readonly Colour[] =
    scene.style === "neon" ? ["#ffdf8e", "#ff8fd0", "#7fe8ff"] : ["#ffdf8e"];
  return hues.map((hue) => fade(hue, 0.35 + depth * 0.6));
}

interface Row {
  readonly depth: number;
  readonly tall: number;
}

function row(stage: Stage, random: Random, base: number, shape: Row): string {
  const { palette, scene } = stage;
  const { depth, tall } = shape;
  const colour = silhouette(stage, depth);
  const buildings = blocks(stage, random, base, shape);
  const walls = buildings.map(
    (one) =>
      rectangle([one.left, one.top], [one.width + 1, one.height + 30]) +
      random.pick(roofs)(one, random),
  );
  const sides = buildings.map((one) =>
    rectangle([one.left + one.width * 0.62, one.top], [one.width * 0.38, one.height + 20]),
  );
  const dusk = between(base - tall, base, [
    [0, colour],
    [1, mix(colour, palette.sky[3], 0.5 - depth * 0.25)],
  ]);
  const share = palette.lamps ? 0.42 : 0.75;
  const panes = panesOf(stage, depth).map((paint, index, all) => {
    const theirs = buildings.filter((_, number) => number % all.length === index);
    return fill(theirs.map((one) => windowsOf(one, random, share)).join(""), paint);
  });
  const hung = scene.style === "neon" ? buildings.filter(() => random.chance(0.4)) : [];
  return (
    fill(walls.join(""), dusk) +
    fill(sides.join(""), fade(shade(colour, -0.4), 0.16)) +
    (depth > 0.3
      ? panes.join("") + hung.map((building) => neonSign(building, random)).join("")
      : "")
  );
}

/** A skyline of three depths that stands on `base`. */
export function paintCity(stage: Stage, base: number): string {
  const tall = Math.min(stage.horizon * 0.78, 720);
  const random = stage.random("city");
  const rows: readonly Row[] = [
    { depth: 0.16, tall },
    { depth: 0.42, tall: tall * 0.8 },
    { depth: 0.72, tall: tall * 0.56 },
  ];
  return rows.map((shape) => row(stage, random.fork(`row ${shape.depth}`), base, shape)).join("");
}

/** A road with its kerb before the houses. */
export function paintStreet({ width, height, palette, scene }: Stage, top: number): string {
  const asphalt = palette.tone(palette.lamps ? "#3b4160" : "#8a8f9c");
  const wet = scene.weather === "rain" || scene.weather === "storm" || scene.style === "neon";
  const kerb = palette.tone(palette.lamps ? "#5c628a" : "#c3c2c4");
  const mirrored =
    wet && palette.lamps
      ? between(top, height, [
          [0, fade(scene.style === "neon" ? "#ff6ab8" : "#ffce7a", 0.42)],
          [0.6, fade("#8f7fd0", 0.12)],
          [1, fade("#8f7fd0", 0)],
        ])
      : undefined;
  const dashes = Array.from({ length: Math.ceil(width / 150) }, (_, index) =>
    rectangle([index * 150 + 20, top + (height - top) * 0.62], [80, 9]),
  ).join("");
  return (
    fill(rectangle([0, top - 26], [width, height]), kerb) +
    fill(
      rectangle([0, top + 6], [width, height]),
      between(top, height, [
        [0, asphalt],
        [1, shade(asphalt, -0.35)],
      ]),
    ) +
    (mirrored === undefined ? "" : fill(rectangle([0, top + 6], [width, height]), mirrored)) +
    fill(dashes, fade(palette.tone("#fff6e0"), 0.55))
  );
}

/** Street lamps at even distances. */
export function paintStreetLamps({ width, palette, random }: Stage, foot: number): string {
  const stream = random("street lamps");
  return strewn(width, 420, stream)
    .map((x) => {
      const post = palette.tone("#2f3348");
      const shine = palette.lamps
        ? circle(
            [x + 40, foot - 246],
            120,
            outward([
              [0, fade("#ffdf9a", 0.6)],
              [1, fade("#ffdf9a", 0)],
            ]),
          )
        : "";
      return (
        shine +
        line(
          `M${round(x)} ${round(foot)}V${round(foot - 230)}Q${round(x)} ${round(foot - 262)} ${round(x + 40)} ${round(foot - 258)}`,
          post,
          6,
        ) +
        box([x + 24, foot - 260], [34, 10], post, 4) +
        box([x + 28, foot - 251], [26, 6], palette.lamps ? "#fff0c0" : palette.tone("#e9eef0"), 3)
      );
    })
    .join("");
}

/** Houses and trees strewn over a slope between the horizon and `front`. */
export function paintVillage(stage: Stage, front: number): string {
  const { width, horizon, palette } = stage;
  const random = stage.random("village");
  const walls = ["#f3e4cc", "#f0d2b4", "#e6dfd6", "#f5ecd9", "#dcc0a4"] as const;
  return [0, 1, 2]
    .map((level) => {
      const base = horizon + (front - horizon) * (0.12 + level * 0.27);
      const size = 0.62 + level * 0.34;
      const groundAt = rolling(base, 16, 700, random.fork(`street ${level}`));
      return strewn(width, 190 * size + 60, random)
        .map((x) => {
          const spot: Point = [x, groundAt(x)];
          if (random.chance(0.36)) return placed(leafyTree(stage, random, 130 * size), spot, 1);
          const brush = {
            tone: palette.tone,
            coat: random.pick(walls),
            act: undefined,
            lamps: palette.lamps,
            random,
          };
          return placed(figures.house(brush), spot, size, random.chance(0.5) ? size : -size);
        })
        .join("");
    })
    .join("");
}
