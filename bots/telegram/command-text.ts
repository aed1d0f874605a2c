import { type CommandId, commands } from "../commands.ts";

/** A command as a person typed it. */
export interface TypedCommand {
  readonly id: CommandId;
  /** What stands behind it. */
  readonly words: string;
}

/** Punctuation may follow at once, as in "/draw: a cat" and "/draw，一只猫": the platform reads a command there too. */
const pattern = /^\/([a-z0-9_]{1,32})(?:@([a-z0-9_]{1,64}))?(?=[\s,:;，：；、]|$)[\s,:;，：；、]*/i;

/** Other names by which people know a command. */
const aliases: Readonly<Record<string, CommandId>> = { start: "help", imagine: "draw" };

/** Reads a command at the beginning of a text or caption; undefined without one, and for another bot's. */
export function readCommand(text: string, username: string): TypedCommand | undefined {
  const match = pattern.exec(text);
  const [head = "", name = "", addressee] = match ?? [];
  if (addressee !== undefined && addressee.toLowerCase() !== username.toLowerCase()) {
    return undefined;
  }
  const wanted = name.toLowerCase();
  const id = commands.find((command) => command.id === wanted)?.id ?? aliasOf(wanted);
  return id && { id, words: text.slice(head.length).trim() };
}

function aliasOf(name: string): CommandId | undefined {
  return Object.hasOwn(aliases, name) ? aliases[name] : undefined;
}
