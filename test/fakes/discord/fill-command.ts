import {
  ApplicationCommandOptionType,
  type ApplicationCommandType,
  PermissionFlagsBits,
} from "discord.js";
import { type Command, GLOBAL } from "./commands.ts";
import { type Place, contextOf, ownersOf } from "./invocation.ts";
import { type Json, memberPayload, partialChannelPayload, userPayload } from "./payloads.ts";
import type { Platform } from "./platform.ts";
import type { CommandOption, Parameter } from "./schema-commands.ts";
import { lengthOf } from "./schema.ts";
import { type Channel, type User, may, permissionsIn } from "./world.ts";

// What a person's own client does before it sends a command: it offers only what is there, and checks what is typed.

/** A file that a person uploads. */
export interface Upload {
  readonly filename: string;
  readonly bytes: Uint8Array;
  readonly contentType?: string;
  /** The alternative text. */
  readonly description?: string;
}

/** What a person gives an option. */
export type OptionValue = string | number | boolean | User | Channel | Upload;

/** The command of that name that this person can use here. Throws where the client would not offer it. */
export function offeredCommand(
  { commands }: Platform,
  { user, place }: { readonly user: User; readonly place: Place },
  { type, name }: { readonly type: ApplicationCommandType; readonly name: string },
): { readonly command: Command; readonly owners: Record<string, string> } {
  const { channel } = place;
  const scopes = channel.kind === "guild" ? [channel.guild.id, GLOBAL] : [GLOBAL];
  const command = scopes
    .flatMap((scope) => commands.list(scope))
    .find((candidate) => candidate.type === type && candidate.form.name === name);
  if (!command) throw new Error(`No command is registered as ${name}`);
  const reason = reasonAgainst(command, user, place);
  if (reason !== undefined) throw new Error(`The command ${name} is not offered: ${reason}`);
  return { command, owners: ownersFor(command, user, place) };
}

function ownersFor({ scope, form }: Command, user: User, place: Place): Record<string, string> {
  const owners = ownersOf(place, user);
  const types = scope === GLOBAL ? (form.integration_types ?? [0]) : [0];
  return Object.fromEntries(
    Object.entries(owners).filter(([key]) => types.some((it) => String(it) === key)),
  );
}

function reasonAgainst(command: Command, user: User, place: Place): string | undefined {
  const { scope, form } = command;
  const { channel } = place;
  if (scope === GLOBAL && form.contexts?.includes(contextOf(place)) === false)
    return "not in such a place";
  if (Object.keys(ownersFor(command, user, place)).length === 0)
    return "nobody installed it for this place";
  if (channel.kind !== "guild") return undefined;
  if (form.nsfw === true && !channel.nsfw) return "the channel is not age-restricted";
  const needed =
    BigInt(form.default_member_permissions ?? 0) | PermissionFlagsBits.UseApplicationCommands;
  return may(channel, user.id, needed) ? undefined : "permissions are missing";
}

/** The words after the command's name, and the options below them. */
export function subcommandOf(
  command: Command,
  path: readonly string[],
): {
  readonly parameters: readonly Parameter[];
  readonly wrap: (options: readonly Json[]) => readonly Json[];
} {
  let options: readonly CommandOption[] = command.form.options ?? [];
  let wrap = (inner: readonly Json[]) => inner;
  for (const name of path) {
    const option = options.find((candidate) => candidate.name === name);
    if (!option || !("options" in option))
      throw new Error(`There is no subcommand ${path.join(" ")}`);
    const outer = wrap;
    wrap = (inner) => outer([{ name, type: option.type, options: inner }]);
    options = option.options ?? [];
  }
  return { parameters: options.filter(isParameter), wrap };
}

function isParameter(option: CommandOption): option is Parameter {
  const { Subcommand, SubcommandGroup } = ApplicationCommandOptionType;
  return option.type !== Subcommand && option.type !== SubcommandGroup;
}

interface Filled {
  readonly options: readonly Json[];
  readonly resolved: Json;
}

/** The options as the client sends them. Throws where it would not let the person send them. */
export function fillOptions(
  platform: Platform,
  channel: Channel,
  {
    parameters,
    values,
  }: {
    readonly parameters: readonly Parameter[];
    readonly values: Readonly<Record<string, OptionValue>>;
  },
): Filled {
  for (const name of Object.keys(values)) {
    if (!parameters.some((option) => option.name === name))
      throw new Error(`There is no option ${name}`);
  }
  const options: Json[] = [];
  const resolved: Record<string, Json> = {};
  for (const option of parameters) {
    const value = values[option.name];
    if (value === undefined) {
      if (option.required === true) throw new Error(`The option ${option.name} is required`);
      continue;
    }
    const given =
      typeof value === "object" ? resolve(platform, channel, { value, resolved }) : value;
    const problem = problemWith(option, given);
    if (problem !== undefined) throw new Error(`The option ${option.name}: ${problem}`);
    options.push({ name: option.name, type: option.type, value: given });
  }
  return { options, resolved };
}

/** Puts a person, a channel or a file among the resolved ones and names it by id. */
function resolve(
  platform: Platform,
  channel: Channel,
  {
    value,
    resolved,
  }: { readonly value: User | Channel | Upload; readonly resolved: Record<string, Json> },
): string {
  const add = (kind: string, id: string, payload: Json) => {
    resolved[kind] = { ...resolved[kind], [id]: payload };
    return id;
  };
  if ("bytes" in value) {
    const file = storeUpload(platform, channel, value);
    return add("attachments", file.id, platform.files.payload(file));
  }
  if ("kind" in value) return add("channels", value.id, partialChannelPayload(value, value.id));
  if (channel.kind === "guild") {
    const member = channel.guild.members.get(value.id);
    const permissions = String(permissionsIn(channel, value.id));
    if (member) add("members", value.id, { ...memberPayload(channel.guild, member), permissions });
  }
  return add("users", value.id, userPayload(value));
}

/** Keeps a file that a person uploads. */
export function storeUpload(
  { files }: Platform,
  channel: Channel,
  { filename, bytes, contentType, description }: Upload,
) {
  return files.keep({
    channelId: channel.id,
    filename,
    bytes,
    contentType: contentType ?? "application/octet-stream",
    description,
    spoiler: false,
    ephemeral: true,
  });
}

function problemWith(option: Parameter, value: string | number | boolean): string | undefined {
  switch (option.type) {
    case ApplicationCommandOptionType.String:
      return typeof value === "string" ? problemWithText(option, value) : "not a text";
    case ApplicationCommandOptionType.Integer:
    case ApplicationCommandOptionType.Number:
      return typeof value === "number" ? problemWithNumber(option, value) : "not a number";
    case ApplicationCommandOptionType.Boolean:
      return typeof value === "boolean" ? undefined : "neither true nor false";
    default:
      return typeof value === "string" ? undefined : "not a person, a channel or a file";
  }
}

type OptionOf<Type extends ApplicationCommandOptionType> = Extract<Parameter, { type: Type }>;

function problemWithText(
  option: OptionOf<ApplicationCommandOptionType.String>,
  value: string,
): string | undefined {
  if (option.choices?.length && !option.choices.some((choice) => choice.value === value)) {
    return `${value} is not among the choices`;
  }
  const length = lengthOf(value);
  if (length === 0 || length < (option.min_length ?? 0)) return "too short";
  return length > (option.max_length ?? 6000) ? "too long" : undefined;
}

function problemWithNumber(
  option: OptionOf<ApplicationCommandOptionType.Integer | ApplicationCommandOptionType.Number>,
  value: number,
): string | undefined {
  if (option.type === ApplicationCommandOptionType.Integer && !Number.isInteger(value))
    return "not whole";
  if (option.choices?.length && !option.choices.some((choice) => choice.value === value)) {
    return `${value} is not among the choices`;
  }
  const { min_value, max_value } = option;
  return value < (min_value ?? -Infinity) || value > (max_value ?? Infinity)
    ? "out of range"
    : undefined;
}
