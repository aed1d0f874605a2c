import { type Colour, fade, mix, shade } from "./colour.ts";
import type { Random } from "./random.ts";
import type { Stage } from "./stage.ts";
import {
  type Point,
  at,
  between,
  clipped,
  curve,
  fill,
  grounded,
  rectangle,
  round,
} from "./svg.ts";
import { along, rolling } from "./terrain.ts";

/** A horizontal gleam, thin at both ends. */
export function gleam([x, y]: Point, width: number, height: number): string {
  return `M${at([x - width / 2, y])}Q${at([x, y - height])} ${at([x + width / 2, y])}Q${at([x, y + height])} ${at([x - width / 2, y])}Z`;
}

/** The road of light that leads to the sun or the moon. */
function lightPath({ light, palette, horizon, height }: Stage, random: Random): string {
  const deep = height - horizon;
  const rows = 34;
  const gleams = Array.from({ length: rows }, (_, row) => {
    const part = (row + random.between(0, 0.8)) / rows;
    const spread = 26 + part * 120;
    const wide = random.between(0.4, 1) * (60 + part * 130);
    return gleam(
      [light[0] + random.between(-0.5, 0.5) * spread, horizon + 5 + part ** 1.25 * deep],
      wide,
      1.6 + part * 5,
    );
  });
  const gold = mix(palette.glow, palette.disc, 0.6);
  return fill(
    gleams.join(""),
    between(horizon, horizon + deep, [
      [0, fade(gold, 0.95)],
      [0.6, fade(gold, 0.55)],
      [1, fade(gold, 0.1)],
    ]),
  );
}

function ripples({ width, height, horizon }: Stage, random: Random, colour: Colour): string {
  const deep = height - horizon;
  const count = Math.round(width / 16);
  const gleams = Array.from({ length: count }, () => {
    const part = random.next() ** 1.3;
    return gleam(
      [random.between(0, width), horizon + 8 + part * deep],
      30 + part * random.between(60, 200),
      1 + part * 3.2,
    );
  });
  return fill(gleams.join(""), colour);
}

function surface({ width, height, horizon, palette }: Stage): string {
  const [far, near] = palette.water;
  const depth = between(horizon, height, [
    [0, far],
    [0.35, mix(far, near, 0.6)],
    [1, shade(near, -0.12)],
  ]);
  return fill(rectangle([0, horizon], [width, height - horizon + 10]), depth);
}

function isLit({ scene }: Stage): boolean {
  return scene.weather === "clear" || scene.weather === "snow";
}

/** Open water up to the horizon, with swell before us. */
export function paintSea(stage: Stage): string {
  const { width, height, horizon, palette } = stage;
  const random = stage.random("sea");
  const [far, near] = palette.water;
  const bands = [0.34, 0.56, 0.8].map((part, index) => {
    const base = horizon + (height - horizon) * part;
    const heightAt = rolling(base, 9 + index * 8, 420 + index * 160, random.fork(`band ${index}`));
    const crest = curve(along(width, 40, heightAt));
    const colour = mix(far, near, 0.5 + index * 0.2);
    return (
      fill(
        grounded(crest, [-80, width + 80], height + 10),
        between(base - 20, base + 260, [
          [0, fade(mix(colour, far, 0.35), 0.75)],
          [1, fade(shade(colour, -0.12), 0.6)],
        ]),
      ) +
      fill(foam(along(width, 40, heightAt), 3 + index * 1.6), fade(mix(far, "#ffffff", 0.5), 0.4))
    );
  });
  return (
    surface(stage) +
    ripples(stage, random, fade(mix(far, "#ffffff", 0.4), 0.3)) +
    (isLit(stage) ? lightPath(stage, random) : "") +
    bands.join("")
  );
}

/** A thin light band along a crest that swells and dwindles. */
function foam(crest: readonly Point[], thickness: number): string {
  const under = crest.map(
    ([x, y], index): Point => [x, y + thickness * (0.4 + 0.6 * Math.abs(Math.sin(index * 0.9)))],
  );
  return `${curve(crest)}L${[...under].reverse().map(at).join("L")}Z`;
}

/** Still water that mirrors `world`, the picture of everything above the horizon. */
export function paintLake(stage: Stage, world: string): string {
  const { width, height, horizon, palette } = stage;
  const random = stage.random("lake");
  const [far, near] = palette.water;
  const squeeze = Math.max(0.75, (height - horizon) / horizon);
  const upright = clipped(world, [-10, -10], [width + 20, horizon + 10]);
  const mirror = `<g transform="translate(0 ${round(horizon * (1 + squeeze))}) scale(1 ${(-squeeze).toFixed(3)})">${upright}</g>`;
  const veil = between(horizon, height, [
    [0, fade(far, 0.3)],
    [0.45, fade(mix(far, near, 0.7), 0.6)],
    [1, fade(near, 0.9)],
  ]);
  return (
    fill(rectangle([0, horizon], [width, height - horizon + 10]), near) +
    mirror +
    fill(rectangle([0, horizon], [width, height - horizon + 10]), veil) +
    ripples(stage, random, fade(mix(far, "#ffffff", 0.45), 0.3)) +
    (isLit(stage) ? lightPath(stage, random) : "") +
    upright +
    fill(gleam([width / 2, horizon + 2], width * 1.3, 4), fade(mix(far, "#ffffff", 0.6), 0.7))
  );
}

/** A river that winds towards us over the land; its banks end at `bottom`. */
export function paintRiver(stage: Stage, bottom: number): string {
  const { width, horizon, palette } = stage;
  const random = stage.random("river");
  const [far, near] = palette.water;
  const [phase, reach] = [random.between(0, 6), width * random.between(0.08, 0.14)];
  const steps = 26;
  const bank = (side: 1 | -1, inset: number): Point[] =>
    Array.from({ length: steps + 1 }, (_, step) => {
      const part = step / steps;
      const middle = width * 0.5 + Math.sin(part * 5.2 + phase) * reach * (0.35 + part);
      return [
        middle + side * (5 + part ** 1.7 * Math.min(width * 0.24, 420) * inset),
        horizon - 6 + part * (bottom - horizon + 30),
      ];
    });
  const shape = (inset: number) =>
    `${curve(bank(-1, inset))}L${bank(1, inset).reverse().map(at).join("L")}Z`;
  const flow = between(horizon, bottom, [
    [0, mix(far, near, 0.25)],
    [1, mix(far, near, 0.92)],
  ]);
  return (
    fill(shape(1.09), fade(shade(palette.tone("#c9b184"), palette.lamps ? -0.3 : 0), 0.7)) +
    fill(shape(1), flow) +
    fill(
      bank(1, 0.4)
        .slice(4)
        .map(([x, y], index) =>
          gleam([x - random.between(0, 1) * index * 9, y], 12 + index * 7, 1 + index * 0.16),
        )
        .join(""),
      fade(mix(far, "#ffffff", 0.6), 0.5),
    )
  );
}
