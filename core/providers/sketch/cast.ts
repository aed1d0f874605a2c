import { fade, mix } from "./colour.ts";
import type { Brush } from "./figures/brush.ts";
import {
  type FigureFacts,
  type FigureName,
  type Stand,
  figureFacts,
  figures,
} from "./figures/catalogue.ts";
import { gleam } from "./paint-water.ts";
import type { Random } from "./random.ts";
import type { Subject } from "./scene.ts";
import type { Stage } from "./stage.ts";
import { type Point, clipped, ellipse, fill, placed } from "./svg.ts";

/** Figures that look lost alone bring smaller ones with them. */
const followers: Partial<Record<FigureName, number>> = {
  hotAirBalloon: 3,
  lantern: 9,
  kite: 1,
  butterfly: 3,
  bee: 2,
  fish: 4,
  jellyfish: 3,
  flower: 6,
  sunflower: 7,
  tulip: 7,
  rose: 4,
  mushroom: 4,
  duck: 2,
  balloons: 2,
  pumpkin: 2,
  gift: 2,
};

const swimming: readonly FigureName[] = ["whale", "duck", "swan"];

/** One figure on its way into the picture. */
export interface Actor {
  readonly subject: Subject;
  readonly facts: FigureFacts;
  /** Length of its hundred units, in the stage's. */
  readonly height: number;
}

/** Portraits and panoramas leave more room than a square for the same shorter side. */
function boost({ width, height }: Stage): number {
  const ratio = height / width;
  return ratio > 1
    ? Math.min(1.4, 1 + (ratio - 1) * 0.3)
    : Math.min(1.12, 1 + (1 / ratio - 1) * 0.06);
}

/** Everyone whose place in the picture is `stand`, largest first where they crowd. */
export function actorsOf(stage: Stage, ...stands: readonly Stand[]): Actor[] {
  const subjects = stage.scene.subjects.filter(({ held }) => !held);
  const crowd = subjects.reduce((sum, { count }) => sum + count, 0);
  const share = crowd === 1 ? 1 : crowd === 2 ? 0.86 : 0.72;
  const living = subjects.some(({ figure }) => figureFacts[figure].stand === "ground");
  return subjects
    .filter(({ figure }) => stands.includes(figureFacts[figure].stand))
    .flatMap((subject) => {
      const facts = figureFacts[subject.figure];
      const beside = living && facts.stand === "table" ? 0.55 : 1;
      const height = facts.size * 1000 * share * beside * boost(stage);
      return Array.from({ length: subject.count }, (_, index) => ({
        subject,
        facts,
        height: height * (index === 0 ? 1 : 0.82),
      }));
    });
}

/** Figures are seen more clearly than the land around them. */
const clarity = 0.45;

function brushFor({ palette }: Stage, { subject }: Actor, random: Random): Brush {
  const { ambient, strength, lamps, manner } = palette;
  return {
    tone: (colour) => mix(manner(colour), ambient, strength * clarity),
    coat: subject.coat,
    act: subject.act,
    lamps,
    random,
  };
}

/** Draws one actor with its foot at `spot`; mirrored when `leftward`. */
export function drawActor(stage: Stage, actor: Actor, spot: Point, leftward = false): string {
  const random = stage.random(`${actor.subject.figure} ${spot[0].toFixed(0)}`);
  const scale = actor.height / 100;
  return placed(
    figures[actor.subject.figure](brushFor(stage, actor, random)),
    spot,
    scale,
    leftward ? -scale : scale,
  );
}

function shadowBelow(stage: Stage, actor: Actor, [x, y]: Point): string {
  const half = (actor.facts.reach * actor.height) / 100;
  return ellipse(
    [x, y],
    [Math.min(half * 0.95, actor.height * 1.6), actor.height * 0.055],
    fade(mix(stage.palette.near, "#120c24", 0.4), 0.3),
  );
}

function fitting(actors: readonly Actor[], room: number): Actor[] {
  const need = actors.reduce((sum, { facts, height }) => sum + (facts.reach * 2 * height) / 100, 0);
  const squeeze = Math.min(1, room / need);
  return actors.map((actor) => ({ ...actor, height: actor.height * squeeze }));
}

/** Where the middle of the group stands: across from the light, but all of it in the picture. */
function middleOf(stage: Stage, half: number): number {
  const { width, light } = stage;
  const wish = light[0] < width / 2 ? 0.6 : 0.4;
  const margin = half + width * 0.03;
  return Math.min(Math.max(wish * width, margin), Math.max(margin, width - margin));
}

/** A row of actors on a line, side by side, with their shadows; around `centre`, or where the light wants them. */
export function lineUp(
  stage: Stage,
  actors: readonly Actor[],
  groundAt: (x: number) => number,
  centre?: number,
): string {
  const { width } = stage;
  const row = fitting(actors, width * 0.9);
  const total = row.reduce((sum, { facts, height }) => sum + (facts.reach * 2 * height) / 100, 0);
  const middle = centre ?? middleOf(stage, total / 2);
  const leftward = middle > width / 2;
  let left = middle - total / 2;
  return row
    .map((actor) => {
      const half = (actor.facts.reach * actor.height) / 100;
      const spot: Point = [left + half, groundAt(left + half) + actor.height * 0.06];
      left += half * 2;
      return (
        retinue(stage, actor, spot, groundAt) +
        shadowBelow(stage, actor, spot) +
        drawActor(stage, actor, spot, leftward)
      );
    })
    .join("");
}

/** The smaller ones beside a lonely flower or mushroom. */
function retinue(stage: Stage, actor: Actor, [x]: Point, groundAt: (x: number) => number): string {
  const random = stage.random(`retinue ${actor.subject.figure}`);
  const count = actor.subject.count > 2 ? 0 : (followers[actor.subject.figure] ?? 0);
  return Array.from({ length: count }, (_, index) => {
    const small = { ...actor, height: actor.height * random.between(0.42, 0.74) };
    const away =
      (index % 2 === 0 ? 1 : -1) * actor.height * (0.5 + 0.32 * Math.ceil((index + 1) / 2)) +
      random.between(-20, 20);
    const spot: Point = [x + away, groundAt(x + away) + random.between(0, 26)];
    return shadowBelow(stage, small, spot) + drawActor(stage, small, spot, random.chance(0.5));
  }).join("");
}

interface Field {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Actors that float freely in a part of the picture, each with its retinue. */
export function adrift(stage: Stage, actors: readonly Actor[], field: Field): string {
  const random = stage.random("adrift");
  const wide = field.right - field.left;
  const start = stage.light[0] < stage.width / 2 ? 0.62 : 0.38;
  return actors
    .map((actor, index) => {
      const shown = {
        ...actor,
        height: Math.min(
          actor.height,
          (wide * 46) / actor.facts.reach,
          (field.bottom - field.top) * 0.9,
        ),
      };
      const part = actors.length === 1 ? start : (index + 0.5) / actors.length;
      const margin = (shown.facts.reach * shown.height) / 100;
      const x = Math.min(
        Math.max(
          field.left + part * wide + random.between(-0.04, 0.04) * wide,
          field.left + margin,
        ),
        Math.max(field.left + margin, field.right - margin),
      );
      const y = Math.max(
        field.top + shown.height * 1.05,
        field.top + (field.bottom - field.top) * random.between(0.55, 0.75),
      );
      return (
        swarm(stage, shown, field, random) + drawActor(stage, shown, [x, y], x > stage.width / 2)
      );
    })
    .join("");
}

function swarm(stage: Stage, actor: Actor, field: Field, random: Random): string {
  const count = actor.subject.count > 2 ? 0 : (followers[actor.subject.figure] ?? 0);
  return Array.from({ length: count }, (_, index) => {
    const small = { ...actor, height: actor.height * random.between(0.2, 0.45) };
    const x =
      field.left + ((index + random.between(0.2, 0.8)) / count) * (field.right - field.left);
    return drawActor(
      stage,
      small,
      [x, random.between(field.top + small.height, field.bottom)],
      random.chance(0.5),
    );
  }).join("");
}

/** Those who swim are seen down to the waterline only. */
function swimmer(stage: Stage, actor: Actor, [x, y]: Point, leftward: boolean): string {
  const content = drawActor(stage, actor, [x, y + actor.height * 0.22], leftward);
  return clipped(content, [-10, -10], [stage.width + 20, y + 10]);
}

/** The water around an actor: the shade that it throws, and the rings that it makes. */
function wake(
  stage: Stage,
  half: number,
  [x, y]: Point,
  random: Random,
): { shade: string; rings: string } {
  const { water } = stage.palette;
  const rings = [0, 1, 2, 3].map((ring) =>
    gleam(
      [x + random.between(-12, 12), y + 2 + ring * 18],
      half * (1.9 - ring * 0.36),
      5 - ring * 0.7,
    ),
  );
  return {
    shade: fill(gleam([x, y + 16], half * 1.9, 22), fade(mix(water[1], "#0a1030", 0.5), 0.35)),
    rings: fill(rings.join(""), fade(mix(water[0], "#ffffff", 0.5), 0.6)),
  };
}

/** Actors on the water; beside the light where those on the land stand across from it. */
export function floating(stage: Stage, actors: readonly Actor[], waterline: number): string {
  const random = stage.random("floating");
  const { width, light } = stage;
  const crossed = actorsOf(stage, "ground", "table").length === 0;
  const alone = light[0] < width / 2 === crossed ? 0.64 : 0.3;
  const row = fitting(actors, width * 0.8);
  return row
    .map((actor, index) => {
      const part = row.length === 1 ? alone : (index + 0.5) / row.length;
      const half = (actor.facts.reach * actor.height) / 100;
      const x = Math.min(Math.max(part * width, half), Math.max(half, width - half));
      const spot: Point = [x, waterline + random.between(-18, 18)];
      const { shade, rings } = wake(stage, half, spot, random);
      const draw = swimming.includes(actor.subject.figure) ? swimmer : drawActor;
      return shade + draw(stage, actor, spot, x > width / 2) + rings;
    })
    .join("");
}
