import { listedRatios, qualities } from "../../core/request.ts";
import type { Settings } from "../../core/settings.ts";
import { languages, type Translator } from "../i18n.ts";
import type { Platform } from "../platform.ts";
import { type Button, type Choice, mixed, plain, type Screen } from "../screen.ts";
import type { ChatTools } from "../use-cases.ts";

/** A setting that people choose. */
export type SettingName = Exclude<keyof Settings, "uploadLimit" | "asked" | "taken">;

/** Whose settings: a person's own, or those of a place. */
export type Whose = "own" | "place";

interface Setting {
  /** What can be chosen, as it is written in a button's data. */
  readonly choices: (tools: Pick<ChatTools, "catalogue">) => readonly string[];
  readonly label: (choice: string, t: Translator) => string;
}

const itself = (choice: string) => choice;
const yesNo: Setting = {
  choices: () => ["yes", "no"],
  label: (choice, t) => t(choice === "yes" ? "buttons.yes" : "buttons.no"),
};

const table: { readonly [Name in SettingName]: Setting } = {
  ratio: {
    choices: () => [...listedRatios, "auto"],
    label: (choice, t) => (choice === "auto" ? t("buttons.auto") : choice),
  },
  enhance: yesNo,
  model: { choices: ({ catalogue }) => catalogue.models.map(({ id }) => id), label: itself },
  quality: {
    choices: () => qualities,
    label: (choice, t) => t(`qualities.${qualities.find((one) => one === choice) ?? "standard"}`),
  },
  originals: yesNo,
  language: {
    choices: () => languages.map(({ tag }) => tag),
    label: (choice) => languages.find(({ tag }) => tag === choice)?.name ?? choice,
  },
  private: yesNo,
};

// === The argument of the buttons

/** What a button of these screens asks for: the list, the choices of one setting, or that this one be chosen. */
export interface SettingsAsk {
  readonly whose: Whose;
  readonly setting: SettingName | undefined;
  /** `undefined` opens the choices; `unset` is a choice, too. */
  readonly choice: string | undefined;
}

/** The choice that takes a setting back. */
const unset = "-";
/** Stands before the argument of a list whose choices take settings back. */
const reset = "reset ";

/** Reads the argument of a button. */
export function readSettings(argument = ""): SettingsAsk {
  const resets = argument.startsWith(reset);
  const [whose, name, ...choice] = argument.slice(resets ? reset.length : 0).split(" ");
  const setting = Object.keys(table).find((one) => one === name) as SettingName | undefined;
  const chosen = resets ? unset : choice.join(" ");
  return {
    whose: whose === "place" ? "place" : "own",
    setting,
    choice: setting === undefined || chosen === "" ? undefined : chosen,
  };
}

// === The screens

/** Whose settings a screen shows, and how. */
export interface SettingsView {
  readonly whose: Whose;
  readonly settings: Settings;
  readonly t: Translator;
  readonly platform: Platform;
  /** The person for whom alone the buttons work. */
  readonly owner: string | undefined;
  /** Something was just changed. */
  readonly saved?: boolean;
  /** There is the other list, too. */
  readonly switches?: boolean;
}

/** All settings, and buttons to choose one, or to take back one that is set. */
export function settingsScreen(view: SettingsView): Screen {
  const { whose, settings, t, platform, owner, saved = false, switches = false } = view;
  const { settings: names, settingsBelow } = platform;
  const nameOf = (name: SettingName) => t(`settings.names.${name}`);
  const rowOf = (name: SettingName) =>
    t("settings.row", { setting: nameOf(name), value: valueText(name, view) });
  const options = settingsBelow
    ? names.map((name): Choice => ({ label: nameOf(name), value: name }))
    : names
        .filter((name) => settings[name] !== undefined)
        .map((name): Choice => ({ label: rowOf(name), value: name }));
  const argument = `${settingsBelow ? "" : reset}${whose}`;
  const label = settingsBelow ? t(`settings.${whose}`) : t("buttons.reset");
  const other: Button = {
    label: t(whose === "own" ? "buttons.placeSettings" : "buttons.mySettings"),
    data: { action: "settings", owner, argument: whose === "own" ? "place" : "own" },
  };
  return {
    lines: [
      ...(saved ? [[plain(t("settings.saved"))]] : []),
      [plain(t(`settings.${whose}`))],
      ...names.map((name) => [mixed(rowOf(name))]),
    ],
    ...(options.length > 0 && {
      choices: { data: { action: "settings", owner, argument }, label, options },
    }),
    buttons: switches ? [[other]] : [],
  };
}

function valueText(name: SettingName, { settings, t }: SettingsView): string {
  const value = settings[name];
  if (value === undefined) return t("settings.unset");
  const choice = typeof value === "boolean" ? (value ? "yes" : "no") : value;
  return table[name].label(choice, t);
}

/** The choices of one setting. */
export function choicesScreen(
  setting: SettingName,
  { whose, t, owner }: SettingsView,
  tools: Pick<ChatTools, "catalogue">,
): Screen {
  const { choices, label } = table[setting];
  const argument = `${whose} ${setting}`;
  const question = t("settings.choose", { setting: t(`settings.names.${setting}`) });
  const data = { action: "settings", owner } as const;
  return {
    lines: [[plain(question)]],
    choices: {
      data: { ...data, argument },
      label: question,
      options: choices(tools).map((choice) => ({ label: label(choice, t), value: choice })),
    },
    buttons: [
      [{ label: t("buttons.unset"), data: { ...data, argument: `${argument} ${unset}` } }],
      [{ label: t("buttons.back"), data: { ...data, argument: whose } }],
    ],
  };
}

// === Changing

/** Saves a choice; what is not among the choices takes the setting back. */
export async function choose(
  scope: string,
  { setting, choice }: { readonly setting: SettingName; readonly choice: string },
  { settings, catalogue }: Pick<ChatTools, "settings" | "catalogue">,
): Promise<void> {
  const { choices } = table[setting];
  const known = choices({ catalogue }).includes(choice) ? choice : undefined;
  const value = table[setting] === yesNo && known !== undefined ? known === "yes" : known;
  await settings.set(scope, { [setting]: value });
}

/** Saves those of these values that are settings. Resolves with false when there are none. Throws `unknown-model`. */
export async function chooseAll(
  scope: string,
  values: ReadonlyMap<string, string | number | boolean>,
  { settings, catalogue }: Pick<ChatTools, "settings" | "catalogue">,
): Promise<boolean> {
  const known = [...values].filter(([name]) => Object.hasOwn(table, name));
  if (known.length === 0) return false;
  const changes: Partial<Settings> = Object.fromEntries(known);
  const model = changes.model === undefined ? {} : { model: catalogue.find(changes.model).id };
  await settings.set(scope, { ...changes, ...model });
  return true;
}
