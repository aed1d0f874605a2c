import { chatFor } from "../access.ts";
import type { Call } from "../call.ts";
import { badRequest, BotApiError } from "../errors.ts";
import { lengthOf, textLimits } from "../text.ts";
import { textOf } from "./send.ts";

/** How long clients show a draft. */
const draftMs = 30_000;

/** Shows a person what the bot is about to say, in a private chat alone. */
export function sendMessageDraft({ world, args }: Call): true {
  if (!world.settings.knowsDrafts) throw new BotApiError(404, "Not Found: method not found");
  const { text } = textOf(world, args);
  if (lengthOf(text, world.settings.lengthUnit) > textLimits.text) {
    throw badRequest("Message is too long");
  }
  const chat = chatFor(world, args.text("chat_id"), "write");
  const id = args.integer("draft_id");
  if (chat.type !== "private") throw badRequest("the method is available for private chats only");
  if (id === 0) throw badRequest("invalid draft_id specified");
  const endsAt = world.clock.now() + draftMs;
  chat.draft = { id, text, canStop: args.boolean("can_stop"), endsAt };
  world.flood.charge(chat);
  world.changed();
  return true;
}
