import { type Colour, fade, mix, shade } from "./colour.ts";
import type { Setting } from "./interior.ts";
import {
  type Point,
  at,
  between,
  box,
  circle,
  ellipse,
  fill,
  line,
  outward,
  placed,
  round,
} from "./svg.ts";
import type { Opening } from "./window.ts";

/** What the moon or the sun throws on the floor. */
export function lightOnFloor({ stage, skirting }: Setting, { left, width }: Opening): string {
  const { height, palette } = stage;
  const deep = height - skirting;
  return fill(
    `M${at([left, skirting + 8])}h${round(width)}L${at([left + width * 1.5, height])}h${round(-width * 1.25)}Z`,
    between(skirting, skirting + deep, [
      [0, fade(palette.glow, 0.2)],
      [1, fade(palette.glow, 0.03)],
    ]),
  );
}

/** A round rug, seen from the side. */
export function rug(
  { stage, room }: Setting,
  [x, y]: readonly [number, number],
  half: number,
): string {
  const rings: readonly (readonly [number, Colour])[] = [
    [1, room.cloth],
    [0.88, mix(room.cloth, "#fff1d8", 0.6)],
    [0.82, room.cloth],
    [0.5, mix(room.cloth, room.accent, 0.6)],
    [0.44, room.cloth],
  ];
  const { lamps } = stage.palette;
  return rings
    .map(([part, paint]) =>
      ellipse([x, y], [half * part, half * 0.2 * part], lamps ? shade(paint, -0.14) : paint),
    )
    .join("");
}

/** A table along the lower edge of the picture, with a mat for what it shows. */
export function table({ stage, room }: Setting, top: number): string {
  const { width, height } = stage;
  const wood = mix(room.wood, room.accent, 0.22);
  const mat: readonly [number, number] = [width / 2, top + 46];
  const half = Math.min(width * 0.34, 380);
  return (
    box(
      [-20, top],
      [width + 40, height - top + 20],
      between(top, height, [
        [0, shade(wood, 0.12)],
        [1, shade(wood, -0.3)],
      ]),
    ) +
    line(`M-20 ${round(top)}H${round(width + 20)}`, shade(wood, 0.3), 10) +
    line(
      `M0 ${round(top + (height - top) * 0.4)}H${round(width)}M0 ${round(top + (height - top) * 0.75)}H${round(width)}`,
      fade(shade(wood, -0.4), 0.25),
      3,
    ) +
    ellipse(mat, [half, 52], mix(room.cloth, "#fff4e0", 0.2)) +
    ellipse(mat, [half * 0.9, 45], fade("#fff4e0", 0.75))
  );
}

/** Books on the floor with a steaming cup on them. */
export function pileOfBooks(
  { stage }: Setting,
  [x, y]: readonly [number, number],
  scale: number,
): string {
  const { tone } = stage.palette;
  const pile = [
    [-46, 92, "#4f78b0"],
    [-40, 84, "#e9a84a"],
    [-44, 90, "#5f9a8a"],
    [-34, 74, "#c2524e"],
  ] as const;
  const books = pile.map(
    ([left, wide, paint], level) =>
      box([left, -20 * (level + 1)], [wide, 18], tone(paint), 3) +
      box([left + wide - 14, -20 * (level + 1) + 3], [14, 12], tone("#fff1d6"), 2) +
      box([left + 12, -20 * (level + 1)], [6, 18], fade("#fff1d6", 0.6)),
  );
  const mug =
    fill("M-13 -112H13L11 -82H-11Z", tone("#f3efe6")) +
    line("M13 -106C24 -106 22 -90 12 -90", tone("#f3efe6"), 4) +
    line("M-4 -120C-9 -127 1 -132 -4 -140M5 -120C0 -127 10 -132 5 -140", fade("#ffffff", 0.5), 3);
  return placed(books.join("") + mug, [x, y], scale);
}

/** A thick cushion to sit on. */
export function cushion(
  { room }: Setting,
  [x, y]: readonly [number, number],
  half: number,
): string {
  const own = mix(room.accent, room.cloth, 0.3);
  const thick = half * 0.3;
  return (
    ellipse([x, y + thick], [half * 1.1, half * 0.16], fade("#1a0f1e", 0.28)) +
    box([x - half, y - thick * 0.5], [half * 2, thick * 1.6], shade(own, -0.16), thick * 0.7) +
    ellipse([x, y + thick * 0.02], [half * 0.97, thick * 0.52], own) +
    line(
      `M${at([x - half * 0.98, y + thick * 0.36])}Q${at([x, y + thick * 0.98])} ${at([x + half * 0.98, y + thick * 0.36])}`,
      shade(own, 0.25),
      4,
    )
  );
}

/** Small warm lamps on a string below the ceiling. */
export function fairyLights({ stage, room, random }: Setting): string {
  const { width, height, palette } = stage;
  const swags = Math.max(2, Math.round(width / 520));
  const span = width / swags;
  const top = height * 0.035;
  const sag = Math.min(70, span * 0.16);
  const string = Array.from(
    { length: swags },
    (_, swag) =>
      `M${at([swag * span, top])}Q${at([(swag + 0.5) * span, top + sag * 2])} ${at([(swag + 1) * span, top])}`,
  ).join("");
  const bulbs = Array.from({ length: swags * 7 }, (_, index) => {
    const part = ((index % 7) + 0.5) / 7;
    const spot: Point = [
      (Math.floor(index / 7) + part) * span,
      top + 4 * sag * part * (1 - part) + 9,
    ];
    const colour = random.pick(["#ffe08a", "#ffb86a", "#fff1c4"] as const);
    const shine = palette.lamps
      ? circle(
          spot,
          34,
          outward([
            [0, fade(colour, 0.5)],
            [1, fade(colour, 0)],
          ]),
        )
      : "";
    return shine + ellipse(spot, [6, 8.5], colour);
  });
  return line(string, shade(room.wall, -0.4), 3) + bulbs.join("");
}
