/** A colour as `#rrggbb` or `#rgb`. */
export type Colour = string;

/** A repeatable stream of numbers from 0 up to, not including, 1: FNV-1a seeds a linear congruential generator. */
export function randomOf(origin: string): () => number {
  let state = 0x811c9dc5;
  for (let at = 0; at < origin.length; at++) {
    state = Math.imul(state ^ origin.charCodeAt(at), 0x01000193);
  }
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** Red, green and blue, 0…255. */
export function channels(colour: Colour): number[] {
  const long = colour.length === 4 ? colour.replace(/\w/g, "$&$&") : colour;
  return [1, 3, 5].map((at) => Number.parseInt(long.slice(at, at + 2), 16));
}

/** `part` of the way from one colour to another. */
export function mix(from: Colour, to: Colour, part: number): Colour {
  const target = channels(to);
  const mixed = channels(from).map((value, at) => value + ((target[at] ?? 0) - value) * part);
  return `#${mixed.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
}

/** A drawing with each of its colours changed. */
export function repainted(drawing: string, change: (colour: Colour) => Colour): string {
  return drawing.replace(/#(?:[0-9a-f]{6}|[0-9a-f]{3})\b/g, change);
}

/** From top to horizon, and how strongly the top colours everything below. The first that is named counts. */
const skies = [
  ["space", "#07041a", "#1b1250", "#54348c", 0.3],
  ["neon", "#150a45", "#6a22a8", "#ff6aa9", 0.5],
  ["night", "#0b1540", "#22397c", "#6079b8", 0.55],
  ["sunset", "#4a3488", "#ea6380", "#ffcf82", 0.3],
  ["dawn", "#7286dc", "#f3b6d0", "#ffe9c4", 0.15],
  ["storm", "#46566a", "#7f90a0", "#c6d0d6", 0.35],
  ["rain", "#6d8096", "#9db0bf", "#d5dee3", 0.25],
  ["fog", "#a9b7c0", "#c6d0d5", "#e6ebec", 0.2],
  ["snowing", "#8fb4d9", "#bcd5ea", "#f1f7fc", 0.05],
  ["soft", "#b9d6f6", "#f7d9e8", "#fff4dc", 0.1],
  ["", "#3f9ff0", "#8fd0fb", "#ecf9ff", 0],
] as const;

/** For each ground: its colours, hills, plants and their density, and loose objects. The first that is named counts. */
const grounds = [
  ["space", "#9a94b8", "", "", 0, "rock"],
  ["city", "#959db0", "block tower", "deciduous-tree", 3, ""],
  ["sea", "#f0d9a4", "", "palm-tree", 2, "spiral-shell rock"],
  ["desert", "#e8bb74", "", "cactus", 2, "rock"],
  ["mountains", "#77b85c", "peak", "evergreen-tree", 8, "blossom herb rock"],
  ["forest", "#4f9a4c", "", "deciduous-tree evergreen-tree", 26, "mushroom herb shamrock"],
  ["bamboo", "#5fa05a", "", "bamboo", 40, "herb"],
  ["snow", "#eef4fb", "", "evergreen-tree", 7, ""],
  ["", "#6cbb58", "", "deciduous-tree evergreen-tree", 5, "blossom tulip shamrock herb"],
] as const;

/** What there is to paint, in units of which the shorter side has 1,000. */
export interface View {
  readonly width: number;
  readonly height: number;
  /** Where the ground begins. */
  readonly horizon: number;
  /** The meanings of the recognised words about the landscape. */
  readonly scene: ReadonlySet<string>;
  readonly tint: Colour | undefined;
  readonly random: () => number;
  /** Draws one of the named figures (separated by spaces) with this height, its feet at this point. */
  readonly plant: (names: string, x: number, y: number, height: number) => string;
}

const glass = "#d6ebf7";

/** The same view gives the same landscape. `lit` puts the light of the hour on what stands between its two parts. */
export function paintLandscape(view: View) {
  const { width, horizon, scene, tint } = view;
  const sky = skies.find(([name]) => scene.has(name)) ?? skies[10];
  const [top, haze] = [tint ?? sky[1], tint ? mix(tint, "#fff6e8", 0.8) : sky[3]];
  const [middle, shade] = tint ? [mix(tint, "#fff", 0.3), 0.4] : [sky[2], sky[4]];
  const window = ["night", "neon"].some((hour) => scene.has(hour)) ? "#ffd978" : glass;
  const lit = (drawing: string, part: number) =>
    repainted(drawing, (colour) => (colour === glass ? window : mix(colour, top, part * shade)));
  const ground = grounds.find(([name]) => scene.has(name)) ?? grounds[8];
  const sea = ground[0] === "sea";
  const season = scene.has("snow") ? "#f2f7ff" : scene.has("autumn") ? "#d9962f" : tint;
  const soil = mix(ground[1], season ?? ground[1], 0.8);
  const folds = (sea ? [1.8] : [0, 0.4, 1]).map((near) =>
    foldOf(view, near, ground, mix(haze, soil, Math.min(1, 0.6 + near * 0.4))),
  );
  const far = sea ? seaOf(view, haze) : backOf(view, ground[2], haze);
  const air = `${gradient("sky", top, middle, haze)}<path d="M0 0H${width}V${horizon + 40}H0z" fill="url(#sky)"/>`;
  const sights = sightsOf(view, mix(middle, "#fff", 0.6 - shade));
  return { behind: air + sights + lit(far + folds.join(""), 1), before: weatherOf(view), lit };
}

function gradient(id: string, ...[top, middle, low]: readonly Colour[]): string {
  return `<linearGradient id="${id}" x2="0" y2="1"><stop stop-color="${top}"/><stop offset=".5" stop-color="${middle}"/><stop offset="1" stop-color="${low}"/></linearGradient>`;
}

/** A line of no length is a dot; a colour may end with two digits of opacity. */
function lines(path: string, colour: Colour, width: number): string {
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round"/>`;
}

type Draw = (x: number, y: number) => string;

/** As many as `dense` says for each 1,000 × 1,000 units, at random between two heights. */
function scattered({ width, random }: View, range: readonly number[], draw: Draw): string {
  const [top = 0, low = 0, dense = 0] = range;
  const length = Math.min(500, (width * (low - top) * dense) / 1e6);
  const one = () => draw(random() * width, top + random() * (low - top));
  return Array.from({ length }, one).join("");
}

/** The sun or the moon, the stars, the planets, a rainbow and the clouds. */
function sightsOf(view: View, cloud: Colour): string {
  const { width, horizon, scene, random, plant } = view;
  const is = (names: string) => names.split(" ").some((name) => scene.has(name));
  const [dark, veiled] = [is("night space neon"), is("rain fog snowing") && !is("moon")];
  const x = width * (random() < 0.5 ? 0.2 : 0.8);
  const stars = [3, 4.5, 7].map((size) => {
    const path = scattered(view, [0, horizon, dark ? 45 : 0], (left, y) => `M${left} ${y}h.1`);
    return lines(path, "#fff8dccc", size);
  });
  const planets =
    plant("ringed-planet", x, 420, 230) + plant("globe-showing-americas", width - x, 500, 130);
  const [y, size] = is("sunset dawn") && !dark ? [horizon - 60, 230] : [190, 165];
  const glow = dark ? "#fff3c414" : "#fff3c433";
  const halo = [2.6, 1.9].map((part) => lines(`M${x} ${y}h.1`, glow, size * part));
  const sun = halo.join("") + plant(dark ? "full-moon" : "sun", x, y + size * 0.47, size);
  const lights = veiled ? "" : stars.join("") + (is("space") ? planets : sun);
  const bow = is("rainbow") ? plant("rainbow", width - x, horizon + 60, 460) : "";
  const puff: Draw = (left, foot) => plant("puff", left, foot, 50 + random() * 90);
  const dense = is("space") ? 0 : is("rain clouds") ? 20 : 9;
  const clouds = scattered(view, [horizon * 0.1, horizon * 0.7, dense], puff);
  return lights + bow + repainted(clouds, () => cloud);
}

/** A line of hills from left to right, closed at the bottom of the picture. */
function ridge({ width, height, random }: View, y: number, rise: number, colour: Colour): string {
  const [first, second] = [random() * 6, random() * 6];
  const points = Array.from({ length: width / 40 + 2 }, (_, at) => {
    const wave = 0.6 * Math.sin(at / 6.5 + first) + 0.4 * Math.sin(at / 2.9 + second);
    return `${at * 40} ${y - rise * wave}`;
  });
  return `<path d="M${points.join("L")}V${height}H0z" fill="${colour}"/>`;
}

/** Hills, and two rows of figures before them; the farther row is paler. */
function backOf(view: View, names: string, haze: Colour): string {
  const { width, horizon, random, plant } = view;
  const rows = [0.6, 0.15].map((part) => {
    const row = Array.from({ length: names ? width / 105 + 2 : 0 }, (_, at) => {
      const [x, tall] = [(at + random() * 0.4) * 105 - 60, 260 - part * 100 + random() * 250];
      return plant(names, x, horizon + 40, tall);
    });
    const pale = (colour: Colour) => (colour === glass ? glass : mix(colour, haze, part));
    return repainted(row.join(""), pale);
  });
  return ridge(view, horizon - 30, 55, mix("#7fb2a8", haze, 0.55)) + rows.join("");
}

function seaOf(view: View, haze: Colour): string {
  const { width, height, horizon, random } = view;
  const glint: Draw = (x, y) => `M${x} ${y}h${20 + random() * 40}`;
  const glints = lines(scattered(view, [horizon + 9, height, 80], glint), `${haze}73`, 4);
  return `${gradient("sea", mix("#2f8fc4", haze, 0.5), "#1f6fae", "#1f6fae")}<path d="M0 ${horizon}H${width}V${height}H0z" fill="url(#sea)"/>${glints}`;
}

/** A fold of land and what grows on it; the nearest leaves the middle free. */
function foldOf(view: View, near: number, ground: (typeof grounds)[number], soil: Colour) {
  const { width, height, horizon, scene, random, plant } = view;
  const [name, , , flora, trees, litter] = ground;
  const y = horizon + (height - horizon) * 0.4 * near;
  const grown = scattered(view, [y + 16, y + 36, trees * (50 - near * 22)], (x, foot) => {
    const left = near < 1 ? x : (x * 0.24 + width * 0.88) % width;
    return plant(flora, left, foot, 75 + Math.min(near, 1) * 150 + random() * 50);
  });
  const leaves = grown.replaceAll("#44911b", scene.has("autumn") ? "#d9762f" : "#44911b");
  const bit: Draw = (x, foot) => plant(litter, x, foot, 24 + random() * 14);
  const lying = near < 1 || !litter ? "" : scattered(view, [y + 40, height + 20, 45], bit);
  const road = `<path d="M0 ${y + 120}H${width}" stroke="#626b80" stroke-width="120"/><path d="M40 ${y + 120}H${width}" stroke="#f3e9c8" stroke-width="8" stroke-dasharray="70 60"/>`;
  const own = name === "city" && near === 1 ? road : "";
  return ridge(view, y, name === "city" ? 0 : 24 - 8 * near, soil) + own + leaves + lying;
}

function weatherOf(view: View): string {
  const { width, height, scene, random } = view;
  const fall = (name: string, dense: number, path: () => string) =>
    scattered(view, [0, height, scene.has(name) ? dense : 0], (x, y) => `M${x} ${y}${path()}`);
  const rain = fall("rain", 130, () => `l-9 ${30 + random() * 22}`);
  const fog = fall("fog", 7, () => `m${-2 * width} 0h${4 * width}`);
  const flakes = () => fall("snowing", 45, () => "h.1");
  const snow = [6, 10, 16].map((size) => lines(flakes(), "#fff", size));
  return lines(rain, "#dcecf7a6", 3) + lines(fog, "#f2f5f63d", 90) + snow.join("");
}
