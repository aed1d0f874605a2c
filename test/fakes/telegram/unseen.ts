import { type Arguments, field, isObject } from "./arguments.ts";
import { badRequest } from "./errors.ts";
import type { ChatRecord, StoredMessage, World } from "./model.ts";

/** Who alone sees a new message, and the message that it answers where others do not see that one either. */
export interface Unseen {
  readonly by: number;
  readonly replyTo: StoredMessage | undefined;
}

/** What `ephemeral_message_parameters` ask for. Throws unless it comes soon after what the person did. */
export function unseenFor(world: World, chat: ChatRecord, args: Arguments): Unseen | undefined {
  const given = args.json("ephemeral_message_parameters", "Can't parse ephemeral parameters");
  if (!world.settings.knowsUnseen || !isObject(given)) return undefined;
  const by = field.integer(given, "receiver_user_id");
  if (chat.type !== "supergroup") throw badRequest("ephemeral messages aren't supported here");
  if (!chat.members.has(by)) throw badRequest("USER_NOT_PARTICIPANT");
  checkPress(world, by, field.optionalString(given, "callback_query_id"));
  return { by, replyTo: answeredFor(world, chat, args) };
}

function checkPress(world: World, by: number, id: string): void {
  if (id === "") return;
  const press = world.presses.get(id);
  if (press?.by.id !== by || isLate(world, press.at)) {
    throw badRequest("query is too old and response timeout expired or query ID is invalid");
  }
}

function answeredFor(world: World, chat: ChatRecord, args: Arguments): StoredMessage | undefined {
  const parameters = args.json("reply_parameters", "Can't parse reply parameters JSON object");
  const id = isObject(parameters) ? parameters["ephemeral_message_id"] : undefined;
  if (id === undefined) return undefined;
  const message = findUnseen(chat, Number(id));
  if (!message || isLate(world, message.sentAt)) throw badRequest("EPHEMERAL_MESSAGE_ID_INVALID");
  return message;
}

function isLate({ clock, settings }: World, at: number): boolean {
  return clock.now() - at > settings.answerWithinMs;
}

/** The message of this id that one person alone sees, unless it is gone. */
export function findUnseen(chat: ChatRecord, id: number): StoredMessage | undefined {
  const message = chat.messages.find((one) => one.id === id && one.seenBy !== undefined);
  return message?.deleted === false ? message : undefined;
}
