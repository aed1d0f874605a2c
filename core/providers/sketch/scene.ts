import type { Colour } from "./colour.ts";
import type { Act } from "./figures/brush.ts";
import { type FigureName, figureFacts } from "./figures/catalogue.ts";
import { companions, homes, moods } from "./homes.ts";
import { type Random, randomOf } from "./random.ts";
import { type Named, type Reading, readWords } from "./words.ts";

export type Place =
  | "mountains"
  | "forest"
  | "city"
  | "village"
  | "sea"
  | "beach"
  | "lake"
  | "river"
  | "desert"
  | "meadow"
  | "snowfield"
  | "room"
  | "space"
  | "underwater"
  | "sky";
export type Time = "dawn" | "day" | "sunset" | "dusk" | "night";
export type Weather = "clear" | "cloudy" | "rain" | "storm" | "snow" | "fog";
export type Season = "spring" | "summer" | "autumn" | "winter";
export type Style = "plain" | "ink" | "neon" | "pastel" | "pixel";
export type Detail =
  | "sun"
  | "moon"
  | "crescent"
  | "stars"
  | "meteors"
  | "aurora"
  | "fireworks"
  | "fireflies"
  | "clouds"
  | "rainbow"
  | "flock"
  | "flowers"
  | "cherry"
  | "leaves"
  | "palms"
  | "bamboo"
  | "cacti"
  | "waterfall"
  | "shelf"
  | "fireplace";

export interface Subject {
  readonly figure: FigureName;
  readonly count: number;
  readonly coat: Colour | undefined;
  readonly act: Act | undefined;
  /** In somebody's paws: drawn with its holder. */
  readonly held: boolean;
}

/** What the words say, and what their hash decides where they are silent: the same for every seed and size. */
export interface Scene {
  /** The main one first. */
  readonly places: readonly [Place, ...Place[]];
  readonly time: Time;
  readonly weather: Weather;
  readonly season: Season;
  readonly style: Style;
  /** The colour that everything leans to. */
  readonly tint: Colour | undefined;
  readonly subjects: readonly Subject[];
  readonly details: readonly Detail[];
}

// === From words to a scene

const mostSubjects = 4;

const instruments: Partial<Record<Act, FigureName>> = {
  reading: "book",
  drinking: "cup",
  sheltering: "umbrella",
};

function holds({ figure }: Named): boolean {
  return figureFacts[figure].holds;
}

function actOf(
  reading: Reading,
  named: readonly Named[],
  places: readonly Place[],
): Act | undefined {
  const [asked] = reading.acts;
  if (asked !== undefined) return asked;
  const implied = Object.entries(instruments).find(([, tool]) =>
    named.some(({ figure }) => figure === tool),
  );
  if (implied !== undefined) return implied[0] as Act;
  if (places[0] === "space" || places[0] === "underwater") return "spacewalking";
  const wet = reading.weathers.some((weather) => weather === "rain" || weather === "storm");
  return wet && places[0] !== "room" ? "sheltering" : undefined;
}

/** Puts into paws what can be held, so that a cat and a book become a cat that reads. */
function subjectsOf(named: readonly Named[], act: Act | undefined): Subject[] {
  const anyHolder = named.some(holds);
  const tool = anyHolder && act !== undefined ? instruments[act] : undefined;
  const all = named.map((one): Subject => {
    const acting = holds(one) ? act : undefined;
    return { ...one, act: acting, held: one.figure === tool };
  });
  const missing = tool !== undefined && !named.some(({ figure }) => figure === tool);
  return missing
    ? [...all, { figure: tool, count: 1, coat: undefined, act: undefined, held: true }]
    : all;
}

const indoorActs: readonly Act[] = ["reading", "sleeping", "drinking"];
const openAir: readonly Detail[] = [
  "cherry",
  "flowers",
  "leaves",
  "sun",
  "rainbow",
  "flock",
  "fireflies",
  "palms",
  "bamboo",
  "waterfall",
  "aurora",
];
const waters: readonly Place[] = ["sea", "lake", "river", "beach", "underwater"];
const anywhere = ["meadow", "mountains", "beach", "lake", "forest", "village"] as const;
const wilderness = [
  "mountains",
  "mountains",
  "lake",
  "lake",
  "sea",
  "forest",
  "meadow",
  "desert",
  "river",
  "snowfield",
  "village",
  "city",
] as const;

function homeOf(named: readonly Named[]) {
  return named.map(({ figure }) => homes[figure]).find((home) => home !== undefined);
}

function mainPlace(reading: Reading, named: readonly Named[], random: Random): Place {
  const [place] = reading.places;
  if (place !== undefined) return place;
  const land = named.some(({ figure }) => figureFacts[figure].stand === "ground");
  const airy = reading.details.some((detail) => openAir.includes(detail));
  if (land && !airy && reading.acts.some((act) => indoorActs.includes(act))) return "room";
  if (reading.styles.includes("neon")) return "city";
  return homeOf(named)?.place ?? random.pick(land ? anywhere : wilderness);
}

/** Gives water to what floats, and takes the land from what swims. */
function placesOf(reading: Reading, named: readonly Named[], random: Random): Scene["places"] {
  const main = mainPlace(reading, named, random);
  const rest = reading.places.filter((place) => place !== main);
  const stands = new Set(named.map(({ figure }) => figureFacts[figure].stand));
  const wet = [main, ...rest].some((place) => waters.includes(place));
  const outdoors = main !== "room" && main !== "space";
  if (stands.has("deep") && !stands.has("ground") && outdoors) return ["underwater"];
  if ((stands.has("afloat") || stands.has("deep")) && outdoors && !wet)
    return [main, ...rest, "lake"];
  return [main, ...rest];
}

/** Needs somebody in it to be a picture. */
const hollow: readonly Place[] = ["room", "space", "underwater", "sky"];
/** Are pictures by themselves. */
const sights: readonly Detail[] = ["waterfall", "aurora", "fireworks", "meteors"];

/** Company for a landscape that the words leave empty. */
function companionsOf(reading: Reading, place: Place, random: Random): Named[] {
  const lonely =
    reading.named.length === 0 && !reading.details.some((detail) => sights.includes(detail));
  const silent = reading.places.length === 0;
  const empty = hollow.includes(place);
  if (!lonely || !random.chance(empty ? 1 : silent ? 0.85 : 0.6)) return [];
  const figure = random.pick(companions[place]);
  const shy = !silent && !empty && figureFacts[figure].stand === "ground";
  return shy ? [] : [{ figure, count: 1, coat: undefined }];
}

function detailsOf(reading: Reading, home: ReturnType<typeof homeOf>): Detail[] {
  return [...new Set([...reading.details, ...(home?.detail === undefined ? [] : [home.detail])])];
}

/** Somebody has to do the reading. */
function readersOf({ named, acts }: Reading): readonly Named[] {
  const reader = acts.includes("reading") && !named.some(holds);
  return reader ? [{ figure: "girl", count: 1, coat: undefined }, ...named] : named;
}

/**
 * The scene that a prompt describes, in English or Chinese. Words that it does not know still choose a scene, through
 * their hash. Takes any string, linear in its length.
 */
export function readScene(prompt: string): Scene {
  const reading = readWords(prompt);
  const random = randomOf(prompt).fork("scene");
  const named = readersOf(reading).slice(0, mostSubjects);
  const places = placesOf(reading, named, random.fork("places"));
  const everyone = [
    ...named,
    ...companionsOf({ ...reading, named }, places[0], random.fork("company")),
  ];
  const home = homeOf(named);
  const mood = moods[places[0]];
  const season = reading.seasons[0] ?? home?.season ?? random.fork("season").pick(mood.seasons);
  return {
    places,
    season,
    time: reading.times[0] ?? home?.time ?? random.fork("time").pick(mood.times),
    weather:
      reading.weathers[0] ??
      home?.weather ??
      random.fork("weather").pick(season === "winter" ? mood.winter : mood.weathers),
    style: reading.styles[0] ?? "plain",
    tint: reading.tint,
    subjects: subjectsOf(everyone, actOf(reading, everyone, places)),
    details: detailsOf(reading, home),
  };
}
