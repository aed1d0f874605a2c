import { type Colour, fade, mix, shade } from "./colour.ts";
import { figures } from "./figures/catalogue.ts";
import type { Furniture, Setting } from "./interior.ts";
import { type Point, at, box, circle, ellipse, fill, line, outward, placed, round } from "./svg.ts";

/** A plant in a pot, standing on the given spot. */
export function potted({ stage, room }: Setting, [x, y]: Point, scale: number): string {
  const green = stage.palette.tone("#5a9a62");
  const leaves = [-64, -36, -10, 16, 42, 66].map((angle, index) => {
    const long = 92 + (index % 2) * 34;
    return `<g transform="rotate(${angle})">${fill(`M0 0C-22 ${-long * 0.4} -18 ${-long * 0.85} 0 ${-long}C18 ${-long * 0.85} 22 ${-long * 0.4} 0 0Z`, index % 2 === 0 ? green : shade(green, -0.18))}${line(`M0 -8V${-long * 0.8}`, fade(shade(green, -0.4), 0.4), 2)}</g>`;
  });
  return placed(
    `<g transform="translate(0 -62)">${leaves.join("")}</g>${fill("M-42 -72H42L32 0H-32Z", mix(room.accent, "#c8644a", 0.5))}${fill("M10 -72H42L32 0H14Z", fade("#3a1a2a", 0.14))}${box([-46, -80], [92, 16], mix(room.accent, "#d8745a", 0.5), 4)}`,
    [x, y],
    scale,
  );
}

const spines: readonly [Colour, ...Colour[]] = [
  "#d9605a",
  "#e9a84a",
  "#5f9a8a",
  "#4f78b0",
  "#8a6ab0",
  "#f0dcc0",
  "#b5484e",
  "#7fa86a",
];

function rowOfBooks(
  { stage, random }: Setting,
  [left, floor]: Point,
  [width, height]: Point,
): string {
  let x = left;
  let books = "";
  while (x < left + width - 12) {
    const [thick, tall] = [random.between(11, 25), height * random.between(0.6, 0.92)];
    if (x + thick > left + width) break;
    const colour = stage.palette.tone(random.pick(spines));
    const leans = random.chance(0.1);
    books += leans
      ? `<g transform="translate(${at([x + thick + 10, floor])}) rotate(-10)">${box([-thick, -tall], [thick, tall], colour, 2)}</g>`
      : box([x, floor - tall], [thick, tall], colour, 2) +
        box([x + 2, floor - tall * 0.82], [thick - 4, 5], fade("#fff3d6", 0.7));
    x += thick + (leans ? 24 : 1.5);
    if (random.chance(0.08)) x += random.between(10, 36);
  }
  return books;
}

/** A bookcase with books of many colours and a keepsake here and there. */
export const bookshelf: Furniture = (setting, { middle, width }) => {
  const { room, skirting, stage, random } = setting;
  const wide = Math.min(width * 0.78, 350);
  const tall = Math.min(skirting - stage.height * 0.12, 690);
  const [left, top] = [middle - wide / 2, skirting - tall + 26];
  const rows = Math.round(tall / 138);
  const pitch = (tall - 24) / rows;
  const dark = shade(room.wood, -0.42);
  const boards = Array.from({ length: rows }, (_, row) => {
    const floor = top + 14 + pitch * (row + 1);
    const split = random.chance(0.3);
    const full = rowOfBooks(
      setting,
      [left + 18, floor - 10],
      [split ? wide * 0.5 : wide - 36, pitch - 18],
    );
    const trinket = split ? keepsake(setting, [left + wide * 0.76, floor - 10], pitch * 0.62) : "";
    return full + trinket + box([left + 8, floor - 10], [wide - 16, 11], room.wood);
  });
  return (
    box([left, top], [wide, tall], dark, 6) +
    boards.join("") +
    line(
      `M${at([left + 5, top + 5])}V${round(top + tall)}M${at([left + wide - 5, top + 5])}V${round(top + tall)}M${at([left, top + 4])}H${round(left + wide)}`,
      room.wood,
      14,
    ) +
    potted(setting, [left + wide * 0.3, top], 0.5)
  );
};

function keepsake({ stage, random }: Setting, spot: Point, size: number): string {
  const name = random.pick([
    "clock",
    "vase",
    "mushroom",
    "rocket",
    "pumpkin",
    "lighthouse",
  ] as const);
  const brush = { tone: stage.palette.tone, coat: undefined, act: undefined, lamps: false, random };
  return placed(figures[name](brush), spot, size / 125);
}

interface Frame {
  readonly corner: Point;
  readonly size: Point;
}

/** A small landscape on the wall. */
function painting({ stage, room, random }: Setting, { corner, size }: Frame): string {
  const [[x, y], [wide, tall]] = [corner, size];
  const { tone } = stage.palette;
  const sky = random.pick(["#f6c98a", "#8fbcd0", "#e79a9a", "#a8c9a0"] as const);
  const hill = (part: number, paint: Colour) =>
    fill(
      `M${at([x, y + tall * part])}Q${at([x + wide * 0.3, y + tall * (part - 0.3)])} ${at([x + wide * 0.6, y + tall * part])}T${at([x + wide, y + tall * (part - 0.06)])}V${round(y + tall)}H${round(x)}Z`,
      tone(paint),
    );
  return (
    box([x - 11, y - 11], [wide + 22, tall + 22], mix(room.wood, "#fff4e2", 0.5), 3) +
    box(corner, size, tone(sky)) +
    circle([x + wide * 0.68, y + tall * 0.3], wide * 0.1, tone("#fff3cf")) +
    hill(0.62, shade(sky, -0.25)) +
    hill(0.8, shade(sky, -0.5))
  );
}

function chestOfDrawers({ room }: Setting, [left, top]: Point, wide: number): string {
  const drawers = [22, 96].map(
    (drop) =>
      box([left + 14, top + drop], [wide - 28, 62], shade(room.wood, 0.12), 5) +
      circle([left + wide / 2, top + drop + 31], 7, room.accent),
  );
  const feet = `M${at([left + 24, top + 176])}v14M${at([left + wide - 24, top + 176])}v14`;
  const dark = shade(room.wood, -0.3);
  return box([left, top], [wide, 180], room.wood, 8) + drawers.join("") + line(feet, dark, 12);
}

/** Parts of a slot's width: left, top, width, height. */
const frames: readonly (readonly [number, number, number, number])[] = [
  [-0.3, 0, 0.36, 0.46],
  [0.12, 0.06, 0.27, 0.24],
  [0.12, 0.36, 0.27, 0.2],
];

/** Framed landscapes above a chest of drawers with a lamp. */
export const pictures: Furniture = (setting, { middle, width }) => {
  const { stage, skirting } = setting;
  const top = Math.max(stage.height * 0.12, skirting - 640);
  const hung = frames.map(([x, y, wide, tall]) => {
    const corner: Point = [middle + x * width, top + y * width];
    return painting(setting, { corner, size: [wide * width, tall * width] });
  });
  const [wide, board] = [width * 0.72, skirting - 154];
  return (
    hung.join("") +
    chestOfDrawers(setting, [middle - wide / 2, board], wide) +
    potted(setting, [middle - wide * 0.25, board], 0.75) +
    tableLamp(setting, [middle + wide * 0.24, board], 1.35)
  );
};

function tableLamp({ stage, room, random }: Setting, spot: Point, scale: number): string {
  const brush = {
    tone: stage.palette.tone,
    coat: room.accent,
    act: undefined,
    lamps: true,
    random,
  };
  return placed(figures.lamp(brush), spot, scale);
}

const flame =
  "M-12 -6C-16 -24 -4 -26 -4 -42C8 -34 4 -26 8 -24C12 -28 11 -32 11 -34C18 -20 16 -8 8 -6Z";

/** Stones around a fire, with a shelf above. */
export const fireplace: Furniture = (setting, { middle, width }) => {
  const { stage, room, skirting, random } = setting;
  const { tone } = stage.palette;
  const wide = Math.min(width * 0.84, 380);
  const [left, top, foot] = [middle - wide / 2, skirting - 330, skirting + 34];
  const stones = Array.from({ length: 26 }, () =>
    box(
      [left + random.between(0.02, 0.84) * wide, top + random.between(20, 330)],
      [random.between(34, 60), 26],
      fade(shade(tone("#b5806a"), random.between(-0.25, 0.2)), 0.7),
      5,
    ),
  );
  const half = wide * 0.3;
  const mouth = `M${at([middle - half, foot])}V${round(foot - 150)}Q${at([middle, foot - 250])} ${at([middle + half, foot - 150])}V${round(foot)}Z`;
  const light: Colour = "#ffb45a";
  const fire = outward([
    [0, fade(light, 0.75)],
    [0.5, fade(light, 0.25)],
    [1, fade(light, 0)],
  ]);
  const logs = line("M-30 -3L26 -14M-26 -14L30 -3", tone("#6b4632"), 12);
  const flames = fill(flame, "#f5803a") + placed(fill(flame, "#ffb648"), [-11, 0], 0.72);
  const burning = logs + flames + placed(fill(flame, "#ffe07a"), [4, -2], 0.6);
  return (
    box([left, top], [wide, foot - top], tone("#a06a58"), 6) +
    stones.join("") +
    fill(mouth, "#2b1a20") +
    placed(burning, [middle, foot - 6], 2.3) +
    circle([middle, foot - 70], wide * 0.85, fire) +
    box([left - 26, top - 16], [wide + 52, 30], room.wood, 6) +
    potted(setting, [left + 40, top - 16], 0.55) +
    tableLamp(setting, [left + wide - 44, top - 16], 1)
  );
};

/** A large plant on the floor. */
export const plant: Furniture = (setting, { middle }) =>
  potted(setting, [middle, setting.skirting + 50], 2.1);

/** A lamp on a tall stand that shines on whoever sits below. */
export function floorLamp({ room, stage }: Setting, [x, y]: Point, tall: number): string {
  const light: Colour = "#ffe2a0";
  const glow = stage.palette.lamps
    ? circle(
        [x, y - tall * 0.86],
        tall * 0.95,
        outward([
          [0, fade(light, 0.62)],
          [0.4, fade(light, 0.24)],
          [1, fade(light, 0)],
        ]),
      )
    : "";
  return (
    glow +
    ellipse([x, y], [46, 10], shade(room.wood, -0.4)) +
    line(`M${at([x, y])}V${round(y - tall * 0.8)}`, shade(room.wood, -0.4), 8) +
    fill(
      `M${at([x - 46, y - tall])}H${round(x + 46)}L${at([x + 84, y - tall * 0.78])}H${round(x - 84)}Z`,
      stage.palette.lamps ? mix(room.accent, light, 0.4) : room.accent,
    ) +
    ellipse(
      [x, y - tall * 0.78],
      [84, 9],
      stage.palette.lamps ? "#fff2c8" : shade(room.accent, 0.4),
    )
  );
}
