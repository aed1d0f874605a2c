import { listedRatios, qualities } from "../../core/request.ts";
import type { Settings } from "../../core/settings.ts";
import { maxActionBytes } from "../actions.ts";
import type { Button } from "../conversation.ts";
import { languages, type Words, wordsFor } from "../words.ts";
import { keyboard } from "./keyboards.ts";
import { limits } from "./limits.ts";
import { visitAs } from "./moderators.ts";
import type { Notice, Pressed } from "./presses.ts";
import { lines, mixed, plain, richText } from "./rich-text.ts";
import { requesterId, scopeOf } from "./scopes.ts";
import type { DoorTools, Visit } from "./visit.ts";

/** What can be set here; a chat of Telegram's can show nothing to one person alone. */
type Name = "ratio" | "enhance" | "model" | "quality" | "originals" | "language";

interface Setting {
  /** Every value that can be chosen, as it stands in a button's data. */
  readonly choices: (tools: DoorTools) => readonly string[];
  readonly parse: (choice: string) => string | boolean;
  readonly label: (choice: string, words: Words) => string;
}

const yesNo: Setting = {
  choices: () => ["yes", "no"],
  parse: (choice) => choice === "yes",
  label: (choice, words) => words.say(choice === "yes" ? "buttons.yes" : "buttons.no"),
};

const asItIs = { parse: (choice: string) => choice, label: (choice: string) => choice } as const;

const menu: { readonly [Key in Name]: Setting } = {
  ratio: {
    ...asItIs,
    choices: () => [...listedRatios, "auto"],
    label: (choice, words) => (choice === "auto" ? words.say("buttons.auto") : choice),
  },
  enhance: yesNo,
  model: { ...asItIs, choices: ({ catalogue }) => catalogue.models.map(({ id }) => id) },
  quality: {
    ...asItIs,
    choices: () => qualities,
    label: (choice, words) =>
      words.say(`qualities.${qualities.find((quality) => quality === choice) ?? "standard"}`),
  },
  originals: yesNo,
  language: {
    ...asItIs,
    choices: () => languages.map(({ tag }) => tag),
    label: (choice) => languages.find(({ tag }) => tag === choice)?.name ?? choice,
  },
};

const names = Object.keys(menu) as Name[];

/** Whose settings a menu shows: one's own, or those of the chat. */
type Whose = "own" | "place";

interface View {
  readonly whose: Whose;
  /** Only for this person, who opened it. */
  readonly owner: number;
  /** Undefined for the list of all. */
  readonly setting: Name | undefined;
}

/** Shows one's own settings; an administrator who speaks as the group sees the group's. */
export async function showSettings(visit: Visit, tools: DoorTools): Promise<void> {
  const { user, place } = visit;
  const whose = place.group && user === place.chat ? "place" : "own";
  const view = { whose, owner: user, setting: undefined } as const;
  const { content, buttons } = await layOut(view, visit, tools);
  tools.later(() => tools.messenger.sendText(visit.place, content, buttons));
}

/** A press in the menu: goes on to another view, or sets something. */
export async function pressSettings(pressed: Pressed, tools: DoorTools): Promise<Notice> {
  const { view, choice } = readArgument(pressed.action.argument ?? "");
  const { words, user, place, target } = pressed;
  if (!(await visitAs(view.owner, pressed, tools))) return words.say("ask.notForYou");
  if (view.whose === "place" && !(await tools.moderators.include(place, user))) {
    return words.say("ask.adminsOnly");
  }
  if (view.setting && choice !== undefined) {
    await set(scopeFor(view, place.chat), view.setting, choice, tools);
  }
  const next = choice === undefined ? view : { ...view, setting: undefined };
  const { content, buttons } = await layOut(next, pressed, tools);
  tools.later(() => tools.messenger.editText(target, content, buttons));
  return undefined;
}

/** What is no choice of the menu takes the setting back. */
async function set(scope: string, name: Name, choice: string, tools: DoorTools): Promise<void> {
  const { choices, parse } = menu[name];
  const value = choices(tools).includes(choice) ? parse(choice) : undefined;
  await tools.settings.set(scope, { [name]: value });
}

async function layOut(view: View, visit: Visit, tools: DoorTools) {
  const settings = await tools.settings.get(scopeFor(view, visit.place.chat));
  const words = wordsOf(visit, settings, view);
  return view.setting === undefined
    ? layOutList(view, settings, { words, place: visit.place })
    : layOutChoices({ ...view, setting: view.setting }, words, tools);
}

/** A language that was just chosen counts at once. */
function wordsOf({ words }: Visit, { language }: Settings, { whose }: View): Words {
  return whose === "own" && language !== undefined ? wordsFor(language) : words;
}

function layOutList(
  view: View,
  settings: Settings,
  { words, place }: Pick<Visit, "words" | "place">,
) {
  const rows = names.map((name) => {
    const value = settings[name];
    const shown = value === undefined ? words.say("settings.unset") : labelOf(name, value, words);
    return [mixed(`${words.say(`settings.names.${name}`)}: ${shown}`)];
  });
  const buttons = names.map((setting) =>
    menuButton(words.say(`settings.names.${setting}`), { ...view, setting }),
  );
  const other: View = { ...view, whose: view.whose === "own" ? "place" : "own" };
  const label = words.say(other.whose === "own" ? "buttons.mySettings" : "buttons.placeSettings");
  const content = richText(lines([plain(words.say(`settings.${view.whose}`))], ...rows));
  const switching = place.group && view.owner !== place.chat ? [menuButton(label, other)] : [];
  return { content, buttons: keyboard([...inPairs(buttons.flat()), switching.flat()]) };
}

function layOutChoices(view: View & { readonly setting: Name }, words: Words, tools: DoorTools) {
  const { choices, label } = menu[view.setting];
  const buttons = choices(tools)
    .slice(0, limits.keyboardButtons - 2)
    .flatMap((choice) => menuButton(label(choice, words), view, choice));
  const unset = menuButton(words.say("buttons.unset"), view, "-");
  const back = menuButton(words.say("buttons.back"), { ...view, setting: undefined });
  const setting = words.say(`settings.names.${view.setting}`);
  return {
    content: richText([plain(words.say("settings.choose", { setting }))]),
    buttons: keyboard([...inPairs(buttons), unset, back]),
  };
}

function labelOf(name: Name, value: string | boolean, words: Words): string {
  const choice = typeof value === "boolean" ? (value ? "yes" : "no") : value;
  return menu[name].label(choice, words);
}

// === The data of the buttons

/** None where the choice is too long for a button: it can still be made in the words. */
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

function scopeFor({ whose, owner }: View, chat: number): string {
  return whose === "own" ? requesterId(owner) : scopeOf(chat);
}

function inPairs<Item>(items: readonly Item[]): Item[][] {
  const pairs: Item[][] = [];
  for (let at = 0; at < items.length; at += 2) pairs.push(items.slice(at, at + 2));
  return pairs;
}
