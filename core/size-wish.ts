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

function given(text: string | undefined): string | undefined {
  const trimmed = text === undefined ? undefined : toHalfWidth(text).trim().toLowerCase();
  return trimmed === "" || trimmed === "auto" ? undefined : trimmed;
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

const pixels = /^(\d{1,5})\s*(?:px)?\s*[x×*]\s*(\d{1,5})\s*(?:px)?$/;

function wishOfSize(size: string | undefined): SizeWish | undefined {
  if (size === undefined) return undefined;
  const longest = longestSide(size);
  if (longest !== undefined) return { kind: "open", longest };
  const ratio = ratioOf(size);
  if (ratio !== undefined) return { kind: "ratio", ratio };
  const match = pixels.exec(size);
  const box = { width: Number(match?.[1]), height: Number(match?.[2]) };
  const isUsable = Object.values(box).every((side) => fields.side.safeParse(side).success);
  if (isUsable && mayBeMade(box)) return { kind: "exact", ...box };
  throw invalidRequest(
    "size",
    '"size" must be written like "1024x768", both sides at least 64, or like "16:9", "2K" or "landscape", between 1:3 and 3:1.',
  );
}

/** `1K` and `2k` in pixels, as Gemini and others call them. */
function longestSide(size: string): number | undefined {
  const [, thousands] = /^(\d(?:\.5)?)k$/.exec(size) ?? [];
  return Number(thousands) >= 0.5 ? Number(thousands) * 1024 : undefined;
}

/** What shapes are called, also with the ratio that follows, as in fal's `landscape_16_9`. */
const namedShapes: Readonly<Record<string, string>> = {
  square: "1:1",
  landscape: "3:2",
  horizontal: "3:2",
  portrait: "2:3",
  vertical: "2:3",
  widescreen: "16:9",
};

/** The ratio that a field of its own says in whatever form; undefined also for one that is not between 1:3 and 3:1. */
function ratioOf(text: string): string | undefined {
  const [, name = "", first, second] =
    /^([a-z]+)(?:[ _-](?:hd|(\d{1,2})[ _:x-](\d{1,2})))?$/.exec(text) ?? [];
  const named = Object.hasOwn(namedShapes, name) ? namedShapes[name] : undefined;
  if (!named || first === undefined) return named ?? parseRatio(text.replace(/\s*:\s*/, ":"));
  const sides = [Number(first), Number(second)].toSorted((a, b) => a - b);
  const [width, height] = named === "2:3" ? sides : sides.toReversed();
  return parseRatio(`${width}:${height}`);
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
