import { type Colour, fade, mix, shade } from "../colour.ts";
import { circle, ellipse, fill, line, pair, soft } from "../svg.ts";
import { type Figure, eyeColour } from "./brush.ts";

// === Owl, on a branch of its own

function feathers(colour: Colour): string {
  const rows = [-40, -31, -22];
  return rows
    .map((y, row) => [-9, 0, 9].map((x) => `M${x - 4 + (row % 2) * 4} ${y}q4 5 8 0`).join(""))
    .map((path) => line(path, colour, 1.8))
    .join("");
}

const owl: Figure = ({ tone, coat, act }) => {
  const own = tone(coat ?? "#8d6748");
  const pale = tone("#f3e0bd");
  const iris =
    act === "sleeping"
      ? ""
      : pair(
          circle([-13, -68], 7.5, tone("#f4b740")) +
            circle([-12.5, -68], 4.6, eyeColour) +
            circle([-14.5, -70], 1.5, "#ffffff"),
        );
  const lids =
    act === "sleeping" ? pair(line("M-20 -68C-17 -63 -9 -63 -6 -68", eyeColour, 2.2)) : "";
  return (
    line("M-62 2C-30 -3 20 0 66 -6M34 -3C44 -8 50 -14 54 -20", tone("#5d4334"), 7) +
    ellipse([58, -21], [8, 4.5], tone("#7a9a58")) +
    fill(
      "M0 -92C26 -92 34 -68 33 -44C32 -18 18 -2 0 -2C-18 -2 -32 -18 -33 -44C-34 -68 -26 -92 0 -92Z",
      own,
    ) +
    soft("M-28 -76L-30 -97L-12 -90ZM28 -76L30 -97L12 -90Z", own, 4) +
    fill(
      "M0 -54C12 -54 18 -42 17 -28C16 -14 8 -6 0 -6C-8 -6 -16 -14 -17 -28C-18 -42 -12 -54 0 -54Z",
      pale,
    ) +
    feathers(mix(pale, own, 0.55)) +
    pair(fill("M-26 -62C-38 -50 -40 -26 -27 -8C-19 -20 -18 -44 -26 -62Z", shade(own, -0.22))) +
    pair(circle([-13, -68], 13.5, pale)) +
    iris +
    lids +
    soft("M-3.500 -62H3.500L0 -53Z", tone("#e59a3c"), 3) +
    line("M-12 -3V2M-7 -3V2.500M7 -3V2M12 -3V1.500", tone("#e59a3c"), 4)
  );
};

// === Penguin

const penguin: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#2f3850");
  const orange = tone("#f2a13c");
  return (
    pair(ellipse([-11, -2.5], [11, 4.5], orange)) +
    pair(fill("M-26 -58C-42 -46 -46 -28 -41 -18C-34 -22 -28 -34 -25 -42Z", shade(own, -0.15))) +
    fill(
      "M0 -96C20 -96 29 -80 29 -60C34 -44 34 -2 0 -2C-34 -2 -34 -44 -29 -60C-29 -80 -20 -96 0 -96Z",
      own,
    ) +
    fill(
      "M0 -84C8 -90 22 -84 20 -68C26 -50 26 -6 0 -6C-26 -6 -26 -50 -20 -68C-22 -84 -8 -90 0 -84Z",
      tone("#fbf8f2"),
    ) +
    pair(
      ellipse([-9.5, -71], [3.4, 4.3], eyeColour) +
        ellipse([-15, -62], [4.6, 3], fade("#f28b8b", 0.45)),
    ) +
    circle([-10.5, -72.5], 1.3, "#ffffff") +
    circle([8.5, -72.5], 1.3, "#ffffff") +
    soft("M-5 -64H5L0 -57Z", orange, 3) +
    fill("M-25 -53C-12 -47 12 -47 25 -53L26 -45C12 -39 -12 -39 -26 -45Z", tone("#d9534a")) +
    fill("M10 -44L19 -45L20 -24L11 -23Z", tone("#c24540")) +
    line("M12 -24V-20M15.500 -24V-20M19 -24V-20", tone("#c24540"), 1.5)
  );
};

// === A songbird and a chick, seen from the side

const bird: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#3f87b5");
  return (
    line("M-3 -12L-4 0M7 -12L8 0M-8 0H1M4 0H13", tone("#a8662f"), 2.6) +
    fill(
      "M-30 -34C-44 -30 -56 -22 -66 -24C-60 -18 -50 -14 -42 -15L-60 -8C-46 -6 -32 -14 -22 -20Z",
      shade(own, -0.25),
    ) +
    fill(
      "M26 -70C40 -70 47 -60 45 -49C42 -26 24 -9 2 -9C-18 -9 -30 -20 -34 -34C-16 -36 -2 -42 6 -56C10 -65 17 -70 26 -70Z",
      own,
    ) +
    fill(
      "M45 -49C42 -26 24 -9 2 -9C-6 -9 -13 -11 -18.500 -14C4 -14 18 -24 24 -38C29 -48 38 -52 45 -49Z",
      tone("#f6c79a"),
    ) +
    fill(
      "M-34 -34C-16 -36 4 -40 14 -48C18 -32 2 -18 -18 -20C-32 -22 -44 -26 -56 -24C-48 -30 -42 -33 -34 -34Z",
      shade(own, -0.14),
    ) +
    line(
      "M-30 -28C-18 -26 -6 -28 2 -33M-22 -23.500C-14 -23 -6 -24.500 0 -28",
      fade(shade(own, 0.4), 0.6),
      1.8,
    ) +
    soft("M45 -60L56 -55.500L45 -52Z", tone("#f0a63a"), 2) +
    circle([34, -58], 3.2, eyeColour) +
    circle([33, -59.2], 1.1, "#ffffff")
  );
};

const chick: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#f8d25c");
  return (
    line("M-8 -12L-9 0M8 -12L9 0M-14 0H-4M4 0H14", tone("#e08a3a"), 3) +
    fill(
      "M0 -78C22 -78 28 -60 28 -46C36 -26 24 -8 0 -8C-24 -8 -36 -26 -28 -46C-28 -60 -22 -78 0 -78Z",
      own,
    ) +
    line("M0 -78C-2 -84 2 -86 1 -90M4 -78C6 -82 9 -82 10 -85", shade(own, -0.12), 2.6) +
    pair(fill("M-28 -44C-38 -38 -40 -28 -36 -20C-28 -22 -24 -32 -24 -40Z", shade(own, -0.12))) +
    pair(
      ellipse([-11, -56], [3.4, 4.2], eyeColour) +
        ellipse([-19, -48], [4.8, 3.1], fade("#f28b6b", 0.5)),
    ) +
    circle([-12, -57.5], 1.3, "#ffffff") +
    circle([10, -57.5], 1.3, "#ffffff") +
    soft("M-5 -50H5L0 -44.500Z", tone("#ef8f3a"), 2.5)
  );
};

const rooster: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#f4ead9");
  const red = tone("#d8483f");
  return (
    line("M-6 -16V0M6 -16V0M-12 0H-1M2 0H13", tone("#e09a3a"), 3) +
    fill(
      "M-20 -32C-44 -30 -54 -50 -50 -72C-44 -62 -40 -60 -36 -60C-40 -68 -38 -76 -33 -80C-30 -64 -22 -54 -10 -52Z",
      tone("#3d6b6a"),
    ) +
    fill(
      "M-28 -46C-10 -46 4 -50 10 -66C12 -80 16 -90 26 -90C36 -90 40 -82 39 -74C40 -46 28 -14 0 -14C-22 -14 -32 -30 -28 -46Z",
      own,
    ) +
    fill(
      "M10 -66C18 -56 30 -54 39 -62C39 -54 37 -46 34 -40C24 -40 12 -48 8 -60Z",
      tone("#e3a04a"),
    ) +
    fill(
      "M-22 -44C-8 -46 6 -42 12 -34C6 -22 -10 -22 -18 -30C-22 -34 -24 -40 -22 -44Z",
      shade(own, -0.16),
    ) +
    fill("M18 -88C14 -98 20 -102 23 -97C24 -106 31 -106 31 -98C36 -103 41 -98 36 -88Z", red) +
    soft("M39 -79L49 -75L39 -72Z", tone("#f0b03a"), 2) +
    fill("M38 -70C44 -68 43 -58 38 -58C34 -60 34 -68 38 -70Z", red) +
    circle([31, -79], 2.6, eyeColour) +
    circle([30.2, -80], 0.9, "#ffffff")
  );
};

// === On the water: they float on their origin

const duck: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#f7cf57");
  return (
    fill(
      "M-50 -34C-40 -34 -30 -36 -18 -36C-4 -36 6 -42 8 -52C0 -62 2 -84 22 -84C40 -84 46 -68 40 -56C38 -50 42 -44 44 -36C48 -12 28 0 2 0C-26 0 -46 -12 -50 -34Z",
      own,
    ) +
    fill(
      "M-30 -26C-18 -30 8 -32 16 -26C16 -12 -2 -8 -14 -12C-22 -15 -28 -20 -30 -26Z",
      shade(own, -0.13),
    ) +
    fill("M39 -70C46 -72 54 -70 57 -65C54 -60 46 -58 39 -60Z", tone("#ee8a3c")) +
    circle([29, -69], 3.4, eyeColour) +
    circle([28, -70.3], 1.2, "#ffffff")
  );
};

const swan: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#fdfbf6");
  return (
    fill(
      "M-56 -40C-44 -36 -30 -46 -14 -46C4 -46 16 -38 24 -32C32 -40 26 -52 20 -62C12 -76 14 -96 32 -98C42 -98 47 -92 48 -86L40 -82C36 -88 28 -86 28 -76C28 -62 44 -52 42 -28C40 -8 22 0 0 0C-30 0 -50 -14 -56 -40Z",
      own,
    ) +
    fill(
      "M-46 -34C-30 -34 -20 -42 -4 -40C6 -38 12 -32 14 -26C4 -10 -20 -10 -32 -18C-28 -20 -24 -22 -20 -24C-32 -24 -40 -28 -46 -34Z",
      shade(own, -0.1),
    ) +
    fill("M40 -90C46 -88 54 -84 60 -78C52 -76 44 -78 39 -82Z", tone("#ef8f3a")) +
    fill("M38 -92L44 -88L39 -82L36 -87Z", eyeColour) +
    circle([34.5, -90.5], 1.9, eyeColour)
  );
};

// === A crane, the long-lived bird of Chinese painting

const crane: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#fbfaf5");
  const ink = tone("#2d2f3a");
  return (
    line("M-4 -40L-2 -20L-5 0M6 -40L10 -22L8 0M-5 0H2M8 0H15", ink, 2.2) +
    fill(
      "M-50 -36C-40 -52 -18 -60 4 -58C14 -57 18 -60 19 -66C20 -76 14 -84 18 -93C21 -99 30 -100 34 -95L31 -92C26 -92 24 -88 25 -82C26 -74 29 -68 26 -56C22 -42 8 -36 -8 -36C-22 -36 -36 -38 -50 -36Z",
      own,
    ) +
    fill(
      "M18 -93C15 -84 20 -76 19 -66C19 -62 18 -60 16 -59C22 -58 26 -64 26.500 -70C26 -76 24.500 -80 25 -84C23 -88 20 -92 18 -93Z",
      ink,
    ) +
    fill(
      "M-50 -36C-40 -40 -34 -46 -22 -46C-16 -46 -10 -42 -8 -38C-18 -32 -30 -26 -46 -22C-42 -26 -38 -28 -36 -31C-42 -31 -47 -32 -50 -36Z",
      ink,
    ) +
    fill("M33 -96L52 -92L32 -91.500Z", tone("#8d8a70")) +
    ellipse([26, -97.5], [5, 2.4], tone("#d33f3a")) +
    circle([28.5, -94.5], 1.1, eyeColour)
  );
};

const flamingo: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#f08a96");
  return (
    line("M-2 -40V0M-2 0H5M4 -40L14 -26L0 -20", shade(own, -0.12), 2.4) +
    fill(
      "M-40 -44C-34 -62 -8 -66 8 -58C16 -54 22 -58 20 -66C18 -76 10 -84 14 -94C18 -102 30 -103 35 -94C37 -90 38 -86 37 -82L33 -82C32 -88 28 -92 23.500 -90C20 -86 26 -78 28 -68C31 -52 20 -36 0 -36C-14 -36 -26 -40 -40 -44Z",
      own,
    ) +
    fill("M-40 -44C-28 -54 -12 -58 2 -52C-2 -42 -20 -38 -34 -40Z", shade(own, -0.16)) +
    fill("M37 -88C40 -84 40 -78 36 -75L33 -82Z", eyeColour) +
    circle([28.5, -94.5], 1.5, eyeColour)
  );
};

/** Birds that stand, perch or float. */
export const birds = {
  owl,
  penguin,
  bird,
  chick,
  rooster,
  duck,
  swan,
  crane,
  flamingo,
} satisfies Record<string, Figure>;
