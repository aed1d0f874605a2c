import { type Colour, fade, mix, shade } from "../colour.ts";
import { circle, ellipse, fill, line, pair, soft } from "../svg.ts";
import { type Act, type Brush, type Figure, outline } from "./brush.ts";
import { type Coat, type Gaze, head } from "./sitter-head.ts";
import { type Marking, type Sitter, type Tail, sitters } from "./sitters.ts";

type Part = (coat: Coat) => string;

const trunk = "M-16 -50C-27 -36 -32 -16 -30 -6Q-29 0 -21 0H21Q29 0 30 -6C32 -16 27 -36 16 -50Z";
const trunkShadow = "M10 -50L16 -50C27 -36 32 -16 30 -6Q29 0 21 0H8C22 -8 22 -34 10 -50Z";

// === Tails, drawn behind the body

const tails: Record<Tail, Part> = {
  curl: ({ coat, belly }) =>
    line("M22 -7C44 -1 56 -16 48 -32C44 -40 36 -40 35 -33", coat, 9.5) +
    line("M36 -37C35 -36 35 -34 35 -33", belly, 9.5),
  wag: ({ coat, belly }) =>
    line("M22 -10C38 -12 46 -24 45 -38", coat, 10) +
    line("M45.300 -34C45.300 -35 45.100 -37 45 -38", belly, 10),
  brush: ({ coat, belly }) =>
    fill(
      "M18 -2C40 6 64 -8 62 -36C61 -52 52 -60 45 -64C46 -50 34 -46 30 -32C27 -22 24 -14 18 -2Z",
      coat,
    ) +
    fill(
      "M62 -36C61 -52 52 -60 45 -64C45.500 -57 43 -52.500 40 -48C46 -47 50 -44 51 -38C55 -41 59 -40 62 -36Z",
      belly,
    ),
  puff: ({ belly }) => circle([29, -10], 10, belly),
  string: ({ coat, blush }) =>
    line("M24 -6C44 2 58 -8 54 -22C51 -32 60 -40 66 -34", mix(coat, blush, 0.6), 4),
  tuft: ({ coat, dark }) =>
    line("M24 -6C42 -2 52 -14 50 -34", coat, 5) +
    fill("M50 -30C40 -38 46 -50 52 -54C60 -48 60 -36 50 -30Z", mix(coat, dark, 0.6)),
  ringed: ({ coat, dark }) =>
    line("M22 -7C46 0 58 -18 50 -40", coat, 11) +
    line(
      "M36 -5.500L38 -5M47.500 -13L48.500 -14.500M52.200 -25V-27M50.400 -38.500L50 -40",
      mix(coat, dark, 0.75),
      11,
    ),
  spade: ({ coat, dark }) =>
    line("M22 -7C46 -2 60 -12 58 -30", coat, 9) +
    soft("M58 -46L50 -31H66Z", mix(coat, dark, 0.3), 4),
  none: () => "",
};

// === Markings of the body

const bodyMarkings: Partial<Record<Marking, Part>> = {
  tabby: ({ coat }) =>
    line("M-29 -20H-22M-29.500 -13H-23M29 -20H22M29.500 -13H23", shade(coat, -0.28), 3),
  tiger: ({ coat }) =>
    fill(
      "M-27 -36L-17 -32L-28.500 -29ZM-30 -22L-19 -19L-30.500 -15ZM27 -36L17 -32L28.500 -29ZM30 -22L19 -19L30.500 -15Z",
      shade(mix(coat, "#2a1a1a", 0.75), -0.1),
    ),
  panda: ({ limbs }) =>
    fill(
      "M-16 -50C-21 -44 -25 -37 -27.500 -30C-12 -35 12 -35 27.500 -30C25 -37 21 -44 16 -50Z",
      limbs,
    ),
  spots: ({ dark }) =>
    fill(
      "M-29 -24C-20 -28 -14 -20 -18 -12C-22 -6 -29 -8 -30.500 -14ZM22 -40C16 -38 18 -30 27 -30C26 -34 24 -37 22 -40Z",
      dark,
    ),
};

function wings({ coat, belly }: Coat): string {
  const wing =
    fill(
      "M-16 -46C-34 -74 -60 -78 -70 -70C-62 -64 -62 -56 -64 -50C-56 -52 -50 -48 -48 -40C-42 -44 -34 -40 -30 -32Z",
      mix(coat, belly, 0.45),
    ) +
    line(
      "M-16 -44C-34 -66 -54 -72 -70 -70M-18 -42C-38 -52 -52 -52 -64 -50M-22 -38C-34 -42 -42 -42 -48 -40",
      shade(coat, -0.2),
      1.8,
    );
  return pair(wing);
}

// === What the paws do

function frontLegs({ coat, limbs, belly }: Coat, socks: boolean): string {
  const leg = socks ? limbs : coat;
  const seam = shade(leg, -0.22);
  return (
    pair(line("M-8 -28V-7", leg, 12.5) + ellipse([-8.5, -4.5], [8, 5], socks ? leg : belly)) +
    line("M0 -30V-3M-14.600 -26V-9M14.600 -26V-9", fade(seam, 0.6), 1.2) +
    line("M-10 -4V-1.500M-6.500 -4V-1.500M10 -4V-1.500M6.500 -4V-1.500", fade(seam, 0.7), 1)
  );
}

/** Two arms that end at `x` left and right of the middle. */
function arms({ limbs }: Coat, x: number, y: number): string {
  return pair(line(`M-21 -37C-29 ${y - 4} ${-x - 4} ${y + 6} ${-x} ${y}`, shade(limbs, -0.08), 10));
}

function paws({ belly }: Coat, x: number, y: number): string {
  return pair(ellipse([-x, y], [6.4, 5.4], belly));
}

/** An open book seen from its covers. */
export function openBook(cover: Colour, page: Colour): string {
  return (
    fill(
      "M0 -41C-12 -48 -26 -47 -34 -44V-12C-26 -15 -12 -16 0 -9C12 -16 26 -15 34 -12V-44C26 -47 12 -48 0 -41Z",
      page,
    ) +
    fill("M-1.500 -36C-12 -43 -26 -43 -36 -40V-8C-26 -11 -12 -11 -1.500 -4Z", cover) +
    fill("M1.500 -36C12 -43 26 -43 36 -40V-8C26 -11 12 -11 1.500 -4Z", shade(cover, -0.1)) +
    line("M0 -36V-4.500", shade(cover, -0.3), 3.5) +
    fill(
      "M-19 -31L-17 -26.700L-12.300 -26.300L-15.900 -23.200L-14.800 -18.600L-19 -21L-23.200 -18.600L-22.100 -23.200L-25.700 -26.300L-21 -26.700Z",
      fade("#ffe9b0", 0.9),
    ) +
    line(
      "M12 -30C18 -32.500 24 -32.500 28 -31.500M12 -24.500C17 -26.500 21 -26.700 24 -26.200",
      fade("#ffe9b0", 0.8),
      2,
    )
  );
}

function cup(colour: Colour): string {
  return (
    line("M11 -30C20 -31 20 -19 10 -19", colour, 3.5) +
    fill("M-12 -35H12L10 -16Q9 -13 5 -13H-5Q-9 -13 -10 -16Z", colour) +
    ellipse([0, -35], [12, 3.2], "#6b4330") +
    line("M-4 -41C-7 -45 -1 -48 -4 -53M4 -41C1 -45 7 -48 4 -53", fade("#ffffff", 0.6), 1.8)
  );
}

const holding: Partial<Record<Act, (brush: Brush, coat: Coat) => string>> = {
  reading: ({ tone, random }, coat) =>
    arms(coat, 33, -17) +
    openBook(tone(random.pick(["#3f6fb0", "#b5464a", "#3c8577", "#7a4f9a"])), tone("#fff6e2")) +
    paws(coat, 34, -16),
  drinking: ({ tone, random }, coat) =>
    arms(coat, 14, -24) +
    cup(tone(random.pick(["#f4efe4", "#e0705a", "#4f8fa8"]))) +
    paws(coat, 13, -23),
};

const gazes: Partial<Record<Act, Gaze>> = {
  reading: "reading",
  sleeping: "closed",
  drinking: "closed",
};

/** A round glass helmet, for those who go to space. */
function helmet(tone: Brush["tone"]): string {
  return (
    `<circle cx="0" cy="-68" r="44" fill="#bfe3ff2e" stroke="${tone("#e8eef6")}" stroke-width="3.5"/>` +
    line("M-31 -86C-26 -95 -18 -101 -9 -103", fade("#ffffff", 0.8), 3.5) +
    ellipse([0, -26], [24, 5.5], tone("#e8eef6"))
  );
}

/** An umbrella held by someone whose head is at the usual place. */
function umbrellaAbove({ tone, random }: Brush): string {
  const colour = tone(random.pick(["#d9534a", "#e5a93c", "#4a86b8"]));
  return (
    line("M38 -16V-112", tone("#5b4636"), 3) +
    fill(
      "M-46 -104C-40 -136 -6 -150 8 -150C34 -150 62 -134 66 -104C58 -111 46 -111 38 -104C30 -111 16 -111 10 -104C2 -111 -12 -111 -18 -104C-26 -111 -38 -111 -46 -104Z",
      colour,
    ) +
    fill(
      "M8 -150C-4 -140 -14 -124 -18 -104C-26 -111 -38 -111 -46 -104C-40 -136 -6 -150 8 -150Z",
      fade("#ffffff", 0.14),
    ) +
    fill(
      "M8 -150C24 -140 36 -124 38 -104C46 -111 58 -111 66 -104C62 -134 34 -150 8 -150Z",
      fade("#1d1530", 0.14),
    )
  );
}

const sleepingSign = "M33 -92H40L33 -84H40M43 -106H53L43 -95H53M57 -124H70L57 -110H70";

/** What goes over the whole animal. */
export const attributes: Partial<Record<Act, (brush: Brush) => string>> = {
  sheltering: umbrellaAbove,
  spacewalking: ({ tone }) => helmet(tone),
  sleeping: ({ tone }) => line(sleepingSign, tone("#fff8ec"), 2.2),
};

function coatOf(sitter: Sitter, { tone, coat }: Brush): Coat {
  const own = tone(coat ?? sitter.coat);
  const limbs =
    sitter.limbs === undefined ? own : tone(coat === undefined ? sitter.limbs : shade(coat, -0.3));
  const belly = tone(coat === undefined ? sitter.belly : mix(coat, "#fff8ee", 0.72));
  return { coat: own, belly, limbs, dark: outline(own), blush: mix(own, "#f29a9a", 0.65) };
}

function body(sitter: Sitter, coat: Coat): string {
  const marks = sitter.markings.map((marking) => bodyMarkings[marking]?.(coat) ?? "").join("");
  const socks = sitter.limbs !== undefined && sitter.ears !== "floppy";
  return (
    fill(trunk, coat.coat) +
    ellipse([0, -27], [14, 19], fade(coat.belly, 0.92)) +
    marks +
    pair(
      ellipse([-24, -5], [12, 5.5], socks ? coat.limbs : coat.coat) +
        line("M-19 -16C-26 -18 -31 -13 -31 -8", fade(coat.dark, 0.25), 1.2),
    ) +
    fill(trunkShadow, fade(coat.dark, 0.12))
  );
}

function sittingFigure(sitter: Sitter): Figure {
  return (brush) => {
    const coat = coatOf(sitter, brush);
    const hold = brush.act === undefined ? undefined : holding[brush.act];
    const socks = sitter.limbs !== undefined && sitter.ears !== "floppy";
    const gaze = (brush.act === undefined ? undefined : gazes[brush.act]) ?? "open";
    const marks: readonly Marking[] = sitter.markings;
    return (
      (marks.includes("wings") ? wings(coat) : "") +
      tails[sitter.tail](coat) +
      body(sitter, coat) +
      (hold === undefined ? frontLegs(coat, socks) : "") +
      head(sitter, coat, gaze) +
      (hold === undefined ? "" : hold(brush, coat)) +
      (brush.act === undefined ? "" : (attributes[brush.act]?.(brush) ?? ""))
    );
  };
}

/** Every sitting animal by its name. */
export const sittingFigures = Object.fromEntries(
  Object.entries(sitters).map(([name, sitter]) => [name, sittingFigure(sitter)]),
) as Record<keyof typeof sitters, Figure>;
