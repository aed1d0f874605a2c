import type { Random } from "./random.ts";
import type { Point } from "./svg.ts";

/** Mountains as a line from left to right. */
export interface Ridge {
  readonly points: readonly Point[];
  /** Indices of the summits in `points`. */
  readonly summits: readonly number[];
}

export interface RidgeShape {
  readonly width: number;
  /** Height of the valleys' floor. */
  readonly base: number;
  /** From the floor to the highest summit. */
  readonly height: number;
  /** Distance between summits. */
  readonly spacing: number;
}

/** Breaks the line between two points into smaller slopes; neither end is part of the answer. */
function broken(from: Point, to: Point, random: Random, times: number): Point[] {
  if (times === 0) return [];
  const part = random.between(0.38, 0.62);
  const offset = (to[1] - from[1]) * random.between(-0.16, 0.16);
  const middle: Point = [
    from[0] + (to[0] - from[0]) * part,
    from[1] + (to[1] - from[1]) * part + offset,
  ];
  return [
    ...broken(from, middle, random, times - 1),
    middle,
    ...broken(middle, to, random, times - 1),
  ];
}

/** A line of summits and valleys, broken into slopes. */
export function ridge({ width, base, height, spacing }: RidgeShape, random: Random): Ridge {
  const points: Point[] = [];
  const summits: number[] = [];
  let corner: Point = [-spacing, base - height * 0.2];
  let rising = true;
  points.push(corner);
  while (corner[0] < width + spacing) {
    const tall = rising ? random.between(0.55, 1) : random.between(0.08, 0.4);
    const next: Point = [
      corner[0] + (spacing / 2) * random.between(0.65, 1.35),
      base - height * tall,
    ];
    points.push(...broken(corner, next, random, 2), next);
    if (rising) summits.push(points.length - 1);
    corner = next;
    rising = !rising;
  }
  return { points, summits };
}

/** A smooth rolling line; the answer tells its height at any x. */
export function rolling(
  base: number,
  swing: number,
  length: number,
  random: Random,
): (x: number) => number {
  const waves = [1, 2.3, 4.1].map((pace) => ({
    pace: (pace * Math.PI * 2) / length,
    phase: random.between(0, Math.PI * 2),
    weight: (swing * random.between(0.6, 1)) / pace,
  }));
  return (x) =>
    base +
    waves.reduce((sum, { pace, phase, weight }) => sum + Math.sin(x * pace + phase) * weight, 0) /
      1.5;
}

/** Points of a line from edge to edge and a little beyond. */
export function along(width: number, step: number, heightAt: (x: number) => number): Point[] {
  const count = Math.ceil((width + step * 2) / step);
  return Array.from({ length: count + 1 }, (_, index): Point => {
    const x = (index - 1) * step;
    return [x, heightAt(x)];
  });
}
