import { chatFor } from "../access.ts";
import { type Arguments, field, isObject, type Json, toInteger } from "../arguments.ts";
import type { Call, Method } from "../call.ts";
import { codePoints } from "../entities.ts";
import { badRequest } from "../errors.ts";
import type { World } from "../model.ts";
import { reasonOf } from "../text.ts";

const limits = { commands: 100, command: 32, description: 256 } as const;

export function setMyCommands({ world, args }: Call): true {
  const commands = readCommands(args);
  const key = commandsKey(world, args);
  if (commands.length > limits.commands) throw badRequest("BOT_COMMANDS_TOO_MUCH");
  if (commands.some(({ command }) => !/^[a-z0-9_]+$/.test(command))) {
    throw badRequest("BOT_COMMAND_INVALID");
  }
  world.commands.set(key, commands);
  world.changed();
  return true;
}

/** The commands of exactly this scope and language; the platform falls back only where it shows them. */
export function getMyCommands({ world, args }: Call): unknown {
  return world.commands.get(commandsKey(world, args)) ?? [];
}

export function deleteMyCommands({ world, args }: Call): true {
  world.commands.delete(commandsKey(world, args));
  world.changed();
  return true;
}

function readCommands(args: Arguments) {
  const value = args.json("commands", "Can't parse commands JSON object") ?? [];
  if (!Array.isArray(value)) throw badRequest("Expected an Array of BotCommand");
  return value.map(readCommand).map(checkCommand);
}

function readCommand(value: unknown) {
  try {
    if (!isObject(value)) throw badRequest("expected an Object");
    const command = field.string(value, "command").trim().replace(/^\//, "");
    const own = value["is_ephemeral"] === true && { is_ephemeral: true };
    return { command, description: field.string(value, "description").trim(), ...own };
  } catch (error) {
    throw badRequest(`Can't parse BotCommand: ${reasonOf(error)}`);
  }
}

function checkCommand(given: ReturnType<typeof readCommand>) {
  const { command, description } = given;
  if (command === "") throw badRequest("Command must be non-empty");
  if (description === "") throw badRequest("Command description must be non-empty");
  if (codePoints(command) > limits.command) {
    throw badRequest(`Command length must not exceed ${limits.command}`);
  }
  if (codePoints(description) > limits.description) {
    throw badRequest(`Command description length must not exceed ${limits.description}`);
  }
  return given;
}

/** How `commands` are found by a test: the scope as JSON and the language, separated by a space. */
export function commandsOf(world: World, scope: Json = { type: "default" }, language = "") {
  return world.commands.get(`${JSON.stringify(scope)} ${language}`) ?? [];
}

function commandsKey(world: World, args: Arguments): string {
  const scope = readScope(world, args);
  return `${JSON.stringify(scope)} ${languageOf(args)}`;
}

function languageOf(args: Arguments): string {
  const language = args.text("language_code");
  if (!/^([a-z]{2})?$/.test(language)) throw badRequest("Invalid language code specified");
  return language;
}

const wide = new Set([
  "default",
  "all_private_chats",
  "all_group_chats",
  "all_chat_administrators",
]);
const narrow = new Set(["chat", "chat_administrators", "chat_member"]);

function readScope(world: World, args: Arguments): Json {
  const value = args.json("scope", "Can't parse BotCommandScope JSON object");
  if (value === undefined) return { type: "default" };
  const scope = toScope(value);
  if ("chat_id" in scope) chatFor(world, String(scope["chat_id"]), "members");
  return scope;
}

function toScope(value: unknown): Json {
  try {
    if (!isObject(value)) throw badRequest("BotCommandScope must be an Object");
    const type = field.string(value, "type");
    if (wide.has(type)) return { type };
    if (!narrow.has(type)) throw badRequest("Unsupported type specified");
    const chat = { type, chat_id: toInteger(field.string(value, "chat_id")) };
    return type === "chat_member" ? { ...chat, user_id: field.integer(value, "user_id") } : chat;
  } catch (error) {
    throw badRequest(`Can't parse BotCommandScope: ${reasonOf(error)}`);
  }
}

/** Texts that the bot has about itself, each in any language: how long they may be. */
const texts = { Description: 512, ShortDescription: 120, Name: 64 } as const;

function textMethods(name: keyof typeof texts): Record<string, Method> {
  const argument = name.replace(/(?<=.)([A-Z])/g, "_$1").toLowerCase();
  const keyOf = (args: Arguments): string => `${argument} ${languageOf(args)}`;
  return {
    [`setMy${name}`]: ({ world, args }) => {
      const text = args.text(argument);
      if (codePoints(text) > texts[name]) {
        throw badRequest(
          `${argument.toUpperCase().replace("SHORT_DESCRIPTION", "ABOUT")}_TOO_LONG`,
        );
      }
      world.profile.set(keyOf(args), text);
      return true;
    },
    [`getMy${name}`]: ({ world, args }) => ({ [argument]: world.profile.get(keyOf(args)) ?? "" }),
  };
}

export const profileMethods: Readonly<Record<string, Method>> = {
  setMyCommands,
  getMyCommands,
  deleteMyCommands,
  ...textMethods("Description"),
  ...textMethods("ShortDescription"),
  ...textMethods("Name"),
  setChatMenuButton: () => true,
  getChatMenuButton: () => ({ type: "commands" }),
  setMyDefaultAdministratorRights: () => true,
};
