import type { Colour } from "./colour.ts";
import type { Random } from "./random.ts";
import type { Stage } from "./stage.ts";

/** The colours of a room: its own light outweighs that of the sky. */
export interface Room {
  readonly wall: Colour;
  readonly wood: Colour;
  readonly floor: Colour;
  readonly cloth: Colour;
  readonly accent: Colour;
}

export interface Slot {
  readonly middle: number;
  readonly width: number;
}

export type Furniture = (setting: Setting, slot: Slot) => string;

/** What every piece of furniture is painted with. */
export interface Setting {
  readonly stage: Stage;
  readonly room: Room;
  readonly random: Random;
  /** Height at which the wall meets the floor. */
  readonly skirting: number;
}
