import { type Colour, fade, mix, shade } from "../colour.ts";
import { box, circle, ellipse, fill, line, outward, soft } from "../svg.ts";
import type { Figure } from "./brush.ts";

const lantern: Figure = ({ tone, coat }) => {
  const red = tone(coat ?? "#d9402f");
  const gold = tone("#f2c14e");
  return (
    circle(
      [0, -62],
      80,
      outward([
        [0, fade("#ffb45c", 0.5)],
        [1, fade("#ffb45c", 0)],
      ]),
    ) +
    line("M0 -112V-96M0 -28V-18", gold, 3) +
    ellipse([0, -62], [44, 34], red) +
    ellipse([0, -62], [26, 34], fade("#ffb45c", 0.35)) +
    ellipse([0, -62], [10, 34], fade("#ffe6a0", 0.4)) +
    soft("M-16 -96H16V-92H-16ZM-16 -32H16V-28H-16Z", gold, 3) +
    line("M-5 -18V0M0 -18V4M5 -18V0", red, 2.4)
  );
};

const umbrella: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#d9534a");
  return (
    line("M0 -80V-10C0 2 -16 2 -16 -10", tone("#5b4636"), 4.5) +
    line("M0 -104V-94", tone("#5b4636"), 4) +
    fill(
      "M-64 -54C-58 -84 -30 -98 0 -98C30 -98 58 -84 64 -54C56 -62 42 -62 34 -54C26 -62 8 -62 0 -54C-8 -62 -26 -62 -34 -54C-42 -62 -56 -62 -64 -54Z",
      own,
    ) +
    fill(
      "M0 -98C-16 -88 -28 -74 -34 -54C-42 -62 -56 -62 -64 -54C-58 -84 -30 -98 0 -98Z",
      fade("#ffffff", 0.16),
    ) +
    fill(
      "M0 -98C16 -88 28 -74 34 -54C42 -62 56 -62 64 -54C58 -84 30 -98 0 -98Z",
      fade("#1d1530", 0.16),
    )
  );
};

const cake: Figure = ({ tone, coat }) => {
  const icing = tone(coat ?? "#f59bb0");
  const sponge = tone("#f3d6a4");
  return (
    ellipse([0, -2], [58, 7], tone("#e8e4ea")) +
    soft("M-44 -46H44V-8H-44Z", sponge, 4) +
    line("M-44 -26H44", tone("#c9584f"), 5) +
    fill(
      "M-47 -50H47V-38C44 -26 36 -26 34 -36C30 -24 20 -24 18 -36C14 -26 4 -26 2 -36C-2 -24 -12 -24 -14 -36C-18 -26 -28 -26 -30 -36C-34 -26 -44 -26 -47 -38Z",
      icing,
    ) +
    soft("M-26 -76H26V-52H-26Z", shade(sponge, 0.2), 4) +
    fill(
      "M-29 -79H29V-70C26 -62 20 -62 18 -69C14 -60 6 -60 4 -69C0 -60 -8 -60 -10 -69C-14 -62 -26 -60 -29 -70Z",
      icing,
    ) +
    [-16, 0, 16]
      .map(
        (x) =>
          line(`M${x} -80V-94`, tone("#fff8ec"), 4) +
          circle(
            [x, -102],
            14,
            outward([
              [0, fade("#ffdb6e", 0.5)],
              [1, fade("#ffdb6e", 0)],
            ]),
          ) +
          fill(
            `M${x} -110C${x + 5} -103 ${x + 4} -97 ${x} -97C${x - 4} -97 ${x - 5} -103 ${x} -110Z`,
            "#ffb03c",
          ),
      )
      .join("")
  );
};

const gift: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#4f8fa8");
  const ribbon = tone("#e2574c");
  return (
    soft("M-40 -50H40V-4H-40Z", own, 5) +
    fill("M14 -50H42V-4H14Z", fade(shade(own, -0.5), 0.16)) +
    soft("M-46 -66H46V-52H-46Z", shade(own, 0.14), 5) +
    box([-8, -68], [16, 66], ribbon) +
    fill(
      "M0 -68C-12 -92 -40 -92 -36 -76C-34 -68 -12 -68 0 -68C12 -68 34 -68 36 -76C40 -92 12 -92 0 -68Z",
      ribbon,
    ) +
    fill(
      "M-4 -70C-12 -84 -28 -86 -28 -78C-26 -72 -12 -71 -4 -70ZM4 -70C12 -84 28 -86 28 -78C26 -72 12 -71 4 -70Z",
      shade(ribbon, -0.3),
    )
  );
};

const pumpkin: Figure = ({ tone, coat, lamps }) => {
  const own = tone(coat ?? "#ee8a34");
  const light: Colour = lamps ? "#ffe27a" : tone("#5b3324");
  return (
    fill("M-4 -66C-6 -78 -2 -84 8 -88L14 -80C8 -78 6 -74 7 -66Z", tone("#6f8a4a")) +
    ellipse([-26, -34], [28, 33], shade(own, -0.14)) +
    ellipse([26, -34], [28, 33], shade(own, -0.14)) +
    ellipse([-12, -35], [24, 35], shade(own, -0.05)) +
    ellipse([12, -35], [24, 35], shade(own, -0.05)) +
    ellipse([0, -35], [16, 35], own) +
    fill(
      "M-26 -40L-16 -54L-8 -40ZM8 -40L16 -54L26 -40ZM-30 -28C-16 -20 16 -20 30 -28C24 -8 -24 -8 -30 -28Z",
      light,
    ) +
    fill("M-10 -23H-2V-16H-10ZM6 -13H14V-8H6Z", shade(own, -0.05))
  );
};

const christmasTree: Figure = ({ tone, coat, random }) => {
  const green = tone(coat ?? "#2f7a5a");
  const balls = [
    [-18, -34],
    [4, -30],
    [22, -38],
    [-10, -56],
    [12, -60],
    [-2, -80],
    [-26, -18],
    [0, -14],
    [28, -20],
  ];
  const tier = (y: number, half: number, height: number, colour: Colour) =>
    soft(
      `M0 ${y - height}L${half} ${y}C${half * 0.4} ${y + 5} ${-half * 0.4} ${y + 5} ${-half} ${y}Z`,
      colour,
      4,
    );
  return (
    box([-6, -14], [12, 14], tone("#6b4a38")) +
    tier(-10, 40, 44, shade(green, -0.14)) +
    tier(-34, 32, 40, shade(green, -0.05)) +
    tier(-58, 24, 38, green) +
    balls
      .map(([x = 0, y = 0]) =>
        circle([x, y], 3.8, tone(random.pick(["#e2574c", "#f6c445", "#7fc4d8", "#f59bb0"]))),
      )
      .join("") +
    circle(
      [0, -100],
      26,
      outward([
        [0, fade("#ffe27a", 0.7)],
        [1, fade("#ffe27a", 0)],
      ]),
    ) +
    fill(
      "M0 -114L4 -104.500L14 -104L6 -97.500L9 -88L0 -93.500L-9 -88L-6 -97.500L-14 -104L-4 -104.500Z",
      "#ffd75e",
    )
  );
};

const mushroom: Figure = ({ tone, coat }) => {
  const cap = tone(coat ?? "#d9473c");
  const stem = tone("#fbf0dc");
  return (
    fill("M-16 -46C-14 -24 -22 -8 -18 0H18C22 -8 14 -24 16 -46Z", stem) +
    fill("M4 -46H16C14 -24 22 -8 18 0H6C10 -14 10 -32 4 -46Z", fade(shade(stem, -0.5), 0.14)) +
    fill("M-52 -42C-50 -76 -24 -96 0 -96C24 -96 50 -76 52 -42C40 -34 -40 -34 -52 -42Z", cap) +
    fill("M-52 -42C-40 -34 40 -34 52 -42C40 -50 -40 -50 -52 -42Z", shade(stem, -0.1)) +
    ellipse([-22, -66], [9, 7], "#fff6ea") +
    ellipse([12, -80], [9, 7], "#fff6ea") +
    ellipse([30, -58], [6.5, 5.5], "#fff6ea") +
    ellipse([-2, -56], [5, 4], "#fff6ea")
  );
};

const balloons: Figure = ({ tone, coat }) => {
  const one = (x: number, y: number, colour: Colour) =>
    line(`M${x} ${y + 24}C${x * 0.6} ${y + 60} 4 -40 0 0`, fade(tone("#6a5a60"), 0.6), 1.2) +
    ellipse([x, y], [18, 23], colour) +
    fill(`M${x - 4} ${y + 27}H${x + 4}L${x} ${y + 22}Z`, colour) +
    ellipse([x - 6, y - 8], [3.4, 6], fade("#ffffff", 0.5));
  const own = tone(coat ?? "#e2574c");
  return (
    one(-26, -98, coat === undefined ? tone("#f6c445") : shade(own, 0.3)) +
    one(24, -104, coat === undefined ? tone("#5aa0c4") : shade(own, -0.2)) +
    one(0, -124, own)
  );
};

const heart: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#e2475a");
  return (
    fill(
      "M0 -8C-60 -48 -50 -92 -24 -92C-10 -92 -2 -84 0 -76C2 -84 10 -92 24 -92C50 -92 60 -48 0 -8Z",
      own,
    ) +
    fill(
      "M30 -91.500C50 -86 54 -48 0 -8C30 -38 42 -66 30 -91.500Z",
      fade(mix(own, "#2a1a2e", 0.6), 0.25),
    ) +
    ellipse([-26, -74], [7, 10], fade("#ffffff", 0.4))
  );
};

/** What belongs to feasts and to fairy tales. */
export const festiveThings = {
  cake,
  gift,
  lantern,
  umbrella,
  pumpkin,
  christmasTree,
  mushroom,
  balloons,
  heart,
} satisfies Record<string, Figure>;
