import { type Actor, actorsOf, adrift, drawActor, floating, lineUp } from "./cast.ts";
import { mix } from "./colour.ts";
import type { FigureName } from "./figures/catalogue.ts";
import { paintCity, paintStreet, paintStreetLamps, paintVillage } from "./paint-city.ts";
import { paintBamboo, paintForest, paintFramingFirs } from "./paint-forest.ts";
import { paintCacti, paintForeground, paintFrame, paintWay } from "./paint-ground.ts";
import { paintDunes, paintHills } from "./paint-hills.ts";
import { paintMountains } from "./paint-mountains.ts";
import { paintSky } from "./paint-sky.ts";
import { grove, leafyTree, palmTree } from "./paint-trees.ts";
import { gleam, paintLake, paintRiver, paintSea } from "./paint-water.ts";
import { paintMist, paintWeather } from "./paint-weather.ts";
import type { Place } from "./scene.ts";
import { type Stage, isIn, shows, silhouette, soil } from "./stage.ts";
import { fill, placed } from "./svg.ts";
import { rolling } from "./terrain.ts";

function anyOf(stage: Stage, ...places: readonly Place[]): boolean {
  return places.some((place) => isIn(stage, place));
}

/** The land as it lies before us; each part decides by the places whether it is there. */
interface Land {
  readonly water: "sea" | "lake" | "river" | "none";
  readonly mountains: boolean;
  /** A city stands on the far shore, or we stand in its streets. */
  readonly city: "far" | "near" | "none";
}

function landOf(stage: Stage): Land {
  const water = anyOf(stage, "sea", "beach")
    ? "sea"
    : isIn(stage, "lake")
      ? "lake"
      : isIn(stage, "river")
        ? "river"
        : "none";
  const city = !isIn(stage, "city")
    ? "none"
    : water === "none" && !anyOf(stage, "mountains", "meadow")
      ? "near"
      : "far";
  const islands = stage.random("islands").chance(0.4);
  const flat = water === "sea" ? !islands : isIn(stage, "desert");
  return { water, city, mountains: isIn(stage, "mountains") || (city === "none" && !flat) };
}

/** Everything that stands on the horizon. */
function backdrop(stage: Stage, land: Land): string {
  const veiled = {
    ...stage,
    palette: { ...stage.palette, near: mix(stage.palette.near, stage.palette.far, 0.4) },
  };
  const mountains = land.mountains ? paintMountains(land.water === "sea" ? veiled : stage) : "";
  const city = land.city === "far" ? paintCity(stage, stage.horizon + 4) : "";
  const shore =
    land.water === "lake" && land.city === "none" && !isIn(stage, "desert")
      ? paintShore(stage)
      : "";
  return mountains + city + shore;
}

/** Firs on the far side of the water. */
function paintShore(stage: Stage): string {
  return paintForest(
    { ...stage, scene: { ...stage.scene, season: "summer" } },
    stage.horizon + 40,
    0.5,
  );
}

function slopes(stage: Stage, front: number): string {
  if (isIn(stage, "desert"))
    return paintDunes(stage, front) + (shows(stage, "cacti") ? paintCacti(stage, front) : "");
  const hills = paintHills(stage, front);
  if (shows(stage, "bamboo")) return hills + paintBamboo(stage, front);
  if (isIn(stage, "forest")) return hills + paintForest(stage, front, 1);
  if (isIn(stage, "village")) return hills + paintVillage(stage, front);
  const wooded =
    stage.scene.season !== "winter" &&
    (shows(stage, "cherry") || stage.random("wooded").chance(0.6));
  return (
    hills + (wooded ? grove(stage, stage.horizon + (front - stage.horizon) * 0.42, 120, 2) : "")
  );
}

/** From the sky down to the rim of the foreground. */
function world(stage: Stage, land: Land, front: number): string {
  const far = backdrop(stage, land);
  switch (land.water) {
    case "sea":
      return paintSky(stage) + far + paintSea(stage);
    case "lake":
      return paintLake(stage, paintSky(stage) + far);
    case "river":
      return paintSky(stage) + far + slopes(stage, front) + paintRiver(stage, stage.height);
    case "none":
      return (
        paintSky(stage) +
        far +
        (land.city === "near" ? paintCity(stage, front - 20) : slopes(stage, front))
      );
  }
}

// === Figures in the landscape

/** A knoll under a house that would otherwise hang in the air. */
function knoll(stage: Stage, [x, y]: readonly [number, number], half: number, land: Land): string {
  const colour =
    land.water === "none" || land.water === "river" ? soil(stage, 0.55) : silhouette(stage, 0.62);
  return fill(gleam([x, y + half * 0.06], half * 3.6, half * 0.34), colour);
}

/** Straddle the water instead of standing on a knoll. */
const wading: readonly FigureName[] = ["bridge", "gate"];

/** Landmarks are large where nobody stands before them, but never grow out of the picture. */
function landmarkHeight(stage: Stage, actor: Actor, foot: number, alone: boolean): number {
  const among = isIn(stage, "village")
    ? 0.62
    : isIn(stage, "river") && actor.subject.figure === "bridge"
      ? 0.72
      : 1;
  return Math.min(actor.height * among * (alone ? 1.2 : 0.9), (foot - stage.height * 0.05) / 1.5);
}

function landmarks(stage: Stage, land: Land, front: number): string {
  const actors = actorsOf(stage, "landmark");
  const alone = actorsOf(stage, "ground", "table", "afloat").length === 0;
  const { width, horizon, light } = stage;
  const side = light[0] < width / 2 === alone ? 0.62 : 0.38;
  return actors
    .map((actor, index) => {
      const wet = wading.includes(actor.subject.figure);
      const deep = wet ? 0.58 : land.water === "none" ? 0.4 : 0.12;
      const near = land.city === "near";
      const y = near ? stage.height * 0.845 : horizon + (front - horizon) * deep;
      const shown = { ...actor, height: landmarkHeight(stage, actor, y, alone) };
      const half = Math.min((shown.facts.reach * shown.height) / 100, width * 0.45);
      const lone =
        wet && land.water === "river" ? 0.5 : alone ? side : side + (side < 0.5 ? -0.14 : 0.14);
      const part = actors.length === 1 ? lone : (index + 0.5) / actors.length;
      const x = Math.min(Math.max(part * width, half), width - half);
      return (
        (near || (wet && land.water !== "none") ? "" : knoll(stage, [x, y], half, land)) +
        drawActor(stage, shown, [x, y], x > width / 2)
      );
    })
    .join("");
}

function bigTree(stage: Stage, rim: (x: number) => number): string {
  const { width, light } = stage;
  const left = light[0] < width / 2;
  const random = stage.random("big tree");
  const palms = shows(stage, "palms") || (isIn(stage, "beach") && random.chance(0.75));
  if (!palms && !shows(stage, "cherry")) return "";
  const x = width * (left ? 0.06 : 0.94);
  const tall = Math.min(stage.height * 0.72, 860);
  const tree = palms
    ? palmTree(stage, random, tall) + placed(palmTree(stage, random, tall * 0.7), [-30, 10], 1, 1)
    : leafyTree(stage, random, tall);
  return placed(tree, [x, rim(x) + 40], 1, left ? 1 : -1);
}

/** Height of the rim on which the figures of the foreground stand. */
function rimOf(stage: Stage, someone: boolean): (x: number) => number {
  return rolling(stage.height * (someone ? 0.83 : 0.88), 18, 1300, stage.random("rim"));
}

function foreground(
  stage: Stage,
  land: Land,
  rim: (x: number) => number,
  someone: boolean,
): string {
  if (land.city === "near")
    return paintStreet(stage, stage.height * 0.86) + paintStreetLamps(stage, stage.height * 0.85);
  const open =
    land.water !== "none" &&
    land.water !== "river" &&
    !someone &&
    !shows(stage, "palms") &&
    !shows(stage, "cherry") &&
    !isIn(stage, "beach");
  if (open) return paintFrame(stage);
  const framed =
    !someone &&
    !anyOf(stage, "desert", "beach", "sea", "village") &&
    !shows(stage, "cherry") &&
    !shows(stage, "bamboo");
  return (framed ? paintFramingFirs(stage, rim) : "") + paintForeground(stage, rim);
}

/** A landscape with everyone in it. */
export function paintOutdoors(stage: Stage): string {
  const land = landOf(stage);
  const cast = actorsOf(stage, "ground", "table");
  const afloat = actorsOf(stage, "afloat", "deep");
  const someone = cast.length > 0;
  const rim = rimOf(stage, someone);
  const front = rim(stage.width / 2);
  const street = land.city === "near" ? () => stage.height * 0.9 : (x: number) => rim(x) + 34;
  const { width, height, horizon } = stage;
  return (
    world(stage, land, front) +
    paintMist(stage) +
    landmarks(stage, land, front) +
    floating(stage, afloat, horizon + (front - horizon) * (someone ? 0.42 : 0.55)) +
    adrift(stage, actorsOf(stage, "air"), {
      left: width * 0.05,
      right: width * 0.95,
      top: height * 0.04,
      bottom: horizon * 0.92,
    }) +
    foreground(stage, land, rim, someone) +
    bigTree(stage, rim) +
    (land.city === "near" ? "" : paintWay(stage, rim)) +
    lineUp(stage, cast, street) +
    paintWeather(stage)
  );
}

/** The same land without figures, as seen through a window. */
export function paintView(stage: Stage): string {
  const lonely = { ...stage, scene: { ...stage.scene, subjects: [], places: withoutRoom(stage) } };
  const land = landOf(lonely);
  return world(lonely, land, stage.height) + paintWeather(lonely);
}

function withoutRoom({ scene, random }: Stage): readonly [Place, ...Place[]] {
  const [first, ...rest] = scene.places.filter(
    (place) => place !== "room" && place !== "space" && place !== "underwater" && place !== "sky",
  );
  return first === undefined
    ? [random("view").pick(["mountains", "city", "meadow", "village", "lake"])]
    : [first, ...rest];
}
