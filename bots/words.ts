import { createInstance, type TOptions } from "i18next";
import { type Locale, locales } from "./locales.ts";

/** Every key of the words, its parts joined by dots; plural forms under the name that they share. */
export type WordKey = KeysOf<Locale>;

type KeysOf<Words> = {
  [Key in keyof Words & string]: Words[Key] extends string | undefined
    ? BaseOf<Key>
    : `${Key}.${KeysOf<Words[Key]>}`;
}[keyof Words & string];

type BaseOf<Key extends string> = Key extends `${infer Base}_ordinal_${string}`
  ? Base
  : Key extends `${infer Base}_${"zero" | "one" | "two" | "few" | "many" | "other"}`
    ? Base
    : Key;

/** What stands in the gaps of a sentence. `count` chooses the plural form, `context` the case. */
export type Values = Readonly<Record<string, string | number>>;

/** One language's way to say things. Nothing in the values is read as markup or as a key. */
export interface Words {
  /** A BCP 47 tag. */
  readonly tag: string;
  say(key: WordKey, values?: Values): string;
  /** "1st" */
  ordinal(number: number): string;
  /** "40 s", "3 min", "2 h"; rounded the more the longer it is. */
  duration(ms: number): string;
  /** "about 40 s" */
  about(ms: number): string;
  /** "in about 40 s" */
  wait(ms: number): string;
  /** "00:00 UTC", as a chat does not tell where its people live. */
  timeOfDay(at: number): string;
}

const fallback = locales[0].language.tag;

const i18n = createInstance();
void i18n.init({
  initAsync: false,
  resources: Object.fromEntries(
    locales.map((locale) => [locale.language.tag, { translation: locale }]),
  ),
  fallbackLng: fallback,
  interpolation: { escapeValue: false, skipOnVariables: true },
  returnNull: false,
});

const byTag: ReadonlyMap<string, Words> = new Map(
  locales.map(({ language }) => [language.tag, wordsOf(language.tag)]),
);

/** The tags and own names of all languages, the fallback first. */
export const languages: readonly { readonly tag: string; readonly name: string }[] = locales.map(
  ({ language }) => language,
);

/** The words of the first of these tags that there is a language for, English otherwise. */
export function wordsFor(...tags: readonly (string | undefined)[]): Words {
  for (const tag of tags) {
    const words = tag === undefined ? undefined : nearest(tag);
    if (words) return words;
  }
  return byTag.get(fallback) ?? wordsOf(fallback);
}

/** The same tag, or another variety of the same language. */
function nearest(tag: string): Words | undefined {
  const wanted = tag.toLowerCase();
  const primary = wanted.split("-")[0];
  const tags = [...byTag.keys()];
  const found =
    tags.find((candidate) => candidate.toLowerCase() === wanted) ??
    tags.find((candidate) => candidate.toLowerCase().split("-")[0] === primary);
  return found === undefined ? undefined : byTag.get(found);
}

function wordsOf(tag: string): Words {
  const translate = i18n.getFixedT(tag) as unknown as (key: string, options: TOptions) => string;
  const say: Words["say"] = (key, values = {}) => translate(key, values);
  const duration = (ms: number) => {
    const [unit, count] = roundedDuration(ms);
    return say(`duration.${unit}`, { count });
  };
  return {
    tag,
    say,
    duration,
    ordinal: (count) => translate("progress.ordinal", { count, ordinal: true }),
    about: (ms) => say("duration.about", { duration: duration(ms) }),
    wait: (ms) => say("duration.in", { duration: duration(ms) }),
    timeOfDay: (at) => `${new Date(at).toISOString().slice(11, 16)} UTC`,
  };
}

/** Below ten seconds to the second, below two minutes to five seconds, below two hours to the minute. */
function roundedDuration(ms: number): readonly ["seconds" | "minutes" | "hours", number] {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 10) return ["seconds", seconds];
  if (seconds < 120) return ["seconds", Math.round(seconds / 5) * 5];
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? ["minutes", minutes] : ["hours", Math.round(minutes / 60)];
}
