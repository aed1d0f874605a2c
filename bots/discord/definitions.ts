import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  Locale,
  type RESTPostAPIApplicationCommandsJSONBody,
} from "discord-api-types/v10";
import type { Preset } from "../../core/presets.ts";
import type { Quality } from "../../core/request.ts";
import {
  type Command,
  type CommandOption,
  commands,
  type OptionId,
  pictureOptions,
} from "../commands.ts";
import { languages, type Translator, translatorFor } from "../i18n.ts";
import { limits } from "./limits.ts";
import { discord } from "./interaction.ts";
import { menus } from "./menus.ts";
import type { Rest } from "./rest.ts";
import { clipTo } from "./text.ts";

/** A command as Discord takes it. */
export type Definition = RESTPostAPIApplicationCommandsJSONBody;

const english = translatorFor();

/** The locales of Discord's clients that have a translation, English left out. */
const translations: ReadonlyMap<Locale, Translator> = new Map(
  Object.values(Locale)
    .map((locale) => [locale, translatorFor(locale)] as const)
    .filter(([, t]) => t.tag !== english.tag),
);

/** Installed by servers and by single people; used in servers and in all direct messages. */
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

/**
 * Every command as Discord takes it. Commands of a single server have no contexts and no integration types. `sources` is
 * the most pictures that a model edits at once: nothing is offered beyond that.
 */
export function definitions(scope: "global" | "guild", sources: number): readonly Definition[] {
  const reach = scope === "global" ? everywhere : {};
  const offered = menus.filter((id) => id !== "editPicture" || sources > 0);
  return [
    ...commands.map((command) => ({ ...slashCommand(command, sources), ...reach })),
    ...offered.map((id): Definition => {
      const type = ApplicationCommandType.Message;
      return { type, ...localised("name", (t) => t(`buttons.${id}`)), ...reach };
    }),
  ];
}

/** The name in the menus of messages that uses a preset. */
export function presetMenuName({ name }: Preset, t: Translator): string {
  const [first = "", ...rest] = name;
  return clipTo(
    limits.commandName,
    t("presets.menu", { name: first.toUpperCase() + rest.join("") }),
  );
}

/** A command in the menus of messages for each of these presets of a server, the first ones of too many. */
export function presetMenus(presets: readonly Preset[]): readonly Definition[] {
  const type = ApplicationCommandType.Message;
  return presets
    .slice(0, limits.presetMenus)
    .map((preset) => ({ type, ...localised("name", (t) => presetMenuName(preset, t)) }));
}

function slashCommand({ id, options, verbs }: Command, sources: number): Definition {
  const beyond: readonly OptionId[] = pictureOptions.slice(sources);
  const offered = (all: readonly CommandOption[]) =>
    all.filter((option) => isOffered(id, option) && !beyond.includes(option.id)).map(optionOf);
  const subcommands = verbs?.map(
    (verb): APIApplicationCommandSubcommandOption => ({
      type: ApplicationCommandOptionType.Subcommand,
      ...localised("name", (t) => t(`presetVerbs.${verb.id}.name`)),
      ...localised("description", (t) => t(`presetVerbs.${verb.id}.description`)),
      options: offered(verb.options),
    }),
  );
  return {
    type: ApplicationCommandType.ChatInput,
    ...localised("name", (t) => t(`commands.${id}.name`)),
    ...localised("description", (t) => t(`commands.${id}.description`)),
    options: subcommands ?? offered(options),
  };
}

/** Settings that Discord does not offer are left out. */
function isOffered(command: Command["id"], { id }: CommandOption): boolean {
  return command !== "settings" || id === "scope" || discord.settings.some((name) => name === id);
}

function optionOf(option: CommandOption): APIApplicationCommandBasicOption {
  const { id, required = false } = option;
  const named = {
    ...localised("name", (t) => t(`options.${id}.name`)),
    ...localised("description", (t) => t(`options.${id}.description`)),
    ...(required ? { required } : {}),
  };
  return { ...named, ...kindOf(option) } as APIApplicationCommandBasicOption;
}

const {
  Attachment,
  Boolean: YesNo,
  Integer,
  Number: Fraction,
  String: Text,
} = ApplicationCommandOptionType;

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
        ...localised("name", (t) => choiceName(id, value, t)),
        value,
      }));
      return { type: Text, choices };
    }
    case "model":
    case "preset":
      return { type: Text, autocomplete: true };
    case "picture":
      return { type: Attachment, file_types: ["image"] };
    case "language": {
      const choices = languages.map(({ tag, name }) => ({ name, value: tag }));
      return { type: Text, choices: choices.slice(0, limits.choices) };
    }
  }
}

function choiceName(id: OptionId, value: string, t: Translator): string {
  if (id === "quality") return t(`qualities.${value as Quality}`);
  if (value === "auto") return t("buttons.auto");
  if (value === "own") return t("buttons.mySettings");
  return value === "place" ? t("buttons.placeSettings") : value;
}

/** A text in English, and in each other language where it differs. */
function localised<Field extends "name" | "description">(
  field: Field,
  textIn: (t: Translator) => string,
) {
  const text = (t: Translator) => clipTo(limits.description, textIn(t));
  const others = [...translations].map(([locale, t]) => [locale, text(t)] as const);
  const different = others.filter(([, translated]) => translated !== text(english));
  return {
    [field]: text(english),
    ...(different.length === 0
      ? {}
      : { [`${field}_localizations`]: Object.fromEntries(different) }),
  } as { [Name in Field]: string };
}

// === Registration

/** Where commands are registered. */
export interface RegistrationOptions {
  readonly application: string;
  /** The server; undefined for everywhere. */
  readonly guild: string | undefined;
}

/** Registers these commands, and no others, unless Discord has exactly these. Resolves with whether it did. */
export async function registerCommands(
  rest: Rest,
  { application, guild }: RegistrationOptions,
  wanted: readonly Definition[],
): Promise<boolean> {
  const place = guild === undefined ? "" : `/guilds/${guild}`;
  const route = `/applications/${application}${place}/commands` as const;
  const known = await rest({ method: "GET", route, query: { with_localizations: "true" } });
  if (summary(known) === summary(wanted)) return false;
  await rest({ method: "PUT", route, body: wanted });
  return true;
}

/** The fields that are compared; Discord adds others. */
const compared: ReadonlySet<string> = new Set([
  "type",
  "name",
  "name_localizations",
  "description",
  "description_localizations",
  "options",
  "required",
  "choices",
  "value",
  "min_value",
  "max_value",
  "max_length",
  "autocomplete",
  "file_types",
  "contexts",
  "integration_types",
]);

/** The same for the same commands, in whatever order: Discord returns them in its own. */
function summary(commands: unknown): string {
  const list = Array.isArray(commands) ? commands.map((one) => JSON.stringify(essence(one))) : [];
  return list.toSorted().join("\n");
}

/** A definition without the fields that Discord adds and without empty ones; `whole`: with every field. */
function essence(definition: unknown, whole = false): unknown {
  if (Array.isArray(definition)) return definition.map((one) => essence(one));
  if (typeof definition !== "object" || definition === null) return definition;
  const entries = Object.entries(definition).flatMap(([key, value]: [string, unknown]) => {
    const isEmpty = value == null || value === false || value === "";
    const isCompared = whole || compared.has(key);
    if (!isCompared || isEmpty || (Array.isArray(value) && value.length === 0)) return [];
    return [[key, essence(value, key.endsWith("_localizations"))] as const];
  });
  return Object.fromEntries(entries.toSorted(([a], [b]) => a.localeCompare(b)));
}
