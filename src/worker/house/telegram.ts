import type { DurableObjectStorage } from "@cloudflare/workers-types";
import type { UserFromGetMe } from "grammy/types";
import { sha256 } from "#runtime";
import { createTelegramDoor } from "../../../bots/telegram/bot.ts";
import { optional } from "../../../core/optional.ts";
import { hexOf } from "../../../core/wire/hex.ts";
import type { ChatDoorTools } from "../../chat-doors.ts";
import type { Config } from "../../config.ts";

/** Telegram's door in an object that sleeps between two updates. */
export interface TelegramHouse {
  readonly door: ReturnType<typeof createTelegramDoor>;
  /** Where Telegram sends updates. */
  readonly path: string;
  /** Has Telegram send updates to this origin, and says so. Throws what the Bot API throws. */
  setUp(origin: string): Promise<string>;
}

const path = "/telegram";
const key = "telegram-me";

/** undefined without a token. Who the bot is was kept when it was set up. */
export async function telegramHouse(
  config: Config,
  tools: ChatDoorTools,
  storage: DurableObjectStorage,
): Promise<TelegramHouse | undefined> {
  const { TELEGRAM_BOT_TOKEN: token, TELEGRAM_STORAGE_CHAT: chat, PUBLIC_URL: publicUrl } = config;
  if (token === undefined) return undefined;
  const secret = config.TELEGRAM_WEBHOOK_SECRET ?? hexOf(sha256(`webhook of ${token}`));
  const door = createTelegramDoor({
    ...tools,
    token,
    callBy: tools.fetch,
    apiUrl: config.TELEGRAM_API_URL,
    allowedChats: config.TELEGRAM_ALLOWED_CHATS,
    quietGroups: config.QUIET_GROUPS,
    drafts: config.TELEGRAM_DRAFTS,
    webhook: { url: path, secret },
    ...optional({ storageChat: chat === undefined ? undefined : Number(chat), publicUrl }),
    now: Date.now,
  });
  const me = await storage.get<UserFromGetMe>(key);
  if (me) door.introduce(me);
  return {
    door,
    path,
    async setUp(origin) {
      const found = await door.setUp(origin + path);
      await storage.put(key, found);
      return `@${found.username} sends its updates to ${origin}${path}. Nothing remains to be done.`;
    },
  };
}
