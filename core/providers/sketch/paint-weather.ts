import { type Colour, fade, mix } from "./colour.ts";
import type { Random } from "./random.ts";
import { type Stage, isIn, shows } from "./stage.ts";
import {
  at,
  between,
  circle,
  ellipse,
  fill,
  line,
  outward,
  placed,
  rectangle,
  rotated,
  round,
} from "./svg.ts";

function rain({ width, height, palette }: Stage, random: Random): string {
  const drops = (count: number, long: number) =>
    Array.from(
      { length: count },
      () =>
        `M${at([random.between(-40, width), random.between(-60, height)])}l${round(long * 0.26)} ${round(long)}`,
    ).join("");
  const paint = mix(palette.sky[3], "#ffffff", 0.5);
  const count = Math.round((width * height) / 6_500);
  return (
    line(drops(count, 44), fade(paint, 0.3), 1.6) +
    line(drops(Math.round(count * 0.35), 80), fade(paint, 0.4), 2.4)
  );
}

function snowfall({ width, height, palette }: Stage, random: Random): string {
  const count = Math.round((width * height) / 5_200);
  const paint = mix(palette.disc, "#ffffff", 0.7);
  return Array.from({ length: count }, () =>
    circle(
      [random.between(0, width), random.between(0, height)],
      1.6 + random.next() ** 3 * 8,
      fade(paint, random.between(0.45, 0.95)),
    ),
  ).join("");
}

function fog({ width, height, horizon, palette }: Stage, random: Random): string {
  const air = mix(palette.sky[3], "#ffffff", 0.25);
  return Array.from({ length: 7 }, (_, index) => {
    const y = horizon * 0.55 + (height - horizon * 0.55) * (index / 7);
    return ellipse(
      [random.between(0, width), y],
      [width * random.between(0.4, 0.8), random.between(36, 90)],
      outward([
        [0, fade(air, 0.55)],
        [0.6, fade(air, 0.3)],
        [1, fade(air, 0)],
      ]),
    );
  }).join("");
}

function lightning({ width, horizon }: Stage, random: Random): string {
  let [x, y] = [random.between(0.2, 0.8) * width, horizon * 0.1];
  let path = `M${at([x, y])}`;
  const glow = circle(
    [x, horizon * 0.3],
    horizon * 0.6,
    outward([
      [0, fade("#e8e4ff", 0.4)],
      [1, fade("#e8e4ff", 0)],
    ]),
  );
  for (let step = 0; step < 6; step++) {
    [x, y] = [x + random.between(-46, 40), y + horizon * 0.14];
    path += `L${at([x, y])}l${round(random.between(20, 40))} ${round(-random.between(4, 18))}`;
  }
  return glow + line(path, fade("#cfc8ff", 0.5), 11) + line(path, "#fffdf0", 4.5);
}

/** Leaves or petals in the wind. */
function drifting(stage: Stage, random: Random, paints: readonly [Colour, ...Colour[]]): string {
  const { width, height, palette } = stage;
  const count = Math.round((width * height) / 22_000);
  return Array.from({ length: count }, () => {
    const size = random.between(7, 15);
    const leaf = fill(
      `M0 0Q${round(size * 0.6)} ${round(-size * 0.7)} ${round(size * 1.5)} 0Q${round(size * 0.6)} ${round(size * 0.5)} 0 0Z`,
      fade(palette.tone(random.pick(paints)), 0.92),
    );
    return placed(
      rotated(leaf, random.between(0, 360)),
      [random.between(0, width), random.between(0.1, 1) * height],
      1,
    );
  }).join("");
}

function fireflies({ width, height, horizon }: Stage, random: Random): string {
  return Array.from({ length: Math.round(width / 24) }, () => {
    const spot: readonly [number, number] = [
      random.between(0, width),
      random.between(horizon * 0.7, height),
    ];
    const size = random.between(2.4, 4.4);
    return (
      circle(
        spot,
        size * 5,
        outward([
          [0, fade("#f7f59a", 0.6)],
          [1, fade("#f7f59a", 0)],
        ]),
      ) + circle(spot, size, "#fdfccf")
    );
  }).join("");
}

/** What is in the air between us and the scene. */
export function paintWeather(stage: Stage): string {
  const { weather } = stage.scene;
  const random = stage.random("weather");
  const wet = weather === "rain" || weather === "storm";
  return (
    (weather === "storm" ? lightning(stage, random) : "") +
    (wet ? rain(stage, random) : "") +
    (weather === "snow" ? snowfall(stage, random) : "") +
    (shows(stage, "cherry") ? drifting(stage, random, ["#f9c6d3", "#fde3ea", "#f29db4"]) : "") +
    (shows(stage, "leaves") ? drifting(stage, random, ["#e2803a", "#d2572f", "#edb045"]) : "") +
    (shows(stage, "fireflies") ? fireflies(stage, random) : "")
  );
}

/** Banks of mist before the distance and behind the figures. */
export function paintMist(stage: Stage): string {
  const random = stage.random("mist");
  const soft =
    stage.scene.weather === "fog" || (stage.scene.style === "ink" && !isIn(stage, "room"));
  const { width, horizon, palette } = stage;
  const air = mix(palette.sky[3], "#ffffff", 0.2);
  const belt = fill(
    rectangle([0, horizon - 120], [width, 150]),
    between(horizon - 120, horizon + 30, [
      [0, fade(air, 0)],
      [0.75, fade(air, 0.34)],
      [1, fade(air, 0)],
    ]),
  );
  return soft ? fog(stage, random) : belt;
}
