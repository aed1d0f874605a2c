import type { Message } from "grammy/types";
import { plain } from "../screen.ts";
import { refuse, say } from "./answers.ts";
import { contextOf, type DoorTools, senderOf, submitterOf } from "./context.ts";
import { promptOf } from "./drawing.ts";
import { drawOne } from "./inline.ts";
import { picturesOf } from "./sources.ts";
import { readCommand } from "./text-commands.ts";

/**
 * Draws for a person who called the bot into a chat that it is not in. All that is said there is one answer, which the job
 * edits until it is the picture. Resolves once the job is on disk.
 */
export async function onGuestMessage(message: Message, tools: DoorTools): Promise<void> {
  const { guest_query_id: guest } = message;
  const user = senderOf(message);
  if (!user || guest === undefined) return;
  // The chat may have the id of another one that the bot knows, so the person alone counts.
  const place = { chat: user.id, group: false, guest };
  const context = await contextOf({ user, place, key: `guest ${guest}` }, tools);
  const isAllowed = tools.access.allows(user.id);
  if (!isAllowed || tools.storageChat === undefined) {
    say(context, [plain(context.t(isAllowed ? "ask.notHere" : "ask.notAllowed"))], tools);
    return;
  }
  try {
    const text = wordsOf(message, tools);
    const { pictures } = await picturesOf(message, context, tools);
    const given = { pictures, wordsAlone: text === "" };
    await drawOne(promptOf({ text, message }, tools), given, submitterOf(context), tools);
  } catch (error) {
    refuse(context, error, tools, { canRetry: false });
  }
}

/** The words without the name by which the bot was called. */
function wordsOf({ text, caption }: Message, { me }: DoorTools): string {
  const { username } = me();
  const said = (text ?? caption ?? "").trim();
  const words = said.replaceAll(new RegExp(`@${username}(?!\\w)`, "gi"), "").trim();
  return readCommand(said, username)?.text ?? readCommand(words, username)?.text ?? words;
}
