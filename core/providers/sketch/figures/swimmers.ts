import { fade, mix, shade } from "../colour.ts";
import { circle, ellipse, fill, line, pair } from "../svg.ts";
import { type Figure, eyeColour } from "./brush.ts";

const whale: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#4d7fae");
  const pale = tone("#e6eef4");
  return (
    line(
      "M26 -76C24 -90 14 -96 6 -94M28 -76C32 -90 42 -96 50 -93M27 -76V-98",
      fade(tone("#dff1fb"), 0.9),
      3.4,
    ) +
    fill(
      "M-74 -70C-70 -84 -84 -94 -96 -92C-94 -82 -86 -76 -78 -72C-84 -66 -92 -62 -96 -52C-86 -50 -74 -54 -70 -62Z",
      shade(own, -0.12),
    ) +
    fill(
      "M-80 -73C-66 -60 -52 -56 -36 -62C-16 -74 6 -78 28 -76C56 -74 72 -56 70 -34C68 -12 46 0 14 0C-24 0 -62 -20 -80 -73Z",
      own,
    ) +
    fill(
      "M70 -34C68 -12 46 0 14 0C-10 0 -34 -9 -52 -28C-24 -14 8 -18 30 -24C46 -28 58 -34 70 -34Z",
      pale,
    ) +
    line(
      "M62 -26C50 -24 34 -18 20 -16M60 -18C48 -16 34 -11 20 -9.500M-30 -15C-16 -12 -6 -12 4 -13M-14 -8C-6 -6.500 2 -6.500 8 -7.500",
      fade(shade(pale, -0.35), 0.6),
      1.6,
    ) +
    fill("M6 -22C0 -10 -16 0 -28 6C-26 -8 -22 -20 -10 -26Z", shade(own, -0.2)) +
    line("M70 -36C58 -36 52 -38 46 -42", shade(own, -0.4), 1.8) +
    circle([45, -48], 3.4, eyeColour) +
    circle([44, -49.3], 1.2, "#ffffff") +
    ellipse([38, -41], [4.5, 2.8], fade("#f28b8b", 0.4))
  );
};

const fish: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#f2803c");
  const pale = tone("#fff4e4");
  return (
    fill(
      "M-36 -50C-50 -66 -68 -74 -74 -70C-70 -60 -66 -54 -66 -48C-66 -40 -72 -34 -74 -26C-66 -22 -50 -32 -36 -46Z",
      shade(own, -0.12),
    ) +
    fill(
      "M-14 -72C-6 -90 16 -92 26 -84C24 -78 22 -74 18 -70ZM-8 -24C-8 -12 4 -6 14 -8C12 -14 12 -20 12 -26Z",
      shade(own, -0.16),
    ) +
    fill(
      "M-42 -48C-26 -72 0 -78 22 -74C42 -70 54 -58 58 -48C54 -38 42 -26 22 -22C0 -18 -26 -24 -42 -48Z",
      own,
    ) +
    fill(
      "M-16 -68C-10 -54 -10 -40 -16 -28L-5 -23.500C1 -40 1 -56 -5 -72ZM22 -74C29 -58 29 -38 22 -22L32 -25C38 -40 38 -56 32 -71.500Z",
      pale,
    ) +
    fill("M2 -46C10 -50 16 -48 18 -44C14 -38 6 -36 0 -38Z", shade(own, -0.2)) +
    circle([44, -54], 4.8, "#ffffff") +
    circle([45, -54], 3.1, eyeColour) +
    circle([44, -55.2], 1, "#ffffff") +
    line("M57 -45C53 -43 50 -43 48 -44", shade(own, -0.45), 1.8)
  );
};

const dolphin: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#6d93b8");
  return (
    fill(
      "M-66 -14C-76 -18 -86 -12 -90 -4C-80 -4 -74 -6 -69 -5C-70 2 -66 10 -58 12C-58 2 -58 -6 -60 -12Z",
      shade(own, -0.14),
    ) +
    fill(
      "M-66 -8C-56 -44 -24 -74 16 -76C30 -77 42 -70 48 -62L66 -55C70 -53 69 -49 65 -48.500L46 -48C40 -42 30 -40 22 -40C-8 -40 -38 -30 -60 -6Z",
      own,
    ) +
    fill(
      "M46 -48C40 -42 30 -40 22 -40C0 -40 -20 -35 -38 -24C-14 -44 16 -54 46 -51Z",
      tone("#eaf1f6"),
    ) +
    fill("M4 -75C-2 -86 -12 -92 -24 -93C-25 -84 -24 -74 -20 -66Z", shade(own, -0.14)) +
    fill("M14 -46C14 -34 8 -24 -4 -18C-6 -28 -4 -38 2 -45Z", shade(own, -0.2)) +
    line("M64 -51C56 -51 50 -52 46 -54", shade(own, -0.4), 1.5) +
    circle([39, -60], 2.6, eyeColour) +
    circle([38.2, -61], 0.9, "#ffffff")
  );
};

const octopus: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#d9697a");
  const arms = [
    "M-20 -36C-34 -30 -54 -34 -58 -22C-60 -14 -52 -12 -50 -18",
    "M-16 -32C-28 -18 -46 -18 -44 -6C-42 2 -34 0 -36 -6",
    "M-8 -30C-10 -14 -24 -10 -22 -2C-18 4 -12 0 -15 -5",
  ].map((path) => line(path, own, 9.5));
  const suckers = [
    [-46, -30],
    [-38, -19],
    [-16, -13],
    [-30, -18],
  ].map(([x = 0, y = 0]) => circle([x, y], 1.8, mix(own, "#fff0e6", 0.55)));
  const side = [...arms, ...suckers].join("");
  return (
    pair(side) +
    line("M0 -30C-3 -18 3 -10 0 -2", own, 9.5) +
    fill(
      "M0 -98C26 -98 36 -78 33 -60C31 -48 27 -40 25 -30C14 -24 -14 -24 -25 -30C-27 -40 -31 -48 -33 -60C-36 -78 -26 -98 0 -98Z",
      own,
    ) +
    fill(
      "M10 -97C28 -94 36 -77 33 -60C31 -48 27 -40 25 -30C21 -28 16 -27 10 -26.500C24 -46 26 -76 10 -97Z",
      fade(shade(own, -0.5), 0.16),
    ) +
    ellipse([-15, -84], [6, 4], fade("#ffffff", 0.3)) +
    circle([-11, -56], 4.6, eyeColour) +
    circle([11, -56], 4.6, eyeColour) +
    circle([-12.5, -58], 1.6, "#ffffff") +
    circle([9.5, -58], 1.6, "#ffffff") +
    ellipse([-19, -47], [4.6, 3], fade("#ffb3b3", 0.6)) +
    ellipse([19, -47], [4.6, 3], fade("#ffb3b3", 0.6)) +
    line("M-5 -46C-3 -42.500 3 -42.500 5 -46", eyeColour, 1.9)
  );
};

const jellyfish: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#c3a2ec");
  return (
    line(
      "M-22 -54C-30 -40 -16 -30 -24 -14C-27 -8 -24 -4 -26 0M-8 -52C-14 -36 0 -28 -8 -10C-10 -6 -8 -2 -10 4M8 -52C2 -36 16 -28 8 -10C6 -4 10 -2 8 4M22 -54C16 -40 30 -30 22 -14C20 -8 24 -4 22 0",
      fade(own, 0.75),
      3.6,
    ) +
    line(
      "M-14 -52C-20 -44 -8 -36 -14 -26M0 -52C-6 -42 6 -34 0 -22M14 -52C8 -44 20 -36 14 -26",
      fade(shade(own, 0.4), 0.8),
      6,
    ) +
    fill(
      "M0 -98C26 -98 38 -78 37 -56C32 -50 28 -56 24 -52C19 -48 16 -55 12 -51C8 -48 4 -54 0 -50C-4 -54 -8 -48 -12 -51C-16 -55 -19 -48 -24 -52C-28 -56 -32 -50 -37 -56C-38 -78 -26 -98 0 -98Z",
      own,
    ) +
    fill("M-2 -92C-20 -91 -30 -77 -30 -63C-22 -82 -10 -88 -2 -92Z", fade("#ffffff", 0.45)) +
    circle([-9, -68], 2.9, eyeColour) +
    circle([9, -68], 2.9, eyeColour) +
    line("M-3.500 -64C-2 -62 2 -62 3.500 -64", eyeColour, 1.6)
  );
};

const turtle: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#86b06a");
  const shell = tone("#6d7f4a");
  return (
    fill("M34 -30C40 -48 52 -56 62 -50C70 -44 68 -32 60 -28C52 -24 44 -20 36 -18Z", own) +
    fill(
      "M-36 -18H-20L-22 -3Q-22 0 -25 0H-35Q-38 0 -38 -3ZM16 -18H32L34 -3Q34 0 31 0H21Q18 0 18 -3ZM-44 -20L-60 -10L-42 -10Z",
      own,
    ) +
    fill("M-48 -16C-48 -46 -26 -64 -2 -64C22 -64 44 -46 44 -16C30 -10 -34 -10 -48 -16Z", shell) +
    fill(
      "M-10 -58H8L16 -44L4 -30H-8L-20 -44ZM-26 -42L-13 -28L-20 -15L-40 -17C-39 -26 -34 -36 -26 -42ZM22 -42L10 -28L16 -15L36 -17C35 -26 30 -36 22 -42ZM-8 -25H4L9 -14H-13Z",
      mix(shell, own, 0.55),
    ) +
    fill(
      "M-50 -18C-34 -11 30 -11 46 -18C48 -12 44 -9 40 -9H-44C-48 -9 -52 -12 -50 -18Z",
      shade(shell, -0.2),
    ) +
    circle([57, -42], 2.9, eyeColour) +
    circle([56, -43], 1, "#ffffff") +
    line("M66 -36C63 -33 60 -32.500 57 -33", shade(own, -0.5), 1.7) +
    ellipse([53, -36], [3.4, 2.2], fade("#f28b8b", 0.45))
  );
};

const crab: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#e0604a");
  const side =
    line(
      "M-24 -16C-34 -14 -40 -8 -42 0M-20 -12C-28 -8 -32 -4 -32 0M-28 -22C-40 -22 -48 -14 -52 -6",
      own,
      4.5,
    ) +
    line("M-28 -28C-42 -30 -48 -38 -46 -46", own, 6) +
    fill(
      "M-46 -44C-58 -46 -62 -60 -54 -68C-53 -62 -50 -58 -46 -57C-46 -62 -43 -67 -38 -68C-32 -60 -36 -46 -46 -44Z",
      own,
    ) +
    line("M-9 -40V-50", own, 3.4) +
    circle([-9, -52], 5.2, "#ffffff") +
    circle([-8.5, -52], 3, eyeColour);
  return (
    pair(side) +
    fill(
      "M0 -44C22 -44 36 -34 36 -24C36 -12 18 -6 0 -6C-18 -6 -36 -12 -36 -24C-36 -34 -22 -44 0 -44Z",
      own,
    ) +
    ellipse([-14, -34], [7, 3.4], fade("#ffffff", 0.28)) +
    line("M-7 -22C-4 -17 4 -17 7 -22", shade(own, -0.5), 2.2)
  );
};

const frog: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#7cb55a");
  const side =
    fill("M-20 -34C-40 -36 -46 -12 -34 -4L-46 -3Q-50 0 -46 0H-18Z", shade(own, -0.12)) +
    circle([-16, -68], 12, own) +
    circle([-16, -69], 8.5, "#ffffff") +
    circle([-15, -69], 5, eyeColour) +
    circle([-17, -71], 1.6, "#ffffff") +
    ellipse([-23, -50], [4.8, 3], fade("#f28b8b", 0.5)) +
    line("M-9 -22V-4M-15 0L-9 -4L-3 0", own, 7);
  return (
    fill(
      "M0 -68C24 -68 36 -58 34 -46C32 -38 26 -34 24 -26C24 -10 18 0 0 0C-18 0 -24 -10 -24 -26C-26 -34 -32 -38 -34 -46C-36 -58 -24 -68 0 -68Z",
      own,
    ) +
    ellipse([0, -20], [15, 17], tone("#eef2c0")) +
    pair(side) +
    line("M-19 -48C-10 -41 10 -41 19 -48", shade(own, -0.5), 2.2)
  );
};

/** Animals of the water and its edge. */
export const swimmers = {
  whale,
  fish,
  dolphin,
  octopus,
  jellyfish,
  turtle,
  crab,
  frog,
} satisfies Record<string, Figure>;
