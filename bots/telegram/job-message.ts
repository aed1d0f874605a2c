import type { InlineKeyboardButton, InlineKeyboardMarkup } from "grammy/types";
import { isSpoiler, type Job } from "../../core/job.ts";
import { listedRatios } from "../../core/request.ts";
import { encodeAction } from "../actions.ts";
import { type Button, describeJob, jobButton, undoButtons } from "../conversation.ts";
import type { Translator } from "../i18n.ts";
import { limits } from "./limits.ts";
import {
  clip,
  cut,
  lines,
  mixed,
  plain,
  type RichText,
  richText,
  share,
  verbatim,
} from "./rich-text.ts";

// === Texts

/** The part of a caption that notices may fill before they are cut. */
const noticesLength = 300;

/** Line breaks and the label of the quotation. */
const separatorsLength = 40;

/**
 * The caption of a finished job: prompt, enhanced prompt, facts and notices, within Telegram's limit. Long prompts are
 * cut; the facts, which contain the code, are not.
 */
export function captionOf(job: Job, t: Translator): RichText {
  const text = describeJob(job, t);
  const notices = cut(text.notices.join("\n"), noticesLength);
  const label = text.enhanced === undefined ? "" : t("picture.enhanced");
  const fixed = text.facts.length + notices.length + label.length + separatorsLength;
  const [own = "", enhanced = ""] = share(
    [text.prompt, text.enhanced ?? ""],
    limits.captionLength - fixed,
  );
  return richText(
    lines(
      [verbatim(own)],
      [plain(label)],
      [{ text: enhanced, as: "quote" }],
      [plain(text.facts)],
      [mixed(notices)],
    ),
  );
}

/** The beginning of a job's prompt in one line of at most this many UTF-16 units. */
export function titleOf({ brief }: Job, length: number): string {
  return cut(brief.words.replace(/\s+/g, " "), length);
}

// === Keyboards

/** Buttons in rows; empty rows are left out. */
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
  ["ratio", "original", "hide", "delete"],
] as const;

/** The buttons below a finished picture. */
export function pictureKeyboard(job: Job, t: Translator): InlineKeyboardMarkup {
  const { code } = job;
  const isOffered = (action: string) => action !== "hide" || !isSpoiler(job);
  const rows = pictureRows.map((row) =>
    row.filter(isOffered).map((action) => jobButton(action, t, { code })),
  );
  return keyboard([...rows, undoButtons(job, t)]);
}

/** The button below a picture of inline mode. The bot cannot write there, so it only fills in the prompt to send anew. */
export function inlinePictureKeyboard({ brief }: Job, t: Translator): InlineKeyboardMarkup {
  const query = clip(brief.words.replace(/\s+/g, " "), limits.inlineQueryLength);
  const button = { text: t("buttons.again"), switch_inline_query_current_chat: query };
  return { inline_keyboard: [[button]] };
}

/** The six listed ratios, and Back. */
export function ratioKeyboard(code: string, t: Translator): InlineKeyboardMarkup {
  const choices = listedRatios.map(
    (argument): Button => ({ label: argument, data: { action: "ratio", code, argument } }),
  );
  const back = jobButton("back", t, { code });
  return keyboard([choices.slice(0, 3), choices.slice(3), [back]]);
}

/** The button of an unfinished job. */
export function cancelKeyboard(code: string, t: Translator): InlineKeyboardMarkup {
  return keyboard([[jobButton("cancel", t, { code })]]);
}

/** The button of a failed job. */
export function retryKeyboard(code: string, t: Translator): InlineKeyboardMarkup {
  return keyboard([[jobButton("retry", t, { code })]]);
}
