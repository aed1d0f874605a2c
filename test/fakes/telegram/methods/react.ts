import { chatFor } from "../access.ts";
import { field, isObject } from "../arguments.ts";
import type { Call } from "../call.ts";
import { badRequest } from "../errors.ts";
import { findMessage } from "../world.ts";

/** Those of the emoji that Telegram takes which a test needs. */
const taken = new Set(["👀", "👍", "🎉"]);

/** One reaction of the bot's, also where it may not write; none takes the last one back. */
export function setMessageReaction({ world, args }: Call): true {
  const given = args.json("reaction", "Can't parse reaction types JSON object") ?? [];
  if (!Array.isArray(given)) throw badRequest("Expected an Array of reaction types");
  const chat = chatFor(world, args.text("chat_id"), "members");
  const message = findMessage(chat, args.integer("message_id"));
  if (!message) throw badRequest("message to react not found");
  if (given.length > 1) throw badRequest("REACTIONS_TOO_MANY");
  const emoji = given.map((one) => (isObject(one) ? field.string(one, "emoji") : ""))[0];
  if (emoji !== undefined && !(chat.takesReactions && taken.has(emoji))) {
    throw badRequest("REACTION_INVALID");
  }
  message.reaction = emoji;
  world.changed();
  return true;
}
