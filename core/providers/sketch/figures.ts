import { channels, type Colour, mix, repainted } from "./landscape.ts";
import { type Named, tableOf, vocabularyOf } from "./lexicon.ts";

/** What `loadFigures` answers. */
export type Figures = Awaited<ReturnType<typeof loadFigures>>;

/**
 * Every figure there is, by name: its drawing in a box of 32 × 32 units, where nearly all stand on y = 30, and its size
 * beside a person, who is 1; 0.6 is that of things that lie on a table. Reads 9 MB: to be called once, and not before there is something to draw.
 */
export async function loadFigures() {
  const { icons, metadata } = await import("@iconify-json/fluent-emoji-flat");
  const drawings = new Map(Object.entries(icons.icons).map(([name, { body }]) => [name, body]));
  const [categories, sizes] = [new Map<string, string>(), new Map<string, number>()];
  for (const [name, drawing] of Object.entries(ownDrawings)) drawings.set(name, drawing);
  for (const [category, names] of Object.entries(metadata.categories ?? {})) {
    for (const name of names) categories.set(name, category);
    const size = /^(Food|Obj|Act)/.test(category) ? 0.6 : category.startsWith("Travel") ? 1.5 : 1;
    for (const name of names) sizes.set(name, size);
  }
  for (const [name, size] of tableOf(unusual)) sizes.set(name, Number(size));
  const fit = [...categories].filter(([, category]) => !/^(Sym|Smi|Flags)/.test(category));
  const vocabulary = vocabularyOf(fit.map(([name]) => name));
  return { drawings, categories, sizes, vocabulary };
}

const unusual = `1.9:castle,japanese-castle,church,mosque,synagogue,hindu-temple,kaaba,tokyo-tower,statue-of-liberty,stadium,factory,hotel,hospital,school,lighthouse,houses,bank,office-building,department-store,ferris-wheel
1.9:roller-coaster,volcano,mount-fuji,classical-building,circus-tent
1.5:deciduous-tree,evergreen-tree,palm-tree,christmas-tree,elephant,mammoth,giraffe,sauropod,t-rex,whale,spouting-whale,dragon,hot-air-balloon
1:bicycle,motorcycle,motor-scooter,kick-scooter,rock,tent,snowman,fuel-pump,fire,chair,couch-and-lamp,bed,bathtub,teddy-bear,ladder,telescope
0.55:rose,tulip,sunflower,lotus,blossom,hyacinth,hibiscus,bouquet,seedling,mushroom,bird,parrot,baby-chick,hamster,mouse,frog,chipmunk,crab,bamboo,umbrella,alarm-clock,snail,turtle,lizard,hedgehog,herb,spiral-shell,bat,blackbird,dove
0.55:fish,tropical-fish
0.4:ant,honeybee,butterfly,lady-beetle,bug,spider,beetle,fly,mosquito,cricket,worm,cockroach`;

const ownDrawings = {
  lighthouse: `<path fill="#8d97a5" d="M6 30c1-4 5-5 10-5s9 1 10 5z"/><path fill="#f5f1ea" d="M12.4 10h7.2L21 27H11z"/><path fill="#e5484d" d="M12.2 13h7.6l.3 4h-8.2zM11.5 21h9l.3 4h-9.6z"/><path fill="#39425a" d="M11.4 8.8h9.2v1.5h-9.2z"/><path fill="#ffe07a" d="M13 5.5h6v3.4h-6z"/><path fill="#e5484d" d="M16 2l4 3.6h-8z"/><path fill="#fff3b0" opacity=".5" d="M19 6l12-3.5v8L19 8.5zM13 6L1 2.5v8l12-2z"/>`,
  bamboo: `<path fill="none" stroke="#4c9a3f" stroke-width="3" d="M10 30V3M17 30V1M23.5 30V6"/><path stroke="#2f6f2b" d="M8 12h4M8 21h4M15 9h4M15 18h4M15 26h4M21.5 14h4M21.5 23h4"/><path fill="#72c254" d="M10 12c-4 0-7-2-8-5 4 0 7 1 8 5zM17 9c4-1 6-3 7-6-4 0-6 2-7 6zM23.5 14c4 0 6-2 7-5-4 0-6 1-7 5zM17 18c-4 0-6-2-7-5 4 0 6 1 7 5z"/>`,
  peak: `<path fill="#5f7396" d="M-12 30L16 1 44 30z"/><path fill="#4d5f82" d="M16 1l28 29H20z"/><path fill="#f7fbff" d="M16 1l9 9.3-4-1.5-5 3-4.5-3L7 10.3z"/>`,
  block: `<path fill="#4b5675" d="M5 6h22v24H5z"/><path stroke="#d6ebf7" stroke-width="2" stroke-dasharray="2 1.4" d="M8.5 8v18M13.5 8v18M18.5 8v18M23.5 8v18"/>`,
  tower: `<path fill="#566184" d="M9 2h14v28H9z"/><path stroke="#d6ebf7" stroke-width="1.6" stroke-dasharray="1.7 1.3" d="M12 4v22M16 4v22M20 4v22"/>`,
  puff: `<path fill="#fff" d="M-6 30a7 7 0 0 1 0-14 9 9 0 0 1 14-7 11 11 0 0 1 20 3 9 9 0 0 1 9 18z"/>`,
  "hot-air-balloon": `<path fill="#e5484d" d="M16 1c7 0 11 4.5 11 10 0 6-6 9-8 12h-6c-2-3-8-6-8-12C5 5.5 9 1 16 1z"/><path fill="#ffd257" d="M16 1c4 0 6 4.5 6 10 0 6-3 9-4 12h-4c-1-3-4-6-4-12 0-5.5 2-10 6-10z"/><path fill="#4f9be8" d="M16 1c1.5 0 2.5 4.5 2.5 10 0 6-1 9-1.5 12h-2c-.5-3-1.5-6-1.5-12C13.5 5.5 14.5 1 16 1z"/><path stroke="#6b4a2b" stroke-width=".6" d="M13 23l1 3.5M19 23l-1 3.5"/><path fill="#a8703a" d="M13.2 26h5.6l-.6 4h-4.4z"/>`,
};

/** Figures that are only a face get a body: the colours of fur or clothes and of the belly; `t` adds a tail, `p` is a person. */
const bodies =
  tableOf(`#ffb02e/#ffe3a8/t:cat-face #f3ad61/#ffe3c0/t:dog-face #ff822d/#fff0dc/t:fox,tiger-face #41386a/#f3eef8:panda #8d5b4c/#c99b7f:bear,moose #e9eef5/#fff:polar-bear #9b9b9b/#d6d6d6:koala #f3ad61/#ffe3a8/t:lion
#00d26a/#c8f5c0:frog #f3ad61/#ffe9d0:hamster #8f8f96/#cfcfd6/t:raccoon #9b9b9b/#e6e6e6/t:wolf #cdc4d6/#f3eef8:rabbit-face #cdc4d6/#f3eef8/t:mouse-face #6d4534/#d99a78/t:monkey-face #ff8687/#ffc1c1:pig-face #f4f4f4/#f4b6b6:cow-face
#6d4534/#a8755a:boar #8d5b4c/#b98a6d/t:horse-face #f4f4f4/#fff:chicken #e6d3ff/#fff:unicorn #00d26a/#ffe17a:dragon-face #9aa0b0/#cdd3df:robot #86d72f/#c8f29b:alien #ff4f6d/#ffd54a/p:clown-face #4a72b8/#8d5b4c/p:cowboy-hat-face
#d3382f/#f4a04b:goblin #8c3fae/#c98fe0:ogre #0084ce/#006aa8/p:man #8d65c5/#7450a8/p:woman #ff822d/#e0671a/p:person #26c9fc/#12a5d6/p:boy #ff6fa5/#e5518a/p:girl #3fb27f/#2f9468/p:child #a8d8f5/#fff/p:baby #5c8f6b/#45704f/p:old-man
#b0507c/#8f3c62/p:old-woman #e0293a/#fff/p:santa-claus`);

/** People who are drawn from head to foot; all others end at the chest. */
const whole = /ing\b|lotus|wheelchair|ears|fairy|merpeople|skier|snowboarder|polo|in-bed|bath/;
const legs = `<path fill="#3d4663" d="M11 23h4.2v5.5H11zM16.8 23H21v5.5h-4.2z"/><path fill="#262c42" d="M9.6 30c0-1.5 1-2.4 2.6-2.4h3V30zM16.8 27.6h3c1.6 0 2.6.9 2.6 2.4h-5.6z"/>`;

/** A drawing with its feet at a point; a negative height mirrors it. */
export function standing(drawing: string, x: number, y: number, tall: number): string {
  const scale = Math.abs(tall) / 30;
  return `<g transform="translate(${x - (16 * tall) / 30} ${y - 30 * scale}) scale(${tall / 30} ${scale})">${drawing}</g>`;
}

/** A figure with what it holds and rides, in its box. */
export function drawFigure(named: Named, { drawings, categories }: Figures): string {
  const { name, colour, held, mount } = named;
  const drawingOf = (one = "") => drawings.get(one) ?? "";
  const face = (held ?? mount) && bodies.has(`${name}-face`) ? `${name}-face` : name;
  const head = named.drawing ?? drawingOf(face);
  const item = held ? standing(drawingOf(held), 16, 30.3, 12.6) : "";
  const [body, category = ""] = [bodies.get(face), categories.get(face)];
  const cut = category.startsWith("People") && !whole.test(face);
  const plain = (cut ? legs + standing(head, 16, 24, 24.6) : head) + item;
  const drawn = body ? sitting(head, item, body) : plain;
  const own = colour ? recoloured(drawn, colour, category.startsWith("Travel")) : drawn;
  return mount ? drawingOf(mount) + standing(own, 18, 14.5, 18) : own;
}

/** A sitting figure that faces the viewer, with `item` in front. */
function sitting(head: string, item: string, body: string): string {
  const [fur = "", belly = "", kind] = body.split("/");
  const dark = mix(fur, "#2b2140", 0.18);
  const tail = `<path d="M22 28c5 1 7-3 5-6" fill="none" stroke="${dark}" stroke-width="2.4" stroke-linecap="round"/>`;
  return `${kind === "t" ? tail : ""}<path d="M8.4 30C7 23 10 16 16 16s9 7 7.6 14z" fill="${fur}"/><circle cx="16" cy="25.4" r="${kind === "p" ? 0 : 4.6}" fill="${belly}"/><path d="M8.2 30a3.2 2.6 0 0 1 6.4 0zM17.4 30a3.2 2.6 0 0 1 6.4 0z" fill="${dark}"/>${standing(head, 16, 19.3, 19.8)}${item}<path d="M8.3 24.6a1.9 1.8 0 1 1 3.8 0 1.9 1.8 0 1 1-3.8 0zM19.9 24.6a1.9 1.8 0 1 1 3.8 0 1.9 1.8 0 1 1-3.8 0z" fill="${kind === "p" ? "#ffc83d" : dark}"/>`;
}

/** Greys keep what they are, and so do the windows of what is `glazed`. */
function recoloured(drawing: string, colour: Colour, glazed: boolean): string {
  return repainted(drawing, (fill) => {
    const [red = 0, green = 0, blue = 0] = channels(fill);
    const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
    if (most - least < 50 || (glazed && blue === most)) return fill;
    const light = (most + least) / 510;
    return light < 0.45 ? mix("#1b1626", colour, 0.5 + light) : mix(colour, "#fff", light - 0.45);
  });
}

/** The strokes of letters, each from point to point of a grid of 5 × 7. */
const letters =
  tableOf(`062046/1434:A 06003041423303/3344453606:B 4130100105163645:C 06002042442606:D 40000646/0333:E 400006/0333:F 41301001051636454323:G 0006/4046/0343:H 1030/2026/1636:I 4045361605:J 0006/400346:K 000646:L 0600234046:M
06004640:N 100105163645413010:O 06003041423303:P 100105163645413010/2446:Q 06003041423303/2346:R 413010010213334445361605:S 0040/2026:T 000516364540:U 002640:V 0016233640:W 0046/4006:X 002340/2326:Y 00400646:Z 100105163645413010/1532:0
112026/1636:1 01103041420646:2 0110304142334445361605/1333:3 36300444:4 400003334445361605:5 30100105163645443303:6 004016:7 13020110304142331304051636454433:8 16364541301001021343:9 2024/2626:! 01103041422324/2626:? 2626:. 2517:,
2021:' 1333:- 0343/2125:+ 0640:/ 461120310405162644:&`);

/** A wooden sign. Its own letters need no font; where there is one it writes all others, where not they are scribbled. */
export function drawSign(text: string, font: boolean): string {
  const plain = text.replace(/[\p{C}\s]+/gu, " ").trim();
  const rows = (plain.match(/\S.{0,11}(?= |$)|\S.{0,11}/gu) ?? []).slice(0, 3);
  const step = 15 / rows.length;
  const drawn = rows.map((row, at) => {
    const own = !font || /^[ -~]*$/.test(row);
    const wide = Array.from(row).length * (own ? 6 : 8);
    const scale = Math.min(step / 9, 23 / wide);
    const safe = row.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
    const written = `<text y="6" font-size="8" font-family="sans-serif" fill="#4a2c14">${safe}</text>`;
    return `<g transform="translate(${16 - (wide - 2) * scale * 0.5} ${3.5 + step * (at + 0.5) - 3 * scale}) scale(${scale})">${own ? strokesOf(row) : written}</g>`;
  });
  return `<path fill="#8a5a33" d="M7 18h2.5v12H7zM22.5 18H25v12h-2.5z"/><rect x="2" y="3" width="28" height="16" rx="1.5" fill="#c98d52"/><path stroke="#a86f3a" stroke-width=".4" d="M2 8.3h28M2 13.6h28"/>${drawn.join("")}`;
}

function strokesOf(row: string): string {
  const paths = Array.from(row.toUpperCase(), (letter, at) => {
    const strokes = letters.get(letter) ?? (letter === " " ? "" : "0514243544");
    const path = strokes.replace(/(\d)(\d)/g, (_, x, y) => `L${Number(x) + at * 6} ${y}`);
    return path.replace(/(^|\/)L/g, "M");
  });
  return `<path d="${paths.join("")}" fill="none" stroke="#4a2c14" stroke-width="1.1" stroke-linecap="round" stroke-linejoin="round"/>`;
}
