import type { Message } from "grammy/types";
import type { CommandId } from "../commands.ts";
import { languages, wordsFor } from "../words.ts";
import { readCommand } from "./command-text.ts";
import { again, askWhetherToForget, help, privacy, queue, show } from "./commands.ts";
import { draw, refuse } from "./drawing.ts";
import { history } from "./history.ts";
import { plain, richText } from "./rich-text.ts";
import { scopeOf } from "./scopes.ts";
import { showSettings } from "./settings-menu.ts";
import { type DoorTools, placeOfMessage, speakerOf, type Visit, visitOf } from "./visit.ts";

/** A command at work: `words` stand behind it, `message` is the one that it begins. */
export type CommandHandler = (
  visit: Visit,
  given: { readonly words: string; readonly message: Message },
  tools: DoorTools,
) => Promise<void> | void;

/** A new command does not compile until it has a handler. */
const handlers: { readonly [Id in CommandId]: CommandHandler } = {
  draw,
  again: (visit, { words }, tools) => again(visit, words, tools),
  show: (visit, { words }, tools) => show(visit, words, tools),
  queue: (visit, _, tools) => queue(visit, tools),
  history: (visit, _, tools) => history(visit, tools),
  settings: (visit, _, tools) => showSettings(visit, tools),
  help: (visit, _, tools) => help(visit, tools),
  privacy: (visit, _, tools) => privacy(visit, tools),
  forgetme: (visit, _, tools) => askWhetherToForget(visit, tools),
};

/** Resolves once everything that the message asks for is on disk. */
export async function onMessage(message: Message, tools: DoorTools): Promise<void> {
  if (message.migrate_to_chat_id !== undefined) {
    return moveSettings(message.chat.id, message.migrate_to_chat_id, tools);
  }
  const user = speakerOf(message);
  // What a person sent by inline mode comes back as a message of theirs.
  if (!user || message.via_bot) return;
  const text = message.text ?? message.caption ?? "";
  const command = readCommand(text, tools.me().username);
  const answer = answersOurQuestion(message, tools);
  const meant = [command, answer, message.chat.type === "private"].some(Boolean);
  if (!meant) return;
  const place = placeOfMessage(message);
  const key = `message ${message.chat.id} ${message.message_id}`;
  const visit = await visitOf({ user, place, key }, tools);
  if (!tools.access.allows(message.chat.id, user.id)) {
    turnAway(visit, tools);
    return;
  }
  try {
    if (command) await handlers[command.id](visit, { words: command.words, message }, tools);
    else if (answer) await draw(visit, { words: text, message: withoutReply(message) }, tools);
    else help(visit, tools);
  } catch (error) {
    refuse(visit, error, tools);
  }
}

/** The bot asked for words, and this message answers it. */
function answersOurQuestion({ reply_to_message: asked }: Message, tools: DoorTools): boolean {
  if (asked?.from?.id !== tools.me().id) return false;
  return languages.some(({ tag }) => wordsFor(tag).say("ask.words") === asked.text);
}

/** The question is nothing to be drawn. */
function withoutReply({ reply_to_message: _, ...message }: Message): Message {
  return message;
}

function turnAway({ place, words }: Visit, { later, messenger }: DoorTools): void {
  const content = richText([plain(words.say("ask.notAllowed"))]);
  later(() => messenger.sendText(place, content));
}

/** A group that becomes a supergroup has another id, and keeps its settings. */
async function moveSettings(from: number, to: number, { settings }: DoorTools): Promise<void> {
  const values = await settings.get(scopeOf(from));
  if (Object.keys(values).length > 0) await settings.set(scopeOf(to), values);
}
