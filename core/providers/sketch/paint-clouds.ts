import { fade } from "./colour.ts";
import type { Random } from "./random.ts";
import { type Stage, shows } from "./stage.ts";
import { type Point, at, between, fill, placed, round } from "./svg.ts";

/** A heap of round bulges on a flat foot, about `width` wide, standing on the origin. */
function heap(random: Random, width: number): string {
  const bulges = random.whole(4, 6);
  const foot = width * 0.07;
  const rounds = Array.from({ length: bulges }, (_, index) => {
    const part = (index + 0.5) / bulges;
    const radius = width * (0.08 + 0.13 * Math.sin(part * Math.PI) * random.between(0.7, 1.1));
    const x = (part - 0.5) * width * 0.8;
    return `M${at([x - radius, -foot])}a${round(radius)} ${round(radius)} 0 1 1 ${round(radius * 2)} 0a${round(radius)} ${round(radius)} 0 1 1 ${round(-radius * 2)} 0z`;
  });
  const half = width * 0.46;
  const base = `M${at([-half, 0])}a${round(foot)} ${round(foot)} 0 0 1 0 ${round(-foot * 2)}H${round(half)}a${round(foot)} ${round(foot)} 0 0 1 0 ${round(foot * 2)}z`;
  return base + rounds.join("");
}

/** One cloud of paper. Its foot is cut flat, so that several lie on one air. */
export function cloud({ palette }: Stage, random: Random, width: number): string {
  const body = heap(random, width);
  const cut = between(-width * 0.34, width * 0.08, [
    [0, fade(palette.cloud, 0.96)],
    [1, fade(palette.cloud, 0.45)],
  ]);
  const behind = heap(random, width * 0.8);
  return (
    placed(
      fill(behind, fade(palette.cloud, 0.35)),
      [width * random.between(-0.2, 0.2), -width * 0.07],
      1,
    ) + fill(body, cut)
  );
}

function streaks(stage: Stage, random: Random): string {
  const { width, horizon, palette } = stage;
  return Array.from({ length: 7 }, () => {
    const [long, high] = [random.between(0.18, 0.5) * Math.max(width, 1000), random.between(7, 20)];
    const start: Point = [random.between(-0.2, 0.95) * width, random.between(0.3, 0.9) * horizon];
    return fill(
      `M${at(start)}q${round(long * 0.5)} ${round(-high)} ${round(long)} 0q${round(-long * 0.5)} ${round(high * 0.7)} ${round(-long)} 0z`,
      fade(palette.cloud, random.between(0.25, 0.5)),
    );
  }).join("");
}

/** The clouds of the weather and the hour. */
export function clouds(stage: Stage): string {
  const random = stage.random("clouds");
  const { width, horizon, scene } = stage;
  const grey = scene.weather === "cloudy" || scene.weather === "rain" || scene.weather === "storm";
  const most =
    shows(stage, "clouds") || grey
      ? 6
      : { dawn: 2, day: 4, sunset: 0, dusk: 1, night: 1 }[scene.time];
  const count = Math.round(most * Math.max(1, width / 1500));
  const heaps = Array.from({ length: count }, (_, index) => {
    const x = ((index + random.between(0.15, 0.85)) / count) * width;
    const y = random.between(0.14, 0.62) * horizon;
    return placed(
      cloud(stage, random, random.between(150, 330)),
      [x, y],
      0.7 + (y / horizon) * 0.1,
      random.chance(0.5) ? 0.8 : -0.8,
    );
  });
  return (scene.time === "day" ? "" : streaks(stage, random)) + heaps.join("");
}
