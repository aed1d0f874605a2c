import type { Colour } from "./colour.ts";
import { hash } from "./random.ts";

/** A place or an extent: x (or width) first. */
export type Point = readonly [x: number, y: number];

/** Named by its own content, so the same gradient twice is harmless and nobody has to count. */
export interface Gradient {
  readonly id: string;
  readonly markup: string;
}

export type Paint = Colour | "none" | Gradient;

/** Offsets 0…1 in rising order. */
export type Stops = readonly (readonly [offset: number, colour: Colour])[];

/** One decimal is a tenth of a pixel at most, and keeps the text short. */
export function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** A place as path data. */
export function at([x, y]: Point): string {
  return `${round(x)} ${round(y)}`;
}

// === Paints

function stopsMarkup(stops: Stops): string {
  return stops
    .map(([offset, colour]) => {
      const opacity = colour.length > 7 ? Number.parseInt(colour.slice(7), 16) / 255 : 1;
      const alpha = opacity < 1 ? ` stop-opacity="${opacity.toFixed(3)}"` : "";
      return `<stop offset="${offset.toFixed(3)}" stop-color="${colour.slice(0, 7)}"${alpha}/>`;
    })
    .join("");
}

function gradient(kind: string, attributes: string, stops: Stops): Gradient {
  const body = stopsMarkup(stops);
  const id = `g${hash(kind + attributes + body).toString(36)}`;
  return { id, markup: `<${kind} id="${id}"${attributes}>${body}</${kind}>` };
}

/** From the top of the painted shape to its bottom. */
export function downward(stops: Stops): Gradient {
  return gradient("linearGradient", ' x2="0" y2="1"', stops);
}

/** From the middle of the painted shape to its rim. */
export function outward(stops: Stops): Gradient {
  return gradient("radialGradient", "", stops);
}

/** From one height to another, whatever the shape: layers of the same air fade alike. */
export function between(top: number, bottom: number, stops: Stops): Gradient {
  const attributes = ` gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="${round(top)}" y2="${round(bottom)}"`;
  return gradient("linearGradient", attributes, stops);
}

function definition(paint: Paint): string {
  return typeof paint === "string" ? "" : paint.markup;
}

function reference(paint: Paint): string {
  return typeof paint === "string" ? paint : `url(#${paint.id})`;
}

// === Shapes

/** A filled path. */
export function fill(path: string, paint: Paint): string {
  return `${definition(paint)}<path d="${path}" fill="${reference(paint)}"/>`;
}

/** A hole wherever two outlines of `path` overlap. */
export function fillWithHoles(path: string, paint: Paint): string {
  return `${definition(paint)}<path d="${path}" fill="${reference(paint)}" fill-rule="evenodd"/>`;
}

/** A line with round ends and corners. */
export function line(path: string, paint: Paint, width: number): string {
  return `${definition(paint)}<path d="${path}" fill="none" stroke="${reference(paint)}" stroke-width="${round(width)}" stroke-linecap="round" stroke-linejoin="round"/>`;
}

/** A filled shape whose corners are rounded by a line of the same colour. */
export function soft(path: string, paint: Colour, width: number): string {
  return `<path d="${path}" fill="${paint}" stroke="${paint}" stroke-width="${round(width)}" stroke-linejoin="round"/>`;
}

/** A disc. */
export function circle([x, y]: Point, radius: number, paint: Paint): string {
  return `${definition(paint)}<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}" fill="${reference(paint)}"/>`;
}

/** An ellipse of two radii. */
export function ellipse([x, y]: Point, [radiusX, radiusY]: Point, paint: Paint): string {
  return `${definition(paint)}<ellipse cx="${round(x)}" cy="${round(y)}" rx="${round(radiusX)}" ry="${round(radiusY)}" fill="${reference(paint)}"/>`;
}

/** A rectangle by its upper left corner, its corners rounded where `radius` is given. */
export function box([x, y]: Point, [width, height]: Point, paint: Paint, radius = 0): string {
  const corner = radius > 0 ? ` rx="${round(radius)}"` : "";
  return `${definition(paint)}<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"${corner} fill="${reference(paint)}"/>`;
}

/** `content`, drawn around its own origin, moved to `position`; a negative `scaleX` mirrors it. */
export function placed(content: string, position: Point, scale: number, scaleX = scale): string {
  return `<g transform="translate(${at(position)}) scale(${scaleX.toFixed(4)} ${scale.toFixed(4)})">${content}</g>`;
}

/** `part` and its mirror image, left and right of its own origin. */
export function pair(part: string): string {
  return `${part}<g transform="scale(-1 1)">${part}</g>`;
}

/** `content`, turned clockwise about its own origin. */
export function rotated(content: string, degrees: number): string {
  return `<g transform="rotate(${round(degrees)})">${content}</g>`;
}

// === Paths

/** Straight lines through all points. */
export function straight(points: readonly Point[]): string {
  return points.map((point, index) => `${index === 0 ? "M" : "L"}${at(point)}`).join("");
}

/** A curve through all points without overshooting corners (Catmull-Rom as Bézier). */
export function curve(points: readonly Point[]): string {
  const [first] = points;
  if (first === undefined) return "";
  let path = `M${at(first)}`;
  for (let index = 1; index < points.length; index++) {
    const from = points[index - 1] ?? first;
    const to = points[index] ?? from;
    const before = points[index - 2] ?? from;
    const after = points[index + 1] ?? to;
    const leave: Point = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6];
    const arrive: Point = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6];
    path += `C${at(leave)} ${at(arrive)} ${at(to)}`;
  }
  return path;
}

/** Closes a skyline that runs from left to right down to `bottom`. */
export function grounded(skyline: string, [left, right]: Point, bottom: number): string {
  return `${skyline}L${at([right, bottom])}L${at([left, bottom])}Z`;
}

/** The outline of a box, to be joined with others in one path. */
export function rectangle([x, y]: Point, [width, height]: Point): string {
  return `M${at([x, y])}h${round(width)}v${round(height)}h${round(-width)}z`;
}

/** `content`, cut off outside a rectangle. */
export function clipped(content: string, [x, y]: Point, [width, height]: Point): string {
  const path = rectangle([x, y], [width, height]);
  const id = `c${hash(path).toString(36)}`;
  return `<clipPath id="${id}"><path d="${path}"/></clipPath><g clip-path="url(#${id})">${content}</g>`;
}
