import { type Colour, fade, shade } from "./colour.ts";
import type { Random } from "./random.ts";
import { type Stage, shows, strewn } from "./stage.ts";
import { at, between, circle, fill, line, placed, rectangle, rotated, round } from "./svg.ts";

const crowns: Record<Stage["scene"]["season"], readonly [Colour, Colour, Colour]> = {
  spring: ["#9ccb6e", "#7fb85f", "#b8d98a"],
  summer: ["#5fa058", "#4b8a52", "#7ab465"],
  autumn: ["#e2803a", "#d2572f", "#edb045"],
  winter: ["#dfe8f0", "#c8d6e4", "#f2f6fa"],
};

interface Blob {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** The rounds of a crown for a tree of height 1; taller trees have finer ones. */
function crownOf(random: Random, fine: boolean): Blob[] {
  const rings = fine ? [0.12, 0.27, 0.36] : [0, 0.2];
  return rings.flatMap((out, ring) => {
    const count = fine ? 5 + ring * 6 : 1 + ring * 8;
    const turn = random.between(0, 6);
    return Array.from({ length: count }, (_, index): Blob => {
      const angle = turn + (index / count) * Math.PI * 2;
      const reach = out * random.between(0.85, 1.12);
      const radius = fine
        ? random.between(0.075, 0.125)
        : ring === 0
          ? 0.22
          : random.between(0.12, 0.17);
      return {
        x: Math.cos(angle) * reach * 1.15,
        y: -0.66 + Math.sin(angle) * reach * 0.72,
        radius,
      };
    });
  });
}

/** The outlines of all rounds of a crown, `height` times as large. */
function rounds(crown: readonly Blob[], height: number): string {
  return crown
    .map(({ x, y, radius }) => {
      const [own, across] = [round(radius * height), round(radius * height * 2)];
      const arc = `a${own} ${own} 0 1 1`;
      return `M${at([(x - radius) * height, y * height])}${arc} ${across} 0${arc} -${across} 0z`;
    })
    .join("");
}

/** Where the light falls on a crown. */
function lightsOn(crown: readonly Blob[], random: Random, fine: boolean): Blob[] {
  return crown.flatMap(({ x, y, radius }) =>
    Array.from({ length: fine ? 4 : 1 }, () => ({
      x: x - 0.02 + random.between(-0.5, 0.4) * radius,
      y: y - 0.03 + random.between(-0.5, 0.3) * radius,
      radius: radius * (fine ? random.between(0.12, 0.3) : 0.55),
    })),
  );
}

/** A trunk with two boughs, for a tree of a hundred units. */
const trunkPath = "M-5 0Q-2 -25 -2 -55H2.500Q2 -20 5.500 0Z";
const boughs = "M0 -30L16 -54M0 -36L-15 -56";

const cherry: readonly [Colour, Colour, Colour] = ["#f6b9c9", "#e592ac", "#fde0e8"];

/** A leafy tree about `height` tall, standing on the origin. */
export function leafyTree(stage: Stage, random: Random, height: number): string {
  const { tone } = stage.palette;
  const blooming = shows(stage, "cherry");
  const [main, dark, bright] = blooming ? cherry : crowns[stage.scene.season];
  const trunk = tone(blooming ? "#5a4048" : "#6b4c3a");
  const fine = height > 400;
  const crown = crownOf(random, fine);
  const moved = (by: number, scale: number) =>
    crown.map(({ x, y, radius }) => ({ x: x + by, y: y + by * 1.2, radius: radius * scale }));
  return (
    placed(fill(trunkPath, trunk) + line(boughs, trunk, 2.4), [0, 0], height / 100) +
    fill(rounds(moved(0.013, 1), height), tone(dark)) +
    fill(rounds(moved(-0.012, 0.97), height), tone(main)) +
    fill(rounds(lightsOn(crown, random, fine), height), fade(tone(bright), 0.75))
  );
}

/** A tree that grows on the beach, standing on the origin and leaning to the right. */
export function palmTree({ palette }: Stage, random: Random, height: number): string {
  const lean = height * random.between(0.16, 0.3);
  const trunk = palette.tone("#8a6244");
  const green = palette.tone("#3f8f5f");
  const fronds = [-200, -165, -130, -95, -60, -25, 12].map((angle, index) => {
    const long = height * random.between(0.36, 0.44);
    const leaf = fill(
      `M0 0Q${round(long * 0.5)} ${round(-long * 0.3)} ${round(long)} ${round(long * 0.16)}Q${round(long * 0.5)} ${round(-long * 0.04)} 0 0Z`,
      index % 2 === 0 ? green : shade(green, -0.16),
    );
    return angle < -95
      ? `<g transform="scale(-1 1)">${rotated(leaf, -180 - angle)}</g>`
      : rotated(leaf, angle);
  });
  return (
    fill(
      `M${round(-height * 0.035)} 0Q${round(lean * 0.1)} ${round(-height * 0.5)} ${round(lean - height * 0.012)} ${round(-height)}H${round(lean + height * 0.016)}Q${round(lean * 0.3)} ${round(-height * 0.5)} ${round(height * 0.035)} 0Z`,
      trunk,
    ) +
    placed(
      fronds.join("") +
        circle([-5, 6], height * 0.026, trunk) +
        circle([height * 0.03, 8], height * 0.026, trunk),
      [lean, -height],
      1,
    )
  );
}

/** Scattered leafy trees on one level. */
export function grove(stage: Stage, base: number, height: number, level: number): string {
  const random = stage.random(`grove ${level}`);
  const veil = fade(stage.palette.sky[3], Math.max(0, 0.3 - level * 0.1));
  return strewn(stage.width, height * 1.5, random)
    .filter(() => random.chance(0.6))
    .map((x) =>
      placed(
        leafyTree(stage, random, height * random.between(0.75, 1.1)),
        [x, base + random.between(-8, 8)],
        1,
      ),
    )
    .join("")
    .concat(
      fill(
        rectangle([0, base - height * 0.3], [stage.width, height * 0.3]),
        between(base - height * 0.3, base, [
          [0, fade(veil, 0)],
          [1, veil],
        ]),
      ),
    );
}
