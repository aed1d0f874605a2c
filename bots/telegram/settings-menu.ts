import { listedRatios, qualities } from "../../core/request.ts";
import type { Settings } from "../../core/settings.ts";
import { maxActionBytes } from "../actions.ts";
import type { Button } from "../conversation.ts";
import { languages, type Translator, translatorFor } from "../i18n.ts";
import { actingAs, type Context, type DoorTools, type Press, type PressAnswer } from "./context.ts";
import { keyboard } from "./job-message.ts";
import { limits } from "./limits.ts";
import { chatScope, requesterId } from "./place.ts";
import { lines, mixed, plain, richText } from "./rich-text.ts";

/** The settings that Telegram offers. `private` is missing: a chat cannot show a message to one person alone. */
type Name = "ratio" | "enhance" | "model" | "quality" | "originals" | "language";

interface Setting {
  /** The values to choose from, as they are written in a button's data. */
  readonly choices: (tools: DoorTools) => readonly string[];
  readonly parse: (choice: string) => string | boolean;
  readonly label: (choice: string, t: Translator) => string;
}

const yesNo: Setting = {
  choices: () => ["yes", "no"],
  parse: (choice) => choice === "yes",
  label: (choice, t) => t(choice === "yes" ? "buttons.yes" : "buttons.no"),
};

const asItIs = { parse: (choice: string) => choice, label: (choice: string) => choice } as const;

const menu: { readonly [Key in Name]: Setting } = {
  ratio: {
    ...asItIs,
    choices: () => [...listedRatios, "auto"],
    label: (choice, t) => (choice === "auto" ? t("buttons.auto") : choice),
  },
  enhance: yesNo,
  model: { ...asItIs, choices: ({ catalogue }) => catalogue.models.map(({ id }) => id) },
  quality: {
    ...asItIs,
    choices: () => qualities,
    label: (choice, t) =>
      t(`qualities.${qualities.find((quality) => quality === choice) ?? "standard"}`),
  },
  originals: yesNo,
  language: {
    ...asItIs,
    choices: () => languages.map(({ tag }) => tag),
    label: (choice) => languages.find(({ tag }) => tag === choice)?.name ?? choice,
  },
};

const names = Object.keys(menu) as Name[];

/** Whose settings a menu shows: the person's own, or those of the chat. */
type Whose = "own" | "place";

interface View {
  readonly whose: Whose;
  /** The person who opened the menu; it works for them alone. */
  readonly owner: number;
  /** The setting whose choices are shown; undefined for the list of all settings. */
  readonly setting: Name | undefined;
}

/** Shows the person's own settings; an administrator who writes as the group sees those of the group. */
export async function showSettings(context: Context, tools: DoorTools): Promise<void> {
  const { user, place } = context;
  const whose = place.group && user === place.chat ? "place" : "own";
  const view = { whose, owner: user, setting: undefined } as const;
  const { content, buttons } = await render(view, context, tools);
  tools.later(() => tools.messenger.sendText(context.own, content, buttons));
}

/** Handles a press in the menu: opens another view, or changes a setting. */
export async function pressSettings(press: Press, tools: DoorTools): Promise<PressAnswer> {
  const { view, choice } = readArgument(press.action.argument ?? "");
  const { t, user, place, target } = press;
  if (!(await actingAs(view.owner, press, tools))) return t("ask.notForYou");
  if (view.whose === "place" && !(await tools.moderators.include(place, user))) {
    return t("ask.adminsOnly");
  }
  if (view.setting && choice !== undefined) {
    await set(scopeFor(view, press), view.setting, choice, tools);
  }
  const next = choice === undefined ? view : { ...view, setting: undefined };
  const { content, buttons } = await render(next, press, tools);
  tools.later(() => tools.messenger.editText(target, content, buttons));
  return undefined;
}

/** Saves a choice; what is not among the choices resets the setting. */
async function set(scope: string, name: Name, choice: string, tools: DoorTools): Promise<void> {
  const { choices, parse } = menu[name];
  const value = choices(tools).includes(choice) ? parse(choice) : undefined;
  await tools.settings.set(scope, { [name]: value });
}

async function render(view: View, context: Context, tools: DoorTools) {
  const settings = await tools.settings.get(scopeFor(view, context));
  const t = translatorOf(context, settings, view);
  return view.setting === undefined
    ? renderList(view, settings, { t, place: context.place })
    : renderChoices({ ...view, setting: view.setting }, t, tools);
}

/** A language counts as soon as it is chosen. */
function translatorOf({ t }: Context, { language }: Settings, { whose }: View): Translator {
  return whose === "own" && language !== undefined ? translatorFor(language) : t;
}

function renderList(view: View, settings: Settings, { t, place }: Pick<Context, "t" | "place">) {
  const rows = names.map((name) => {
    const value = settings[name];
    const shown = value === undefined ? t("settings.unset") : labelOf(name, value, t);
    return [mixed(`${t(`settings.names.${name}`)}: ${shown}`)];
  });
  const buttons = names.map((setting) =>
    menuButton(t(`settings.names.${setting}`), { ...view, setting }),
  );
  const other: View = { ...view, whose: view.whose === "own" ? "place" : "own" };
  const label = t(other.whose === "own" ? "buttons.mySettings" : "buttons.placeSettings");
  const content = richText(lines([plain(t(`settings.${view.whose}`))], ...rows));
  const switching = place.group && view.owner !== place.chat ? [menuButton(label, other)] : [];
  return { content, buttons: keyboard([...inPairs(buttons.flat()), switching.flat()]) };
}

function renderChoices(view: View & { readonly setting: Name }, t: Translator, tools: DoorTools) {
  const { choices, label } = menu[view.setting];
  const buttons = choices(tools)
    .slice(0, limits.keyboardButtons - 2)
    .flatMap((choice) => menuButton(label(choice, t), view, choice));
  const unset = menuButton(t("buttons.unset"), view, "-");
  const back = menuButton(t("buttons.back"), { ...view, setting: undefined });
  const setting = t(`settings.names.${view.setting}`);
  return {
    content: richText([plain(t("settings.choose", { setting }))]),
    buttons: keyboard([...inPairs(buttons), unset, back]),
  };
}

function labelOf(name: Name, value: string | boolean, t: Translator): string {
  const choice = typeof value === "boolean" ? (value ? "yes" : "no") : value;
  return menu[name].label(choice, t);
}

// === The data of the buttons

/** No button where the choice is too long for its data: it can still be made in a prompt. */
function menuButton(label: string, view: View, choice?: string): Button[] {
  const { whose, owner, setting = "" } = view;
  const parts = [whose, owner, setting, ...(choice === undefined ? [] : [choice])];
  const argument = parts.join(" ");
  const room = maxActionBytes - 3;
  if (new TextEncoder().encode(argument).length > room) return [];
  return [{ label, data: { action: "settings", argument } }];
}

function readArgument(argument: string): { view: View; choice: string | undefined } {
  const [whose, owner = "", setting = "", ...choice] = argument.split(" ");
  const view = {
    whose: whose === "place" ? ("place" as const) : ("own" as const),
    owner: Number(owner),
    setting: names.find((name) => name === setting),
  };
  return { view, choice: choice.length === 0 ? undefined : choice.join(" ") };
}

function scopeFor({ whose, owner }: View, { user, actor, place }: Context): string {
  if (whose === "place") return chatScope(place.chat);
  return owner === user ? actor.requester.id : requesterId(owner);
}

function inPairs<Item>(items: readonly Item[]): Item[][] {
  const pairs: Item[][] = [];
  for (let at = 0; at < items.length; at += 2) pairs.push(items.slice(at, at + 2));
  return pairs;
}
