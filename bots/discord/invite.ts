import { OAuth2Scopes, PermissionFlagsBits } from "discord-api-types/v10";

const {
  AttachFiles,
  EmbedLinks,
  ReadMessageHistory,
  SendMessages,
  SendMessagesInThreads,
  ViewChannel,
} = PermissionFlagsBits;

/** What the bot needs in a server to show a picture even when the first answer can no longer be edited. */
const permissions =
  AttachFiles |
  EmbedLinks |
  ReadMessageHistory |
  SendMessages |
  SendMessagesInThreads |
  ViewChannel;

/** The address at which a person adds the bot to a server or to their own account. */
export function inviteLink(application: string): string {
  const link = new URL("https://discord.com/oauth2/authorize");
  link.searchParams.set("client_id", application);
  link.searchParams.set("scope", `${OAuth2Scopes.Bot} ${OAuth2Scopes.ApplicationsCommands}`);
  link.searchParams.set("permissions", `${permissions}`);
  return link.href;
}
