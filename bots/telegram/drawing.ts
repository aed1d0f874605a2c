import type { Message } from "grammy/types";
import { optional } from "../../core/optional.ts";
import { hasOnlyDirectives } from "../../core/brief.ts";
import { paintAsked, type Question, questionFor } from "../batches.ts";
import { imagine } from "../use-cases.ts";
import { refuse } from "./answers.ts";
import {
  type Context,
  type DoorTools,
  type Press,
  type PressAnswer,
  submitterOf,
} from "./context.ts";
import { keyboard } from "./job-message.ts";
import { limits } from "./limits.ts";
import { plain, richText } from "./rich-text.ts";
import { sourceFor } from "./sources.ts";
import { readCommand } from "./text-commands.ts";

/** A message that asks for a picture. */
export interface Drawing {
  /** What is typed behind the command. */
  readonly text: string;
  readonly message: Message;
}

/**
 * Draws the typed text, or the text of the message that this one answers; edits the photo that either carries. Asks for
 * a prompt where there is none.
 */
export async function draw(context: Context, drawing: Drawing, tools: DoorTools): Promise<void> {
  const prompt = promptOf(drawing, tools.me().username);
  if (prompt === "") {
    askForPrompt(context, tools);
    return;
  }
  try {
    const { message } = drawing;
    const { sources, defaults } = await sourceFor({ prompt, message }, context, tools);
    const submitter = { ...submitterOf(context), ...optional({ defaults }) };
    const request = { prompt, ...optional({ sources }) };
    const question = await questionFor(request, submitter, context.t, tools);
    if (question) ask(question, context, tools);
    else await imagine(request, submitter, tools);
  } catch (error) {
    refuse(context, error, tools);
  }
}

function ask({ text, buttons }: Question, { place }: Context, { later, messenger }: DoorTools) {
  later(() => messenger.sendText(place, richText([plain(text)]), keyboard([buttons])));
}

/** Paints what the person was asked about, as an answer to the message that asked for it, in place of the question. */
export async function paintPressed(press: Press, tools: DoorTools): Promise<PressAnswer> {
  const { query, target, action, t } = press;
  const { message: question } = query;
  const asking = question && "reply_to_message" in question ? question.reply_to_message : undefined;
  const place = { ...press.place, ...optional({ message: asking?.message_id }) };
  const submitter = submitterOf({ ...press, place });
  const job = await paintAsked(action.argument ?? "", submitter, tools);
  if (!job) return t("ask.outdated");
  if ("inline" in target) return undefined;
  tools.later(() => tools.messenger.remove({ chat: target.chat, messages: [target.message] }));
  return undefined;
}

/** White space and invisible characters. */
const invisible = /[\s\p{Cf}]/gu;

/** Directives alone are added to the text that the message answers, which may be a command itself. */
function promptOf({ text, message }: Drawing, username: string): string {
  const answered = message.reply_to_message?.text ?? "";
  const prompt = readCommand(answered, username)?.text ?? answered;
  if (text.replace(invisible, "") === "") return prompt;
  return hasOnlyDirectives(text) ? `${prompt} ${text}`.trim() : text;
}

function askForPrompt({ place, t }: Context, { later, messenger }: DoorTools): void {
  const content = richText([plain(t("ask.prompt"))]);
  const placeholder = t("ask.placeholder").slice(0, limits.placeholderLength);
  const markup = { input_field_placeholder: placeholder, selective: true } as const;
  later(() => messenger.sendText(place, content, { force_reply: true, ...markup }));
}
