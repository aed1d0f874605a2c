import { ApplicationCommandOptionType, ApplicationCommandType } from "discord.js";
import type { Fault } from "./errors.ts";
import { lengthOf } from "./schema.ts";
import type { CommandForm, CommandOption } from "./schema-commands.ts";

// What holds for the options of a command together, and for a command as a whole:
// https://docs.discord.com/developers/interactions/application-commands

const MAX_SIZE = 8000;

/** Commands and options: letters of any script, in lower case where they have one. */
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

/** Whether a command that is typed, or an option, may have that name. */
export function isTypedName(name: string): boolean {
  return NAME.test(name) && name === name.toLowerCase();
}

const NESTED: readonly number[] = [
  ApplicationCommandOptionType.Subcommand,
  ApplicationCommandOptionType.SubcommandGroup,
];

/** What is wrong with these options beside each other. */
export function* optionFaults(options: readonly CommandOption[]): Generator<Fault> {
  yield* orderFaults(options);
  yield* nameFaults(options);
  for (const [index, option] of options.entries()) {
    yield* rangeFaults(option, index);
  }
  const nested = options.filter(({ type }) => NESTED.includes(type));
  if (nested.length > 0 && nested.length < options.length) {
    const message =
      "Sub-command and sub-command group option types are mutually exclusive to all other types";
    yield { path: [], code: "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message };
  }
}

function* orderFaults(options: readonly CommandOption[]): Generator<Fault> {
  let optionalSeen = false;
  for (const [index, option] of options.entries()) {
    const required = "required" in option && option.required === true;
    if (required && optionalSeen) {
      const message = "Required options must be placed before non-required options";
      yield { path: [index], code: "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message };
    }
    optionalSeen ||= !required;
  }
}

/** Names are unique, by default and in each language, and against the default ones. */
function* nameFaults(options: readonly CommandOption[]): Generator<Fault> {
  const code = "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS";
  const message = "Option name already exists";
  for (const [index, option] of options.entries()) {
    const others = options.slice(0, index);
    if (others.some(({ name }) => name === option.name)) {
      yield { path: [index, "name"], code, message };
    }
    for (const [locale, name] of Object.entries(option.name_localizations ?? {})) {
      const taken = options.some(
        (other) =>
          other !== option && (other.name === name || other.name_localizations?.[locale] === name),
      );
      if (taken) yield { path: [index, "name_localizations", locale], code, message };
    }
  }
}

/** What the fields of one option may not be together. */
const OPTION_RULES: readonly {
  readonly field: string;
  readonly code: string;
  readonly message: string;
  readonly broken: (option: CommandOption) => boolean;
}[] = [
  {
    field: "autocomplete",
    code: "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID",
    message: "Option cannot have both choices and autocomplete",
    broken: (it) => "choices" in it && !!it.choices?.length && it.autocomplete === true,
  },
  {
    field: "min_value",
    code: "APPLICATION_COMMAND_OPTIONS_VALUE_RANGE_INVALID",
    message: "min_value is greater than max_value",
    broken: (it) => "min_value" in it && (it.min_value ?? -Infinity) > (it.max_value ?? Infinity),
  },
  {
    field: "min_length",
    code: "APPLICATION_COMMAND_OPTIONS_LENGTH_RANGE_INVALID",
    message: "min_length is greater than max_length",
    broken: (it) => "min_length" in it && (it.min_length ?? 0) > (it.max_length ?? 6000),
  },
];

function* rangeFaults(option: CommandOption, index: number): Generator<Fault> {
  for (const { field, code, message, broken } of OPTION_RULES) {
    if (broken(option)) yield { path: [index, field], code, message };
  }
}

/** What is wrong with a command as a whole. */
export function* commandFaults(command: CommandForm): Generator<Fault> {
  if ((command.type ?? ApplicationCommandType.ChatInput) === ApplicationCommandType.ChatInput) {
    yield* typedFaults(command);
  } else {
    yield* menuFaults(command);
  }
  if (sizeOf(command) > MAX_SIZE) {
    const message = `Command exceeds maximum size (${MAX_SIZE})`;
    yield { path: [], code: "APPLICATION_COMMAND_TOO_LARGE", message };
  }
}

function* typedFaults(command: CommandForm): Generator<Fault> {
  const invalid = { code: "APPLICATION_COMMAND_INVALID_NAME", message: "Command name is invalid" };
  if (!isTypedName(command.name)) yield { path: ["name"], ...invalid };
  for (const [locale, name] of Object.entries(command.name_localizations ?? {})) {
    if (!isTypedName(name)) yield { path: ["name_localizations", locale], ...invalid };
  }
  if (!command.description) {
    yield { path: ["description"], code: "BASE_TYPE_REQUIRED", message: "This field is required" };
  }
}

function* menuFaults(command: CommandForm): Generator<Fault> {
  if (command.description) {
    const message = "Context menu commands cannot have description";
    yield {
      path: ["description"],
      code: "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_CANNOT_BE_SET",
      message,
    };
  }
  if (command.options?.length) {
    const message = "Context menu commands cannot have options";
    yield {
      path: ["options"],
      code: "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_CANNOT_BE_SET",
      message,
    };
  }
}

interface Sized {
  readonly name: string;
  readonly name_localizations?: Readonly<Record<string, string>> | null | undefined;
  readonly description?: string | null | undefined;
  readonly description_localizations?: Readonly<Record<string, string>> | null | undefined;
  readonly value?: string | number;
  readonly choices?: readonly Sized[] | null | undefined;
  readonly options?: readonly Sized[] | null | undefined;
}

/** Characters of names, descriptions and values, of each the longest translation. */
function sizeOf(part: Sized): number {
  const inner = [...(part.choices ?? []), ...(part.options ?? [])];
  return (
    longest(part.name, part.name_localizations) +
    longest(part.description ?? "", part.description_localizations) +
    (typeof part.value === "string" ? lengthOf(part.value) : 0) +
    inner.reduce((sum, next) => sum + sizeOf(next), 0)
  );
}

function longest(text: string, translations: Sized["name_localizations"]): number {
  return Math.max(lengthOf(text), ...Object.values(translations ?? {}).map(lengthOf));
}
