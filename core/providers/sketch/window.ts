import { fade, mix, shade } from "./colour.ts";
import { potted } from "./furniture.ts";
import type { Furniture, Setting, Slot } from "./interior.ts";
import { at, box, fill, line, round, soft } from "./svg.ts";

export interface Opening {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where in its slot the window of a room is cut into the wall. */
export function openingIn(setting: Setting, { middle, width }: Slot): Opening {
  const { height } = setting.stage;
  const wide = Math.min(width * 0.74, 420);
  const tall = Math.min(height * 0.46, wide * 1.5);
  return {
    left: middle - wide / 2,
    top: Math.max(height * 0.1, setting.skirting - tall - height * 0.22),
    width: wide,
    height: tall,
  };
}

/** The outline of an opening, arched above. */
export function archOf({ left, top, width, height }: Opening): string {
  const rise = width * 0.26;
  return `M${at([left, top + height])}V${round(top + rise)}Q${at([left, top])} ${at([left + width / 2, top])}Q${at([left + width, top])} ${at([left + width, top + rise])}V${round(top + height)}Z`;
}

/** A window with curtains, a sill and a plant; the opening itself shows what lies behind. */
export const casement: Furniture = (setting, slot) => {
  const opening = openingIn(setting, slot);
  const { left, top, width, height } = opening;
  const { room } = setting;
  const pale = mix(room.wood, "#fff4e2", 0.62);
  const sill = box([left - 26, top + height - 4], [width + 52, 20], pale, 5);
  return (
    line(archOf(opening), pale, 16) +
    line(
      `M${at([left + width / 2, top + 4])}V${round(top + height)}M${at([left, top + height * 0.45])}H${round(left + width)}`,
      pale,
      8,
    ) +
    curtain(setting, opening, 1) +
    curtain(setting, opening, -1) +
    line(`M${at([left - 60, top - 24])}H${round(left + width + 60)}`, room.wood, 9) +
    sill +
    potted(setting, [left + width * 0.76, top + height - 4], 0.62)
  );
};

function curtain({ room }: Setting, { left, top, width, height }: Opening, side: 1 | -1): string {
  const hem = height + 70;
  const folds = `M0 0H${round(width * 0.34)}C${at([width * 0.3, hem * 0.34])} ${at([width * 0.12, hem * 0.5])} ${at([width * 0.06, hem * 0.56])}C${at([width * 0.12, hem * 0.7])} ${at([width * 0.2, hem * 0.86])} ${at([width * 0.22, hem])}H-6Z`;
  const lines = `M${at([width * 0.1, 0])}C${at([width * 0.1, hem * 0.3])} ${at([width * 0.06, hem * 0.44])} ${at([width * 0.02, hem * 0.55])}M${at([width * 0.22, 0])}C${at([width * 0.2, hem * 0.3])} ${at([width * 0.08, hem * 0.48])} ${at([width * 0.04, hem * 0.55])}M${at([width * 0.05, hem * 0.58])}C${at([width * 0.1, hem * 0.74])} ${at([width * 0.12, hem * 0.88])} ${at([width * 0.12, hem])}`;
  const content =
    fill(folds, room.cloth) +
    line(lines, fade(shade(room.cloth, -0.35), 0.5), 4) +
    soft(`M-4 ${round(hem * 0.555)}H${round(width * 0.07)}`, room.accent, 12);
  const x = side === 1 ? left - 42 : left + width + 42;
  return `<g transform="translate(${at([x, top - 22])}) scale(${side} 1)">${content}</g>`;
}
