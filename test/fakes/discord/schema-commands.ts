import { ApplicationCommandOptionType, ApplicationCommandType, Locale } from "discord.js";
import { z } from "zod";
import { commandFaults, isTypedName, optionFaults } from "./command-rules.ts";
import { id, list, oneOf, report, text, whole } from "./schema.ts";

// What a command may be: https://docs.discord.com/developers/interactions/application-commands

const flag = z.boolean().nullish();

const typedName = text({ min: 1, max: 32 }).refine(isTypedName, {
  params: { code: "STRING_TYPE_REGEX" },
  error: () => "String value did not match validation regex.",
});

const LOCALES: readonly string[] = Object.values(Locale);

function localised<Value extends z.ZodType<string>>(value: Value) {
  return z
    .record(z.string(), value)
    .superRefine((translations, context) => {
      for (const locale of Object.keys(translations)) {
        if (LOCALES.includes(locale)) continue;
        const message = `Value "${locale}" is not a locale.`;
        report(context, { path: [locale], code: "ENUM_TYPE_COERCE", message });
      }
    })
    .nullish();
}

const optionNames = { name: typedName, name_localizations: localised(typedName) };
const described = {
  description: text({ min: 1, max: 100 }),
  description_localizations: localised(text({ min: 1, max: 100 })),
};
const anyOption = { ...optionNames, ...described, required: flag };

function choices<Value extends z.ZodType>(value: Value) {
  const name = text({ min: 1, max: 100 });
  return list(z.object({ name, name_localizations: localised(name), value }), {
    max: 25,
  }).nullish();
}

const {
  Attachment,
  Boolean: YesOrNo,
  Channel,
  Integer,
  Mentionable,
  Number: Real,
  Role,
  String: Words,
  Subcommand,
  SubcommandGroup,
  User,
} = ApplicationCommandOptionType;

const SAFE = { min: -(2 ** 53 - 1), max: 2 ** 53 - 1 };

const words = z.object({
  ...anyOption,
  type: z.literal(Words),
  autocomplete: flag,
  choices: choices(text({ max: 100 })),
  min_length: whole({ min: 0, max: 6000 }).nullish(),
  max_length: whole({ min: 1, max: 6000 }).nullish(),
});
const integer = z.object({
  ...anyOption,
  type: z.literal(Integer),
  autocomplete: flag,
  choices: choices(whole(SAFE)),
  min_value: whole(SAFE).nullish(),
  max_value: whole(SAFE).nullish(),
});
const real = z.object({
  ...anyOption,
  type: z.literal(Real),
  autocomplete: flag,
  choices: choices(z.number()),
  min_value: z.number().nullish(),
  max_value: z.number().nullish(),
});
const yesOrNo = z.object({ ...anyOption, type: z.literal(YesOrNo) });
const user = z.object({ ...anyOption, type: z.literal(User) });
const role = z.object({ ...anyOption, type: z.literal(Role) });
const mentionable = z.object({ ...anyOption, type: z.literal(Mentionable) });
const channel = z.object({
  ...anyOption,
  type: z.literal(Channel),
  channel_types: z.array(z.int()).nullish(),
});
const attachment = z.object({
  ...anyOption,
  type: z.literal(Attachment),
  file_types: list(z.string(), { max: 10 }).nullish(),
});

const parameters = [
  words,
  integer,
  real,
  yesOrNo,
  user,
  role,
  mentionable,
  channel,
  attachment,
] as const;
const PARAMETER_TYPES = [3, 4, 5, 6, 7, 8, 9, 10, 11];

const subcommand = z.object({
  ...optionNames,
  ...described,
  type: z.literal(Subcommand),
  options: list(oneOf(parameters, PARAMETER_TYPES), { max: 25 })
    .superRefine((options, context) => {
      for (const fault of optionFaults(options)) report(context, fault);
    })
    .nullish(),
});
const group = z.object({
  ...optionNames,
  ...described,
  type: z.literal(SubcommandGroup),
  options: list(oneOf([subcommand], [1]), { max: 25 }).nullish(),
});

const options = list(oneOf([...parameters, subcommand, group], [1, 2, ...PARAMETER_TYPES]), {
  max: 25,
}).superRefine((values, context) => {
  for (const fault of optionFaults(values)) report(context, fault);
});

const permissions = z
  .union([z.string().regex(/^\d+$/), z.int().nonnegative()])
  .transform(String)
  .nullish();

const anyName = text({ min: 1, max: 32 });

function several<Value extends z.ZodType>(value: Value) {
  return z.array(value).superRefine((values, context) => {
    if (values.length > 0 && new Set(values).size === values.length) return;
    const message = "Must have at least one value, and each once.";
    report(context, { path: [], code: "BASE_TYPE_BAD_LENGTH", message });
  });
}

const command = z.object({
  id: id.nullish(),
  type: z
    .union([
      z.literal(ApplicationCommandType.ChatInput),
      z.literal(ApplicationCommandType.User),
      z.literal(ApplicationCommandType.Message),
    ])
    .nullish(),
  name: anyName,
  name_localizations: localised(anyName),
  description: text({ max: 100 }).nullish(),
  description_localizations: localised(text({ min: 1, max: 100 })),
  options: options.nullish(),
  default_member_permissions: permissions,
  dm_permission: flag,
  nsfw: flag,
  contexts: several(z.union([z.literal(0), z.literal(1), z.literal(2)])).nullish(),
  integration_types: several(z.union([z.literal(0), z.literal(1)])).nullish(),
});

/** A command as an app registers it. */
export const commandForm = command.superRefine((value, context) => {
  for (const fault of commandFaults(value)) report(context, fault);
});
/** All commands of a place. */
export const commandForms = list(commandForm, { max: 130 }).superRefine((commands, context) => {
  const seen = new Set<string>();
  for (const [index, { type, name }] of commands.entries()) {
    const key = `${type ?? 1} ${name}`;
    if (seen.has(key)) {
      const message = "Application command names must be unique";
      report(context, { path: [index], code: "APPLICATION_COMMANDS_DUPLICATE_NAME", message });
    }
    seen.add(key);
  }
});

export type CommandForm = z.infer<typeof command>;
export type CommandOption = z.infer<typeof options>[number];
/** An option that takes a value. */
export type Parameter = Exclude<
  CommandOption,
  { type: typeof Subcommand | typeof SubcommandGroup }
>;
