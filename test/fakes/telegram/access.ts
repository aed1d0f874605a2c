import { type Arguments, field, isObject, toInteger } from "./arguments.ts";
import { badRequest, forbidden } from "./errors.ts";
import type { ChatRecord, StoredMessage, World } from "./model.ts";
import { findMessage } from "./world.ts";

/** What a method does with a chat; each includes the ones before it. */
export type Access = "read" | "members" | "edit" | "write";

/** The chat of the argument `chat_id`, if the bot may do this there. Throws the platform's 400 or 403. */
export function chatFor(world: World, chatId: string, access: Access): ChatRecord {
  if (chatId === "") throw badRequest("chat_id is empty");
  const chat = chatId.startsWith("@")
    ? [...world.chats.values()].find(({ username }) => username === chatId.slice(1))
    : world.chats.get(toInteger(chatId));
  if (!chat || chat.bot === "stranger") throw badRequest("chat not found");
  checks[chat.type](world, chat, access);
  if (chat.muted !== undefined && access === "write") throw badRequest(chat.muted);
  return chat;
}

type Check = (world: World, chat: ChatRecord, access: Access) => void;

const changes = (access: Access): boolean => access === "edit" || access === "write";

const checks: Readonly<Record<ChatRecord["type"], Check>> = {
  private(world, chat, access) {
    if (chat.bot === "left") {
      if (!world.met.has(chat.id)) throw badRequest("chat not found");
      if (changes(access)) throw forbidden("bot can't initiate conversation with a user");
    }
    if (chat.blocked && changes(access)) throw forbidden("bot was blocked by the user");
  },
  group(_world, chat, access) {
    if (chat.migratedTo !== undefined && access !== "read") {
      const parameters = { migrate_to_chat_id: chat.migratedTo };
      throw badRequest("group chat was upgraded to a supergroup chat", parameters);
    }
    if (access !== "read") checkPresence(chat, "group");
  },
  supergroup: (_world, chat) => checkPresence(chat, "supergroup"),
  channel(_world, chat, access) {
    checkPresence(chat, "channel");
    if (access === "write" && chat.bot !== "administrator") {
      throw badRequest("need administrator rights in the channel chat");
    }
  },
};

function checkPresence(chat: ChatRecord, kind: string): void {
  if (chat.bot === "kicked") throw forbidden(`bot was kicked from the ${kind} chat`);
  if (chat.bot === "left") throw forbidden(`bot is not a member of the ${kind} chat`);
}

/** The topic of `message_thread_id`; only forums have them, and the general topic has no number. */
export function topicFor(chat: ChatRecord, args: Arguments): number | undefined {
  const topic = args.integer("message_thread_id");
  const mayHaveTopics = chat.isForum || chat.type === "private";
  if (topic <= 0 || !mayHaveTopics) return undefined;
  if (!chat.topics.has(topic)) throw badRequest("message thread not found");
  return topic;
}

/** The message of `reply_parameters`. Throws unless it is there or the bot sends without a reply too. */
export function replyFor(
  world: World,
  chat: ChatRecord,
  args: Arguments,
): StoredMessage | undefined {
  const value = args.json("reply_parameters", "Can't parse reply parameters JSON object");
  if (value !== undefined && !isObject(value)) {
    throw badRequest("Object expected as reply parameters");
  }
  const none = value ? Object.keys(value).length === 0 : args.text("reply_to_message_id") === "";
  if (none) return undefined;
  const parameters = value ?? {
    message_id: args.integer("reply_to_message_id"),
    allow_sending_without_reply: args.boolean("allow_sending_without_reply"),
  };
  const messageId = field.integer(parameters, "message_id");
  const otherChat = field.optionalString(parameters, "chat_id");
  const place = otherChat === "" ? chat : chatFor(world, otherChat, "read");
  const message = findMessage(place, messageId);
  if (message || field.optionalBoolean(parameters, "allow_sending_without_reply")) return message;
  throw badRequest("message to be replied not found");
}
