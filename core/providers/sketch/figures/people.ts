import { type Colour, fade, shade } from "../colour.ts";
import { circle, ellipse, fill, line, pair, soft } from "../svg.ts";
import { type Brush, type Figure, eyeColour } from "./brush.ts";
import { attributes, openBook } from "./sitter.ts";

interface Look {
  readonly hair: Colour;
  readonly hairStyle: "short" | "long" | "buns" | "grey-bun" | "bald";
  readonly clothes: Colour;
  readonly skirt: boolean;
  readonly beard?: Colour;
  readonly hat?: "wizard" | "crown" | "chef" | "santa";
}

const looks = {
  person: { hair: "#4a3428", hairStyle: "short", clothes: "#d8724e", skirt: false },
  girl: { hair: "#3b2a2a", hairStyle: "buns", clothes: "#e7788e", skirt: true },
  boy: { hair: "#5a3d28", hairStyle: "short", clothes: "#4f86b8", skirt: false },
  woman: { hair: "#6a3a26", hairStyle: "long", clothes: "#4f9a86", skirt: true },
  man: { hair: "#33292b", hairStyle: "short", clothes: "#5b6f9c", skirt: false },
  grandmother: { hair: "#d9d6d6", hairStyle: "grey-bun", clothes: "#8a6aa8", skirt: true },
  grandfather: {
    hair: "#dcdad6",
    hairStyle: "bald",
    clothes: "#6f8a5e",
    skirt: false,
    beard: "#eeeae4",
  },
  wizard: {
    hair: "#e8e6ea",
    hairStyle: "long",
    clothes: "#4b4a9c",
    skirt: true,
    beard: "#efedf0",
    hat: "wizard",
  },
  princess: { hair: "#e0b25a", hairStyle: "long", clothes: "#f0a3c0", skirt: true, hat: "crown" },
  king: {
    hair: "#6a4630",
    hairStyle: "short",
    clothes: "#a8364a",
    skirt: true,
    beard: "#6a4630",
    hat: "crown",
  },
  chef: { hair: "#4a3428", hairStyle: "short", clothes: "#f6f2ea", skirt: false, hat: "chef" },
  santa: {
    hair: "#f6f3ee",
    hairStyle: "short",
    clothes: "#cf3b3b",
    skirt: false,
    beard: "#ffffff",
    hat: "santa",
  },
} as const satisfies Record<string, Look>;

const hairBehind: Record<Look["hairStyle"], (colour: Colour) => string> = {
  short: () => "",
  long: (colour) =>
    fill(
      "M0 -102C24 -102 32 -86 31 -68C31 -54 34 -44 30 -36H-30C-34 -44 -31 -54 -31 -68C-32 -86 -24 -102 0 -102Z",
      colour,
    ),
  buns: (colour) => pair(circle([-22, -96], 11, colour)),
  "grey-bun": (colour) => circle([0, -104], 12, colour),
  bald: (colour) => pair(circle([-24, -74], 7, colour)),
};

const fringe =
  "M-27.500 -70C-30 -92 -16 -101 0 -101C16 -101 30 -92 27.500 -70C25 -78 21 -83 15 -86C6 -80 -10 -80 -20 -84C-24 -80 -26 -76 -27.500 -70Z";

const hats: Record<NonNullable<Look["hat"]>, (brush: Brush) => string> = {
  wizard: ({ tone }) =>
    fill("M-24 -92L2 -146C6 -150 12 -146 9 -141L24 -92Z", tone("#4b4a9c")) +
    ellipse([0, -91], [40, 7], tone("#3d3c85")) +
    circle([-2, -108], 3.4, tone("#f5cf5c")) +
    circle([7, -124], 2.4, tone("#f5cf5c")),
  crown: ({ tone }) =>
    soft("M-19 -94V-112L-9 -102L0 -116L9 -102L19 -112V-94Z", tone("#f4c447"), 3) +
    circle([0, -99], 3, tone("#d9534a")),
  chef: ({ tone }) =>
    [
      [-14, -114],
      [0, -120],
      [14, -114],
      [0, -108],
    ]
      .map(([x = 0, y = 0]) => circle([x, y], 13, tone("#ffffff")))
      .join("") + soft("M-18 -108H18L17 -92H-17Z", tone("#f3eee6"), 3),
  santa: ({ tone }) =>
    fill(
      "M-26 -92C-22 -116 0 -122 18 -116C30 -112 36 -104 37 -96L22 -104C24 -100 25 -96 25 -92Z",
      tone("#cf3b3b"),
    ) +
    circle([37, -93], 6.5, "#ffffff") +
    line("M-25 -92H25", "#ffffff", 9),
};

function faceOf({ act }: Brush, skin: Colour): string {
  const eyes =
    act === "reading" || act === "sleeping"
      ? pair(line("M-14 -68C-12 -65 -8 -65 -6 -68", eyeColour, 2))
      : pair(ellipse([-10, -69], [2.7, 3.5], eyeColour)) +
        circle([-10.8, -70.3], 1, "#ffffff") +
        circle([9.2, -70.3], 1, "#ffffff");
  return (
    pair(circle([-26, -68], 5, skin)) +
    ellipse([0, -72], [27, 25], skin) +
    eyes +
    pair(ellipse([-17, -61], [4.6, 3], fade("#f07f7f", 0.45))) +
    line("M-4.500 -59C-2.500 -56.500 2.500 -56.500 4.500 -59", shade(skin, -0.5), 1.8)
  );
}

function beardOf(colour: Colour): string {
  return (
    fill(
      "M-26 -68C-26 -44 -12 -30 0 -28C12 -30 26 -44 26 -68C20 -62 10 -65 0 -65C-10 -65 -20 -62 -26 -68Z",
      colour,
    ) + line("M-4 -56.500C-2 -54.500 2 -54.500 4 -56.500", "#b0605a", 1.8)
  );
}

function clothing(look: Look, colour: Colour, { tone }: Brush): string {
  if (look.skirt) {
    return (
      line("M-8 -12V-3M8 -12V-3", tone("#5b4038"), 7) +
      fill("M-11 -48C-20 -34 -27 -18 -29 -8C-14 -4 14 -4 29 -8C27 -18 20 -34 11 -48Z", colour) +
      fill(
        "M4 -48L11 -48C20 -34 27 -18 29 -8C22 -6 16 -5.500 10 -5.200C14 -20 12 -36 4 -48Z",
        fade(shade(colour, -0.5), 0.16),
      )
    );
  }
  return (
    fill("M-16 -22H-1.500V0H-15ZM16 -22H1.500V0H15Z", tone("#3f4560")) +
    line("M-13 -1H-5M13 -1H5", tone("#4a352e"), 6) +
    fill("M-12 -48C-20 -40 -21 -26 -20 -16H20C21 -26 20 -40 12 -48Z", colour) +
    line("M0 -44V-17", fade(shade(colour, -0.5), 0.35), 1.6)
  );
}

function armsOf(act: Brush["act"], sleeve: Colour, skin: Colour): string {
  if (act === "reading") return "";
  const right =
    act === "sheltering" ? "M13 -43C22 -40 30 -40 37 -42" : "M13 -43C22 -38 25 -30 26 -24";
  const hand: readonly [number, number] = act === "sheltering" ? [38, -42] : [26.5, -21];
  return (
    line("M-13 -43C-22 -38 -25 -30 -26 -24", sleeve, 8) +
    circle([-26.5, -21], 4.6, skin) +
    line(right, sleeve, 8) +
    circle(hand, 4.6, skin)
  );
}

function readingHands({ tone }: Brush, sleeve: Colour, skin: Colour): string {
  const book = `<g transform="translate(0 -8) scale(0.82)">${openBook(tone("#b5464a"), tone("#fff6e2"))}</g>`;
  return (
    pair(line("M-14 -42C-24 -36 -28 -30 -28 -24", sleeve, 8)) +
    book +
    pair(circle([-28.5, -23], 4.8, skin))
  );
}

function personWith(look: Look): Figure {
  return (brush) => {
    const skin = brush.tone(brush.random.pick(["#f6d3b3", "#eebd95", "#d99f74", "#a8704c"]));
    const colour = brush.tone(brush.coat ?? look.clothes);
    const hair = brush.tone(look.hair);
    const sleeve = shade(colour, -0.12);
    return (
      hairBehind[look.hairStyle](hair) +
      clothing(look, colour, brush) +
      armsOf(brush.act, sleeve, skin) +
      faceOf(brush, skin) +
      (look.beard === undefined ? "" : beardOf(brush.tone(look.beard))) +
      (look.hairStyle === "bald" ? "" : fill(fringe, hair)) +
      (look.hat === undefined ? "" : hats[look.hat](brush)) +
      (brush.act === "reading" ? readingHands(brush, sleeve, skin) : "") +
      (brush.act === undefined ? "" : (attributes[brush.act]?.(brush) ?? ""))
    );
  };
}

// === Those without a face of their own

const astronaut: Figure = ({ tone, coat }) => {
  const suit = tone(coat ?? "#f4f3f0");
  const grey = shade(suit, -0.18);
  return (
    fill("M-30 -52H30V-16H-30Z", grey) +
    fill("M-18 -20H-2V-2Q-2 0 -5 0H-17Q-20 0 -20 -3ZM18 -20H2V-2Q2 0 5 0H17Q20 0 20 -3Z", suit) +
    line("M-19 -3H-4M19 -3H4", grey, 6) +
    fill("M-15 -52C-24 -42 -25 -26 -23 -14H23C25 -26 24 -42 15 -52Z", suit) +
    line("M-18 -44C-30 -38 -32 -30 -31 -24", suit, 11) +
    line("M18 -44C32 -46 38 -54 40 -62", suit, 11) +
    circle([-31, -21], 6, grey) +
    circle([40.5, -64], 6, grey) +
    fill("M-11 -38H11V-24H-11Z", tone("#c9d3df")) +
    circle([-5, -31], 2.8, tone("#d9534a")) +
    circle([4, -31], 2.8, tone("#4f9ad0")) +
    ellipse([0, -75], [31, 28], suit) +
    ellipse([0, -74], [24, 20], tone("#27345c")) +
    fill(
      "M-18 -80C-14 -90 -4 -92 4 -91C-4 -86 -12 -80 -14 -70C-18 -72 -19 -76 -18 -80Z",
      fade("#9fd0f5", 0.7),
    ) +
    circle([11, -69], 2.2, "#ffffff") +
    circle([4, -64], 1.2, "#ffffff")
  );
};

const robot: Figure = ({ tone, coat }) => {
  const own = tone(coat ?? "#8fb4c4");
  const dark = shade(own, -0.35);
  return (
    line("M0 -96V-108", dark, 3) +
    circle([0, -111], 5, tone("#ef6f5a")) +
    line(
      "M-11 -16V-5M11 -16V-5M-24 -40C-34 -36 -34 -28 -33 -22M24 -40C34 -42 38 -50 38 -56",
      dark,
      7,
    ) +
    soft("M-17 -3H-5M5 -3H17", dark, 7) +
    `<path d="M-33 -16a5 5 0 1 1 1 0M38 -60a5 5 0 1 1 1 0" fill="none" stroke="${dark}" stroke-width="4"/>` +
    soft("M-20 -46H20L17 -16H-17Z", own, 7) +
    soft("M-11 -40H11V-26H-11Z", shade(own, 0.5), 4) +
    line("M-7 -32L-3 -36L2 -30L7 -35", tone("#ef6f5a"), 2) +
    soft("M-27 -90H27V-58H-27Z", own, 9) +
    soft("M-21 -84H21V-64H-21Z", tone("#2b3552"), 7) +
    circle([-10, -75], 5, tone("#7df0d8")) +
    circle([10, -75], 5, tone("#7df0d8")) +
    line("M-5 -66.500C-2 -64.500 2 -64.500 5 -66.500", tone("#7df0d8"), 2) +
    circle([-33, -74], 5, dark) +
    circle([33, -74], 5, dark)
  );
};

const snowman: Figure = ({ tone, coat }) => {
  const snow = tone("#fdfdfb");
  const scarf = tone(coat ?? "#d9534a");
  const coal = tone("#2f2b38");
  return (
    line("M-24 -48L-46 -62M-38 -57L-44 -66M24 -48L46 -60M38 -56L46 -66", tone("#6b4a38"), 3) +
    circle([0, -24], 26, snow) +
    circle([0, -55], 20, snow) +
    fill(
      "M12 -47C22 -40 28 -30 25 -16C22 -6 12 1 0 2C14 -6 20 -26 12 -47Z",
      fade("#8fa6c8", 0.25),
    ) +
    circle([0, -82], 16, snow) +
    fill(
      "M-17 -72C-8 -66 8 -66 17 -72L18 -64C8 -57 -8 -57 -18 -64ZM6 -62L15 -64L18 -42L9 -41Z",
      scarf,
    ) +
    circle([-6, -85], 2.1, coal) +
    circle([6, -85], 2.1, coal) +
    circle([0, -50], 2, coal) +
    circle([0, -32], 2, coal) +
    circle([0, -22], 2, coal) +
    fill("M0 -82.500L19 -78.500L0 -77.500Z", tone("#f08a3a")) +
    fill("M-20 -96H20V-92H-20ZM-12 -96L-13 -114H13L12 -96Z", coal) +
    fill("M-12.200 -101H12.200L12 -96H-12Z", scarf)
  );
};

/** Persons by what they are called. */
export const people = {
  ...(Object.fromEntries(
    Object.entries(looks).map(([name, look]) => [name, personWith(look)]),
  ) as Record<keyof typeof looks, Figure>),
  astronaut,
  robot,
  snowman,
} satisfies Record<string, Figure>;
