import type { FigureName } from "./figures/catalogue.ts";
import type { Meaning } from "./lexicon.ts";
import type { Place, Season, Time, Weather } from "./scene.ts";

type Home = Pick<Meaning, "place" | "time" | "weather" | "season" | "detail">;

/** Where each figure is found when the words do not say. */
export const homes: Readonly<Partial<Record<FigureName, Home>>> = {
  rabbit: { place: "meadow", detail: "flowers" },
  fox: { place: "forest", season: "autumn" },
  wolf: { place: "snowfield", time: "night", detail: "moon" },
  bear: { place: "forest" },
  panda: { place: "forest", detail: "bamboo" },
  tiger: { place: "forest" },
  lion: { place: "meadow", time: "sunset" },
  hamster: { place: "meadow", detail: "flowers" },
  koala: { place: "forest" },
  monkey: { place: "forest" },
  raccoon: { place: "forest", time: "night" },
  pig: { place: "village" },
  cow: { place: "village" },
  chick: { place: "village" },
  rooster: { place: "village", time: "dawn" },
  dragon: { place: "mountains", time: "sunset" },
  horse: { place: "meadow" },
  unicorn: { place: "meadow", detail: "rainbow" },
  deer: { place: "forest", time: "dawn" },
  elephant: { place: "meadow", time: "sunset" },
  giraffe: { place: "meadow", time: "sunset" },
  sheep: { place: "meadow" },
  camel: { place: "desert", time: "sunset" },
  dinosaur: { place: "mountains" },
  owl: { place: "forest", time: "night", detail: "moon" },
  penguin: { place: "snowfield" },
  bird: { place: "meadow", detail: "cherry" },
  duck: { place: "lake" },
  swan: { place: "lake" },
  crane: { place: "lake", time: "dawn" },
  flamingo: { place: "lake", time: "sunset" },
  whale: { place: "sea" },
  dolphin: { place: "sea" },
  fish: { place: "underwater" },
  octopus: { place: "underwater" },
  jellyfish: { place: "underwater" },
  turtle: { place: "underwater" },
  crab: { place: "beach" },
  frog: { place: "lake" },
  butterfly: { place: "meadow", detail: "flowers" },
  bee: { place: "meadow", detail: "flowers" },
  snail: { place: "meadow", weather: "rain" },
  ladybird: { place: "meadow", detail: "flowers" },
  flower: { place: "meadow" },
  sunflower: { place: "meadow", time: "day" },
  rose: { place: "meadow" },
  tulip: { place: "meadow", detail: "flowers" },
  wizard: { place: "forest", time: "night", detail: "fireflies" },
  princess: { place: "meadow", detail: "flowers" },
  santa: { place: "snowfield", weather: "snow", time: "night" },
  astronaut: { place: "space" },
  robot: { place: "city", time: "dusk" },
  snowman: { place: "snowfield", weather: "snow" },
  car: { place: "mountains" },
  bus: { place: "city" },
  train: { place: "mountains" },
  bicycle: { place: "meadow", detail: "flowers" },
  boat: { place: "sea" },
  ship: { place: "sea" },
  sampan: { place: "lake", weather: "fog" },
  hotAirBalloon: { place: "mountains", time: "dawn" },
  rocket: { place: "space" },
  aeroplane: { place: "sky" },
  ufo: { place: "meadow", time: "night", detail: "stars" },
  kite: { place: "meadow", time: "day" },
  house: { place: "village" },
  castle: { place: "mountains", time: "dusk" },
  lighthouse: { place: "sea", time: "dusk" },
  windmill: { place: "meadow", detail: "flowers" },
  pagoda: { place: "mountains", weather: "fog" },
  tower: { place: "city", time: "dusk" },
  bridge: { place: "river" },
  tent: { place: "mountains", time: "night", detail: "stars" },
  pyramid: { place: "desert", time: "sunset" },
  gate: { place: "lake", time: "sunset" },
  lantern: { place: "village", time: "night" },
  umbrella: { place: "city", weather: "rain" },
  pumpkin: { place: "meadow", time: "night", season: "autumn" },
  christmasTree: { place: "snowfield", time: "night", weather: "snow" },
  mushroom: { place: "forest" },
  balloons: { place: "sky" },
  heart: { place: "sky", time: "sunset" },
  book: { place: "room" },
  cup: { place: "room" },
  lamp: { place: "room", time: "night" },
  apple: { place: "room" },
  cake: { place: "room" },
  candle: { place: "room", time: "night" },
  gift: { place: "room" },
  guitar: { place: "room" },
  clock: { place: "room" },
  vase: { place: "room" },
};

type Some<Item> = readonly [Item, ...Item[]];

/** Who may be met where, when the words name nobody. */
export const companions: Readonly<Record<Place, Some<FigureName>>> = {
  mountains: ["hotAirBalloon", "house", "pagoda", "deer", "tent", "castle", "train"],
  forest: ["house", "fox", "deer", "owl", "tent"],
  city: ["hotAirBalloon", "bridge", "aeroplane", "kite"],
  village: ["windmill", "hotAirBalloon", "cat", "kite"],
  sea: ["boat", "lighthouse", "whale", "ship", "boat"],
  beach: ["boat", "crab", "lighthouse", "kite"],
  lake: ["boat", "house", "swan", "sampan", "crane", "hotAirBalloon"],
  river: ["bridge", "sampan", "house", "crane"],
  desert: ["camel", "pyramid", "hotAirBalloon"],
  meadow: ["house", "windmill", "hotAirBalloon", "rabbit", "horse", "kite"],
  snowfield: ["house", "fox", "penguin", "deer"],
  room: ["cat", "vase", "cup"],
  space: ["rocket", "astronaut", "ufo"],
  underwater: ["fish", "turtle", "whale", "jellyfish"],
  sky: ["hotAirBalloon", "aeroplane", "balloons"],
};

interface Mood {
  readonly times: Some<Time>;
  readonly weathers: Some<Weather>;
  readonly winter: Some<Weather>;
  readonly seasons: Some<Season>;
}

const outdoors: Mood = {
  times: ["day", "day", "day", "dawn", "dawn", "sunset", "sunset", "dusk", "night"],
  weathers: ["clear"],
  winter: ["clear", "snow"],
  seasons: ["spring", "summer", "summer", "autumn"],
};
const inside: Mood = { ...outdoors, times: ["night", "night", "dusk", "sunset"] };
const snowed: Mood = { ...outdoors, seasons: ["winter"], weathers: ["clear", "snow"] };

/** What time and weather suit a place. */
export const moods: Readonly<Record<Place, Mood>> = {
  mountains: outdoors,
  forest: outdoors,
  city: { ...outdoors, times: ["sunset", "dusk", "night", "night", "day"] },
  village: outdoors,
  sea: outdoors,
  beach: { ...outdoors, times: ["day", "day", "sunset", "sunset"] },
  lake: outdoors,
  river: outdoors,
  desert: { ...outdoors, times: ["day", "sunset", "sunset", "night"] },
  meadow: outdoors,
  snowfield: snowed,
  room: inside,
  space: { ...outdoors, times: ["night"] },
  underwater: { ...outdoors, times: ["day"] },
  sky: outdoors,
};
