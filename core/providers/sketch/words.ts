import { type Colour, colourfulness } from "./colour.ts";
import type { Act } from "./figures/brush.ts";
import type { FigureName } from "./figures/catalogue.ts";
import { type Meaning, lexicon } from "./lexicon.ts";
import type { Detail, Place, Season, Style, Time, Weather } from "./scene.ts";

/** A figure that the words name, with the adjectives before it. */
export interface Named {
  readonly figure: FigureName;
  readonly count: number;
  readonly coat: Colour | undefined;
}

/** Everything that the words say, in the order in which they say it. */
export interface Reading {
  readonly named: readonly Named[];
  readonly places: readonly Place[];
  readonly times: readonly Time[];
  readonly weathers: readonly Weather[];
  readonly seasons: readonly Season[];
  readonly styles: readonly Style[];
  readonly details: readonly Detail[];
  readonly acts: readonly Act[];
  readonly tint: Colour | undefined;
}

/** UTF-16 units; what stands further back only stirs the hash. */
const readLength = 4_000;

interface Token {
  readonly meaning: Meaning;
  readonly plural: boolean;
  readonly start: number;
  readonly end: number;
}

const known = [...lexicon.keys()]
  .filter((word) => !/^[a-z]+$/.test(word))
  .sort((one, other) => other.length - one.length)
  .map((word) => (/^[a-z0-9]/.test(word) ? `\\b${word}s?\\b` : word));
const anyWord = new RegExp(`${known.join("|")}|[a-z]+`, "g");

const endings: readonly (readonly [ending: RegExp, singular: string])[] = [
  [/$/, ""],
  [/s$/, ""],
  [/es$/, ""],
  [/ies$/, "y"],
  [/ves$/, "f"],
];

function lookUp(word: string): Pick<Token, "meaning" | "plural"> | undefined {
  for (const [ending, singular] of endings) {
    const stem = word.replace(ending, singular);
    const meaning = lexicon.get(stem);
    if (meaning !== undefined) return { meaning, plural: stem !== word };
  }
  return undefined;
}

function tokensOf(prompt: string): Token[] {
  const text = prompt.slice(0, readLength).toLowerCase().replaceAll("’", "'");
  return [...text.matchAll(anyWord)].flatMap((match) => {
    const found = lookUp(match[0]);
    const end = match.index + match[0].length;
    if (found === undefined) return [];
    return [{ ...found, plural: found.plural || text[end] === "们", start: match.index, end }];
  });
}

function said<Value>(
  tokens: readonly Token[],
  read: (meaning: Meaning) => Value | undefined,
): Value[] {
  const values = tokens.map(({ meaning }) => read(meaning)).filter((value) => value !== undefined);
  return [...new Set(values)];
}

// === Colours and numbers belong to what follows them

/** In UTF-16 units: "a red old car" and "红色的小汽车" are near enough. */
const adjectiveReach = 12;

/** What is so by nature does not colour the whole picture. */
const natural: Partial<Record<Place, readonly Colour[]>> = {
  sea: ["#3470c8", "#2fa6a0"],
  lake: ["#3470c8", "#2fa6a0", "#4fa35a"],
  river: ["#3470c8", "#2fa6a0", "#4fa35a"],
  sky: ["#3470c8"],
  forest: ["#4fa35a"],
  meadow: ["#4fa35a", "#f2c230", "#e2a63c"],
  mountains: ["#4fa35a", "#2fa6a0"],
  desert: ["#f2c230", "#e2a63c"],
  beach: ["#f2c230", "#e2a63c"],
};

function isNear(adjective: Token, noun: Token): boolean {
  return noun.start - adjective.end <= adjectiveReach;
}

function tintFrom(token: Token, next: Token | undefined): Colour | undefined {
  const { colour } = token.meaning;
  if (colour === undefined || colourfulness(colour) < 0.03) return undefined;
  if (next === undefined || !isNear(token, next)) return colour;
  const { figure, detail, place } = next.meaning;
  if (figure !== undefined || detail !== undefined || next.meaning.colour !== undefined)
    return undefined;
  return place !== undefined && natural[place]?.includes(colour) ? undefined : colour;
}

/** The colour and the number that stand before the figure at `index`. */
function adjectivesOf(tokens: readonly Token[], index: number): Pick<Named, "coat" | "count"> {
  let coat: Colour | undefined;
  let count = tokens[index]?.plural === true ? 2 : 1;
  for (let before = index - 1; before >= 0; before--) {
    const [adjective, noun] = [tokens[before], tokens[before + 1]];
    if (adjective === undefined || noun === undefined || !isNear(adjective, noun)) break;
    const { meaning } = adjective;
    if (meaning.colour === undefined && meaning.count === undefined) break;
    coat ??= meaning.colour;
    count = meaning.count ?? count;
  }
  return { coat, count };
}

function namedIn(tokens: readonly Token[]): Named[] {
  const byFigure = new Map<FigureName, Named>();
  for (const [index, { meaning }] of tokens.entries()) {
    if (meaning.figure === undefined || byFigure.has(meaning.figure)) continue;
    byFigure.set(meaning.figure, { figure: meaning.figure, ...adjectivesOf(tokens, index) });
  }
  return [...byFigure.values()];
}

/** Reads the words that the lexicon knows and passes over all others. */
export function readWords(prompt: string): Reading {
  const tokens = tokensOf(prompt);
  return {
    named: namedIn(tokens),
    places: said(tokens, ({ place }) => place),
    times: said(tokens, ({ time }) => time),
    weathers: said(tokens, ({ weather }) => weather),
    seasons: said(tokens, ({ season }) => season),
    styles: said(tokens, ({ style }) => style),
    details: said(tokens, ({ detail }) => detail),
    acts: said(tokens, ({ act }) => act),
    tint: tokens
      .map((token, index) => tintFrom(token, tokens[index + 1]))
      .find((tint) => tint !== undefined),
  };
}
