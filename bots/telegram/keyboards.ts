import type { InlineKeyboardButton, InlineKeyboardMarkup } from "grammy/types";
import type { Job } from "../../core/job.ts";
import { listedRatios } from "../../core/request.ts";
import { encodeAction } from "../actions.ts";
import { type Button, jobButton } from "../conversation.ts";
import type { Words } from "../words.ts";
import { limits } from "./limits.ts";
import { clip } from "./rich-text.ts";

/** Buttons in rows. */
export function keyboard(rows: readonly (readonly Button[])[]): InlineKeyboardMarkup {
  const full = rows.filter((row) => row.length > 0);
  return { inline_keyboard: full.map((row) => row.map(toInline)) };
}

function toInline({ label, data, style }: Button): InlineKeyboardButton {
  const button = { text: label, callback_data: encodeAction(data) };
  return style ? { ...button, style } : button;
}

const pictureRows = [
  ["again", "vary", "own"],
  ["ratio", "original", "delete"],
] as const;

/** What can be done with a finished picture. */
export function pictureKeyboard({ code }: Job, words: Words): InlineKeyboardMarkup {
  return keyboard(
    pictureRows.map((row) => row.map((action) => jobButton(action, words, { code }))),
  );
}

/**
 * What can be done with a picture that was sent by inline mode: the bot cannot write where it stands, so the person is
 * brought back to typing.
 */
export function inlinePictureKeyboard({ brief }: Job, words: Words): InlineKeyboardMarkup {
  const query = clip(brief.words.replace(/\s+/g, " "), limits.inlineQueryLength);
  const button = { text: words.say("buttons.again"), switch_inline_query_current_chat: query };
  return { inline_keyboard: [[button]] };
}

/** The six ratios to choose from, and the way back. */
export function ratioKeyboard(code: string, words: Words): InlineKeyboardMarkup {
  const choices = listedRatios.map(
    (argument): Button => ({ label: argument, data: { action: "ratio", code, argument } }),
  );
  const back = jobButton("back", words, { code });
  return keyboard([choices.slice(0, 3), choices.slice(3), [back]]);
}

export function cancelKeyboard(code: string, words: Words): InlineKeyboardMarkup {
  return keyboard([[jobButton("cancel", words, { code })]]);
}

export function retryKeyboard(code: string, words: Words): InlineKeyboardMarkup {
  return keyboard([[jobButton("retry", words, { code })]]);
}
