import type { Catalogue, Model } from "./catalogue.ts";
import { checkPictures, type Directives, expandChoices, readDirectives } from "./prompt.ts";
import { type Preset, wrap } from "./presets.ts";
import type { Wording } from "./enhance.ts";
import { editingModel } from "./editing.ts";
import { invalidRequest } from "./errors.ts";
import type { Hint, Notice } from "./notices.ts";
import { optional } from "./optional.ts";
import {
  type ImageRequest,
  maxPromptLength,
  maxSeed,
  promptTooLong,
  type Quality,
} from "./request.ts";
import type { Settings } from "./settings.ts";
import { parseRatio } from "./ratio.ts";
import { type SizeWish, sizeWish } from "./size.ts";

/** What is wanted, decided once: a request with its words read, its model found and its seed chosen. */
export interface Brief {
  /** What the person typed, directives included. */
  readonly words: string;
  /** The same without its directives, inside the words of its preset. */
  readonly prompt: string;
  /** What the pictures show, in turn, where the prompt has choices. */
  readonly variants?: readonly string[];
  readonly negative: string;
  /** The id of a model in the catalogue. */
  readonly model: string;
  readonly size: SizeWish;
  readonly quality?: Quality;
  /** The seed of the first picture; each further picture adds 1. */
  readonly seed: number;
  readonly steps?: number;
  readonly guidance?: number;
  /** Pictures, 1…10. */
  readonly count: number;
  readonly enhance: boolean;
  /** Set where the final prompt is settled already, such as for a picture that is made again. */
  readonly wording?: Wording;
  readonly extras: Readonly<Record<string, string | number | boolean>>;
  /** The ids of the pictures that are edited, in order, sent or made here; absent where it is painted from words alone. */
  readonly sources?: readonly string[];
  /** The id of the picture whose transparent parts say where the first source is to change. */
  readonly mask?: string;
  /** 2 for what was made from a picture that was painted here, 3 for what was made from that, …; absent for 1. */
  readonly version?: number;
  /** The hints that the person gave, rather than the model's own defaults. */
  readonly given: readonly Hint[];
  /** The policy wants these words behind a spoiler. */
  readonly spoiler?: boolean;
  readonly notices: readonly Notice[];
}

/** The defaults of a person, a place or a door, for what neither the request nor its words say. */
export type Defaults = Pick<Settings, "ratio" | "enhance" | "model" | "quality">;

/** What reading a brief needs. */
export interface BriefTools {
  readonly catalogue: Catalogue;
  /** A fresh seed, 1…2147483647. */
  readonly newSeed: () => number;
}

/**
 * Reads a request in one order of precedence: its fields, the directives in its words, the defaults from first to
 * last, the model. A preset counts after the words and before the defaults. The words of an edit are enhanced only where
 * the request asks for it. Throws `invalid-request`, `unknown-model` and `unsupported`.
 */
export function readBrief(
  request: ImageRequest,
  defaults: readonly Defaults[],
  tools: BriefTools,
  preset?: Preset,
): Brief {
  const words = readWords(request.prompt);
  const { prompt: said, ...directives } = readDirectives(words);
  const sources = sourcesIn(request, preset);
  const prompt = preset ? wrap(preset.words, said, sources !== undefined) : said;
  check(request, prompt);
  const wishes: Wishes = { ...wishesIn(preset), ...directives, ...optional(request) };
  const usual = merged(preset ? [preset, ...defaults] : defaults);
  const { extras = {}, mask } = request;
  const model = modelFor(wishes.model, usual.model, { sources, mask }, tools.catalogue);
  return {
    words,
    ...shownBy(request, prompt, wishes.count),
    negative: wishes.negative ? cleanText(wishes.negative) : "",
    model: model.id,
    size: withDefaultRatio(sizeWish(request, directives.ratio), request, usual.ratio),
    seed: isSeed(wishes.seed) ? seedOf(wishes.seed, 1) : tools.newSeed(),
    enhance: wishes.enhance ?? (!sources && (usual.enhance ?? true)),
    extras,
    given: hintsOf(wishes),
    notices: [...leftOut(request, model), ...directives.notices, ...seedNotices(wishes.seed)],
    ...optional({
      quality: wishes.quality ?? usual.quality,
      steps: wishes.steps,
      guidance: wishes.guidance,
      sources,
      mask,
    }),
  };
}

/** What the pictures show: what the final prompt says, where the person settled it. */
function shownBy(request: ImageRequest, prompt: string, count: number | undefined) {
  const wording = wordingIn(request);
  return wording ? { prompt, count: count ?? 1, wording } : readPictures(prompt, count);
}

/** The final prompt where the person settled it; undefined where it is still to be found. */
function wordingIn({ finalPrompt }: ImageRequest): Wording | undefined {
  const prompt = finalPrompt && readWords(finalPrompt);
  return prompt ? { prompt, enhancement: { status: "edited" } } : undefined;
}

function check({ sources = [], mask }: ImageRequest, prompt: string): void {
  if (prompt === "") throw invalidRequest("prompt", "Say in words what the picture should show.");
  if (mask !== undefined && sources.length === 0) {
    throw invalidRequest("mask", "A mask needs the picture that it is for.");
  }
}

/** The pictures to edit, and those of the preset; undefined where there are none. */
function sourcesIn({ sources = [] }: ImageRequest, preset: Preset | undefined) {
  const all = [...sources, ...(preset?.pictures ?? [])];
  return all.length > 0 ? all : undefined;
}

/** What a person typed, clean. Throws `invalid-request` where it is too long. */
export function readWords(typed: string): string {
  if (typed.length > maxPromptLength) throw invalidRequest("prompt", `A prompt ${promptTooLong}.`);
  return cleanText(typed);
}

/**
 * What the pictures of a prompt show, and how many they are: so many of each of its choices. Throws `invalid-request` for
 * an empty one, and for too many pictures.
 */
export function readPictures(
  prompt: string,
  ofEach = 1,
): Pick<Brief, "prompt" | "variants" | "count"> {
  const [first, ...others] = expandChoices(prompt);
  if (!first) throw invalidRequest("prompt", "Say in words what the picture should show.");
  const count = (others.length + 1) * ofEach;
  checkPictures(count);
  return others.length === 0
    ? { prompt: first, count }
    : { prompt, variants: [first, ...others], count };
}

/** How many pictures a request is for. Throws `invalid-request` as `readBrief` does. */
export function picturesIn(request: ImageRequest, preset?: Preset): number {
  const { prompt, count } = readDirectives(readWords(request.prompt));
  if (wordingIn(request)) return request.count ?? count ?? 1;
  const whole = preset ? wrap(preset.words, prompt, true) : prompt;
  return readPictures(whole, request.count ?? count).count;
}

/** The prompt of the picture with this number (from 1). */
export function promptOf(
  { prompt, variants = [] }: Pick<Brief, "prompt" | "variants">,
  number: number,
): string {
  return variants[(number - 1) % variants.length] ?? prompt;
}

/** True where the words hold directives and nothing to paint. */
export function hasOnlyDirectives(words: string): boolean {
  return readDirectives(cleanText(words)).prompt === "";
}

/** Removes control characters other than line breaks and tabs, and halves of surrogate pairs. */
export function cleanText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  if (!unclean.test(whole)) return whole.trim();
  return whole
    .replace(/\r\n?/g, "\n")
    .replace(/[\p{Cc}\uFFFE\uFFFF]/gu, (control) => (/[\n\t]/.test(control) ? control : ""))
    .trim();
}

const unclean = /[\p{Cc}\uFFFE\uFFFF]/u;

/** The seed of the picture with this number (from 1), so that the pictures of one job differ, 1…2147483647. */
export function seedOf(first: number, number: number): number {
  return ((first + number - 2) % maxSeed) + 1;
}

/** A random seed, 1…2147483647. */
export function randomSeed(): number {
  return Math.floor(Math.random() * maxSeed) + 1;
}

// === Wishes

type Wishes = Omit<Directives, "prompt" | "notices">;

function wishesIn({ negative, model }: Partial<Preset> = {}): Wishes {
  return optional({ negative, model });
}

function isSeed(seed: number | undefined): seed is number {
  return seed !== undefined && seed > 0;
}

/** Said of a seed beyond the range of image services, which is brought into it: the same one always to the same. */
function seedNotices(asked = 0): Notice[] {
  if (asked <= maxSeed) return [];
  return [{ code: "value-adjusted", hint: "seed", asked, made: seedOf(asked, 1) }];
}

const hints = ["seed", "negative", "steps", "guidance"] as const;

function hintsOf(wishes: Wishes): Hint[] {
  const isGiven = (value: string | number | undefined) => value !== undefined && value !== "";
  return hints.filter((hint) => (hint === "seed" ? isSeed(wishes.seed) : isGiven(wishes[hint])));
}

// === Defaults

/** For each wish, the value of the first of the defaults that has one. */
function merged(defaults: readonly Defaults[]): Defaults {
  return defaults.reduce<Defaults>((before, next) => ({ ...next, ...optional(before) }), {});
}

/** A default is only for those who named no shape at all, be it `auto`; the longest side alone is none. */
function withDefaultRatio(
  wish: SizeWish,
  { size, aspectRatio }: ImageRequest,
  usual: string | undefined,
): SizeWish {
  const isNamed = aspectRatio !== undefined || (size !== undefined && !("longest" in wish));
  if (wish.kind !== "open" || isNamed) return wish;
  const ratio = usual === undefined ? undefined : parseRatio(usual);
  return ratio === undefined ? wish : { ...wish, kind: "ratio", ratio };
}

/** The model that was named, otherwise one that edits what is brought, or the default one where it is still served. */
function modelFor(
  model: string | undefined,
  usual: string | undefined,
  { sources, mask }: { sources?: readonly string[] | undefined; mask?: string | undefined },
  catalogue: Catalogue,
): Model {
  const brings = sources && { pictures: sources.length, mask: mask !== undefined };
  if (brings) return editingModel({ prompt: "", model }, brings, catalogue);
  return model === undefined
    ? (catalogue.served(usual) ?? catalogue.find())
    : catalogue.find(model);
}

/** What is said of pictures that were not taken. */
function leftOut({ sources = [], leftOut = {} }: ImageRequest, { id: model }: Model): Notice[] {
  const { pictures = 0, mask, gone, part } = leftOut;
  const used = sources.length;
  if (gone) return [{ code: "picture-gone" }];
  if (used === 0) return pictures > 0 || mask ? [{ code: "picture-ignored", model }] : [];
  const notices: Notice[] = [];
  if (pictures > 0) notices.push({ code: "pictures-left-out", model, used, of: used + pictures });
  if (mask) notices.push({ code: "mask-ignored", model });
  if (part) notices.push({ code: "album-part" });
  return notices;
}
