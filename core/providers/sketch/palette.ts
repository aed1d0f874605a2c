import { type Colour, lean, mix, saturate } from "./colour.ts";
import { type Light, ink, lights, neon } from "./lights.ts";
import type { Random } from "./random.ts";
import type { Scene, Style, Time } from "./scene.ts";

/** The light of one picture: every painter takes its colours from here. */
export interface Palette extends Light {
  /** Lamps and windows shine. */
  readonly lamps: boolean;
  readonly stars: boolean;
  /** How a thing's own colour looks in this light. */
  readonly tone: (colour: Colour) => Colour;
  /** How the style of the picture changes it, before any light falls on it. */
  readonly manner: (colour: Colour) => Colour;
}

/** Applies `change` to every colour of a light. */
function recoloured(light: Light, change: (colour: Colour) => Colour): Light {
  const [zenith, high, low, horizon] = light.sky;
  return {
    ...light,
    sky: [change(zenith), change(high), change(low), change(horizon)],
    glow: change(light.glow),
    cloud: change(light.cloud),
    far: change(light.far),
    near: change(light.near),
    water: [change(light.water[0]), change(light.water[1])],
  };
}

const veils: Partial<Record<Scene["weather"], Colour>> = {
  rain: "#6f7f92",
  storm: "#454c63",
  fog: "#d8dde0",
  snow: "#c3cddc",
  cloudy: "#b8c3cf",
};

function isDark(time: Time): boolean {
  return time === "night" || time === "dusk";
}

function lightOf({ time, style }: Scene, random: Random): Light {
  if (style === "ink") return isDark(time) ? ink.dark : ink.light;
  if (style === "neon") return random.pick(neon);
  const light = random.pick(lights[time]);
  return style === "pastel"
    ? recoloured(light, (colour) => mix(saturate(colour, 0.9), "#fff6f0", 0.38))
    : light;
}

function underWeather(light: Light, { weather, time, style }: Scene): Light {
  const veil = veils[weather];
  if (veil === undefined || style === "ink" || style === "neon") return light;
  const weight = { clear: 0, snow: 0.16, cloudy: 0.3, rain: 0.36, fog: 0.42, storm: 0.5 }[weather];
  const colour = isDark(time) ? mix(veil, "#0c1230", 0.6) : veil;
  return recoloured(light, (own) => mix(own, colour, weight));
}

const manners: Record<Style, (colour: Colour) => Colour> = {
  plain: (colour) => colour,
  pixel: (colour) => colour,
  ink: (colour) => saturate(colour, 0.28),
  neon: (colour) => saturate(colour, 1.25),
  pastel: (colour) => mix(colour, "#fff6f0", 0.25),
};

/** The light of a scene; `random` chooses among those that suit it. */
export function paletteOf(scene: Scene, random: Random): Palette {
  const base = underWeather(lightOf(scene, random), scene);
  const { tint } = scene;
  const light = tint === undefined ? base : recoloured(base, (colour) => lean(colour, tint, 0.75));
  const manner = manners[scene.style];
  return {
    ...light,
    lamps:
      isDark(scene.time) ||
      scene.time === "sunset" ||
      scene.weather === "storm" ||
      scene.style === "neon",
    stars: isDark(scene.time) && scene.weather !== "rain" && scene.weather !== "storm",
    tone: (colour) => mix(manner(colour), light.ambient, light.strength),
    manner,
  };
}

/** The same hour inside, by the light of a lamp or of a large window. */
export function indoors(palette: Palette): Palette {
  const [ambient, strength]: [Colour, number] = palette.lamps
    ? ["#ff9f5a", 0.1]
    : ["#fff1d0", 0.05];
  const tone = (colour: Colour) => mix(palette.manner(colour), ambient, strength);
  return { ...palette, ambient, strength, tone };
}
