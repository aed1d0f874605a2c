import { ImageError } from "../../core/errors.ts";
import { optional } from "../../core/optional.ts";
import type { Settings } from "../../core/settings.ts";
import { languages, type Translator } from "../i18n.ts";
import type { ChatTools } from "../use-cases.ts";
import type { Interaction } from "./interaction.ts";
import type { OptionValues } from "./requests.ts";
import type { Screen } from "./screen.ts";
import { escapeMarkdown } from "./text.ts";

/** The settings that Discord offers. `originals` is missing: Discord shows the original files anyway where they fit. */
export const settingNames = [
  "ratio",
  "enhance",
  "model",
  "quality",
  "language",
  "private",
] as const satisfies readonly (keyof Settings)[];

/** A setting that Discord offers. */
export type SettingName = (typeof settingNames)[number];
/** Whose settings: the person's own, or those of the server. */
export type SettingScope = "own" | "place";

/** The scope in the settings store; undefined where there are no such settings, or this person may not change them. */
export function scopeOf(whose: SettingScope, { actor, manages }: Interaction): string | undefined {
  if (whose === "own") return actor.requester.id;
  return manages ? actor.placeScope : undefined;
}

/** Why `scopeOf` has no scope: there are no such settings here, or they are for those who manage the server. */
export function noScopeText({ actor, t }: Interaction): string {
  return t(actor.placeScope === undefined ? "ask.notHere" : "ask.adminsOnly");
}

/** Saves the settings among the options. Resolves with false when there are none. Throws `unknown-model`. */
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

/** Resets these settings to their defaults. Throws `not-found` where none of the names is a setting. */
export async function resetSettings(
  scope: string,
  names: readonly string[],
  { settings }: Pick<ChatTools, "settings">,
): Promise<void> {
  const known = settingNames.filter((name) => names.includes(name));
  if (known.length === 0) throw new ImageError("not-found", { code: names.join() });
  await settings.set(scope, Object.fromEntries(known.map((name) => [name, undefined])));
}

/** All settings of a scope, with a menu to reset those that are set. */
export function settingsScreen(
  settings: Settings,
  whose: SettingScope,
  { t, saved }: { t: Translator; saved: boolean },
): Screen {
  const set = settingNames.filter((name) => settings[name] !== undefined);
  const lines = settingNames.map((name) => {
    const value = escapeMarkdown(valueText(name, settings, t));
    return `${t(`settings.names.${name}`)}: ${value}`;
  });
  const unsetText = t("buttons.unset");
  const choices = set.map((name) => ({
    label: `${t(`settings.names.${name}`)}: ${unsetText}`,
    value: name,
  }));
  const heads = [...(saved ? [t("settings.saved")] : []), t(`settings.${whose}`)];
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

/** The text for a value of each setting. */
const valueTexts: {
  readonly [Name in SettingName]: (value: NonNullable<Settings[Name]>, t: Translator) => string;
} = {
  ratio: (value, t) => (value === "auto" ? t("buttons.auto") : value),
  enhance: yesOrNo,
  model: (value) => value,
  quality: (value, t) => t(`qualities.${value}`),
  language: (value) => languages.find(({ tag }) => tag === value)?.name ?? value,
  private: yesOrNo,
};

function yesOrNo(value: boolean, t: Translator): string {
  return t(value ? "buttons.yes" : "buttons.no");
}

function valueText(name: SettingName, settings: Settings, t: Translator): string {
  const value = settings[name];
  if (value === undefined) return t("settings.unset");
  // The table pairs each name with its own kind of value, which the compiler cannot follow through an index.
  const textOf = valueTexts[name] as (value: string | boolean, t: Translator) => string;
  return textOf(value, t);
}
