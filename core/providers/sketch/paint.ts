import { actorsOf, adrift, lineUp } from "./cast.ts";
import { fade, mix } from "./colour.ts";
import { cloud } from "./paint-clouds.ts";
import { paintMoonGround, paintSpace, paintUnderwater } from "./paint-depths.ts";
import { paintOutdoors, paintView } from "./paint-outdoors.ts";
import { paintRoom } from "./paint-room.ts";
import { paintSky } from "./paint-sky.ts";
import { paintWeather } from "./paint-weather.ts";
import { paletteOf } from "./palette.ts";
import { randomOf } from "./random.ts";
import type { Place, Scene } from "./scene.ts";
import { type Stage, strewn } from "./stage.ts";
import { type Point, between, fill, placed, rectangle } from "./svg.ts";
import { rolling } from "./terrain.ts";

/** The space in which a scene is painted. */
export interface SceneSize {
  readonly width: number;
  readonly height: number;
}

function everyone(stage: Stage) {
  return actorsOf(stage, "ground", "table", "landmark");
}

function floaters(stage: Stage) {
  return actorsOf(stage, "air", "afloat", "deep");
}

function paintCosmos(outer: Stage): string {
  const stage = { ...outer, palette: { ...outer.palette, strength: outer.palette.strength * 0.4 } };
  const { width, height } = stage;
  const cast = everyone(stage);
  const floating = floaters(stage);
  const ground = rolling(height * 0.84, 24, 1200, stage.random("ground"));
  const landed = cast.length > 0 || floating.length === 0;
  const field = {
    left: width * 0.06,
    right: width * 0.94,
    top: height * 0.06,
    bottom: height * (landed ? 0.66 : 0.86),
  };
  return (
    paintSpace(stage) +
    (landed ? paintMoonGround(stage, ground) : "") +
    adrift(stage, floating, field) +
    lineUp(stage, cast, (x) => ground(x) + 34)
  );
}

function paintDeep(stage: Stage): string {
  const { width, height } = stage;
  const field = {
    left: width * 0.05,
    right: width * 0.95,
    top: height * 0.1,
    bottom: height * 0.76,
  };
  return (
    paintUnderwater(stage) +
    adrift(stage, floaters(stage), field) +
    lineUp(stage, everyone(stage), () => height * 0.92)
  );
}

/** Banks of cloud that close the picture below. */
function cloudSea(stage: Stage, level: number, bank: number): string {
  const { width, height, palette } = stage;
  const random = stage.random(`cloud sea ${bank}`);
  const tinted = {
    ...stage,
    palette: { ...palette, cloud: mix(palette.cloud, palette.far, 0.42 - bank * 0.2) },
  };
  const heaps = strewn(width, 250, random).map((x) =>
    placed(cloud(tinted, random, 460), [x, level + random.between(30, 90)], 1 + bank * 0.2),
  );
  return (
    heaps.join("") +
    fill(
      rectangle([0, level + 40], [width, height]),
      between(level + 40, height, [
        [0, fade(tinted.palette.cloud, 0.75)],
        [1, tinted.palette.cloud],
      ]),
    )
  );
}

function paintHeaven(stage: Stage): string {
  const { width, height } = stage;
  const field = {
    left: width * 0.05,
    right: width * 0.95,
    top: height * 0.08,
    bottom: height * 0.72,
  };
  const air = { ...stage, horizon: height * 0.86 };
  return (
    paintSky(air) +
    cloudSea(stage, height * 0.68, 0) +
    adrift(stage, floaters(stage), field) +
    cloudSea(stage, height * 0.78, 1) +
    lineUp(stage, everyone(stage), () => height * 0.84) +
    cloudSea(stage, height * 0.93, 2) +
    paintWeather(stage)
  );
}

const painters: Partial<Record<Place, (stage: Stage) => string>> = {
  room: (stage) => paintRoom(stage, paintView),
  space: paintCosmos,
  underwater: paintDeep,
  sky: paintHeaven,
};

/** The units in which a scene of this ratio, width by height, is painted: its shorter side is 1000 long. */
export function sceneSize(ratio: number): SceneSize {
  return ratio >= 1 ? { width: 1000 * ratio, height: 1000 } : { width: 1000, height: 1000 / ratio };
}

/** How far down the land begins; tall pictures have more sky. */
function horizonOf({ width, height }: SceneSize): number {
  const ratio = width / height;
  return height * (ratio < 0.6 ? 0.66 : ratio < 0.8 ? 0.62 : 0.6);
}

/** How far down the sky the sun or the moon stands. */
const rises: Record<Scene["time"], number> = {
  dawn: 0.78,
  day: 0.26,
  sunset: 0.8,
  dusk: 0.34,
  night: 0.28,
};

function stageFor(scene: Scene, size: SceneSize, origin: string): Stage {
  const random = (painter: string) => randomOf(`${origin}/${painter}`);
  const horizon = horizonOf(size);
  const spot = random("light");
  const side = spot.chance(0.5) ? spot.between(0.22, 0.36) : spot.between(0.64, 0.78);
  const rise = rises[scene.time] + spot.between(-0.05, 0.06);
  const light: Point = [size.width * side, horizon * rise];
  return { ...size, horizon, light, scene, palette: paletteOf(scene, random("palette")), random };
}

/**
 * The picture of a scene as the inside of an SVG of the given size, as `sceneSize` tells it. `origin` is all that the
 * picture's accidents depend on.
 */
export function paintScene(scene: Scene, size: SceneSize, origin: string): string {
  const stage = stageFor(scene, size, origin);
  const painter = painters[scene.places[0]] ?? paintOutdoors;
  return painter(stage);
}
