import type { User } from "grammy/types";
import type { Json } from "./arguments.ts";
import type { ChatRecord, StoredMessage, World } from "./model.ts";
import { renderChat, renderMember, renderMessage, renderUser, seconds } from "./render.ts";

/** How long the platform keeps what the bot has not fetched. */
const ttl = { message: 86_400_000, press: 150_000, inlineQuery: 30_000, chosen: 600_000 } as const;

/** Tells the bot of a message, unless it may not see it. */
export function tellMessage(world: World, message: StoredMessage, edited = false): void {
  if (!sees(world, message)) return;
  const { chat } = message;
  if (message.from) world.met.add(message.from.id);
  const kind = chat.type === "channel" ? "channel_post" : "message";
  world.updates.push(edited ? `edited_${kind}` : kind, renderMessage(world, message), {
    queue: `chat ${chat.id}`,
    ttlMs: ttl.message,
  });
}

/** In groups with privacy mode on: commands, answers to the bot, what was sent through it, and service messages. */
function sees(world: World, message: StoredMessage): boolean {
  const { chat } = message;
  if (chat.type === "private") return chat.bot === "member" && !chat.blocked;
  if (chat.bot === "administrator") return true;
  if (chat.bot !== "member") return false;
  if (message.seenBy !== undefined) return true;
  if (!world.settings.privacyMode || message.viaBot || message.service) return true;
  return message.replyTo?.from?.id === world.bot.id || isCommand(world, message);
}

function isCommand(world: World, { text, caption, entities }: StoredMessage): boolean {
  const [first] = entities;
  if (first?.type !== "bot_command" || first.offset !== 0) return false;
  const addressee = (text ?? caption ?? "").slice(0, first.length).split("@")[1];
  return addressee === undefined || addressee.toLowerCase() === world.bot.username.toLowerCase();
}

/** Tells the bot of a message by which it is called into a chat that it is not in. */
export function tellGuestMessage(world: World, id: string, message: StoredMessage): void {
  const content = { ...renderMessage(world, message), guest_query_id: id };
  const options = { queue: `guest queries of ${message.from?.id}`, ttlMs: ttl.message };
  world.updates.push("guest_message", content, options);
}

/** Tells the bot that a person stopped a draft. */
export function tellStopped(world: World, chat: ChatRecord, draft: number): void {
  const content = { chat: renderChat(chat), draft_id: draft };
  const options = { queue: `chat ${chat.id}`, ttlMs: ttl.press };
  world.updates.push("stopped_message_generation", content, options);
}

export interface PressNotice {
  readonly id: string;
  readonly by: User;
  readonly data: string;
  readonly message: StoredMessage;
}

/** A press below an inline message names that message's id only, and one below a message that is gone its place only. */
export function tellPress(world: World, { id, by, data, message }: PressNotice): void {
  world.met.add(by.id);
  const place: Json =
    message.inlineMessageId === undefined
      ? { message: message.deleted ? renderGone(message) : renderMessage(world, message) }
      : { inline_message_id: message.inlineMessageId };
  const content = {
    id,
    from: renderUser(by),
    ...place,
    chat_instance: String(8_800_000_000_000 + Math.abs(message.chatId)),
    data,
  };
  const options = { queue: `presses of ${by.id}`, ttlMs: ttl.press };
  world.updates.push("callback_query", content, options);
}

function renderGone({ id, chat }: StoredMessage): Json {
  return { chat: renderChat(chat), message_id: id, date: 0 };
}

export function tellInlineQuery(
  world: World,
  query: {
    readonly id: string;
    readonly by: User;
    readonly query: string;
    readonly offset: string;
  },
  chatType: string,
): void {
  world.met.add(query.by.id);
  const content = {
    id: query.id,
    from: renderUser(query.by),
    chat_type: chatType,
    query: query.query,
    offset: query.offset,
  };
  const options = { queue: `inline queries of ${query.by.id}`, ttlMs: ttl.inlineQuery };
  world.updates.push("inline_query", content, options);
}

export interface Choice {
  readonly by: User;
  readonly query: string;
  readonly resultId: string;
  readonly inlineMessageId: string | undefined;
}

export function tellChoice(world: World, { by, query, resultId, inlineMessageId }: Choice): void {
  const content = {
    from: renderUser(by),
    ...(inlineMessageId !== undefined && { inline_message_id: inlineMessageId }),
    query,
    result_id: resultId,
  };
  const options = { queue: `choices of ${by.id}`, ttlMs: ttl.chosen };
  world.updates.push("chosen_inline_result", content, options);
}

/** The bot's own place in a chat changed; in a private chat `kicked` means blocked. */
export function tellMembership(
  world: World,
  chat: ChatRecord,
  change: {
    readonly by: User;
    readonly from: "member" | "kicked" | "left";
    readonly to: "member" | "kicked" | "left";
  },
): void {
  const content = {
    chat: renderChat(chat),
    from: renderUser(change.by),
    date: seconds(world.clock.now()),
    old_chat_member: renderMember(world.bot, change.from),
    new_chat_member: renderMember(world.bot, change.to),
  };
  const options = { queue: `chat ${chat.id}`, ttlMs: ttl.message };
  world.updates.push("my_chat_member", content, options);
}
