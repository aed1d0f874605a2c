import { chatFor } from "../access.ts";
import type { Call } from "../call.ts";
import { badRequest } from "../errors.ts";
import type { StoredMessage, World } from "../model.ts";
import { findMessage } from "../world.ts";

const deletableMs = 48 * 60 * 60 * 1000;
const maxAtOnce = 100;

export function deleteMessage({ world, args }: Call): true {
  if (args.text("chat_id") === "") throw badRequest("Chat identifier is not specified");
  if (args.integer("message_id") === 0) throw badRequest("Message identifier is not specified");
  const chat = chatFor(world, args.text("chat_id"), "write");
  const message = findMessage(chat, args.integer("message_id"));
  if (!message) throw badRequest("message to delete not found");
  checkDeletable(world, message);
  remove(world, message);
  return true;
}

/** Messages that are not there are passed over; one that must not be deleted saves them all. */
export function deleteMessages({ world, args }: Call): true {
  const ids = args.json("message_ids", "Can't parse message_ids JSON object");
  if (ids === undefined) throw badRequest("Message identifiers are not specified");
  if (!Array.isArray(ids)) throw badRequest("Expected an Array of message identifiers");
  if (ids.length > maxAtOnce) throw badRequest("Too many message identifiers specified");
  const chat = chatFor(world, args.text("chat_id"), "write");
  const messages = ids.flatMap((id) => findMessage(chat, Number(id)) ?? []);
  for (const message of messages) checkDeletable(world, message);
  for (const message of messages) remove(world, message);
  return true;
}

function checkDeletable(world: World, message: StoredMessage): void {
  const { chat } = message;
  const own = message.from?.id === world.bot.id && !message.service;
  const recent = world.clock.now() - message.sentAt <= deletableMs;
  if (chat.type === "supergroup" || chat.type === "channel") {
    if (!chat.botMayDelete && !(own && recent)) throw badRequest("Message can't be deleted");
    return;
  }
  const allowed = own || chat.type === "private" || chat.bot === "administrator";
  if (!recent || !allowed) throw badRequest("Message can't be deleted for everyone");
}

export function remove(world: World, message: StoredMessage): void {
  message.deleted = true;
  world.changed();
}
