import { actorsOf, lineUp } from "./cast.ts";
import { type Colour, fade, mix, shade } from "./colour.ts";
import { bookshelf, fireplace, floorLamp, pictures, plant } from "./furniture.ts";
import type { Furniture, Room, Setting, Slot } from "./interior.ts";
import { cushion, fairyLights, lightOnFloor, pileOfBooks, rug, table } from "./paint-decor.ts";
import { indoors } from "./palette.ts";
import type { Random } from "./random.ts";
import { type Stage, shows } from "./stage.ts";
import {
  between,
  box,
  circle,
  fill,
  fillWithHoles,
  line,
  outward,
  placed,
  rectangle,
  round,
} from "./svg.ts";
import { type Opening, archOf, casement, openingIn } from "./window.ts";

const rooms: Record<"lamplit" | "daylit", readonly [Room, ...Room[]]> = {
  lamplit: [
    { wall: "#4a5a86", wood: "#7d4f3c", floor: "#6a4338", cloth: "#c8544e", accent: "#f0b04a" },
    { wall: "#6a4a66", wood: "#85553f", floor: "#5f3d3c", cloth: "#3f7f86", accent: "#f2a65a" },
    { wall: "#3f6a68", wood: "#8a5a3c", floor: "#6b4536", cloth: "#d98a4a", accent: "#f4c86a" },
    { wall: "#8a5248", wood: "#6f4436", floor: "#5a3a34", cloth: "#4a6f9a", accent: "#f5bd5e" },
  ],
  daylit: [
    { wall: "#f3dcc2", wood: "#b98255", floor: "#d9a877", cloth: "#6fa3a0", accent: "#e88a5a" },
    { wall: "#d5e4d8", wood: "#b07d55", floor: "#d2a273", cloth: "#e59a86", accent: "#f0b85a" },
    { wall: "#e6cfd0", wood: "#a8754f", floor: "#cf9c70", cloth: "#7a8fc0", accent: "#f0a860" },
  ],
};

/** What stands below the casement of a tall room. */
const loft: readonly Furniture[] = [bookshelf, pictures];

/** What stands along the wall of a room, by the number of places there. */
const arrangements: readonly (readonly Furniture[])[] = [
  [casement, bookshelf],
  [casement, bookshelf],
  [bookshelf, casement, pictures],
  [bookshelf, casement, pictures, plant],
  [plant, bookshelf, casement, pictures, bookshelf],
  [plant, casement, bookshelf, pictures, casement, bookshelf],
];

function slotsOf({ width }: Stage, count: number): Slot[] {
  return Array.from({ length: count }, (_, index) => ({
    middle: ((index + 0.5) / count) * width,
    width: width / count,
  }));
}

// === Walls and floor

/** The stripes of the wallpaper, which end above each casement and go on below it. */
function stripes({ stage, room, skirting }: Setting, openings: readonly Opening[]): string {
  const path = Array.from({ length: Math.ceil(stage.width / 84) }, (_, index) => {
    const left = index * 84 + 20;
    const opening = openings.find((one) => left + 24 > one.left && left < one.left + one.width);
    if (opening === undefined) return rectangle([left, 0], [24, skirting]);
    const foot = opening.top + opening.height;
    return rectangle([left, 0], [24, opening.top]) + rectangle([left, foot], [24, skirting - foot]);
  }).join("");
  return fill(path, fade(mix(room.wall, "#ffffff", 0.5), 0.1));
}

function walls(setting: Setting, openings: readonly Opening[]): string {
  const { stage, room, skirting } = setting;
  const { width, height, palette } = stage;
  const outline = rectangle([-10, -10], [width + 20, height + 20]) + openings.map(archOf).join("");
  const paper = between(0, skirting, [
    [0, shade(room.wall, palette.lamps ? -0.3 : 0.08)],
    [1, room.wall],
  ]);
  const boards = between(skirting, height, [
    [0, room.floor],
    [1, shade(room.floor, -0.24)],
  ]);
  const planks = [0.2, 0.48, 0.82]
    .map((part) => `M0 ${round(skirting + (height - skirting) * part)}H${round(width)}`)
    .join("");
  return (
    fillWithHoles(outline, paper) +
    stripes(setting, openings) +
    fill(rectangle([-10, skirting], [width + 20, height]), boards) +
    line(planks, fade(shade(room.floor, -0.5), 0.3), 2.4) +
    box(
      [-10, skirting - 20],
      [width + 20, 24],
      mix(room.wood, "#fff4e2", palette.lamps ? 0.3 : 0.6),
    )
  );
}

interface Piece {
  readonly furniture: Furniture;
  readonly setting: Setting;
  readonly slot: Slot;
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const drawn = items.map((item) => ({ item, lot: random.next() }));
  return drawn.sort((one, other) => one.lot - other.lot).map(({ item }) => item);
}

/** Furniture along the wall; a tall room has its casement above the rest. */
function furnish(setting: Setting): Piece[] {
  const { stage, random } = setting;
  const { width, height } = stage;
  const lofty = height > width * 1.6;
  const count = Math.max(1, Math.min(arrangements.length, Math.round(width / 460)));
  const usual = lofty ? loft : (arrangements[count - 1] ?? loft);
  const warm = shows(stage, "fireplace") ? usual.indexOf(lofty ? pictures : bookshelf) : -1;
  const row = usual.map((piece, index) => (index === warm ? fireplace : piece));
  const ordered = shuffled(row, random);
  const slots = slotsOf(stage, ordered.length);
  const below = ordered.flatMap((furniture, index): Piece[] => {
    const slot = slots[index];
    return slot === undefined ? [] : [{ furniture, setting, slot }];
  });
  const raised = { ...setting, skirting: setting.skirting - height * 0.24 };
  const above: Piece[] = lofty
    ? [{ furniture: casement, setting: raised, slot: { middle: width / 2, width: width * 1.2 } }]
    : [];
  return [...above, ...below];
}

/** A casement of the room with the world behind it; `paintView` paints that world. */
function view(
  stage: Stage,
  { left, top, width, height }: Opening,
  paintView: (stage: Stage) => string,
): string {
  const scale = 0.46;
  const size = { width: width / scale, height: height / scale };
  const horizon = size.height * 0.74;
  const outside = {
    ...stage,
    ...size,
    horizon,
    light: [size.width * 0.7, size.height * 0.3] as const,
  };
  return placed(paintView(outside), [left, top], scale);
}

function lit({ wall, wood, floor, cloth, accent }: Room, { palette: { tone } }: Stage): Room {
  return {
    wall: tone(wall),
    wood: tone(wood),
    floor: tone(floor),
    cloth: tone(cloth),
    accent: tone(accent),
  };
}

/** A room at the hour of the picture. `paintView` paints what is seen through its windows. */
export function paintRoom(outside: Stage, paintView: (stage: Stage) => string): string {
  const stage = { ...outside, palette: indoors(outside.palette) };
  const random = stage.random("room");
  const room = lit(random.pick(rooms[stage.palette.lamps ? "lamplit" : "daylit"]), stage);
  const skirting = stage.height * (stage.height > stage.width * 1.3 ? 0.8 : 0.76);
  const setting: Setting = { stage, random, skirting, room };
  const pieces = furnish(setting);
  const openings = pieces
    .filter(({ furniture }) => furniture === casement)
    .map(({ setting: own, slot }) => openingIn(own, slot));
  return (
    openings.map((opening) => view(outside, opening, paintView)).join("") +
    walls(setting, openings) +
    openings.map((opening) => lightOnFloor(setting, opening)).join("") +
    fairyLights(setting) +
    pieces.map(({ furniture, setting: own, slot }) => furniture(own, slot)).join("") +
    paintPeople(setting)
  );
}

/** What stands on the floor is lit by a lamp; with nobody there, things are shown on a table. */
function paintPeople(setting: Setting): string {
  const { stage } = setting;
  const { width, height, palette } = stage;
  const light: Colour = "#ffcf86";
  const warmth = outward([
    [0, fade(light, palette.lamps ? 0.2 : 0)],
    [1, fade(light, 0)],
  ]);
  const living = actorsOf(stage, "ground", "air", "afloat", "landmark", "deep").length > 0;
  const content = living ? onTheFloor(setting) : onTheTable(setting);
  return content + circle([width / 2, height * 0.72], Math.max(width, height) * 0.62, warmth);
}

function onTheTable(setting: Setting): string {
  const { stage } = setting;
  const top = stage.height * 0.78;
  const things = actorsOf(stage, "table");
  const pile =
    things.length === 1 ? pileOfBooks(setting, [stage.width * 0.13, top + 60], 1.15) : "";
  return table(setting, top) + pile + lineUp(stage, things, () => top + 34, stage.width / 2);
}

function onTheFloor(setting: Setting): string {
  const { stage, skirting, random } = setting;
  const { width, height } = stage;
  const cast = actorsOf(stage, "ground", "table", "air", "afloat", "landmark", "deep");
  const floor = skirting + (height - skirting) * 0.5;
  const middle = width / 2;
  const half = Math.min(width * 0.46, 520);
  const side = random.fork("lamp").chance(0.5) ? 1 : -1;
  const aside = (x: number) => middle + side * Math.min(x, middle - 90);
  return (
    rug(setting, [middle, floor + 10], half) +
    floorLamp(setting, [aside(half * 0.78), floor - 24], Math.min(760, height * 0.62)) +
    pileOfBooks(setting, [aside(-half * 0.74), floor + 30], 1.15) +
    cushion(setting, [middle, floor - 6], Math.min(half * 0.52, 230)) +
    lineUp(stage, cast, () => floor - 22, middle)
  );
}
