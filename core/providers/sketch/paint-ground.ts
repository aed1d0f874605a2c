import type { FigureName } from "./figures/catalogue.ts";
import { type Colour, fade, mix, shade } from "./colour.ts";
import type { Random } from "./random.ts";
import { type Stage, isIn, shows, soil, strewn } from "./stage.ts";
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
  placed,
  round,
} from "./svg.ts";
import { along, rolling } from "./terrain.ts";

const blooms: Record<Stage["scene"]["season"], readonly [Colour, ...Colour[]]> = {
  spring: ["#f7a8bc", "#fff2f4", "#f9d65c", "#c9a2ea"],
  summer: ["#ef6a5a", "#fbd54e", "#fff8ee", "#7a9df0"],
  autumn: ["#e8823c", "#f2c14a", "#c9504a"],
  winter: ["#ffffff"],
};

/** Blades of grass that bend apart, growing from the origin. */
function tuft(random: Random, height: number): string {
  return Array.from({ length: random.whole(3, 5) }, (_, blade) => {
    const lean = (blade - 2 + random.between(-0.5, 0.5)) * height * 0.26;
    const tall = height * random.between(0.6, 1);
    return `M${round(lean * 0.2 - height * 0.05)} 0Q${round(lean * 0.2)} ${round(-tall * 0.6)} ${round(lean)} ${round(-tall)}Q${round(lean * 0.3 + height * 0.06)} ${round(-tall * 0.5)} ${round(lean * 0.2 + height * 0.07)} 0Z`;
  }).join("");
}

/** Tufts of grass along a line, `size` units high. */
export function grass(
  stage: Stage,
  groundAt: (x: number) => number,
  colour: Colour,
  size: number,
): string {
  const random = stage.random(`grass ${size}`);
  return strewn(stage.width, size * 1.25, random)
    .filter(() => random.chance(0.75))
    .map(
      (x) =>
        `<path transform="translate(${at([x, groundAt(x) + 4])})" d="${tuft(random, size * random.between(0.6, 1.15))}" fill="${shade(colour, random.between(-0.16, 0.04))}"/>`,
    )
    .join("");
}

function daisy(random: Random, size: number, paint: Colour, heart: Colour): string {
  const count = random.whole(5, 7);
  const petals = Array.from({ length: count }, (_, petal) => {
    const angle = (petal / count) * Math.PI * 2;
    return circle(
      [Math.cos(angle) * size * 0.55, Math.sin(angle) * size * 0.5],
      size * 0.42,
      paint,
    );
  });
  return petals.join("") + circle([0, 0], size * 0.34, heart);
}

/** Flowers on stems all over the ground between the line and `bottom`, larger towards us. */
export function flowers(stage: Stage, groundAt: (x: number) => number, bottom: number): string {
  const random = stage.random("flowers");
  const { tone, lamps } = stage.palette;
  const dim = (colour: Colour) => (lamps ? shade(tone(colour), -0.12) : tone(colour));
  const count = Math.round((stage.width / 1000) * 62);
  const places = Array.from(
    { length: count },
    (): Point => [random.between(0, stage.width), random.next()],
  ).sort((one, other) => one[1] - other[1]);
  return places
    .map(([x, part]) => {
      const y = groundAt(x) + 8 + part * (bottom - groundAt(x));
      const size = 8 + part * 13;
      const stem = line(
        `M${at([x, y])}q${round(random.between(-6, 6))} ${round(-size)} 0 ${round(-size * 2.2)}`,
        dim("#4f8a4c"),
        1.6 + part * 1.6,
      );
      return (
        stem +
        placed(
          daisy(random, size, dim(random.pick(blooms[stage.scene.season])), dim("#f6c445")),
          [x, y - size * 2.2],
          1,
        )
      );
    })
    .join("");
}

function pebbles(stage: Stage, groundAt: (x: number) => number, colour: Colour): string {
  const random = stage.random("pebbles");
  return Array.from({ length: Math.round(stage.width / 42) }, () => {
    const [x, size] = [random.between(0, stage.width), random.between(4, 13)];
    return ellipse(
      [x, groundAt(x) + random.between(16, 150)],
      [size, size * 0.5],
      fade(shade(colour, random.between(-0.2, 0.2)), 0.8),
    );
  }).join("");
}

function starfish(stage: Stage, groundAt: (x: number) => number): string {
  const random = stage.random("starfish");
  return [0, 1]
    .map(() => {
      const x = random.between(0.05, 0.95) * stage.width;
      const arms = Array.from({ length: 5 }, (_, arm) => {
        const angle = (arm / 5) * Math.PI * 2 + 0.4;
        return `M0 0L${at([Math.cos(angle) * 17, Math.sin(angle) * 13])}`;
      }).join("");
      return placed(
        line(arms, stage.palette.tone("#f08a6a"), 10),
        [x, groundAt(x) + random.between(40, 90)],
        1,
      );
    })
    .join("");
}

/** The bank, meadow or sand on which the figures stand; `groundAt` is its rim. */
export function paintForeground(stage: Stage, groundAt: (x: number) => number): string {
  const { width, height, palette } = stage;
  const colour = soil(stage, 1);
  const rim = along(width, 50, groundAt);
  const top = Math.min(...rim.map(([, y]) => y));
  const body = between(top, height, [
    [0, mix(colour, palette.glow, palette.lamps ? 0.04 : 0.16)],
    [1, shade(colour, -0.26)],
  ]);
  const shadow = fill(
    grounded(curve(rim.map(([x, y]): Point => [x, y - 9])), [-100, width + 100], height),
    fade(palette.near, 0.14),
  );
  return (
    shadow +
    fill(grounded(curve(rim), [-100, width + 100], height + 10), body) +
    cover(stage, groundAt, colour)
  );
}

function cover(stage: Stage, groundAt: (x: number) => number, colour: Colour): string {
  if (isIn(stage, "desert")) return pebbles(stage, groundAt, colour);
  if (isIn(stage, "beach") || isIn(stage, "sea"))
    return pebbles(stage, groundAt, colour) + starfish(stage, groundAt);
  if (stage.scene.weather === "snow" || stage.scene.season === "winter")
    return pebbles(stage, groundAt, mix(colour, "#ffffff", 0.4));
  const blooming =
    shows(stage, "flowers") || isIn(stage, "meadow") || stage.scene.season === "spring";
  return (
    grass(stage, groundAt, colour, 44) + (blooming ? flowers(stage, groundAt, stage.height) : "")
  );
}

/** A cactus about a hundred units tall, standing on the origin. */
function cactus(colour: Colour): string {
  return (
    line("M0 0V-86M-30 -54V-42Q-30 -30 -18 -30H0M28 -72V-56Q28 -44 16 -44H0", colour, 19) +
    line("M-4 -4V-84M4 -4V-84M-31 -52V-42M29 -70V-56", fade(shade(colour, -0.4), 0.4), 1.6)
  );
}

/** Cacti strewn over the sand before `front`. */
export function paintCacti(stage: Stage, front: number): string {
  const random = stage.random("cacti");
  const colour = mix(stage.palette.tone("#4f8a5a"), stage.palette.near, 0.18);
  return strewn(stage.width, 360, random)
    .map((x) => {
      const part = random.next();
      return placed(
        cactus(colour),
        [x, front - 130 * (1 - part)],
        0.7 + part * 1.1,
        random.chance(0.5) ? 0.7 + part * 1.1 : -0.7 - part * 1.1,
      );
    })
    .join("");
}

/** Dark stalks at the lower edge that lead the eye into the picture. */
export function paintFrame(stage: Stage): string {
  const random = stage.random("frame");
  const colour = mix(stage.palette.near, soil(stage, 1), 0.22);
  const groundAt = rolling(stage.height - 6, 18, 700, random);
  const rim = along(stage.width, 60, groundAt);
  return (
    fill(grounded(curve(rim), [-120, stage.width + 120], stage.height + 20), colour) +
    grass(stage, groundAt, colour, 78)
  );
}

type Way = "road" | "rails";

/** What runs on the ground brings its way with it. */
const ways: Partial<Record<FigureName, Way>> = {
  car: "road",
  bus: "road",
  bicycle: "road",
  train: "rails",
};

const painters: Record<Way, (stage: Stage, rim: readonly Point[]) => string> = {
  road: ({ palette }, rim) => {
    const asphalt = shade(palette.tone("#7d8290"), -palette.strength * 0.6);
    const middle = curve(lowered(rim, 58));
    const dashes = `<path d="${middle}" fill="none" stroke="${fade(palette.tone("#fff6e0"), 0.7)}" stroke-width="5" stroke-dasharray="46 40"/>`;
    return line(middle, shade(asphalt, -0.2), 82) + line(middle, asphalt, 72) + dashes;
  },
  rails: ({ palette }, rim) => {
    const iron = palette.tone("#4a4652");
    const bed = curve(lowered(rim, 44));
    const sleepers = `<path d="${curve(lowered(rim, 40))}" fill="none" stroke="${palette.tone("#7a5a44")}" stroke-width="22" stroke-dasharray="14 20"/>`;
    const rails = line(curve(lowered(rim, 33)), iron, 5) + line(curve(lowered(rim, 48)), iron, 6);
    return line(bed, palette.tone("#a0917f"), 44) + sleepers + rails;
  },
};

function lowered(rim: readonly Point[], depth: number): Point[] {
  return rim.map(([x, y]): Point => [x, y + depth]);
}

/** The road or the rails along the rim, for those of the scene who need them. */
export function paintWay(stage: Stage, groundAt: (x: number) => number): string {
  const way = stage.scene.subjects
    .map(({ figure }) => ways[figure])
    .find((found) => found !== undefined);
  return way === undefined ? "" : painters[way](stage, along(stage.width, 50, groundAt));
}
