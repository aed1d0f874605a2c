import { fade, mix, shade } from "../colour.ts";
import { circle, ellipse, fill, line, pair, placed, rotated } from "../svg.ts";
import { type Figure, eyeColour } from "./brush.ts";

const butterfly: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#f08a3c");
  const rim = mix(own, "#2a1a2e", 0.75);
  const wing =
    fill("M2 -52C10 -84 44 -100 56 -88C64 -76 52 -52 4 -46Z", rim) +
    fill("M4 -44C34 -46 46 -34 42 -18C36 -4 14 -14 2 -40Z", rim) +
    fill("M5 -53C14 -78 42 -92 51 -84C56 -74 44 -54 7 -49Z", own) +
    fill("M7 -42C30 -44 40 -34 37 -21C32 -12 16 -18 6 -39Z", mix(own, "#ffe28a", 0.45)) +
    circle([41, -76], 4.6, fade("#fff6e0", 0.9)) +
    circle([29, -25], 3.4, fade("#fff6e0", 0.9));
  return rotated(
    pair(wing) +
      line("M0 -58C3 -68 8 -74 14 -76M0 -58C-3 -68 -8 -74 -14 -76", rim, 1.8) +
      ellipse([0, -42], [3.6, 18], eyeColour) +
      circle([0, -60], 4.4, eyeColour),
    12,
  );
};

const bee: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#f6c344");
  const dark = tone("#3a2d2a");
  return (
    `<g transform="rotate(-24 -4 -62)">${ellipse([-6, -78], [13, 22], fade("#ffffff", 0.75))}</g>` +
    `<g transform="rotate(14 8 -62)">${ellipse([10, -78], [12, 20], fade("#ffffff", 0.6))}</g>` +
    fill("M-42 -42L-54 -38L-42 -34Z", dark) +
    ellipse([0, -40], [44, 26], own) +
    fill(
      "M-22 -62.500C-16 -50 -16 -30 -22 -17.500L-10 -14.700C-4 -30 -4 -50 -10 -65.300ZM4 -66C11 -50 11 -30 4 -14L16 -15.800C22 -30 22 -50 16 -64.200Z",
      dark,
    ) +
    line("M34 -58C38 -68 44 -72 50 -72M26 -62C28 -72 32 -78 38 -80", dark, 2) +
    circle([31, -45], 3.6, eyeColour) +
    circle([30, -46.3], 1.2, "#ffffff") +
    ellipse([25, -36], [4.4, 2.8], fade("#f07a5a", 0.55)) +
    line("M32 -36C34 -34 37 -34 39 -37", eyeColour, 1.7)
  );
};

const snail: Figure = ({ tone, coat }) => {
  const own = tone("#e9c79a");
  const shell = tone(coat ?? "#c9744a");
  return (
    line("M48 -38C50 -48 54 -54 58 -56M42 -38C42 -48 40 -54 38 -58", own, 4) +
    circle([58, -57], 4.4, own) +
    circle([38, -59], 4.4, own) +
    circle([59, -57.5], 2.2, eyeColour) +
    circle([39, -59.5], 2.2, eyeColour) +
    fill(
      "M-62 -2C-50 -14 -30 -16 -8 -16C14 -16 22 -20 30 -34C36 -44 52 -44 56 -32C60 -14 46 0 26 0H-58C-62 0 -64 -1 -62 -2Z",
      own,
    ) +
    circle([-10, -40], 32, shell) +
    line(
      "M-10 -40C-8 -44 -2 -42 -2 -36C-2 -28 -14 -26 -19 -33C-25 -42 -18 -54 -7 -54C8 -54 14 -40 10 -28C6 -18 -6 -14 -16 -16",
      shade(shell, -0.28),
      4,
    ) +
    fill("M-34 -54C-26 -66 -12 -70 2 -66C-12 -66 -24 -60 -31 -48Z", fade("#ffffff", 0.3)) +
    line("M46 -22C48 -19 51 -19 53 -21", eyeColour, 1.7) +
    ellipse([43, -25], [3.4, 2.2], fade("#f28b8b", 0.5))
  );
};

const ladybird: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#d9473c");
  return (
    line(
      "M34 -44C40 -54 48 -56 52 -54M30 -48C32 -58 38 -64 44 -64M-22 -10V0M0 -10V0M20 -10V0",
      eyeColour,
      2.6,
    ) +
    circle([30, -30], 18, eyeColour) +
    fill("M-46 -10C-46 -42 -24 -58 -2 -58C20 -58 32 -40 32 -10Z", own) +
    [
      [-28, -26, 6],
      [-12, -44, 5.5],
      [-6, -22, 6.5],
      [12, -42, 5.5],
      [18, -22, 6],
    ]
      .map(([x = 0, y = 0, radius = 0]) => circle([x, y], radius, eyeColour))
      .join("") +
    circle([38, -34], 4.2, "#ffffff") +
    circle([39, -34], 2.3, eyeColour)
  );
};

// === Flowers, as a subject of their own

function petals(
  count: number,
  radius: number,
  [long, wide]: readonly [number, number],
  paint: `#${string}`,
): string {
  return Array.from({ length: count }, (_, index) =>
    rotated(ellipse([0, -radius], [wide, long], paint), (index * 360) / count),
  ).join("");
}

const flower: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#ef7d8e");
  const green = tone("#5b9a5a");
  return (
    line("M0 0C-3 -18 3 -30 0 -58", green, 4) +
    fill(
      "M-1 -14C-10 -34 -28 -34 -34 -30C-30 -16 -14 -8 -1 -12ZM1 -22C10 -40 26 -40 32 -36C28 -22 14 -16 1 -20Z",
      green,
    ) +
    placed(
      petals(8, 17, [13, 8], own) +
        petals(8, 13, [8, 3], fade(shade(own, -0.25), 0.4)) +
        circle([0, 0], 10, tone("#f6c445")) +
        circle([2, 2], 6, fade(tone("#d9972f"), 0.6)),
      [0, -72],
      1,
    )
  );
};

const sunflower: Figure = ({ tone }) => {
  const green = tone("#5b8f4a");
  return (
    line("M0 0C3 -20 -3 -36 0 -62", green, 5) +
    fill(
      "M-1 -16C-10 -38 -30 -40 -38 -36C-34 -20 -16 -10 -1 -14ZM1 -26C10 -46 28 -48 36 -44C32 -28 16 -20 1 -24Z",
      green,
    ) +
    placed(
      rotated(petals(14, 19, [12, 5.5], tone("#eda72a")), 12) +
        petals(14, 18, [11, 5], tone("#fbc93d")) +
        circle([0, 0], 13.5, tone("#6b4226")) +
        circle([-1, -1], 9, tone("#83552f")),
      [0, -74],
      1,
    )
  );
};

const rose: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#d43d51");
  const green = tone("#4f8a56");
  return (
    line("M0 0C-4 -20 4 -34 0 -60", green, 4) +
    fill(
      "M-1 -20C-8 -36 -24 -38 -30 -34C-26 -22 -14 -14 -1 -18ZM1 -30C8 -44 22 -46 28 -42C24 -30 14 -24 1 -28Z",
      green,
    ) +
    fill(
      "M-22 -84C-26 -66 -16 -56 0 -56C16 -56 26 -66 22 -84C16 -80 12 -80 8 -84C4 -90 -4 -90 -8 -84C-12 -80 -16 -80 -22 -84Z",
      own,
    ) +
    fill(
      "M-14 -86C-16 -98 14 -98 14 -86C14 -74 4 -68 0 -62C-4 -68 -14 -74 -14 -86Z",
      shade(own, -0.18),
    ) +
    line(
      "M-7 -88C-5 -93 6 -92 6 -86C6 -81 -2 -82 -1 -86M-18 -78C-12 -66 -4 -64 0 -62C4 -64 12 -66 18 -78",
      shade(own, -0.38),
      2,
    )
  );
};

const tulip: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#f0719a");
  const green = tone("#5b9a5a");
  return (
    line("M0 0V-62", green, 4) +
    fill(
      "M-1 -2C-22 -14 -28 -38 -26 -52C-12 -42 -2 -24 -1 -2ZM1 -2C20 -12 26 -30 24 -44C12 -36 2 -20 1 -2Z",
      green,
    ) +
    fill(
      "M-20 -92C-12 -88 -8 -86 -6 -82C-4 -90 -2 -94 0 -98C2 -94 4 -90 6 -82C8 -86 12 -88 20 -92C26 -72 16 -58 0 -58C-16 -58 -26 -72 -20 -92Z",
      own,
    ) +
    fill("M0 -98C6 -88 9 -76 0 -58C-9 -76 -6 -88 0 -98Z", shade(own, 0.22))
  );
};

/** The small ones: insects and flowers. */
export const smallOnes = {
  butterfly,
  bee,
  snail,
  ladybird,
  flower,
  sunflower,
  rose,
  tulip,
} satisfies Record<string, Figure>;
