import type { Message } from "grammy/types";
import { readDirectives } from "../../core/directives.ts";
import { imagine } from "../imagine.ts";
import { readCommand } from "./command-text.ts";
import { keyboard } from "./keyboards.ts";
import { mixed, plain, richText } from "./rich-text.ts";
import { sourceFor } from "./sources.ts";
import { type DoorTools, pictureAsker, tellable, type Visit } from "./visit.ts";

/** What a message asks to be drawn. */
export interface Drawing {
  readonly words: string;
  readonly message: Message;
}

/** What the field of the answer may say beforehand. */
const placeholderLength = 64;

/**
 * Draws the words, or the text that the message answers; edits the photo that it carries or answers. Asks for words
 * where there are none.
 */
export async function draw(visit: Visit, given: Drawing, tools: DoorTools): Promise<void> {
  const prompt = promptOf(given, tools.me().username);
  if (prompt === "") {
    askForWords(visit, tools);
    return;
  }
  try {
    const source = await sourceFor({ prompt, message: given.message }, visit, tools);
    await imagine({ prompt, ...source }, pictureAsker(visit), tools);
  } catch (error) {
    refuse(visit, error, tools);
  }
}

/** Characters that nobody sees. */
const unseen = /[\s\p{Cf}]/gu;

/** Directives alone behind the command go together with the text that it answers, which may be a command itself. */
function promptOf({ words, message }: Drawing, username: string): string {
  const text = message.reply_to_message?.text ?? "";
  const answered = readCommand(text, username)?.words ?? text;
  if (words.replace(unseen, "") === "") return answered;
  return readDirectives(words).words === "" ? `${answered} ${words}`.trim() : words;
}

function askForWords({ place, words }: Visit, { later, messenger }: DoorTools): void {
  const content = richText([plain(words.say("ask.words"))]);
  const placeholder = words.say("ask.placeholder").slice(0, placeholderLength);
  const markup = { input_field_placeholder: placeholder, selective: true } as const;
  later(() => messenger.sendText(place, content, { force_reply: true, ...markup }));
}

/** Says why there will be no picture, with a button to try again where that may help. */
export function refuse(visit: Visit, error: unknown, tools: DoorTools): void {
  const told = tellable(error, visit, tools);
  if (!told) return;
  const label = visit.words.say("buttons.retry");
  const retry = told.retry ? keyboard([[{ label, data: { action: "retry" } }]]) : undefined;
  const content = richText([mixed(told.text)]);
  tools.later(() => tools.messenger.sendText(visit.place, content, retry));
}
