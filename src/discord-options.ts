import type { DiscordBotOptions } from "../bots/discord/bot.ts";
import type { ChatDoorTools } from "./chat-doors.ts";
import type { Config } from "./config.ts";
import { publicLinks } from "./http/context.ts";

/** Where Discord sends interactions over HTTP. */
export const discordPath = "/discord/interactions";

/** The options that the configuration asks for; undefined without a token. */
export function discordOptions(
  config: Config,
  tools: ChatDoorTools,
): DiscordBotOptions | undefined {
  const { DISCORD_TOKEN: token, DISCORD_GUILD_ID: guild, DISCORD_API_URL: url } = config;
  if (token === undefined) return undefined;
  const access = { guilds: config.DISCORD_ALLOWED_GUILDS, users: config.DISCORD_ALLOWED_USERS };
  const publicUrl = publicLinks(config.PUBLIC_URL);
  return { ...tools, token, url, guild, access, publicUrl, now: Date.now };
}
