import type { Model } from "./catalogue.ts";
import type { Notice } from "./notices.ts";
import type { Quality } from "./request.ts";

/** The shape that was requested. */
export type SizeWish =
  /** Pixels as asked, not yet rounded, and perhaps more than a picture may have. */
  | { readonly kind: "exact"; readonly width: number; readonly height: number }
  | ({ readonly kind: "ratio"; readonly ratio: string } & Longest)
  /** No shape was asked for: the enhancer may suggest one. */
  | ({ readonly kind: "open" } & Longest);

interface Longest {
  /** Pixels of the longest side, where that was asked for. */
  readonly longest?: number;
}

/** The size to order, with a notice where it is not the one that was asked for. */
export interface Size {
  /** Pixels, as a picture is ordered. */
  readonly width: number;
  readonly height: number;
  /** "16:9", or "Custom" where width and height were asked for. */
  readonly ratio: string;
  readonly notices: readonly Notice[];
}

/** Pixels. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

const side = String.raw`\d{1,5}(?:\.\d{1,6})?`;
const numeral = "[一二三四五六七八九十]{1,3}";
const blanks = String.raw`[^\S\r\n\u2028\u2029]{0,3}`;

/**
 * A regular expression's source, for the flag `i`, for anything that may be a ratio in half-width forms: "16:9",
 * "16 : 9", "16x9", "16×9", "16*9", "16/9", "16 by 9", "16 to 9", "16比9", "十六比九". The sides may have decimals.
 */
export const ratioSource = `${side}${blanks}(?:[:x×*/比]|-?(?:by|to)-?)${blanks}${side}|${numeral}比${numeral}`;

const wholeRatio = new RegExp(`^${side}${blanks}:${blanks}${side}$`);
const anyRatio = new RegExp(`^(?:${ratioSource})$`, "i");

/** A size of the catalogue under the ratio that names it. */
interface Listed {
  readonly name: string;
  readonly box: Box;
  /** Width by height. */
  readonly shape: number;
}

/** Pixels of the longest side where a catalogue lists no size at all, and of an exact size at least. */
export const usualLongestSide = 2048;

const shortestSide = 64;

// === Reading

/** Full-width forms, the kin of the colon, the slash and ×, and spaces without width as the usual ones; every UTF-16 unit keeps its place. */
export function toHalfWidth(text: string): string {
  return text.replace(/[\uff01-\uff5e∶︰﹕ː꞉∕⁄✕✖⨯\u200b\u2060\ufeff]/g, (character) => {
    if ("∶︰﹕ː꞉".includes(character)) return ":";
    if ("∕⁄".includes(character)) return "/";
    if ("\u200b\u2060\ufeff".includes(character)) return " ";
    if ("✕✖⨯".includes(character)) return "×";
    return String.fromCharCode(character.charCodeAt(0) - 0xfee0);
  });
}

/**
 * The canonical form of a ratio between 1:3 and 3:1, otherwise undefined: whole numbers are reduced ("1920:1080" is
 * "16:9") to what people call them ("21:9"), a decimal part stays ("2.39:1"). Full-width forms and spaces around the
 * colon count.
 */
export function parseRatio(text: string): string | undefined {
  const plain = toHalfWidth(text).trim();
  if (!wholeRatio.test(plain)) return undefined;
  const [width = 0, height = 0] = plain.split(":").map(Number);
  // Millionths, so that the limits are compared as whole numbers.
  const [wide = 0, high = 0] = [width, height].map((number) => Math.round(number * 1e6));
  if (!(wide > 0 && high > 0 && wide <= 3 * high && high <= 3 * wide)) return undefined;
  return nameOf(width, height);
}

/** "16:9" for a ratio in any of the ways that people write one, be it beyond 3:1; undefined for other texts. */
export function plainRatio(text: string): string | undefined {
  const plain = toHalfWidth(text).trim();
  if (!anyRatio.test(plain)) return undefined;
  const sides = plain.split(/[:x×*/比]|-?(?:by|to)-?/i);
  return sides.map((one) => valueOf(one.trim())).join(":");
}

const numerals = "零一二三四五六七八九";

/** Chinese numerals are read below 100. */
function valueOf(digits: string): number {
  if (/\d/.test(digits)) return Number(digits);
  const [tens = "", ones = ""] = digits.includes("十") ? digits.split("十") : ["零", digits];
  const [ten, one] = [tens.at(-1) ?? "一", ones.at(-1) ?? "零"];
  return 10 * numerals.indexOf(ten) + numerals.indexOf(one);
}

function nameOf(width: number, height: number): string {
  const divisor = Number.isInteger(width) && Number.isInteger(height) ? gcd(width, height) : 1;
  const reduced = `${width / divisor}:${height / divisor}`;
  return customary[reduced] ?? reduced;
}

/** Ratios whose usual form is not the reduced one. */
const customary: Readonly<Record<string, string>> = {
  "7:3": "21:9",
  "3:7": "9:21",
  "8:5": "16:10",
  "5:8": "10:16",
};

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

// === Deciding

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
  const ratio = wish.kind === "ratio" ? wish.ratio : (parseRatio(suggestion ?? "") ?? "1:1");
  const { longest = Infinity } = wish;
  const ideal = sizeOfRatio(ratio, model, Math.min(limitOf(quality, model), longest));
  const choices = onlySizes(model, (name) => shapeOf(name));
  const nearest = nearestListed(shapeOf(ratio), areaOf(ideal), choices);
  if (!nearest) return { ...ideal, ratio, notices: shorter(ideal, longest) };
  const { box, name } = nearest;
  if (sameShape(name, ratio)) return { ...box, ratio, notices: shorter(box, longest) };
  const notices = wish.kind === "ratio" ? [adjusted(ratio, toText(box))] : shorter(box, longest);
  return { ...box, ratio: parseRatio(name) ?? name, notices };
}

/** What a quality makes of the longest side, at most. */
function limitOf(quality: Quality | undefined, model: Model): number {
  return (quality && model.quality[quality]?.longestSide) ?? Infinity;
}

/** Says so where a picture is not as long as was asked for. */
function shorter({ width, height }: Box, longest: number): Notice[] {
  if (longest === Infinity || Math.max(width, height) >= longest) return [];
  return [adjusted(`${longest / 1024}K`, toText({ width, height }))];
}

function exactSize(asked: Box, model: Model): Size {
  const choices = onlySizes(model, (_, box) => box.width / box.height);
  const nearest = nearestListed(asked.width / asked.height, areaOf(asked), choices);
  const scale = Math.min(1, longestOf(model) / Math.max(asked.width, asked.height));
  const made = nearest?.box ?? {
    width: Math.round((asked.width * scale) / 8) * 8,
    height: Math.round((asked.height * scale) / 8) * 8,
  };
  const same = toText(made) === toText(asked);
  return {
    ...made,
    ratio: "Custom",
    notices: same ? [] : [adjusted(toText(asked), toText(made))],
  };
}

/** What no side of an exact size exceeds: what every model takes, and what this one lists. */
function longestOf({ sizes }: Model): number {
  const sides = Object.values(sizes).flatMap(({ width, height }) => [width, height]);
  return Math.max(usualLongestSide, ...sides);
}

function adjusted(asked: string, made: string): Notice {
  return { code: "size-adjusted", asked, made };
}

function toText({ width, height }: Box): string {
  return `${width}x${height}`;
}

/** Width by height. */
function shapeOf(ratio: string): number {
  const [width = 1, height = 1] = ratio.split(":").map(Number);
  return width / height;
}

function sameShape(a: string, b: string): boolean {
  return Math.abs(shapeOf(a) - shapeOf(b)) < 1e-9;
}

function areaOf({ width, height }: Box): number {
  return width * height;
}

/**
 * The listed size of a ratio; for another ratio, a size with the longest side that is listed. Made smaller where its
 * longest side is above `limit`.
 */
function sizeOfRatio(ratio: string, { sizes }: Model, limit: number): Box {
  const listed =
    sizes[ratio] ?? Object.entries(sizes).find(([name]) => sameShape(name, ratio))?.[1];
  if (listed) {
    const fits = Math.max(listed.width, listed.height) <= limit;
    return fits ? listed : boxOf(listed.width / listed.height, limit);
  }
  const sides = Object.values(sizes).flatMap(({ width, height }) => [width, height]);
  const longest = sides.length > 0 ? Math.max(...sides) : usualLongestSide;
  return boxOf(shapeOf(ratio), Math.min(longest, limit));
}

/** Sides that are multiples of 16; the longest is rounded down, so that it stays within its limit. */
function boxOf(shape: number, limit: number): Box {
  const longest = Math.floor(limit / 16) * 16;
  const other = Math.round((longest * Math.min(shape, 1 / shape)) / 16) * 16;
  const shortest = Math.max(shortestSide, other);
  return shape >= 1 ? { width: longest, height: shortest } : { width: shortest, height: longest };
}

/** The listed sizes of a model that has no others; none where it takes any size. */
function onlySizes(model: Model, shape: (name: string, box: Box) => number): readonly Listed[] {
  if (model.anySize) return [];
  return Object.entries(model.sizes).map(([name, box]) => ({ name, box, shape: shape(name, box) }));
}

/** The nearest in shape, then in area; undefined where nothing is listed. */
function nearestListed(shape: number, area: number, listed: readonly Listed[]) {
  const gap = (one: Listed) => Math.abs(Math.log(one.shape / shape));
  const areaGap = ({ box }: Listed) => Math.abs(areaOf(box) - area);
  return listed.toSorted((a, b) => {
    const nearer = gap(a) - gap(b);
    return Math.abs(nearer) > 1e-9 ? nearer : areaGap(a) - areaGap(b);
  })[0];
}
