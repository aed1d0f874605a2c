import { type Colour, fade, mix, shade } from "./colour.ts";
import { stars } from "./paint-stars.ts";
import type { Random } from "./random.ts";
import type { Stage } from "./stage.ts";
import {
  type Point,
  at,
  between,
  circle,
  curve,
  ellipse,
  fill,
  grounded,
  line,
  outward,
  placed,
  rectangle,
  round,
} from "./svg.ts";
import { along, rolling } from "./terrain.ts";

// === Under water

function beams({ width, height }: Stage, random: Random): string {
  const count = Math.round(3 + width / 400);
  return Array.from({ length: count }, (_, index) => {
    const x = ((index + random.between(0.1, 0.9)) / count) * width;
    const [top, wide, slant] = [
      random.between(24, 70),
      random.between(120, 240),
      random.between(-160, 60),
    ];
    const light = between(0, height * 0.85, [
      [0, fade("#e8fff4", 0.3)],
      [1, fade("#e8fff4", 0)],
    ]);
    return fill(
      `M${at([x, -10])}h${round(top)}L${at([x + slant + wide, height * 0.85])}h${round(-wide)}Z`,
      light,
    );
  }).join("");
}

function weed(random: Random, height: number, paint: Colour): string {
  const sway = height * random.between(0.08, 0.16) * (random.chance(0.5) ? 1 : -1);
  const left = `M-7 8C${at([-7 - sway, -height * 0.3])} ${at([sway - 5, -height * 0.6])} ${at([sway * 0.6, -height])}`;
  return fill(
    `${left}C${at([sway + 10, -height * 0.6])} ${at([9 - sway, -height * 0.3])} 8 8Z`,
    paint,
  );
}

function coral(random: Random, size: number, paint: Colour): string {
  const branch = ([x, y]: Point, angle: number, long: number, depth: number): string => {
    const end: Point = [x + Math.sin(angle) * long, y - Math.cos(angle) * long];
    const own = line(`M${at([x, y])}L${at(end)}`, paint, 4 + depth * 4);
    return depth === 0
      ? own
      : own +
          branch(end, angle - random.between(0.35, 0.6), long * 0.74, depth - 1) +
          branch(end, angle + random.between(0.3, 0.6), long * 0.7, depth - 1);
  };
  return branch([0, 8], random.between(-0.15, 0.15), size * 0.36, 3);
}

const reefs: readonly [Colour, ...Colour[]] = ["#f0786a", "#f2a54f", "#d86aa0", "#8f6ac0"];

function seabed(stage: Stage, random: Random): string {
  const { width, height, palette } = stage;
  return [0.84, 0.93]
    .map((part, level) => {
      const groundAt = rolling(height * part, 22, 760, random.fork(`bed ${level}`));
      const sand = mix(palette.tone("#ecd6a2"), "#1d6a8a", 0.52 - level * 0.28);
      const plants = Array.from({ length: Math.round(width / 70) }, () => {
        const x = random.between(0, width);
        const content = random.chance(0.62)
          ? weed(
              random,
              random.between(90, 230),
              mix(
                palette.tone(random.pick(["#3f9a70", "#2f7f66", "#6fae5a"])),
                "#1d5a7a",
                0.4 - level * 0.25,
              ),
            )
          : coral(
              random,
              random.between(80, 150),
              mix(palette.tone(random.pick(reefs)), "#1d5a7a", 0.36 - level * 0.26),
            );
        return placed(content, [x, groundAt(x)], 0.8 + level * 0.35);
      });
      return (
        plants.join("") +
        fill(
          grounded(curve(along(width, 60, groundAt)), [-120, width + 120], height + 10),
          between(height * part, height, [
            [0, sand],
            [1, shade(sand, -0.16)],
          ]),
        )
      );
    })
    .join("");
}

function bubbles({ width, height }: Stage, random: Random): string {
  return Array.from({ length: Math.round((width * height) / 34_000) }, () => {
    const spot: Point = [random.between(0, width), random.between(0.05, 0.9) * height];
    const radius = 3 + random.next() ** 2 * 15;
    return (
      circle(spot, radius, fade("#dffaff", 0.22)) +
      `<circle cx="${round(spot[0])}" cy="${round(spot[1])}" r="${round(radius)}" fill="none" stroke="#e8fcff" stroke-opacity=".5" stroke-width="1.4"/>` +
      circle([spot[0] - radius * 0.35, spot[1] - radius * 0.35], radius * 0.2, fade("#ffffff", 0.8))
    );
  }).join("");
}

function shoal({ width, height }: Stage, random: Random): string {
  const middle: Point = [random.between(0.2, 0.8) * width, random.between(0.14, 0.4) * height];
  return fill(
    Array.from({ length: 16 }, () => {
      const [x, y, size] = [
        middle[0] + random.between(-190, 190),
        middle[1] + random.between(-70, 70),
        random.between(9, 16),
      ];
      return `M${at([x + size, y])}Q${at([x, y - size * 0.6])} ${at([x - size * 0.8, y])}L${at([x - size * 1.4, y - size * 0.4])}V${round(y + size * 0.4)}L${at([x - size * 0.8, y])}Q${at([x, y + size * 0.6])} ${at([x + size, y])}Z`;
    }).join(""),
    fade("#0d4a6a", 0.45),
  );
}

/** The sea from below, with its bed. */
export function paintUnderwater(stage: Stage): string {
  const { width, height, palette, scene } = stage;
  const random = stage.random("underwater");
  const dark = palette.stars || scene.time === "dusk" ? -0.42 : 0;
  const depth = between(0, height, [
    [0, shade(mix("#8fe6e0", palette.water[0], 0.3), dark)],
    [0.4, shade("#2f9fbf", dark)],
    [1, shade(mix("#12507f", palette.water[1], 0.35), dark)],
  ]);
  const reef = fill(
    grounded(
      curve(along(width, 70, rolling(height * 0.74, 70, 620, random))),
      [-140, width + 140],
      height,
    ),
    fade(shade("#1a6a8f", dark), 0.5),
  );
  return (
    fill(rectangle([0, 0], [width, height]), depth) +
    beams(stage, random) +
    shoal(stage, random) +
    reef +
    seabed(stage, random) +
    bubbles(stage, random)
  );
}

// === In space

const planets: readonly [readonly [Colour, Colour], ...(readonly [Colour, Colour])[]] = [
  ["#f6b26b", "#b0523f"],
  ["#8fd0e8", "#3a5fa8"],
  ["#e6a0c8", "#7a4a9a"],
  ["#b8e0a0", "#3f8a7a"],
];

function planet(random: Random, middle: Point, radius: number): string {
  const [light, dark] = random.pick(planets);
  const bands = [-0.5, -0.1, 0.34].map((level) => {
    const half = Math.sqrt(1 - level * level) * radius;
    return fill(
      `M${at([middle[0] - half, middle[1] + level * radius])}q${round(half)} ${round(radius * 0.16)} ${round(half * 2)} 0q${round(-half)} ${round(radius * 0.36)} ${round(-half * 2)} 0z`,
      fade(dark, 0.3),
    );
  });
  const ringed = random.chance(0.55);
  const ring = (half: "back" | "front") =>
    `<path d="M${at([middle[0] - radius * 1.75, middle[1]])}A${round(radius * 1.75)} ${round(radius * 0.46)} 0 0 ${half === "back" ? 1 : 0} ${at([middle[0] + radius * 1.75, middle[1]])}" fill="none" stroke="${fade(mix(light, "#fff4dc", 0.5), 0.85)}" stroke-width="${round(radius * 0.16)}"/>`;
  const body =
    circle(middle, radius, light) +
    bands.join("") +
    circle(
      middle,
      radius,
      outward([
        [0, fade("#0a0630", 0)],
        [0.7, fade("#0a0630", 0.08)],
        [1, fade("#0a0630", 0.5)],
      ]),
    );
  return `<g transform="rotate(-16 ${at(middle)})">${ringed ? ring("back") : ""}${body}${ringed ? ring("front") : ""}</g>`;
}

function nebula({ width, height }: Stage, random: Random): string {
  const hues = ["#7a4fd0", "#d0559a", "#3f7fd8", "#2fb0a8"] as const;
  return Array.from({ length: 5 }, () => {
    const hue = random.pick(hues);
    return ellipse(
      [random.between(0, width), random.between(0, 0.8) * height],
      [random.between(260, 620), random.between(180, 420)],
      outward([
        [0, fade(hue, 0.42)],
        [0.5, fade(hue, 0.16)],
        [1, fade(hue, 0)],
      ]),
    );
  }).join("");
}

/** The ground of a moon, on which the figures stand. */
export function paintMoonGround(stage: Stage, groundAt: (x: number) => number): string {
  const { width, height } = stage;
  const random = stage.random("craters");
  const dust: Colour = random.pick(["#8f8bb0", "#b08a8a", "#7f9ab0"]);
  const craters = Array.from({ length: Math.round(width / 90) }, () => {
    const x = random.between(0, width);
    const y = groundAt(x) + random.between(26, height - groundAt(x));
    const size = random.between(14, 60) * (0.5 + (y - groundAt(x)) / 260);
    return (
      ellipse([x, y], [size, size * 0.3], shade(dust, -0.28)) +
      ellipse([x, y + size * 0.06], [size * 0.86, size * 0.22], shade(dust, -0.14))
    );
  });
  return (
    fill(
      grounded(curve(along(width, 60, groundAt)), [-120, width + 120], height + 10),
      between(groundAt(0) - 20, height, [
        [0, shade(dust, 0.25)],
        [1, shade(dust, -0.34)],
      ]),
    ) + craters.join("")
  );
}

/** The night without an earth. */
export function paintSpace(stage: Stage): string {
  const { width, height, palette } = stage;
  const random = stage.random("space");
  const deep = between(0, height, [
    [0, mix("#070518", palette.sky[0], 0.3)],
    [0.6, mix("#1a1245", palette.sky[1], 0.3)],
    [1, mix("#3a2270", palette.sky[2], 0.3)],
  ]);
  const side = stage.light[0] / width;
  return (
    fill(rectangle([0, 0], [width, height]), deep) +
    nebula(stage, random) +
    stars(stage, height) +
    planet(random, [side * width, height * random.between(0.2, 0.3)], random.between(90, 150)) +
    planet(
      random,
      [(1 - side) * width + random.between(-80, 80), height * random.between(0.1, 0.2)],
      random.between(28, 52),
    ) +
    planet(
      random,
      [(1 - side) * width * 0.9, height * random.between(0.4, 0.55)],
      random.between(16, 34),
    )
  );
}
