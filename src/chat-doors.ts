import type { Catalogue } from "../core/catalogue.ts";
import type { Log } from "../core/observe.ts";
import type { Deliverer } from "../core/studio/outbox.ts";
import type { PlatformFiles } from "../core/platform-files.ts";
import type { SettingsStore } from "../core/settings.ts";
import type { Studio } from "../core/studio.ts";
import { createDiscordDoor } from "../bots/discord/door.ts";
import { createTelegramDoor } from "../bots/telegram/bot.ts";
import type { Config } from "./config.ts";
import type { AppOptions } from "./http/app.ts";
import { canonicalPath } from "./http/paths.ts";

/** A chat platform that people reach the studio by. */
export interface ChatDoor {
  /** As jobs name it in their delivery. */
  readonly name: string;
  readonly deliverer: Deliverer;
  /** "connected" when it is. */
  readonly state: () => string;
  /** Routes that it needs on the HTTP door. */
  readonly guests: NonNullable<AppOptions["guests"]>;
  /** Connects in the background. */
  start(): void;
  /** Takes no more requests. */
  stop(): Promise<void>;
}

export interface ChatDoorTools {
  readonly studio: Studio;
  readonly catalogue: Catalogue;
  readonly settings: SettingsStore;
  readonly files: PlatformFiles;
  /** Some model costs its owner something with each picture. */
  readonly paid: boolean;
  readonly log: Log;
}

/** One door for each chat platform that there is a token for. */
export function createChatDoors(config: Config, tools: ChatDoorTools): readonly ChatDoor[] {
  return [discordDoor(config, tools), telegramDoor(config, tools)].filter(
    (door) => door !== undefined,
  );
}

function discordDoor(config: Config, tools: ChatDoorTools): ChatDoor | undefined {
  const { DISCORD_TOKEN: token, PUBLIC_URL: ownUrl, DISCORD_GUILD_ID: guild } = config;
  if (token === undefined) return undefined;
  const access = { guilds: config.DISCORD_ALLOWED_GUILDS, users: config.DISCORD_ALLOWED_USERS };
  const open = access.guilds.length + access.users.length === 0;
  const variables = "DISCORD_ALLOWED_GUILDS, DISCORD_ALLOWED_USERS";
  warnOfEverybody("Discord", variables, open, { config, tools });
  const door = createDiscordDoor({
    ...tools,
    token,
    url: config.DISCORD_API_URL,
    guild,
    access,
    publicUrl: ({ id, format }) => ownUrl && `${ownUrl}/images/${id}.${format}`,
    fetch: globalThis.fetch,
    now: Date.now,
    onInvite: (link) => tools.log.info({}, `Add the bot to a server or to your account: ${link}`),
  });
  return {
    name: "discord",
    deliverer: door.deliverer,
    state: () => door.state,
    guests: [],
    start: () => door.start(),
    stop: () => door.stop(),
  };
}

function telegramDoor(config: Config, tools: ChatDoorTools): ChatDoor | undefined {
  const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_ALLOWED_CHATS: allowedChats } = config;
  if (token === undefined) return undefined;
  warnOfEverybody("Telegram", "TELEGRAM_ALLOWED_CHATS", allowedChats.length === 0, {
    config,
    tools,
  });
  const { TELEGRAM_WEBHOOK_URL: url, TELEGRAM_WEBHOOK_SECRET: secret = "" } = config;
  const { TELEGRAM_STORAGE_CHAT: storageChat, PUBLIC_URL: publicUrl } = config;
  const door = createTelegramDoor({
    ...tools,
    token,
    fetch: globalThis.fetch,
    apiUrl: config.TELEGRAM_API_URL,
    allowedChats,
    ...(url === undefined ? {} : { webhook: { url, secret } }),
    ...(storageChat === undefined ? {} : { storageChat: Number(storageChat) }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    now: Date.now,
  });
  const { webhook: handle } = door;
  return {
    name: "telegram",
    deliverer: door.deliverer,
    state: () => door.state,
    guests:
      url === undefined || !handle ? [] : [{ path: canonicalPath(new URL(url).pathname), handle }],
    start: () => door.start(),
    stop: () => door.stop(),
  };
}

interface Openness {
  readonly config: Config;
  readonly tools: Pick<ChatDoorTools, "paid" | "log">;
}

/** Anybody can find a bot: without a list and without a quota, everybody paints at the owner's expense. */
function warnOfEverybody(
  platform: string,
  variable: string,
  open: boolean,
  { config, tools }: Openness,
): void {
  const limited = config.QUOTA_IMAGES_PER_DAY > 0 || config.QUOTA_IMAGES_PER_MINUTE > 0;
  if (!open || limited || !tools.paid) return;
  tools.log.warn(
    {},
    `Everybody on ${platform} can make pictures at your expense: set ${variable} or QUOTA_IMAGES_PER_DAY.`,
  );
}
