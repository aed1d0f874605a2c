import { z } from "zod";
import { builtInPreset, builtInPresets } from "./presets/built-in.ts";
import type { Catalogue } from "./catalogue.ts";
import { ImageError, invalidRequest } from "./errors.ts";
import { type Job, newCode, parsePictureCode, parseShareCode } from "./job.ts";
import { optional } from "./optional.ts";
import { readDirectives } from "./prompt.ts";
import { fields, type ImageRequest, qualities, type Requester, type Viewer } from "./request.ts";
import { parseRatio } from "./ratio.ts";
import { type CodeGuard, guesserOf } from "./studio/code-guard.ts";

const mostPictures = 4;

/** Words and wishes under a name, to be used again. */
export const presetSchema = z.object({
  /** In small letters, with hyphens for blanks; unique in its scope. */
  name: z.string(),
  /** They stand around `{prompt}`; without that, behind the prompt. */
  words: z.string(),
  negative: z.string().optional(),
  /** `a:b` */
  ratio: z.string().optional(),
  model: z.string().optional(),
  quality: z.enum(qualities).optional(),
  /** The ids of kept pictures, such as of a character, that go to the model behind those of the request. */
  pictures: z.array(z.string()).max(mostPictures).readonly().optional(),
  /** All who have it can bring the preset over: `zp-` and ten characters. Built-in ones have none. */
  code: z.string().optional(),
});

/** A preset that `presetSchema` has checked. */
export type Preset = Readonly<z.output<typeof presetSchema>>;

/** A preset from a store's JSON; undefined for what another version wrote and this one cannot read. */
export function presetIn(text: string): Preset | undefined {
  return presetSchema.safeParse(JSON.parse(text)).data;
}

/** Where presets live. A scope is a requester's id (`telegram:456`) or a place's (`discord:guild:123`). */
export interface PresetStore {
  /** Those of a scope, by their names. */
  list(scope: string): Promise<readonly Preset[]>;
  /** The one with this share code, of any scope. */
  find(code: string): Promise<Preset | undefined>;
  /** Stores one, in place of the scope's own of that name. False, and nothing stored, where the scope would then hold more than `most`. */
  put(scope: string, preset: Preset, most: number): Promise<boolean>;
  /** Removes the one of this name, or without a name all of the scope. False where there was none. */
  remove(scope: string, name?: string): Promise<boolean>;
}

/** Whose a preset is. */
export type PresetOwner = "own" | "place" | "built-in";

/** Whose presets a person may use: their own, those of the place, and the built-in ones. */
export interface PresetUser {
  readonly requester: Pick<Requester, "id" | "locale">;
  readonly placeScope?: string | undefined;
}

/** What a preset is made of, as a person says it; directives in the words count where the field is absent. */
export type PresetDraft = Omit<Preset, "code">;

/** The most presets of one scope. */
export const mostPresets = 50;

/** The longest words of a preset, in UTF-16 units. */
export const maxPresetWords = 4000;

/** What presets need. */
export interface PresetTools {
  readonly presets: PresetStore;
  readonly catalogue: Catalogue;
}

/** The presets of people and places, and the built-in ones. */
export class Presets {
  readonly #store: PresetStore;
  readonly #catalogue: Catalogue;
  readonly #codes: CodeGuard;

  constructor(tools: PresetTools, codes: CodeGuard) {
    this.#store = tools.presets;
    this.#catalogue = tools.catalogue;
    this.#codes = codes;
  }

  /** All that a person may use, each with whose it is; of those with the same name only the first counts. */
  async list(user: PresetUser): Promise<readonly (readonly [PresetOwner, Preset])[]> {
    const { requester, placeScope } = user;
    const owned: readonly (readonly [PresetOwner, readonly Preset[]])[] = [
      ["own", await this.of(requester.id)],
      ["place", placeScope === undefined ? [] : await this.of(placeScope)],
      ["built-in", builtInPresets(requester.locale)],
    ];
    const all = owned.flatMap(([owner, presets]) => presets.map((one) => [owner, one] as const));
    const names = all.map(([, { name }]) => name);
    return all.filter(([, { name }], at) => names.indexOf(name) === at);
  }

  /** Those of one scope alone. */
  of(scope: string): Promise<readonly Preset[]> {
    return this.#store.list(scope);
  }

  /** The preset that a name means to a person; of a built-in one, its name in any language. Throws `unknown-preset`. */
  async find(text: string, user: PresetUser): Promise<Preset> {
    const name = canonical(text);
    const listed = (await this.list(user)).find(([, preset]) => preset.name === name);
    const preset = listed?.[1] ?? builtInPreset(name);
    if (preset) return preset;
    throw unknown(text);
  }

  /** The preset that a request names, or its words. Throws `unknown-preset`. */
  async namedIn(
    { preset, prompt }: Pick<ImageRequest, "preset" | "prompt">,
    user: PresetUser,
  ): Promise<Preset | undefined> {
    const said = mayNamePreset.test(prompt) ? readDirectives(prompt.toWellFormed()).preset : "";
    const name = preset ?? said;
    return name ? this.find(name, user) : undefined;
  }

  /** Stores a preset, in place of the one of its name. Throws `invalid-request`, `unknown-model` and `storage-failed`. */
  async save(scope: string, draft: PresetDraft): Promise<Preset> {
    const preset = read(draft, this.#catalogue);
    const before = (await this.of(scope)).find(({ name }) => name === preset.name);
    const coded = { ...preset, code: before?.code ?? newCode("zp") };
    if (await this.#store.put(scope, coded, mostPresets)) return coded;
    throw invalidRequest("presets", `${mostPresets} presets is the most. Delete one first.`);
  }

  /** Throws `unknown-preset` and `storage-failed`. */
  async remove(scope: string, name: string): Promise<void> {
    if (await this.#store.remove(scope, canonical(name))) return;
    throw unknown(name);
  }

  /**
   * Brings over what is shared by a code: under this name, or else under its own or the next free one. Throws
   * `unknown-preset`, `too-many-lookups`, and what `save` throws.
   */
  async take(text: string, scope: string, viewer: Viewer, name?: string): Promise<Preset> {
    const guesser = guesserOf(viewer);
    this.#codes.check(guesser);
    const code = parseShareCode(text);
    const shared = code === undefined ? undefined : await this.#store.find(code);
    if (!shared) {
      this.#codes.record(guesser);
      throw unknown(text);
    }
    const own = await this.of(scope);
    const already = own.find((one) => one.code === code);
    if (already) return already;
    const { code: _, ...draft } = shared;
    return this.save(scope, { ...draft, name: name ?? freeName(shared.name, own) });
  }

  /** Moves the presets of one scope to another, under free names, as far as there is room. */
  async move(from: string, to: string): Promise<void> {
    for (const preset of await this.of(from)) {
      const name = freeName(preset.name, await this.of(to));
      const moved = { ...preset, name, code: newCode("zp") };
      if (!(await this.#store.put(to, moved, mostPresets))) return;
      await this.#store.remove(from, preset.name);
    }
  }

  /** Removes all presets of a scope. */
  async forget(scope: string): Promise<void> {
    await this.#store.remove(scope);
  }
}

/** In full-width letters, too. */
const mayNamePreset = /[pｐＰ][rｒＲ][eｅＥ][sｓＳ][eｅＥ][tｔＴ]/iu;

/**
 * The words of a preset with this prompt in them. Without a prompt they are empty where they need one, unless a picture
 * says what they are about.
 */
export function wrap(words: string, prompt: string, withPicture = false): string {
  if (!words.includes(placeholder)) return [prompt, words].filter((text) => text !== "").join(", ");
  if (prompt !== "") return words.replaceAll(placeholder, () => prompt);
  return withPicture ? words.replaceAll(placeholder, "").replace(danglingCommas, "") : "";
}

const placeholder = "{prompt}";

const danglingCommas = /^[\s,，、]+|[\s,，、]+$/gu;

const namePattern = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}-]{0,31}$/u;

/** One spelling for each name. */
function canonical(text: string): string {
  const plain = text.normalize("NFKC").trim().toLowerCase();
  return plain.replace(/[\s_-]+/g, "-").replace(/-$/, "");
}

function read(draft: PresetDraft, catalogue: Catalogue): Preset {
  const name = canonical(draft.name);
  if (!namePattern.test(name)) {
    throw invalidRequest("name", "A preset's name has 1 to 32 letters, digits and hyphens.");
  }
  const { prompt: words, ...said } = readDirectives(draft.words.toWellFormed());
  const { negative, model, ratio, quality } = { ...said, ...optional(draft) };
  if (words.length > maxPresetWords || (negative ?? "").length > maxPresetWords) {
    throw invalidRequest("words", `A preset ends at ${maxPresetWords} characters.`);
  }
  const kept = optional({
    negative: negative || undefined,
    model: model === undefined ? undefined : catalogue.find(model).id,
    ratio: ratio === undefined ? undefined : readRatio(ratio),
    quality: fields.quality.optional().parse(quality),
    pictures: draft.pictures,
  });
  if (words === "" && Object.keys(kept).length === 0) {
    throw invalidRequest("words", "Say what the preset adds: words around {prompt}, or a ratio.");
  }
  return { name, words, ...kept };
}

function readRatio(text: string): string {
  const ratio = parseRatio(text);
  if (ratio) return ratio;
  throw invalidRequest("aspectRatio", "A ratio is between 1:3 and 3:1, like 16:9.");
}

/** The name, or with the first number behind it that makes it free. */
function freeName(name: string, taken: readonly Preset[]): string {
  const names = new Set(taken.map((one) => one.name));
  let free = name;
  for (let number = 2; names.has(free); number++) free = `${name.slice(0, 28)}-${number}`;
  return free;
}

function unknown(text: string) {
  return new ImageError("unknown-preset", { preset: text.slice(0, 100) });
}

/**
 * The ids of pictures for a preset to keep: of those that codes name, and of those that were sent, which are stored only
 * now. `find` looks up the job of a code for the person who saves. Throws `invalid-request` for too many, and `not-found`.
 */
export async function presetPictures(
  pictures: readonly (string | (() => Promise<string>))[],
  find: (code: string) => Promise<Job>,
): Promise<readonly string[]> {
  if (pictures.length > mostPictures) {
    throw invalidRequest("pictures", `A preset has ${mostPictures} pictures at most.`);
  }
  return Promise.all(
    pictures.map(async (text) => {
      if (typeof text !== "string") return text();
      const code = parsePictureCode(text);
      const job = code && (await find(code.job));
      const picture = job?.pictures.find(({ number }) => number === code?.number);
      if (!picture) throw new ImageError("not-found", { code: text.slice(0, 40) });
      return picture.id;
    }),
  );
}
