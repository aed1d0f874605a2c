import { type Colour, mix, shade } from "./colour.ts";
import type { Palette } from "./palette.ts";
import type { Random } from "./random.ts";
import type { Detail, Place, Scene } from "./scene.ts";
import type { Point } from "./svg.ts";

/** The space that painters paint in, whatever the picture's size in pixels. */
export interface Stage {
  /** The shorter side is 1000 long. */
  readonly width: number;
  readonly height: number;
  /** Height at which the land meets the sky. */
  readonly horizon: number;
  /** The middle of the sun or the moon. */
  readonly light: Point;
  readonly scene: Scene;
  readonly palette: Palette;
  /** The stream of this seed that belongs to one painter. */
  readonly random: (painter: string) => Random;
}

/** Whether the words of the scene ask for this detail. */
export function shows({ scene }: Stage, detail: Detail): boolean {
  return scene.details.includes(detail);
}

/** Whether the scene plays here, among other places. */
export function isIn({ scene }: Stage, place: Place): boolean {
  return scene.places.includes(place);
}

/** The colour of a silhouette: `depth` 0 stands on the horizon, 1 before us. */
export function silhouette({ palette }: Stage, depth: number): Colour {
  return mix(palette.far, palette.near, depth);
}

const soils: Record<Scene["season"], Colour> = {
  spring: "#8cc56c",
  summer: "#6cb05c",
  autumn: "#d3a24e",
  winter: "#eef3fa",
};

/** The colour of the ground under the season, or of sand. `depth` as for silhouettes. */
export function soil(stage: Stage, depth: number): Colour {
  const sandy = isIn(stage, "desert") || isIn(stage, "beach") || isIn(stage, "sea");
  const snowy = stage.scene.weather === "snow" || isIn(stage, "snowfield");
  const own = sandy ? "#efcb8c" : soils[snowy ? "winter" : stage.scene.season];
  const { palette } = stage;
  const lit = palette.tone(own);
  const dim = shade(lit, -palette.strength * (sandy || snowy ? 0.45 : 0.75));
  return mix(mix(palette.far, palette.sky[3], 0.25), dim, 0.35 + depth * 0.65);
}

/** Evenly spread places with some disorder, from a little before the left edge to a little behind the right one. */
export function strewn(width: number, step: number, random: Random): number[] {
  const count = Math.ceil(width / step) + 2;
  return Array.from(
    { length: count },
    (_, index) => (index - 0.5 + random.between(-0.35, 0.35)) * step,
  );
}
