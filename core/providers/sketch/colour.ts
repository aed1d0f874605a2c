/** A colour as `#rrggbb`, or `#rrggbbaa` where it is translucent. */
export type Colour = `#${string}`;

/** Lightness 0…1, then the two colour axes of Björn Ottosson's OKLab (bottosson.github.io/posts/oklab). */
type Lab = readonly [lightness: number, a: number, b: number];

function channel(colour: Colour, index: number): number {
  const value = Number.parseInt(colour.slice(1 + index * 2, 3 + index * 2), 16) / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function toLab(colour: Colour): Lab {
  const [red, green, blue] = [channel(colour, 0), channel(colour, 1), channel(colour, 2)];
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  ];
}

function hexByte(linear: number): string {
  const value = linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055;
  const byte = Math.round(Math.min(1, Math.max(0, value)) * 255);
  return byte.toString(16).padStart(2, "0");
}

function fromLab([lightness, a, b]: Lab): Colour {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short;
  const green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short;
  const blue = -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short;
  return `#${hexByte(red)}${hexByte(green)}${hexByte(blue)}`;
}

/** `amount` 0 is `from`, 1 is `to`; in between as the eye would have it. Translucency is dropped. */
export function mix(from: Colour, to: Colour, amount: number): Colour {
  const [start, end] = [toLab(from), toLab(to)];
  return fromLab([
    start[0] + (end[0] - start[0]) * amount,
    start[1] + (end[1] - start[1]) * amount,
    start[2] + (end[2] - start[2]) * amount,
  ]);
}

/** The same colour seen through: 0 is invisible, 1 opaque. */
export function fade(colour: Colour, opacity: number): Colour {
  const alpha = Math.round(Math.min(1, Math.max(0, opacity)) * 255);
  return `${colour.slice(0, 7) as Colour}${alpha.toString(16).padStart(2, "0")}`;
}

/** Same hue, more or less light: `amount` -1…1. */
export function shade(colour: Colour, amount: number): Colour {
  if (amount >= 0) return mix(colour, "#fffaf0", amount);
  const [lightness, a, b] = toLab(colour);
  const kept = 1 + amount;
  return mix(
    fromLab([lightness * kept, a * kept ** 0.4, b * kept ** 0.4]),
    "#2a1f52",
    -amount * 0.3,
  );
}

/** Keeps the lightness; `colourfulness` 0 is grey, 1 unchanged, more is gaudier. */
export function saturate(colour: Colour, colourfulness: number): Colour {
  const [lightness, a, b] = toLab(colour);
  return fromLab([lightness, a * colourfulness, b * colourfulness]);
}

/** Keeps the lightness and leans the hue towards `target`, fully at `amount` 1. */
export function lean(colour: Colour, target: Colour, amount: number): Colour {
  const [lightness, a, b] = toLab(colour);
  const [, targetA, targetB] = toLab(target);
  const most = 1 - Math.abs(lightness - 0.6);
  return fromLab([lightness, a + (targetA * most - a) * amount, b + (targetB * most - b) * amount]);
}

/** Distance from grey: 0, to about 0.3 for the purest. */
export function colourfulness(colour: Colour): number {
  const [, a, b] = toLab(colour);
  return Math.hypot(a, b);
}
