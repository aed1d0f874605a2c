import { invalidRequest } from "./errors.ts";
import { fields, type ImageRequest } from "./request.ts";
import {
  type Box,
  parseRatio,
  type SizeWish,
  toHalfWidth,
  usualLongestSide,
  plainRatio,
} from "./size.ts";

/**
 * What a request says about its size, in this order: width and height, `size`, the aspect ratio, the ratio in the
 * prompt; a `size` of one side alone leaves the shape to what follows it. Throws `invalid-request` at the first of them
 * that cannot be used.
 */
export function sizeWish(
  request: Pick<ImageRequest, "width" | "height" | "size" | "aspectRatio">,
  ratioInPrompt: string | undefined,
): SizeWish {
  const sides = wishOfSides(request.width, request.height);
  if (sides) return sides;
  const size = wishOfSize(given(request.size));
  if (size && size.kind !== "open") return size;
  const shape =
    wishOfRatio(given(request.aspectRatio)) ??
    (ratioInPrompt === undefined
      ? ({ kind: "open" } as const)
      : ({ kind: "ratio", ratio: ratioInPrompt } as const));
  return { ...shape, ...size, ...shape };
}

/** Whether a size or an aspect ratio leaves the shape to others, as `auto` does. */
export function isOpenShape(text: string): boolean {
  return given(text) === undefined;
}

/** The text of a field as it is compared, without what stands in brackets behind it; undefined where it says nothing. */
function given(text = ""): string | undefined {
  const plain = toHalfWidth(text)
    .toLowerCase()
    .replace(/\([^()]*\)\s*$/, "")
    .trim();
  return /^(?:auto|default)?$/.test(plain) ? undefined : plain;
}

function wishOfSides(width: number | undefined, height: number | undefined): SizeWish | undefined {
  if (width === undefined && height === undefined) return undefined;
  const sides = {
    width: parseSide("width", width, "height"),
    height: parseSide("height", height, "width"),
  };
  if (!mayBeMade(sides)) {
    const longer = sides.width > sides.height ? "width" : "height";
    throw invalidRequest(longer, '"width" and "height" above 2048 must lie between 1:3 and 3:1.');
  }
  return { kind: "exact", ...sides };
}

function parseSide(field: string, value: number | undefined, other: string): number {
  if (value === undefined) {
    throw invalidRequest(field, `"${field}" is missing: it goes together with "${other}".`);
  }
  if (!fields.side.safeParse(value).success) {
    throw invalidRequest(field, `"${field}" must be a whole number, at least 64.`);
  }
  return value;
}

/** Whether a size can be had as it is, or as a smaller one of the same shape. */
function mayBeMade({ width, height }: Box): boolean {
  if (Math.max(width, height) <= usualLongestSide) return true;
  return width <= 3 * height && height <= 3 * width;
}

const pixels =
  /^(\d{1,5}(?:\.\d{1,6})?)\s*(?:px)?\s*(?:[x×х*,_-]|by)\s*(\d{1,5}(?:\.\d{1,6})?)\s*(?:px)?$/;

/** Two numbers up to this are no pixels but a ratio: 16x9. */
const largestOfRatio = 21;

function wishOfSize(size: string | undefined): SizeWish | undefined {
  if (size === undefined) return undefined;
  const box = boxOf(size);
  const wish = box ? wishOfBox(box) : wishOfWords(size);
  if (wish) return wish;
  throw invalidRequest(
    "size",
    '"size" must be written like "1024x768", both sides at least 64, or like "16:9", "2K" or "landscape", between 1:3 and 3:1.',
  );
}

/** The pixels that a text says. */
function boxOf(text: string): Box | undefined {
  const [width = 0, height = 0] = pixels.exec(text)?.slice(1).map(Number) ?? [];
  return Math.max(width, height) > largestOfRatio ? { width, height } : undefined;
}

function wishOfBox(box: Box): SizeWish | undefined {
  const isUsable = Object.values(box).every((side) => fields.side.safeParse(side).success);
  return isUsable && mayBeMade(box) ? { kind: "exact", ...box } : undefined;
}

/** `1K` and `2k`, as Gemini and others call the longest side, in thousands of pixels. */
const thousands = /(?<![^\s_-])(\d(?:\.5)?)\s?k(?![^\s_-])/;

/** A shape, a longest side, or both: "16:9 2K". */
function wishOfWords(size: string): SizeWish | undefined {
  const [said, number] = thousands.exec(size) ?? [];
  const shape = said === undefined ? size : size.replace(said, "").trim();
  const ratio = shape === "" ? undefined : ratioOf(shape);
  if (shape !== "" && ratio === undefined) return undefined;
  const wish: SizeWish = ratio === undefined ? { kind: "open" } : { kind: "ratio", ratio };
  if (number === undefined) return wish;
  return Number(number) >= 0.5 ? { ...wish, longest: Number(number) * 1024 } : undefined;
}

/** What shapes are called. */
const namedShapes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "1:1": "square 方形 正方形 方图",
    "3:2": "landscape horizontal 横版 横屏 横向 横图",
    "2:3": "portrait vertical 竖版 竖屏 竖向 竖图 纵向",
    "16:9": "widescreen 宽屏",
  }).flatMap(([ratio, names]) => names.split(" ").map((name) => [name, ratio] as const)),
);

const fillers: ReadonlySet<string> = new Set(["", "hd", "aspect", "ratio", "比例"]);
const twoSides =
  /(\d{1,5}(?:\.\d{1,6})?)\s*(?:px\s*)?(?:[:x×х*/比_-]|by)\s*(\d{1,5}(?:\.\d{1,6})?)(?:\s*px)?(?!\d)/;

/**
 * The ratio that a field says: in numbers, by a name, or by both, as in fal's `landscape_16_9`, where the name says which
 * side is the longer one. Undefined also for one that is not between 1:3 and 3:1.
 */
function ratioOf(text: string): string | undefined {
  const [numbers = "", first, second] = twoSides.exec(text) ?? [];
  const words = text.replace(numbers, " ").split(/[\s_-]+/);
  const [name, ...more] = words.filter((word) => !fillers.has(word));
  const named = name === undefined ? undefined : namedShapes.get(name);
  if (more.length > 0 || (name !== undefined && !named)) return undefined;
  if (first === undefined) return named;
  const sides = [Number(first), Number(second)];
  if (named) sides.sort((a, b) => (named === "2:3" ? a - b : b - a));
  return parseRatio(sides.join(":"));
}

function wishOfRatio(text: string | undefined): SizeWish | undefined {
  if (text === undefined) return undefined;
  const ratio = ratioOf(text) ?? parseRatio(plainRatio(text) ?? "");
  if (ratio === undefined) {
    throw invalidRequest(
      "aspectRatio",
      'The aspect ratio must be written like "16:9" and lie between 1:3 and 3:1.',
    );
  }
  return { kind: "ratio", ratio };
}
