import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  Locale,
  type RESTPostAPIApplicationCommandsJSONBody,
} from "discord.js";
import type { Quality } from "../../core/request.ts";
import { type Command, type CommandOption, commands, type OptionId } from "../commands.ts";
import { languages, type Words, wordsFor } from "../words.ts";
import { limits } from "./limits.ts";
import { menus } from "./menus.ts";
import { settingNames } from "./settings.ts";
import { clipTo } from "./text.ts";

type Definition = RESTPostAPIApplicationCommandsJSONBody;

const english = wordsFor();

/** The languages of Discord's clients for which there are words beside English. */
const translations: ReadonlyMap<Locale, Words> = new Map(
  Object.values(Locale)
    .map((locale) => [locale, wordsFor(locale)] as const)
    .filter(([, words]) => words.tag !== english.tag),
);

/** For servers and for people who install the app for themselves, in servers, its own and other conversations. */
const everywhere = {
  contexts: [
    InteractionContextType.Guild,
    InteractionContextType.BotDM,
    InteractionContextType.PrivateChannel,
  ],
  integration_types: [
    ApplicationIntegrationType.GuildInstall,
    ApplicationIntegrationType.UserInstall,
  ],
};

/** Every command of this door as Discord takes it; those of a single server are not told where they are for. */
export function definitions(scope: "global" | "guild"): readonly Definition[] {
  const reach = scope === "global" ? everywhere : {};
  return [
    ...commands.map((command) => ({ ...slashCommand(command), ...reach })),
    ...menus.map((id): Definition => {
      const type = ApplicationCommandType.Message;
      return { type, ...localised("name", (words) => words.say(`buttons.${id}`)), ...reach };
    }),
  ];
}

function slashCommand({ id, options }: Command): Definition {
  return {
    type: ApplicationCommandType.ChatInput,
    ...localised("name", (words) => words.say(`commands.${id}.name`)),
    ...localised("description", (words) => words.say(`commands.${id}.description`)),
    options: options.filter((option) => isOffered(id, option)).map(optionOf),
  };
}

/** Discord shows the untouched files anyway. */
function isOffered(command: Command["id"], { id }: CommandOption): boolean {
  return command !== "settings" || id === "scope" || settingNames.some((name) => name === id);
}

function optionOf(option: CommandOption): APIApplicationCommandBasicOption {
  const { id, required = false } = option;
  const named = {
    ...localised("name", (words) => words.say(`options.${id}.name`)),
    ...localised("description", (words) => words.say(`options.${id}.description`)),
    ...(required ? { required } : {}),
  };
  return { ...named, ...kindOf(option) } as APIApplicationCommandBasicOption;
}

const { Boolean: YesNo, Integer, Number: Fraction, String: Text } = ApplicationCommandOptionType;

function kindOf({ id, kind }: CommandOption): object {
  switch (kind.type) {
    case "text":
      return id === "code"
        ? { type: Text, max_length: kind.maxLength, autocomplete: true }
        : { type: Text, max_length: kind.maxLength };
    case "whole":
      return { type: Integer, min_value: kind.min, max_value: kind.max };
    case "number":
      return { type: Fraction, min_value: kind.min, max_value: kind.max };
    case "yes-no":
      return { type: YesNo };
    case "choice": {
      const choices = kind.choices.map((value) => ({
        ...localised("name", (words) => choiceName(id, value, words)),
        value,
      }));
      return { type: Text, choices };
    }
    case "model":
      return { type: Text, autocomplete: true };
    case "language": {
      const choices = languages.map(({ tag, name }) => ({ name, value: tag }));
      return { type: Text, choices: choices.slice(0, limits.choices) };
    }
  }
}

function choiceName(id: OptionId, value: string, words: Words): string {
  if (id === "quality") return words.say(`qualities.${value as Quality}`);
  if (value === "auto") return words.say("buttons.auto");
  if (value === "own") return words.say("buttons.mySettings");
  return value === "place" ? words.say("buttons.placeSettings") : value;
}

/** A text in English, and in each other language where it differs. */
function localised<Field extends "name" | "description">(
  field: Field,
  say: (words: Words) => string,
) {
  const text = (words: Words) => clipTo(limits.description, say(words));
  const others = [...translations].map(([locale, words]) => [locale, text(words)] as const);
  const different = others.filter(([, translated]) => translated !== text(english));
  return {
    [field]: text(english),
    ...(different.length === 0
      ? {}
      : { [`${field}_localizations`]: Object.fromEntries(different) }),
  } as { [Name in Field]: string };
}
