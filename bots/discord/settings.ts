import { optional } from "../../core/optional.ts";
import { ImageError } from "../../core/errors.ts";
import type { Settings } from "../../core/settings.ts";
import type { ChatTools } from "../imagine.ts";
import { languages, type Words } from "../words.ts";
import type { OptionValues } from "./asking.ts";
import type { Sheet } from "./message.ts";
import { inert } from "./text.ts";
import type { Visit } from "./visit.ts";

/** What a person can set here. Original files are what Discord shows anyway, wherever a place takes them. */
export const settingNames = [
  "ratio",
  "enhance",
  "model",
  "quality",
  "language",
  "private",
] as const satisfies readonly (keyof Settings)[];

export type SettingName = (typeof settingNames)[number];
export type SettingScope = "own" | "place";

/** The store's name for whose settings these are; undefined where the place has none, or they are not this person's. */
export function scopeOf(whose: SettingScope, { asker, manages }: Visit): string | undefined {
  if (whose === "own") return asker.requester.id;
  return manages ? asker.place : undefined;
}

/** Sets what the options say. Throws `unknown-model`. */
export async function changeSettings(
  scope: string,
  values: OptionValues,
  { settings, catalogue }: ChatTools,
): Promise<boolean> {
  const changes = optional(
    Object.fromEntries(settingNames.map((name) => [name, values.get(name)])),
  ) as Partial<Settings>;
  if (Object.keys(changes).length === 0) return false;
  const model = changes.model === undefined ? {} : { model: catalogue.find(changes.model).id };
  await settings.set(scope, { ...changes, ...model });
  return true;
}

/** Takes settings back. Throws `not-found` for what nobody can set. */
export async function unset(
  scope: string,
  names: readonly string[],
  { settings }: Pick<ChatTools, "settings">,
): Promise<void> {
  const known = settingNames.filter((name) => names.includes(name));
  if (known.length === 0) throw new ImageError("not-found", { code: names.join() });
  await settings.set(scope, Object.fromEntries(known.map((name) => [name, undefined])));
}

/** All settings of a scope, with a menu to take back those that are set. */
export function settingsSheet(
  settings: Settings,
  whose: SettingScope,
  { words, saved }: { words: Words; saved: boolean },
): Sheet {
  const set = settingNames.filter((name) => settings[name] !== undefined);
  const lines = settingNames.map((name) => {
    const value = inert(valueText(name, settings, words));
    return `${words.say(`settings.names.${name}`)}: ${value}`;
  });
  const unsetText = words.say("buttons.unset");
  const choices = set.map((name) => ({
    label: `${words.say(`settings.names.${name}`)}: ${unsetText}`,
    value: name,
  }));
  const heads = [...(saved ? [words.say("settings.saved")] : []), words.say(`settings.${whose}`)];
  return {
    text: [...heads, ...lines].join("\n"),
    ...(choices.length === 0
      ? {}
      : {
          select: {
            data: { action: "settings", argument: whose },
            placeholder: unsetText,
            choices,
          },
        }),
  };
}

/** How each value reads. */
const valueTexts: {
  readonly [Name in SettingName]: (value: NonNullable<Settings[Name]>, words: Words) => string;
} = {
  ratio: (value, words) => (value === "auto" ? words.say("buttons.auto") : value),
  enhance: yesOrNo,
  model: (value) => value,
  quality: (value, words) => words.say(`qualities.${value}`),
  language: (value) => languages.find(({ tag }) => tag === value)?.name ?? value,
  private: yesOrNo,
};

function yesOrNo(value: boolean, words: Words): string {
  return words.say(value ? "buttons.yes" : "buttons.no");
}

function valueText(name: SettingName, settings: Settings, words: Words): string {
  const value = settings[name];
  if (value === undefined) return words.say("settings.unset");
  // The table pairs each name with its own kind of value, which the compiler cannot follow through an index.
  const say = valueTexts[name] as (value: string | boolean, words: Words) => string;
  return say(value, words);
}
