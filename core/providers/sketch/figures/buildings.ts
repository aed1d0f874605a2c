import { type Colour, fade, shade } from "../colour.ts";
import { box, circle, ellipse, fill, line, outward } from "../svg.ts";
import type { Brush, Figure } from "./brush.ts";

function pane({ tone, lamps }: Brush): Colour {
  return lamps ? "#ffdf85" : tone("#7fa3b5");
}

function glow({ lamps }: Brush, x: number, y: number, radius: number): string {
  const light: Colour = "#ffd873";
  return lamps
    ? circle(
        [x, y],
        radius,
        outward([
          [0, fade(light, 0.55)],
          [1, fade(light, 0)],
        ]),
      )
    : "";
}

function smoke({ tone }: Brush, x: number, y: number): string {
  const puffs = [
    [0, 0, 4],
    [4, -9, 6],
    [2, -20, 8],
    [9, -33, 10.5],
  ];
  return puffs
    .map(([dx = 0, dy = 0, radius = 0], index) =>
      circle([x + dx, y + dy], radius, fade(tone("#ffffff"), 0.6 - index * 0.12)),
    )
    .join("");
}

const house: Figure = (brush) => {
  const wall = brush.tone(brush.coat ?? "#f3e4cc");
  const roof = brush.tone("#b5523f");
  const window = (x: number) =>
    glow(brush, x + 8, -34, 26) +
    box([x, -44], [16, 18], pane(brush), 1.5) +
    line(`M${x + 8} -44V-26M${x} -35H${x + 16}`, brush.tone("#6b4a38"), 1.8);
  return (
    smoke(brush, 27, -104) +
    fill("M20 -98H34V-70H20Z", brush.tone("#9c6a54")) +
    fill("M-44 -58H44V0H-44Z", wall) +
    fill("M14 -58H44V0H22Z", fade(shade(wall, -0.5), 0.12)) +
    fill("M-54 -54L0 -100L54 -54L48 -50L0 -90L-48 -50Z", roof) +
    fill("M0 -92L47 -52H-47Z", shade(wall, -0.04)) +
    fill("M-54 -54L0 -100L54 -54L49 -49L0 -89L-49 -49Z", roof) +
    circle([0, -68], 7, pane(brush)) +
    fill("M-9 0V-26Q-9 -36 0 -36Q9 -36 9 -26V0Z", brush.tone("#7a4f3c")) +
    circle([5, -16], 1.7, brush.tone("#f0c45e")) +
    window(-35) +
    window(19)
  );
};

const crenel = (x: number, y: number, width: number) => {
  const tooth = width / 5;
  return `M${x} ${y + 10}V${y}h${tooth}v5h${tooth}v-5h${tooth}v5h${tooth}v-5h${tooth}V${y + 10}Z`;
};

const castle: Figure = (brush) => {
  const stone = brush.tone(brush.coat ?? "#cfc4cf");
  const roof = brush.tone("#5a6aa8");
  const tower = (x: number, width: number, top: number) =>
    fill(`M${x} 0V${top}H${x + width}V0Z`, stone) +
    fill(`M${x + width * 0.6} 0V${top}H${x + width}V0Z`, fade(shade(stone, -0.5), 0.16)) +
    fill(`M${x - 4} ${top}L${x + width / 2} ${top - width * 1.5}L${x + width + 4} ${top}Z`, roof) +
    line(`M${x + width / 2} ${top - width * 1.5}v-12`, brush.tone("#4a4048"), 1.5) +
    fill(`M${x + width / 2} ${top - width * 1.5 - 12}l12 4l-12 4z`, brush.tone("#e2574c")) +
    glow(brush, x + width / 2, top + 17, 18) +
    fill(`M${x + width / 2 - 3.5} ${top + 24}v-9q3.500 -6 7 0v9z`, pane(brush));
  return (
    tower(-13, 26, -96) +
    tower(-66, 24, -62) +
    tower(42, 24, -62) +
    fill(`M-46 0V-42H46V0Z${crenel(-46, -52, 92)}`, shade(stone, -0.06)) +
    tower(-44, 18, -70) +
    tower(26, 18, -70) +
    fill("M-13 0V-20Q-13 -34 0 -34Q13 -34 13 -20V0Z", brush.tone("#6a4a3e")) +
    line("M-6.500 0V-30M0 0V-33M6.500 0V-30", fade(brush.tone("#2f2530"), 0.4), 1.2)
  );
};

const lighthouse: Figure = (brush) => {
  const white = brush.tone("#fbf6ec");
  const red = brush.tone(brush.coat ?? "#d3473f");
  return (
    (brush.lamps
      ? fill("M0 -122L-190 -160V-96ZM0 -122L190 -150V-90Z", fade("#ffe9a8", 0.3)) +
        circle(
          [0, -121],
          34,
          outward([
            [0, fade("#ffe9a8", 0.8)],
            [1, fade("#ffe9a8", 0)],
          ]),
        )
      : "") +
    fill("M-22 0L-13 -108H13L22 0Z", white) +
    fill("M-20 -22L-18 -46H18L20 -22ZM-16.400 -68L-14.600 -90H14.600L16.400 -68Z", red) +
    fill("M5 -108H13L22 0H10Z", fade(shade(white, -0.6), 0.18)) +
    line("M-17 -109H17", brush.tone("#3a3d50"), 4) +
    box([-9, -131], [18, 21], brush.lamps ? "#fff0b8" : brush.tone("#bcd9e6")) +
    line("M0 -131V-110", brush.tone("#3a3d50"), 1.6) +
    fill("M-14 -130Q0 -152 14 -130Z", red) +
    line("M0 -141V-150", red, 2.4) +
    fill("M-6 0V-12Q0 -19 6 -12V0Z", brush.tone("#5b4038")) +
    circle([0, -57], 3.6, pane(brush)) +
    fill("M-60 4C-44 -8 -34 -4 -24 -6C-8 -10 14 -8 26 -5C38 -8 52 -4 62 4Z", brush.tone("#5f6470"))
  );
};

const windmill: Figure = (brush) => {
  const wall = brush.tone(brush.coat ?? "#f5ebdc");
  const turn = brush.random.between(8, 80);
  const sail =
    line("M0 0V-62", brush.tone("#6b4a38"), 3) +
    fill("M2 -14H17V-60H2Z", fade(brush.tone("#fdf6e8"), 0.95)) +
    line("M2 -26H17M2 -38H17M2 -49H17", fade(brush.tone("#6b4a38"), 0.6), 1.4);
  return (
    fill("M-28 0L-18 -78H18L28 0Z", wall) +
    fill("M6 -78H18L28 0H12Z", fade(shade(wall, -0.5), 0.13)) +
    fill("M-22 -76C-18 -104 18 -104 22 -76Z", brush.tone("#a84f3f")) +
    fill("M-8 0V-20Q0 -30 8 -20V0Z", brush.tone("#7a4f3c")) +
    glow(brush, 0, -48, 20) +
    box([-5, -54], [10, 12], pane(brush), 1.5) +
    `<g transform="translate(0 -84) rotate(${turn.toFixed(1)})">${[0, 90, 180, 270].map((angle) => `<g transform="rotate(${angle})">${sail}</g>`).join("")}</g>` +
    circle([0, -84], 4.5, brush.tone("#4a3a34"))
  );
};

function eaves(y: number, half: number, roof: Colour): string {
  return fill(
    `M${-half} ${y}C${-half * 0.7} ${y - 3} ${-half * 0.5} ${y - 9} ${-half * 0.42} ${y - 15}H${half * 0.42}C${half * 0.5} ${y - 9} ${half * 0.7} ${y - 3} ${half} ${y}C${half * 0.9} ${y + 4} ${-half * 0.9} ${y + 4} ${-half} ${y}Z`,
    roof,
  );
}

const pagoda: Figure = (brush) => {
  const red = brush.tone(brush.coat ?? "#b5423a");
  const roof = brush.tone("#3d4a55");
  const floors = [
    [0, 30],
    [-27, 26],
    [-52, 22],
    [-75, 18],
    [-96, 14],
  ];
  return (
    line("M0 -118V-146", brush.tone("#e0b04a"), 2.6) +
    circle([0, -136], 3.6, brush.tone("#e0b04a")) +
    circle([0, -128], 4.6, brush.tone("#e0b04a")) +
    fill("M-48 0H48V6H-48Z", brush.tone("#b9b0a8")) +
    floors
      .map(
        ([y = 0, half = 0]) =>
          box([-half, y - 22], [half * 2, 22], red) +
          [-0.55, 0, 0.55]
            .map(
              (part) =>
                glow(brush, part * half, y - 10, 10) +
                box([part * half - 3.5, y - 15], [7, 11], pane(brush), 1),
            )
            .join("") +
          eaves(y - 20, half * 1.7, roof),
      )
      .join("") +
    fill("M-10 -110C-4 -114 -2 -120 0 -126C2 -120 4 -114 10 -110Z", roof)
  );
};

const tower: Figure = (brush) => {
  const iron = brush.tone(brush.coat ?? "#6a5548");
  return (
    fill(
      "M-44 0C-24 -24 -14 -60 -6 -128H6C14 -60 24 -24 44 0H28C24 -16 12 -24 0 -24C-12 -24 -24 -16 -28 0Z",
      iron,
    ) +
    line("M-31 -30H31M-18 -62H18M-8 -110H8", shade(iron, -0.2), 5) +
    line(
      "M-22 -32L-12 -58M22 -32L12 -58M-22 -34L14 -58M22 -34L-14 -58M-9 -66L7 -84M9 -66L-7 -84M-7 -86L5 -104M7 -86L-5 -104",
      fade(shade(iron, 0.5), 0.45),
      1.4,
    ) +
    line("M0 -128V-148", iron, 2.4) +
    (brush.lamps
      ? [
          [-26, -30],
          [0, -30],
          [26, -30],
          [-14, -62],
          [14, -62],
          [0, -110],
          [0, -148],
        ]
          .map(([x = 0, y = 0]) => circle([x, y], 2.2, "#ffe27a"))
          .join("")
      : "")
  );
};

const bridge: Figure = (brush) => {
  const stone = brush.tone(brush.coat ?? "#b9aa9c");
  return (
    fill(
      "M-120 0C-80 -16 -50 -46 0 -46C50 -46 80 -16 120 0V10H92C86 -8 70 -16 58 -16C46 -16 36 -8 34 10H28C26 -18 14 -30 0 -30C-14 -30 -26 -18 -28 10H-34C-36 -8 -46 -16 -58 -16C-70 -16 -86 -8 -92 10H-120Z",
      stone,
    ) +
    line("M-120 -10C-80 -26 -50 -57 0 -57C50 -57 80 -26 120 -10", shade(stone, -0.15), 3.4) +
    line(
      "M-90 -22V-10M-66 -34V-22M-42 -46V-34M-16 -56V-44M16 -56V-44M42 -46V-34M66 -34V-22M90 -22V-10",
      shade(stone, -0.15),
      3,
    ) +
    line("M-28 8C-26 -18 -14 -30 0 -30C14 -30 26 -18 28 8", shade(stone, -0.25), 2.4)
  );
};

const tent: Figure = (brush) => {
  const cloth = brush.tone(brush.coat ?? "#e58a3c");
  return (
    fill("M-58 0L0 -66L58 0Z", cloth) +
    fill("M0 -66L58 0H16Z", shade(cloth, -0.18)) +
    fill("M0 -56L-18 0H16Z", brush.lamps ? "#ffd873" : shade(cloth, -0.4)) +
    line("M0 -66L-6 -74M0 -66L6 -74M-58 0L-68 4M58 0L68 4", brush.tone("#6b4a38"), 2) +
    `<g transform="translate(84 0)">${line("M-16 -2L14 -8M-14 -8L16 -2", brush.tone("#5b4038"), 6)}${glow(brush, 0, -18, 60)}${fill("M-12 -6C-16 -24 -4 -26 -4 -42C8 -34 4 -26 8 -24C12 -28 11 -32 11 -34C18 -20 16 -8 8 -6Z", "#f5883c")}${fill("M-5 -6C-8 -16 0 -18 1 -27C7 -20 9 -10 4 -6Z", "#ffdb6e")}</g>`
  );
};

const pyramid: Figure = (brush) => {
  const sand = brush.tone(brush.coat ?? "#e6bd77");
  const one = (x: number, height: number) =>
    fill(`M${x - height} 0L${x} ${-height}L${x + height} 0Z`, sand) +
    fill(`M${x} ${-height}L${x + height} 0H${x + height * 0.28}Z`, shade(sand, -0.2));
  return (
    one(70, 52) +
    one(-78, 40) +
    one(0, 88) +
    line("M-62 -24H-8M-40 -46H-4M-78 -10H-50", fade(shade(sand, -0.3), 0.4), 1.4)
  );
};

const gate: Figure = (brush) => {
  const red = brush.tone(brush.coat ?? "#d1463b");
  return (
    line("M-34 0L-31 -92M34 0L31 -92", red, 8) +
    box([-46, -76], [92, 7], red) +
    box([-5, -92], [10, 18], red) +
    fill("M-62 -98C-40 -90 40 -90 62 -98L58 -86C40 -80 -40 -80 -58 -86Z", red) +
    fill("M-66 -104C-40 -96 40 -96 66 -104L62 -97C40 -89 -40 -89 -62 -97Z", brush.tone("#37323e")) +
    ellipse([-34, 0], [9, 4], brush.tone("#37323e")) +
    ellipse([34, 0], [9, 4], brush.tone("#37323e"))
  );
};

/** What stands in a landscape. */
export const buildings = {
  house,
  castle,
  lighthouse,
  windmill,
  pagoda,
  tower,
  bridge,
  tent,
  pyramid,
  gate,
} satisfies Record<string, Figure>;
