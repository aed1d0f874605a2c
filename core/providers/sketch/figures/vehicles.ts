import { type Colour, fade, mix, shade } from "../colour.ts";
import { box, circle, ellipse, fill, line, soft } from "../svg.ts";
import type { Brush, Figure } from "./brush.ts";

/** What shines through a window of this picture. */
function pane({ tone, lamps }: Brush): Colour {
  return lamps ? "#ffe08a" : tone("#cfe8f2");
}

function wheel(x: number, radius: number, { tone }: Brush): string {
  return (
    circle([x, -radius], radius, tone("#33303c")) +
    circle([x, -radius], radius * 0.5, tone("#d8d5d0"))
  );
}

const car: Figure = (brush) => {
  const own = brush.tone(brush.coat ?? "#d9534a");
  return (
    (brush.lamps ? fill("M66 -28L130 -44V-2L66 -18Z", fade("#ffe9a8", 0.28)) : "") +
    fill(
      "M-44 -36C-38 -54 -32 -62 -20 -63H14C26 -62 34 -50 42 -37C58 -35 68 -32 69 -20V-10Q69 -6 65 -6H-62Q-67 -6 -67 -12C-68 -26 -64 -34 -44 -36Z",
      own,
    ) +
    fill("M-35 -37C-31 -50 -26 -56 -17 -57H-4V-37ZM1 -57H12C21 -56 27 -48 33 -37H1Z", pane(brush)) +
    fill("M-67 -18H69V-10Q69 -6 65 -6H-62Q-67 -6 -67 -12Z", shade(own, -0.16)) +
    line("M-2 -34V-10M4 -30H10", fade(shade(own, -0.5), 0.5), 1.6) +
    circle([63, -24], 5, brush.lamps ? "#fff3bf" : brush.tone("#fbeecb")) +
    wheel(-38, 14, brush) +
    wheel(40, 14, brush)
  );
};

const bus: Figure = (brush) => {
  const own = brush.tone(brush.coat ?? "#e9a83a");
  return (
    soft("M-70 -72H66Q70 -72 72 -64L76 -34V-10H-70Z", own, 6) +
    [-62, -36, -10, 16].map((x) => box([x, -64], [20, 22], pane(brush), 3)).join("") +
    fill("M44 -64H62L68 -42H44Z", pane(brush)) +
    box([-73, -32], [152, 5], brush.tone("#fff4df")) +
    wheel(-40, 13, brush) +
    wheel(44, 13, brush)
  );
};

function carriage(x: number, colour: Colour, brush: Brush): string {
  return (
    soft(`M${x - 36} -56H${x + 36}V-14H${x - 36}Z`, colour, 5) +
    [-28, -8, 12].map((offset) => box([x + offset, -48], [15, 16], pane(brush), 2)).join("") +
    line(`M${x - 38} -20H${x + 38}`, brush.tone("#f6dfae"), 3) +
    line(`M${x + 38} -12H${x + 48}`, brush.tone("#33303c"), 4) +
    wheel(x - 22, 8, brush) +
    wheel(x + 22, 8, brush)
  );
}

const train: Figure = (brush) => {
  const own = brush.tone(brush.coat ?? "#c8453f");
  const dark = brush.tone("#33303c");
  const steam = [
    [62, -100, 9],
    [48, -112, 12],
    [28, -120, 15],
    [2, -126, 17],
  ];
  return (
    steam
      .map(([x = 0, y = 0, radius = 0], index) =>
        circle([x, y], radius, fade(brush.tone("#ffffff"), 0.75 - index * 0.13)),
      )
      .join("") +
    carriage(-146, brush.tone("#3f7f86"), brush) +
    carriage(-58, brush.tone("#e0a040"), brush) +
    fill("M62 -66L58 -88H76L72 -66Z", dark) +
    soft("M-8 -80H30V-14H-8Z", own, 5) +
    box([-2, -72], [26, 24], pane(brush), 3) +
    line("M-15 -83H37", dark, 6) +
    soft("M32 -58H80Q88 -58 88 -46V-16H32Z", own, 4) +
    line("M48 -60V-14M66 -60V-14", brush.tone("#f0c45e"), 3) +
    circle([86, -46], 6, brush.lamps ? "#fff3bf" : brush.tone("#f7e8bd")) +
    fill("M86 -16L108 0H70Z", dark) +
    wheel(4, 13, brush) +
    wheel(36, 10, brush) +
    wheel(62, 10, brush) +
    line("M4 -13L36 -10L62 -10", brush.tone("#d8d5d0"), 3)
  );
};

const bicycle: Figure = (brush) => {
  const own = brush.tone(brush.coat ?? "#3f8f88");
  const dark = brush.tone("#3a3540");
  return (
    `<circle cx="-36" cy="-26" r="24" fill="none" stroke="${dark}" stroke-width="4"/><circle cx="38" cy="-26" r="24" fill="none" stroke="${dark}" stroke-width="4"/>` +
    line(
      "M-36 -26L-56 -39M-36 -26L-24 -46M-36 -26L-30 -3M38 -26L18 -38M38 -26L52 -44M38 -26L44 -3",
      fade(dark, 0.35),
      1.2,
    ) +
    line("M-36 -26L-16 -60L24 -62L-2 -26ZM-20 -68L-2 -26M38 -26L22 -72", own, 4.5) +
    line("M-30 -70H-12", dark, 6) +
    line("M22 -72L30 -78H18", dark, 4) +
    circle([-2, -26], 6, dark) +
    soft("M28 -70H52L48 -52H32Z", brush.tone("#c08a54"), 3) +
    circle([34, -74], 6, brush.tone("#ef7d8e")) +
    circle([42, -77], 6, brush.tone("#f6c445")) +
    circle([49, -73], 5, brush.tone("#fdf3ee"))
  );
};

// === On the water: they float a little below their origin

const boat: Figure = (brush) => {
  const own = brush.tone(brush.coat ?? "#c24e3f");
  const sail = brush.tone("#fff7e8");
  return (
    line("M2 -14V-104", brush.tone("#6b4a38"), 3.5) +
    fill("M-2 -100C-8 -70 -26 -40 -46 -24H-2Z", shade(sail, -0.1)) +
    fill("M6 -104C30 -84 46 -54 48 -24H6Z", sail) +
    fill("M22 -90C38 -72 47 -48 48 -24H34C36 -48 32 -70 22 -90Z", fade(own, 0.8)) +
    fill("M2 -104L20 -109L2 -114Z", own) +
    fill("M-56 -18H58C54 -4 46 4 34 6H-34C-46 4 -52 -4 -56 -18Z", own) +
    fill("M-56 -18H58L56 -12H-54Z", shade(own, 0.4))
  );
};

const ship: Figure = (brush) => {
  const own = brush.tone(brush.coat ?? "#34506f");
  const white = brush.tone("#fbf6ec");
  const windows = (y: number, from: number, to: number) => {
    const count = Math.floor((to - from) / 12);
    return Array.from({ length: count }, (_, index) =>
      circle([from + 6 + index * 12, y], 2.6, pane(brush)),
    ).join("");
  };
  return (
    fill("M-20 -62H0V-92H-18ZM16 -62H34V-88H17Z", brush.tone("#d9534a")) +
    line("M-19 -84H0M16 -80H34", white, 4) +
    [
      [-12, -102, 7],
      [-22, -110, 10],
      [-38, -116, 13],
    ]
      .map(([x = 0, y = 0, radius = 0]) => circle([x, y], radius, fade(white, 0.5)))
      .join("") +
    soft("M-48 -62H52L58 -46H-54Z", white, 3) +
    soft("M-62 -42H72L76 -26H-66Z", white, 3) +
    windows(-54, -42, 48) +
    windows(-35, -58, 68) +
    fill("M-84 -26H98C92 -8 82 4 70 8H-66C-76 0 -82 -12 -84 -26Z", own) +
    line("M-80 -18H94", fade(white, 0.8), 2.4)
  );
};

/** A flat boat with a roof of reeds and a lantern, as on the rivers of the south. */
const sampan: Figure = (brush) => {
  const wood = brush.tone(brush.coat ?? "#5a4034");
  const hat = brush.tone("#d8b072");
  return (
    fill("M-18 -10C-20 -36 -8 -42 6 -42C22 -42 34 -34 32 -10Z", brush.tone("#9c7a4c")) +
    line("M-15 -28C-4 -32 18 -32 29 -28M-17 -19C-4 -22 20 -22 31 -19", fade(wood, 0.5), 2) +
    line("M-40 -52L-70 8", wood, 2.6) +
    fill("M-46 -12L-44 -36C-42 -42 -32 -42 -30 -36L-28 -12Z", brush.tone("#4f6f86")) +
    circle([-37, -45], 6, brush.tone("#eebd95")) +
    fill("M-52 -47L-37 -60L-22 -47Z", hat) +
    line("M42 -12V-36H50", wood, 2.2) +
    ellipse([50, -29], [5, 6.5], brush.lamps ? "#ffb85c" : brush.tone("#d9534a")) +
    fill("M-78 -20C-60 -10 40 -10 70 -22C64 -4 48 6 32 6H-44C-60 4 -72 -6 -78 -20Z", wood)
  );
};

// === In the air

const hotAirBalloon: Figure = (brush) => {
  const own = brush.tone(
    brush.coat ?? brush.random.pick(["#d9534a", "#e58a3c", "#4f8fa8", "#7a5ea8"]),
  );
  const pale = brush.tone("#fff1d8");
  return (
    line("M-14 -34L-9 -14M14 -34L9 -14M0 -32V-14", brush.tone("#6b4a38"), 1.4) +
    soft("M-9 -13H9L7.500 -1H-7.500Z", brush.tone("#a8744a"), 2.5) +
    (brush.lamps ? ellipse([0, -32], [9, 9], fade("#ffd873", 0.85)) : "") +
    fill(
      "M0 -128C34 -128 50 -104 50 -82C50 -58 26 -42 14 -32H-14C-26 -42 -50 -58 -50 -82C-50 -104 -34 -128 0 -128Z",
      own,
    ) +
    fill(
      "M0 -128C-22 -128 -30 -104 -30 -82C-30 -58 -14 -42 -8 -32H-14C-26 -42 -50 -58 -50 -82C-50 -104 -34 -128 0 -128Z",
      pale,
    ) +
    fill(
      "M0 -128C-8 -124 -12 -104 -12 -82C-12 -58 -5 -42 -3 -32H3C5 -42 12 -58 12 -82C12 -104 8 -124 0 -128Z",
      pale,
    ) +
    fill(
      "M0 -128C22 -128 30 -104 30 -82C30 -58 14 -42 8 -32H14C26 -42 50 -58 50 -82C50 -104 34 -128 0 -128Z",
      pale,
    ) +
    fill(
      "M14 -126C40 -120 50 -100 50 -82C50 -58 26 -42 14 -32H4C24 -50 36 -62 36 -86C36 -104 26 -118 14 -126Z",
      fade(shade(own, -0.5), 0.2),
    ) +
    line("M-14 -32H14", shade(own, -0.3), 3)
  );
};

const rocket: Figure = (brush) => {
  const own = brush.tone(brush.coat ?? "#e2574c");
  const white = brush.tone("#f7f5f0");
  return (
    `<g transform="rotate(24 0 -60)">` +
    fill("M-12 -10C-18 12 -6 20 0 44C6 20 18 12 12 -10Z", "#ff9b3d") +
    fill("M-6 -10C-9 4 -3 10 0 24C3 10 9 4 6 -10Z", "#ffe27a") +
    fill("M-18 -50C-34 -40 -38 -24 -36 -6L-16 -20ZM18 -50C34 -40 38 -24 36 -6L16 -20Z", own) +
    fill("M0 -126C18 -108 26 -78 14 -10H-14C-26 -78 -18 -108 0 -126Z", white) +
    fill("M0 -126C18 -108 26 -78 14 -10H4C16 -60 14 -104 0 -126Z", fade(shade(white, -0.5), 0.2)) +
    fill("M0 -126C7 -119 12.500 -110 16 -98H-16C-12.500 -110 -7 -119 0 -126Z", own) +
    circle([0, -74], 11, own) +
    circle([0, -74], 7.5, "#8fd3f0") +
    line("M-4 -77C-3 -79 -1 -80 1 -80", "#ffffff", 1.8) +
    fill("M-16.500 -22H16.500L14 -10H-14Z", shade(own, -0.15)) +
    line("M0 -36V-8", own, 6) +
    "</g>"
  );
};

const aeroplane: Figure = (brush) => {
  const own = brush.tone(brush.coat ?? "#f3f1ec");
  const trim = brush.tone("#d9534a");
  return (
    `<g transform="rotate(-10 0 -50)">` +
    fill("M-70 -56L-88 -84H-74L-48 -58Z", trim) +
    fill("M4 -54L-16 -84H-4L30 -56Z", mix(own, "#5a6a8a", 0.3)) +
    fill(
      "M-82 -58C-40 -66 30 -68 58 -62C76 -58 84 -50 84 -46C84 -40 66 -36 40 -36C0 -36 -50 -44 -82 -58Z",
      own,
    ) +
    fill(
      "M-82 -58C-60 -54 60 -44 83.500 -44C80 -38 64 -36 40 -36C0 -36 -50 -44 -82 -58Z",
      fade(trim, 0.85),
    ) +
    fill("M58 -62C70 -59 77 -55 80 -52H60Z", pane(brush)) +
    [-36, -22, -8, 6, 20, 34, 46].map((x) => circle([x, -54], 3, pane(brush))).join("") +
    fill("M10 -44L-34 -14H-18L34 -42Z", shade(own, -0.16)) +
    "</g>"
  );
};

const ufo: Figure = (brush) => {
  const own = brush.tone(brush.coat ?? "#9aa6bd");
  return (
    fill("M-22 -50H22L54 40H-54Z", fade("#b8ffd9", 0.3)) +
    fill("M-28 -64C-28 -92 28 -92 28 -64Z", fade("#a8e8f5", 0.85)) +
    ellipse([0, -70], [9, 11], "#8fd06a") +
    ellipse([-4, -72], [2.4, 3.6], "#1f2a1f") +
    ellipse([4, -72], [2.4, 3.6], "#1f2a1f") +
    ellipse([0, -56], [60, 14], own) +
    ellipse([0, -60], [46, 8], shade(own, 0.3)) +
    [-42, -22, 0, 22, 42].map((x) => circle([x, -53 + (x * x) / -600], 3.6, "#ffe27a")).join("")
  );
};

const kite: Figure = (brush) => {
  const own = brush.tone(brush.coat ?? "#e2574c");
  return (
    line("M0 -40C-20 0 -60 20 -110 110", fade(brush.tone("#4a4048"), 0.6), 1.2) +
    line("M0 -40C8 -26 -8 -20 0 -8C8 2 -6 8 0 20", brush.tone("#4f8fa8"), 2.4) +
    fill("M0 -120L34 -84L0 -40L-34 -84Z", own) +
    fill("M0 -120L34 -84H0ZM0 -84V-40L-34 -84Z", brush.tone("#f6c445")) +
    fill("M-8 -18L0 -13L8 -18V-8L0 -13L-8 -8ZM-8 8L0 13L8 8V18L0 13L-8 18Z", own)
  );
};

/** What carries people. */
export const vehicles = {
  car,
  bus,
  train,
  bicycle,
  boat,
  ship,
  sampan,
  hotAirBalloon,
  rocket,
  aeroplane,
  ufo,
  kite,
} satisfies Record<string, Figure>;
