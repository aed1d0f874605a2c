import { PermissionFlagsBits } from "discord.js";
import type { AllowedMentions } from "./schema-message.ts";
import { type Channel, may } from "./world.ts";

/** Who a message calls: https://docs.discord.com/developers/resources/message#allowed-mentions-object */
export interface Pings {
  /** `@everyone` or `@here`. */
  readonly everyone: boolean;
  /** Ids of roles. */
  readonly roles: readonly string[];
  /** Ids of users. */
  readonly users: readonly string[];
}

export const NO_PINGS: Pings = { everyone: false, roles: [], users: [] };

/** What is allowed where a request does not say: everything in messages, only users in answers to interactions. */
export const MESSAGE_DEFAULT: AllowedMentions = {
  parse: ["users", "roles", "everyone"],
  replied_user: true,
};
export const INTERACTION_DEFAULT: AllowedMentions = { parse: ["users"] };

/** Markdown shows what is between backticks as it is. */
function withoutCode(text: string): string {
  return text.replaceAll(/```[\s\S]*?```|``[\s\S]*?``|`[^`\n]*`/g, " ");
}

function mentioned(text: string, pattern: RegExp): readonly string[] {
  return [...new Set(Array.from(text.matchAll(pattern), ([, id]) => id ?? ""))];
}

interface Sent {
  readonly text: string;
  readonly channel: Channel;
  readonly authorId: string;
  readonly allowed: AllowedMentions;
  /** The author of the message that is replied to. */
  readonly repliedTo?: string | undefined;
}

/** Who is called by a text, of all it mentions, given what the request allows and the author may. */
export function pingsOf({ text, channel, authorId, allowed, repliedTo }: Sent): Pings {
  const visible = withoutCode(text);
  const callsAll = may(channel, authorId, PermissionFlagsBits.MentionEveryone);
  const allows = (kind: "users" | "roles", id: string) =>
    allowed.parse?.includes(kind) === true || allowed[kind]?.includes(id) === true;

  const roles = channel.kind === "guild" ? channel.guild.roles : [];
  const users = mentioned(visible, /<@!?(\d+)>/g).filter(
    (id) => allows("users", id) && isThere(channel, id),
  );
  const replied = repliedTo !== undefined && allowed.replied_user === true ? [repliedTo] : [];
  return {
    everyone:
      callsAll && allowed.parse?.includes("everyone") === true && /@(everyone|here)/.test(visible),
    roles: mentioned(visible, /<@&(\d+)>/g).filter((id) =>
      roles.some((role) => role.id === id && allows("roles", id) && (role.mentionable || callsAll)),
    ),
    users: [...new Set([...users, ...replied])],
  };
}

function isThere(channel: Channel, userId: string): boolean {
  return channel.kind === "guild"
    ? channel.guild.members.has(userId)
    : channel.recipients.some(({ id }) => id === userId);
}

/** Both together, each once. */
export function joinPings(first: Pings, second: Pings): Pings {
  return {
    everyone: first.everyone || second.everyone,
    roles: [...new Set([...first.roles, ...second.roles])],
    users: [...new Set([...first.users, ...second.users])],
  };
}
