import { parseShareCode } from "../../core/job.ts";
import { type CommandId, commands, type OptionId, type OptionValues } from "../commands.ts";
import { languages, translatorFor } from "../i18n.ts";
import { type PresetVerb, presetVerbs } from "../screens/presets.ts";

/** A command as a person typed it. */
export interface TypedCommand {
  readonly id: CommandId;
  /** What is typed behind the command. */
  readonly text: string;
  /** The picture is for this person alone. */
  readonly isPrivate?: true;
}

/** The name of the command that draws for one person alone. */
export const privately = "private";

/** Punctuation may follow at once, as in "/draw: a cat" and "/draw，一只猫": Telegram reads a command there too. */
const pattern = /^\/([a-z0-9_]{1,32})(?:@([a-z0-9_]{1,64}))?(?=[\s,:;，：；、]|$)[\s,:;，：；、]*/i;

/** Other names by which people know a command. */
const aliases: Readonly<Record<string, CommandId>> = {
  start: "help",
  imagine: "draw",
  [privately]: "draw",
};

/** Reads a command at the beginning of a text or caption; undefined without one, and for a command to another bot. */
export function readCommand(text: string, username: string): TypedCommand | undefined {
  const match = pattern.exec(text);
  const [head = "", name = "", addressee] = match ?? [];
  if (addressee !== undefined && addressee.toLowerCase() !== username.toLowerCase()) {
    return undefined;
  }
  const wanted = name.toLowerCase();
  const id = commands.find((command) => command.id === wanted)?.id ?? aliasOf(wanted);
  const typed = text.slice(head.length).trim();
  return id && { id, text: typed, ...(wanted === privately && { isPrivate: true }) };
}

function aliasOf(name: string): CommandId | undefined {
  return Object.hasOwn(aliases, name) ? aliases[name] : undefined;
}

// === What is typed behind a command

/** The option that takes what is typed behind a command. */
const options: Partial<Record<CommandId, OptionId>> = {
  again: "code",
  show: "code",
  link: "linkCode",
};

/** Reads what is typed behind a command as the values of its options; undefined where it is not known what is meant. */
export function valuesTyped({ id, text }: TypedCommand): OptionValues | undefined {
  if (id === "presets") return presetValues(text);
  const option = options[id];
  return new Map(option && text !== "" ? [[option, text]] : []);
}

/** The verb of this name in any language. */
function verbNamed(name: string): PresetVerb | undefined {
  const translators = languages.map(({ tag }) => translatorFor(tag));
  return presetVerbs.find((verb) =>
    translators.some((t) => t(`presetVerbs.${verb}.name`) === name),
  );
}

const here = new Set(["here", "本群"]);

function presetValues(text: string): OptionValues | undefined {
  if (text === "") return new Map([["verb", "list"]]);
  const [first, afterVerb] = firstWord(text);
  const isCode = parseShareCode(first) !== undefined;
  const verb = isCode ? "take" : verbNamed(first.toLowerCase());
  if (!verb) return undefined;
  const [second, afterHere] = firstWord(isCode ? text : afterVerb);
  const isHere = here.has(second.toLowerCase());
  const [name, words] = isHere ? firstWord(afterHere) : [second, afterHere];
  if (name === "" && verb !== "list") return undefined;
  const values: [OptionId | "verb", string][] = [
    ["verb", verb],
    ["name", name],
    ["words", words],
  ];
  return new Map(isHere ? [...values, ["scope", "place"]] : values);
}

function firstWord(text: string): readonly [string, string] {
  const [, quoted, word = ""] = /^(?:["“](.+?)["”]|(\S+))/.exec(text) ?? [];
  const first = quoted ?? word;
  return [first, text.slice(first.length + (quoted === undefined ? 0 : 2)).trim()];
}
