import { type Colour, mix } from "../colour.ts";
import type { Random } from "../random.ts";

/** What a figure is doing, where it can. */
export type Act = "reading" | "sleeping" | "drinking" | "sheltering" | "spacewalking";

/**
 * What every figure is drawn with. A figure is a string of SVG in a space of its own: it stands on the origin, about
 * a hundred units tall, y pointing down; figures seen from the side look to the right.
 */
export interface Brush {
  /** A thing's own colour as it appears in the light of this picture. */
  readonly tone: (colour: Colour) => Colour;
  /** The colour that the words ask for. */
  readonly coat: Colour | undefined;
  readonly act: Act | undefined;
  /** True where lamps and windows shine. */
  readonly lamps: boolean;
  readonly random: Random;
}

export type Figure = (brush: Brush) => string;

/** The darkest line that belongs on `colour`. */
export function outline(colour: Colour): Colour {
  return mix(colour, "#1d1530", 0.55);
}

/** Of every eye, in every light. */
export const eyeColour: Colour = "#2a2130";
