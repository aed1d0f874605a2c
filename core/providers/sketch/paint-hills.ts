import { type Colour, fade, mix, shade } from "./colour.ts";
import { type Stage, soil, strewn } from "./stage.ts";
import {
  type Paint,
  at,
  between,
  curve,
  downward,
  fill,
  grounded,
  placed,
  rectangle,
  round,
} from "./svg.ts";
import { along, rolling } from "./terrain.ts";

/** Round bushes in groups along a line. */
function hedges(
  stage: Stage,
  heightAt: (x: number) => number,
  colour: Colour,
  size: number,
): string {
  const random = stage.random(`hedges ${size}`);
  const rounds = strewn(stage.width, size * 7, random)
    .filter(() => random.chance(0.7))
    .flatMap((x) =>
      Array.from({ length: random.whole(2, 7) }, (_, index) => {
        const place = x + index * size * 0.8;
        const radius = size * random.between(0.5, 1);
        return `M${at([place - radius, heightAt(place) + 4])}a${round(radius)} ${round(radius * 1.1)} 0 0 1 ${round(radius * 2)} 0z`;
      }),
    );
  return fill(rounds.join(""), colour);
}

/** Fields of another green on a slope. */
function fields(
  stage: Stage,
  heightAt: (x: number) => number,
  [bright, dark]: readonly [Colour, Colour],
  depth: number,
): string {
  const random = stage.random(`fields ${depth}`);
  return strewn(stage.width, 340, random)
    .map((x) => {
      const [half, y] = [
        random.between(150, 330),
        heightAt(x) + random.between(34, 84) * (0.6 + depth),
      ];
      const tilt = random.between(-16, 16);
      return fill(
        `M${at([x - half, y + tilt])}Q${at([x, y - 22 + tilt * 0.4])} ${at([x + half, y - tilt])}Q${at([x, y + 26 - tilt * 0.4])} ${at([x - half, y + tilt])}Z`,
        fade(random.chance(0.5) ? bright : dark, 0.5),
      );
    })
    .join("");
}

/** Rounded hills with fields and hedges, from the horizon towards us. */
export function paintHills(stage: Stage, bottom: number): string {
  const { width, horizon, palette, scene } = stage;
  const random = stage.random("hills");
  const bare = scene.season === "winter" || scene.weather === "snow";
  return [0, 1, 2, 3]
    .map((level) => {
      const depth = (level + 0.3) / 4;
      const base = horizon + (bottom - horizon) * (level / 4) * 0.86 - 18;
      const heightAt = rolling(
        base,
        34 + (level % 2) * 22,
        random.between(800, 1500),
        random.fork(`hill ${level}`),
      );
      const own = soil(stage, depth);
      const light = mix(own, palette.glow, 0.2 - palette.strength * 0.3);
      const ground = between(base - 60, base + 170, [
        [0, light],
        [1, shade(own, -0.14)],
      ]);
      const bush = mix(shade(own, -0.26), palette.far, 0.3 * (1 - depth));
      const green: readonly [Colour, Colour] = [mix(light, "#f6dc7a", 0.3), shade(own, -0.1)];
      return (
        (bare ? "" : hedges(stage, heightAt, bush, 9 + level * 6)) +
        fill(
          grounded(curve(along(width, 60, heightAt)), [-120, width + 120], stage.height + 10),
          ground,
        ) +
        (bare ? "" : fields(stage, heightAt, green, depth))
      );
    })
    .join("");
}

/** One dune about its foot, `half` wide to each side, its shaded lee to the right. */
function dune(half: number, height: number, [sand, dark]: readonly [Paint, Paint]): string {
  const x = (part: number) => round(part * half);
  const y = (part: number) => round(-part * height);
  const crest = `0 ${y(1)}`;
  const lee = `C${x(0.16)} ${y(0.8)} ${x(0.5)} ${y(0.12)} ${x(1.1)} 0`;
  return (
    fill(`M${x(-1.3)} 0C${x(-0.7)} ${y(0.06)} ${x(-0.3)} ${y(0.8)} ${crest}${lee}Z`, sand) +
    fill(
      `M${crest}${lee}H${x(0.3)}C${x(0.02)} ${y(0.1)} ${x(0.3)} ${y(0.36)} ${x(0.1)} ${y(0.58)}C${x(-0.02)} ${y(0.72)} ${x(0.05)} ${y(0.9)} ${crest}Z`,
      dark,
    )
  );
}

/** Dunes with a sharp crest between light and shade. */
export function paintDunes(stage: Stage, bottom: number): string {
  const { width, height, horizon, palette } = stage;
  const away = stage.light[0] < width / 2 ? 1 : -1;
  return [0, 1, 2, 3]
    .map((row) => {
      const random = stage.random(`dunes ${row}`);
      const colour = soil(stage, (row + 0.6) / 4);
      const base = horizon + (bottom - horizon) * (0.1 + row * 0.24);
      const light = mix(colour, palette.glow, palette.lamps ? 0.12 : 0.3);
      const paints = [
        downward([
          [0, light],
          [1, colour],
        ]),
        downward([
          [0, fade(shade(colour, -0.3), 0.85)],
          [1, fade(shade(colour, -0.22), 0.2)],
        ]),
      ] as const;
      const rises = strewn(width, 520 + row * 170, random).map((x) => {
        const tall = (74 + row * 34) * random.between(0.55, 1.2);
        return placed(dune(random.between(300, 430) + row * 90, tall, paints), [x, base], 1, away);
      });
      const floor = between(base, base + 220, [
        [0, colour],
        [1, shade(colour, -0.1)],
      ]);
      return rises.join("") + fill(rectangle([0, base - 1], [width, height]), floor);
    })
    .join("");
}
