import { type Colour, fade, mix } from "./colour.ts";
import type { Random } from "./random.ts";
import { type Stage, shows } from "./stage.ts";
import {
  type Point,
  at,
  between,
  circle,
  ellipse,
  fill,
  line,
  outward,
  rectangle,
  round,
} from "./svg.ts";

function sparkle([x, y]: Point, size: number, paint: Colour): string {
  const waist = size * 0.12;
  return fill(
    `M${at([x, y - size])}L${at([x + waist, y - waist])}L${at([x + size, y])}L${at([x + waist, y + waist])}L${at([x, y + size])}L${at([x - waist, y + waist])}L${at([x - size, y])}L${at([x - waist, y - waist])}Z`,
    paint,
  );
}

function dust(random: Random, count: number, place: () => Point): string {
  return Array.from({ length: count }, () =>
    circle(
      place(),
      random.between(0.8, 1) * 0.7 + random.next() ** 4 * 2.4,
      fade("#fffdf2", random.between(0.35, 1)),
    ),
  ).join("");
}

/** Stars above `floor`; the streak of a galaxy where the words speak of stars. */
export function stars(stage: Stage, floor: number): string {
  const random = stage.random("stars");
  const { width } = stage;
  const count = Math.round((width * floor) / 7_000);
  const anywhere = (): Point => [random.between(0, width), random.next() ** 1.4 * floor];
  const sparkles = Array.from({ length: 5 + Math.round(count / 30) }, () =>
    sparkle(anywhere(), random.between(6, 13), fade("#fffdf2", 0.9)),
  );
  return (
    (shows(stage, "stars") ? galaxy(stage, random, floor) : "") +
    dust(random, count, anywhere) +
    sparkles.join("")
  );
}

function galaxy({ width, palette }: Stage, random: Random, floor: number): string {
  const lean = random.chance(0.5) ? 1 : -1;
  const reach = Math.hypot(width, floor) * 0.62;
  const angle = (Math.atan2(floor, width) * 180 * lean) / Math.PI;
  const milk = mix(palette.sky[3], "#fff4ff", 0.4);
  const bands = [
    [1, 0.24, 0.26],
    [0.85, 0.13, 0.3],
    [0.62, 0.06, 0.34],
  ].map(([long = 1, wide = 1, opacity = 0]) =>
    ellipse(
      [0, 0],
      [reach * long, reach * wide],
      outward([
        [0, fade(milk, opacity)],
        [1, fade(milk, 0)],
      ]),
    ),
  );
  const grains = dust(random, 260, () => [
    random.between(-1, 1) * reach,
    (random.next() + random.next() + random.next() - 1.5) * reach * 0.12,
  ]);
  return `<g transform="translate(${at([width / 2, floor * 0.45])}) rotate(${round(angle)})">${bands.join("")}${grains}</g>`;
}

/** Shooting stars: many where the words ask for them, otherwise one now and then. */
export function meteors(stage: Stage): string {
  const random = stage.random("meteors");
  const { width, horizon } = stage;
  const count = shows(stage, "meteors") ? 6 : Number(random.chance(0.35));
  return Array.from({ length: count }, () => {
    const [x, y, length] = [
      random.between(0.05, 0.95) * width,
      random.between(0.05, 0.55) * horizon,
      random.between(90, 200),
    ];
    return (
      line(`M${at([x, y])}l${at([length * 0.5, -length * 0.26])}`, fade("#fffdf2", 0.5), 2) +
      line(`M${at([x, y])}l${at([length, -length * 0.52])}`, fade("#fffdf2", 0.25), 1.4) +
      circle([x, y], 3, "#fffdf2")
    );
  }).join("");
}

/** Curtains of light in the northern sky. */
export function aurora(stage: Stage): string {
  const random = stage.random("aurora");
  const { width, horizon } = stage;
  const hues: readonly Colour[] = ["#5cf0b0", "#4fd8d8", "#a884f0"];
  return hues
    .map((hue, index) => {
      const [phase, base] = [random.between(0, 6), horizon * (0.42 + index * 0.13)];
      const tall = horizon * 0.44;
      const steps = 90;
      return Array.from({ length: steps }, (_, step) => {
        const x = (step / steps) * width;
        const y = base + Math.sin(x / 210 + phase) * 60 + Math.sin(x / 90 + phase * 2) * 16;
        const height = tall * (0.6 + 0.4 * Math.sin(x / 46 + phase * 3));
        const beam = between(y - height, y, [
          [0, fade(hue, 0)],
          [0.75, fade(hue, 0.3)],
          [1, fade(hue, 0)],
        ]);
        return fill(rectangle([x, y - height], [width / steps + 1.2, height]), beam);
      }).join("");
    })
    .join("");
}

const sparks = ["#ffd86a", "#ff7a8a", "#7ae0ff", "#c79aff", "#9af0a8"] as const;

/** One burst: rays that bend down a little, with a glow behind. */
function burst([x, y]: Point, radius: number, hue: Colour): string {
  const glow = outward([
    [0, fade(hue, 0.4)],
    [1, fade(hue, 0)],
  ]);
  const rays = Array.from({ length: 22 }, (_, ray) => {
    const angle = (ray / 22) * Math.PI * 2;
    const away = (part: number): Point => [
      x + Math.cos(angle) * radius * part,
      y + Math.sin(angle) * radius * part,
    ];
    const [endX, endY] = away(1);
    const end: Point = [endX, endY + radius * 0.12];
    const path = `M${at(away(0.3))}Q${at(away(0.7))} ${at(end)}`;
    return line(path, fade(hue, 0.8), 2.6) + circle(end, 4, "#fffbe6");
  });
  return circle([x, y], radius * 1.1, glow) + rays.join("");
}

/** Bursts of fireworks, evenly spread. */
export function fireworks(stage: Stage): string {
  const random = stage.random("fireworks");
  const { width, horizon } = stage;
  const count = Math.round(3 + width / 500);
  return Array.from({ length: count }, (_, index) => {
    const x = ((index + random.between(0.2, 0.8)) / count) * width;
    const y = random.between(0.12, 0.55) * horizon;
    return burst([x, y], random.between(80, 170), random.pick(sparks));
  }).join("");
}
