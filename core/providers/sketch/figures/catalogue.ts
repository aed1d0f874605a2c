import { birds } from "./birds.ts";
import type { Figure } from "./brush.ts";
import { buildings } from "./buildings.ts";
import { festiveThings } from "./festive.ts";
import { people } from "./people.ts";
import { sittingFigures } from "./sitter.ts";
import { smallOnes } from "./small.ts";
import { swimmers } from "./swimmers.ts";
import { things } from "./things.ts";
import { vehicles } from "./vehicles.ts";
import { walkers } from "./walkers.ts";

/** Everything that can be drawn, by its name. */
export const figures = {
  ...sittingFigures,
  ...walkers,
  ...birds,
  ...swimmers,
  ...smallOnes,
  ...people,
  ...vehicles,
  ...buildings,
  ...things,
  ...festiveThings,
} satisfies Record<string, Figure>;

export type FigureName = keyof typeof figures;

/** Where a figure is at home in a picture. */
export type Stand =
  | "ground" // before us, on the land
  | "landmark" // in the landscape, further off
  | "afloat"
  | "deep" // under the water
  | "air"
  | "table";

export interface FigureFacts {
  readonly stand: Stand;
  /** Height of its hundred units, as a part of the picture's shorter side, when it is the only figure. */
  readonly size: number;
  /** Half of its width, in its own units. */
  readonly reach: number;
  /** It can hold a book, a cup or an umbrella. */
  readonly holds: boolean;
}

type Family = readonly [members: object, facts: FigureFacts];

const families: readonly Family[] = [
  [sittingFigures, { stand: "ground", size: 0.42, reach: 56, holds: true }],
  [walkers, { stand: "ground", size: 0.46, reach: 56, holds: false }],
  [birds, { stand: "ground", size: 0.36, reach: 56, holds: false }],
  [swimmers, { stand: "deep", size: 0.3, reach: 60, holds: false }],
  [smallOnes, { stand: "ground", size: 0.36, reach: 50, holds: false }],
  [people, { stand: "ground", size: 0.4, reach: 38, holds: true }],
  [vehicles, { stand: "air", size: 0.24, reach: 70, holds: false }],
  [buildings, { stand: "landmark", size: 0.3, reach: 60, holds: false }],
  [
    { ...things, ...festiveThings },
    { stand: "table", size: 0.34, reach: 56, holds: false },
  ],
];

const exceptions: Partial<Record<FigureName, Partial<FigureFacts>>> = {
  elephant: { size: 0.5, reach: 66 },
  giraffe: { size: 0.6, reach: 40 },
  sheep: { size: 0.34, reach: 44 },
  dinosaur: { reach: 66 },
  owl: { reach: 66 },
  chick: { size: 0.26, reach: 38 },
  penguin: { reach: 46 },
  bird: { size: 0.28, reach: 66 },
  duck: { stand: "afloat", size: 0.22 },
  swan: { stand: "afloat", size: 0.3 },
  crane: { size: 0.44 },
  flamingo: { size: 0.44 },
  whale: { stand: "afloat", size: 0.34, reach: 98 },
  dolphin: { stand: "afloat", size: 0.28, reach: 92 },
  crab: { stand: "ground", size: 0.24 },
  turtle: { size: 0.26, reach: 66 },
  frog: { stand: "ground", size: 0.28 },
  butterfly: { stand: "air", size: 0.24 },
  bee: { stand: "air", size: 0.2 },
  snail: { size: 0.26, reach: 64 },
  ladybird: { size: 0.2 },
  astronaut: { holds: false, reach: 46 },
  robot: { holds: false, reach: 42 },
  snowman: { holds: false, reach: 48 },
  car: { stand: "ground", size: 0.27, reach: 72 },
  bus: { stand: "ground", size: 0.3, reach: 78 },
  train: { stand: "ground", size: 0.22, reach: 186 },
  bicycle: { stand: "ground", size: 0.32, reach: 66 },
  boat: { stand: "afloat", size: 0.27 },
  ship: { stand: "afloat", size: 0.24, reach: 96 },
  sampan: { stand: "afloat", size: 0.24, reach: 80 },
  hotAirBalloon: { size: 0.26, reach: 52 },
  rocket: { size: 0.4, reach: 60 },
  kite: { size: 0.22 },
  castle: { size: 0.4, reach: 72 },
  lighthouse: { size: 0.34 },
  pagoda: { size: 0.3 },
  tower: { size: 0.44, reach: 46 },
  bridge: { size: 0.3, reach: 124 },
  tent: { stand: "ground", size: 0.34, reach: 104 },
  pyramid: { size: 0.34, reach: 124 },
  gate: { size: 0.4, reach: 68 },
  house: { size: 0.26 },
  umbrella: { stand: "ground", size: 0.34, reach: 66 },
  pumpkin: { stand: "ground", size: 0.26 },
  gift: { stand: "ground", size: 0.26 },
  christmasTree: { stand: "ground", size: 0.52, reach: 46 },
  mushroom: { stand: "ground", size: 0.32 },
  lantern: { stand: "air", size: 0.2, reach: 46 },
  balloons: { stand: "air", size: 0.26, reach: 46 },
  heart: { stand: "air", size: 0.28, reach: 50 },
};

/** What the composition has to know of each figure. */
export const figureFacts = Object.fromEntries(
  families.flatMap(([members, facts]) =>
    Object.keys(members).map((name) => [name, { ...facts, ...exceptions[name as FigureName] }]),
  ),
) as Readonly<Record<FigureName, FigureFacts>>;
