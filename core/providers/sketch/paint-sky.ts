import { type Colour, fade, mix } from "./colour.ts";
import { clouds } from "./paint-clouds.ts";
import { aurora, fireworks, meteors, stars } from "./paint-stars.ts";
import { type Stage, shows } from "./stage.ts";
import { type Point, at, between, circle, fill, outward, rectangle, round } from "./svg.ts";

// === Sun and moon

function halo({ palette, light }: Stage, radius: number): string {
  const { glow } = palette;
  const rings = palette.stars ? [1.5, 2.2] : [1.5, 2.2, 3.1];
  return (
    circle(
      light,
      radius * 7,
      outward([
        [0, fade(glow, 0.5)],
        [0.35, fade(glow, 0.16)],
        [1, fade(glow, 0)],
      ]),
    ) +
    rings
      .map((part, index) => circle(light, radius * part, fade(glow, 0.2 - index * 0.05)))
      .join("")
  );
}

function crescent([x, y]: Point, radius: number, paint: Colour): string {
  const inner = round(radius * 1.02);
  return fill(
    `M${at([x + radius * 0.25, y - radius * 0.97])}A${round(radius)} ${round(radius)} 0 1 0 ${at([x + radius * 0.97, y + radius * 0.25])}A${inner} ${inner} 0 0 1 ${at([x + radius * 0.25, y - radius * 0.97])}Z`,
    paint,
  );
}

function moon(stage: Stage, radius: number): string {
  const { light, palette } = stage;
  const waxing =
    shows(stage, "crescent") || (!shows(stage, "moon") && stage.random("moon").chance(0.4));
  if (waxing) return crescent(light, radius * 0.9, palette.disc);
  const craters: readonly (readonly [number, number, number])[] = [
    [-0.35, -0.3, 0.2],
    [0.3, 0.1, 0.26],
    [-0.2, 0.42, 0.14],
    [0.32, -0.5, 0.1],
    [-0.55, 0.15, 0.09],
  ];
  const grey = fade(mix(palette.disc, palette.sky[1], 0.3), 0.5);
  return (
    circle(light, radius, palette.disc) +
    craters
      .map(([x, y, part]) =>
        circle([light[0] + x * radius, light[1] + y * radius], part * radius, grey),
      )
      .join("")
  );
}

function heavenlyBody(stage: Stage): string {
  const { time, weather } = stage.scene;
  const hidden = weather === "rain" || weather === "storm" || weather === "cloudy";
  if (hidden && !shows(stage, "sun") && !shows(stage, "moon")) return "";
  const night = time === "night" || (time === "dusk" && shows(stage, "moon"));
  const radius =
    { dawn: 74, day: 60, sunset: 96, dusk: 46, night: 66 }[time] *
    (shows(stage, "moon") || shows(stage, "sun") ? 1.3 : 1);
  return (
    halo(stage, radius) +
    (night || time === "dusk"
      ? moon(stage, radius)
      : circle(stage.light, radius, stage.palette.disc))
  );
}

function rainbow({ width, horizon, palette }: Stage): string {
  const bands: readonly Colour[] = [
    "#ef6a6a",
    "#f5a65a",
    "#f7dd6a",
    "#86cf86",
    "#6ab0ea",
    "#a58ae0",
  ];
  const radius = Math.min(width * 0.46, horizon * 0.86);
  const middle: Point = [width * 0.5, horizon * 1.04];
  return bands
    .map((hue, index) => {
      const own = round(radius - index * 17);
      return `<path d="M${at([middle[0] - radius + index * 17, middle[1]])}a${own} ${own} 0 0 1 ${round((radius - index * 17) * 2)} 0" fill="none" stroke="${fade(palette.tone(hue), 0.55)}" stroke-width="17.5"/>`;
    })
    .join("");
}

/** Far birds, each two strokes of a brush. */
export function flock(stage: Stage, middle: Point, count: number): string {
  const random = stage.random("flock");
  const colour = fade(mix(stage.palette.near, stage.palette.sky[1], 0.15), 0.85);
  return Array.from({ length: count }, (_, index) => {
    const size = random.between(9, 19);
    const [x, y] = [
      middle[0] + (index - count / 2) * 40 + random.between(-24, 24),
      middle[1] + random.between(-46, 46),
    ];
    const lift = random.between(0.3, 0.7);
    return fill(
      `M${at([x - size, y - size * lift])}Q${at([x - size * 0.4, y - size * 0.55])} ${at([x, y])}Q${at([x + size * 0.4, y - size * 0.6])} ${at([x + size, y - size * lift * 0.9])}Q${at([x + size * 0.4, y - size * 0.28])} ${at([x, y + size * 0.22])}Q${at([x - size * 0.4, y - size * 0.24])} ${at([x - size, y - size * lift])}Z`,
      colour,
    );
  }).join("");
}

/** Everything above the land. */
export function paintSky(stage: Stage): string {
  const { width, height, horizon, palette } = stage;
  const [zenith, high, low, rim] = palette.sky;
  const air = between(0, horizon, [
    [0, zenith],
    [0.42, high],
    [0.78, low],
    [1, rim],
  ]);
  const random = stage.random("birds");
  const calm = stage.scene.weather === "clear" || stage.scene.weather === "fog";
  const birds = shows(stage, "flock")
    ? 11
    : calm && stage.scene.time !== "night" && random.chance(0.6)
      ? random.whole(3, 6)
      : 0;
  return (
    fill(rectangle([0, 0], [width, height]), air) +
    (palette.stars ? stars(stage, horizon) + meteors(stage) : "") +
    (shows(stage, "aurora") ? aurora(stage) : "") +
    heavenlyBody(stage) +
    (shows(stage, "rainbow") ? rainbow(stage) : "") +
    (shows(stage, "fireworks") ? fireworks(stage) : "") +
    clouds(stage) +
    flock(stage, [random.between(0.2, 0.8) * width, random.between(0.3, 0.55) * horizon], birds)
  );
}
