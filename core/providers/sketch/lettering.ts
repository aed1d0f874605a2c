import { fade } from "./colour.ts";
import { box, placed } from "./svg.ts";

/** Single strokes on a grid: x-height 6, ascenders to -9, baseline 0; the number is the advance. */
const glyphs: Readonly<Record<string, readonly [strokes: string, advance: number]>> = {
  a: ["M4.5 -2.9a2.2 3 0 1 1 -4.4 0a2.2 3 0 1 1 4.4 0M4.5 -5.8V0", 6.4],
  c: ["M4.2 -4.8a2.3 3 0 1 0 0 3.6", 5.9],
  e: ["M.2 -3.1H4.6a2.25 3 0 1 0 -.7 2.3", 6.4],
  f: ["M3.4 -8.8C1.8 -9.2 1.3 -8 1.3 -6.700V0M0 -5.800H3.200", 4.6],
  g: [
    "M4.5 -2.9a2.2 3 0 1 1 -4.4 0a2.2 3 0 1 1 4.4 0M4.5 -5.8V.4C4.500 3 1.400 3.200 .3 1.900",
    6.4,
  ],
  h: ["M.2 -9V0M.2 -3.600C.6 -6.600 4.400 -6.600 4.400 -3.600V0", 6.3],
  i: ["M.2 -5.8V0M.2 -8.300V-8", 2.3],
  k: ["M.2 -9V0M3.900 -5.800L.3 -2.400M1.600 -3.600L4.200 0", 5.9],
  m: [
    "M.2 -5.800V0M.2 -3.600C.6 -6.500 3.700 -6.500 3.700 -3.600V0M3.700 -3.600C4.100 -6.500 7.200 -6.500 7.200 -3.600V0",
    9.1,
  ],
  n: ["M.2 -5.800V0M.2 -3.600C.6 -6.600 4.400 -6.600 4.400 -3.600V0", 6.3],
  o: ["M4.700 -2.900a2.300 3 0 1 1 -4.600 0a2.300 3 0 1 1 4.600 0", 6.6],
  r: ["M.2 -5.800V0M.2 -3.400C.5 -5.200 1.600 -6 3 -5.700", 4.4],
  s: [
    "M3.800 -4.900C3 -6.400 .3 -6.200 .3 -4.400C.3 -2.500 4 -3.400 4 -1.400C4 .5 1 .6 .1 -1",
    5.6,
  ],
  t: ["M1.400 -8V-1.500C1.400 0 2.300 .3 3.500 -.1M0 -5.800H3.300", 4.9],
  u: ["M.2 -5.800V-2.300C.2 .7 4 .7 4.400 -2.300M4.400 -5.800V0", 6.4],
  v: ["M0 -5.800L2.300 0L4.600 -5.800", 6],
  d: ["M4.500 -2.900a2.200 3 0 1 1 -4.400 0a2.200 3 0 1 1 4.400 0M4.500 -9V0", 6.4],
  "—": ["M.3 -2.900H8", 10],
  " ": ["", 3.8],
};

const words = "sketch — no image service configured";

interface Line {
  readonly path: string;
  readonly width: number;
}

function lineOf(text: string): Line {
  let x = 0;
  const strokes = Array.from(text, (letter) => {
    const [path, advance] = glyphs[letter] ?? ["", 0];
    const own = path === "" ? "" : `<path transform="translate(${x.toFixed(1)} 0)" d="${path}"/>`;
    x += advance;
    return own;
  });
  return { path: strokes.join(""), width: x };
}

/** In pixels: below this x-height the letters run together, and no caption is honest enough to be a smudge. */
const leastScale = 0.62;
const smallestSide = 180;

/** Pixels of the picture for one unit of the letters' grid. */
function scaleFor(width: number, height: number, textWidth: number): number {
  const wish = 0.95 + Math.min(width, height) / 1150;
  return Math.min(wish, (width * 0.92) / textWidth);
}

/**
 * Says in the lower left corner that no service made the picture, for a picture of the given pixels; empty where it
 * could not be read. Needs no font: the letters are strokes.
 */
export function caption(width: number, height: number): string {
  const { path, width: textWidth } = lineOf(words);
  const scale = scaleFor(width, height, textWidth);
  if (scale < leastScale || Math.min(width, height) < smallestSide) return "";
  const margin = scale * 10;
  const plate = box([-6, -13], [textWidth + 11, 20], fade("#0c0a18", 0.36), 7);
  const strokes = `<g fill="none" stroke="${fade("#ffffff", 0.92)}" stroke-width="1.05" stroke-linecap="round" stroke-linejoin="round">${path}</g>`;
  return placed(plate + strokes, [margin, height - margin], scale);
}
