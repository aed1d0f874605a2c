import { type Colour, fade, shade } from "../colour.ts";
import { circle, ellipse, fill, line, outward, soft } from "../svg.ts";
import type { Figure } from "./brush.ts";

const book: Figure = ({ tone, coat }) => {
  const cover = tone(coat ?? "#b5464a");
  const page = tone("#fff8e8");
  return (
    fill("M-65 -52H65V-7C40 -16 16 -13 0 -1C-16 -13 -40 -16 -65 -7Z", cover) +
    fill(
      "M0 -10C-16 -24 -38 -26 -58 -18V-58C-38 -66 -16 -64 0 -52C16 -64 38 -66 58 -58V-18C38 -26 16 -24 0 -10Z",
      page,
    ) +
    fill(
      "M0 -10C-5 -16 -9 -19 -14 -20.500V-60C-9 -58 -4 -55.500 0 -52C4 -55.500 9 -58 14 -60V-20.500C9 -19 5 -16 0 -10Z",
      fade(shade(page, -0.5), 0.16),
    ) +
    line(
      "M-48 -50C-38 -53 -28 -53 -20 -50M-48 -42C-38 -45 -28 -45 -20 -42M-48 -34C-38 -37 -28 -37 -20 -34M-48 -27C-40 -29.500 -34 -30 -28 -29M22 -34C30 -37 38 -37 48 -34M22 -27C30 -29.500 36 -30 44 -28",
      fade(shade(page, -0.55), 0.5),
      1.8,
    ) +
    circle([35, -48], 6, tone("#f6c445")) +
    line("M58 -58L62 -54V-12M-58 -58L-62 -54V-12", page, 2) +
    fill("M6 -54L14 -59V-28L10 -32L6 -27Z", tone("#4f8fa8"))
  );
};

const cup: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#f3efe6");
  return (
    line("M34 -44C54 -48 54 -16 30 -18", own, 7) +
    ellipse([0, -3], [46, 6], shade(own, -0.14)) +
    fill("M-38 -58H38C38 -28 30 -4 18 -4H-18C-30 -4 -38 -28 -38 -58Z", own) +
    fill("M16 -58H38C38 -28 30 -4 18 -4H6C14 -18 18 -38 16 -58Z", fade(shade(own, -0.5), 0.12)) +
    ellipse([0, -58], [38, 8], shade(own, 0.3)) +
    ellipse([0, -57], [33, 6], tone("#6b4330")) +
    line(
      "M-12 -72C-20 -82 -4 -90 -12 -102M6 -74C-2 -86 14 -94 6 -108M22 -72C16 -80 28 -88 22 -98",
      fade("#ffffff", 0.55),
      4,
    ) +
    fill(
      "M0 -24C-14 -34 -10 -44 -3 -43C-1 -42.500 0 -41 0 -40C0 -41 1 -42.500 3 -43C10 -44 14 -34 0 -24Z",
      fade(tone("#d9534a"), 0.8),
    )
  );
};

const lamp: Figure = ({ tone, coat }) => {
  const shadeColour = tone(coat ?? "#f0a24a");
  const light: Colour = "#ffe6a0";
  return (
    circle(
      [0, -70],
      95,
      outward([
        [0, fade(light, 0.5)],
        [1, fade(light, 0)],
      ]),
    ) +
    ellipse([0, -3], [22, 5], tone("#6a4a3a")) +
    line("M0 -4V-60", tone("#6a4a3a"), 5) +
    fill("M-22 -104H22L38 -58H-38Z", shadeColour) +
    fill("M-22 -104H-2L-10 -58H-38Z", fade("#ffffff", 0.2)) +
    ellipse([0, -58], [38, 4], light) +
    line("M26 -57V-40", tone("#6a4a3a"), 1.6) +
    circle([26, -38], 2.6, tone("#6a4a3a"))
  );
};

const apple: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#d9473c");
  return (
    line("M2 -78C2 -88 6 -94 12 -98", tone("#5b4038"), 4) +
    fill("M6 -86C14 -102 32 -102 40 -96C34 -82 18 -78 6 -86Z", tone("#6f9f4f")) +
    fill(
      "M2 -78C16 -90 44 -84 44 -52C44 -24 26 0 12 -1C6 -1.500 4 -4 0 -4C-4 -4 -6 -1.500 -12 -1C-26 0 -44 -24 -44 -52C-44 -84 -14 -90 2 -78Z",
      own,
    ) +
    fill(
      "M26 -82C38 -78 44 -68 44 -52C44 -24 26 0 12 -1C30 -20 38 -52 26 -82Z",
      fade(shade(own, -0.5), 0.22),
    ) +
    ellipse([-24, -58], [6, 12], fade("#ffffff", 0.4))
  );
};

const candle: Figure = ({ tone, coat }) =>
  circle(
    [0, -92],
    80,
    outward([
      [0, fade("#ffdb8a", 0.6)],
      [1, fade("#ffdb8a", 0)],
    ]),
  ) +
  ellipse([0, -3], [30, 6], tone("#b08a4e")) +
  fill("M-13 -4V-68C-13 -74 13 -74 13 -68V-4Z", tone(coat ?? "#fbf1dd")) +
  fill(
    "M-13 -68C-13 -60 -10 -56 -9 -48C-8 -42 -4 -42 -4 -50C-4 -60 13 -56 13 -68C13 -74 -13 -74 -13 -68Z",
    fade("#ffffff", 0.7),
  ) +
  line("M0 -70V-78", tone("#4a3a34"), 2) +
  fill("M0 -106C10 -92 8 -78 0 -78C-8 -78 -10 -92 0 -106Z", "#ffb03c") +
  fill("M0 -94C5 -87 4 -79 0 -79C-4 -79 -5 -87 0 -94Z", "#fff0b8");

const guitar: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#c9813f");
  const dark = tone("#4a3128");
  return (
    `<g transform="rotate(20 0 -30)">` +
    line("M0 -60V-112", dark, 8) +
    soft("M-6 -128H6L5 -112H-5Z", dark, 4) +
    fill(
      "M0 -70C16 -72 26 -62 22 -50C20 -42 34 -36 34 -20C34 -4 20 6 0 6C-20 6 -34 -4 -34 -20C-34 -36 -20 -42 -22 -50C-26 -62 -16 -72 0 -70Z",
      own,
    ) +
    fill(
      "M12 -69C24 -66 26 -60 22 -50C20 -42 34 -36 34 -20C34 -4 20 6 4 6C22 -6 22 -20 12 -36C6 -46 16 -56 12 -69Z",
      fade(dark, 0.18),
    ) +
    circle([0, -34], 10, dark) +
    line("M-12 -8H12", dark, 5) +
    line("M-2.500 -8V-124M2.500 -8V-124", fade("#fff6e0", 0.8), 1) +
    "</g>"
  );
};

const clock: Figure = ({ tone, coat, random }) => {
  const own = tone(coat ?? "#e2574c");
  const hour = random.between(0, 360);
  const minute = (hour * 12) % 360;
  return (
    line("M-24 -12L-32 0M24 -12L32 0", tone("#4a3a40"), 6) +
    circle([-28, -88], 13, own) +
    circle([28, -88], 13, own) +
    line("M0 -96V-102", tone("#4a3a40"), 5) +
    circle([0, -48], 46, own) +
    circle([0, -48], 37, tone("#fff8ea")) +
    line("M0 -80V-75M0 -21V-16M-32 -48H-27M27 -48H32", tone("#4a3a40"), 3) +
    `<g transform="translate(0 -48)"><g transform="rotate(${hour.toFixed(1)})">${line("M0 0V-17", tone("#4a3a40"), 4.5)}</g><g transform="rotate(${minute.toFixed(1)})">${line("M0 0V-27", tone("#4a3a40"), 3)}</g></g>` +
    circle([0, -48], 3.4, own)
  );
};

const vase: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#5d8fb0");
  const green = tone("#5b9a5a");
  const bloom = (x: number, y: number, colour: Colour) =>
    [0, 72, 144, 216, 288]
      .map((angle) =>
        circle(
          [x + Math.sin((angle * Math.PI) / 180) * 8, y - Math.cos((angle * Math.PI) / 180) * 8],
          7,
          colour,
        ),
      )
      .join("") + circle([x, y], 5, tone("#f6c445"));
  return (
    line(
      "M0 -52C-2 -74 2 -90 0 -108M-4 -52C-10 -70 -20 -80 -28 -90M4 -52C10 -70 22 -80 30 -92",
      green,
      3,
    ) +
    fill(
      "M-6 -62C-22 -66 -32 -60 -36 -54C-24 -50 -12 -52 -6 -62ZM6 -62C22 -66 32 -60 36 -54C24 -50 12 -52 6 -62Z",
      green,
    ) +
    bloom(-28, -92, tone("#f2a2b4")) +
    bloom(30, -94, tone("#f59a6a")) +
    bloom(0, -112, tone("#fdf6f0")) +
    fill(
      "M-14 -56H14C12 -48 30 -40 30 -22C30 -8 20 0 12 0H-12C-20 0 -30 -8 -30 -22C-30 -40 -12 -48 -14 -56Z",
      own,
    ) +
    fill(
      "M8 -56H14C12 -48 30 -40 30 -22C30 -8 20 0 12 0H4C18 -8 18 -34 8 -44Z",
      fade(shade(own, -0.5), 0.2),
    ) +
    line("M-28 -26C-14 -20 14 -20 28 -26", fade("#ffffff", 0.7), 2.6) +
    line("M-16 -56H16", shade(own, 0.2), 4)
  );
};

/** Things that fit on a table. */
export const things = { book, cup, lamp, apple, candle, guitar, clock, vase } satisfies Record<
  string,
  Figure
>;
