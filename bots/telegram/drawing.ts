import type { Message } from "grammy/types";
import { hasOnlyDirectives } from "../../core/brief.ts";
import { imagineFrom } from "../edits.ts";
import { plain } from "../screen.ts";
import { refuse, say } from "./answers.ts";
import { type Context, contextOf, type DoorTools, senderOf, submitterOf } from "./context.ts";
import { limits } from "./limits.ts";
import { richText } from "./render.ts";
import { picturesOf } from "./sources.ts";
import { readCommand } from "./text-commands.ts";
import { drawOne } from "./inline.ts";

/** A message that asks for a picture. */
export interface Drawing {
  /** What is typed behind the command. */
  readonly text: string;
  readonly message: Message;
  /** No other person is to see the picture. */
  readonly isPrivate?: boolean | undefined;
}

/**
 * Draws the typed words, or those that the message quotes or answers; changes the pictures that either message carries.
 * Asks for words where there are none.
 */
export async function draw(context: Context, drawing: Drawing): Promise<void> {
  const { tools } = context;
  const { message, isPrivate } = drawing;
  const prompt = promptOf(drawing, tools);
  let enclosed = true;
  try {
    const found = await picturesOf(message, context);
    ({ enclosed } = found);
    const hasPictures = found.pictures.length > 0;
    // In a channel only the channel itself writes, so a question there has no answer.
    if (prompt === "" && message.chat.type !== "channel" && !isPrivate) {
      if (hasPictures) say(context, [plain(context.t("ask.change"))]);
      else askForPrompt(context);
      return;
    }
    // Words that were not typed with the command may be about something else than the picture they stand below.
    const given = { ...found, wordsAlone: isEmpty(drawing.text) };
    const submitter = submitterOf(context, isPrivate);
    if (submitter.isSecret) await drawOne(prompt, given, submitter, tools);
    else await imagineFrom({ prompt }, given, submitter, tools);
  } catch (error) {
    refuse(context, error, { canRetry: enclosed });
  }
}

/** White space and invisible characters. */
const invisible = /[\s\p{Cf}]/gu;

function isEmpty(text: string): boolean {
  return text.replace(invisible, "") === "";
}

/** Directives alone are added to the words that the message quotes or answers, which may be a command themselves. */
export function promptOf({ text, message }: Drawing, tools: DoorTools): string {
  const others = wordsAnswered(message, tools);
  if (isEmpty(text)) return others;
  return hasOnlyDirectives(text) ? `${others} ${text}`.trim() : text;
}

/** The quoted part of another message, else all its words; what the bot wrote itself are no words to draw. */
function wordsAnswered({ quote, reply_to_message: answered }: Message, { me }: DoorTools): string {
  const isOwn = answered?.from?.id === me().id;
  const words = quote?.text ?? (isOwn ? "" : (answered?.text ?? answered?.caption ?? ""));
  return readCommand(words, me().username)?.text ?? words;
}

function askForPrompt({ place, t, tools }: Context): void {
  const text = richText([[plain(t("ask.prompt"))]]);
  const placeholder = t("ask.placeholder").slice(0, limits.placeholderLength);
  const markup = {
    force_reply: true,
    input_field_placeholder: placeholder,
    selective: true,
  } as const;
  tools.later(() => tools.messenger.send(place, { text, markup }));
}

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
  const isAllowed = tools.allows(user.id);
  if (!isAllowed || tools.storageChat === undefined) {
    say(context, [plain(context.t(isAllowed ? "ask.notHere" : "ask.notAllowed"))]);
    return;
  }
  try {
    const text = wordsOf(message, tools);
    const found = await picturesOf(message, context);
    const given = { ...found, wordsAlone: text === "" };
    await drawOne(promptOf({ text, message }, tools), given, submitterOf(context, false), tools);
  } catch (error) {
    refuse(context, error, { canRetry: false });
  }
}

/** The words without the name by which the bot was called. */
function wordsOf({ text, caption }: Message, { me }: DoorTools): string {
  const { username } = me();
  const said = (text ?? caption ?? "").trim();
  const words = said.replaceAll(new RegExp(`@${username}(?!\\w)`, "gi"), "").trim();
  return readCommand(said, username)?.text ?? readCommand(words, username)?.text ?? words;
}
