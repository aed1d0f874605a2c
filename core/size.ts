import type { Model } from "./catalogue.ts";
import { invalidRequest } from "./errors.ts";
import type { Notice } from "./notices.ts";
import { isModerate, parseRatio, plainRatio, side, toHalfWidth } from "./ratio.ts";
import { fields, type ImageRequest, type Quality } from "./request.ts";

/** The shape that was requested. */
export type SizeWish =
  /** Pixels as asked, not yet rounded, and perhaps more than a picture may have. */
  | ({ readonly kind: "exact" } & Box)
  | ({ readonly kind: "ratio"; readonly ratio: string } & Longest)
  /** No shape was asked for: the enhancer may suggest one. */
  | ({ readonly kind: "open" } & Longest);

interface Longest {
  /** Pixels of the longest side, where that was asked for. */
  readonly longest?: number;
}

/** Pixels. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

/** The size to order, as a picture is ordered, with a notice where it is not the one that was asked for. */
export interface Size extends Box {
  /** "16:9", or "Custom" where width and height were asked for. */
  readonly ratio: string;
  readonly notices: readonly Notice[];
}

// === What was asked for

/**
 * What a request says about its size, in this order: width and height, `size`, the aspect ratio, the ratio in the
 * prompt; a `size` of one side alone leaves the shape to what follows it. Throws `invalid-request` at the first of them
 * that cannot be used.
 */
export function sizeWish(
  request: Pick<ImageRequest, "width" | "height" | "size" | "aspectRatio">,
  ratioInPrompt: string | undefined,
): SizeWish {
  const { width, height, size, aspectRatio } = request;
  if (width !== undefined || height !== undefined) return wishOfSides(width, height);
  const sized = isOpenShape(size) ? undefined : wishOfSize(plainField(size));
  if (sized && sized.kind !== "open") return sized;
  const ratio = isOpenShape(aspectRatio) ? ratioInPrompt : wishOfRatio(plainField(aspectRatio));
  return { ...sized, ...(ratio === undefined ? { kind: "open" } : { kind: "ratio", ratio }) };
}

/** Whether a size or an aspect ratio leaves the shape to others, as `auto` does. */
export function isOpenShape(text: string | undefined): boolean {
  return openShapes.has(plainField(text));
}

const openShapes = new Set(" auto default adaptive none original match_input_image".split(" "));

/** The text of a field as it is compared, without brackets around it, and without what stands in brackets behind it. */
function plainField(text = ""): string {
  if (text === "") return text;
  const plain = toHalfWidth(text).toLowerCase().trim();
  const inner = plain.replace(/^[([]([^()[\]]*)[)\]]$/, "$1");
  return inner.replace(/\([^()]*\)$/, "").trim();
}

/** Pixels below which any shape can be had. */
const usualLongestSide = 2048;

function wishOfSides(width: number | undefined, height: number | undefined): SizeWish {
  const box = {
    width: checked("width", width, "height"),
    height: checked("height", height, "width"),
  };
  if (mayBeMade(box)) return { kind: "exact", ...box };
  const longer = box.width > box.height ? "width" : "height";
  throw invalidRequest(longer, '"width" and "height" above 2048 must lie between 1:3 and 3:1.');
}

function checked(field: string, value: number | undefined, other: string): number {
  if (fields.side.safeParse(value).success && value !== undefined) return value;
  const problem =
    value === undefined
      ? `is missing: it goes together with "${other}".`
      : "must be a whole number, at least 64.";
  throw invalidRequest(field, `"${field}" ${problem}`);
}

/** Whether a size can be had as it is, or as a smaller one of the same shape. */
function mayBeMade(box: Box): boolean {
  return Math.max(box.width, box.height) <= usualLongestSide || isModerate(box);
}

/** Two numbers up to this are no pixels but a ratio: 16x9. */
const largestOfRatio = 21;
const unit = String.raw`\s*(?:px|pixels?|像素)?`;
const pixels = new RegExp(
  String.raw`^(${side})${unit}\s*(?:[x×х*,_-]|by|(?<=\s))\s*(${side})${unit}$`,
);

/** One number of pixels alone is the longest side. */
const longestAlone = new RegExp(String.raw`^(\d{2,5})${unit}$`);

/** `1K` and `2k`, as Gemini and others call the longest side, in thousands of pixels. */
const thousands = /(?<![^\s_-])(\d(?:\.5)?)\s?k(?![^\s_-])/;

function wishOfSize(size: string): SizeWish {
  const [width = 0, height = 0] = pixels.exec(size)?.slice(1).map(Number) ?? [];
  const box = { width, height };
  const isPixels = Math.max(width, height) > largestOfRatio;
  const usable =
    [width, height].every((one) => fields.side.safeParse(one).success) && mayBeMade(box);
  if (isPixels && usable) return { kind: "exact", ...box };
  const wish = isPixels ? undefined : wishOfWords(size);
  if (wish) return wish;
  throw invalidRequest(
    "size",
    '"size" must be written like "1024x768", both sides at least 64, or like "16:9", "2K" or "landscape", between 1:3 and 3:1.',
  );
}

/** A shape, a longest side, or both: "16:9 2K". */
function wishOfWords(size: string): SizeWish | undefined {
  const longest = Number(longestAlone.exec(size)?.[1]);
  if (fields.side.safeParse(longest).success) return { kind: "open", longest };
  const [said = "", number] = thousands.exec(size) ?? [];
  const shape = size.replace(said, "").trim();
  const ratio = ratioOf(shape) ?? ratioInWords(shape);
  if ((shape !== "" && ratio === undefined) || Number(number) < 0.5) return undefined;
  const wish: SizeWish = ratio === undefined ? { kind: "open" } : { kind: "ratio", ratio };
  return number === undefined ? wish : { ...wish, longest: Number(number) * 1024 };
}

/** What shapes are called. */
const names: ReadonlyMap<string, string> = new Map(
  [
    "1:1 square 方形 正方形 方图 方 方圖 quadrat quadratisch carré cuadrado quadrado quadrato квадрат 정사각형",
    "3:2 landscape horizontal 横版 横屏 横向 横图 横 橫版 橫向 橫圖 橫式 横長 querformat paysage apaisado paisagem 가로",
    "2:3 portrait vertical tall 竖版 竖屏 竖向 竖图 竖 纵向 豎版 直向 直式 縦 縦長 hochformat retrato 세로",
    "16:9 widescreen wide 宽屏 寬螢幕",
  ].flatMap((row) => {
    const [ratio = "", ...called] = row.split(" ");
    return called.map((name) => [name, ratio]);
  }),
);

const fillers = ["", "hd", "aspect", "ratio", "mode", "orientation", "format", "比例"];
const twoSides = new RegExp(
  String.raw`(${side})${unit}\s*(?:[:x×х*/比_-]|by)\s*(${side})${unit}(?!\d)`,
);

/**
 * The ratio that a field says: in numbers, by a name, or by both, as in fal's `landscape_16_9`, where the name says which
 * side is the longer one. Undefined also for one that is not between 1:3 and 3:1.
 */
function ratioOf(text: string): string | undefined {
  const [numbers = "", first, second] = twoSides.exec(text) ?? [];
  const words = text.replace(numbers, " ").split(/[\s_-]+/);
  const [name, ...more] = words.filter((word) => !fillers.includes(word));
  const named = names.get(name ?? "");
  if (more.length > 0 || (name !== undefined && !named)) return undefined;
  if (first === undefined) return named;
  const sides = [Number(first), Number(second)];
  if (named) sides.sort((a, b) => (named === "2:3" ? a - b : b - a));
  return parseRatio(sides.join(":"));
}

/** One that is written as words may have it: "16 to 9", "十六比九". */
function ratioInWords(text: string): string | undefined {
  return parseRatio(plainRatio(text) ?? "");
}

function wishOfRatio(text: string): string {
  const ratio = ratioOf(text) ?? ratioInWords(text);
  if (ratio !== undefined) return ratio;
  const problem = 'The aspect ratio must be written like "16:9" and lie between 1:3 and 3:1.';
  throw invalidRequest("aspectRatio", problem);
}

// === What is ordered

/**
 * The size to order. An open wish takes the enhancer's suggestion if that is a ratio, otherwise 1:1. A quality may
 * make the size of a ratio smaller, never larger, and does not change exact sizes. Where the model does not have the
 * requested size, the nearest is taken and a notice says so.
 */
export function resolveSize(
  wish: SizeWish,
  suggestion: string | undefined,
  model: Model,
  quality?: Quality,
): Size {
  if (wish.kind === "exact") return exactSize(wish, model);
  const ratio = wish.kind === "ratio" ? wish.ratio : suggestedRatio(suggestion);
  const { longest = Infinity } = wish;
  const ideal = sizeOfRatio(ratio, model, Math.min(limitOf(quality, model), longest));
  const [name, box] = nearestListed(ideal, shapeOf(ratio), model, shapeOf) ?? [ratio, ideal];
  const isSame = isShape(name, shapeOf(ratio));
  const isOther = wish.kind === "ratio" && !isSame;
  const notices = isOther ? [adjusted(ratio, box)] : shorter(box, longest);
  return { ...box, ratio: isSame ? ratio : (parseRatio(name) ?? name), notices };
}

function suggestedRatio(suggestion: string | undefined): string {
  return (suggestion === undefined ? undefined : parseRatio(suggestion)) ?? "1:1";
}

/** What a quality makes of the longest side, at most. */
function limitOf(quality: Quality | undefined, model: Model): number {
  return (quality && model.quality[quality]?.longestSide) ?? Infinity;
}

/** Says so where a picture is not as long as was asked for. */
function shorter(box: Box, longest: number): Notice[] {
  const isShort = longest < Infinity && Math.max(box.width, box.height) < longest;
  const asked = longest % 512 === 0 ? `${longest / 1024}K` : `${longest}`;
  return isShort ? [adjusted(asked, box)] : [];
}

function exactSize({ width, height }: Box, model: Model): Size {
  const asked = { width, height };
  const most = Math.max(usualLongestSide, ...sidesOf(model));
  const scale = Math.min(1, most / Math.max(width, height));
  const scaled = (pixels: number) => Math.round((pixels * scale) / 8) * 8;
  const nearest = nearestListed(asked, width / height, model, (_, box) => box.width / box.height);
  const made = nearest?.[1] ?? { width: scaled(width), height: scaled(height) };
  const isSame = made.width === width && made.height === height;
  return { ...made, ratio: "Custom", notices: isSame ? [] : [adjusted(toText(asked), made)] };
}

function sidesOf({ sizes }: Model): number[] {
  return Object.values(sizes).flatMap(({ width, height }) => [width, height]);
}

function adjusted(asked: string, made: Box): Notice {
  return { code: "size-adjusted", asked, made: toText(made) };
}

function toText({ width, height }: Box): string {
  return `${width}x${height}`;
}

/** Width by height. */
function shapeOf(ratio: string): number {
  const [width = 1, height = 1] = ratio.split(":").map(Number);
  return width / height;
}

function isShape(ratio: string, shape: number): boolean {
  return Math.abs(shapeOf(ratio) - shape) < 1e-9;
}

/**
 * The listed size of a ratio; for another ratio, a size with the longest side that is listed. Made smaller where its
 * longest side is above `limit`.
 */
function sizeOfRatio(ratio: string, model: Model, limit: number): Box {
  const shape = shapeOf(ratio);
  const { sizes } = model;
  const listed = sizes[ratio] ?? Object.entries(sizes).find(([name]) => isShape(name, shape))?.[1];
  if (!listed) {
    const sides = sidesOf(model);
    const longest = sides.length > 0 ? Math.max(...sides) : usualLongestSide;
    return boxOf(shape, Math.min(longest, limit));
  }
  const fits = Math.max(listed.width, listed.height) <= limit;
  return fits ? listed : boxOf(listed.width / listed.height, limit);
}

const shortestSide = 64;

/** Sides that are multiples of 16; the longest is rounded down, so that it stays within its limit. */
function boxOf(shape: number, limit: number): Box {
  const longest = Math.floor(limit / 16) * 16;
  const other = Math.round((longest * Math.min(shape, 1 / shape)) / 16) * 16;
  const shortest = Math.max(shortestSide, other);
  return shape >= 1 ? { width: longest, height: shortest } : { width: shortest, height: longest };
}

/** Of a model that has listed sizes alone the one that is nearest in shape, then in area, with its name. */
function nearestListed(
  { width, height }: Box,
  shape: number,
  { anySize, sizes }: Model,
  shapeOfListed: (name: string, box: Box) => number,
): readonly [name: string, box: Box] | undefined {
  if (anySize) return undefined;
  const gaps = Object.entries(sizes).map(([name, box]) => {
    const gap = Math.abs(Math.log(shapeOfListed(name, box) / shape));
    // Billionths, so that equal shapes are equal numbers.
    const areaGap = Math.abs(box.width * box.height - width * height);
    return { listed: [name, box] as const, gap: Math.round(gap * 1e9), areaGap };
  });
  return gaps.toSorted((a, b) => a.gap - b.gap || a.areaGap - b.areaGap)[0]?.listed;
}
