import { createInstance, type TOptions } from "i18next";
import { de } from "./locales/de.ts";
import { en } from "./locales/en.ts";
import { es } from "./locales/es.ts";
import { ja } from "./locales/ja.ts";
import { ko } from "./locales/ko.ts";
import { ru } from "./locales/ru.ts";
import { zhCn } from "./locales/zh-cn.ts";

// === Languages

type PluralForm = "zero" | "one" | "two" | "few" | "many";

/** The texts of another language: the same keys, and of each plural those forms that the language has. */
type Translated<Texts> = Texts extends string
  ? string
  : {
      readonly [Key in keyof Texts as Key extends `${string}_${PluralForm}`
        ? never
        : Key]: Translated<Texts[Key]>;
    } & {
      readonly [Key in keyof Texts as Key extends `${infer Base}_other`
        ? `${Base}_${PluralForm}`
        : never]?: string;
    };

/** All texts of one language; a file that lacks one does not compile. */
export type Locale = Translated<typeof en>;

/** Every language of the chat doors, the fallback first. To add one, add its file and its line here. */
export const locales: readonly [Locale, ...Locale[]] = [en, zhCn, ja, ko, ru, es, de];

/** The tags and own names of all languages, the fallback first. */
export const languages: readonly { readonly tag: string; readonly name: string }[] = locales.map(
  ({ language }) => language,
);

// === Texts

/** Every key of the texts, its parts joined by dots; plural forms under the name that they share. */
export type TextKey = KeysOf<Locale>;

type KeysOf<Texts> = {
  [Key in keyof Texts & string]: Texts[Key] extends string | undefined
    ? BaseOf<Key>
    : `${Key}.${KeysOf<Texts[Key]>}`;
}[keyof Texts & string];

type BaseOf<Key extends string> = Key extends `${infer Base}_ordinal_${string}`
  ? Base
  : Key extends `${infer Base}_${"zero" | "one" | "two" | "few" | "many" | "other"}`
    ? Base
    : Key;

/** The values for the placeholders of a text. `count` chooses the plural form, `context` the case. */
export type Values = Readonly<Record<string, string | number>>;

/** The texts of one language, called `t` as usual. Values are inserted as they are, never read as markup or as a key. */
export type Translator = ReturnType<typeof translatorOf>;

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

const byTag: ReadonlyMap<string, Translator> = new Map(
  locales.map(({ language }) => [language.tag, translatorOf(language.tag)]),
);

/** The translator of the first of these tags whose language is known, English otherwise. */
export function translatorFor(...tags: readonly (string | undefined)[]): Translator {
  for (const tag of tags) {
    const t = tag === undefined ? undefined : nearest(tag);
    if (t) return t;
  }
  return byTag.get(fallback) ?? translatorOf(fallback);
}

/** The same tag, or another variety of the same language. */
function nearest(tag: string): Translator | undefined {
  const wanted = tag.toLowerCase();
  const primary = wanted.split("-")[0];
  const tags = [...byTag.keys()];
  const found =
    tags.find((candidate) => candidate.toLowerCase() === wanted) ??
    tags.find((candidate) => candidate.toLowerCase().split("-")[0] === primary);
  return found === undefined ? undefined : byTag.get(found);
}

function translatorOf(tag: string) {
  const translate = i18n.getFixedT(tag) as unknown as (key: string, options: TOptions) => string;
  const t = (key: TextKey, values: Values = {}) => translate(key, values);
  /** "40 s", "3 min", "2 h"; the longer, the coarser the rounding. */
  const duration = (ms: number) => {
    const [unit, count] = roundedDuration(ms);
    return t(`duration.${unit}`, { count });
  };
  return Object.assign(t, {
    /** A BCP 47 tag. */
    tag,
    duration,
    /** "1st" */
    ordinal: (count: number) => translate("progress.ordinal", { count, ordinal: true }),
    /** "about 40 s" */
    about: (ms: number) => t("duration.about", { duration: duration(ms) }),
    /** "in about 40 s" */
    wait: (ms: number) => t("duration.in", { duration: duration(ms) }),
    /** "00:00 UTC": a chat does not tell the time zones of its people. */
    timeOfDay: (at: number) => `${new Date(at).toISOString().slice(11, 16)} UTC`,
  });
}

/** Below ten seconds to the second, below two minutes to five seconds, below two hours to the minute. */
function roundedDuration(ms: number): readonly ["seconds" | "minutes" | "hours", number] {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 10) return ["seconds", seconds];
  if (seconds < 120) return ["seconds", Math.round(seconds / 5) * 5];
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? ["minutes", minutes] : ["hours", Math.round(minutes / 60)];
}
