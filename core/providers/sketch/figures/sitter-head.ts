import { type Colour, fade, mix, shade } from "../colour.ts";
import { circle, ellipse, fill, line, pair, soft } from "../svg.ts";
import type { Ears, Face, Marking } from "./sitters.ts";

/** The colours of one animal, already in the light of the picture. */
export interface Coat {
  readonly coat: Colour;
  readonly belly: Colour;
  readonly limbs: Colour;
  readonly dark: Colour;
  readonly blush: Colour;
}

type Part = (coat: Coat) => string;

const skull =
  "M0 -90C18 -90 31 -80 31 -65C31 -50 18 -43 0 -43C-18 -43 -31 -50 -31 -65C-31 -80 -18 -90 0 -90Z";
const skullShadow =
  "M12 -88C24 -85 31 -77 31 -65C31 -50 18 -43 0 -43C-8 -43 -15 -44.500 -20.500 -47C6 -45 25 -55 24 -70C23.500 -78 18 -85 12 -88Z";

// === Ears, drawn before the head

const ears: Record<Ears, Part> = {
  pointed: ({ coat, blush }) =>
    pair(
      soft("M-27 -72L-25 -99L-7 -86Z", coat, 5) +
        soft("M-23.500 -80L-22.500 -93L-13 -86Z", blush, 2.5),
    ),
  tall: ({ coat, limbs }) =>
    pair(
      soft("M-28 -72L-29 -105L-7 -86Z", coat, 5) +
        soft("M-26.500 -92L-28.300 -104L-20 -96.500Z", limbs, 4),
    ),
  floppy: ({ limbs }) =>
    pair(
      fill(
        "M-17 -88C-34 -92 -43 -78 -41 -62C-40 -51 -30 -49 -27 -58C-24 -68 -22 -76 -17 -88Z",
        limbs,
      ),
    ),
  long: ({ coat, blush }) =>
    `<g transform="rotate(-9 -11 -84)">${ellipse([-12, -104], [8.5, 27], coat)}${ellipse([-12, -103], [4.2, 20], blush)}</g>` +
    `<g transform="rotate(14 11 -84)">${ellipse([12, -104], [8.5, 27], coat)}${ellipse([12, -103], [4.2, 20], blush)}</g>`,
  round: ({ limbs }) =>
    pair(circle([-23, -85], 10.5, limbs) + circle([-23, -84.5], 5.5, shade(limbs, 0.25))),
  small: ({ coat, blush }) => pair(circle([-22, -84], 9, coat) + circle([-22, -83], 5, blush)),
  big: ({ coat, blush }) =>
    pair(circle([-28, -84], 15.5, coat) + circle([-27.5, -83], 10.5, blush)),
  horned: ({ coat, limbs, belly }) =>
    pair(
      fill("M-19 -84C-27 -88 -27 -98 -22 -104C-19 -98 -15 -94 -10 -88Z", belly) +
        fill("M-26 -74C-36 -82 -44 -80 -45 -77C-42 -69 -34 -66 -27 -68Z", mix(coat, limbs, 0.4)),
    ),
};

// === Faces

function nose(y: number, width: number, colour: Colour): string {
  return soft(`M${-width} ${y}H${width}L0 ${y + width * 0.9}Z`, colour, 2.5);
}

const catMouth = "M-6.500 -53C-6 -50 -1 -49.500 0 -53C1 -49.500 6 -50 6.500 -53";
const whiskers = "M-18 -57L-37 -60M-18 -54L-37 -52M18 -57L37 -60M18 -54L37 -52";

const faces: Record<Face, Part> = {
  cat: ({ belly, dark }) =>
    ellipse([0, -54], [14, 8.5], fade(belly, 0.9)) +
    nose(-59, 3, "#d9737a") +
    line(catMouth, dark, 1.6) +
    line(whiskers, fade(dark, 0.55), 1),
  dog: ({ belly, dark }) =>
    fill(
      "M0 -86C5 -80 6 -66 15 -60C18 -50 10 -44.500 0 -44.500C-10 -44.500 -18 -50 -15 -60C-6 -66 -5 -80 0 -86Z",
      belly,
    ) +
    fill("M-4.500 -51.500H4.500V-45C4.500 -39.500 -4.500 -39.500 -4.500 -45Z", "#ee8087") +
    soft("M-5 -61.500H5L0 -56Z", "#33272f", 4) +
    line("M-9 -53C-7 -49.500 -1 -49.500 0 -54C1 -49.500 7 -49.500 9 -53", dark, 1.7),
  fox: ({ belly, dark }) =>
    pair(fill("M0 -50C-3 -60 -14 -66 -30.500 -61C-28 -49 -15 -43 0 -43Z", belly)) +
    soft("M-3.500 -56H3.500L0 -51.500Z", "#2b2230", 3.5) +
    line("M-5 -48C-3 -46 -1 -46.500 0 -49C1 -46.500 3 -46 5 -48", dark, 1.5),
  rabbit: ({ dark }) =>
    nose(-60, 2.6, "#e58a94") +
    line("M-5.500 -54.500C-5 -52 -1 -51.500 0 -55C1 -51.500 5 -52 5.500 -54.500", dark, 1.5) +
    fill("M-2.800 -52.500H2.800V-48.500Q0 -46.500 -2.800 -48.500Z", "#ffffff"),
  bear: ({ belly, dark }) =>
    ellipse([0, -55], [14, 10.5], belly) +
    soft("M-4 -61H4L0 -57.500Z", "#33272f", 4) +
    line("M0 -56V-52.500M-6 -51.500C-4 -48.500 4 -48.500 6 -51.500", dark, 1.6),
  mouse: ({ belly, dark, blush }) =>
    pair(ellipse([-9, -53], [12, 8.5], belly)) +
    circle([0, -59], 3.6, shade(blush, -0.1)) +
    line("M-4.500 -53C-4 -51 -1 -50.500 0 -53.500C1 -50.500 4 -51 4.500 -53", dark, 1.4) +
    line(whiskers, fade(dark, 0.4), 0.9),
  pig: ({ coat, dark, belly }) =>
    ellipse([0, -56], [13.5, 9.5], mix(belly, "#e98f9b", 0.45)) +
    pair(ellipse([-5, -56], [2.2, 3.4], mix(dark, coat, 0.2))) +
    line("M-5 -45.800C-2 -44.300 2 -44.300 5 -45.800", dark, 1.4),
  koala: ({ dark }) =>
    ellipse([0, -60], [6.6, 9.5], "#3b3540") + line("M-5 -48C-3 -46 3 -46 5 -48", dark, 1.5),
  monkey: ({ belly, dark }) =>
    pair(circle([-11, -69], 13.5, belly)) +
    ellipse([0, -56], [19, 12], belly) +
    pair(ellipse([-2.5, -60.5], [1.2, 1.8], dark)) +
    line("M-9 -53C-5 -48 5 -48 9 -53", dark, 1.7),
  dragon: ({ belly, dark }) =>
    ellipse([0, -54.5], [18, 10.5], mix(belly, "#ffffff", 0.1)) +
    pair(ellipse([-6.5, -58.5], [1.7, 2.4], dark)) +
    line("M-10 -51.500C-5 -47.500 5 -47.500 10 -51.500", dark, 1.6) +
    fill("M4.500 -49.500L6.500 -46L8.500 -50.500Z", "#ffffff"),
};

// === Markings of the head

const headMarkings: Partial<Record<Marking, Part>> = {
  tabby: ({ coat }) =>
    line("M0 -87V-77M-7.500 -86V-79M7.500 -86V-79M-30 -66H-24M30 -66H24", shade(coat, -0.28), 3),
  tiger: ({ coat }) =>
    fill(
      "M-3 -89.500H3L0 -79ZM-13 -88L-7.500 -89.500L-7 -81ZM13 -88L7.500 -89.500L7 -81ZM-31 -70L-20 -66L-31 -63.500ZM31 -70L20 -66L31 -63.500ZM-29.500 -58L-20 -57L-26.500 -52.500ZM29.500 -58L20 -57L26.500 -52.500Z",
      shade(mix(coat, "#2a1a1a", 0.75), -0.1),
    ),
  panda: ({ limbs }) =>
    pair(`<g transform="rotate(28 -12 -66)">${ellipse([-12, -66], [7.6, 10], limbs)}</g>`),
  patch: ({ limbs }) => ellipse([12, -67], [9.5, 10.5], fade(limbs, 0.85)),
  mask: ({ limbs }) => pair(fill("M-3 -67C-10 -76 -24 -75 -30 -64C-24 -56 -10 -57 -3 -62Z", limbs)),
  spots: ({ dark }) =>
    fill("M10 -89C22 -88 30 -78 29 -70C22 -62 12 -68 11 -76C10 -82 5 -84 10 -89Z", dark),
};

const mane = Array.from({ length: 15 }, (_, index): string => {
  const angle = (index / 15) * Math.PI * 2;
  return circle([Math.sin(angle) * 32, -66 - Math.cos(angle) * 28], 11, "#000000");
}).join("");

function maneBehind({ coat }: Coat): string {
  const colour = mix(coat, "#9a4a1e", 0.7);
  return mane.replaceAll("#000000", colour) + ellipse([0, -66], [35, 31], colour);
}

// === Eyes

function openEyes(dark: Colour, glint: Colour): string {
  return (
    pair(ellipse([-12, -66], [3.9, 4.9], dark)) +
    circle([-13.2, -68], 1.5, glint) +
    circle([10.8, -68], 1.5, glint)
  );
}

/** Half-closed and turned down to the page, behind round glasses. */
function readingEyes(dark: Colour, lid: Colour): string {
  return (
    pair(line("M-16.500 -66C-14.500 -62.500 -9.500 -62.500 -7.500 -66", lid, 2)) +
    pair(`<circle cx="-12" cy="-65" r="9" fill="#ffffff30" stroke="${dark}" stroke-width="1.8"/>`) +
    line("M-3 -66C-1.500 -67.500 1.500 -67.500 3 -66", dark, 1.8)
  );
}

export type Gaze = "open" | "reading" | "closed";

function eyes(gaze: Gaze, onDark: boolean): string {
  const dark: Colour = "#2a2130";
  const lid: Colour = onDark ? "#f4efe6" : dark;
  switch (gaze) {
    case "open":
      return openEyes(dark, "#ffffff");
    case "reading":
      return readingEyes(dark, lid);
    case "closed":
      return pair(line("M-17 -66C-15 -62 -9 -62 -7 -66", lid, 2.2));
  }
}

/** A head seen from the front, about 62 wide, chin at -43, ears up to -130. */
export function head(
  parts: { ears: Ears; face: Face; markings: readonly Marking[] },
  coat: Coat,
  gaze: Gaze,
): string {
  const marks = parts.markings.map((marking) => headMarkings[marking]?.(coat) ?? "").join("");
  const blush = pair(ellipse([-21, -57], [5.2, 3.4], fade("#f07f7f", 0.38)));
  return (
    (parts.markings.includes("mane") ? maneBehind(coat) : "") +
    ears[parts.ears](coat) +
    fill(skull, coat.coat) +
    fill(skullShadow, fade(coat.dark, 0.1)) +
    marks +
    faces[parts.face](coat) +
    blush +
    eyes(gaze, parts.markings.includes("panda") || parts.markings.includes("mask"))
  );
}
