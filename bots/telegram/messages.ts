import type { Message } from "grammy/types";
import { commandEffects } from "../command-effects.ts";
import { mostSources } from "../edits.ts";
import { languages, translatorFor } from "../i18n.ts";
import { mixed, plain } from "../screen.ts";
import { conversing, refuse, say, sendTo } from "./answers.ts";
import { type Context, contextOf, type DoorTools, placeOfMessage, senderOf } from "./context.ts";
import { draw } from "./drawing.ts";
import { chatScope } from "./place.ts";
import { isPicture, picturesOf, showsOwnPicture } from "./sources.ts";
import { readCommand, type TypedCommand, valuesTyped } from "./text-commands.ts";

/** Handles a message or a channel's post. Resolves once it is on disk, or all that it asks for. */
export async function onMessage(message: Message, tools: DoorTools): Promise<void> {
  tools.albums.note(message);
  if (message.media_group_id === undefined) await answer(message, tools);
  else await tools.taken.add(message, () => answer(message, tools));
}

/** Does what a message asks for. Resolves once that is on disk. */
export async function answer(message: Message, tools: DoorTools): Promise<void> {
  if (message.migrate_to_chat_id !== undefined) {
    return moveSettings(message.chat.id, message.migrate_to_chat_id, tools);
  }
  const user = senderOf(message);
  if (!user) return;
  const text = message.text ?? message.caption ?? "";
  const command = readCommand(text, tools.me().username);
  const isAnswer = answersOurQuestion(message, tools);
  const isMeant = [command, isAnswer, message.chat.type === "private"].some(Boolean);
  if (!isMeant) return;
  const place = placeOfMessage(message);
  const { message_id: id, ephemeral_message_id: unseen, date, chat } = message;
  // The id of an unseen message may come again later.
  const key = `message ${chat.id} ${unseen === undefined ? id : `${unseen} unseen ${date}`}`;
  const context = await contextOf({ user, place, key, unseen }, tools);
  if (!tools.allows(message.chat.id, user.id)) {
    say(context, [plain(context.t("ask.notAllowed"))]);
    return;
  }
  await respond(context, { text, message, command, isAnswer });
}

interface Understood {
  readonly text: string;
  readonly message: Message;
  readonly command: TypedCommand | undefined;
  /** It answers the bot's question for words. */
  readonly isAnswer: boolean;
}

async function respond(
  context: Context,
  { text, message, command, isAnswer }: Understood,
): Promise<void> {
  try {
    if (command?.id === "draw") await draw(context, { ...command, message });
    else if (command) await run(command, context, message);
    else if (isAnswer) await draw(context, { text, message: withoutReply(message) });
    else await talk(context, { text, message });
  } catch (error) {
    refuse(context, error);
  }
}

/** Runs any other command. */
async function run(command: TypedCommand, context: Context, message: Message): Promise<void> {
  const { id } = command;
  if (id === "draw") return;
  const values = valuesTyped(command);
  if (!values) {
    say(context, [mixed(context.t("presets.telegram"))]);
    return;
  }
  const given = async () => (await picturesOf(message, context)).pictures;
  const person = { ...conversing(context), given };
  const outcome = await commandEffects[id](values, person, context.tools);
  if (outcome.is === "message") sendTo(context, outcome);
}

/** In a private chat words that answer a picture of ours change it; everything else is answered with an explanation. */
async function talk(
  context: Context,
  { text, message }: { readonly text: string; readonly message: Message },
): Promise<void> {
  const { reply_to_message: answered } = message;
  const isChange = text !== "" && answered && (await showsOwnPicture(answered, context));
  if (isChange) await draw(context, { text, message });
  else if (!isPicture(message)) await run({ id: "help", text: "" }, context, message);
  else await explainPicture(context, message);
}

/** Once for an album. */
async function explainPicture(context: Context, message: Message): Promise<void> {
  const { tools } = context;
  const [first = message] = await tools.albums.whole(message);
  if (first.message_id !== message.message_id) return;
  const key = mostSources(tools.catalogue) > 0 ? "ask.change" : "ask.nothingEdits";
  say(context, [plain(context.t(key))]);
}

/** Whether this message answers the bot's question for a prompt. */
function answersOurQuestion({ reply_to_message: asked }: Message, tools: DoorTools): boolean {
  if (asked?.from?.id !== tools.me().id) return false;
  return languages.some(({ tag }) => translatorFor(tag)("ask.prompt") === asked.text);
}

/** The bot's question must not be drawn. */
function withoutReply({ reply_to_message: _, ...message }: Message): Message {
  return message;
}

/** A group that becomes a supergroup gets another id; its settings move along. */
async function moveSettings(from: number, to: number, { settings }: DoorTools): Promise<void> {
  const values = await settings.get(chatScope(from));
  if (Object.keys(values).length > 0) await settings.set(chatScope(to), values);
}
