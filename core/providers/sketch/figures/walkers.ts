import { type Colour, fade, mix, shade } from "../colour.ts";
import { circle, ellipse, fill, line, soft } from "../svg.ts";
import { type Brush, type Figure, eyeColour } from "./brush.ts";

function eye(x: number, y: number, radius = 1.9): string {
  return circle([x, y], radius, eyeColour) + circle([x - 0.5, y - 0.7], radius * 0.35, "#ffffff");
}

// === Horse and unicorn

const horseBody =
  "M-37 -56C-37 -66 -28 -68.500 -15 -66C-3 -63.500 8 -65 14 -72C20 -81 23 -92 31 -99C35 -101.500 40 -99 43 -93L53 -81C56 -76.500 53 -72.500 48 -73L40 -77C36 -77.500 35 -74 34 -68C32 -56 29 -48 23 -43C9 -38 -14 -40 -25 -42C-34 -44 -37 -50 -37 -56Z";
const horseNearLegs =
  "M10 -46L25 -47C25 -37 22 -30 22 -23L22.500 -4L24 0H14L15 -23C14 -30 11 -38 10 -46ZM-37 -56C-39 -44 -33 -38 -36 -27C-38 -20 -35 -12 -35 -4L-33.500 0H-43L-42.500 -5C-43 -14 -46 -20 -44 -28C-42 -38 -44 -46 -37 -56ZM-37 -56L-20 -44C-24 -36 -30 -34 -33 -27Z";
const horseFarLegs =
  "M16 -46L28 -48C29 -40 35 -34 38 -29L34 -10L35 -6H27L28 -11L29 -26C24 -32 18 -38 16 -46ZM-26 -46L-14 -44C-17 -36 -24 -32 -24 -25L-20 -5L-18 0H-27L-27 -4L-32 -24C-32 -32 -28 -38 -26 -46Z";
const horseMane =
  "M33 -101C27 -102 21 -95 18 -86C15 -79 8 -74 3 -71C9 -66 16 -66 20 -71C25 -77 27 -88 35 -95Z";
const horseTail =
  "M-35 -62C-47 -64 -52 -52 -51 -42C-50 -34 -54 -28 -58 -25C-46 -24 -41 -34 -41 -44C-41 -51 -39 -54 -35 -55Z";

function horseWith(coat: Colour, hair: Colour, extra: string): string {
  return (
    fill(horseFarLegs, shade(coat, -0.22)) +
    fill(horseTail, hair) +
    fill(horseNearLegs, coat) +
    fill(horseBody, coat) +
    soft("M31 -99L32 -108L37 -100Z", coat, 2) +
    fill(
      "M-25 -42C-14 -40 9 -38 23 -43C27 -46 29 -50 31 -56C20 -46 -12 -46 -30 -48C-29 -45.500 -27.500 -43 -25 -42Z",
      fade(shade(coat, -0.5), 0.22),
    ) +
    fill(horseMane, hair) +
    fill("M34 -98C39 -97 41 -93 40 -88C37 -90 34 -93 33 -97Z", hair) +
    extra +
    eye(40.5, -89.5) +
    circle([51, -77.5], 1, shade(coat, -0.5))
  );
}

const horse: Figure = ({ tone, coat }) => {
  const own = coat ?? "#9c6238";
  return horseWith(tone(own), tone(mix(own, "#2b1a18", 0.65)), "");
};

const unicorn: Figure = ({ tone, coat }) =>
  horseWith(
    tone(coat ?? "#fbf3f4"),
    tone("#f08fb8"),
    fill("M38 -99L52 -118L43.500 -94Z", tone("#f5c95a")) +
      line("M22 -84C18 -76 12 -72 6 -70", tone("#8fb8f0"), 3) +
      line("M27 -92C22 -84 21 -76 16 -70", tone("#c29af0"), 3) +
      line("M-50 -44C-49 -35 -52 -29 -56 -26", tone("#8fb8f0"), 3),
  );

// === Deer

const deerBody =
  "M-31 -52C-32 -60 -25 -63 -15 -61C-4 -59 6 -60 12 -65C17 -72 18 -80 22 -87C26 -91 31 -90 35 -86L43 -81C46 -79 45 -75.500 41 -75.500L33 -76C29 -75 28 -70 27 -63C26 -53 23 -46 17 -42C5 -38 -11 -39 -20 -41C-28 -43 -31 -47 -31 -52Z";
const deerNearLegs =
  "M7 -45L19 -45C19 -36 16.500 -30 16.500 -23L16.500 0H11L10.500 -23C10 -30 7.500 -38 7 -45ZM-31 -52C-32 -42 -27 -37 -30 -27L-28 -14L-27.500 0H-33L-34 -14L-37 -27C-36 -38 -37 -45 -31 -52ZM-31 -52L-17 -42C-22 -34 -27 -33 -30 -26Z";
const deerFarLegs =
  "M13 -44L22 -46C22 -37 27 -30 27 -23L25 0H20L21 -23C18 -30 14 -37 13 -44ZM-22 -44L-12 -42C-15 -34 -21 -31 -21 -24L-18 0H-23.500L-27 -24C-27 -32 -24 -38 -22 -44Z";
const antler =
  "M25 -90C22 -99 15 -103 13 -113M22 -97C25 -103 24 -108 25 -113M17.500 -103C13 -105 9 -105 6 -109M28.500 -90C30 -99 38 -103 39 -114M30.500 -97C28 -103 30 -108 29 -113M35 -103C39 -105 44 -105 46 -110";

const deer: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#b5713f");
  const pale = tone("#f5e2c4");
  return (
    fill(deerFarLegs, shade(own, -0.25)) +
    line(antler, tone("#6d4a35"), 2.4) +
    fill("M-30 -58C-38 -62 -40 -56 -37 -50C-35 -47 -32 -49 -30 -51Z", pale) +
    fill("M21 -86C13 -92 9 -91 8 -89C10 -84 15 -81 21 -82Z", shade(own, -0.15)) +
    fill(deerNearLegs, own) +
    fill(deerBody, own) +
    fill("M29 -74C28 -70 28 -68 27 -63C26 -53 23 -46 17 -42C17 -52 20 -62 24 -72Z", pale) +
    fill(
      "M-20 -41C-11 -39 5 -38 17 -42C14 -45 -10 -44 -25 -44.500C-24 -43 -22 -41.500 -20 -41Z",
      fade(pale, 0.8),
    ) +
    [
      [-22, -55],
      [-14, -56],
      [-18, -50],
      [-8, -54],
      [-11, -49],
      [-1, -55],
      [-3, -50],
    ]
      .map(([x = 0, y = 0]) => circle([x, y], 1.5, pale))
      .join("") +
    circle([43.5, -79], 2.2, tone("#3a2a2a")) +
    eye(31.5, -83.5, 1.8)
  );
};

// === Elephant

const elephant: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#8f9db3");
  const pink = tone("#eab5b8");
  return (
    line("M-43 -54C-51 -48 -50 -38 -53 -31", shade(own, -0.15), 3) +
    fill(
      "M-30 -30H-15V-3Q-15 0 -18 0H-28Q-31 0 -31 -3ZM10 -30H25V-3Q25 0 22 0H12Q9 0 9 -3Z",
      shade(own, -0.22),
    ) +
    fill(
      "M-45 -50C-45 -70 -30 -80 -8 -80C14 -80 30 -72 30 -50C30 -38 28 -30 27 -3Q27 0 24 0H12Q9 0 9 -3L8 -22H-22L-23 -3Q-23 0 -26 0H-39Q-42 0 -42 -3C-42 -24 -45 -36 -45 -50Z",
      own,
    ) +
    fill(
      "M14 -78C20 -92 40 -94 48 -80C53 -70 51 -58 52 -46C53 -38 57 -36 61 -40C64 -43 68 -40 66 -36C60 -26 44 -26 42 -44C41 -50 38 -54 32 -54C20 -56 12 -66 14 -78Z",
      own,
    ) +
    fill("M39 -50C42 -44 48 -42 53 -43C49 -47 45 -50 43 -54Z", tone("#fff6e2")) +
    fill(
      "M20 -84C6 -92 -8 -82 -6 -66C-4 -52 8 -46 16 -52C24 -58 26 -72 20 -84Z",
      shade(own, -0.14),
    ) +
    fill("M17 -79C7 -84 -2 -78 -1 -67C1 -57 8 -53 14 -57C20 -62 21 -71 17 -79Z", fade(pink, 0.65)) +
    line(
      "M-37 -2.500H-34M-30 -2.500H-27M13 -2.500H16M20 -2.500H23M46 -36C48 -35 50 -35 52 -36M44 -42C46 -41 48 -41 50 -42",
      fade(shade(own, -0.5), 0.5),
      1.3,
    ) +
    eye(37, -74, 2.2)
  );
};

// === Giraffe

const giraffePatches =
  "M-22 -44L-14 -47L-11 -41L-17 -37L-24 -39ZM-8 -48L0 -50L3 -44L-3 -40L-8 -42ZM6 -52L13 -56L15 -49L9 -45ZM-13 -35L-6 -37L-3 -32L-10 -30ZM2 -38L9 -41L12 -35L5 -32ZM14 -62L19 -65L21 -58L16 -56ZM16 -73L22 -76L23 -69L18 -66ZM20 -84L25 -86L26 -79L21 -77ZM23 -94L28 -95L28 -89L24 -87Z";

const giraffe: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#f2c063");
  const brown = tone("#b0702f");
  return (
    fill("M8 -36H14L13 0H8.500ZM-18 -34H-12L-14 0H-18.500Z", shade(own, -0.2)) +
    line("M-26 -42C-33 -36 -31 -28 -33 -23", brown, 2.2) +
    fill(
      "M-27 -40C-27 -48 -18 -51 -8 -52C4 -54 11 -62 14 -74L21 -100C24 -106 30 -107 34 -103L45 -96C48 -93 46 -89 42 -90L33 -91C31 -84 27 -64 25 -52C24 -42 21 -36 19 -33L18 0H12.500L10 -29C2 -27 -10 -27 -17 -29L-21 0H-26.500L-25 -28C-27 -32 -27 -36 -27 -40Z",
      own,
    ) +
    fill(giraffePatches, brown) +
    line("M24 -103L22 -112M29 -105L29 -114", own, 2.4) +
    circle([22, -113], 2.4, brown) +
    circle([29, -115], 2.4, brown) +
    fill("M21 -101C15 -104 12 -102 12 -100C14 -97 18 -96 22 -97Z", shade(own, -0.12)) +
    line("M11 -62L17 -84L20 -98", brown, 2.2) +
    eye(32.5, -98.5, 1.7)
  );
};

// === Sheep

const wool: readonly (readonly [number, number, number])[] = [
  [-26, -36, 13],
  [-30, -24, 11],
  [-18, -46, 13],
  [-4, -50, 14],
  [10, -46, 13],
  [19, -36, 12],
  [18, -24, 12],
  [4, -18, 13],
  [-12, -17, 13],
  [-4, -34, 22],
];

const sheep: Figure = ({ tone, coat }) => {
  const fleece = tone(coat ?? "#fbf5ea");
  const face = tone("#4a4048");
  return (
    line("M-20 -14V-3M-8 -14V-3M6 -14V-3M16 -14V-3", face, 5) +
    wool.map(([x, y, radius]) => circle([x, y + 1.5], radius, shade(fleece, -0.12))).join("") +
    wool.map(([x, y, radius]) => circle([x - 0.8, y - 1], radius - 0.5, fleece)).join("") +
    line(
      "M-18 -40C-15 -44 -10 -43 -9 -39M-2 -30C1 -34 6 -33 7 -29M-22 -26C-19 -30 -14 -29 -13 -25M0 -44C3 -47 8 -46 9 -43",
      fade(shade(fleece, -0.4), 0.35),
      1.5,
    ) +
    fill("M20 -50C15 -52 12 -50 12 -48C14 -45 18 -44 22 -45Z", shade(face, 0.12)) +
    fill("M20 -50C23 -56 33 -56 35 -49C38 -42 38 -34 34 -32C29 -30 23 -34 21 -41Z", face) +
    [
      [21, -53],
      [26, -56],
      [31, -55],
    ]
      .map(([x = 0, y = 0]) => circle([x, y], 5, fleece))
      .join("") +
    circle([30, -44], 2.2, "#ffffff") +
    circle([30.5, -43.8], 1.3, eyeColour)
  );
};

// === Camel and dinosaur

const camel: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#cf9a5b");
  return (
    fill("M14 -42H22L19 0H14ZM-22 -42H-13L-17 0H-22Z", shade(own, -0.22)) +
    line("M-37 -52C-42 -46 -41 -40 -43 -35", shade(own, -0.2), 2.5) +
    fill(
      "M-38 -48C-39 -60 -31 -62 -26 -68C-23 -77 -14 -78 -11 -69C-9 -65 -5 -65 -2 -69C2 -79 11 -77 13 -68C15 -60 20 -54 25 -55C31 -57 29 -70 31 -79C33 -87 40 -89 45 -85L53 -80C56 -77 54 -73 50 -73L43 -74C40 -72 41 -62 38 -54C35 -46 28 -42 22 -40L20 -38L17.500 -24L18 0H11L9 -24L8 -37C-2 -34 -16 -34 -24 -37L-28 -24L-27 0H-34L-35 -24C-37 -34 -38 -40 -38 -48Z",
      own,
    ) +
    fill("M-14 -67C-9 -64 -4 -64 1 -67L6 -45C-2 -42 -13 -42 -20 -45Z", tone("#b5464a")) +
    line(
      "M-18 -49C-12 -46.500 -3 -46.500 4 -49M-15 -61C-9 -58.500 -4 -58.500 2 -61",
      tone("#f0c45e"),
      2,
    ) +
    soft("M33 -86L32 -91L36 -88Z", own, 2) +
    eye(44, -80.5, 1.7)
  );
};

const dinosaur: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#6fae6a");
  const plate = tone(coat === undefined ? "#e98d57" : shade(coat, 0.35));
  return (
    soft(
      "M-38 -30L-40 -40L-30 -38ZM-28 -42L-27 -54L-17 -49ZM-12 -52L-8 -64L1 -56ZM4 -62L10 -74L16 -64ZM14 -78L18 -90L25 -82Z",
      plate,
      3,
    ) +
    fill("M4 -22H16V-3Q16 0 13 0H5ZM-26 -20H-14V-3Q-14 0 -17 0H-25Z", shade(own, -0.22)) +
    fill(
      "M-64 -8C-52 -10 -44 -22 -36 -34C-26 -48 -8 -54 4 -58C12 -62 14 -72 18 -82C22 -94 38 -98 48 -91C58 -84 57 -73 48 -70C42 -68 36 -70 34 -66C31 -58 32 -46 27 -34C25 -30 25 -24 25 -3Q25 0 22 0H12Q9 0 9 -3V-17C2 -14 -8 -14 -15 -17L-16 -3Q-16 0 -19 0H-30Q-33 0 -33 -3L-32 -16C-40 -8 -52 -4 -64 -8Z",
      own,
    ) +
    fill(
      "M28 -60C28 -50 26 -40 20 -32C10 -22 -12 -18 -28 -19C-12 -30 10 -30 18 -46C22 -54 24 -60 28 -66Z",
      fade(tone("#f3e3a4"), 0.75),
    ) +
    line("M38 -75C43 -73 48 -74 51 -77", shade(own, -0.45), 1.8) +
    ellipse([34.5, -76], [3.4, 2.2], fade(tone("#f07f7f"), 0.5)) +
    eye(38, -85, 2.6) +
    circle([52, -84], 1, shade(own, -0.45))
  );
};

/** Animals on four legs, seen from the side. */
export const walkers = {
  horse,
  unicorn,
  deer,
  elephant,
  giraffe,
  sheep,
  camel,
  dinosaur,
} satisfies Record<string, (brush: Brush) => string>;
